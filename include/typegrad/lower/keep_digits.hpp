// SPDX-License-Identifier: BSL-1.0
// The first pass before a program is emitted: what would lose its digits or overflow, and has a known cure,
// is computed another way. The rows are in lower/accuracy_rows.hpp.
#pragma once

#include "../pass/match.hpp"
#include "../pass/rewrite.hpp"
#include "accuracy_rows.hpp"

namespace tg {

namespace detail {

/// A template, so that only programs make the table and the records of what its results name.
template <const row_table& Rows>
class digit_keeper {
 public:
  constexpr explicit digit_keeper(builder& graph) : b{graph} {}

  /// Rewrites what `roots` need; `roots` moves along. Costs one look at each node where no row can apply.
  constexpr void run(buffer<int>& roots) {
    bool any = false;
    for (int i = 0; i < b.size() && !any; ++i) any = may_apply(i);
    if (!any) return;
    rewrite(b, roots, image_, [&](int i, const buffer<int>& args, bool moved) {
      if (may_apply(i)) {
        if (b.what(i) == kind::add) {
          if (const int sum = rewritten_sum(i, args); sum >= 0) return sum;
        } else {
          const record* const op = b[i].op;
          operands_.clear();
          for (int k = 0; k < b.count(i); ++k) operands_.push_back(b.operand(i, k));
          if (const int row = match_.find(op, operands_); row >= 0)
            return build(*this, match_, match_.t.lines[row].result);
        }
      }
      return moved ? b.intern(b[i].op, args) : i;
    });
  }

  // What the results of rows are made with (pass/match.hpp).
  constexpr int variable(int node) {
    if (node < image_.size() && image_.items[node] >= 0) return image_.items[node];
    if (b.count(node) == 0) return node;
    buffer<int> args;
    for (int k = 0; k < b.count(node); ++k) args.push_back(variable(b.operand(node, k)));
    return b.intern(b[node].op, args);
  }
  constexpr int function(std::uint64_t key, const buffer<int>& args) {
    for (int i = 0; i < b.size(); ++i)
      if (b[i].op->key == key && b[i].op->built_in) return b.intern(b[i].op, args);
    return b.intern(
        evaluated_record<op::expm1, op::log1p, op::log1mexp, op::log_cosh, op::sin, op::cos, op::sinh,
                         op::tanh, op::sigmoid, op::asinh, op::atanh, op::erf, op::erfc>(key),
        args);
  }
  constexpr int algebra(kind what, int value, const buffer<int>& args) {
    if (what == kind::constant) return b.constant(exact{value});
    const int x = args.items[0];
    if (what == kind::power) return power(b, x, exact{value});
    if (what == kind::root) return root(b, x);
    if (what == kind::negate) return negate(b, x);
    int result = x;
    for (int k = 1; k < args.used; ++k)
      result = what == kind::add        ? add(b, result, args.items[k])
               : what == kind::multiply ? multiply(b, result, args.items[k])
                                        : divide(b, result, args.items[k]);
    return result;
  }

 private:
  constexpr bool may_apply(int i) const {
    const vertex& v = b.vertices.items[i];
    if (v.op->what == kind::function || v.op->what == kind::divide) return match_.may_begin(v.op);
    if (v.op->what != kind::add) return false;
    // Constants come first. A row needs one, or two terms.
    int terms = b.is_constant(b.operands.items[v.first]) ? 1 : 0;
    for (int k = v.first + terms; k < v.first + v.count && terms < 2; ++k)
      terms += match_.may_hold_first(b.operands.items[k], deep_) ? deep_ ? 2 : 1 : 0;
    return terms > 1;
  }

  /// The sum with what rows have for its terms; -1 if they have nothing.
  constexpr int rewritten_sum(int i, const buffer<int>& args) {
    buffer<term> terms;
    buffer<int> where_from, sum;  // where_from: which operand a term is; -1 for the number
    exact number{};
    for (int k = 0; k < b.count(i); ++k) {
      const int x = b.operand(i, k);
      if (b.is_constant(x)) {
        number = b.value(x);
      } else {
        terms.push_back(term_of(x));
        where_from.push_back(k);
      }
    }
    bool any = false;
    for (auto found = match_.find_in_sum(terms, number, deep_); found.row >= 0;
         found = match_.find_in_sum(terms, number, deep_)) {
      any = true;
      for (int k = 0; k < found.count; ++k) terms.items[found.used[k]] = {};
      if (found.number.n != 0) number = {};
      const int made = build(*this, match_, match_.t.lines[found.row].result);
      const int with_factor = found.factor == one_node ? made : multiply(b, made, variable(found.factor));
      sum.push_back(multiply(b, b.constant(found.scale), with_factor));
    }
    if (!any) return -1;
    for (int k = 0; k < terms.used; ++k)
      if (terms.items[k].factor.n != 0) sum.push_back(args.items[where_from.items[k]]);
    if (number.n != 0) sum.push_back(b.constant(number));
    return sum.used == 1 ? sum.items[0] : b.intern(known<op::add>, sum);
  }
  /// c*x, -x and c/x as x or 1/x with a coefficient.
  constexpr term term_of(int x) {
    if (b.what(x) == kind::negate) return {b.operand(x, 0), {-1}};
    if (b.what(x) == kind::divide && b.is_constant(b.operand(x, 0)))
      return {divide(b, one_node, b.operand(x, 1)), b.value(b.operand(x, 0))};
    if (b.what(x) != kind::multiply || !b.is_constant(b.operand(x, 0))) return {x, {1}};
    buffer<int> rest;
    for (int k = 1; k < b.count(x); ++k) rest.push_back(b.operand(x, k));
    return {rest.used == 1 ? rest.items[0] : b.intern(known<op::multiply>, rest), b.value(b.operand(x, 0))};
  }

  builder& b;
  const bool deep_ = b.size() < budgets::common_factors;
  matcher match_{b, Rows};
  buffer<int> image_, operands_;
};

}  // namespace detail

/// Rewrites a graph in canonical form that is about to be emitted; `roots` moves along. False if it is so
/// large that only numbers were looked at as common factors.
template <class = void>
constexpr bool keep_digits(builder& b, buffer<int>& roots) {
  const bool all = b.size() < budgets::common_factors;
  detail::digit_keeper<detail::accuracy_rows<>> keeper(b);
  keeper.run(roots);
  return all;
}

}  // namespace tg
