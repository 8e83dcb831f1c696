// SPDX-License-Identifier: BSL-1.0
// Where a formula and its first derivatives are defined: the conditions that the records of its primitives
// name, with the operands in infix, without those that always hold or that another one implies.
#pragma once
#include "../support/compiler/begin.hpp"

#include "infix.hpp"

namespace tg::detail {

template <class Infix>
class domain_text {
 public:
  static constexpr void print(builder& graph, buffer<int>& roots, const dimensions&, writer& to) {
    domain_text d(graph, roots, to);
    for (int i = 0; i < graph.size(); ++i)
      if (d.infix_.names.uses[i] > 0) d.conditions_of(i);
    if (d.list_.size() == 0) return to.put("everywhere");
    bool first = true;
    for (const condition& c : d.list_) {
      if (d.is_implied(c)) continue;
      if (!first) to.put(", ");
      first = false;
      d.put(c);
    }
    if (first)
      to.put("everywhere");
    else
      d.put_definitions();
  }

 private:
  /// `notation` of node i, or of the operand x alone.
  struct condition {
    std::string_view notation;
    int node, operand, guard, next;
  };
  static constexpr int unseen = -2, always = -1;
  static constexpr std::string_view positive = "$1 > 0", not_negative = "$1 >= 0", not_zero = "$1 != 0";

  constexpr domain_text(builder& graph, const buffer<int>& roots, writer& to)
      : b{graph},
        w{to},
        infix_(graph, roots, to),
        sign_(graph.size(), 0),
        guard_(graph.size(), unseen),
        last_(graph.size(), -1) {
    for (int i = 0; i < b.size(); ++i) sign_[i] = static_cast<char>(find_sign(i));
    for (int r : roots) guard_[r] = always;
    for (int i = b.size() - 1; i >= 0; --i)
      if (guard_[i] != unseen)
        for (int k = 0; k < b.count(i); ++k) {
          int& g = guard_[b.operand(i, k)];
          const int own = b.what(i) == kind::where && k > 0 ? 2 * i + k - 1 : guard_[i];
          g = g == unseen || g == own ? own : always;
        }
  }

  constexpr void conditions_of(int i) {
    const record& r = *b[i].op;
    if (b.count(i) == 0) return;
    if (r.what == kind::divide) return divisor(b.operand(i, 1), i);
    if (r.what == kind::power) {
      const exact& e = b.value(b.operand(i, 1));
      if (!e.is_integer()) add(less(e, exact{1, 1}) ? positive : not_negative, i, b.operand(i, 0));
      return;
    }
    if (!r.domain.empty()) add(r.domain, i, b.operand(i, 0));
  }

  /// The divisor x of node i must not be zero: for a product, none of its factors.
  constexpr void divisor(int x, int i) {
    if (sign_[x] == 2) return;
    switch (b.what(x)) {
      case kind::multiply:
        for (int k = 0; k < b.count(x); ++k) divisor(b.operand(x, k), i);
        return;
      case kind::negate:
        return divisor(b.operand(x, 0), i);
      case kind::power:
        if (b.value(b.operand(x, 1)).is_integer()) return divisor(b.operand(x, 0), i);
        break;
      case kind::divide:
        return divisor(b.operand(x, 0), i);
      case kind::constant:
        if (x != zero_node) return;
        break;
      default:
        break;
    }
    add(not_zero, i, x);
  }

  /// What the sign of a value is known to be, inside its domain: 0 nothing, 1 not negative, 2 positive.
  constexpr int find_sign(int i) const {
    const int n = b.count(i);
    int least = 2, most = 0;
    for (int k = 0; k < n; ++k) {
      const int s = sign_[b.operand(i, k)];
      if (s < least) least = s;
      if (s > most) most = s;
    }
    switch (b.what(i)) {
      case kind::variable:
        return 0;
      case kind::constant:
        return b.value(i).n > 0 ? 2 : b.value(i).n == 0 ? 1 : 0;
      case kind::add:
        return least > 0 ? most : 0;
      case kind::multiply:
      case kind::divide:
        return least;
      case kind::where:
        return sign_[b.operand(i, 1)] < sign_[b.operand(i, 2)] ? sign_[b.operand(i, 1)]
                                                               : sign_[b.operand(i, 2)];
      case kind::pow:
        return 2;
      case kind::power: {
        const exact& e = b.value(b.operand(i, 1));
        if (!e.is_integer()) return less(e, exact{1, 1}) ? 2 : 1;
        return sign_[b.operand(i, 0)] == 2 ? 2 : e.n % 2 == 0 ? 1 : sign_[b.operand(i, 0)];
      }
      default:
        break;
    }
    const int range = b[i].op->range == facts::positive ? 2 : b[i].op->range == facts::not_negative ? 1 : 0;
    return b[i].op->keeps_sign && least > range ? least : range;
  }

  constexpr void add(std::string_view notation, int i, int x) {
    if (notation == positive && sign_[x] == 2) return;
    if (notation == not_negative && sign_[x] >= 1) return;
    for (int k = last_[x]; k >= 0; k = list_[k].next)
      if (list_[k].notation == notation && (list_[k].guard == guard_[i] || list_[k].guard == always) &&
          (b.count(i) == 1 || is_single(notation) || list_[k].node == i))
        return;
    list_.push_back({notation, i, x, guard_[i], last_[x]});
    last_[x] = list_.size() - 1;
  }
  static constexpr bool is_single(std::string_view notation) {
    return notation == positive || notation == not_negative || notation == not_zero;
  }

  /// Whether the guard of a choice or another condition implies c.
  constexpr bool is_implied(const condition& c) const {
    if (!is_single(c.notation)) return false;
    if (c.guard >= 0 && guard_implies(b.operand(c.guard / 2, 0), c.guard % 2 == 0, c)) return true;
    if (c.notation == positive) return false;
    for (int k = last_[c.operand]; k >= 0; k = list_[k].next)
      if (list_[k].notation == positive && (list_[k].guard == c.guard || list_[k].guard == always))
        return true;
    return false;
  }

  /// Whether the node g, being true or false, implies c.
  constexpr bool guard_implies(int g, bool holds, const condition& c) const {
    const facts::relation_kind asked = b[g].op->relation;
    if (b.what(g) != kind::condition) return false;
    if (asked == facts::negation) return guard_implies(b.operand(g, 0), !holds, c);
    if ((asked == facts::both && holds) || (asked == facts::either && !holds))
      return guard_implies(b.operand(g, 0), holds, c) || guard_implies(b.operand(g, 1), holds, c);
    if (asked > facts::equals) return false;
    const int x = b.operand(g, 0), y = b.operand(g, 1);
    if (asked == facts::equals)
      return !holds && c.notation == not_zero &&
             ((x == zero_node && y == c.operand) || (y == zero_node && x == c.operand));
    const bool strict = (asked == facts::below) == holds;  // what holds is low < high, or low <= high
    const int low = holds ? x : y, high = holds ? y : x;
    if (high == c.operand && b.is_constant(low)) {
      const exact& v = b.value(low);
      return c.notation == not_negative ? !v.is_negative() : v.n > 0 || (v.n == 0 && strict);
    }
    return low == c.operand && b.is_constant(high) && c.notation == not_zero &&
           (b.value(high).is_negative() || (b.value(high).n == 0 && strict));
  }

  constexpr void put(const condition& c) {
    const std::string_view notation = c.notation;
    if (c.operand == zero_node && notation == not_zero) return w.put("nowhere");
    if (b.is_constant(c.operand) && notation.starts_with("$1 >") &&
        (notation != "$1 > -1" || !less(exact{-1, 1}, b.value(c.operand))))
      return w.put("nowhere");
    put_notation(w, notation, b.count(c.node), [&](int k, std::string_view, std::string_view right) {
      infix_.put(is_single(notation) ? c.operand : b.operand(c.node, k),
                 right.starts_with(" is ") ? sum
                 : right.starts_with("|")  ? loosest
                                           : relation,
                 is_single(notation));
    });
    if (c.guard < 0) return;
    w.put(c.guard % 2 == 1 ? " if not " : " if ");
    infix_.put(b.operand(c.guard / 2, 0), c.guard % 2 == 1 ? atom : both + 1, true);
  }

  /// In a large formula: what the names t1, t2, ... in the conditions mean.
  constexpr void put_definitions() {
    bool first = true;
    const buffer<int>& named = infix_.names.named;
    for (int k = named.size() - 1; k >= 0; --k) {
      if (infix_.mentioned[named[k]] == 0) continue;
      w.all(first ? "; " : ", ", infix_.names.letter(), k + 1, " = ");
      infix_.put(named[k], loosest, true);
      first = false;
    }
  }

  const builder& b;
  writer& w;
  Infix infix_;
  buffer<char> sign_;
  buffer<int> guard_;  // 2*i + side: only in that side of the choice i
  buffer<int> last_;   // the last condition on a node, and with `next` all of them
  buffer<condition> list_;
};

using domain_printer = domain_text<infix_printer>;

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
