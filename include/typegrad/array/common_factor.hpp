// SPDX-License-Identifier: BSL-1.0
// Two contractions in a sum that differ in one operand are one contraction with a sum in its place:
// A*X + A'*X = (A + A')*X. Which of several factors is taken out is not unique; with one there is no choice.
#pragma once
#include "../support/compiler/begin.hpp"

#include "contraction.hpp"

namespace tg::detail {

/// Whether two contractions have all operands but one in common, and how their labels correspond.
class common_operands {
 public:
  constexpr common_operands(const builder& graph, int x, int y)
      : b{graph}, p{graph, graph[x].attribute}, q{graph, graph[y].attribute}, x_{x}, y_{y} {}

  constexpr bool find() {
    const int n = p.operands();
    if (n < 2 || n != q.operands() || p.rank(-1) != q.rank(-1) || p.labels != q.labels) return false;
    for (int i = 0; i < n; ++i)
      for (int j = 0; j < n; ++j)
        if (matches_without(i, j)) return left = i, right = j, true;
    return false;
  }

  int left = -1, right = -1;  // the operands that differ
  buffer<int> to_left;        // a label of y as one of x; -1: not known

  const builder& b;
  contraction_labels p, q;

 private:
  constexpr bool matches_without(int i, int j) {
    to_left.assign(q.labels, -1);
    buffer<char> taken(q.operands());
    taken[j] = 1;
    // The labels of a result are its first numbers, in order, in both.
    for (int axis = 0; axis < p.rank(-1); ++axis) to_left[q.at(-1, axis)] = p.at(-1, axis);
    for (int k = 0; k < p.operands(); ++k) {
      if (k == i) continue;
      int m = 0;
      while (m < q.operands() && (taken[m] != 0 || b.operand(x_, k) != b.operand(y_, m) || !agree(k, m))) ++m;
      if (m == q.operands()) return false;
      taken[m] = 1;
      for (int axis = 0; axis < q.rank(m); ++axis) to_left[q.at(m, axis)] = p.at(k, axis);
    }
    return same_labels(i, j);
  }
  /// Whether the labels of operand m of y can be those of operand k of x.
  constexpr bool agree(int k, int m) const {
    if (p.rank(k) != q.rank(m)) return false;
    for (int axis = 0; axis < q.rank(m); ++axis) {
      const int known_label = to_left[q.at(m, axis)];
      if (known_label >= 0 && known_label != p.at(k, axis)) return false;
      for (int l = 0; l < q.labels && known_label < 0; ++l)
        if (to_left[l] == p.at(k, axis)) return false;
    }
    return true;
  }
  /// Whether the operands that differ have the same labels, each once.
  constexpr bool same_labels(int i, int j) const {
    if (p.rank(i) != q.rank(j)) return false;
    for (int axis = 0; axis < q.rank(j); ++axis) {
      int times = 0;
      for (int other = 0; other < p.rank(i); ++other) times += p.at(i, other) == to_left[q.at(j, axis)];
      if (times != 1) return false;
    }
    return true;
  }

  int x_, y_;
};

/// p*x + q*y as one contraction; -1 where they have not all operands but one in common.
constexpr int join_terms(builder& b, int x, const exact& p, int y, const exact& q) {
  if (!is_contraction(b, x) || !is_contraction(b, y) || b.shape(x) != b.shape(y)) return -1;
  common_operands common(b, x, y);
  if (!common.find()) return -1;
  // The operand of y with its axes in the order of that of x.
  const int u = b.operand(x, common.left), v = b.operand(y, common.right);
  contraction turned(b);
  buffer<int> axes;
  for (int axis = 0; axis < common.q.rank(common.right); ++axis)
    axes.push_back(turned.add_label(b.lists.at(b.shape(v), axis)));
  for (int axis = 0; axis < common.p.rank(common.left); ++axis)
    for (int other = 0; other < axes.used; ++other)
      if (common.to_left[common.q.at(common.right, other)] == common.p.at(common.left, axis))
        turned.add_result(axes[other]);
  turned.add(v, axes);
  const int first = multiply(b, b.constant(p), u), second = multiply(b, b.constant(q), turned.build());
  const int sum = add(b, first, second);
  buffer<int> args, declared;
  for (int k = 0; k < b.count(x); ++k) {
    declared.push_back(b.shape(b.operand(x, k)));
    args.push_back(k == common.left ? sum : b.operand(x, k));
  }
  return build_contraction(b, {b[x].op, b[x].attribute, args, declared});
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
