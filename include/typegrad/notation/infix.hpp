// SPDX-License-Identifier: BSL-1.0
// A formula in infix notation with the fewest parentheses: x*sin(y), a - b, x^2, x/2. Conditions are written
// with the constant on the right.
#pragma once
#include "../support/compiler/begin.hpp"

#include "algebra_text.hpp"

namespace tg::detail {

/// Self may write a product, a node or a leaf in another way, as for arrays.
template <class Self>
class infix_text : public algebra_printer {
 public:
  using algebra_printer::algebra_printer;

  /// The names of shared parts, `t1 = ...; `, and then the outputs; several stand in brackets, row by row.
  static constexpr void print(builder& graph, buffer<int>& roots, const dimensions& shape, writer& to) {
    Self p(graph, roots, to);
    for (int i : p.names.named) {
      p.put_name(i);
      to.put(" = ");
      p.put(i, loosest, true);
      to.put("; ");
    }
    const int* at = roots.begin();
    p.put_outputs(at, shape, 0);
  }

  /// Writes node i in a place that needs that precedence; `top`: itself, not its name.
  constexpr void put(int i, int need, bool top = false) {
    if (is_named(i) && !top) return put_name(i);
    const kind what = b.what(i);
    if (what == kind::captured) return w.put(need > sum ? mark::infix_operand : mark::infix, b[i].first);
    if (what == kind::variable || (b.count(i) == 0 && what != kind::constant)) return self().put_leaf(i);
    if (is_product(i)) {
      factors f;
      take_apart(f, i);
      const bool minus = f.coefficient.is_negative();
      const bool wrap = need > (minus ? sum : strength(f));
      if (wrap) w.put('(');
      if (is_negative_sum(f)) {
        put_sum(f.above[0], true);
      } else {
        if (minus) w.put('-');
        self().put_product(f, minus ? mark::infix_operand : mark::infix);
      }
      if (wrap) w.put(')');
      return;
    }
    const int own = self().precedence_of(i);
    if (own < need) w.put('(');
    self().put_node(i);
    if (own < need) w.put(')');
  }

 protected:
  constexpr Self& self() { return static_cast<Self&>(*this); }
  constexpr const Self& self() const { return static_cast<const Self&>(*this); }

  constexpr void put_name(int i) {
    mentioned[i] = 1;
    w.all(names.letter(), names.name[i]);
  }

  constexpr void put_outputs(const int*& at, const dimensions& shape, int level) {
    if (level == shape.count) return put(*at++, loosest);
    w.put('[');
    for (int k = 0; k < shape.size[level]; ++k) {
      if (k > 0) w.put(", ");
      put_outputs(at, shape, level + 1);
    }
    w.put(']');
  }

  constexpr void put_leaf(int i) { w.put(b[i].op->name); }
  constexpr int precedence_of(int i) const {
    return algebra_printer::precedence_of(i, has_notation(i) ? sum : atom);
  }
  /// Whether a function is written as its primitive's notation has it.
  constexpr bool has_notation(int i) const { return b[i].op->infix.find('$') != std::string_view::npos; }

  /// How tightly the product without its sign binds.
  constexpr int strength(const factors& f) const {
    const bool one = f.coefficient.is(1) || f.coefficient.is(-1);
    if (f.below.size() > 0 || is_fraction(f.coefficient)) return product;
    if (f.above.size() == 0) return atom;
    return f.above.size() > 1 || !one ? product : self().precedence_of(f.above[0]);
  }

  /// The product without its sign; `first` is how a captured number is written that it begins with.
  constexpr void put_product(const factors& f, mark first) {
    const exact size = f.coefficient.is_negative() ? -f.coefficient : f.coefficient;
    const bool below_one = !(is_fraction(size) && size.e == 0);
    const exact top = below_one ? size : exact{size.n, 1};
    const bool one = top.is(1);
    if (!one || f.above.size() == 0) put_exact(w, top, dialect::infix);
    for (int k = 0; k < f.above.size(); ++k) {
      if (k > 0 || !one) w.put('*');
      if (k == 0 && begins_captured(f))
        w.put(first, b[f.above[0]].first);
      else
        put(f.above[k], product);
    }
    const int below = f.below.size() + (below_one ? 0 : 1);
    if (below == 0) return;
    w.put(below > 1 ? "/(" : "/");
    if (!below_one) w.put(size.d);
    for (int k = 0; k < f.below.size(); ++k) {
      if (k > 0 || !below_one) w.put('*');
      put(f.below[k], below > 1 ? product : power_);
    }
    if (below > 1) w.put(')');
  }

  constexpr void put_node(int i) {
    switch (b.what(i)) {
      case kind::add:
        return put_sum(i, false);
      case kind::power:
      case kind::pow:
        put(b.operand(i, 0), atom);
        w.put('^');
        return put(b.operand(i, 1), power_);
      case kind::condition:
        return put_condition(i);
      default:
        break;
    }
    if (has_notation(i))
      return put_notation(w, b[i].op->infix, b.count(i),
                          [&](int k, std::string_view left, std::string_view right) {
                            if (k < b.count(i)) put(b.operand(i, k), need_between(left, right));
                          });
    w.all(b[i].op->name, '(');
    for (int k = 0; k < b.count(i); ++k) {
      if (k > 0) w.put(", ");
      put(b.operand(i, k), loosest);
    }
    w.put(')');
  }

  /// What an operand needs between these pieces of a notation.
  static constexpr int need_between(std::string_view left, std::string_view right) {
    const bool open = left.ends_with('(') || left.ends_with(", ") || left.ends_with('|');
    return open && (right.starts_with(')') || right.starts_with(',') || right.starts_with('|')) ? loosest
                                                                                                : atom;
  }

  constexpr void put_sum(int i, bool flip) {
    put_terms(
        i, flip, mark::infix, [&](int x) { put(x, product); },
        [&](const factors& f, mark m) { self().put_product(f, m); });
  }

  constexpr void put_condition(int i) {
    const std::string_view sign = b[i].op->infix;
    if (b.count(i) == 1) {
      w.put(sign);
      return put(b.operand(i, 0), atom);
    }
    const int own = precedence_of(i);
    const bool flip = own == relation && b.is_constant(b.operand(i, 0)) && (sign[0] == '<');
    put(b.operand(i, flip ? 1 : 0), own == relation ? own + 1 : own);
    if (flip)
      w.all(" >", sign.substr(1), " ");
    else
      w.all(" ", sign, " ");
    put(b.operand(i, flip ? 0 : 1), own == relation ? own + 1 : own);
  }
};

class infix_printer : public infix_text<infix_printer> {
 public:
  using infix_text::infix_text;

 private:
  friend infix_text;
};

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
