// SPDX-License-Identifier: BSL-1.0
// A function in lanes over an array of any length.
#pragma once
#include "../support/compiler/begin.hpp"

#include <cstddef>
#include <cstring>
#include <initializer_list>

#include "vector.hpp"

namespace tg::lanes {

/// to[i] = F(from[i]) for i < n, by vectors of N numbers. The last ones, too few for a vector, are copied to
/// an array that is filled up with zeros, and that goes through the same loop: its body stands there once,
/// and every element is computed alike. The arrays may be the same.
template <class F, int N, class T>
TYPEGRAD_LANES void loop(const T* from, T* to, std::size_t n) {
  const std::size_t rest = n % N, whole = n - rest;
  T part[N] = {};
  std::memcpy(part, from + whole, rest * sizeof(T));
  for (const bool last : {false, true}) {
    const T* const source = last ? part : from;
    T* const target = last ? part : to;
    const std::size_t count = last ? rest : whole;
    for (std::size_t i = 0; i < count; i += N) {
      vector<T, N> x, y;
      std::memcpy(&x, source + i, sizeof x);
      F::value(x, y);
      std::memcpy(target + i, &y, sizeof y);
    }
  }
  std::memcpy(to + whole, part, rest * sizeof(T));
}

}  // namespace tg::lanes

#include "../support/compiler/end.hpp"
