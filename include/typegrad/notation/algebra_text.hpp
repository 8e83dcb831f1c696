// SPDX-License-Identifier: BSL-1.0
// Sums and products as people write them, for infix and LaTeX alike: `a - b`, `x/2`, `x^2*y`; high powers
// first, the constant last.
#pragma once
#include "../support/compiler/begin.hpp"

#include "writer.hpp"

namespace tg::detail {

/// How tightly a notation binds; an operand that binds less than its place needs stands in parentheses.
enum precedence : int { loosest, either, both, relation, sum, product, power_, atom };

/// A product taken apart: coefficient * above / below.
struct factors {
  exact coefficient{1, 1};
  buffer<int> above, below;
};

class algebra_printer {
 public:
  constexpr algebra_printer(const builder& graph, const buffer<int>& roots, writer& to)
      : b{graph},
        w{to},
        names(graph, roots),
        degree_(graph.size(), 0),
        lead_(graph.size(), 1 << 20),
        mentioned(graph.size(), 0) {
    buffer<int> symbols;
    find_symbols(b, symbols);
    for (int k = 0; k < symbols.size(); ++k) lead_[symbols[k]] = k;
    for (int i = 0; i < b.size(); ++i) weigh(i);
  }

  const builder& b;
  writer& w;
  outline names;

 protected:
  constexpr bool is_named(int i) const { return names.name[i] != 0; }
  constexpr bool is_product(int i) const {
    const kind k = b.what(i);
    return k == kind::multiply || k == kind::divide || k == kind::negate || k == kind::constant;
  }

  /// How tightly node i binds, which is no product, if a function binds like `function`.
  constexpr int precedence_of(int i, int function) const {
    switch (b.what(i)) {
      case kind::add:
        return sum;
      case kind::power:
      case kind::pow:
        return power_;
      case kind::condition:
        return b[i].op->relation == facts::either ? either
               : b[i].op->relation == facts::both ? both
               : b.count(i) == 1                  ? atom
                                                  : relation;
      default:
        return function;
    }
  }

  /// Takes the product i apart; `top`: i is what is being written, whether it has a name or not.
  constexpr void gather(factors& f, int i, bool inverse = false, bool top = true) const {
    if (top || !is_named(i)) switch (b.what(i)) {
        case kind::constant: {
          const exact_result v = inverse ? detail::inverse(b.value(i)) : exact_result{b.value(i), true};
          if (!v.valid) break;
          const exact_result r = f.coefficient * v.value;
          if (!r.valid) break;
          f.coefficient = r.value;
          return;
        }
        case kind::negate:
          f.coefficient = -f.coefficient;
          return gather(f, b.operand(i, 0), inverse, false);
        case kind::multiply:
          for (int k = 0; k < b.count(i); ++k) gather(f, b.operand(i, k), inverse, false);
          return;
        case kind::divide:
          gather(f, b.operand(i, 0), inverse, false);
          return gather(f, b.operand(i, 1), !inverse, false);
        default:
          break;
      }
    (inverse ? f.below : f.above).push_back(i);
  }

  /// The factors of i in the order in which they are written: numbers, symbols and their powers, the rest.
  constexpr void take_apart(factors& f, int i) const {
    gather(f, i);
    const auto first = [&](int x, int y) {
      return place(x) != place(y) ? place(x) < place(y) : before(b, x, y);
    };
    sort(f.above.items, f.above.size(), first);
    sort(f.below.items, f.below.size(), first);
  }

  /// The terms of the sum i in the order in which they are written; `flip`: those of -i.
  constexpr void order_terms(int i, buffer<int>& terms, bool flip = false) const {
    for (int k = 0; k < b.count(i); ++k) terms.push_back(b.operand(i, k));
    sort(terms.items, terms.size(), [&](int x, int y) {
      const bool p = b.is_constant(x), q = b.is_constant(y);
      if (p != q) return q;
      if (degree_[x] != degree_[y]) return degree_[x] > degree_[y];
      return lead_[x] != lead_[y] ? lead_[x] < lead_[y] : before(b, x, y);
    });
    if (is_negative(terms[0]) == flip) return;
    for (int k = 1; k < terms.size(); ++k)
      if (is_negative(terms[k]) == flip) {
        const int positive = terms[k];
        for (; k > 0; --k) terms[k] = terms[k - 1];
        terms[0] = positive;
        return;
      }
  }

  /// Writes the sum i, or -i, by what writes one term and what writes a product behind its sign. `plain` is
  /// the mark of a captured number; after it come those of an operand, of + and the number, and of - and it.
  template <class Put, class PutProduct>
  constexpr void put_terms(int i, bool flip, mark plain, Put put_one, PutProduct put_unsigned) {
    const auto marked = [&](int further) { return static_cast<mark>(static_cast<char>(plain) + further); };
    buffer<int> terms;
    order_terms(i, terms, flip);
    for (int k = 0; k < terms.size(); ++k) {
      const int x = terms[k];
      const bool first = k == 0, single = !is_product(x) || is_named(x);
      if (b.what(x) == kind::captured && !(first && flip)) {
        w.put(marked(first ? 0 : flip ? 3 : 2), b[x].first);
        continue;
      }
      factors f;
      if (!single) take_apart(f, x);
      const bool minus = f.coefficient.is_negative() != flip;
      // In a fraction of LaTeX the sign stands in front of the whole.
      const bool signs_itself =
          !first && !single && begins_captured(f) && (plain != mark::latex || f.below.size() == 0);
      if (!signs_itself) w.put(minus ? (first ? "-" : " - ") : first ? "" : " + ");
      if (single)
        put_one(x);
      else
        put_unsigned(f, marked(signs_itself ? (minus ? 3 : 2) : minus ? 1 : 0));
    }
  }

  /// Whether the product is -s for a sum s that is written on the spot: then the sum is written with all
  /// signs changed.
  constexpr bool is_negative_sum(const factors& f) const {
    return f.coefficient.is(-1) && f.above.size() == 1 && f.below.size() == 0 &&
           b.what(f.above[0]) == kind::add && !is_named(f.above[0]);
  }
  /// Whether the product begins with a captured number, whose sign is known only at run time.
  constexpr bool begins_captured(const factors& f) const {
    return (f.coefficient.is(1) || f.coefficient.is(-1)) && f.above.size() > 0 &&
           b.what(f.above[0]) == kind::captured;
  }

  constexpr bool is_negative(int i) const {
    if (is_named(i)) return false;
    switch (b.what(i)) {
      case kind::constant:
        return b.value(i).is_negative();
      case kind::negate:
        return !is_negative(b.operand(i, 0));
      case kind::multiply:
        return b.is_constant(b.operand(i, 0)) && b.value(b.operand(i, 0)).is_negative();
      case kind::divide:
        return is_negative(b.operand(i, 0)) != is_negative(b.operand(i, 1));
      default:
        return false;
    }
  }

 private:
  /// Where a factor stands: numbers, then symbols by name, then sums, then functions.
  constexpr int place(int i) const {
    switch (b.what(i)) {
      case kind::constant:
        return 0;
      case kind::captured:
        return 2;
      case kind::variable:
        return 3 + lead_[i];
      case kind::power:
        return b.what(b.operand(i, 0)) == kind::variable ? 3 + lead_[i] : 1 << 23;
      case kind::add:
        return 1 << 22;
      default:
        return b.count(i) == 0 ? 1 : 1 << 23;
    }
  }

  /// The degree as of a polynomial, where a function counts as one symbol; and the first of the symbols.
  constexpr void weigh(int i) {
    const int n = b.count(i);
    for (int k = 0; k < n; ++k)
      if (lead_[b.operand(i, k)] < lead_[i]) lead_[i] = lead_[b.operand(i, k)];
    int d = 0;
    switch (b.what(i)) {
      case kind::variable:
        d = 1;
        break;
      case kind::add:
      case kind::negate:
        for (int k = 0; k < n; ++k)
          if (degree_[b.operand(i, k)] > d) d = degree_[b.operand(i, k)];
        break;
      case kind::multiply:
        for (int k = 0; k < n; ++k) d += degree_[b.operand(i, k)];
        break;
      case kind::divide:
        d = degree_[b.operand(i, 0)] - degree_[b.operand(i, 1)];
        break;
      case kind::power: {
        const exact& e = b.value(b.operand(i, 1));
        d = e.is_integer() && e.n < 100 ? degree_[b.operand(i, 0)] * static_cast<int>(e.n) : 1;
        break;
      }
      default:  // a product of arrays has the degree of one
        for (int k = 0; k < n && b.attribute(i) != 0; ++k) d += degree_[b.operand(i, k)];
        if (b.attribute(i) == 0) d = lead_[i] < (1 << 20);
    }
    degree_[i] = d > 9999 ? 9999 : d < -9999 ? -9999 : d;
  }

  buffer<int> degree_, lead_;

 public:
  buffer<char> mentioned;  // whether the name of a node has been written
};

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
