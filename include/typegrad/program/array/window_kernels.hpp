// SPDX-License-Identifier: BSL-1.0
// How windows are evaluated: they are a view of the elements that are there, and their sum is a call.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../../array/window.hpp"
#include "kernels.hpp"
#include "window_product.hpp"

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

/// A product of two arrays that is not computed by itself, but added into the sum of windows that it is.
constexpr bool is_folded_product(const array_lowering& a, int node) {
  return is_contraction(a.b, node) && a.b.count(node) == 2 && a.is_only_read_by(node, known<op::fold<>>) &&
         !contraction_kernel::has_diagonal(contraction_labels(a.b, a.b.attribute(node)));
}

/// Products of windows, and what window_product.hpp calls so. Others are as they are without windows.
struct window_product_kernel {
  using primitive = op::contraction;
  static constexpr void lower(array_lowering& a, int node) {
    const contraction_labels l(a.b, a.b.attribute(node));
    if (is_folded_product(a, node)) return;
    if (l.operands() != 2 || contraction_kernel::has_diagonal(l) ||
        !(shows_windows(a, a.b.operand(node, 0)) || shows_windows(a, a.b.operand(node, 1))))
      return contraction_kernel::lower(a, node);
    contraction_kernel::labels of(a, node, l);
    of.result(a.begin_call(node, true));
    of.put_any_product({});
  }
  template <class Counter>
  static constexpr void count(Counter& c, const int* words) {
    using axes = typename Counter::axes;
    axes group[4];
    const int* next = words + 6;
    for (axes& each : group) each = {next + 1, next[0]}, next += 1 + 4 * next[0];
    const auto elements = [&](int which) {
      return c.template elements<3>(which, group[0], group[1], group[2], group[3]);
    };
    c.add({.additions = 1, .multiplications = 1}, elements(-1));
    c.total.read += elements(0) + elements(1);
    c.total.written += elements(2);
  }
  template <class T>
  static std::ptrdiff_t scratch(const std::ptrdiff_t* length, const int* words) {
    return product(length, words).template scratch<T>();
  }
  template <class T>
  static void run(const array_machine<T>& m, const int* words) {
    run(m, words, false);
  }
  template <class T>
  static void run(const array_machine<T>& m, const int* words, bool add) {
    product(m.length, words).run(m.place(words), m.place(words + 2), m.place(words + 4), add, m.scratch);
  }

 private:
  static constexpr bool shows_windows(const array_lowering& a, int x) {
    while (a.b[x].op == known<op::reshape<>>) x = a.b.operand(x, 0);
    return a.b[x].op == known<op::window<>>;
  }
  static window_product product(const std::ptrdiff_t* length, const int* words) {
    return {words + 6, [&](int word) { return length[word]; }};
  }
};

template <>
struct kernel_of<op::window<>> {
  using primitive = op::window<>;
  using besides = window_product_kernel;
  static constexpr void lower(array_lowering& a, int node) {
    const int x = a.b.operand(node, 0);
    a.define(node, x, windows_of(a, a.view(x), windows_of_node(a, node, false)));
  }
  template <class T>
  static void run(const array_machine<T>&, const int*) {}
};

/// The result is 0, and then windows are added to their elements, those at one place in all windows after
/// those at another: no two of them are the same element of the result. Folds of folds are one call, and a
/// product that is read by nothing else is added where it belongs as it is computed.
template <>
struct kernel_of<op::fold<>> {
  using primitive = op::fold<>;
  using besides = window_product_kernel;
  static constexpr void lower(array_lowering& a, int node) {
    if (a.is_only_read_by(node, primitive_record())) return;
    buffer<int> folds, within;  // the axes of windows
    int x = node;
    do folds.push_back(x), x = a.b.operand(x, 0);
    while (a.b[x].op == primitive_record() && a.is_only_read_by(x, primitive_record()));
    is_folded_product(a, x) ? lower_product(a, node, x, folds) : lower_sum(a, node, x, folds);
  }
  template <class Counter>
  static constexpr void count(Counter& c, const int* words) {
    c.total.written += c.length(words[2]);
    if (words[3] == 1) return window_product_kernel::count(c, words + 4);
    const std::int64_t all = c.template elements<2>(-1, typename Counter::axes{words + 9, words[8]});
    c.add({.additions = 1}, all);
    c.total.read += all;
  }
  template <class T>
  static std::ptrdiff_t scratch(const std::ptrdiff_t* length, const int* words) {
    return words[3] == 1 ? window_product_kernel::scratch<T>(length, words + 4) : 0;
  }
  template <class T>
  static void run(const array_machine<T>& m, const int* words) {
    T* const to = m.place(words);
    for (std::ptrdiff_t i = 0; i < m.length[words[2]]; ++i) to[i] = T(0);
    if (words[3] == 1) return window_product_kernel::run(m, words + 4, true);
    T* at[2] = {m.place(words + 4), m.place(words + 6)};
    over_axes<2>(m, words + 9, words[8], at, [&] { *at[1] += *at[0]; });
  }

 private:
  static constexpr const record* primitive_record() { return known<op::fold<>>; }
  /// Begins the call; the result as the innermost fold's operand lies in it, and the axes within windows.
  static constexpr array_view begin(array_lowering& a, int node, const buffer<int>& folds,
                                    buffer<int>& within) {
    array_view seen = a.begin_call(node);
    a.put_place(seen);
    a.put(a.lengths.times(seen.extent[0], seen.stride[0]));
    for (int fold : folds) {
      const window_shape w = windows_of_node(a, fold, true);
      seen = windows_of(a, seen, w);
      for (int& axis : within) axis += axis > w.axis;
      within.push_back(w.axis + 1);
    }
    return seen;
  }
  static constexpr void lower_product(array_lowering& a, int node, int x, const buffer<int>& folds) {
    const contraction_labels l(a.b, a.b.attribute(x));
    contraction_kernel::labels of(a, x, l);
    buffer<int> within;
    of.result(begin(a, node, folds, within));
    a.put(1);
    of.put_any_product(within);
  }
  static constexpr void lower_sum(array_lowering& a, int node, int x, const buffer<int>& folds) {
    const array_view from = a.view(x);
    buffer<int> within, axes;
    const array_view seen = begin(a, node, folds, within);
    a.put(0);
    a.put_place(from), a.put_place(seen);
    for (int axis = 0; axis < from.rank; ++axis)
      for (int each : {from.extent[axis], from.stride[axis], seen.stride[axis]}) axes.push_back(each);
    a.put_axes(axes, 3);
  }
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
