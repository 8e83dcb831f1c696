// SPDX-License-Identifier: BSL-1.0
// The growing array that passes work on, and its sorting.
#pragma once
#include "../support/compiler/begin.hpp"

#include <type_traits>

#include "compiler/growing_array.hpp"

namespace tg::detail {

/// Sorts the elements [0, size) of an array by `less`: insertion for the short lists that operands are, heap
/// sort for long ones.
template <class Array, class Less>
constexpr void sort(Array& first, int size, Less less) {
  using T = std::remove_cvref_t<decltype(first[0])>;
  if (size <= 12) {
    for (int i = 1; i < size; ++i) {
      const T value = first[i];
      int j = i;
      for (; j > 0 && less(value, first[j - 1]); --j) first[j] = first[j - 1];
      first[j] = value;
    }
    return;
  }
  auto sift = [&](int sift_root, int sift_end) {
    const T sifted = first[sift_root];
    for (int sift_child = 2 * sift_root + 1; sift_child < sift_end; sift_child = 2 * sift_root + 1) {
      if (sift_child + 1 < sift_end && less(first[sift_child], first[sift_child + 1])) ++sift_child;
      if (!less(sifted, first[sift_child])) break;
      first[sift_root] = first[sift_child];
      sift_root = sift_child;
    }
    first[sift_root] = sifted;
  };
  for (int i = size / 2 - 1; i >= 0; --i) sift(i, size);
  for (int end = size - 1; end > 0; --end) {
    const T largest = first[0];
    first[0] = first[end];
    first[end] = largest;
    sift(0, end);
  }
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
