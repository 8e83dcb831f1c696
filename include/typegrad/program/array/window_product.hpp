// SPDX-License-Identifier: BSL-1.0
// Products of windows: contractions of two arrays of which any axis may have any stride. Elements that lie
// side by side go into lanes (lanes/gathered_product.hpp); where the others are, tables say.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../../lanes/gathered_product.hpp"
#include "lane_axes.hpp"
#include "place_table.hpp"

namespace tg::detail {

/// A length, and how far apart neighbours are in both operands and the result.
struct product_axis {
  std::ptrdiff_t length, a, b, c;
};
/// Axes that are passed through together, the last one fastest.
struct product_axes {
  product_axis of[8];
  int count = 0;

  std::ptrdiff_t size() const {
    std::ptrdiff_t all = 1;
    for (int k = 0; k < count; ++k) all *= of[k].length;
    return all;
  }
  /// How far the last element in operand b is.
  std::ptrdiff_t reach(std::ptrdiff_t product_axis::*stride) const {
    std::ptrdiff_t all = 0;
    for (int k = 0; k < count; ++k)
      if (of[k].*stride > 0) all += (of[k].length - 1) * (of[k].*stride);
    return all;
  }
  product_axis take(int axis) {
    const product_axis taken = of[axis];
    for (--count; axis < count; ++axis) of[axis] = of[axis + 1];
    return taken;
  }
  /// Calls use(a, b, c) with the place of every element; each of them is `step` elements at once, or as many
  /// as are left, along the last axis.
  template <class Use>
  void each(Use use) const {
    std::ptrdiff_t index[8] = {}, a = 0, b = 0, c = 0;
    for (int k = 0; k < count; ++k)
      if (of[k].length == 0) return;
    for (int k = 0; k >= 0;) {
      use(a, b, c);
      for (k = count - 1; k >= 0; --k) {
        const bool next = ++index[k] < of[k].length;
        const std::ptrdiff_t steps = next ? 1 : 1 - of[k].length;
        a += steps * of[k].a, b += steps * of[k].b, c += steps * of[k].c;
        if (next) break;
        index[k] = 0;
      }
    }
  }
};

/// One product. Of rows the second operand knows nothing, of columns the first, of `inner` the result.
class window_product {
 public:
  /// The words: rows, columns, inner axes and those of all, each as a count and lengths and strides; and
  /// where there are such, inner axes along which the first operand is read backwards.
  template <class Length>
  window_product(const int* words, Length length, bool some_backwards = false) {
    product_axes backwards;
    for (product_axes* axes : {&rows_, &columns_, &inner_, &batch_, &backwards}) {
      if (axes == &backwards && !some_backwards) break;
      axes->count = *words++;
      for (int k = 0; k < axes->count; ++k, words += 4)
        axes->of[k] = {length(words[0]), length(words[1]), length(words[2]), length(words[3])};
    }
    for (int k = 0; k < backwards.count; ++k) {
      product_axis& axis = backwards.of[k];
      start_ += (axis.length - 1) * axis.a;
      axis.a = -axis.a;
      inner_.of[inner_.count++] = axis;
    }
    // The longest run of elements that lie side by side in an operand and the result, or in both operands.
    for (int k = 0; k < columns_.count; ++k)
      if (columns_.of[k].b == 1 && columns_.of[k].c == 1) note(of_columns, k, columns_.of[k].length);
    for (int k = 0; k < rows_.count; ++k)
      if (rows_.of[k].a == 1 && rows_.of[k].c == 1) note(of_rows, k, rows_.of[k].length);
    for (int k = 0; k < inner_.count; ++k)
      if (inner_.of[k].a == 1 && inner_.of[k].b == 1) note(of_inner, k, inner_.of[k].length);
    if (run_ == of_rows) {
      turned_ = true, run_ = of_columns;
      const product_axes rows = rows_;
      rows_ = columns_, columns_ = rows;
      for (product_axes* axes : {&rows_, &columns_, &inner_, &batch_})
        for (int k = 0; k < axes->count; ++k) std::swap(axes->of[k].a, axes->of[k].b);
    }
    if (run_ == of_columns) along_ = columns_.take(axis_);
    if (run_ == of_inner) along_ = inner_.take(axis_);
  }

  /// How many numbers of scratch memory `run` needs.
  template <class T>
  std::ptrdiff_t scratch() const {
    if constexpr (!has_lanes<T>) return 0;
    constexpr std::ptrdiff_t most_lanes = 64 / sizeof(T);
    const std::ptrdiff_t m = rows_.size(), k = inner_.size();
    if (run_ == of_columns)
      return place_table::scratch<T>(2 * m + 3 * k, 1) + batch_.size() * (m + 8) * k + k * most_lanes + 64;
    if (run_ == of_inner) {
      const std::ptrdiff_t parts = along_.length / (16 / static_cast<std::ptrdiff_t>(sizeof(T))) + 1;
      return place_table::scratch<T>(m + columns_.size() + k * parts, 2) +
             (m + 8) * (columns_.size() + 4) * most_lanes;
    }
    return 0;
  }

  template <class T>
  void run(const T* a, const T* b, T* c, bool add, T* scratch) const {
    a += start_;
    if (turned_) std::swap(a, b);
    if constexpr (has_lanes<T>) {
      const lanes::instructions set = lanes::instructions_here();
      if (run_ == of_columns) return by_columns(set, a, b, c, add, scratch);
      if (run_ == of_inner) return by_dots(set, a, b, c, add, scratch);
    }
    plainly(a, b, c, add);
  }

 private:
  enum { nowhere, of_columns, of_rows, of_inner } run_ = nowhere;

  void note(decltype(nowhere) where, int axis, std::ptrdiff_t length) {
    if (length > longest_) run_ = where, axis_ = axis, longest_ = length;
  }
  /// Runs of columns in lanes. The first operand is copied, tile by tile.
  template <class T>
  void by_columns(lanes::instructions set, const T* a, const T* b, T* c, bool add, T* scratch) const {
    const std::ptrdiff_t m = rows_.size(), k = inner_.size(), N = (16 << int(set)) / sizeof(T);
    const int W = lanes::tile_vectors(set), kind = lanes::tile_kind(set, m);
    const std::ptrdiff_t R =
        set == lanes::instructions::avx512 ? lanes::tile_rows<64>[kind] : lanes::tile_rows<32>[kind];
    place_table places(scratch);
    std::ptrdiff_t *const row_a = places.take(m), *const row_c = places.take(m);
    std::ptrdiff_t *const inner_a = places.take(k), *const inner_b = places.take(k),
                          *const in_copy = places.take(k);
    std::ptrdiff_t at = 0;
    rows_.each([&](std::ptrdiff_t x, std::ptrdiff_t, std::ptrdiff_t z) { row_a[at] = x, row_c[at++] = z; });
    at = 0;
    inner_.each([&](std::ptrdiff_t x, std::ptrdiff_t y, std::ptrdiff_t) {
      inner_a[at] = x, inner_b[at] = y, in_copy[at] = at * N;
      ++at;
    });
    const std::ptrdiff_t packed_size = (m + R - 1) / R * R * k;
    T *const packed = static_cast<T*>(places.end()),
             *to = packed, *const copy = packed + batch_.size() * packed_size;
    batch_.each([&](std::ptrdiff_t x, std::ptrdiff_t, std::ptrdiff_t) {
      for (std::ptrdiff_t i = 0; i < m; i += R)
        for (std::ptrdiff_t q = 0; q < k; ++q)
          for (std::ptrdiff_t r = i; r < i + R; ++r) *to++ = r < m ? a[x + row_a[r] + inner_a[q]] : T(0);
    });
    const T* const end = b + columns_.reach(&product_axis::b) + inner_.reach(&product_axis::b) +
                         batch_.reach(&product_axis::b) + along_.length;
    const std::ptrdiff_t inner_reach = inner_.reach(&product_axis::b);
    // The first axis of the columns is outside of the batch, whose elements may be parts of one array.
    product_axes outer, columns = columns_;
    if (columns.count > 0 && batch_.count > 0) outer.of[outer.count++] = columns.take(0);
    lanes::gathered_rows<T> part{m, k, kind, packed, row_c, inner_b};
    part.add = add;
    const auto flush = [&] {
      if (part.vectors > 0) lanes::run_with(set, part);
      part.vectors = 0;
    };
    outer.each([&](std::ptrdiff_t, std::ptrdiff_t y0, std::ptrdiff_t z0) {
      part.a = packed;
      batch_.each([&](std::ptrdiff_t, std::ptrdiff_t y1, std::ptrdiff_t z1) {
        columns.each([&](std::ptrdiff_t, std::ptrdiff_t y2, std::ptrdiff_t z2) {
          for (std::ptrdiff_t j = 0; j < along_.length; j += N) {
            const T* const from = b + y0 + y1 + y2 + j;
            T* const into = c + z0 + z1 + z2 + j;
            const std::ptrdiff_t count = along_.length - j < N ? along_.length - j : N;
            if (count < N && from + inner_reach + N > end) {  // whole vectors reach over the end
              flush();
              for (std::ptrdiff_t q = 0; q < k; ++q)
                for (std::ptrdiff_t lane = 0; lane < N; ++lane)
                  copy[q * N + lane] = lane < count ? from[inner_b[q] + lane] : T(0);
              part.place = in_copy;
              part.b[0] = copy, part.c[0] = into, part.count[0] = count, part.vectors = 1;
              flush();
              part.place = inner_b;
              continue;
            }
            part.b[part.vectors] = from, part.c[part.vectors] = into, part.count[part.vectors] = count;
            if (++part.vectors == W) flush();
          }
        });
        flush();
        part.a += packed_size;
      });
    });
  }

  /// Runs of what is summed in lanes.
  template <class T>
  void by_dots(lanes::instructions set, const T* a, const T* b, T* c, bool add, T* scratch) const {
    const std::ptrdiff_t m = rows_.size(), n = columns_.size(), N = (16 << int(set)) / sizeof(T);
    const std::ptrdiff_t whole = along_.length / N, rest = along_.length % N, k = inner_.size();
    const bool widest = set == lanes::instructions::avx512;
    const int R = widest ? lanes::dot_rows<64> : lanes::dot_rows<32>,
              Q = widest ? lanes::dot_columns<64> : lanes::dot_columns<32>;
    place_table places(scratch);
    std::ptrdiff_t *const row_a = places.take(m), *const row_c = places.take(m);
    std::ptrdiff_t *const column_b = places.take(n), *const column_c = places.take(n);
    std::ptrdiff_t *const whole_a = places.take(k * whole), *const whole_b = places.take(k * whole);
    std::ptrdiff_t *const rest_a = places.take(k), *const rest_b = places.take(k);
    std::ptrdiff_t at = 0, safe = k;
    rows_.each([&](std::ptrdiff_t x, std::ptrdiff_t, std::ptrdiff_t z) { row_a[at] = x, row_c[at++] = z; });
    at = 0;
    columns_.each(
        [&](std::ptrdiff_t, std::ptrdiff_t y, std::ptrdiff_t z) { column_b[at] = y, column_c[at++] = z; });
    at = 0;
    // Whole vectors of the last runs would reach over the ends of the operands.
    const std::ptrdiff_t end_a = inner_.reach(&product_axis::a) + along_.length,
                         end_b = inner_.reach(&product_axis::b) + along_.length;
    std::ptrdiff_t entry = 0;
    inner_.each([&](std::ptrdiff_t x, std::ptrdiff_t y, std::ptrdiff_t) {
      for (std::ptrdiff_t j = 0; j < whole; ++j) whole_a[at] = x + j * N, whole_b[at++] = y + j * N;
      rest_a[entry] = x + whole * N, rest_b[entry] = y + whole * N;
      if (entry < safe && (rest_a[entry] + N > end_a || rest_b[entry] + N > end_b)) safe = entry;
      ++entry;
    });
    const std::ptrdiff_t tile = R * Q * N, across = (n + Q - 1) / Q, tiles = (m + R - 1) / R * across;
    T* const sums = static_cast<T*>(places.end());
    lanes::gathered_dots<T> part{};
    // A part of the runs that stays in the first-level cache, for all rows and columns.
    const auto add_part = [&](const T* u, const T* v) {
      for (std::ptrdiff_t i = 0; i < m && part.inner > 0; i += R)
        for (std::ptrdiff_t j = 0; j < n; j += Q) {
          for (int r = 0; r < R; ++r) part.a[r] = u + row_a[i + r < m ? i + r : m - 1];
          for (int s = 0; s < Q; ++s) part.b[s] = v + column_b[j + s < n ? j + s : n - 1];
          part.sum = sums + (i / R * across + j / Q) * tile;
          lanes::run_with(set, part);
        }
    };
    batch_.each([&](std::ptrdiff_t x, std::ptrdiff_t y, std::ptrdiff_t z) {
      put_zeros(sums, tiles * tile);
      for (std::ptrdiff_t q = 0, step = 48; q < k; q += step) {
        const std::ptrdiff_t last = q + step < k ? q + step : k;
        part.inner = (last - q) * whole, part.count = N;
        part.place_a = whole_a + q * whole, part.place_b = whole_b + q * whole;
        add_part(a + x, b + y);
        part.inner = rest == 0 || q >= safe ? 0 : (last < safe ? last : safe) - q, part.count = rest;
        part.place_a = rest_a + q, part.place_b = rest_b + q;
        add_part(a + x, b + y);
      }
      for (std::ptrdiff_t i = 0; i < m; ++i)
        for (std::ptrdiff_t j = 0; j < n; ++j) {
          const T* const own = sums + (i / R * across + j / Q) * tile + (i % R * Q + j % Q) * N;
          T sum = T(0);
          for (std::ptrdiff_t lane = 0; lane < N; ++lane) sum += own[lane];
          for (std::ptrdiff_t q = safe; q < k; ++q)
            for (std::ptrdiff_t lane = 0; lane < rest; ++lane)
              sum += a[x + row_a[i] + rest_a[q] + lane] * b[y + column_b[j] + rest_b[q] + lane];
          T& to = c[z + row_c[i] + column_c[j]];
          to = add ? to + sum : sum;
        }
    });
  }

  template <class T>
  void plainly(const T* a, const T* b, T* c, bool add) const {
    const std::ptrdiff_t along = run_ == nowhere ? 1 : along_.length;
    const bool summed = run_ == of_inner;
    batch_.each([&](std::ptrdiff_t x0, std::ptrdiff_t y0, std::ptrdiff_t z0) {
      rows_.each([&](std::ptrdiff_t x1, std::ptrdiff_t, std::ptrdiff_t z1) {
        columns_.each([&](std::ptrdiff_t, std::ptrdiff_t y2, std::ptrdiff_t z2) {
          for (std::ptrdiff_t j = 0; j < (summed ? 1 : along); ++j) {
            T sum = T(0);
            inner_.each([&](std::ptrdiff_t x3, std::ptrdiff_t y3, std::ptrdiff_t) {
              for (std::ptrdiff_t i = 0; i < (summed ? along : 1); ++i)
                sum += a[x0 + x1 + x3 + i] * b[y0 + y2 + y3 + i + j];
            });
            T& to = c[z0 + z1 + z2 + j];
            to = add ? T(to + sum) : sum;
          }
        });
      });
    });
  }

  product_axes rows_, columns_, inner_, batch_;
  product_axis along_{1, 0, 0, 0};
  std::ptrdiff_t start_ = 0;  // of the first operand
  int axis_ = 0;
  std::ptrdiff_t longest_ = 1;
  bool turned_ = false;
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
