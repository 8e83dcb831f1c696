// SPDX-License-Identifier: BSL-1.0
// The canonical form of a graph: sums and products flattened, like terms and like powers collected, operands
// in canonical order. One sweep over the nodes; cost is linear in the graph, up to the sorting of operands.
//
// Rewrites that hold only where an operand is finite, not zero, or real, all in one place:
//   0*x = 0, x - x = 0           x finite
//   x/x = 1, x^a/x^b = x^(a-b)   x not zero, and not negative where a or b is a fraction
//   log(exp(x)) = x, log1p(expm1(x)) = x      exp(x) finite; x real, or its imaginary part between -pi and pi
//   log2(exp2(x)) = x            exp2(x) finite; x real, or its imaginary part between -pi/ln 2 and pi/ln 2
//   asinh(sinh(x)) = x           sinh(x) finite; x real, or its imaginary part between -pi/2 and pi/2
//   atanh(tanh(x)) = x           x real, or its imaginary part between -pi/2 and pi/2
// The last four lines are the `undoes` of the primitives in primitive/exponential.hpp and
// primitive/hyperbolic.hpp. Derivatives are shortened by one more, exp(u) = exp(v) exp(u - v), see
// pass/relate.hpp. Everything else holds for every operand. Nothing is expanded, and a node that is used
// twice is dissolved into its users only where two sums become one term, so that no program gets dearer.
#pragma once

#include "tanh_terms.hpp"

namespace tg {

namespace detail {

/// A sum or product on the way down to what is taken apart: a call for each would end at the compilers' limit
/// of 512 nested calls.
struct branch {
  int node, next, sign;  // the operand to look at next; the sign of its terms, or the exponent of its factors
};

class simplifier : tanh_terms {
 public:
  constexpr simplifier(const builder& source, builder& target, const buffer<int>& roots)
      : tanh_terms{target}, in{source}, out{target}, image(source.size(), -1) {
    const int n = in.size();
    buffer<int> uses(n, 0);
    buffer<char> inside(n, 0);  // 1: dissolved into the sum above, 2: into the product above
    for (int r : roots) ++uses[r];
    auto& use = uses.items;
    auto& in_what = inside.items;
    for (int i = n - 1; i >= 0; --i) {
      if (use[i] == 0 || from[i].count == 0) continue;
      const kind what = from[i].op->what;
      const bool sum = what == kind::add || (what == kind::negate && in_what[i] != 2);
      const bool product =
          what == kind::multiply || what == kind::divide || (what == kind::negate && in_what[i] != 1);
      const int first = from[i].first, end = first + from[i].count;
      for (int k = first; k < end; ++k) {
        const int x = from_list[k];
        const kind below = from[x].op->what;
        in_what[x] = ++use[x] > 1                                           ? char{0}
                     : sum && (below == kind::add || below == kind::negate) ? char{1}
                     : product && (below == kind::multiply || below == kind::divide || below == kind::negate)
                         ? char{2}
                         : char{0};
      }
    }
    single_ = &uses;
    inside_ = &inside;
    out.reserve(n + n / 4 + 8);
    for (int i = 0; i < n; ++i)
      if (use[i] != 0 && in_what[i] == 0) image.items[i] = convert(i);
  }

  const builder& in;
  builder& out;
  buffer<int> image;

  // For the hot paths: a call takes either compiler several times as long.
  const buffer<vertex>::storage &from = in.vertices.items, &to = out.vertices.items;
  const buffer<int>::storage &from_list = in.operands.items, &to_list = out.operands.items;

 private:
  /// The common case: a sum, product, quotient or negation with nothing to collect, fold or take apart; -1 if
  /// it is not that.
  constexpr int convert_plain(int i) {
    const vertex& v = from[i];
    const kind what = v.op->what;
    const bool sum = what == kind::add, quotient = what == kind::divide;
    if (v.count > 2 || (!sum && !quotient && what != kind::multiply && what != kind::negate)) return -1;
    const int p = from_list[v.first], x = image.items[p];
    if (inside_->items[p] != 0) return -1;
    if (v.count == 1) return is_plain(x, false, single_->items[p] == 1) ? out.intern(v.op, x) : -1;
    const int q = from_list[v.first + 1], y = image.items[q];
    if (inside_->items[q] != 0) return -1;
    if (to[x].op->what == kind::constant && !quotient)
      return with_constant(v.op, x, y, single_->items[q] == 1);
    if (to[y].op->what == kind::constant && !quotient)
      return with_constant(v.op, y, x, single_->items[p] == 1);
    if (sum && is_sum(x) && is_sum(y) && may_join(x, y)) return -1;
    if (!is_plain(x, sum, single_->items[p] == 1) || !is_plain(y, sum, single_->items[q] == 1) ||
        (sum ? term_of(x) == term_of(y) : x == y))
      return -1;
    const bool in_order = quotient || before(out, x, y);
    return out.intern(v.op, in_order ? x : y, in_order ? y : x);
  }
  /// The sum or product of a constant and x, which has no other user if `single`; -1 if it is not plain.
  constexpr int with_constant(const record* op, int constant_id, int x, bool single) {
    const exact& c = out.value(constant_id);
    const bool sum = op->what == kind::add, kept = c.n != 0 && (sum || !(c.is(1) || c.is(-1)));
    return kept && is_plain(x, sum, single) ? out.intern(op, constant_id, x) : -1;
  }
  constexpr bool is_plain(int x, bool in_sum, bool single) const {
    const vertex& v = to[x];
    const kind what = v.op->what;
    if (what == kind::function || what == kind::variable || what == kind::captured || what == kind::pow)
      return !in_sum || !is_slope(x);
    if (what == kind::add) return !in_sum || !single;
    if (what == kind::multiply)
      return to[to_list[v.first]].op->what != kind::constant
                 ? in_sum || !single
                 : in_sum && term_of(x) != x && !is_slope(term_of(x)) && !is_square(term_of(x));
    return in_sum && ((what == kind::power && !is_square(x)) || what == kind::root ||
                      (what == kind::divide && !out.is_constant(out.operand(x, 0))));
  }
  /// The x of a term c*x with c > 0. A choice or a product takes the coefficient in; such a term, and any
  /// other, is its own.
  constexpr int term_of(int x) const {
    const vertex& v = to[x];
    if (v.op->what != kind::multiply || v.count != 2 || to[to_list[v.first]].op->what != kind::constant)
      return x;
    const int z = to_list[v.first + 1];
    const kind below = to[z].op->what;
    return out.value(to_list[v.first]).n > 0 && below != kind::where && below != kind::multiply ? z : x;
  }

  constexpr int convert(int i) {
    if (const int plain = convert_plain(i); plain >= 0) return plain;
    switch (from[i].op->what) {
      case kind::add:
      case kind::negate:
        if (from[i].op->what == kind::add || inside_->items[in.operand(i, 0)] == 1) {  // -(x - y) = y - x
          start({});
          gather(i, false);
          return build_sum();
        }
        [[fallthrough]];
      case kind::multiply:
      case kind::divide: {
        start({1, 1});
        gather(i, true);
        return build_product();
      }
      case kind::constant:
      case kind::variable:
      case kind::captured:
        return out.copy(in, i, image);
      default: {
        args_.clear();
        for (int k = 0; k < from[i].count; ++k) args_.push_back(image.items[from_list[from[i].first + k]]);
        return make_node(out, in[i].op, args_);
      }
    }
  }

  /// The terms of sum i, or the factors of product i, and of those that are dissolved into it.
  constexpr void gather(int i, bool product) {
    path_.clear();
    path_.push_back({i, 0, 1});
    while (path_.used > 0) {
      branch& at = path_.items[path_.used - 1];
      if (at.next == from[at.node].count) {
        path_.pop_back();
        continue;
      }
      const int x = from_list[from[at.node].first + at.next++];
      const kind what = from[at.node].op->what;
      int sign = at.sign;
      if (what == kind::negate && product)
        constant_ = -constant_;
      else if (what == kind::negate || (what == kind::divide && at.next == 2))
        sign = -sign;
      if (inside_->items[x] == (product ? 2 : 1))
        path_.push_back({x, 0, sign});
      else if (product)
        add_factor(image.items[x], {sign, 1}, single_->items[x] == 1);
      else
        add_term(image.items[x], {sign, 1}, single_->items[x] == 1);
    }
  }

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
    if (functions_) collect_tanh();
    if (choices_) join_choices();
    if (sums_ && terms_.used > 1 && terms_.used <= 8)
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
  constexpr int scaled_product(int x, const exact& factor) {
    return x == zero_node       ? x
           : out.is_constant(x) ? multiply(out, out.constant(factor), x)
                                : scaled(x, factor);
  }
  constexpr int two_terms(int x, int y) {
    if (x == zero_node || y == zero_node) return x + y;
    simplifier inner(out, *this);
    inner.add_term(x, {1, 1}, true);
    inner.add_term(y, {1, 1}, true);
    return inner.build_sum();
  }
  constexpr simplifier(builder& b, const simplifier& outer) : tanh_terms{b}, in{outer.in}, out{b}, image{} {}

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
    // x^a x^b = x^(a+b): always for integers and in quotients; else only if the result still shows that x >=
    // 0 is needed.
    collect([&](int x, const exact& a, const exact& b, const exact& sum) {
      return (a.is_integer() && b.is_integer()) || a.is_negative() != b.is_negative() || !sum.is_integer() ||
             out.is_constant(x);
    });
    for (int i = 0; choices_ && i < terms_.size();
         ++i)  // the choice moves out of the product, see multiply() in graph/algebra.hpp
      if (const int k = gated_operand(out, terms_[i].node); k != 0 && terms_[i].factor.is(1)) {
        const int choice = terms_[i].node;
        simplifier inner(out, *this);
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

  buffer<int> above_, below_, fixed_above_,
      fixed_below_;  // of a product; fixed: irrational constants such as sqrt(2)
  buffer<int> args_;
  buffer<branch> path_;
  const buffer<int>* single_ = nullptr;
  const buffer<char>* inside_ = nullptr;
};

}  // namespace detail

/// Rebuilds the nodes that `roots` need in canonical form in the graph `to`, and turns `roots` into their
/// positions there.
constexpr void simplify(const builder& from, builder& to, buffer<int>& roots) {
  const detail::simplifier s(from, to, roots);
  for (int& r : roots) r = s.image[r];
}

}  // namespace tg
