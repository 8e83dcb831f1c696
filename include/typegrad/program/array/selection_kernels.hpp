// SPDX-License-Identifier: BSL-1.0
// Selections by an index, gather and scatter_add, in loops over the index in its order; and indices as
// numbers. That the indices are in range has been checked before anything is written (call.hpp).
#pragma once
#include "../../support/compiler/begin.hpp"

#include <array>

#include "../../array/selection.hpp"
#include "../../array/symbol.hpp"
#include "../constant.hpp"
#include "kernels.hpp"

namespace tg::detail {

/// What is selected from a wide array, or added to it. The words: the places of the index, of the wide and of
/// the narrow array; the length of the axis that is indexed (~length where the index is no symbol but
/// computed and in range) and its stride; the index that stands for none; the axes of the index and
/// the others, each with the strides of all three.
template <class Primitive, bool Adds>
struct selection_kernel {
  using primitive = Primitive;
  static constexpr bool selects = true;

  static constexpr void lower(array_lowering& a, int node) {
    const int index = a.b.operand(node, 1);
    const selection s(a.b, a.b.attribute(node), index);
    const array_view x = a.view(a.b.operand(node, 0)),
                     chosen = is_index_symbol(a.b, index) ? a.indices(index) : a.view(index),
                     to = a.begin_call(node);
    const array_view &wide = Adds ? to : x, &narrow = Adds ? x : to;
    a.put_place(chosen), a.put_place(wide), a.put_place(narrow);
    a.put(is_index_symbol(a.b, index) ? wide.extent[s.axis] : ~wide.extent[s.axis]);
    a.put(wide.stride[s.axis]);
    a.put(selection::ignored(a.b, a.b.attribute(node), Adds));
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
        for (int each : {wide.extent[k], int{length_table::zero}, wide.stride[k],
                         narrow.stride[k < first ? k : k + s.own - 1]})
          others.push_back(each);
    a.put_axes(of_index, 4);
    a.put_axes(others, 4);
  }

  template <class Counter>
  static constexpr void count(Counter& c, const int* words) {
    using axes = typename Counter::axes;
    const int *const of_index = words + 9, *const others = axes_after(of_index);
    const std::int64_t all =
        c.template elements<3>(-1, axes{of_index + 1, of_index[0]}, axes{others + 1, others[0]});
    c.total.read += all, c.total.written += all;
    if constexpr (Adds) {
      c.add({.additions = 1}, all);
      c.total.written +=
          c.length(length_word(words)) *
          c.template elements<3>(1, axes{of_index + 1, of_index[0]}, axes{others + 1, others[0]});
    }
  }
  /// Parts share no element that is added to: they have other lines of the wide array.
  static constexpr split_axes split(const int* words) {
    split_axes axes{0, 3};
    const int of_index = 9, others = 10 + 4 * words[of_index];
    if (words[others] > 0) axes.with(others + 1, words[others] == 1 ? 16 : 1);
    if (words[of_index] > 0 && (!Adds || words[of_index + 3] != length_table::zero))
      axes.with(of_index + 1, 1);
    return axes;
  }

  template <class C>
  static void write_c(C& c, const int* words) {
    const int *const of_index = words + 9, *const others = axes_after(of_index);
    auto at = c.template places<3>(words);
    int shared[4 * 8];
    if (Adds)
      c.over(shared, shared_axes(of_index, shared), at, [&] {
        c.over(others + 1, others[0], at, [&] {
          c.count(c.length(length_word(words)), [&](const auto& k) {
            auto to = at[1];
            c.add(to, k, words[7]);
            c.line(to, " = 0.0;");
          });
        });
      });
    c.over(of_index + 1, of_index[0], at, [&] {
      c.line("const long chosen = ", words[6] < 0 ? "(long)" : "", at[0], ";");
      auto line = at;
      c.add(line[1], "chosen", words[7]);
      const bool may_be_none = words[8] != selection::all;
      if (Adds && may_be_none) c.line("if (chosen != ", c.number(words[8]), ")");
      c.over(others + 1, others[0], line, [&] {
        if (Adds)
          c.line(line[1], " += ", line[2], ";");
        else if (may_be_none)
          c.line(line[2], " = chosen == ", c.number(words[8]), " ? 0.0 : ", line[1], ";");
        else
          c.line(line[2], " = ", line[1], ";");
      });
    });
  }

  template <class T>
  static void run(const array_machine<T>& m, const int* words) {
    const int *const of_index = words + 9, *const others = axes_after(of_index);
    T *const wide = m.place(words + 2), *const narrow = m.place(words + 4);
    const std::ptrdiff_t length = m.length[length_word(words)], step = m.length[words[7]];
    const auto [outer, count, stride] = last_of(m, others);
    const std::ptrdiff_t p = stride[0], q = stride[1];
    if (count == 0) return;  // null pointers are not moved
    if constexpr (Adds) put_zeros_in(m, wide, of_index, others, length, step);
    const auto select = [&](const auto& index) {
      std::ptrdiff_t at[3] = {m.length[words[1]], 0, 0};
      over_axes<3>(m, of_index + 1, of_index[0], at, [&] {
        const auto place = static_cast<std::ptrdiff_t>(index[at[0]]);
        const bool none = place == words[8];
        if (Adds && none) return;
        std::ptrdiff_t line[3] = {0, at[1] + (none ? 0 : place) * step, at[2]};
        over_axes<3>(m, others + 1, outer, line, [&] {
          T *const x = wide + line[1], *const y = narrow + line[2];
          if (none)
            for (std::ptrdiff_t i = 0; i < count; ++i) y[i * q] = T(0);
          else if (p == 1 && q == 1)
            for (std::ptrdiff_t i = 0; i < count; ++i) move(x[i], y[i]);
          else
            for (std::ptrdiff_t i = 0; i < count; ++i) move(x[i * p], y[i * q]);
        });
      });
    };
    if (words[6] >= 0)
      select(m.index[words[0]]);
    else if constexpr (requires(const T& x) { static_cast<std::ptrdiff_t>(x); })  // as all that argmax takes
      select(m.buffer[words[0]]);
  }

 private:
  /// The last of the other axes is a loop of its own: how many come before it, its extent and its strides.
  struct last_axis {
    int outer = 0;
    std::ptrdiff_t extent = 1, stride[2] = {1, 1};
  };
  template <class T>
  static last_axis last_of(const array_machine<T>& m, const int* others) {
    if (others[0] == 0) return {};
    const int outer = others[0] - 1, *const last = others + 1 + 4 * outer;
    return {outer, m.length[last[0]], {m.length[last[2]], m.length[last[3]]}};
  }
  static constexpr const int* axes_after(const int* axes) { return axes + 1 + 4 * axes[0]; }
  static constexpr int length_word(const int* words) { return words[6] < 0 ? ~words[6] : words[6]; }
  /// The axes of the index that the wide array has, too, and how many there are.
  static int shared_axes(const int* of_index, int* shared) {
    int count = 0;
    for (int k = 0; k < of_index[0]; ++k)
      if (const int* const axis = of_index + 1 + 4 * k; axis[2] != length_table::zero)
        std::memcpy(shared + 4 * count++, axis, 4 * sizeof(int));
    return count;
  }
  /// Zeros along all axes of the wide array, one of which has that length and step.
  template <class T>
  static void put_zeros_in(const array_machine<T>& m, T* wide, const int* of_index, const int* others,
                           std::ptrdiff_t length, std::ptrdiff_t step) {
    int shared[4 * 8];
    const int count = shared_axes(of_index, shared);
    const auto [outer, extent, stride] = last_of(m, others);
    std::ptrdiff_t at[3] = {};
    over_axes<3>(m, shared, count, at, [&] {
      std::ptrdiff_t line[3] = {0, at[1], 0};
      over_axes<3>(m, others + 1, outer, line, [&] {
        for (std::ptrdiff_t k = 0; k < length; ++k)
          for (std::ptrdiff_t i = 0; i < extent; ++i) wide[line[1] + k * step + i * stride[0]] = T(0);
      });
    });
  }
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
  static void write_c(auto& c, const int* words) {
    std::array at{c.at(words[0], length_table::zero), c.at(words + 1)};
    c.over(words + 4, words[3], at, [&] { c.line(at[1], " = (double)", at[0], ";"); });
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
