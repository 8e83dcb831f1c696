// SPDX-License-Identifier: BSL-1.0
// What a contraction says in the notation of matrices: its operands are joined, two at a time, along labels
// that they share, into products, transposes, traces, diagonals and sums over axes, until one array with the
// labels of the result is left.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../../array/matrix.hpp"
#include "../writer.hpp"

namespace tg::detail {

/// A part of the expression: an operand, which is a node of the graph, or what its name says of parts.
struct matrix_part {
  enum form : unsigned char {
    operand,
    transpose,
    product,
    elementwise,
    diagonal_matrix,
    diagonal,
    trace,
    sum,
    axis_sum
  };
  form what;
  int rank;
  int x, y = 0;            // a node; one or two parts; a part and an axis
  bool symmetric = false;  // equal to its transpose
};

/// A factor of a product; `flipped`: its transpose.
struct matrix_factor {
  int part;
  bool flipped;
};

class matrix_expression {
 public:
  /// `names`: a node with a name is not looked into.
  constexpr matrix_expression(const builder& graph, int node, const outline& names)
      : b{graph}, labels_(graph, graph.attribute(node)), names_{names} {
    for (int k = 0; k < labels_.operands(); ++k)
      if (labels_.rank(k) > 2 || labels_.rank(k) == 0) return;
    if (labels_.rank(-1) > 2) return;
    for (int k = 0; k < labels_.operands(); ++k)
      terms_.push_back({add(matrix_part::operand, labels_.rank(k), b.operand(node, k)), labels_.rank(k),
                        labels_.at(k, 0), labels_.at(k, labels_.rank(k) - 1)});
    while (step()) {
    }
    finish();
  }

  /// Whether it can be said so; if not, only labels say it.
  bool found = false;
  int root = -1;        // the array; -1: the result is a number
  buffer<int> scalars;  // factors that are numbers
  buffer<matrix_part> parts;

  /// The factors of a product in order, of which a person transposes few.
  constexpr void factors_of(int part, buffer<matrix_factor>& list) const {
    list.clear();
    flatten(part, false, list);
    if (parts[part].rank == 0 && turns(list)) turn(list);
  }
  /// Those of a matrix whose sum or trace is taken; whether it has been transposed.
  constexpr bool factors_within(int part, bool cyclic, buffer<matrix_factor>& list) const {
    list.clear();
    flatten(part, false, list);
    const bool turned = parts[part].rank == 2 && turns(list);
    if (turned) turn(list);
    int first = 0;
    for (int k = 1; k < list.used && cyclic; ++k)
      if (list[k].part < list[first].part) first = k;
    for (; first > 0; --first) {
      const matrix_factor f = list[0];
      for (int k = 0; k + 1 < list.used; ++k) list[k] = list[k + 1];
      list[list.used - 1] = f;
    }
    return turned;
  }

 private:
  struct term {
    int part, rank;
    int p, q;  // the labels; the same for a vector
  };

  constexpr int add(matrix_part::form what, int rank, int x, int y = 0) {
    const bool symmetric = what == matrix_part::diagonal_matrix ||
                           (what == matrix_part::operand && rank == 2 && is_symmetric(x));
    parts.push_back({what, rank, x, y, symmetric});
    return parts.used - 1;
  }
  constexpr bool is_symmetric(int node) const {
    if (b[node].op == known<op::identity<>>) return true;
    if (b[node].op == known<op::inverse>) return is_symmetric(b.operand(node, 0));
    if (b.what(node) == kind::variable) return b[node].op->shaped->symmetric;
    if (b.what(node) == kind::add) {  // A + A'
      for (int k = 0; k < b.count(node); ++k) {
        bool both = is_symmetric(b.operand(node, k));
        for (int j = 0; j < b.count(node) && !both; ++j)
          both = is_transpose(b.operand(node, k), b.operand(node, j));
        if (!both) return false;
      }
      return true;
    }
    if (!is_contraction(b, node)) return false;
    const matrix_expression e(b, node, names_);
    if (!e.found || e.root < 0 || e.parts[e.root].what != matrix_part::product) return false;
    buffer<matrix_factor> list;
    e.factors_of(e.root, list);
    for (int i = 0, j = list.used - 1; i <= j; ++i, --j) {
      const matrix_part &p = e.parts[list[i].part], &q = e.parts[list[j].part];
      if (p.what != q.what || p.x != q.x || (list[i].flipped == list[j].flipped && !p.symmetric))
        return false;
    }
    return true;
  }
  constexpr bool is_transpose(int x, int y) const {
    return (is_contraction(b, x) && b.count(x) == 1 && b.operand(x, 0) == y) ||
           (is_contraction(b, y) && b.count(y) == 1 && b.operand(y, 0) == x);
  }
  constexpr bool is_summed(int label) const { return label >= labels_.rank(-1); }
  constexpr int occurrences(int label) const {
    int n = is_summed(label) ? 0 : 1;
    for (const term& t : terms_) n += (t.p == label) + (t.rank == 2 && t.q == label);
    return n;
  }
  constexpr void drop(int t) {
    for (; t + 1 < terms_.used; ++t) terms_[t] = terms_[t + 1];
    terms_.pop_back();
  }
  constexpr int transposed(int part) { return add(matrix_part::transpose, parts[part].rank, part); }

  constexpr bool step() {
    for (int t = 0; t < terms_.used; ++t)
      if (close_cycle(t)) return true;
    for (int least : {1, 2})
      for (int label = labels_.rank(-1); label < labels_.labels; ++label)
        if (occurrences(label) == 2 && contract(label, least)) return true;
    for (int s = 0; s < terms_.used; ++s)
      for (int t = s + 1; t < terms_.used; ++t)
        if (multiply_alike(s, t)) return true;
    for (int t = 0; t < terms_.used; ++t)
      if (sum_out(t)) return true;
    for (int s = 0; s < terms_.used; ++s)
      for (int t = 0; t < terms_.used; ++t)
        if (scale(s, t)) return true;
    return false;
  }

  /// A matrix with one label twice.
  constexpr bool close_cycle(int t) {
    const term closed = terms_[t];
    if (closed.rank != 2 || closed.p != closed.q) return false;
    if (is_summed(closed.p) && occurrences(closed.p) == 2) {
      scalars.push_back(add(matrix_part::trace, 0, closed.part));
      drop(t);
    } else {
      terms_[t] = {add(matrix_part::diagonal, 1, closed.part), 1, closed.p, closed.p};
    }
    return true;
  }
  /// Two terms that share a label that no other has; `least` of the two ranks.
  constexpr bool contract(int label, int least) {
    int s = 0, t = 0;
    while (terms_[s].p != label && terms_[s].q != label) ++s;
    for (t = s + 1; terms_[t].p != label && terms_[t].q != label;) ++t;
    const term u = terms_[s], v = terms_[t];
    if (least == 2 ? u.rank < 2 || v.rank < 2 : u.rank == 2 && v.rank == 2) return false;
    drop(t), drop(s);
    if (u.rank == 1 && v.rank == 1) {
      scalars.push_back(add(matrix_part::product, 0, transposed(u.part), v.part));
      return true;
    }
    const bool swapped = u.rank == 1;
    const term& first = swapped ? v : u;
    const term& last = swapped ? u : v;
    const int left = first.q == label ? first.part : transposed(first.part);
    const int right = last.rank == 1 || last.p == label ? last.part : transposed(last.part);
    const int p = first.q == label ? first.p : first.q;
    const int q = last.rank == 1 ? p : last.p == label ? last.q : last.p;
    terms_.push_back({add(matrix_part::product, last.rank, left, right), last.rank, p, q});
    return true;
  }
  /// Two vectors, or two matrices, with the same labels.
  constexpr bool multiply_alike(int s, int t) {
    const term u = terms_[s], v = terms_[t];
    const bool same = u.p == v.p && u.q == v.q;
    if (u.rank != v.rank || !(same || (u.p == v.q && u.q == v.p))) return false;
    drop(t);
    terms_[s].part = add(matrix_part::elementwise, u.rank, u.part, same ? v.part : transposed(v.part));
    return true;
  }
  /// A label that only this term has is summed over.
  constexpr bool sum_out(int t) {
    const term u = terms_[t];
    for (int axis = 0; axis < u.rank; ++axis) {
      const int label = axis == 0 ? u.p : u.q;
      if (!is_summed(label) || occurrences(label) != 1) continue;
      if (u.rank == 2) {
        const int rest = axis == 0 ? u.q : u.p;
        terms_[t] = {add(matrix_part::axis_sum, 1, u.part, axis), 1, rest, rest};
      } else {
        scalars.push_back(sum_of(u.part));
        drop(t);
      }
      return true;
    }
    return false;
  }
  /// A vector scales the rows or columns of a matrix.
  constexpr bool scale(int s, int t) {
    const term u = terms_[s], v = terms_[t];
    if (u.rank != 1 || v.rank != 2 || (u.p != v.p && u.p != v.q)) return false;
    const int scaling = add(matrix_part::diagonal_matrix, 2, u.part);
    const matrix_part scaled = parts[v.part];
    if (scaled.what == matrix_part::operand && b[scaled.x].op == known<op::identity<>>)
      terms_[t].part = scaling;
    else
      terms_[t].part = u.p == v.p ? add(matrix_part::product, 2, scaling, v.part)
                                  : add(matrix_part::product, 2, v.part, scaling);
    drop(s);
    return true;
  }
  /// The sum of a vector's elements; of u .* v it is u'*v.
  constexpr int sum_of(int vector) {
    const matrix_part summed = parts[vector];
    if (summed.what == matrix_part::axis_sum) return add(matrix_part::sum, 0, summed.x);
    if (summed.what == matrix_part::operand && names_.name[summed.x] == 0) {
      const int n = summed.x, x = b.operand(n, 0), y = b.count(n) > 1 ? b.operand(n, 1) : x;
      const bool square = b.what(n) == kind::power && b.what(x) == kind::variable && b.value(y) == exact{2};
      if (square || (b.what(n) == kind::multiply && b.count(n) == 2 && b.shape(x) == b.shape(y)))
        return add(matrix_part::product, 0, transposed(add(matrix_part::operand, 1, x)),
                   add(matrix_part::operand, 1, square ? x : y));
    }
    return add(matrix_part::sum, 0, vector);
  }

  constexpr void finish() {
    const int rank = labels_.rank(-1);
    if (terms_.used == 1 && rank > 0 && terms_[0].rank == rank) {
      root = terms_[0].p == 0 ? terms_[0].part : transposed(terms_[0].part);
    } else if (terms_.used == 2 && rank == 2 && terms_[0].rank == 1 && terms_[1].rank == 1) {
      const int first = terms_[0].p == 0 ? 0 : 1;
      root = add(matrix_part::product, 2, terms_[first].part, transposed(terms_[1 - first].part));
    } else if (terms_.used > 0 || rank > 0) {
      return;
    }
    found = true;
  }

  constexpr void flatten(int part, bool flipped, buffer<matrix_factor>& list) const {
    const matrix_part p = parts[part];
    if (p.what == matrix_part::transpose) return flatten(p.x, !flipped, list);
    if (p.what == matrix_part::product) {
      flatten(flipped ? p.y : p.x, flipped, list);
      return flatten(flipped ? p.x : p.y, flipped, list);
    }
    list.push_back({part, flipped && !p.symmetric});
  }
  /// Whether a product has fewer transposed matrices when it is transposed as a whole. With as many, the
  /// vector that is before the other in the canonical order comes first, or the first operand is not
  /// transposed.
  constexpr bool turns(const buffer<matrix_factor>& list) const {
    int matrices = 0, flipped = 0, first = 0;
    for (int k = 0; k < list.used; ++k) {
      const matrix_factor& f = list[k];
      const matrix_part& p = parts[f.part];
      if (f.part < list[first].part) first = k;
      if (p.rank < 2 || p.symmetric) continue;
      ++matrices;
      flipped += f.flipped;
    }
    if (2 * flipped != matrices) return 2 * flipped > matrices;
    const matrix_part &p = parts[list[0].part], &q = parts[list[list.used - 1].part];
    if (p.rank == 1 && p.what == matrix_part::operand && q.what == matrix_part::operand)
      return before(b, q.x, p.x);
    return list[first].flipped;
  }
  constexpr void turn(buffer<matrix_factor>& list) const {
    for (int i = 0, j = list.used - 1; i < j; ++i, --j) {
      const matrix_factor f = list[i];
      list[i] = list[j], list[j] = f;
    }
    for (matrix_factor& f : list)
      if (!parts[f.part].symmetric) f.flipped = !f.flipped;
  }

  const builder& b;
  contraction_labels labels_;
  const outline& names_;
  buffer<term> terms_;
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
