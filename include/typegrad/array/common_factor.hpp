// SPDX-License-Identifier: BSL-1.0
// Two products in a sum with a common factor become one: A*X + A'*X = (A + A')*X, and X*b*c' + X*c*b' =
// X*(b*c' + c*b'). Which of several factors is taken out is not unique; with one there is no choice. What is
// left of each product must be a matrix at most, or nothing is taken out.
#pragma once
#include "../support/compiler/begin.hpp"

#include "contraction_rules.hpp"
#include "differentiate.hpp"

namespace tg::detail {

/// The largest common part of two contractions: which operands, and how their labels correspond.
class common_part {
 public:
  constexpr common_part(builder& graph, int x, int y)
      : b{graph}, p{graph, graph.attribute(x)}, q{graph, graph.attribute(y)}, x_{x}, y_{y} {}

  constexpr bool find() {
    const int m = p.operands(), n = q.operands(), most = m < n ? m - 1 : n - 1;
    if (!have_one_in_common()) return false;
    // Of long products only parts that lack one or two operands are tried.
    const bool few = m <= budgets::common_operands;
    b.limited = b.limited || !few;
    for (int size = most; size > 0 && (few || size + 2 >= m); --size)
      for (int mask = first_of(size); mask < 1 << m; mask = after(mask))
        if (matches(mask)) return true;
    return false;
  }
  /// p*x + q*y with the common part taken out.
  constexpr int joined(const exact& of_x, const exact& of_y) {
    contraction c(b, p, call_of_node(b, x_).declared);
    for (int k = 0; k < p.operands(); ++k)
      if (taken_left_[k] != 0) c.add_operand(p, k, b.operand(x_, k));
    const int u = rest(p, x_, taken_left_, nullptr), v = rest(q, y_, taken_right_, &to_left_);
    const int first = multiply(b, b.constant(of_x), u), second = multiply(b, b.constant(of_y), v);
    c.add(add(b, first, second), between_);
    for (int axis = 0; axis < p.rank(-1); ++axis) c.add_result(p.at(-1, axis));
    return c.build();
  }

 private:
  constexpr bool have_one_in_common() const {
    for (int k = 0; k < p.operands(); ++k)
      for (int l = 0; l < q.operands(); ++l)
        if (b.operand(x_, k) == b.operand(y_, l)) return true;
    return false;
  }
  /// The smallest set of so many operands, and the next larger one of the same size.
  static constexpr int first_of(int size) { return (1 << size) - 1; }
  static constexpr int after(int mask) {
    const int lowest = mask & -mask, carried = mask + lowest;
    return carried | (((carried ^ mask) >> 2) / lowest);
  }

  /// Whether the operands of x in the mask are also in y, with corresponding labels, and the rest of both has
  /// the same labels towards them and the result.
  constexpr bool matches(int mask) {
    to_left_.assign(q.labels, -1);
    taken_left_.assign(p.operands(), 0);
    taken_right_.assign(q.operands(), 0);
    for (int axis = 0; axis < p.rank(-1); ++axis) to_left_[q.at(-1, axis)] = p.at(-1, axis);
    for (int k = 0; k < p.operands(); ++k) {
      if ((mask >> k & 1) == 0) continue;
      int m = 0;
      while (m < q.operands() &&
             (taken_right_[m] != 0 || b.operand(x_, k) != b.operand(y_, m) || !agree(k, m)))
        ++m;
      if (m == q.operands()) return false;
      taken_left_[k] = taken_right_[m] = 1;
      for (int axis = 0; axis < q.rank(m); ++axis) to_left_[q.at(m, axis)] = p.at(k, axis);
    }
    between_.clear();
    buffer<int> right;
    find_between(p, taken_left_, nullptr, between_);
    find_between(q, taken_right_, &to_left_, right);
    if (between_.used != right.used || between_.used > 2 || between_.used == 0) return false;
    for (int l : right)
      if (!holds(between_, l)) return false;
    return true;
  }
  /// Whether the labels of operand m of y can be those of operand k of x.
  constexpr bool agree(int k, int m) const {
    if (p.rank(k) != q.rank(m)) return false;
    for (int axis = 0; axis < q.rank(m); ++axis) {
      const int known_label = to_left_[q.at(m, axis)];
      if (known_label >= 0 ? known_label != p.at(k, axis) : holds(to_left_, p.at(k, axis))) return false;
    }
    return true;
  }
  static constexpr bool holds(const buffer<int>& list, int label) {
    for (int l : list)
      if (l == label) return true;
    return false;
  }
  /// The labels that the rest has in common with the taken operands or with the result, as labels of x; -1
  /// among them where there is none that corresponds.
  constexpr void find_between(const contraction_labels& l, const buffer<char>& taken,
                              const buffer<int>* moved, buffer<int>& found) const {
    for (int label = 0; label < l.labels; ++label) {
      bool inside = false, outside = false;
      for (int k = -1; k < l.operands(); ++k)
        for (int axis = 0; axis < l.rank(k); ++axis)
          if (l.at(k, axis) == label) (k < 0 || taken[k] != 0 ? outside : inside) = true;
      if (inside && outside) found.push_back(moved == nullptr ? label : (*moved)[label]);
    }
  }
  /// The product of the operands that are not taken, with the labels `between_`.
  constexpr int rest(const contraction_labels& l, int node, const buffer<char>& taken,
                     const buffer<int>* moved) {
    const call_of_node operands(b, node);
    contraction c(b, l, operands.declared);
    for (int k = 0; k < l.operands(); ++k)
      if (taken[k] == 0) c.add_operand(l, k, operands.args[k]);
    for (int label : between_) {
      int here = label;
      for (int other = 0; moved != nullptr && other < l.labels; ++other)
        if ((*moved)[other] == label) here = other;
      c.add_result(here);
    }
    return c.build();
  }

  builder& b;
  contraction_labels p, q;
  int x_, y_;
  buffer<int> to_left_;  // a label of y as one of x; -1: not known
  buffer<char> taken_left_, taken_right_;
  buffer<int> between_;
};

/// p*x + q*y as one node; -1 where they have no factor in common that is worth it.
constexpr int join_terms(builder& b, int x, const exact& p, int y, const exact& q) {
  if (b.shape(x) != b.shape(y)) return -1;
  if (is_contraction(b, x) && is_contraction(b, y)) {
    common_part common(b, x, y);
    return common.find() ? common.joined(p, q) : -1;
  }
  const scaled_array u(b, x), v(b, y);
  if (u.array < 0 || u.number != v.number || b.shape(u.array) != b.shape(v.array)) return -1;
  const int first = multiply(b, b.constant(p), u.array), second = multiply(b, b.constant(q), v.array);
  return multiply(b, u.number, add(b, first, second));
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
