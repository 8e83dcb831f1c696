// SPDX-License-Identifier: BSL-1.0
// The operators of formulas and the functions that belong to the algebra: square roots and exact powers.
// Their structs are in graph/algebra.hpp; handles have operators of their own.
#pragma once
#include "../support/compiler/begin.hpp"

#include "exponential.hpp"

namespace tg {

/// sqrt(x), for x >= 0; the derivative is infinite at 0.
template <Symbolic X>
constexpr auto sqrt(const X& x) {
  return apply<op::sqrt>(x);
}

}  // namespace tg

#include "../support/compiler/end.hpp"
