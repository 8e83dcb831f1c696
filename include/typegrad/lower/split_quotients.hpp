// SPDX-License-Identifier: BSL-1.0
// Quotients of powers as powers of quotients. The derivative of exp(x)/s has exp(x)^2/s^2, whose parts
// overflow at half of the exponent at which exp(x) does; (exp(x)/s)^2 does not. And those of atan and asinh
// have x^2/(1 + x^2)^3 and its like with roots, in which (1 + x^2)^3 overflows at a sixth. Part of what is
// done before a program is emitted.
#pragma once
#include "../support/compiler/begin.hpp"

#include "../pass/rewrite.hpp"
#include "../primitive/hyperbolic.hpp"
#include "keep_range.hpp"

namespace tg::detail {

class quotient_splitter {
 public:
  constexpr quotient_splitter(builder& graph, buffer<char>& kept_whole) : b{graph}, whole_{kept_whole} {}

  /// Rewrites what `roots` need; `roots` moves along.
  constexpr void run(buffer<int>& roots) {
    const int n = b.size();
    buffer<char> needed;
    bool any = false;
    mark_needed(b, n, roots, needed);
    above_.place.assign(2 * n, 0);
    below_.place.assign(2 * n, 0);
    for (int i = 0; i < n && !any; ++i)
      any = needed.items[i] != 0 && b.vertices.items[i].op->what == kind::divide && take_apart(i);
    if (!any) return;
    rewrite(b, roots, image_, [&](int i, const buffer<int>& args, bool moved) {
      if (b.what(i) == kind::divide && take_apart(i)) return split();
      return moved ? b.intern(b[i].op, args) : i;
    });
  }

 private:
  struct factor {
    int node;
    std::int64_t exponent;
    bool is_root = false;  // of the node
  };

  /// Factors, each once; a node's place in the list is found without a search.
  struct factor_list {
    buffer<factor> items;
    buffer<int> place;  // + 1, for each node and for its root

    constexpr void clear() {
      for (const factor& f : items) place.items[2 * f.node + f.is_root] = 0;
      items.clear();
    }
    constexpr void add(const factor& f) {
      int& at = place.items[2 * f.node + f.is_root];
      if (at > 0) {
        items.items[at - 1].exponent += f.exponent;
      } else {
        items.push_back(f);
        at = items.used;
      }
    }
    constexpr factor* begin() { return items.begin(); }
    constexpr factor* end() { return items.end(); }
  };

  static constexpr int most_visits = budgets::split_visits;

  /// The factors of quotient i; false if none above belongs to one below, or if there are very many. Where
  /// the powers as they stand give none, also those that powers of products and of powers consist of are
  /// looked at.
  constexpr bool take_apart(int i) {
    if (take_apart(i, false)) return true;
    if (visits_ > most_visits) return false;
    bool more = false;
    for (const factor& f : below_) {
      const kind what = b.what(f.node);
      more = more || f.exponent > 1 || what == kind::multiply || what == kind::power || what == kind::root;
    }
    return more && take_apart(i, true);
  }
  constexpr bool take_apart(int i, bool deep) {
    deep_ = deep;
    above_.clear();
    below_.clear();
    minus_ = false;
    visits_ = 0;
    gather(b.operand(i, 1), below_, 1);
    if (visits_ > most_visits) return false;
    bool power_below = false;
    for (const factor& f : below_) power_below = power_below || (f.exponent > 1 && !b[f.node].fixed);
    if (!power_below) return false;
    gather(b.operand(i, 0), above_, 1);
    if (visits_ > most_visits) return false;
    for (const factor& f : below_)
      if (partner_of(f) != nullptr) return true;
    return false;
  }
  /// The factor above that is divided by a power below: a power of what may grow exponentially, or what is no
  /// larger. Other powers overflow late, and the quotient of other factors may overflow where one more factor
  /// is zero.
  constexpr factor* partner_of(const factor& under) {
    factor* partner = nullptr;
    if (under.exponent < 2 || b[under.node].fixed) return partner;
    for (factor& f : above_)
      if (f.exponent > (partner == nullptr ? 0 : partner->exponent) && !b[f.node].fixed &&
          (deep_ ? is_bounded_deeply(f, under)
                 : (f.exponent > 1 && has_function(f.node)) || is_bounded_by(f.node, under.node)))
        partner = &f;
    return partner;
  }
  /// A function, or a sum, product or quotient with one in it, a few levels down.
  constexpr bool has_function(int id, int levels = budgets::near_levels) const {
    const kind what = b.what(id);
    if (what != kind::add && what != kind::multiply && what != kind::negate && what != kind::divide)
      return what == kind::function;
    for (int k = 0; k < b.count(id) && levels > 0; ++k)
      if (has_function(b.operand(id, k), levels - 1)) return true;
    return false;
  }
  /// A term of a sum, as exp(x) in exp(x)*exp(y)/(exp(x) + exp(y))^2; and sinh(x), by cosh(x).
  constexpr bool is_bounded_by(int id, int bound) const {
    if (b[bound].op == known<op::cosh>)
      return b[id].op == known<op::sinh> && b.operand(id, 0) == b.operand(bound, 0);
    for (int k = 0; k < b.count(bound) && b.what(bound) == kind::add; ++k)
      if (b.operand(bound, k) == id) return true;
    return false;
  }
  /// x by c + x^2 and what is next to it, x^2 by its root; and x by c + x and c - x, or two of their roots.
  constexpr bool is_bounded_deeply(const factor& f, const factor& under) const {
    if (f.is_root || b.what(under.node) != kind::add) return false;
    if (squared_beside_constant(b, under.node, f.node) >= 0) return true;
    if (under.is_root && under.exponent < 3) return false;
    for (int k = 0; k < b.count(under.node); ++k)
      if (const int x = b.operand(under.node, k);
          x == f.node || (b.what(x) == kind::negate && b.operand(x, 0) == f.node))
        return true;
    return false;
  }
  constexpr void gather(int id, factor_list& to, std::int64_t exponent) {
    b.limited = b.limited || visits_ == most_visits;
    if (++visits_ > most_visits) return;
    bool is_root = false;
    switch (b.what(id)) {
      case kind::negate:
        minus_ = minus_ != (exponent % 2 != 0);
        return gather(b.operand(id, 0), to, exponent);
      case kind::multiply:
        for (int k = 0; k < b.count(id); ++k) gather(b.operand(id, k), to, exponent);
        return;
      case kind::power:
        if (const exact& e = b.value(b.operand(id, 1)); e.is_integer() && e.n <= budgets::multiplied_power) {
          if (deep_) return gather(b.operand(id, 0), to, exponent * e.n);
          exponent *= e.n, id = b.operand(id, 0);
        } else if (deep_ && e.d == 2 && e.e == 0 && e.n <= budgets::multiplied_power) {
          exponent *= e.n, id = b.operand(id, 0), is_root = true;
        }
        break;
      case kind::root:
        if (deep_) id = b.operand(id, 0), is_root = true;
        break;
      default:
        break;
    }
    to.add({id, exponent, is_root});
  }
  constexpr int image_of(const factor& f) {
    const int x = image_.items[f.node];
    return f.is_root ? far_root_of(b, f.node, x, image_) : x;
  }
  /// A root that stands on both sides stays on one.
  constexpr void cancel_roots() {
    for (factor& over : above_)
      for (factor& under : below_)
        if (over.is_root && under.is_root && over.node == under.node) {
          const std::int64_t both = over.exponent < under.exponent ? over.exponent : under.exponent;
          over.exponent -= both, under.exponent -= both;
        }
  }

  /// The quotient of the factors that were taken apart: what belongs together as powers of quotients, after
  /// what is left.
  constexpr int split() {
    buffer<int> ratios, product;
    int below = one_node;
    if (deep_) cancel_roots();
    for (factor& under : below_) {
      if (under.exponent == 0) continue;
      const int x = image_of(under);
      for (factor* over = partner_of(under); over != nullptr; over = partner_of(under)) {
        const int roots = under.is_root && squared_beside_constant(b, under.node, over->node) < 0
                              ? 2
                              : 1;  // for each factor above
        const std::int64_t most = under.exponent / roots;
        const std::int64_t both = over->exponent < most ? over->exponent : most;
        const int ratio = divide(b, image_of(*over), roots == 2 ? image_.items[under.node] : x);
        keep_whole(ratio);
        if (both > 3)
          ratios.push_back(power(b, ratio, {both, 1}));
        else
          for (int k = 0; k < both; ++k) ratios.push_back(ratio);
        under.exponent -= roots * both;
        over->exponent -= both;
      }
      if (under.exponent > 0) below = multiply(b, below, power(b, x, {under.exponent, 1}));
    }
    for (const factor& f : above_)
      if (f.exponent > 0) product.push_back(power(b, image_of(f), {f.exponent, 1}));
    for (int ratio : ratios) product.push_back(ratio);
    const int quotient =
        divide(b, product.size() == 1 ? product[0] : b.intern(known<op::multiply>, product), below);
    return minus_ ? negate(b, quotient) : quotient;
  }
  constexpr void keep_whole(int id) {
    if (id >= whole_.size()) whole_.resize(id + 1);
    whole_[id] = 1;
  }

  builder& b;
  buffer<char>& whole_;
  buffer<int> image_;
  factor_list above_, below_;
  bool minus_ = false, deep_ = false;
  int visits_ = 0;
};

/// Rewrites the quotients of a graph that is about to be emitted; `roots` moves along. `whole` becomes 1 for
/// products that must not be taken apart any more.
constexpr void split_quotients(builder& b, buffer<int>& roots, buffer<char>& whole) {
  quotient_splitter splitter(b, whole);
  splitter.run(roots);
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
