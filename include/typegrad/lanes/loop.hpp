// SPDX-License-Identifier: BSL-1.0
// A function in lanes over an array of any length.
#pragma once
#include "../support/compiler/begin.hpp"

#include <cstddef>
#include <cstring>

#include "vector.hpp"

namespace tg::lanes {

/// to[i] = F(from[i]) for i < n, by vectors of N numbers; the last one is filled up with zeros, so every
/// element is computed alike. The arrays may be the same.
template <class F, int N, class T>
TYPEGRAD_LANES void loop(const T* from, T* to, std::size_t n) {
  vector<T, N> x{}, y;
  std::size_t i = 0;
  for (; i + N <= n; i += N) {
    std::memcpy(&x, from + i, sizeof x);
    F::value(x, y);
    std::memcpy(to + i, &y, sizeof y);
  }
  if (i == n) return;
  x = vector<T, N>{};
  std::memcpy(&x, from + i, (n - i) * sizeof(T));
  F::value(x, y);
  std::memcpy(to + i, &y, (n - i) * sizeof(T));
}

}  // namespace tg::lanes

#include "../support/compiler/end.hpp"
