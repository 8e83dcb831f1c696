// SPDX-License-Identifier: BSL-1.0
// Selections by an index, gather and scatter_add, in loops over the index in its order; and indices as
// numbers. That the indices are in range has been checked before anything is written (call.hpp).
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../../array/selection.hpp"
#include "../../array/symbol.hpp"
#include "../constant.hpp"
#include "kernels.hpp"

namespace tg::detail {

/// What is selected from a wide array, or added to it.
template <class Primitive, bool Adds>
struct selection_kernel {
  using primitive = Primitive;
  static constexpr bool selects = true;

  static constexpr void lower(array_lowering& a, int node) {
    const int index = a.b.operand(node, 1);
    const selection s(a.b, a.b.attribute(node), index);
    const array_view x = a.view(a.b.operand(node, 0)), chosen = a.indices(index), to = a.begin_call(node);
    const array_view &wide = Adds ? to : x, &narrow = Adds ? x : to;
    a.put(chosen.buffer), a.put(wide.extent[s.axis]), a.put(wide.stride[s.axis]);
    a.put_place(wide), a.put_place(narrow);
    buffer<int> of_index, others;
    const int first = s.axis - s.before;
    for (int k = 0; k < chosen.rank; ++k) {
      const bool shared = k < s.before || k >= s.before + s.own;
      for (int each : {chosen.extent[k], chosen.stride[k],
                       shared ? wide.stride[first + k + (k < s.before ? 0 : 1 - s.own)] : length_table::zero,
                       narrow.stride[first + k]})
        of_index.push_back(each);
    }
    for (int k = 0; k < wide.rank; ++k)
      if (k < first || k > s.axis + s.after)
        for (int each : {wide.extent[k], wide.stride[k], narrow.stride[k < first ? k : k + s.own - 1]})
          others.push_back(each);
    a.put_axes(of_index, 4);
    a.put_axes(others, 3);
    if (Adds) a.put(a.elements_of(to));
  }

  template <class Counter>
  static constexpr void count(Counter& c, const int* words) {
    using axes = typename Counter::axes;
    const int *const of_index = words + 7, *const others = of_index + 1 + 4 * of_index[0];
    const std::int64_t all = c.template elements<3>(-1, axes{of_index + 1, of_index[0]}) *
                             c.template elements<2>(-1, axes{others + 1, others[0]});
    c.total.read += all, c.total.written += all;
    if constexpr (Adds) {
      c.add({.additions = 1}, all);
      c.total.written += c.length(others[1 + 3 * others[0]]);
    }
  }

  template <class T>
  static void run(const array_machine<T>& m, const int* words) {
    const index_numbers& index = m.index[words[0]];
    T *const wide = m.place(words + 3), *const narrow = m.place(words + 5);
    const int *const of_index = words + 7, *const others = of_index + 1 + 4 * of_index[0];
    if constexpr (Adds) put_zeros(wide, m.length[others[1 + 3 * others[0]]]);
    // The last of the other axes is a loop of its own.
    static constexpr int no_axis[] = {length_table::one, length_table::one, length_table::one};
    const int outer = others[0] > 0 ? others[0] - 1 : 0;
    const int* const last = others[0] > 0 ? others + 1 + 3 * outer : no_axis;
    const std::ptrdiff_t count = m.length[last[0]], p = m.length[last[1]], q = m.length[last[2]];
    std::ptrdiff_t at[3] = {};
    over_axes<3>(m, of_index + 1, of_index[0], at, [&] {
      T* line[2] = {wide + (at[1] + index[at[0]] * m.length[words[2]]), narrow + at[2]};
      over_axes<2>(m, others + 1, outer, line, [&] {
        if (p == 1 && q == 1)
          for (std::ptrdiff_t i = 0; i < count; ++i) move(line[0][i], line[1][i]);
        else
          for (std::ptrdiff_t i = 0; i < count; ++i) move(line[0][i * p], line[1][i * q]);
      });
    });
  }

 private:
  template <class T>
  TYPEGRAD_INLINE static void move(T& wide, T& narrow) {
    if constexpr (Adds)
      wide += narrow;
    else
      narrow = wide;
  }
};

template <>
struct kernel_of<op::gather<>> : selection_kernel<op::gather<>, false> {};
template <>
struct kernel_of<op::scatter_add<>> : selection_kernel<op::scatter_add<>, true> {};

/// A symbol of indices where it is read as numbers.
template <auto Name, auto... Extents>
struct kernel_of<op::array<Name, Extents...>> {
  using primitive = op::array<Name, Extents...>;
  static constexpr void lower(array_lowering& a, int node) {
    const array_view from = a.indices(node), to = a.begin_call(node);
    buffer<int> axes;
    for (int k = 0; k < from.rank; ++k)
      for (int each : {from.extent[k], from.stride[k], to.stride[k]}) axes.push_back(each);
    a.put(from.buffer);
    a.put_place(to);
    a.put_axes(axes, 3);
  }
  template <class Counter>
  static constexpr void count(Counter& c, const int* words) {
    const std::int64_t all = c.template elements<2>(-1, typename Counter::axes{words + 4, words[3]});
    c.total.read += all, c.total.written += all;
  }
  template <class T>
  static void run(const array_machine<T>& m, const int* words) {
    T* const to = m.place(words + 1);
    std::ptrdiff_t at[2] = {};
    over_axes<2>(m, words + 4, words[3], at, [&] { to[at[1]] = number_as<T>(m.index[words[0]][at[0]]); });
  }
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
