// SPDX-License-Identifier: BSL-1.0
// How a contraction is evaluated: as a view where nothing is multiplied or summed, as sums along axes, or as
// products of matrices. A label that the result has twice is a diagonal, around which there are zeros.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../../lower/array/lowering.hpp"
#include "lane_axes.hpp"
#include "product.hpp"

namespace tg::detail {

struct contraction_kernel {
  using primitive = op::contraction;
  /// The first words of a product, and of one that is added to what is there.
  static constexpr int adds_from = 2, adding = 4;

  static constexpr void lower(array_lowering& a, int node) {
    const contraction_labels l(a.b, a.b.attribute(node));
    labels of(a, node, l);
    if (l.operands() == 1 && of.is_view()) return of.define_view();
    of.result(a.begin_call(node));
    l.operands() == 1 ? of.put_sum() : of.put_product();
  }

  template <class T>
  static void run(const array_machine<T>& m, const int* words) {
    if (words[0] == 2 || words[0] == adding) return run_product(m, words + 1, words[0] == adding);
    if (words[0] == 3) put_zeros(m.place(words + 1), m.length[words[3]]);
    run_sum(m, words + (words[0] == 3 ? 4 : 1));
  }

  template <class T>
  static std::ptrdiff_t scratch(const std::ptrdiff_t* length, const int* words) {
    return words[0] != 2 && words[0] != adding
               ? 0
               : product_scratch<T>(length[words[7]], length[words[15]], length[words[11]]);
  }

  template <class Counter>
  static constexpr void count(Counter& c, const int* words) {
    using axes = typename Counter::axes;
    if (words[0] == 2 || words[0] == adding) {
      const int *const batch = words + 19, *const further = batch + 1 + 4 * batch[0];
      const axes matrix{words + 7, 3}, outer{batch + 1, batch[0]}, inner{further + 1, further[0]};
      const auto elements = [&](int which) { return c.template elements<3>(which, matrix, outer, inner); };
      c.add({.additions = 1, .multiplications = 1}, elements(-1));
      c.total.read += elements(0) + elements(1);
      c.total.written += elements(2);
      return;
    }
    if (words[0] == 3) c.total.written += c.length(words[3]);
    const int *const kept = words + (words[0] == 3 ? 8 : 5), *const summed = kept + 1 + 3 * kept[0];
    const auto elements = [&](int which) {
      return c.template elements<2>(which, axes{kept + 1, kept[0]}, axes{summed + 1, summed[0]});
    };
    if (summed[0] > 0) c.add({.additions = 1}, elements(-1));
    c.total.read += elements(0);
    c.total.written += elements(1);
  }
  template <class C>
  static void write_c(C& c, const int* words) {
    if (words[0] == 2) {
      auto at = c.template places<3>(words + 1);
      const int *const matrix = words + 7, *const batch = words + 19,
                       *const further = batch + 1 + 4 * batch[0];
      c.over(batch + 1, batch[0], at, [&] {
        c.over(matrix, 2, at, [&] {
          c.sum(at[2], [&](auto use) {
            c.over(further + 1, further[0], at,
                   [&] { c.over(matrix + 8, 1, at, [&] { use(at[0].text() + " * " + at[1]); }); });
          });
        });
      });
      return;
    }
    if (words[0] == 3) c.fill(c.at(words + 1), c.sum_of(words[3]));
    words += words[0] == 3 ? 4 : 1;
    const int *const kept = words + 4, *const summed = kept + 1 + 3 * kept[0];
    auto at = c.template places<2>(words);
    if (summed[0] == 0) return c.copy(kept + 1, kept[0], at);
    c.over(kept + 1, kept[0], at, [&] {
      c.sum(at[1], [&](auto use) { c.over(summed + 1, summed[0], at, [&] { use(at[0].text()); }); });
    });
  }
  /// Of a product of at least 32 rows no part has few, and so every part goes the way of the whole.
  static constexpr split_axes split(const int* words) {
    split_axes product{1, 3};
    if (words[0] == 1) return split_axes{1, 2}.with_first(6, words[5]);
    if (words[0] == 3) return product;  // zeros around a diagonal
    if (words[19] > 0) product.with(20, 1);
    return product.with(7, 32).with(11, 32);
  }

  /// Whether the result has a label twice.
  static constexpr bool has_diagonal(const contraction_labels& l) {
    for (int axis = 0; axis < l.rank(-1); ++axis)
      for (int other = 0; other < axis; ++other)
        if (l.at(-1, axis) == l.at(-1, other)) return true;
    return false;
  }

  /// The labels with their lengths and their strides in both operands and the result.
  struct labels {
    constexpr labels(array_lowering& lowering, int id, const contraction_labels& all)
        : a{lowering},
          node{id},
          l{all},
          extent(l.labels),
          x(l.labels),
          y(l.labels),
          out(l.labels),
          where(l.labels) {
      seen[0] = a.view(a.b.operand(node, 0));
      if (l.operands() > 1) seen[1] = a.view(a.b.operand(node, 1));
      for (int k = 0; k < l.operands(); ++k)
        for (int axis = 0; axis < l.rank(k); ++axis) {
          const int label = l.at(k, axis);
          int& stride = (k == 0 ? x : y)[label];
          stride = a.lengths.plus(stride, seen[k].stride[axis]);
          extent[label] = seen[k].extent[axis];
          where[label] |= 1 << k;
        }
      for (int axis = 0; axis < l.rank(-1); ++axis) where[l.at(-1, axis)] |= 4;
    }
    constexpr bool is_view() const {
      for (int label = 0; label < l.labels; ++label)
        if (where.items[label] != 5) return false;
      return !is_diagonal();
    }
    constexpr bool is_diagonal() const { return has_diagonal(l); }
    constexpr void define_view() {
      array_view v{.buffer = seen[0].buffer, .offset = seen[0].offset, .rank = l.rank(-1)};
      for (int axis = 0; axis < v.rank; ++axis) {
        v.extent[axis] = extent[l.at(-1, axis)];
        v.stride[axis] = x[l.at(-1, axis)];
      }
      a.define(node, a.b.operand(node, 0), v);
    }
    constexpr void result(const array_view& v) {
      seen[2] = v;
      for (int axis = 0; axis < v.rank; ++axis) {
        int& stride = out[l.at(-1, axis)];
        stride = a.lengths.plus(stride, v.stride[axis]);
        extent[l.at(-1, axis)] = v.extent[axis];
      }
    }

    constexpr void put_sum() {
      buffer<int> kept, summed;
      for (int label = 0; label < l.labels; ++label)
        for (int each : {extent[label], x[label], out[label]})
          (where[label] & 4 ? kept : summed).push_back(each);
      a.put(is_diagonal() ? 3 : 1);
      if (is_diagonal()) {
        a.put_place(seen[2]);
        a.put(a.lengths.times(seen[2].extent[0], seen[2].stride[0]));
      }
      a.put_place(seen[0]), a.put_place(seen[2]);
      a.put_axes(kept, 3);
      a.put_axes(summed, 3);
    }

    constexpr void group(buffer<int>& rows, buffer<int>& columns, buffer<int>& inner, buffer<int>& batch) {
      for (int label = 0; label < l.labels; ++label)
        for (int each : {extent[label], x[label], y[label], out[label]})
          (where[label] == 5   ? rows
           : where[label] == 6 ? columns
           : where[label] == 7 ? batch
                               : inner)
              .push_back(each);
    }
    constexpr void put_product() {
      buffer<int> rows, columns, inner, batch;
      group(rows, columns, inner, batch);
      a.put(2);
      for (const array_view& v : seen) a.put_place(v);
      put_last(rows), put_last(columns), put_last(inner);
      for (int each : rows) batch.push_back(each);
      for (int each : columns) batch.push_back(each);
      a.put_axes(batch, 4);
      a.put_axes(inner, 4);
    }
    /// The last axis of a group is that of the matrix.
    constexpr void put_last(buffer<int>& axes) {
      merge_axes(a.lengths, axes, 4);
      for (int k = 0; k < 4; ++k)
        a.put(axes.used > 0 ? axes[axes.used - 4 + k] : k == 0 ? length_table::one : length_table::zero);
      axes.used -= axes.used > 0 ? 4 : 0;
    }

    /// The product by axes of any strides (window_product.hpp); an axis of the result in `apart` is no row or
    /// column, as what lies along it is written once more.
    constexpr void put_any_product(const buffer<int>& apart) {
      buffer<int> groups[4];
      for (int axis : apart) where[l.at(-1, axis)] = 7;
      group(groups[0], groups[1], groups[2], groups[3]);
      for (const array_view& v : seen) a.put_place(v);
      for (buffer<int>& axes : groups) a.put_axes(axes, 4);
    }

    array_lowering& a;
    int node;
    const contraction_labels& l;
    array_view seen[3];  // both operands and the result
    buffer<int> extent, x, y, out;
    buffer<int> where;  // bits: first operand, second, result
  };

 private:
  /// Along the last axis that is kept the sums go on side by side, if its elements lie in a row.
  template <class T>
  static void run_sum(const array_machine<T>& m, const int* words) {
    T* at[2] = {m.place(words), m.place(words + 2)};
    const int kept = words[4], *const kept_axes = words + 5;
    const int summed = kept_axes[3 * kept], *const summed_axes = kept_axes + 3 * kept + 1;
    const int *const row = kept_axes + 3 * (kept - 1), *const run = summed_axes + 3 * (summed - 1);
    const bool by_rows =
        kept > 0 && m.length[row[1]] == 1 && m.length[row[2]] == 1 && (summed == 0 || m.length[run[1]] != 1);
    const std::ptrdiff_t width = by_rows ? m.length[row[0]] : 1;
    if constexpr (has_lanes<T>) {
      if (kept > 0 && summed == 1 && !by_rows && m.length[run[0]] <= 32)  // narrow rows
        return over_lanes(m, kept_axes, kept, at, m.length[run[1]] == 1 ? m.length[run[0]] : 0,
                          [&](const T* from, auto& load) {
                            const std::ptrdiff_t count = m.length[run[0]], step = m.length[run[1]];
                            lane_numbers<T, lanes_of<T>> sum(T(0));
                            for (std::ptrdiff_t i = 0; i < count; ++i) sum += load(from + i * step);
                            return sum;
                          });
    }
    over_axes<2>(m, kept_axes, by_rows ? kept - 1 : kept, at, [&] {
      T* const to = at[1];
      put_zeros(to, width);
      T* from[2] = {at[0], to};
      if (by_rows)
        over_axes<2>(m, summed_axes, summed > 0 ? summed - 1 : 0, from, [&] {
          add_rows(from[0], summed > 0 ? m.length[run[0]] : 1, summed > 0 ? m.length[run[1]] : 0, to, width);
        });
      else if (summed == 0)
        *to = *from[0];
      else
        over_axes<2>(m, summed_axes, summed - 1, from,
                     [&] { *to += sum_of(from[0], m.length[run[0]], m.length[run[1]]); });
    });
  }
  /// Adds so many rows to `to`, some vectors of them at a time, which stay in registers.
  template <class T>
  static void add_rows(const T* x, std::ptrdiff_t rows, std::ptrdiff_t next, T* to, std::ptrdiff_t n) {
    std::ptrdiff_t i = 0;
    if constexpr (has_lanes<T>) {
      constexpr int N = lanes_of<T>;
      for (; i + 2 * N <= n; i += 2 * N) add_part<N, 2>(x + i, rows, next, to + i);
      for (; i + N <= n; i += N) add_part<N, 1>(x + i, rows, next, to + i);
      for (; i + 16 / int(sizeof(T)) <= n; i += 16 / sizeof(T))
        add_part<16 / sizeof(T), 1>(x + i, rows, next, to + i);
    }
    for (; rows > 0; --rows, x += next)
      for (std::ptrdiff_t k = i; k < n; ++k) to[k] += x[k];
  }
  template <int N, int W, class T>
  static void add_part(const T* x, std::ptrdiff_t rows, std::ptrdiff_t next, T* to) {
    lanes::vector<T, N> u, sum[W];
#pragma GCC unroll 2
    for (int w = 0; w < W; ++w) lanes::load(sum[w], to + w * N);
    for (; rows > 0; --rows, x += next)
#pragma GCC unroll 2
      for (int w = 0; w < W; ++w) lanes::load(u, x + w * N), sum[w] += u;
#pragma GCC unroll 2
    for (int w = 0; w < W; ++w) lanes::store(sum[w], to + w * N);
  }
  /// A sum in many parts, so that rounding errors grow slowly and additions need not wait for each other.
  template <class T>
  static T sum_of(const T* x, std::ptrdiff_t count, std::ptrdiff_t stride) {
    constexpr int N = has_lanes<T> ? lanes_of<T> : 8;
    T part[N] = {};
    std::ptrdiff_t i = 0;
    if constexpr (has_lanes<T>)
      if (stride == 1) {
        lanes::vector<T, N> u, sum[4] = {};
        for (; i + 4 * N <= count; i += 4 * N)
#pragma GCC unroll 4
          for (int w = 0; w < 4; ++w) lanes::load(u, x + i + w * N), sum[w] += u;
        for (; i + N <= count; i += N) lanes::load(u, x + i), sum[0] += u;
        lanes::store<lanes::vector<T, N>>((sum[0] + sum[2]) + (sum[1] + sum[3]), part);
      }
    for (; i + N <= count; i += N)
      for (int k = 0; k < N; ++k) part[k] += x[(i + k) * stride];
    for (; i < count; ++i) part[i % N] += x[i * stride];
    for (int half = N / 2; half > 0; half /= 2)
      for (int k = 0; k < half; ++k) part[k] += part[k + half];
    return part[0];
  }

  template <class T>
  static void run_product(const array_machine<T>& m, const int* words, bool adds) {
    T* at[3] = {m.place(words), m.place(words + 2), m.place(words + 4)};
    const int *const rows = words + 6, *const columns = rows + 4, *const inner = columns + 4;
    const int batch = inner[4], *const batch_axes = inner + 5;
    const int further = batch_axes[4 * batch], *const further_axes = batch_axes + 4 * batch + 1;
    const auto length = [&](int word) { return m.length[word]; };
    lanes::product<T> p{length(rows[0]),
                        length(inner[0]),
                        length(columns[0]),
                        {nullptr, length(rows[1]), length(inner[1])},
                        {nullptr, length(inner[2]), length(columns[2])},
                        {nullptr, length(rows[3]), length(columns[3])}};
    over_axes<3>(m, batch_axes, batch, at, [&] {
      T* part[3] = {at[0], at[1], at[2]};
      p.c.at = at[2];
      p.add = adds;
      over_axes<3>(m, further_axes, further, part, [&] {
        p.a.at = part[0], p.b.at = part[1];
        multiply_matrices(p, m.scratch);
        p.add = true;
      });
      if (p.add) return;
      lanes::product<T> empty = p;
      empty.k = 0;
      lanes::multiply_plainly(empty);
    });
  }
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
