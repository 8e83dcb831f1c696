// SPDX-License-Identifier: BSL-1.0
// The canonical form of contractions. The identities of matrix calculus are algebra of labels: transposing is
// renaming, a product of products is one product, numbers leave, and the identity matrix is a renaming too.
#pragma once
#include "../support/compiler/begin.hpp"

#include "labelled_operands.hpp"

namespace tg::detail {

/// A contraction on the way to its canonical form.
class contraction : labelled_operands {
 public:
  constexpr explicit contraction(builder& graph) : labelled_operands{graph} {}
  /// With the labels of another one, and the lengths that its operands' shapes give them.
  constexpr contraction(builder& graph, const contraction_labels& l, const buffer<int>& declared)
      : labelled_operands{graph} {
    for (int k = 0; k < l.labels; ++k) add_label({});
    for (int k = 0; k < l.operands(); ++k)
      for (int axis = 0; axis < l.rank(k); ++axis) length_[l.at(k, axis)] = b.lists.at(declared[k], axis);
  }

  /// Multiplies by x in the place of operand k of another contraction.
  constexpr void add_operand(const contraction_labels& l, int k, int x) {
    buffer<int> own;
    for (int axis = 0; axis < l.rank(k); ++axis) own.push_back(l.at(k, axis));
    add(x, own);
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
    open_product();
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
  /// Of what no loop computes: y' of an element-wise y is read in the loop that needs it.
  constexpr bool is_transposition(int x) const {
    return is_contraction(b, x) && b.count(x) == 1 && !is_elementwise(b, b.operand(x, 0)) &&
           b.lists.rank(b.shape(x)) == b.lists.rank(b.shape(b.operand(x, 0)));
  }
  /// The sum of x[i,j]*y'[i,j] is that of x[i,j]*y[j,i]. (In a product of matrices x*y' stays one operand.)
  constexpr void open_product() {
    const int x = node_.used == 1 ? node_[0] : -1;
    if (x < 0 || b.what(x) != kind::multiply) return;
    bool summed = false, turned = false;
    buffer<int> l;
    for (int axis = 0; axis < rank_[0]; ++axis) {
      l.push_back(label(0, axis));
      summed = summed || !in_result(label(0, axis));
    }
    for (int k = 0; k < b.count(x); ++k) turned = turned || is_transposition(b.operand(x, k));
    if (!summed || !turned) return;
    drop(0);
    for (int k = 0; k < b.count(x); ++k) add(b.operand(x, k), l);
  }
  constexpr bool is_inverse(int x) const { return b.attribute(x) != 0 && b[x].op->shaped->inverts; }
  /// inverse(x) times x is the identity matrix.
  constexpr void cancel_inverses() {
    for (int j = 0; j < node_.used; ++j)
      for (int k = 0; k < node_.used; ++k) {
        if (rank_[j] != 2 || rank_[k] != 2 || b.count(node_[j]) != 1 || b.operand(node_[j], 0) != node_[k] ||
            !is_inverse(node_[j]))
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
    if (is_inverse(x)) return is_symmetric(b.operand(x, 0));
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

  /// The contraction of what is left, in order; an operand alone where it is that.
  constexpr int made() {
    buffer<int> present;
    buffer<extent> full;
    for (int r : result_) {
      const bool there = !is_absent(r);
      if (there) present.push_back(r);
      if (present.used > 0) full.push_back(there ? length_[r] : as_extent(1));
    }
    const bool repeats = full.used != present.used;
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

  buffer<int> numbers_;  // factors that are numbers
  buffer<int> absent_;   // labels that have become others
  buffer<char> mentioned_;
  exact coefficient_{1};
  bool zero_ = false;
};

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
