// SPDX-License-Identifier: BSL-1.0
// Contractions in infix and LaTeX alike: a printer of numbers, Base, with products of matrices as chains, and
// their transposes, traces and sums. Self says how these look.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../../array/cholesky.hpp"
#include "../../array/labels.hpp"
#include "../../array/movement.hpp"
#include "../../array/reduction.hpp"
#include "../../array/selection_axes.hpp"
#include "../algebra_text.hpp"
#include "loop_text.hpp"
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
  const int length = write_labels(attributes_of{b}, b.attribute(i), letters);
  for (int k = 0; k < length; ++k)
    if (letters[k] == '-')
      w.put(arrow), ++k;
    else
      w.put(letters[k]);
}

template <class Self, class Base>
class matrix_text : public loop_text<Self, Base> {
 public:
  using Base::b, Base::w, Base::names;
  using loop_text<Self, Base>::loop_text;

 protected:
  /// How tightly the expression of contraction i binds.
  constexpr int precedence_of_contraction(int i) const {
    const matrix_expression e(b, i, names);
    if (!e.found) return is_view(i) && turns_matrix(i) ? Self::transpose_binds : atom;
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

  /// How tightly node i of a structural primitive binds.
  constexpr int precedence_of_structural(int i) const {
    return is_contraction(b, i)            ? precedence_of_contraction(i)
           : b[i].op == known<op::inverse> ? power_
                                           : atom;
  }
  constexpr void put_structural(int i) {
    const record* const op = b[i].op;
    if (is_contraction(b, i)) return put_contraction(i);
    if (this->is_of_loop(i)) return this->put_loop(i);
    if (op == known<op::identity<>> || op == known<op::arange<>>) return put_constant(i);
    if (op == known<op::inverse>) return self().put_inverse(b.operand(i, 0), false);
    if (op == known<op::log_determinant>) return self().put_log_determinant(b.operand(i, 0));
    if (op == known<op::reshape<>> && put_kept(i)) return;
    if (op->shaped->selects) return put_selection(i);
    if (op->shaped->attributes == attributes_are::site) return put_random(i);
    buffer<extent> axes;
    b.lists.read(b.attribute(i), axes);
    const bool has_shape = op == known<op::broadcast<>> || op == known<op::reshape<>>;
    const bool all = axes.used == b.lists.rank(b.shape(b.operand(i, 0)));
    const bool of_matrix = op == known<op::determinant> || op == known<op::cholesky>;
    if (has_shape || of_matrix || (is_reduction(i) && all)) axes.clear();
    if (op == known<op::slice<>> && axes[2].name == nullptr) axes[2].size += axes[1].size;
    if (op == known<op::pad<>> && axes[2].name == nullptr)
      axes[2].size -= axes[1].size + b.lists.at(b.shape(b.operand(i, 0)), axes[0].size).size;
    const bool has_steps = op->shaped->attributes == attributes_are::windows;
    buffer<extent> steps;
    if (has_steps) steps.push_back(axes[2]), steps.push_back(axes[3]), axes.used = 2;
    begin_call(op == known<op::determinant> ? "det" : op->name, axes);
    put_operands(i);
    for (int k = 0; k < steps.used; ++k)
      if (!steps[k].is(1)) put_option(k == 0 ? "stride" : "dilation", steps[k]);
    if (has_shape) {
      w.all(", ", Self::open);
      b.lists.read(b.attribute(i), axes);
      put_extents(axes);
      w.put(Self::close);
    }
    w.put(Self::close);
  }

  constexpr void put_extents(const buffer<extent>& list) {
    for (int k = 0; k < list.used; ++k) {
      if (k > 0) w.put(", ");
      const extent& e = list.items[k];
      e.name == nullptr ? w.put(e.size) : Self::put_extent_name(w, e.name->name);
    }
  }

  /// Factors apart: numbers, and arrays.
  constexpr void split(const buffer<int>& all, buffer<int>& numbers, buffer<int>& arrays) const {
    for (int x : all) (b.shape(x) == 0 ? numbers : arrays).push_back(x);
  }
  /// Whether x is a number that is written as a product, u'*v.
  constexpr bool is_chain(int x) const {
    return b.attribute(x) != 0 && !Base::is_named(x) && self().precedence_of(x) == product;
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

  constexpr void begin_call(std::string_view name, const buffer<extent>& axes) {
    self().put_function(name);
    if (axes.used > 0) w.put(Self::begin_axes);
    put_extents(axes);
    w.put(axes.used > 0 ? Self::end_axes : Self::open);
  }
  constexpr void begin_call(std::string_view name) { begin_call(name, {}); }
  constexpr void put_operands(int i) {
    for (int k = 0; k < b.count(i); ++k) {
      if (k > 0) w.put(", ");
      self().put(b.operand(i, k), loosest);
    }
  }
  /// An option as it is written in a call: stride<2>.
  constexpr void put_option(std::string_view name, extent number) {
    w.put(", ");
    self().put_function(name);
    w.put(Self::begin_axes);
    w.put(number.size);
    w.put(Self::end_axes.substr(0, 1));
  }
  /// random_uniform<"noise", rows, 4>(seed); with a prime where it is the second array of that place.
  constexpr void put_random(int i) {
    buffer<extent> list, shape;
    b.lists.read(b.attribute(i), list);
    for (int k = 2; k < list.used; ++k) shape.push_back(list[k]);
    self().put_function(b[i].op->name);
    w.all(Self::begin_axes, '"', list[0].name->name, list[1].size > 0 ? "'" : "", "\", ");
    put_extents(shape);
    w.put(Self::end_axes);
    put_operands(i);
    w.put(Self::close);
  }
  /// arange(3); I, or where a symbol has that name identity(3).
  constexpr void put_constant(int i) {
    bool taken = b[i].op != known<op::identity<>>;
    for (int k = 0; k < b.size(); ++k) taken = taken || (b.what(k) == kind::variable && b[k].op->name == "I");
    if (!taken) return w.put('I');
    buffer<extent> length;
    length.push_back(b.lists.at(b.attribute(i), 0));
    begin_call(b[i].op->name);
    put_extents(length);
    w.put(Self::close);
  }
  /// gather<1>(x, i), take_along<1>(x, i) and their transposes; of a number one_hot<10>(i).
  constexpr void put_selection(int i) {
    const int index = b.operand(i, 1);
    int x = b.operand(i, 0);
    const selection s(b, b.attribute(i), index);
    const bool adds = b[i].op->name == "scatter_add";
    const int rank = b.lists.rank(b.shape(adds ? i : x));
    const bool along = s.before + s.after > 0;
    buffer<extent> list;
    if (b[x].op == known<op::broadcast<>> && b.shape(b.operand(x, 0)) == 0) x = b.operand(x, 0);
    const bool hot = adds && x == one_node && s.own == 0 && s.after == 0 && s.before + 1 == rank;
    if (adds) list.push_back(b.lists.at(b.attribute(i), 3));
    if (!hot && (s.axis > 0 || along)) list.push_back(as_extent(s.axis));
    begin_call(hot ? "one_hot" : !along ? b[i].op->name : adds ? "scatter_add_along" : "take_along", list);
    if (!hot) self().put(x, loosest), w.put(", ");
    self().put(index, loosest);
    if (const int none = selection::ignored(b, b.attribute(i), adds); none != selection::all)
      w.put(", ignore = "), w.put(none);
    w.put(Self::close);
  }
  constexpr bool is_reduction(int i) const { return b[i].op->shaped != nullptr && b[i].op->shaped->reduces; }
  /// A reduction whose axes are kept, with extent 1; whether i is one.
  constexpr bool put_kept(int i) {
    const int reduced = b.operand(i, 0);
    if (Base::is_named(reduced) || !(is_reduction(reduced) || is_contraction(b, reduced)) ||
        b.count(reduced) != 1)
      return false;
    const int x = b.operand(reduced, 0), rank = b.lists.rank(b.shape(x));
    buffer<extent> axes;
    if (is_reduction(reduced))
      b.lists.read(b.attribute(reduced), axes);
    else if (const contraction_labels l(b, b.attribute(reduced)); !summed_axes(l, axes))
      return false;
    if (b.lists.rank(b.shape(i)) != rank) return false;
    int next = 0;
    for (int axis = 0; axis < rank; ++axis) {
      const bool is_summed = next < axes.used && axes[next].size == axis;
      if (!(b.lists.at(b.shape(i), axis) == (is_summed ? as_extent(1) : b.lists.at(b.shape(x), axis))))
        return false;
      next += is_summed;
    }
    begin_call(is_reduction(reduced) ? b[reduced].op->name : "sum", axes);
    self().put(x, loosest);
    w.put(", ");
    Self::put_extent_name(w, "keep");
    w.put(Self::close);
    return true;
  }
  /// The axes over which a contraction of one operand sums; whether it keeps the order of the others.
  static constexpr bool summed_axes(const contraction_labels& l, buffer<extent>& axes) {
    bool in_order = true;
    for (int axis = 0, kept = 0; axis < l.rank(0); ++axis) {
      if (l.at(0, axis) >= l.rank(-1))
        axes.push_back(as_extent(axis));
      else
        in_order = in_order && l.at(0, axis) == kept++;
    }
    return in_order;
  }

  constexpr bool is_inverse(const matrix_part& p) const {
    return p.what == matrix_part::operand && b[p.x].op == known<op::inverse> && !Base::is_named(p.x);
  }
  constexpr int precedence_of_part(const matrix_expression& e, int part) const {
    switch (e.parts[part].what) {
      case matrix_part::product:
      case matrix_part::elementwise:
        return product;
      case matrix_part::transpose:
        return e.parts[e.parts[part].x].what == matrix_part::product ? product
               : is_inverse(e.parts[e.parts[part].x])                ? power_
                                                                     : Self::transpose_binds;
      default:
        return atom;
    }
  }
  /// A contraction of one operand whose axes are only summed over or put in another order, and which is no
  /// matter of matrices.
  constexpr bool is_view(int i) const {
    const contraction_labels l(b, b.attribute(i));
    if (b.count(i) != 1 || l.rank(0) < 3) return false;
    for (int axis = 0; axis < l.rank(0); ++axis)
      for (int other = 0; other < axis; ++other)
        if (l.at(0, axis) == l.at(0, other)) return false;
    return true;
  }
  constexpr void put_view(int i) {
    const contraction_labels l(b, b.attribute(i));
    const int rank = l.rank(0), left = l.rank(-1);
    buffer<extent> summed, order;
    const bool in_order = summed_axes(l, summed);
    const bool turned = turns_matrix(i);
    if (!in_order && !turned) {
      for (int k = 0; k < left; ++k) {
        int place = 0;
        for (int axis = 0; l.at(0, axis) != k; ++axis) place += l.at(0, axis) < left;
        order.push_back(as_extent(place));
      }
      begin_call("permute", order);
    }
    if (left == 0) summed.clear();
    if (left < rank) begin_call("sum", summed);
    self().put(b.operand(i, 0), loosest);
    if (left < rank) w.put(Self::close);
    if (!in_order) w.put(turned ? Self::transposed : Self::close);
  }
  /// Whether it leaves two axes, swapped.
  constexpr bool turns_matrix(int i) const {
    buffer<extent> summed;
    const contraction_labels l(b, b.attribute(i));
    return l.rank(-1) == 2 && !summed_axes(l, summed);
  }
  constexpr void put_with_labels(int i) {
    self().begin_labels(i);
    put_operands(i);
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
        begin_call(p.what == matrix_part::diagonal ? "diagonal" : "diag");
        put_part(e, p.x, loosest);
        w.put(Self::close);
        break;
      case matrix_part::trace:
      case matrix_part::sum:
        e.factors_within(p.x, p.what == matrix_part::trace, list);
        begin_call(p.what == matrix_part::trace ? "trace" : "sum");
        put_chain(e, list, loosest);
        w.put(Self::close);
        break;
      case matrix_part::axis_sum: {
        const bool turned = e.factors_within(p.x, false, list);
        buffer<extent> axis;
        axis.push_back(as_extent(turned ? 1 - p.y : p.y));
        begin_call("sum", axis);
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
      if (f.flipped && is_inverse(e.parts[f.part])) {
        self().put_inverse(b.operand(e.parts[f.part].x, 0), true);
        continue;
      }
      const int need = f.flipped ? Self::transposed_needs : list.used == 1 ? alone : power_;
      put_part(e, f.part, need);
      if (f.flipped) w.put(Self::transposed);
    }
  }
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
