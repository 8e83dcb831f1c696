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
//   the rows of pass/rows.hpp    both sides finite
// The four lines before the last are the `undoes` of the primitives in primitive/exponential.hpp and
// primitive/hyperbolic.hpp. Derivatives are shortened by one more, exp(u) = exp(v) exp(u - v), see
// pass/relate.hpp. Everything else holds for every operand. Nothing is expanded, and a node that is used
// twice is dissolved into its users only where two sums become one term, so that no program gets dearer.
#pragma once
#include "../support/compiler/begin.hpp"

#include "collect.hpp"
#include "rows.hpp"

namespace tg::detail {

/// A sum or product on the way down to what is taken apart: a call for each would end at the compilers' limit
/// of 512 nested calls.
struct branch {
  int node, next, sign;  // the operand to look at next; the sign of its terms, or the exponent of its factors
};

class simplifier : collector {
 public:
  constexpr simplifier(const builder& source, builder& target, const buffer<int>& roots,
                       const row_table& rows, record_finder* named, buffer<int>* slots)
      : collector{target, rows, named, false}, in{source}, image(source.size()) {
    const int n = in.size();
    buffer<int> uses(n), numbers;
    buffer<char> inside(n);  // 1: dissolved into the sum above, 2: into the product above
    std::uint64_t functions = 0;
    for (int r : roots) ++uses[r];
    auto& use = uses.items;
    auto& in_what = inside.items;
    for (int i = n - 1; i >= 0; --i) {
      if (use[i] == 0) continue;
      const kind what = from[i].op->what;
      if (what == kind::captured) numbers.push_back(i);
      if (what == kind::function) functions |= row_table::bit_of(from[i].op->key);
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
    sum_rows_ = (functions & (match_.t.first_terms | match_.t.first_powers)) != 0;
    const auto has = [&](std::uint64_t key) { return (functions & row_table::bit_of(key)) != 0; };
    norms_ = has(slope_key), tanh_ = has(sinh_key) && has(cosh_key);
    single_ = &uses;
    inside_ = &inside;
    out.reserve(n + n / 4 + 8);
    sort(numbers.items, numbers.used, [&](int p, int q) { return from[p].first < from[q].first; });
    for (int k = 0; k < numbers.used; ++k) {
      const vertex& v = from[numbers[k]];
      image.items[numbers[k]] = out.captured(v.op, slots != nullptr ? k : v.first);
      if (slots != nullptr) slots->push_back(v.first);
    }
    for (int i = 0; i < n; ++i)
      if (use[i] != 0 && in_what[i] == 0) image.items[i] = convert(i);
  }

  const builder& in;
  buffer<int> image;

  // For the hot paths: a call takes either compiler several times as long.
  const buffer<vertex>::storage& from = in.vertices.items;
  const buffer<int>::storage &from_list = in.operands.items, &to_list = out.operands.items;

 private:
  /// The common case: a sum, product, quotient or negation with nothing to collect, fold or take apart; -1 if
  /// it is not that.
  constexpr int convert_plain(int i) {
    const vertex& v = from[i];
    const kind what = v.op->what;
    const bool sum = what == kind::add, quotient = what == kind::divide;
    if (v.count > 2 || (quotient && tanh_) ||
        (!sum && !quotient && what != kind::multiply && what != kind::negate))
      return -1;
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
    if (what == kind::function) return !in_sum || !may_begin_row(x);
    if (what == kind::variable || what == kind::captured || what == kind::pow) return true;
    if (what == kind::add) return !in_sum || !single;
    if (what == kind::multiply)
      return to[to_list[v.first]].op->what != kind::constant ? (in_sum ? !may_begin_row(x) : !single)
                                                             : in_sum && term_of(x) != x && !may_begin_row(x);
    return in_sum &&
           (what == kind::power || what == kind::root ||
            (what == kind::divide && !out.is_constant(out.operand(x, 0)))) &&
           !may_begin_row(x);
  }
  constexpr bool may_begin_row(int x) const { return sum_rows_ && match_.may_hold_first(x); }
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
    if (out.arrays == nullptr)
      if (const int plain = convert_plain(i); plain >= 0) return plain;
    if (in.attribute(i) != 0) return convert_structural(i);
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
        return out.copy(in, i, image);
      case kind::captured:
        return image.items[i];
      default: {
        args_.clear();
        for (int k = 0; k < from[i].count; ++k) args_.push_back(image.items[from_list[from[i].first + k]]);
        if (in[i].op->commutative)
          sort(args_.items, args_.used, [&](int p, int q) { return before(out, p, q); });
        if (match_.may_begin(in[i].op))
          if (const int row = match_.find(in[i].op, args_); row >= 0)
            return built(match_.t.lines[row].result);
        return called(in[i].op, args_);
      }
    }
  }

  constexpr int convert_structural(int i) {
    args_.clear();
    buffer<int> declared, args;
    for (int k = 0; k < in.count(i); ++k) {
      args.push_back(image.items[in.operand(i, k)]);
      declared.push_back(out.lists.copy(in.lists, in.shape(in.operand(i, k))));
    }
    return in[i].op->shaped->construct(out,
                                       {in[i].op, out.lists.copy(in.lists, in.attribute(i)), args, declared});
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

  buffer<branch> path_;
  const buffer<int>* single_ = nullptr;
  const buffer<char>* inside_ = nullptr;
};

/// Rebuilds the nodes that `roots` need in canonical form in the graph `to`, and turns `roots` into their
/// positions there. With `slots` the captured numbers are numbered in a row, and `slots` says what they were.
template <class Rows = void>
constexpr void simplify(const builder& from, builder& to, buffer<int>& roots, buffer<int>* slots = nullptr) {
  const simplifier s(from, to, roots, canonical_rows<Rows>, record_of_key<Rows>, slots);
  to.limited = to.limited || from.limited;
  for (int& r : roots) r = s.image[r];
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
