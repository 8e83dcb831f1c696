// SPDX-License-Identifier: BSL-1.0
// A choice between two values by a bool, or lane by lane by a mask of a batch of numbers (std::experimental::simd).
#pragma once

namespace tg {

/// c ? x : y.
template <class C, class T>
constexpr T select(const C& c, const T& x, const T& y) {
  if constexpr (requires { c ? x : y; }) {
    return c ? x : y;
  } else {
    T r = y;
    where(c, r) = x;
    return r;
  }
}

}  // namespace tg
