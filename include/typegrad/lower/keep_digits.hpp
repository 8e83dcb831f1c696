// SPDX-License-Identifier: BSL-1.0
// The first pass before a program is emitted: what would lose its digits or overflow, and has a known cure,
// is computed another way. The rows are in lower/accuracy_rows.hpp.
#pragma once
#include "../support/compiler/begin.hpp"

#include "../pass/match.hpp"
#include "../pass/rewrite.hpp"
#include "../support/budgets.hpp"
#include "accuracy_rows.hpp"

namespace tg {

namespace detail {

/// A template, so that only programs make the table and the records of what its results name.
template <const row_table& Rows>
class digit_keeper {
 public:
  constexpr explicit digit_keeper(builder& target) : b{target} {}

  /// Rewrites what `roots` need; `roots` moves along. Costs one look at each node where no row can apply.
  constexpr void run(buffer<int>& roots) {
    const int n = b.size();
    bool any = false;
    for (int i = 0; i < n && !any; ++i) any = may_apply(i) && applies(i);
    if (!any) return;
    rewrite(b, roots, image_, [&](int old_node, const buffer<int>& operand_images, bool has_moved) {
      if (may_apply(old_node) && applies(old_node))
        return b.what(old_node) == kind::add ? rewritten_sum(operand_images)
                                             : build(*this, match_, match_.t.lines[row_].result);
      return has_moved ? b.intern(b[old_node].op, operand_images) : old_node;
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
        evaluated_record<op::expm1, op::log1p, evaluated::log1mexp, evaluated::log_cosh, evaluated::log_sinh,
                         op::sin, op::cos, op::sinh, op::tanh, op::sigmoid, op::erf, op::erfc>(key),
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
    const kind what = v.op->what;
    if (what == kind::function || (what == kind::divide && all_)) return match_.may_begin(v.op);
    if (what != kind::add) return false;
    if (!all_ && (v.count > 2 || !b.is_constant(b.operands.items[v.first]))) return false;
    for (int k = v.first; k < v.first + v.count; ++k)
      if (match_.may_hold_first(b.operands.items[k], all_)) return true;
    return false;
  }

  /// Whether a row applies to node i: `row_` then, or `found_`.
  constexpr bool applies(int i) {
    operands_.clear();
    if (b.what(i) != kind::add) {
      for (int k = 0; k < b.count(i); ++k) operands_.push_back(b.operand(i, k));
      row_ = match_.find(b[i].op, operands_);
      return row_ >= 0;
    }
    terms_.clear();
    number_ = {};
    for (int k = 0; k < b.count(i); ++k) {
      const int x = b.operand(i, k);
      if (b.is_constant(x)) {
        number_ = b.value(x);
      } else {
        terms_.push_back(term_of(x));
        operands_.push_back(k);
      }
    }
    found_ = match_.find_in_sum(terms_, number_, all_);
    return found_.row >= 0;
  }

  /// The sum that `applies` has looked at, with what rows have for its terms; `args` are its operands'
  /// images.
  constexpr int rewritten_sum(const buffer<int>& args) {
    buffer<int> sum;
    for (; found_.row >= 0; found_ = match_.find_in_sum(terms_, number_, all_)) {
      for (int k = 0; k < found_.count; ++k) terms_.items[found_.used[k]] = {};
      if (found_.number.n != 0) number_ = {};
      const int made = build(*this, match_, match_.t.lines[found_.row].result);
      const int with_factor = found_.factor == one_node ? made : multiply(b, made, variable(found_.factor));
      sum.push_back(multiply(b, b.constant(found_.scale), with_factor));
    }
    for (int k = 0; k < terms_.used; ++k)
      if (terms_.items[k].factor.n != 0) sum.push_back(args.items[operands_.items[k]]);
    if (number_.n != 0) sum.push_back(b.constant(number_));
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
  const bool all_ = b.size() < budgets::compared_terms;
  matcher match_{b, Rows};
  buffer<int> image_;
  buffer<int> operands_;  // of a node; of a sum, which one each of its terms is
  buffer<term> terms_;
  exact number_{};
  int row_ = -1;
  matcher::found_terms found_{};
};

/// Rewrites a graph in canonical form that is about to be emitted; `roots` moves along. In a very large one
/// of sums only those of a number and another term are looked at.
template <class = void>
constexpr void keep_digits(builder& b, buffer<int>& roots) {
  b.limited = b.limited || b.size() >= budgets::compared_terms;
  digit_keeper<accuracy_rows<>>(b).run(roots);
}

}  // namespace detail

}  // namespace tg

#include "../support/compiler/end.hpp"
