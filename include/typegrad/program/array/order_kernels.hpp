// SPDX-License-Identifier: BSL-1.0
// How reversed axes, running sums and places of largest elements are evaluated.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../../array/arg_max.hpp"
#include "../../array/order.hpp"
#include "kernels.hpp"

namespace tg::detail {

/// A view from the last element on, with strides that go backwards.
template <>
struct kernel_of<op::flip<>> {
  using primitive = op::flip<>;
  static constexpr void lower(array_lowering& a, int node) {
    const int x = a.b.operand(node, 0);
    array_view v = a.view(x);
    for (int axis = 0; axis < v.rank; ++axis) {
      if (!is_among(a.b, a.b.attribute(node), axis)) continue;
      const int last = a.lengths.plus(v.extent[axis], a.lengths.constant(-1));
      v.offset = a.lengths.plus(v.offset, a.lengths.times(last, v.stride[axis]));
      v.stride[axis] = a.lengths.times(a.lengths.constant(-1), v.stride[axis]);
    }
    a.define(node, x, v);
  }
  template <class T>
  static void run(const array_machine<T>&, const int*) {}
};

/// The words: the places, the axis with its strides, and the other axes.
template <>
struct kernel_of<op::cumsum<>> {
  using primitive = op::cumsum<>;
  static constexpr void lower(array_lowering& a, int node) {
    const int axis = a.b.lists.at(a.b.attribute(node), 0).size;
    const array_view x = a.view(a.b.operand(node, 0)), to = a.begin_call(node);
    buffer<int> others;
    for (int k = 0; k < x.rank; ++k)
      for (int each : {x.extent[k], x.stride[k], to.stride[k]})
        if (k != axis) others.push_back(each);
    a.put_place(x), a.put_place(to);
    a.put(x.extent[axis]), a.put(x.stride[axis]), a.put(to.stride[axis]);
    a.put_axes(others, 3);
  }
  template <class Counter>
  static constexpr void count(Counter& c, const int* words) {
    const std::int64_t all =
        c.length(words[4]) * c.template elements<2>(-1, typename Counter::axes{words + 8, words[7]});
    c.add({.additions = 1}, all);
    c.total.read += all, c.total.written += all;
  }
  static constexpr split_axes split(const int* words) { return split_axes{0, 2}.with_first(8, words[7]); }
  template <class C>
  static void write_c(C& c, const int* words) {
    auto at = c.template places<2>(words);
    c.over(words + 8, words[7], at, [&] {
      c.line("double sum = 0.0;");
      c.over(words + 4, 1, at, [&] {
        c.line("sum += ", at[0], ";");
        c.line(at[1], " = sum;");
      });
    });
  }
  /// Neighbours on the last of the other axes are added side by side.
  template <class T>
  static void run(const array_machine<T>& m, const int* words) {
    T* at[2] = {m.place(words), m.place(words + 2)};
    const std::ptrdiff_t length = m.length[words[4]], step = m.length[words[5]], to_step = m.length[words[6]];
    static constexpr int no_axis[] = {length_table::one, length_table::one, length_table::one};
    const int outer = words[7] > 0 ? words[7] - 1 : 0;
    const int* const last = words[7] > 0 ? words + 8 + 3 * outer : no_axis;
    const std::ptrdiff_t count = m.length[last[0]], p = m.length[last[1]], q = m.length[last[2]];
    if (count == 0) return;  // null pointers are not moved
    over_axes<2>(m, words + 8, outer, at, [&] {
      for (std::ptrdiff_t k = 0; k < length; ++k) {
        const T* const x = at[0] + k * step;
        T *const to = at[1] + k * to_step, *const sum = k == 0 ? nullptr : to - to_step;
        if (sum == nullptr)
          for (std::ptrdiff_t i = 0; i < count; ++i) to[i * q] = x[i * p];
        else if (p == 1 && q == 1)
          for (std::ptrdiff_t i = 0; i < count; ++i) to[i] = sum[i] + x[i];
        else
          for (std::ptrdiff_t i = 0; i < count; ++i) to[i * q] = sum[i * q] + x[i * p];
      }
    });
  }
};

/// As a fold: how many elements there were before the largest one.
struct place_of_largest {
  static constexpr operation_count each{.other = 2};
  static void write_c(auto& c, const auto& to, auto over_elements) {
    c.line("double top = -INFINITY, which = 0.0, first = 0.0;");
    over_elements([&](const auto& x) {
      c.line("if (", x, " > top || (", x, " != ", x, " && top == top)) top = ", x, ", first = which;");
      c.line("which += 1.0;");
    });
    c.line(to, " = first;");
  }
  template <class T, class V, class Each>
  static V over(Each each) {
    if constexpr (Ordered<T>) {
      V top = V(T(-std::numeric_limits<T>::infinity())), place = V(T(0));
      T own = T(0);
      each([&](const V& x) {
        const auto is_larger = x > top || (x != x && top == top);
        top = select(is_larger, x, top), place = select(is_larger, V(own), place);
        own += T(1);
      });
      return place;
    } else {
      return refuse<text{"function: argmax is for numbers that have an order."}, V>();
    }
  }
};
template <>
struct kernel_of<op::argmax<>> : reduction_kernel<op::argmax<>, place_of_largest> {};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
