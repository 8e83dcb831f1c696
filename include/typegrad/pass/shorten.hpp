// SPDX-License-Identifier: BSL-1.0
// Derivatives made shorter: each sum of products is brought over one denominator, its common factors are
// taken out, what cancels is cancelled and sin(u)^2 + cos(u)^2 is 1; each product is collected across the
// products that it shares with others. What comes out is kept where it is cheaper by the cost model. It holds
// where no denominator is zero, as x/x = 1 does, and it is used for what differentiation makes, never for a
// formula as it was written.
#pragma once
#include "../support/compiler/begin.hpp"

#include "common_factors.hpp"
#include "cost.hpp"
#include "promising.hpp"
#include "rewrite.hpp"

namespace tg::detail {

template <class Graph>
class shortening {
 public:
  constexpr explicit shortening(Graph& graph) : b{graph}, atoms_{graph}, look_{graph} {}

  bool has_angles = false;  // functions of angles, anywhere in the graph
  bool moved = false;

  /// A cheaper node of the same value as the sum or product `id`, or `id`.
  constexpr int shorter(int id) {
    if (!look_.is_promising(id)) return id;
    atoms_.start(look_.compare || has_angles);
    for (bool& known_spelling : is_spelled_) known_spelling = false;
    for (bool& root : rooted_) root = false;
    power_sum given;
    gather_terms(given, id, {1, 1});
    if (!atoms_.valid) return id;
    for (int k = 0; k < atoms_.list.used; ++k) written_[k] = atoms_.largest[k];
    best_ = id;
    least_ = -1;
    if (given.used == 0) return moved = true, zero_node;
    power_product outside = atoms_.take_common(given);
    if (atoms_.valid) atoms_.join_pairs(outside);
    consider(outside, given);
    for (int round = 0; round < 3 && given.used > 1 &&
                        (atoms_.multiply_out(given) || (round == 0 && atoms_.angles().used > 0));
         ++round) {
      given = atoms_.reduced(given);
      if (given.used == 0) return moved = true, zero_node;
      atoms_.multiply_by(outside, atoms_.take_common(given));
      for (int k = 0; k < atoms_.list.used && given.used > 1; ++k)
        if (atoms_.has_polynomial(k)) atoms_.raise(outside, k, unit * atoms_.divide_out(given, k));
      atoms_.multiply_by(outside, atoms_.take_common(given));
      consider(outside, given);
    }
    return best_;
  }

 private:
  static constexpr int unit = power_product::unit;

  /// Adds the terms of sign * id, through the sums that passes nest.
  constexpr void gather_terms(power_sum& p, int id, const exact& sign) {
    if (b.what(id) == kind::add || b.what(id) == kind::negate) {
      for (int k = 0; k < b.count(id) && atoms_.valid; ++k)
        gather_terms(p, b.operand(id, k), b.what(id) == kind::add ? sign : -sign);
      return;
    }
    power_product term = power_product::one(sign);
    for (bool& root : atoms_.rooted) root = false;
    atoms_.gather(term, id, unit);
    for (int k = 0; k < atoms_.list.used; ++k)
      if (atoms_.rooted[k] && term.e[k] != 0 && term.e[k] % unit == 0 && !atoms_.list.items[k].number)
        rooted_[k] = true;
    if (atoms_.valid) atoms_.add(p, term);
  }

  // Domains: where a product of roots, sqrt(x) sqrt(x), shows that x >= 0 is needed, the result has to show
  // it too.

  constexpr bool is_rooted(const power_sum& p, int k) const {
    for (const power_product& term : p)
      if (term.e[k] % unit != 0 && !atoms_.list.items[k].number) return true;
    return false;
  }

  /// Whether outside * p stays in the range of numbers where the terms do. A sum over a denominator or times
  /// a function may leave it where each quotient or product comes back; so its terms may hold a symbol to the
  /// first power, and besides what is between -1 and 1.
  constexpr bool keeps_range(power_product outside, const power_sum& p) {
    bool risky = false;
    const power_product as_polynomials = outside;
    for (int k = 0; k < atoms_.list.used; ++k)  // as it will be written
      if (atoms_.list.items[k].sum >= 0 && as_polynomials.e[k] != 0)
        atoms_.multiply_by(outside, atoms_.spellings.items[spelling_of(k)].factor, -as_polynomials.e[k]);
    for (int k = 0; k < atoms_.list.used; ++k)
      risky = risky || (outside.e[k] != 0 && !is_bounded(k) &&
                        (outside.e[k] < 0 || (atoms_.list.items[k].sum < 0 && !is_symbol(k))));
    for (int k = 0; k < atoms_.list.used && risky; ++k)
      if (!is_bounded(k) && (outside.e[k] > unit || -outside.e[k] > unit) &&
          (outside.e[k] > written_[k] || -outside.e[k] > written_[k]))
        return false;
    for (int i = 0; i < p.used && p.used > 1 && risky; ++i) {
      int symbols_in_term = 0;
      for (int k = 0; k < atoms_.list.used; ++k) {
        if (p.items[i].e[k] == 0 || is_bounded(k)) continue;
        if (p.items[i].e[k] > unit || !is_symbol(k) || ++symbols_in_term > 1) return false;
      }
    }
    return true;
  }
  /// Whether a sum is written as nothing but multiples of its polynomial.
  constexpr bool is_number_times(int k) const {
    for (const auto& spelling : atoms_.spellings)
      for (int a = 0; a < atoms_.list.used && spelling.atom == k; ++a)
        if (spelling.factor.e[a] != 0 && !atoms_.list.items[a].number) return false;
    return true;
  }
  constexpr bool is_symbol(int k) const {
    return atoms_.list.items[k].node >= 0 && b.count(atoms_.list.items[k].node) == 0;
  }
  constexpr bool is_bounded(int k) const {
    bool bounded = atoms_.list.items[k].number;
    for (int angle : atoms_.angles()) bounded = bounded || angle == k;
    return bounded;
  }

  // Building.

  constexpr void consider(const power_product& outside, const power_sum& p) {
    if (!atoms_.valid || !keeps_range(outside, p)) return;
    for (int k = 0; k < atoms_.list.used; ++k)
      if (rooted_[k] && outside.e[k] % unit == 0 && !is_rooted(p, k)) return;
    int node = p.used > 1 ? build(p) : one_node;
    power_product whole = outside;
    if (p.used == 1) atoms_.multiply_by(whole, p.items[0]);
    node = build(whole, node);
    if (!atoms_.valid) return;
    if (node == best_) return;
    if (least_ < 0) least_ = cost_below(best_);
    const int cost = cost_below(node);
    if (cost < least_) best_ = node, least_ = cost, moved = true;
  }

  /// The sum as a node.
  constexpr int build(const power_sum& p) {
    buffer<int> terms;
    for (const power_product& term : p) terms.push_back(build(term));
    return make_node(b, known<op::add>, terms);
  }
  /// The product as a node, times `factor`.
  constexpr int build(power_product m, int factor = one_node) {
    int above = factor, below = one_node;
    const auto times = [&](int node, int e) {
      if (e == 0) return;
      const int part = power(b, node, make_exact(e < 0 ? -e : e, unit).value);
      (e < 0 ? below : above) = multiply(b, e < 0 ? below : above, part);
    };
    // The sums first: the factor of one may hold others.
    for (int round = 0; round < 4; ++round)
      for (int k = atoms_.list.used - 1; k >= 0; --k) {
        if (m.e[k] == 0 || atoms_.list.items[k].sum < 0) continue;
        const int e = m.e[k], s = spelling_of(k);
        times(atoms_.spellings.items[s].node, e);
        m.e[k] = 0;
        atoms_.multiply_by(m, atoms_.spellings.items[s].factor, -e);
      }
    const auto& angles = atoms_.angles();
    for (int pair = 0; pair + 1 < angles.used; pair += 2) {
      int &s = m.e[angles.items[pair]], &c = m.e[angles.items[pair + 1]];
      const int u = b.operand(atoms_.list.items[angles.items[pair]].node, 0);
      if (s % unit != 0 || c % unit != 0) continue;
      if (s == -c && s != 0)
        times(b.intern(s > 0 ? known<op::tan> : known<op::cot>, u), s > 0 ? s : c), s = c = 0;
      else if (below == one_node && (s == 0) != (c == 0) && s + c < 0 && is_only_below(m, s + c))
        times(b.intern(s == 0 ? known<op::sec> : known<op::csc>, u), -s - c), s = c = 0;
    }
    for (int k = 0; k < atoms_.list.used; ++k)
      if (m.e[k] != 0 && atoms_.list.items[k].prime == 0) {
        if (atoms_.list.items[k].sum >= 0) atoms_.valid = false;
        const int node = atoms_.list.items[k].node;
        if (atoms_.valid && m.e[k] < 0 && b[node].op == known<op::exp>)
          times(b.intern(known<op::exp>, negate(b, b.operand(node, 0))), -m.e[k]);
        else if (atoms_.valid)
          times(node, m.e[k]);
      }
    // The number: primes of one exponent under one root.
    int number = b.constant(m.coefficient());
    for (int k = 0; k < atoms_.list.used; ++k) {
      if (atoms_.list.items[k].prime == 0 || m.e[k] == 0) continue;
      exact base{1, 1};
      const int e = m.e[k];
      for (int j = k; j < atoms_.list.used; ++j)
        if (atoms_.list.items[j].prime != 0 && m.e[j] == e) {
          const exact_result r = base * exact{atoms_.list.items[j].prime};
          atoms_.valid = atoms_.valid && r.valid;
          base = r.value;
          m.e[j] = 0;
        }
      number = multiply(b, number, power(b, b.constant(base), make_exact(e, unit).value));
    }
    const int value = below == one_node ? above : divide(b, above, below);
    return multiply(b, number, value);
  }

  /// Whether the one negative exponent is e.
  constexpr bool is_only_below(const power_product& m, int e) const {
    int below = 0;
    for (int k = 0; k < atoms_.list.used; ++k) below += m.e[k] < 0 ? m.e[k] : 0;
    return below == e;
  }

  /// The spelling of the sum that is atom k: a product, which keeps more digits than its sum, or the
  /// cheapest.
  constexpr int spelling_of(int k) {
    if (is_spelled_[k]) return spelled_[k];
    is_spelled_[k] = true;
    const power_sum& p = atoms_.sums[atoms_.list.items[k].sum];
    bool even = look_.compare && is_number_times(k);
    for (const power_product& term : p)
      for (int a = 0; a < atoms_.list.used; ++a)
        even = even && (term.e[a] == 0 || atoms_.list.items[a].number ||
                        (atoms_.list.items[a].sum < 0 && term.e[a] % (2 * unit) == 0));
    int best = -1, least = 0;
    for (int s = 0; s < atoms_.spellings.used; ++s) {
      const auto& spelling = atoms_.spellings.items[s];
      if (spelling.atom != k || (best >= 0 && spelling.factor.numerator < 0)) continue;
      const int cost = b.what(spelling.node) == kind::multiply ? 0 : cost_below(spelling.node);
      if (best < 0 || cost < least) best = s, least = cost;
    }
    if (even && least > 0) {
      power_sum multiple = p;
      const power_product number = atoms_.take_common(multiple);
      bool only_number = true;
      for (int a = 0; a < atoms_.list.used; ++a)
        only_number = only_number && (number.e[a] == 0 || atoms_.list.items[a].number);
      if (only_number && atoms_.valid) {
        const int node = build(multiple);
        power_product factor = power_product::one();
        atoms_.multiply_by(factor, number, -unit);
        if (cost_below(node) < least) {
          atoms_.spellings.push_back({k, node, factor});
          best = atoms_.spellings.used - 1;
        }
      }
    }
    spelled_[k] = best;
    return best;
  }

  /// The weight of what a node needs, down to the functions in it. Without calls: one for each node would
  /// take the compiler longer than everything else here.
  constexpr int cost_below(int id) {
    seen_.resize(b.size());
    ++round_;
    int total = 0;
    path_.used = 0;
    for (path_.push_back(id); path_.used > 0;) {
      const int i = path_.items[--path_.used];
      if (seen_.items[i] == round_) continue;
      seen_.items[i] = round_;
      const vertex& v = b.vertices.items[i];
      if (v.fixed) continue;
      switch (v.op->what) {
        case kind::add:
        case kind::multiply:
          total += v.count - 1;
          break;
        case kind::divide:
          total += 4;
          break;
        case kind::negate:
          break;
        case kind::root:
          total += 20;
          break;
        case kind::power:
          total += power_weight(b.constants.items[b.vertices.items[b.operands.items[v.first + 1]].first]);
          break;
        default:
          total += 20 * v.op->calls;
          continue;
      }
      for (int k = v.first; k < v.first + v.count; ++k) path_.push_back(b.operands.items[k]);
    }
    return total;
  }
  constexpr static int power_weight(const exact& k) {
    operation_count c;
    count_node(c, known<op::power>, 2, k);
    return c.weight();
  }

  Graph& b;
  common_factors<Graph> atoms_;
  quick_look<Graph> look_;
  buffer<int> seen_, path_;
  int round_ = 0, best_ = 0, least_ = 0;
  bool rooted_[power_product::room]{}, is_spelled_[power_product::room]{};
  int spelled_[power_product::room]{}, written_[power_product::room]{};
};

/// Shortens what `roots` need, a graph in canonical form; `roots` moves along if the whole gets cheaper. The
/// answer is no longer in canonical form.
template <class Graph>
constexpr void shorten(Graph& b, buffer<int>& roots) {
  buffer<int> moved;
  for (int r : roots) moved.push_back(r);
  shortening<Graph> pass(b);
  for (int i = 0; i < b.size(); ++i)
    if (is_of_angle(b.vertices.items[i].op)) pass.has_angles = true;
  rewrite(b, moved, [&](int i, const buffer<int>& args, bool changed) {
    const int here = changed ? make_node(b, b[i].op, args) : i;
    const kind what = b.what(here);
    return what == kind::add || what == kind::multiply || what == kind::divide ? pass.shorter(here) : here;
  });
  if (pass.moved && weight(b, moved) < weight(b, roots))
    for (int k = 0; k < roots.size(); ++k) roots[k] = moved[k];
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
