// SPDX-License-Identifier: BSL-1.0
// How windows are evaluated: they are a view of the elements that are there, and their sum is a call.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../../array/pooling.hpp"
#include "kernels.hpp"

namespace tg::detail {

/// The windows of what a view shows.
constexpr array_view windows_of(array_lowering& a, const array_view& whole, const window_shape& w) {
  array_view v = whole;
  v.rank = whole.rank + 1;
  for (int axis = whole.rank; axis > w.axis; --axis) {
    v.extent[axis] = whole.extent[axis - 1];
    v.stride[axis] = whole.stride[axis - 1];
  }
  v.extent[w.axis] = a.lengths.constant(w.count());
  v.stride[w.axis] = a.lengths.times(a.lengths.constant(w.stride), whole.stride[w.axis]);
  v.extent[w.axis + 1] = a.lengths.constant(w.size);
  v.stride[w.axis + 1] = a.lengths.times(a.lengths.constant(w.dilation), whole.stride[w.axis]);
  return v;
}
constexpr window_shape windows_of_node(const array_lowering& a, int node, bool folds) {
  const call_of_node call(a.b, node);
  return read_windows(a.b, {a.b[node].op, a.b.attribute(node), call.args, call.declared}, folds);
}

template <>
struct kernel_of<op::window<>> {
  using primitive = op::window<>;
  static constexpr void lower(array_lowering& a, int node) {
    const int x = a.b.operand(node, 0);
    a.define(node, x, windows_of(a, a.view(x), windows_of_node(a, node, false)));
  }
  template <class T>
  static void run(const array_machine<T>&, const int*) {}
};

/// The result is 0, and then each window is added to its elements, those at one place in all windows after
/// those at another: no two of them are the same element of the result.
template <>
struct kernel_of<op::fold<>> {
  using primitive = op::fold<>;
  static constexpr void lower(array_lowering& a, int node) {
    const array_view x = a.view(a.b.operand(node, 0)), to = a.begin_call(node);
    const window_shape w = windows_of_node(a, node, true);
    const array_view seen = windows_of(a, to, w);
    a.put_place(to);
    a.put(a.lengths.times(to.extent[0], to.stride[0]));
    a.put_place(x), a.put_place(seen);
    buffer<int> axes;
    for (int axis = 0; axis < x.rank; ++axis)
      for (int each : {x.extent[axis], x.stride[axis], seen.stride[axis]}) axes.push_back(each);
    a.put_axes(axes, 3);
  }
  template <class Counter>
  static constexpr void count(Counter& c, const int* words) {
    const std::int64_t all = c.template elements<2>(-1, typename Counter::axes{words + 8, words[7]});
    c.add({.additions = 1}, all);
    c.total.read += all;
    c.total.written += c.length(words[2]);
  }
  template <class T>
  static void run(const array_machine<T>& m, const int* words) {
    T* const to = m.place(words);
    for (std::ptrdiff_t i = 0; i < m.length[words[2]]; ++i) to[i] = T(0);
    T* at[2] = {m.place(words + 3), m.place(words + 5)};
    over_axes<2>(m, words + 8, words[7], at, [&] { *at[1] += *at[0]; });
  }
};

template <>
struct kernel_of<op::first_max<>> : reduction_kernel<op::first_max<>, largest> {};
/// 1 at the first of the largest elements, 0 elsewhere. Of NaNs it is the last, as in PyTorch.
template <>
struct kernel_of<op::first_largest<>> {
  using primitive = op::first_largest<>;
  static constexpr void lower(array_lowering& a, int node) {
    const array_view x = a.view(a.b.operand(node, 0)), to = a.begin_call(node);
    buffer<int> kept, reduced;
    const int axes = a.b.attribute(node);
    for (int axis = 0; axis < x.rank; ++axis) {
      bool is_kept = true;
      for (int k = 0; k < a.b.lists.rank(axes); ++k) is_kept = is_kept && a.b.lists.at(axes, k).size != axis;
      for (int each : {x.extent[axis], x.stride[axis], to.stride[axis]})
        (is_kept ? kept : reduced).push_back(each);
    }
    a.put_place(x), a.put_place(to);
    a.put_axes(kept, 3);
    a.put_axes(reduced, 3);
  }
  template <class Counter>
  static constexpr void count(Counter& c, const int* words) {
    using axes = typename Counter::axes;
    const int *const kept = words + 4, *const reduced = kept + 1 + 3 * kept[0];
    const std::int64_t all =
        c.template elements<2>(-1, axes{kept + 1, kept[0]}, axes{reduced + 1, reduced[0]});
    c.add({.other = 1}, all);
    c.total.read += all, c.total.written += all;
  }
  template <class T>
  static void run(const array_machine<T>& m, const int* words) {
    T* at[2] = {m.place(words), m.place(words + 2)};
    const int kept = words[4], reduced = words[5 + 3 * kept], *const axes = words + 6 + 3 * kept;
    over_axes<2>(m, words + 5, kept, at, [&] {
      T *each[2] = {at[0], at[1]}, *first = at[1], largest = *at[0];
      over_axes<2>(m, axes, reduced, each, [&] {
        if (const T x = *each[0]; x > largest || x != x) largest = x, first = each[1];
        *each[1] = T(0);
      });
      *first = T(1);
    });
  }
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
