// SPDX-License-Identifier: BSL-1.0
// Results side by side in the lanes of a register: reductions of narrow rows, one row in each lane.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <concepts>

#include "lane_numbers.hpp"
#include "machine.hpp"

namespace tg::detail {

template <class T>
inline constexpr bool has_lanes = std::same_as<T, float> || std::same_as<T, double>;
template <class T>
inline constexpr int lanes_of = register_bytes / static_cast<int>(sizeof(T));

/// Writes to at[1], along `count` axes with strides of at[0] and at[1], what `result` computes for a register
/// full of neighbours on the last axis: it gets where the first one's elements begin, and a function that
/// loads the elements of all from there or from a place that is reached along other axes.
template <class T, class Result>
void over_lanes(const array_machine<T>& m, const int* axes, int count, T** at, const Result& result) {
  constexpr int N = lanes_of<T>;
  const int* const last = axes + 3 * (count - 1);
  const std::ptrdiff_t extent = m.length[last[0]], stride = m.length[last[1]], to = m.length[last[2]];
  over_axes<2>(m, axes, count - 1, at, [&] {
    for (std::ptrdiff_t i = 0; i < extent; i += N) {
      const lane_numbers<T, N> value = result(at[0] + i * stride, [&](const T* from) {
        lane_numbers<T, N> x;
        load_lanes(from, stride, extent - i, x);
        return x;
      });
      store_lanes(value, at[1] + i * to, to, extent - i);
    }
  });
}

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
