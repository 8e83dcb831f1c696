// SPDX-License-Identifier: BSL-1.0
// The lanes of two vectors in turn. The compilers have a builtin for it, whose constants are a pack of
// numbers here; EDG's front end (nvcc 13) loses a pack inside the builtin, and takes lane by lane. May go
// when it keeps it.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "attributes.hpp"

namespace tg::detail {

/// The first halves of x and y, and their second halves. I are the numbers of the lanes.
template <class V, int... I>
TYPEGRAD_LANES void interleave_lanes(const V& x, const V& y, V& first, V& second) {
  constexpr int n = sizeof...(I);
#if defined(__EDG__) || defined(__CUDACC__)
  for (int i = 0; i < n; ++i) {
    first[i] = (i % 2 == 0 ? x : y)[i / 2];
    second[i] = (i % 2 == 0 ? x : y)[i / 2 + n / 2];
  }
#else
  first = __builtin_shufflevector(x, y, (I / 2 + I % 2 * n)...);
  second = __builtin_shufflevector(x, y, (I / 2 + I % 2 * n + n / 2)...);
#endif
}

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
