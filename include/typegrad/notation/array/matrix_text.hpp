// SPDX-License-Identifier: BSL-1.0
// Contractions in infix and LaTeX alike: a printer of numbers, Base, with products of matrices as chains, and
// their transposes, traces and sums. Self says how these look.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../../array/labels.hpp"
#include "../algebra_text.hpp"
#include "matrix_expression.hpp"

namespace tg::detail {

/// The attributes of a builder's nodes as those of a finished graph are read.
struct attributes_of {
  const builder& b;
  constexpr int rank(int list) const { return b.lists.rank(list); }
  constexpr const extent& element(int list, int k) const { return b.lists.at(list, k); }
};

/// The labels of a contraction: "ij,jk->ik".
constexpr void put_labels(const builder& b, writer& w, int i, std::string_view arrow) {
  char letters[256]{};
  const int length = write_labels(attributes_of{b}, b[i].attribute, letters);
  for (int k = 0; k < length; ++k)
    if (letters[k] == '-')
      w.put(arrow), ++k;
    else
      w.put(letters[k]);
}

constexpr bool is_identity(const builder& b, int i) { return b[i].op == known<op::identity<>>; }

template <class Self, class Base>
class matrix_text : public Base {
 public:
  using Base::b, Base::w, Base::names;
  using Base::Base;

 protected:
  /// How tightly the expression of contraction i binds.
  constexpr int precedence_of_contraction(int i) const {
    const matrix_expression e(b, i, names);
    if (!e.found) return atom;
    if (e.scalars.used + (e.root >= 0) > 1) return product;
    return precedence_of_part(e, e.root >= 0 ? e.root : e.scalars[0]);
  }

  constexpr void put_contraction(int i) {
    if (is_view(i)) return put_view(i);
    const matrix_expression e(b, i, names);
    if (!e.found) return put_with_labels(i);
    const bool alone = e.scalars.used + (e.root >= 0) == 1;
    for (int k = 0; k < e.scalars.used; ++k) {
      if (k > 0) w.put(Self::times);
      put_part(e, e.scalars[k], alone ? loosest : power_);
    }
    if (e.root < 0) return;
    if (!alone) w.put(Self::times);
    put_part(e, e.root, loosest);
  }

  /// "(2, rows)", or the list without brackets.
  constexpr void put_list(int list, bool brackets) {
    if (brackets) w.put(Self::open);
    for (int k = 0; k < b.lists.rank(list); ++k) {
      if (k > 0) w.put(", ");
      put_extent(b.lists.at(list, k));
    }
    if (brackets) w.put(Self::close);
  }
  constexpr void put_extent(const extent& e) {
    if (e.name == nullptr) return w.put(e.size);
    Self::put_extent_name(w, e.name->name);
  }
  /// I, or where a symbol has that name identity(3).
  constexpr void put_identity(int i) {
    for (int k = 0; k < b.size(); ++k)
      if (b.what(k) == kind::variable && b[k].op->name == "I") {
        Self::begin_call(w, b[i].op->name);
        put_extent(b.lists.at(b[i].attribute, 0));
        return w.put(Self::close);
      }
    w.put('I');
  }
  /// broadcast(x, (3, 3)) and reshape(x, (2, 6)).
  constexpr void put_with_shape(int i) {
    Self::begin_call(w, b[i].op->name);
    self().put(b.operand(i, 0), loosest);
    w.put(", ");
    put_list(b[i].attribute, true);
    w.put(Self::close);
  }

  /// Factors apart: numbers, and arrays.
  constexpr void split(const buffer<int>& all, buffer<int>& numbers, buffer<int>& arrays) const {
    for (int x : all) (b.shape(x) == 0 ? numbers : arrays).push_back(x);
  }
  /// Whether x is a number that is written as a product, u'*v.
  constexpr bool is_chain(int x) const {
    return b[x].attribute != 0 && !Base::is_named(x) && self().precedence_of(x) == product;
  }
  /// What a factor of a product needs that is a number; a chain may stand at the end alone.
  constexpr int need_of_number(const buffer<int>& numbers, int k, bool arrays_follow) const {
    if (!is_chain(numbers.items[k])) return product;
    bool others = arrays_follow || k + 1 < numbers.used;
    for (int j = 0; j < k; ++j) others = others || is_chain(numbers.items[j]);
    return others ? power_ : product;
  }
  constexpr void put_arrays(const buffer<int>& arrays, int alone) {
    for (int k = 0; k < arrays.used; ++k) {
      if (k > 0) w.put(Self::elementwise_times);
      self().put(arrays.items[k], arrays.used == 1 ? alone : power_);
    }
  }

 private:
  constexpr Self& self() { return static_cast<Self&>(*this); }
  constexpr const Self& self() const { return static_cast<const Self&>(*this); }

  static constexpr int precedence_of_part(const matrix_expression& e, int part) {
    switch (e.parts[part].what) {
      case matrix_part::product:
      case matrix_part::elementwise:
        return product;
      case matrix_part::transpose:
        return e.parts[e.parts[part].x].what == matrix_part::product ? product : Self::transpose_binds;
      default:
        return atom;
    }
  }
  /// A contraction of one operand whose axes are only summed over or put in another order, and which is no
  /// matter of matrices.
  constexpr bool is_view(int i) const {
    const contraction_labels l(b, b[i].attribute);
    if (b.count(i) != 1 || l.rank(0) < 3) return false;
    for (int axis = 0; axis < l.rank(0); ++axis)
      for (int other = 0; other < axis; ++other)
        if (l.at(0, axis) == l.at(0, other)) return false;
    return true;
  }
  constexpr void put_view(int i) {
    const contraction_labels l(b, b[i].attribute);
    const int rank = l.rank(0), left = l.rank(-1);
    buffer<int> summed, kept;
    bool in_order = true;
    for (int axis = 0; axis < rank; ++axis) {
      if (l.at(0, axis) >= left)
        summed.push_back(axis);
      else
        in_order = in_order && l.at(0, axis) == kept.used, kept.push_back(l.at(0, axis));
    }
    if (left == 0) summed.clear();
    if (!in_order) {
      buffer<int> order(left);
      for (int k = 0; k < left; ++k) order[kept[k]] = k;
      Self::begin_call(w, "permute", order.items, left);
    }
    if (left < rank) Self::begin_call(w, "sum", summed.items, summed.used);
    self().put(b.operand(i, 0), loosest);
    if (left < rank) w.put(Self::close);
    if (!in_order) w.put(Self::close);
  }
  constexpr void put_with_labels(int i) {
    self().begin_labels(i);
    for (int k = 0; k < b.count(i); ++k) {
      if (k > 0) w.put(", ");
      self().put(b.operand(i, k), loosest);
    }
    w.put(Self::close);
  }

  constexpr void put_part(const matrix_expression& e, int part, int need) {
    const matrix_part& p = e.parts[part];
    const int own = precedence_of_part(e, part);
    buffer<matrix_factor> list;
    if (own < need) w.put(Self::open);
    switch (p.what) {
      case matrix_part::operand:
        self().put(p.x, need);
        break;
      case matrix_part::transpose:
      case matrix_part::product:
        e.factors_of(part, list);
        put_chain(e, list, power_);
        break;
      case matrix_part::elementwise:
        put_part(e, p.x, e.parts[p.x].what == matrix_part::elementwise ? product : power_);
        w.put(Self::elementwise_times);
        put_part(e, p.y, power_);
        break;
      case matrix_part::diagonal_matrix:
      case matrix_part::diagonal:
        Self::begin_call(w, p.what == matrix_part::diagonal ? "diagonal" : "diag");
        put_part(e, p.x, loosest);
        w.put(Self::close);
        break;
      case matrix_part::trace:
      case matrix_part::sum:
        e.factors_within(p.x, p.what == matrix_part::trace, list);
        Self::begin_call(w, p.what == matrix_part::trace ? "trace" : "sum");
        put_chain(e, list, loosest);
        w.put(Self::close);
        break;
      case matrix_part::axis_sum: {
        const bool turned = e.factors_within(p.x, false, list);
        const int axis = turned ? 1 - p.y : p.y;
        Self::begin_call(w, "sum", &axis, 1);
        put_chain(e, list, loosest);
        w.put(Self::close);
        break;
      }
    }
    if (own < need) w.put(Self::close);
  }
  /// The factors one after the other; `alone`: what one by itself needs.
  constexpr void put_chain(const matrix_expression& e, const buffer<matrix_factor>& list, int alone) {
    for (int k = 0; k < list.used; ++k) {
      const matrix_factor& f = list.items[k];
      if (k > 0) self().put_times(e, list.items[k - 1], f);
      const int need = f.flipped ? Self::transposed_needs : list.used == 1 ? alone : power_;
      put_part(e, f.part, need);
      if (f.flipped) w.put(Self::transposed);
    }
  }
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
