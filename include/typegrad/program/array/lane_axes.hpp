// SPDX-License-Identifier: BSL-1.0
// Results side by side in the lanes of a register: reductions of narrow rows, one row in each lane.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <concepts>

#include "../../lanes/product_tile.hpp"
#include "lane_numbers.hpp"
#include "machine.hpp"

namespace tg::detail {

template <class T>
inline constexpr bool has_lanes = std::same_as<T, float> || std::same_as<T, double>;
template <class T>
inline constexpr int lanes_of = register_bytes / static_cast<int>(sizeof(T));

/// The elements of rows that lie side by side, one row in each lane. Rows whose elements are neighbours are
/// turned, some columns at a time.
template <class T>
class turned_rows {
 public:
  static constexpr int N = lanes_of<T>;
  turned_rows(const T* first, std::ptrdiff_t next_row, std::ptrdiff_t rows, std::ptrdiff_t columns)
      : first_{first}, next_row_{next_row}, rows_{rows}, columns_{columns} {}

  /// Those at `from` in the first row and at the same place in the others.
  TYPEGRAD_INLINE lane_numbers<T, N> operator()(const T* from) {
    lane_numbers<T, N> x;
    if (columns_ == 0) return load_lanes(from, next_row_, rows_, x), x;
    const std::ptrdiff_t column = from - first_;
    if (column < begin_ || column >= end_) turn(column);
    std::memcpy(&x.all, turned_ + (column - begin_) * N, sizeof x.all);
    return x;
  }

 private:
  void turn(std::ptrdiff_t column) {
    begin_ = column, end_ = lanes::smaller(column + room, columns_);
    lanes::turn(end_ - begin_, lanes::smaller(rows_, N), {first_ + begin_, 1, next_row_}, turned_, N);
  }

  static constexpr int room = 16;
  const T* first_;
  std::ptrdiff_t next_row_, rows_, columns_, begin_ = 0, end_ = 0;
  alignas(64) T turned_[room * N] = {};
};

/// Writes to at[1], along `count` axes with strides of at[0] and at[1], what `result` computes for a register
/// full of neighbours on the last axis: it gets where the first one's elements begin, and a function that
/// loads the elements of all from there or from a place that is reached along other axes, of which `columns`
/// are in a row if that is not 0.
template <class T, class Result>
void over_lanes(const array_machine<T>& m, const int* axes, int count, T** at, std::ptrdiff_t columns,
                const Result& result) {
  constexpr int N = lanes_of<T>;
  const int* const last = axes + 3 * (count - 1);
  const std::ptrdiff_t extent = m.length[last[0]], stride = m.length[last[1]], to = m.length[last[2]];
  if (stride < columns) columns = 0;  // neighbours, or one row for all
  over_axes<2>(m, axes, count - 1, at, [&] {
    for (std::ptrdiff_t i = 0; i < extent; i += N) {
      const T* const first = at[0] + i * stride;
      turned_rows<T> load(first, stride, extent - i, columns);
      store_lanes(lane_numbers<T, N>(result(first, load)), at[1] + i * to, to, extent - i);
    }
  });
}

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
