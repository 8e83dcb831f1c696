// SPDX-License-Identifier: BSL-1.0
// A sum or product on the way into canonical form: what is added to it, what becomes of its terms or factors,
// and the node that it is in the end.
#pragma once
#include "../support/compiler/begin.hpp"

#include "../graph/rule.hpp"
#include "join_roots.hpp"
#include "match.hpp"

namespace tg::detail {

/// The record of the primitive with a key.
using record_finder = const record*(std::uint64_t key);

class collector : protected like_terms {
 public:
  constexpr collector(builder& graph, const row_table& rows, record_finder* named, bool with_rows)
      : like_terms{graph}, out{graph}, match_{graph, rows}, named_{named}, sum_rows_{with_rows} {}
  /// For a part of what `outer` makes.
  constexpr explicit collector(const collector* outer)
      : collector{outer->out, outer->match_.t, outer->named_, outer->sum_rows_} {
    norms_ = outer->norms_, tanh_ = outer->tanh_;
  }

  // What the results of rows are made with (pass/match.hpp).
  constexpr int variable(int node) const { return node; }
  constexpr int function(std::uint64_t key, const buffer<int>& args) { return called(named_(key), args); }
  constexpr int algebra(kind what, int value, const buffer<int>& args) {
    if (what == kind::constant) return out.constant(exact{value});
    if (what == kind::power) return power(out, args.items[0], exact{value});
    if (what == kind::root) return root(out, args.items[0]);
    if (what == kind::multiply || what == kind::divide) {
      int result = args.items[0];
      for (int k = 1; k < args.used; ++k)
        result = product(result, args.items[k], {what == kind::multiply ? 1 : -1});
      return result;
    }
    collector inner(this);
    for (int x : args) inner.add_term(x, {what == kind::add ? 1 : -1}, true);
    return inner.build_sum();
  }

 protected:
  /// op applied to nodes of the result; a norm may become a product.
  constexpr int called(const record* op, const buffer<int>& args) {
    const int x = make_node(out, op, args);
    return op->norm && to[x].op->what == kind::multiply ? product(x, one_node) : x;
  }
  /// A part of a row as a node.
  constexpr int built(int part) { return build(*this, match_, part); }

  // Sums.

  /// Adds factor * x, where x is a node of the result; a sum that nobody else uses is taken apart.
  constexpr void add_term(int x, exact factor, bool single) {
    switch (to[x].op->what) {
      case kind::constant:
        if (const exact_result r = out.value(x) * factor; r.valid)
          if (const exact_result s = constant_ + r.value; s.valid) {
            constant_ = s.value;
            return;
          }
        break;
      case kind::negate:
        return add_term(out.operand(x, 0), -factor, single);
      case kind::add:
        if (single && (factor.is(1) || factor.is(-1))) {
          for (int k = 0; k < out.count(x); ++k) add_term(out.operand(x, k), factor, false);
          return;
        }
        break;
      case kind::multiply:
        if (out.is_constant(out.operand(x, 0)))
          if (const exact_result r = out.value(out.operand(x, 0)) * factor; r.valid) {
            buffer<int> rest;
            for (int k = 1; k < out.count(x); ++k) rest.push_back(out.operand(x, k));
            return push(rest.size() == 1 ? rest[0] : out.intern(known<op::multiply>, rest), r.value);
          }
        break;
      case kind::divide:  // c/y is c times 1/y
        if (out.is_constant(out.operand(x, 0)))
          if (const exact_result r = out.value(out.operand(x, 0)) * factor; r.valid)
            return push(divide(out, one_node, out.operand(x, 1)), r.value);
        break;
      default:
        break;
    }
    push(x, factor);
  }

  /// factor * x as one node.
  constexpr int scaled(int x, const exact& factor) {
    if (factor.is(1)) return x;
    if (out.what(x) == kind::divide && out.operand(x, 0) == one_node)
      return divide(out, out.constant(factor), out.operand(x, 1));
    if (factor.is(-1)) return negate(out, x);
    buffer<int> args;
    args.push_back(out.constant(factor));
    if (out.what(x) == kind::multiply && !out.is_constant(out.operand(x, 0)))
      for (int k = 0; k < out.count(x); ++k) args.push_back(out.operand(x, k));
    else
      args.push_back(x);
    return out.intern(known<op::multiply>, args);
  }

  constexpr int build_sum() {
    collect_terms();
    if (sum_rows_) apply_rows();
    if (choices_) join_choices();
    if (out.arrays != nullptr) join_arrays();
    out.limited = out.limited || (sums_ && terms_.used > budgets::joined_terms);
    if (sums_ && terms_.used > 1 && terms_.used <= budgets::joined_terms)
      for (exact_term left = take_joined(); left.valid; left = take_joined()) {
        add_term(left.value.node, left.value.factor, false);
        collect_terms();
      }
    int terms = 0;
    bool flip = constant_.n <= 0;
    for (const term& t : terms_) terms += t.factor.n != 0, flip = flip && t.factor.n <= 0;
    if (terms == 0) return out.constant(constant_);
    flip = flip && (terms > 1 || constant_.n != 0);  // all are negative
    args_.clear();
    if (constant_.n != 0) args_.push_back(out.constant(flip ? -constant_ : constant_));
    for (const term& t : terms_)
      if (t.factor.n != 0) args_.push_back(scaled(t.node, flip ? -t.factor : t.factor));
    const int sum = sorted(known<op::add>, args_);
    return flip ? negate(out, sum) : sum;
  }

  /// Replaces what a row (pass/rows.hpp) says of these terms, until there is none. In canonical order, so
  /// that it does not matter how the terms were written.
  constexpr void apply_rows() {
    bool any = false;
    for (int k = 0; k < terms_.used && !any; ++k) any = match_.may_hold_first(terms_.items[k].node);
    if (!any) return;
    sort_terms();
    const row_table& t = match_.t;
    for (auto found = match_.find_in_sum(terms_, constant_); found.row >= 0;
         found = match_.find_in_sum(terms_, constant_)) {
      for (int k = 0; k < found.count; ++k) terms_.items[found.used[k]] = {};
      if (found.number.n != 0) constant_ = {};
      const int result = t.lines[found.row].result;
      const bool sum = t.nodes[result].what == kind::add;
      for (int k = 0; k < (sum ? t.nodes[result].count : 1); ++k) {
        int part = sum ? t.nodes[result].operand[k] : result;
        const exact_result factor = exact{t.take_coefficient(part)} * found.scale;
        const int node = t.nodes[part].what == kind::constant ? one_node : built(part);
        add_term(found.factor == one_node ? node : product(node, found.factor), factor.value, false);
      }
      collect_terms();
      sort_terms();
    }
  }

  /// x y^exponent.
  constexpr int product(int x, int y, const exact& exponent = {1}) {
    collector inner(this);
    inner.start({1});
    inner.add_factor(x, {1}, true);
    inner.add_factor(y, exponent, true);
    return inner.build_product();
  }

  /// where(c, x, 0) + where(c, y, z) = where(c, x + y, z): one branch instead of two.
  constexpr void join_choices() {
    for (int i = 0; i < terms_.size(); ++i) {
      const int k = gated_operand(out, terms_[i].node);
      if (k == 0 || terms_[i].factor.is(0)) continue;
      for (int j = 0; j < terms_.size(); ++j) {
        const int x = terms_[i].node, y = terms_[j].node;
        if (i == j || terms_[j].factor.is(0) || out.what(y) != kind::where ||
            out.operand(x, 0) != out.operand(y, 0))
          continue;
        if (!terms_[j].factor.is(1) && gated_operand(out, y) == 0) continue;
        const int c = out.operand(x, 0);
        int side[3] = {};
        const int from_x = scaled_product(out.operand(x, k), terms_[i].factor);
        for (int s = 1; s < 3; ++s) {
          side[s] = scaled_product(out.operand(y, s), terms_[j].factor);
          if (s == k) side[s] = two_terms(side[s], from_x);
        }
        terms_[j] = {make_where(out, c, side[1], side[2]), {1, 1}};
        terms_[i].factor = {};
        break;
      }
    }
  }
  /// Products of arrays that have all factors but one in common.
  constexpr void join_arrays() {
    sort_terms();
    for (int i = 0; i < terms_.used; ++i)
      for (int j = i + 1; j < terms_.used; ++j) {
        if (terms_[i].factor.is(0) || terms_[j].factor.is(0)) continue;
        // Their coefficient stays outside if it is the same.
        const exact p = terms_[i].factor, q = terms_[j].factor;
        const bool same = p == q || p == -q;
        const int joined = out.arrays->join_terms(out, terms_[i].node, same ? exact{1} : p, terms_[j].node,
                                                  same ? exact{p == q ? 1 : -1} : q);
        if (joined < 0) continue;
        terms_[i] = {joined, same ? p : exact{1}};
        terms_[j].factor = {};
        j = i;
      }
  }
  constexpr int scaled_product(int x, const exact& factor) {
    return x == zero_node       ? x
           : out.is_constant(x) ? multiply(out, out.constant(factor), x)
                                : scaled(x, factor);
  }
  constexpr int two_terms(int x, int y) {
    if (x == zero_node || y == zero_node) return x + y;
    collector inner(this);
    inner.add_term(x, {1, 1}, true);
    inner.add_term(y, {1, 1}, true);
    return inner.build_sum();
  }

  // Products.

  /// Multiplies by x^exponent, where x is a node of the result.
  constexpr void add_factor(int x, const exact& exponent, bool single) {
    const bool one = exponent.is(1) || exponent.is(-1);
    switch (to[x].op->what) {
      case kind::constant:
        if (exponent.is_integer())
          if (const exact_result r = integer_power(out.value(x), exponent.n); r.valid)
            if (const exact_result s = constant_ * r.value; s.valid) {
              constant_ = s.value;
              return;
            }
        break;
      case kind::negate:
        if (one)
          constant_ = -constant_;
        else
          break;
        return add_factor(out.operand(x, 0), exponent, single);
      case kind::power:
        if (out.is_constant(out.operand(x, 1)))
          if (const exact_result r = out.value(out.operand(x, 1)) * exponent; r.valid)
            return push(out.operand(x, 0), r.value);
        break;
      case kind::root:
        if (exponent.is_integer())
          return push(out.operand(x, 0),
                      exact{exponent.n, 2}.n % 2 == 0 ? exact{exponent.n / 2, 1} : exact{exponent.n, 2});
        break;
      case kind::divide:
        if (one && (single || out.is_constant(out.operand(x, 0)))) {
          add_factor(out.operand(x, 0), exponent, single);
          return add_factor(out.operand(x, 1), -exponent, single);
        }
        break;
      case kind::multiply:
        if (one && (single || (out.count(x) == 2 && out.is_constant(out.operand(x, 0))))) {
          for (int k = 0; k < out.count(x); ++k) add_factor(out.operand(x, k), exponent, false);
          return;
        }
        break;
      default:
        break;
    }
    push(x, exponent);
  }

  constexpr int build_product() {
    if (constant_.n == 0) return zero_node;
    if (numbers_ > 1) join_roots(out, terms_, constant_);
    // x^a x^b = x^(a+b): always for integers and in quotients; else only if the result still shows that x >=
    // 0 is needed.
    collect([&](int x, const exact& a, const exact& b, const exact& sum) {
      return (a.is_integer() && b.is_integer()) || a.is_negative() != b.is_negative() || !sum.is_integer() ||
             out.is_constant(x);
    });
    for (int i = 0; norms_ && i < terms_.used; ++i) join_sign(i);
    for (int i = 0; tanh_ && i < terms_.used; ++i) join_tanh(i);
    for (int i = 0; choices_ && i < terms_.size();
         ++i)  // the choice moves out of the product, see multiply() in graph/algebra.hpp
      if (const int k = gated_operand(out, terms_[i].node); k != 0 && terms_[i].factor.is(1)) {
        const int choice = terms_[i].node;
        collector inner(this);
        inner.constant_ = constant_;
        for (int j = 0; j < terms_.size(); ++j)
          if (j != i) inner.push(terms_[j].node, terms_[j].factor);
        inner.add_factor(out.operand(choice, k), {1, 1}, true);
        return with_gated(out, choice, k, inner.build_product());
      }
    above_.clear(), below_.clear(), fixed_above_.clear(), fixed_below_.clear();
    for (const term& t : terms_) {
      if (t.factor.n == 0) continue;
      const int factor = t.factor.is(1) ? t.node : power(out, t.node, t.factor.n < 0 ? -t.factor : t.factor);
      (t.factor.n < 0 ? (out[t.node].fixed ? fixed_below_ : below_)
                      : (out[t.node].fixed ? fixed_above_ : above_))
          .push_back(factor);
    }
    // Constants stay outside a quotient, so that x/y in 2*x/y and in x/(sqrt(2)*y) is one node.
    if (above_.size() > 0 && below_.size() > 0 &&
        (fixed_above_.size() + fixed_below_.size() > 0 || !(constant_.is(1) || constant_.is(-1)))) {
      const int numerator = sorted(known<op::multiply>, above_),
                denominator = sorted(known<op::multiply>, below_);
      above_.clear(), below_.clear();
      above_.push_back(out.intern(known<op::divide>, numerator, denominator));
    }
    for (int c : fixed_above_) above_.push_back(c);
    for (int c : fixed_below_) below_.push_back(c);
    const bool minus = constant_.is(-1) && above_.size() > 0;
    if (above_.size() == 0 || !(minus || constant_.is(1))) above_.push_back(out.constant(constant_));
    int result = sorted(known<op::multiply>, above_);
    if (below_.size() > 0)
      result = out.intern(known<op::divide>, result, sorted(known<op::multiply>, below_));
    return minus ? negate(out, result) : result;
  }

  /// With the sign that is the slope of |u|: sign(u) u^2 = u |u|, and beside powers of |u| sign(u) u = |u|.
  /// These hold at 0 too, where the derivatives of the left sides are lost.
  constexpr void join_sign(int i) {
    if (to[terms_.items[i].node].op->key != slope_key || !terms_.items[i].factor.is(1)) return;
    const int u = out.operand(terms_.items[i].node, 0);
    int linear = -1, norm = i;
    for (int k = 0; k < terms_.used; ++k)
      if (const int x = terms_.items[k].node; x == u)
        linear = k;
      else if (to[x].op->norm && out.operand(x, 0) == u && out.count(x) == 1)
        norm = k;
    if (linear < 0 || less(terms_.items[linear].factor, exact{norm == i ? 2 : 1})) return;
    args_.clear();
    args_.push_back(u);
    terms_.items[i] = {make_node(out, named_(hash_of("abs")), args_), {1}};
    terms_.items[linear].factor = (terms_.items[linear].factor + exact{-1}).value;
    if (norm != i)
      terms_.items[norm].factor = (terms_.items[norm].factor + exact{1}).value, terms_.items[i].factor = {};
  }

  /// sinh(u)/cosh(u) = tanh(u), whose derivatives overflow nowhere, as those of the quotient do.
  constexpr void join_tanh(int i) {
    const int x = terms_.items[i].node;
    if (to[x].op->key != cosh_key || !less(terms_.items[i].factor, exact{})) return;
    for (int k = 0; k < terms_.used; ++k)
      if (const int y = terms_.items[k].node; terms_.items[k].factor == -terms_.items[i].factor &&
                                              to[y].op->key == sinh_key &&
                                              out.operand(y, 0) == out.operand(x, 0)) {
        args_.clear();
        args_.push_back(out.operand(x, 0));
        terms_.items[k].node = make_node(out, named_(hash_of("tanh")), args_);
        terms_.items[i].factor = {};
        return;
      }
  }

  /// A sum or product of operands in canonical order; of one operand, that.
  constexpr int sorted(const record* op, buffer<int>& args) {
    if (args.used == 1) return args.items[0];
    if (args.used == 2) {
      const int x = args.items[0], y = args.items[1];
      return before(out, y, x) ? out.intern(op, y, x) : out.intern(op, x, y);
    }
    sort(args.items, args.used, [&](int p, int q) { return before(out, p, q); });
    return out.intern(op, args);
  }

  builder& out;
  const buffer<vertex>::storage& to =
      out.vertices.items;  // for the hot paths: a call takes several times as long
  matcher match_;
  record_finder* named_;
  bool sum_rows_;                      // whether the graph has functions that rows for sums begin with
  bool norms_ = false, tanh_ = false;  // whether it has slopes of |u|; sinh and cosh
  static constexpr std::uint64_t slope_key = hash_of("abs_slope"), sinh_key = hash_of("sinh"),
                                 cosh_key = hash_of("cosh");
  buffer<int> args_;

 private:
  buffer<int> above_, below_, fixed_above_,
      fixed_below_;  // of a product; fixed: irrational constants such as sqrt(2)
};

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
