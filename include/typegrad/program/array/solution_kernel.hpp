// SPDX-License-Identifier: BSL-1.0
// Solutions of linear systems, by the solvers of matrix_kernels.hpp.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <array>

#include "../../lower/array/linear_systems.hpp"
#include "matrix_kernels.hpp"

namespace tg::detail {

/// The inverse of the first operand times the second, as a contraction's labels say it.
struct solution_kernel {
  using primitive = op::solution;
  static constexpr void lower(array_lowering& a, int node) {
    const contraction_labels l(a.b, a.b.attribute(node));
    const array_view matrix = a.view(a.b.operand(node, 0)), x = a.view(a.b.operand(node, 1)),
                     to = a.begin_call(node);
    const int batch = matrix.rank - 2;
    const auto stride_in_result = [&](int label) {
      int axis = 0;
      while (l.at(-1, axis) != label) ++axis;
      return to.stride[axis];
    };
    const bool turned = l.at(0, batch) >= l.rank(-1);  // the label that is summed comes first
    const int own = l.at(0, turned ? batch + 1 : batch);
    buffer<int> columns, leading;
    int along = 0;
    for (int axis = 0; axis < x.rank; ++axis) {
      const int label = l.at(1, axis);
      int carried = 0;
      while (carried < batch && l.at(0, carried) != label) ++carried;
      if (label >= l.rank(-1))
        along = x.stride[axis];
      else if (carried < batch)
        for (int each : {x.extent[axis], matrix.stride[carried], x.stride[axis], stride_in_result(label)})
          leading.push_back(each);
      else
        for (int each : {x.extent[axis], x.stride[axis], stride_in_result(label)}) columns.push_back(each);
    }
    for (const array_view& each : {matrix, x, to}) a.put_place(each);
    a.put(matrix.extent[batch]);
    a.put(matrix.stride[turned ? batch + 1 : batch]), a.put(matrix.stride[turned ? batch : batch + 1]);
    a.put(along), a.put(stride_in_result(own));
    a.put_axes(columns, 3);
    a.put_axes(leading, 4);
  }
  template <class T>
  static std::ptrdiff_t scratch(const std::ptrdiff_t* length, const int* words) {
    return length[words[6]] * (length[words[6]] + columns_of(length, words));
  }
  template <class Counter>
  static constexpr void count(Counter& c, const int* words) {
    const std::int64_t n = c.length(words[6]);
    const int* const leading = words + 12 + 3 * words[11];
    const std::int64_t batch = c.template elements<3>(-1, typename Counter::axes{leading + 1, leading[0]}),
                       columns = c.template elements<2>(-1, typename Counter::axes{words + 12, words[11]});
    count_solution(c, n, columns, batch);
    c.total.read += batch * n * (n + columns);
  }
  template <class C>
  static void write_c(C& c, const int* words) {
    c.helper(c.eliminate), c.helper(c.solve);
    const int *const columns = words + 12, *const leading = columns + 3 * words[11];
    const auto n = c.sum_of(words[6]);
    auto count = c.sum_of(length_table::one);
    for (int k = 0; k < words[11]; ++k) count = count * c.sum_of(columns[3 * k]);
    const auto matrix = c.scratch(n * (n + count));
    auto right = matrix;
    c.add(right, c.text(n), n);
    auto at = c.template places<3>(words);
    const auto over_columns = [&](auto use) {
      c.line("column = 0;");
      std::array part{at[1], at[2]};
      c.over(columns, words[11], part, [&] {
        c.count(c.text(n), [&](const auto& i) {
          auto solution = right;
          c.add(part[0], i, words[9]), c.add(part[1], i, words[10]);
          c.add(solution, i, count), c.add(solution, "column", c.sum_of(length_table::one));
          use(part, solution);
        });
        c.line("++column;");
      });
    };
    c.over(leading + 1, leading[0], at, [&] {
      c.copy_matrix(at[0], words + 6, matrix);
      c.line("long column;");
      over_columns([&](const auto& part, const auto& solution) { c.line(solution, " = ", part[0], ";"); });
      c.line("const int regular = solve_system(", c.text(n), ", scratch, ", c.text(count), ", &", right,
             ");");
      over_columns([&](const auto& part, const auto& solution) {
        c.line(part[1], " = regular ? ", solution, " : NAN;");
      });
    });
  }
  static constexpr split_axes split(const int* words) {
    const int leading = 12 + 3 * words[11];
    return words[leading] > 0 ? split_axes{0, 3}.with(leading + 1, 1) : split_axes{0, 3};
  }
  template <class T, class Solver>
  static void run(const array_machine<T>& m, const int* words) {
    T* at[3] = {m.place(words), m.place(words + 2), m.place(words + 4)};
    const std::ptrdiff_t n = m.length[words[6]], row = m.length[words[7]], column = m.length[words[8]],
                         along = m.length[words[9]], own = m.length[words[10]],
                         count = columns_of(m.length, words);
    const int *const columns = words + 12, *const leading = columns + 3 * words[11];
    T *const a = m.scratch, *const x = a + n * n;
    over_axes<3>(m, leading + 1, leading[0], at, [&] {
      for (std::ptrdiff_t i = 0; i < n * n; ++i) a[i] = at[0][i / n * row + i % n * column];
      T *part[2] = {at[1], at[2]}, *next = x;
      over_axes<2>(m, columns, words[11], part, [&] {
        for (std::ptrdiff_t i = 0; i < n; ++i) next[i * count] = part[0][i * along];
        ++next;
      });
      const bool regular = Solver::solve(n, a, count, x);
      part[0] = at[1], part[1] = at[2], next = x;
      over_axes<2>(m, columns, words[11], part, [&] {
        for (std::ptrdiff_t i = 0; i < n; ++i) part[1][i * own] = regular ? next[i * count] : undefined<T>();
        ++next;
      });
    });
  }

 private:
  static std::ptrdiff_t columns_of(const std::ptrdiff_t* length, const int* words) {
    std::ptrdiff_t count = 1;
    for (int k = 0; k < words[11]; ++k) count *= length[words[12 + 3 * k]];
    return count;
  }
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
