// SPDX-License-Identifier: BSL-1.0
// The contraction: a product of arrays whose axes carry labels, summed over the labels that the result lacks.
// Sums over axes, traces, transposes, diagonals, outer and matrix products are all this one thing, and so the
// identities of matrix calculus are the canonical form of labels: transposing is renaming, a product of
// products is one product, numbers leave, and the identity matrix is a renaming too.
#pragma once
#include "../support/compiler/begin.hpp"

#include "algebra.hpp"

namespace tg::detail {

constexpr int build_contraction(builder& b, const structural_call& call);
constexpr int pull_contraction(builder& b, const structural_call& call, int self, int k, int adjoint);
constexpr int push_contraction(builder& b, const structural_call& call, int self, int k, int tangent);
constexpr int infer_contraction(builder& b, const structural_call& call);

}  // namespace tg::detail

namespace tg::op {

/// The sum of products of operands over all labels that do not stand after the arrow: einsum<"ij,jk->ik"> is
/// the product of matrices.
template <auto Labels>
struct einsum;

/// All of them, as their record sees them.
struct contraction {
  static constexpr std::string_view name = "einsum";
  static constexpr bool built_in = true;
  static constexpr tg::facts facts{.calls = 0};
  static constexpr detail::structure shaped{.algebra = &detail::arrays_of_formulas,
                                            .infer = &detail::infer_contraction,
                                            .construct = &detail::build_contraction,
                                            .pull = &detail::pull_contraction,
                                            .push = &detail::push_contraction};
};

}  // namespace tg::op

namespace tg::detail {

/// Whether a node is a contraction.
constexpr bool is_contraction(const builder& b, int x) { return b[x].op == known<op::contraction>; }
/// Whether a node is made element by element from operands that are.
constexpr bool is_elementwise(const builder& b, int x) { return b.attribute(x) == 0 && b.count(x) > 0; }

/// Takes a product of numbers and one array apart; `array` is -1 if it is no such product.
struct scaled_array {
  constexpr scaled_array(builder& b, int x) {
    if (b.what(x) != kind::multiply) return;
    buffer<int> factors;
    for (int k = 0; k < b.count(x); ++k)
      b.shape(b.operand(x, k)) == 0 ? factors.push_back(b.operand(x, k)) : void(array = b.operand(x, k));
    if (factors.used == 0 || factors.used + 1 != b.count(x))
      array = -1;
    else
      number = factors.used == 1 ? factors[0] : b.intern(known<op::multiply>, factors);
  }
  int number = -1, array = -1;
};

/// The labels of a contraction, read from its attribute: how many the result has, these, and the same for
/// each operand.
struct contraction_labels {
  constexpr contraction_labels(const builder& b, int attribute) {
    for (int at = 0; at < b.lists.rank(attribute);) {
      const int rank = b.lists.at(attribute, at++).size;
      first.push_back(label.used);
      for (int k = 0; k < rank; ++k) {
        label.push_back(b.lists.at(attribute, at++).size);
        if (label.back() >= labels) labels = label.back() + 1;
      }
    }
    first.push_back(label.used);
  }
  /// Of operand k, counted from 0; of the result: -1.
  constexpr int rank(int k) const { return first.items[k + 2] - first.items[k + 1]; }
  constexpr int at(int k, int axis) const { return label.items[first.items[k + 1] + axis]; }
  constexpr int operands() const { return first.used - 2; }

  int labels = 0;
  buffer<int> first, label;
};

/// A contraction on the way to its canonical form.
class contraction {
 public:
  constexpr explicit contraction(builder& graph) : b{graph} {}
  /// With the labels of another one, and the lengths that its operands' shapes give them.
  constexpr contraction(builder& graph, const contraction_labels& l, const buffer<int>& declared) : b{graph} {
    for (int k = 0; k < l.labels; ++k) add_label({});
    for (int k = 0; k < l.operands(); ++k)
      for (int axis = 0; axis < l.rank(k); ++axis) length_[l.at(k, axis)] = b.lists.at(declared[k], axis);
  }

  constexpr int add_label(const extent& length) {
    length_.push_back(length);
    mentioned_.push_back(0);
    return length_.used - 1;
  }
  constexpr void add_result(int label) { result_.push_back(label); }

  /// Multiplies by x, whose axes have these labels; x may have become smaller than they say.
  constexpr void add(int x, const buffer<int>& full) {
    buffer<int> l;
    for (int label : full) mentioned_[label] = 1;
    x = fit(x, full, l);
    if (b.shape(x) == 0) return add_number(x);
    switch (b.what(x)) {
      case kind::negate:
        coefficient_ = -coefficient_;
        return add(b.operand(x, 0), l);
      case kind::multiply:
        return add_product(x, l);
      case kind::divide:
        if (b.shape(b.operand(x, 1)) == 0) {
          add_number(divide(b, one_node, b.operand(x, 1)));
          return add(b.operand(x, 0), l);
        }
        break;
      default:
        break;
    }
    if (b[x].op == known<op::broadcast<>>) return add(b.operand(x, 0), l);
    if (is_contraction(b, x)) return add_contraction(x, l);
    push(x, l);
  }

  /// The node.
  constexpr int build() {
    if (zero_) return zero_node;
    cancel_inverses();
    remove_identities();
    merge_alike();
    count_absent();
    find_symmetric();
    transpose_operands();
    int node = one_node;
    if (node_.used > 0) node = made();
    for (int k = 0; k < numbers_.used; ++k) node = multiply(b, numbers_[k], node);
    return multiply(b, b.constant(coefficient_), node);
  }

 private:
  /// x without the axes along which it is repeated, and the labels of those that it has.
  constexpr int fit(int x, const buffer<int>& full, buffer<int>& l) {
    const int shape = b.shape(x), rank = b.lists.rank(shape), missing = full.used - rank;
    buffer<extent> kept;
    for (int k = 0; k < rank; ++k) {
      const extent e = b.lists.at(shape, k);
      const int label = full.items[missing + k];
      if (e.is(1) && !length_[label].is(1)) continue;
      kept.push_back(e);
      l.push_back(label);
    }
    return kept.used == rank ? x : reshape(b, x, b.lists.find(kept));
  }

  constexpr void add_number(int x) {
    if (x == zero_node) zero_ = true;
    if (b.is_constant(x))
      if (const exact_result r = coefficient_ * b.value(x); r.valid) {
        coefficient_ = r.value;
        return;
      }
    numbers_.push_back(x);
  }
  constexpr void add_product(int x, const buffer<int>& l) {
    buffer<int> rest;
    for (int k = 0; k < b.count(x); ++k)
      b.shape(b.operand(x, k)) == 0 ? add_number(b.operand(x, k)) : rest.push_back(b.operand(x, k));
    if (rest.used == b.count(x)) return push(x, l);
    rest.used == 1 ? add(rest[0], l) : push(b.intern(known<op::multiply>, rest), l);
  }
  /// A product inside a product.
  constexpr void add_contraction(int x, const buffer<int>& l) {
    const contraction_labels inner(b, b.attribute(x));
    buffer<int> moved(inner.labels, -1);
    for (int axis = 0; axis < inner.rank(-1); ++axis) moved[inner.at(-1, axis)] = l.items[axis];
    for (int k = 0; k < inner.operands(); ++k) {
      buffer<int> own;
      for (int axis = 0; axis < inner.rank(k); ++axis) {
        int& label = moved[inner.at(k, axis)];
        if (label < 0) label = add_label(b.lists.at(b.shape(b.operand(x, k)), axis));
        own.push_back(label);
      }
      add(b.operand(x, k), own);
    }
  }
  constexpr void push(int x, const buffer<int>& l) {
    node_.push_back(x);
    first_.push_back(labels_.used);
    for (int label : l) labels_.push_back(label);
    rank_.push_back(l.used);
  }

  constexpr bool in_result(int label) const {
    for (int r : result_)
      if (r == label) return true;
    return false;
  }
  constexpr int& label(int k, int axis) { return labels_.items[first_.items[k] + axis]; }
  constexpr void rename(int from, int to) {
    for (int& l : labels_)
      if (l == from) l = to;
  }
  constexpr void drop(int k) {
    for (int j = k; j + 1 < node_.used; ++j) {
      node_[j] = node_[j + 1];
      first_[j] = first_[j + 1];
      rank_[j] = rank_[j + 1];
    }
    node_.pop_back(), first_.pop_back(), rank_.pop_back();
  }

  /// inverse(x) times x is the identity matrix.
  constexpr void cancel_inverses() {
    for (int j = 0; j < node_.used; ++j)
      for (int k = 0; k < node_.used; ++k) {
        if (rank_[j] != 2 || rank_[k] != 2 || b.count(node_[j]) != 1 || b.operand(node_[j], 0) != node_[k] ||
            b[node_[j]].op->name != "inverse")
          continue;
        const int own = label(j, 0) == label(k, 1) ? 0 : label(j, 1) == label(k, 0) ? 1 : -1;
        if (own < 0 || in_result(label(j, own)) || times(label(j, own)) != 2) continue;
        absent_.push_back(label(j, own));
        const int p = label(j, 1 - own), q = label(k, own);
        node_[j] = identity_matrix(b, length_[p]);
        label(j, 0) = p, label(j, 1) = q;
        drop(k);
        return cancel_inverses();
      }
  }
  constexpr int times(int l) {
    int count = 0;
    for (int k = 0; k < node_.used; ++k)
      for (int axis = 0; axis < rank_[k]; ++axis) count += label(k, axis) == l;
    return count;
  }
  /// The sum of I[i,j]*x[j] over j is x[i].
  constexpr void remove_identities() {
    for (int k = 0; k < node_.used; ++k) {
      if (b[node_[k]].op != known<op::identity<>>) continue;
      const int p = label(k, 0), q = label(k, 1);
      if (p != q && in_result(p) && in_result(q)) continue;
      drop(k);
      // The label stays with the result or with another operand, else it is counted with those that are
      // absent.
      if (p != q) in_result(p) ? rename(q, p) : rename(p, q);
      if (p != q) absent_.push_back(in_result(p) ? q : p);
      k = -1;
    }
  }
  /// x[i,j]*y[i,j] is an element-wise product.
  constexpr void merge_alike() {
    for (int j = 0; j < node_.used; ++j)
      for (int k = j + 1; k < node_.used; ++k) {
        bool alike = rank_[j] == rank_[k];
        for (int axis = 0; alike && axis < rank_[j]; ++axis) alike = label(j, axis) == label(k, axis);
        if (!alike) continue;
        node_[j] = node_[j] == node_[k] ? power(b, node_[j], {2}) : multiply(b, node_[j], node_[k]);
        drop(k--);
      }
  }
  constexpr bool is_absent(int l) {
    for (int k = 0; k < node_.used; ++k)
      for (int axis = 0; axis < rank_[k]; ++axis)
        if (label(k, axis) == l) return false;
    return true;
  }
  /// The sum over a label that nothing depends on is a product with its length.
  constexpr void count_absent() {
    for (int l = 0; l < length_.used; ++l) {
      bool renamed = false;
      for (int r : absent_) renamed = renamed || r == l;
      if (mentioned_[l] != 0 && !renamed && !in_result(l) && is_absent(l))
        add_number(length_node(b, length_[l]));
    }
  }

  /// Which operands are matrices that are equal to their transposes: their labels may be swapped.
  constexpr void find_symmetric() {
    symmetric_.assign(node_.used, 0);
    for (int k = 0; k < node_.used; ++k)
      if (rank_[k] == 2 && length_[label(k, 0)] == length_[label(k, 1)] && is_symmetric(node_[k]))
        symmetric_[k] = 1;
  }
  constexpr bool is_symmetric(int x) {
    if (b[x].op == known<op::identity<>>) return true;
    if (b[x].op->name == "inverse" && b.attribute(x) != 0) return is_symmetric(b.operand(x, 0));
    if (b.what(x) == kind::variable) return b[x].op->shaped->symmetric;
    if (!is_contraction(b, x) && !(is_elementwise(b, x) && permutes(x))) return false;
    buffer<int> swapped;
    swapped.push_back(1), swapped.push_back(0);
    return permuted(x, swapped) == x;
  }

  /// Whether transposing goes into the terms of x: of a sum or a multiple of arrays in its full shape.
  constexpr bool permutes(int x) const {
    const kind what = b.what(x);
    if (what != kind::add && what != kind::negate && (what != kind::multiply || scaled_array(b, x).array < 0))
      return false;
    for (int k = 0; k < b.count(x); ++k) {
      const int y = b.operand(x, k);
      if (b.shape(y) == 0) continue;
      if (b.lists.rank(b.shape(y)) != b.lists.rank(b.shape(x))) return false;
      for (int axis = 0; axis < b.lists.rank(b.shape(x)); ++axis)
        if (b.lists.at(b.shape(y), axis).is(1) && !b.lists.at(b.shape(x), axis).is(1)) return false;
      if (is_elementwise(b, y) && !permutes(y)) return false;
    }
    return true;
  }
  /// The node whose axis k is axis order[k] of x.
  constexpr int permuted(int x, const buffer<int>& order) {
    if (b.shape(x) == 0) return x;
    if (is_elementwise(b, x) && permutes(x)) {
      buffer<int> args;
      for (int k = 0; k < b.count(x); ++k) args.push_back(permuted(b.operand(x, k), order));
      return make_node(b, b[x].op, args);
    }
    contraction alone(b);
    buffer<int> l;
    for (int axis = 0; axis < order.used; ++axis) l.push_back(alone.add_label(b.lists.at(b.shape(x), axis)));
    for (int axis : order) alone.add_result(axis);
    alone.add_as_it_is(x, l);
    alone.find_symmetric();
    alone.transpose_operands();
    return alone.made();
  }
  constexpr void add_as_it_is(int x, const buffer<int>& l) {
    is_contraction(b, x) ? add_contraction(x, l) : push(x, l);
  }
  /// Element-wise operands are transposed within, so that their axes come in one order.
  constexpr void transpose_operands() {
    buffer<int> sequence, number, met(length_.used, 1 << 20);
    order(sequence, number);
    int count = 0;
    if (result_.used > 0) met[result_[0]] = count++;
    for (int k : sequence)
      for (int known_first = 1; known_first >= 0; --known_first)
        for (int axis = 0; axis < rank_[k]; ++axis)
          if (int& m = met[label(k, axis)]; m == 1 << 20 && known_first == 0 && !(in_result(label(k, axis))))
            m = count++;
    for (int r : result_)
      if (met[r] == 1 << 20) met[r] = count++;
    for (int k = 0; k < node_.used; ++k) {
      if (symmetric_[k] != 0 && met[label(k, 0)] > met[label(k, 1)]) {
        const int first = label(k, 0);
        label(k, 0) = label(k, 1), label(k, 1) = first;
        continue;
      }
      if (!is_elementwise(b, node_[k]) || !permutes(node_[k])) continue;
      buffer<int> axes;
      bool ascending = true, repeated = false;
      for (int axis = 0; axis < rank_[k]; ++axis) axes.push_back(axis);
      sort(axes.items, axes.used, [&](int p, int q) { return met[label(k, p)] < met[label(k, q)]; });
      for (int axis = 0; axis < rank_[k]; ++axis) {
        ascending = ascending && axes[axis] == axis;
        repeated = repeated || (axis > 0 && label(k, axes[axis]) == label(k, axes[axis - 1]));
      }
      if (ascending || repeated) continue;
      node_[k] = permuted(node_[k], axes);
      buffer<int> own;
      for (int axis : axes) own.push_back(label(k, axis));
      for (int axis = 0; axis < rank_[k]; ++axis) label(k, axis) = own[axis];
    }
  }

  /// Whether operand k has the label.
  constexpr bool has(int k, int l) {
    for (int axis = 0; axis < rank_[k]; ++axis)
      if (label(k, axis) == l) return true;
    return false;
  }
  /// The order of operands that does not depend on how they were written: along the chain of their labels,
  /// from the result's first one on. `number`: of the labels, in the order in which they are met.
  constexpr void order_from(int start, buffer<int>& sequence, buffer<int>& number) {
    sequence.clear();
    number.assign(length_.used, -1);
    int next_number = 0, results = 0;
    for (int r : result_) number[r] = next_number++;
    results = next_number;
    buffer<char> done(node_.used);
    while (sequence.used < node_.used) {
      int open = -1;  // the label that is followed: the last summed one, or the first of the result
      for (int k = 0; k < node_.used; ++k) {
        if (done[k] != 0) continue;
        for (int axis = 0; axis < rank_[k]; ++axis) {
          const int l = label(k, axis), n = number[l], m = open < 0 ? -1 : number[open];
          if (n < 0) continue;
          if (open < 0 || (n >= results ? m < results || n > m : m < results && n < m)) open = l;
        }
      }
      int best = -1;
      for (int k = 0; k < node_.used; ++k) {
        if (done[k] != 0 || (open >= 0 && !has(k, open))) continue;
        if (best < 0 || precedes(k, best, number)) best = k;
      }
      if (sequence.used == 0 && start >= 0) best = start;
      done[best] = 1;
      sequence.push_back(best);
      for (int axis = 0; axis < rank_[best]; ++axis)
        if (number[label(best, axis)] < 0) number[label(best, axis)] = next_number++;
    }
  }
  /// The number of a label; of a symmetric matrix the known or smaller one comes first.
  constexpr int number_at(int k, int axis, const buffer<int>& number) {
    const int own = number[label(k, axis)];
    if (symmetric_[k] == 0) return own;
    const int other = number[label(k, 1 - axis)];
    const bool in_order = other < 0 || (own >= 0 && own < other);
    return in_order == (axis == 0) ? own : other;
  }
  constexpr bool precedes(int j, int k, const buffer<int>& number) {
    for (int axis = 0; axis < rank_[j] && axis < rank_[k]; ++axis) {
      const int p = number_at(j, axis, number), q = number_at(k, axis, number);
      if (p != q) return q < 0 || (p >= 0 && p < q);
    }
    return rank_[j] != rank_[k] ? rank_[j] < rank_[k] : before(b, node_[j], node_[k]);
  }
  /// The best order; where the result is a number and several operands may come first, the one whose labels
  /// come out smallest.
  constexpr void order(buffer<int>& sequence, buffer<int>& number) {
    if (result_.used > 0) return order_from(-1, sequence, number);
    int first = 0;
    for (int k = 1; k < node_.used; ++k)
      if (before(b, node_[k], node_[first])) first = k;
    order_from(first, sequence, number);
    for (int k = 0; k < node_.used; ++k) {
      if (k == first || node_[k] != node_[first]) continue;
      buffer<int> other, numbers;
      order_from(k, other, numbers);
      int sign = 0;
      for (int j = 0; j < other.used && sign == 0; ++j) {
        const int p = other[j], q = sequence[j];
        if (node_[p] != node_[q]) sign = before(b, node_[p], node_[q]) ? -1 : 1;
        for (int axis = 0; axis < rank_[p] && axis < rank_[q] && sign == 0; ++axis)
          sign = numbers[label(p, axis)] - number[label(q, axis)];
      }
      if (sign >= 0) continue;
      sequence.clear();
      for (int j : other) sequence.push_back(j);
      for (int l = 0; l < number.used; ++l) number[l] = numbers[l];
    }
  }

  /// The contraction of what is left, in order; an operand alone where it is that.
  constexpr int made() {
    buffer<int> present;
    buffer<extent> full;
    int leading = 0;
    for (int r : result_) {
      const bool there = !is_absent(r);
      if (there) present.push_back(r);
      if (present.used > 0) full.push_back(there ? length_[r] : as_extent(1));
    }
    const bool repeats = full.used != present.used;
    static_cast<void>(leading);
    result_.clear();
    for (int r : present) result_.push_back(r);
    const int node = in_order();
    return repeats ? reshape(b, node, b.lists.find(full)) : node;
  }
  constexpr int in_order() {
    if (node_.used == 1 && rank_[0] == result_.used) {
      bool same = true;
      for (int axis = 0; axis < rank_[0]; ++axis) same = same && label(0, axis) == result_[axis];
      if (same) return node_[0];
    }
    buffer<int> sequence, number, args;
    order(sequence, number);
    buffer<extent> attribute, extents;
    attribute.push_back(as_extent(result_.used));
    for (int r : result_) {
      attribute.push_back(as_extent(number[r]));
      extents.push_back(length_[r]);
    }
    for (int k : sequence) {
      args.push_back(node_[k]);
      attribute.push_back(as_extent(rank_[k]));
      for (int axis = 0; axis < rank_[k]; ++axis) attribute.push_back(as_extent(number[label(k, axis)]));
    }
    return b.intern_structural(known<op::contraction>, b.lists.find(attribute), b.lists.find(extents), args);
  }

  builder& b;
  buffer<extent> length_;  // by label
  buffer<int> result_, node_, first_, rank_, labels_;
  buffer<int> numbers_;  // factors that are numbers
  buffer<int> absent_;   // labels that have become others
  buffer<char> mentioned_, symmetric_;
  exact coefficient_{1};
  bool zero_ = false;
};

/// Adds the operands of a call; operand `other` is replaced by a node of the same shape, or left out if that
/// is -1.
constexpr void add_operands(contraction& c, const contraction_labels& l, const structural_call& call,
                            int other, int in_its_place) {
  for (int k = 0; k < l.operands(); ++k) {
    if (k == other && in_its_place < 0) continue;
    buffer<int> own;
    for (int axis = 0; axis < l.rank(k); ++axis) own.push_back(l.at(k, axis));
    c.add(k == other ? in_its_place : call.args[k], own);
  }
}

constexpr int build_contraction(builder& b, const structural_call& call) {
  const contraction_labels l(b, call.attribute);
  contraction c(b, l, call.declared);
  for (int axis = 0; axis < l.rank(-1); ++axis) c.add_result(l.at(-1, axis));
  add_operands(c, l, call, -1, 0);
  return c.build();
}

constexpr int push_contraction(builder& b, const structural_call& call, int, int k, int tangent) {
  const contraction_labels l(b, call.attribute);
  contraction c(b, l, call.declared);
  for (int axis = 0; axis < l.rank(-1); ++axis) c.add_result(l.at(-1, axis));
  add_operands(c, l, call, k, tangent);
  return c.build();
}

/// The adjoint of operand k: the product of all others and the adjoint of the result, with the labels of k.
constexpr int pull_contraction(builder& b, const structural_call& call, int, int k, int adjoint) {
  const contraction_labels l(b, call.attribute);
  contraction c(b, l, call.declared);
  buffer<int> of_result, both;
  for (int axis = 0; axis < l.rank(-1); ++axis) of_result.push_back(l.at(-1, axis));
  for (int axis = 0; axis < l.rank(k); ++axis) {
    int own = l.at(k, axis);
    for (int earlier = 0; earlier < axis; ++earlier)
      if (l.at(k, earlier) == own) {  // a diagonal
        const extent length = b.lists.at(call.declared[k], axis);
        both.clear();
        both.push_back(own);
        own = c.add_label(length);
        both.push_back(own);
        c.add(identity_matrix(b, length), both);
        break;
      }
    c.add_result(own);
  }
  c.add(adjoint, of_result);
  add_operands(c, l, call, k, -1);
  return c.build();
}

constexpr int infer_contraction(builder& b, const structural_call& call) {
  const contraction_labels l(b, call.attribute);
  buffer<extent> length(l.labels), extents;
  for (int k = 0; k < l.operands(); ++k)
    for (int axis = 0; axis < l.rank(k); ++axis) length[l.at(k, axis)] = b.lists.at(call.declared[k], axis);
  for (int axis = 0; axis < l.rank(-1); ++axis) extents.push_back(length[l.at(-1, axis)]);
  return b.lists.find(extents);
}

/// The sum over the axes that an operand of shape `to` lacks, or has only once.
constexpr int sum_to(builder& b, int x, int from, int to) {
  if (from == to) return x;
  const int rank = b.lists.rank(from), missing = rank - b.lists.rank(to);
  contraction c(b);
  buffer<int> l;
  buffer<extent> kept;
  for (int k = 0; k < rank; ++k) {
    const extent e = b.lists.at(from, k);
    l.push_back(c.add_label(e));
    if (k < missing || (b.lists.at(to, k - missing).is(1) && !e.is(1))) continue;
    kept.push_back(e);
    c.add_result(k);
  }
  c.add(x, l);
  const int sum = c.build();
  const int kept_shape = b.lists.find(kept);
  return kept_shape == to || b.shape(sum) == 0 ? sum : reshape(b, broadcast(b, sum, kept_shape), to);
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
