// SPDX-License-Identifier: BSL-1.0
// Numbers that become numbers of another type, as data do on their way to a network.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <cmath>
#include <concepts>
#include <limits>
#include <type_traits>

namespace tg::detail {

/// Whether an integer of type T can be what x is. (A floating number may be rounded to another.)
template <class T, class From>
constexpr bool holds(const From& x) {
  if constexpr (!std::integral<T> || std::same_as<T, From>) {
    return true;
  } else if constexpr (std::floating_point<From>) {
    const From end = std::ldexp(From(1), std::numeric_limits<T>::digits);  // the largest T and 1
    return x < end && x >= (std::is_signed_v<T> ? -end : From(0)) && x == std::trunc(x);
  } else {
    const T kept = static_cast<T>(x);
    return static_cast<From>(kept) == x && (kept < T(0)) == (x < From(0));
  }
}

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
