// SPDX-License-Identifier: BSL-1.0
// A choice between two values by a bool, or lane by lane by a mask of a batch of numbers
// (std::experimental::simd).
#pragma once
#include "../support/compiler/begin.hpp"

#include <cstddef>
#include <limits>

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

namespace detail {
/// Whether c holds, or may hold in some lane.
template <class C>
constexpr bool may_hold(const C& c) {
  if constexpr (requires { c ? 1 : 0; })
    return c;
  else if constexpr (requires { any_of(c); })
    return any_of(c);
  else
    return true;
}
}  // namespace detail

/// f of each number in a batch, where f cannot take the batch as a whole.
template <class T, class F>
constexpr T lane_by_lane(const T& x, F f) {
  T r = x;
  for (std::size_t lane = 0; lane < x.size(); ++lane)
    r[lane] = f(static_cast<typename T::value_type>(x[lane]));
  return r;
}

/// Numbers of which the smaller one can be asked for: not complex ones, and not intervals, of which a
/// comparison may have no answer.
template <class T>
concept Ordered = requires(const T& x) {
  x < x;
}
&&!requires(const T& x) { lower(x), upper(x); };

/// A batch of numbers, whose comparisons give masks.
template <class T>
concept Batch = requires {
  typename T::mask_type;
};

}  // namespace tg

#include "../support/compiler/end.hpp"
