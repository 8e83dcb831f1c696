// SPDX-License-Identifier: BSL-1.0
// Opt-in: the imaginary unit in formulas that are evaluated with complex numbers, and real, imag, conj and
// arg.
#pragma once
#include "support/compiler/begin.hpp"

#include "formula/symbol.hpp"
#include "primitive/complex.hpp"

namespace tg {

/// The imaginary unit: a named constant, as tg::pi.
inline constexpr formula<node::apply<op::imaginary_unit>> imaginary_unit{};

namespace literals {

/// Imaginary constants: 1_i is the imaginary unit, 0.5_i half of it, exactly.
template <char... Digits>
constexpr auto operator""_i() {
  return operator""_c<Digits...>() * imaginary_unit;
}

}  // namespace literals

}  // namespace tg

#include "support/compiler/end.hpp"
