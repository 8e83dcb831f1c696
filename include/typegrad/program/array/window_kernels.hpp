// SPDX-License-Identifier: BSL-1.0
// How windows are evaluated: they are a view of the elements that are there, and their sum is a call.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <array>

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
    c.add({.additions = 1, .multiplications = 1}, elements<4>(c, words + 6, -1));
    c.total.read += elements<4>(c, words + 6, 0) + elements<4>(c, words + 6, 1);
    c.total.written += elements<4>(c, words + 6, 2);
  }
  /// The elements along groups of axes, whose words these are: of all operands, or of one.
  template <int Groups, class Counter>
  static constexpr std::int64_t elements(const Counter& c, const int* words, int which) {
    std::int64_t all = 1;
    for (int k = 0; k < Groups; ++k, words += 1 + 4 * words[0])
      all *= c.template elements<3>(which, typename Counter::axes{words + 1, words[0]});
    return all;
  }
  /// The first axis of rows and of columns. Of the axes that are walked along in lanes none is shorter then.
  static constexpr split_axes split(const int* words) {
    split_axes axes{0, 3};
    for (int group = 0, at = 6; group < 2; ++group, at += 1 + 4 * words[at])
      if (words[at] > 0 && words[at + 4] != length_table::one) axes.with(at + 1, 1);
    return axes;
  }
  template <class C>
  static void write_c(C& c, const int* words, bool add = false) {
    write_product(c, c.template places<3>(words), words + 6, add, false);
  }
  /// `at` has both operands and the result; the words are those of window_product.
  template <class C, class Places>
  static void write_product(C& c, Places at, const int* words, bool add, bool some_backwards) {
    const int* group[5];  // rows, columns, inner axes, those of all, those backwards
    for (int k = 0; k < (some_backwards ? 5 : 4); ++k) group[k] = words, words += 1 + 4 * words[0];
    const auto over = [&](int k, auto use) {
      if (k == 4 && !some_backwards) return use();
      c.over(group[k] + 1, group[k][0], at, use, k == 4);
    };
    over(3, [&] {
      over(0, [&] {
        over(1, [&] {
          c.sum(
              at[2], [&](auto use) { over(2, [&] { over(4, [&] { use(at[0].text() + " * " + at[1]); }); }); },
              add);
        });
      });
    });
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
    buffer<int> folds;
    int x = node;
    do folds.push_back(x), x = a.b.operand(x, 0);
    while (a.b[x].op == primitive_record() && a.is_only_read_by(x, primitive_record()));
    if (!is_folded_product(a, x)) return lower_sum(a, node, x, folds);
    if (!lower_mirrored(a, node, x, folds)) lower_product(a, node, x, folds);
  }
  template <class Counter>
  static constexpr void count(Counter& c, const int* words) {
    c.total.written += c.length(words[2]);
    if (words[3] == 1) return window_product_kernel::count(c, words + 4);
    if (words[3] == 2) return count_mirrored(c, words + 5);
    const std::int64_t all = c.template elements<2>(-1, typename Counter::axes{words + 9, words[8]});
    c.add({.additions = 1}, all);
    c.total.read += all;
  }
  template <class C>
  static void write_c(C& c, const int* words) {
    if (words[3] == 2) return write_mirrored(c, words);
    c.fill(c.at(words), c.sum_of(words[2]));
    if (words[3] == 1) return window_product_kernel::write_c(c, words + 4, true);
    auto at = c.template places<2>(words + 4);
    c.over(words + 9, words[8], at, [&] { c.line(at[1], " += ", at[0], ";"); });
  }
  template <class T>
  static std::ptrdiff_t scratch(const std::ptrdiff_t* length, const int* words) {
    if (words[3] == 2) return length[words[4]] + mirrored(length, words + 5).template scratch<T>();
    return words[3] == 1 ? window_product_kernel::scratch<T>(length, words + 4) : 0;
  }
  template <class T>
  static void run(const array_machine<T>& m, const int* words) {
    if (words[3] == 2) return run_mirrored(m, words);
    put_zeros(m.place(words), m.length[words[2]]);
    if (words[3] == 1) return window_product_kernel::run(m, words + 4, true);
    T* at[2] = {m.place(words + 4), m.place(words + 6)};
    over_pairs(m, words + 9, words[8], at, [](const T& x, T& y) { y += x; });
  }

 private:
  static constexpr const record* primitive_record() { return known<op::fold<>>; }
  /// Begins the call; the result as the innermost fold's operand lies in it.
  static constexpr array_view begin(array_lowering& a, int node, const buffer<int>& folds) {
    array_view seen = a.begin_call(node);
    a.put_place(seen);
    a.put(a.elements_of(seen));
    for (int fold : folds) seen = windows_of(a, seen, windows_of_node(a, fold, true));
    return seen;
  }
  static constexpr void lower_product(array_lowering& a, int node, int x, const buffer<int>& folds) {
    const contraction_labels l(a.b, a.b.attribute(x));
    contraction_kernel::labels of(a, x, l);
    buffer<int> within;  // the axes of windows
    for (int fold : folds) {
      const int axis = windows_of_node(a, fold, true).axis;
      for (int& each : within) each += each > axis;
      within.push_back(axis + 1);
    }
    of.result(begin(a, node, folds));
    a.put(1);
    of.put_any_product(within);
  }
  /// Where windows move by one element, the sum of windows of a product is a product of windows itself: of
  /// those of one operand with zeros around, with the other mirrored. It is taken where that is not many more
  /// multiplications.
  static constexpr bool lower_mirrored(array_lowering& a, int node, int x, const buffer<int>& folds) {
    const contraction_labels l(a.b, a.b.attribute(x));
    contraction_kernel::labels of(a, x, l);
    buffer<int> within;  // axes
    std::int64_t places = 1, elements = 1;
    for (int fold : folds) {
      const window_shape w = windows_of_node(a, fold, true);
      places *= w.count(), elements *= w.length;
      for (int& axis : within) {
        if (w.stride != 1 || w.axis == axis || w.axis == axis - 1) return false;
        axis += axis > w.axis;
      }
      if (w.stride != 1) return false;
      within.push_back(w.axis + 1);
    }
    if (elements > 4 * places) return false;
    // The operand with the places, and the one with the elements of windows.
    const int moved = of.where[l.at(-1, within[0] - 1)] == 5 ? 0 : 1, other = 1 - moved;
    for (int axis : within)
      if (of.where[l.at(-1, axis - 1)] != (4 | 1 << moved) || of.where[l.at(-1, axis)] != (4 | 1 << other))
        return false;
    buffer<int>&from = moved == 0 ? of.x : of.y, &by = moved == 0 ? of.y : of.x;
    buffer<int> length(l.labels), stride(l.labels), groups[5], copied;
    for (int label = 0; label < l.labels; ++label) length[label] = of.extent[label];
    const auto zeros = [&](const window_shape& w) { return (w.size - 1) * w.dilation; };
    for (int f = 0; f < folds.used; ++f) {
      const window_shape w = windows_of_node(a, folds[f], true);
      length[l.at(-1, within[f] - 1)] = a.lengths.constant(w.length + zeros(w));
    }
    int size = length_table::one, first = length_table::zero;
    for (int axis = l.rank(moved) - 1; axis >= 0; --axis) {
      const int label = l.at(moved, axis);
      if (stride[label] != 0) return false;  // a diagonal
      stride[label] = size;
      size = a.lengths.times(size, length[label]);
    }
    of.result(begin(a, node, folds));
    for (int f = 0; f < folds.used; ++f) {
      const window_shape w = windows_of_node(a, folds[f], true);
      const int place = l.at(-1, within[f] - 1), own = l.at(-1, within[f]);
      first = a.lengths.plus(first, a.lengths.times(a.lengths.constant(zeros(w)), stride[place]));
      for (int each :
           {of.extent[own], by[own], a.lengths.times(a.lengths.constant(w.dilation), stride[place]),
            int{length_table::zero}})
        groups[4].push_back(each);
      of.where[own] = 0;
      length[place] = a.lengths.constant(w.length);
    }
    for (int label = 0; label < l.labels; ++label) {
      const int where = of.where[label];
      if (where == 0) continue;
      buffer<int>& group = groups[where == (4 | 1 << other)   ? 0
                                  : where == (4 | 1 << moved) ? 1
                                  : where == 3                ? 2
                                                              : 3];
      for (int each : {length[label], by[label], stride[label], of.out[label]}) group.push_back(each);
    }
    for (int axis = 0; axis < l.rank(moved); ++axis) {
      const int label = l.at(moved, axis);
      for (int each : {of.extent[label], from[label], stride[label]}) copied.push_back(each);
    }
    a.put(2);
    a.put(size), a.put(first);
    a.put_place(of.seen[moved]), a.put_place(of.seen[other]);
    a.put_axes(copied, 3);
    for (buffer<int>& axes : groups) a.put_axes(axes, 4);
    return true;
  }
  // The words of a mirrored product, after the place and size of the result and the kind: the size of the
  // copy, where the operand begins in it, the places of both operands, the axes of the copy and those of the
  // product.
  static const int* product_words(const int* words) { return words + 6 + 3 * words[5]; }
  static window_product mirrored(const std::ptrdiff_t* length, const int* words) {
    return {product_words(words), [&](int word) { return length[word]; }, true};
  }
  template <class T>
  static void run_mirrored(const array_machine<T>& m, const int* all) {
    const int* const words = all + 5;
    T* const copy = m.scratch;
    put_zeros(copy, m.length[all[4]]);
    T* at[2] = {m.place(words + 1), copy + m.length[words[0]]};
    copy_along(m, words + 6, words[5], at);
    mirrored(m.length, words)
        .run(m.place(words + 3), static_cast<const T*>(copy), m.place(all), false, copy + m.length[all[4]]);
  }
  template <class C>
  static void write_mirrored(C& c, const int* all) {
    const int* const words = all + 5;
    const auto copy = c.scratch(c.sum_of(all[4]));
    c.fill(copy, c.sum_of(all[4]));
    auto to = copy;
    c.add(to, c.length(words[0]), length_table::one);
    c.copy(words + 6, words[5], {c.at(words + 1), to});
    window_product_kernel::write_product(c, std::array{c.at(words + 3), copy, c.at(all)},
                                         product_words(words), false, true);
  }
  template <class Counter>
  static constexpr void count_mirrored(Counter& c, const int* words) {
    const auto elements = [&](int which) {
      return window_product_kernel::elements<5>(c, product_words(words), which);
    };
    c.add({.additions = 1, .multiplications = 1}, elements(-1));
    c.total.read += elements(0) + c.template elements<2>(-1, typename Counter::axes{words + 6, words[5]});
  }
  static constexpr void lower_sum(array_lowering& a, int node, int x, const buffer<int>& folds) {
    const array_view from = a.view(x);
    buffer<int> axes;
    const array_view seen = begin(a, node, folds);
    a.put(0);
    a.put_place(from), a.put_place(seen);
    for (int axis = 0; axis < from.rank; ++axis)
      for (int each : {from.extent[axis], from.stride[axis], seen.stride[axis]}) axes.push_back(each);
    a.put_axes(axes, 3);
  }
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
