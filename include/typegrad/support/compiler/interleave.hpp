// SPDX-License-Identifier: BSL-1.0
// Chosen lanes of two vectors. The compilers have a builtin for it, whose constants are a pack of
// numbers here; EDG's front end (nvcc 13) loses a pack inside the builtin, and takes lane by lane. May go
// when it keeps it.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <utility>

#include "attributes.hpp"

namespace tg::detail {

/// The lanes with the numbers I, counted through x and then y.
template <class V, class To, int... I>
TYPEGRAD_LANES void pick_lanes(const V& x, const V& y, To& to, std::integer_sequence<int, I...>) {
#if defined(__EDG__) || defined(__CUDACC__)
  constexpr int n = static_cast<int>(sizeof(V) / sizeof(x[0])), number[] = {I...};
  for (int i = 0; i < static_cast<int>(sizeof...(I)); ++i)
    to[i] = number[i] < n ? x[number[i]] : y[number[i] - n];
#else
  to = __builtin_shufflevector(x, y, I...);
#endif
}
/// The first halves of x and y in turn, and their second halves. I are the numbers of the lanes.
template <class V, int... I>
TYPEGRAD_LANES void interleave_lanes(const V& x, const V& y, V& first, V& second) {
  constexpr int n = sizeof...(I);
  pick_lanes(x, y, first, std::integer_sequence<int, (I / 2 + I % 2 * n)...>{});
  pick_lanes(x, y, second, std::integer_sequence<int, (I / 2 + I % 2 * n + n / 2)...>{});
}

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
