// SPDX-License-Identifier: BSL-1.0
// A node as a polynomial in exponentials and in the reciprocals of sums of them, with exact coefficients:
// what cancels on paper is gone. For lower/scale_exponentials.hpp.
#pragma once
#include "../support/compiler/begin.hpp"

#include "../pass/rewrite.hpp"
#include "../primitive/exponential.hpp"
#include "../support/budgets.hpp"

namespace tg::detail {

/// What exponentials are followed through.
constexpr bool is_exponential_algebra(const builder& b, int id) {
  const kind what = b.what(id);
  return what == kind::add || what == kind::multiply || what == kind::divide || what == kind::negate ||
         (what == kind::power && b.value(b.operand(id, 1)).is_integer() && b.value(b.operand(id, 1)).n <= 6);
}
/// The sums of exponentials by which something is divided; marks those exponentials.
constexpr void find_exponential_sums(const builder& b, const buffer<int>& roots, buffer<int>& sums,
                                     buffer<char>& marks) {
  const int n = b.size();
  buffer<char> needed, grows(n, 0), below(n, 0);  // below: 1 a factor of a divisor, 2 inside a sum
  mark_needed(b, n, roots, needed);
  marks.assign(n, 0);
  for (int i = 0; i < n; ++i) {
    grows.items[i] = b[i].op == known<op::exp>;
    if (is_exponential_algebra(b, i))
      for (int k = 0; k < b.count(i); ++k) grows.items[i] |= grows.items[b.operand(i, k)];
  }
  for (int i = n - 1; i >= 0; --i) {
    if (needed.items[i] == 0) continue;
    const kind what = b.what(i);
    if (what == kind::divide) below.items[b.operand(i, 1)] |= 1;
    if (grows.items[i] == 0 || below.items[i] == 0) continue;
    if (what == kind::add && (below.items[i] & 1) != 0 && sums.used < 3) {
      sums.push_back(i);
      below.items[i] = 2;
    }
    if (what == kind::function)
      marks.items[i] = below.items[i] > 1;
    else if (what != kind::add || below.items[i] > 1)
      for (int k = 0; k < b.count(i); ++k) below.items[b.operand(i, k)] |= below.items[i];
  }
}

/// A template, so that only programs with such quotients pay for it.
template <class = void>
class exponential_polynomial {
 protected:
  constexpr explicit exponential_polynomial(builder& graph) : b{graph} {}

  /// factor * rest * powers of exponentials and sums. An exponent is a digit of `powers`; that of a sum that
  /// something is divided by is negative.
  struct monomial {
    exact factor{};
    int rest = one_node;
    std::int64_t powers = 0;
  };
  struct exponential {
    int node, base;  // base: the exponent without its coefficient
    exact coefficient{};
    std::int64_t powers = 0;
  };
  struct sum_below {
    int node;
    int first = 0, count = 0;  // its terms in open_
    std::int64_t unit = 0;
    int value = -1, top = -1, smaller = -1;  // nodes of the result, see lower/exponential_steps.hpp
  };
  static constexpr int digits = 10, digit_bits = 6, most_degree = 14, most_terms = budgets::exponential_terms;

  static constexpr std::int64_t unit(int digit) { return std::int64_t{1} << digit_bits * digit; }
  static constexpr int digit_of(std::int64_t powers, int digit) {
    for (;; --digit) {
      const int lowest = static_cast<int>((powers + 32) & 63) - 32;
      if (digit == 0) return lowest;
      powers = (powers - lowest) >> digit_bits;
    }
  }
  static constexpr int degree_of(std::int64_t powers) {
    int degree = 0;
    for (int k = 0; k < digits && powers != 0; ++k) {
      const int lowest = digit_of(powers, 0);
      degree += lowest < 0 ? -lowest : lowest;
      powers = (powers - lowest) >> digit_bits;
    }
    return degree;
  }
  /// How often the term is divided by the sum.
  constexpr int copies(const monomial& m, int sum) const { return -digit_of(m.powers, exps_.used + sum); }
  constexpr std::int64_t without_sums(std::int64_t powers) const {
    for (int s = 0; s < sums_.used; ++s) powers -= digit_of(powers, exps_.used + s) * unit(exps_.used + s);
    return powers;
  }

  // What there is.

  /// Gives each exponential its digit, or powers of another one's; false if there are too many.
  constexpr bool note_exponentials() {
    for (int i = 0; i < grows_.used; ++i) {
      if (grows_.items[i] == 0) {
        for (int k = 0; k < b.count(i) && is_exponential_algebra(b, i); ++k)
          grows_.items[i] |= grows_.items[b.operand(i, k)];
        continue;
      }
      if (exps_.used + sums_.used == digits) return false;
      exponential e{i, b.operand(i, 0), {1}};
      if (b.what(e.base) == kind::negate) e.coefficient = {-1}, e.base = b.operand(e.base, 0);
      if (b.what(e.base) == kind::multiply && b.is_constant(b.operand(e.base, 0))) {
        buffer<int> factors;
        for (int k = 1; k < b.count(e.base); ++k) factors.push_back(b.operand(e.base, k));
        if (const exact_result c = e.coefficient * b.value(b.operand(e.base, 0)); c.valid)
          e.coefficient = c.value, e.base = product_of(factors);
      }
      exps_.push_back(e);
    }
    const auto size = [&](int k) {
      return exps_[k].coefficient.is_negative() ? -exps_[k].coefficient : exps_[k].coefficient;
    };
    for (int i = 0; i < exps_.used; ++i) {
      int least = i;
      for (int k = 0; k < exps_.used; ++k)
        if (exps_[k].base == exps_[i].base && less(size(k), size(least))) least = k;
      const exact_result ratio = exps_[i].coefficient * inverse(exps_[least].coefficient).value;
      const bool power = ratio.valid && ratio.value.is_integer() && ratio.value.n * ratio.value.n <= 64;
      exps_[i].powers = power ? ratio.value.n * unit(least) : unit(i);
    }
    return true;
  }
  constexpr int product_of(const buffer<int>& factors) {
    return factors.used == 1 ? factors.items[0] : b.intern(known<op::multiply>, factors);
  }
  /// The terms of each sum, by which exponential they have; false if one is no plain sum of such.
  constexpr bool open_sums() {
    for (sum_below& s : sums_) {
      terms_.clear();
      if (!expand(s.node)) return false;
      s.first = open_.used;
      s.count = terms_.used;
      for (int k = 0; k < terms_.used; ++k) {
        for (int j = 0; j < k; ++j)
          if (terms_[j].powers == terms_[k].powers) return false;
        int times = 0;
        if (terms_[k].powers != 0 && exponential_of(terms_[k].powers, times) < 0) return false;
        numeric_ = numeric_ && terms_[k].rest == one_node;
        open_.push_back(terms_[k]);
      }
    }
    for (int s = 0; s < sums_.used; ++s) sums_[s].unit = unit(exps_.used + s);
    return true;
  }
  /// The exponential of the graph of which these are the power `times`, without a rounding of its exponent;
  /// -1 if there is none.
  constexpr int exponential_of(std::int64_t powers, int& times) const {
    for (int c : {1, -1, 2, -2, 4, -4})
      for (const exponential& e : exps_)
        if (c * e.powers == powers) return times = c, e.node;
    return -1;
  }

  // Polynomials are the end of terms_.

  /// Adds the terms of a node; false if there are too many.
  constexpr bool expand(int id, int depth = 0) {
    const int first = terms_.used;
    if (depth > 12 || first > 3 * most_terms) return false;
    if (grows_.items[id] == 0) {
      terms_.push_back(b.is_constant(id) ? monomial{b.value(id)} : monomial{{1}, id});
      return true;
    }
    const kind what = b.what(id);
    if (what == kind::function) {
      for (const exponential& e : exps_)
        if (e.node == id) terms_.push_back({{1}, one_node, e.powers});
      return true;
    }
    if (what == kind::divide)
      return expand(b.operand(id, 0), depth + 1) && divide_terms(first, b.operand(id, 1), 1) && merge(first);
    const int count = what == kind::power ? static_cast<int>(b.value(b.operand(id, 1)).n) : b.count(id);
    for (int k = 0; k < count; ++k) {
      const int middle = terms_.used;
      if (!expand(b.operand(id, what == kind::power ? 0 : k), depth + 1)) return false;
      if (what != kind::add && k > 0 && !multiply_terms(first, middle)) return false;
    }
    if (what == kind::negate) negate_terms(first);
    return merge(first);
  }
  constexpr void negate_terms(int first) {
    for (int k = first; k < terms_.used; ++k) terms_[k].factor = -terms_[k].factor;
  }
  /// Divides the terms from `first` on by node^k.
  constexpr bool divide_terms(int first, int id, int k) {
    std::int64_t powers = 0;
    if (grows_.items[id] == 0) {
      const int below = divide(b, one_node, power(b, id, {k, 1}));
      for (int i = first; i < terms_.used; ++i) terms_[i].rest = product(terms_[i].rest, below);
      return true;
    }
    switch (b.what(id)) {
      case kind::negate:
        if (k % 2 != 0) negate_terms(first);
        return divide_terms(first, b.operand(id, 0), k);
      case kind::power:
        return divide_terms(first, b.operand(id, 0), k * static_cast<int>(b.value(b.operand(id, 1)).n));
      case kind::multiply:
        for (int j = 0; j < b.count(id); ++j)
          if (!divide_terms(first, b.operand(id, j), k)) return false;
        return true;
      case kind::function:
        for (const exponential& e : exps_)
          if (e.node == id) powers = e.powers;
        break;
      default:
        for (const sum_below& s : sums_)
          if (s.node == id) powers = s.unit;
    }
    for (int i = first; i < terms_.used; ++i) terms_[i].powers -= k * powers;
    return powers != 0 && k * degree_of(powers) <= most_degree;
  }
  /// The product of two nodes, its factors in one order and powers as factors.
  constexpr int product(int x, int y) {
    if (x == one_node || y == one_node) return x == one_node ? y : x;
    buffer<int> factors;
    for (int side : {x, y}) add_factors(side, factors);
    sort(factors.items, factors.used, [](int p, int q) { return p < q; });
    return product_of(factors);
  }
  constexpr void add_factors(int id, buffer<int>& to) const {
    const bool is_power = b.what(id) == kind::power && is_exponential_algebra(b, id);
    if (!is_power && b.what(id) != kind::multiply) return to.push_back(id);
    const int count = is_power ? static_cast<int>(b.value(b.operand(id, 1)).n) : b.count(id);
    for (int k = 0; k < count; ++k) add_factors(b.operand(id, is_power ? 0 : k), to);
  }
  constexpr bool push_product(const monomial& p, const monomial& q, std::int64_t unit = 0) {
    const exact_result factor = p.factor * q.factor;
    terms_.push_back({factor.value, product(p.rest, q.rest), p.powers + q.powers - unit});
    return factor.valid;
  }
  /// The terms from `first` on times those from `middle` on.
  constexpr bool multiply_terms(int first, int middle) {
    const int end = terms_.used;
    if ((middle - first) * (end - middle) > 2 * most_terms) return !(b.limited = true);
    for (int i = first; i < middle; ++i)
      for (int j = middle; j < end; ++j)
        if (!push_product(terms_[i], terms_[j])) return false;
    return replace(first, end);
  }
  /// What follows `end` takes the place of the terms from `first` on.
  constexpr bool replace(int first, int end) {
    int to = first;
    for (int k = end; k < terms_.used; ++k) terms_[to++] = terms_[k];
    terms_.resize(to);
    return merge(first);
  }
  /// Joins like terms from `first` on; false if many are left.
  constexpr bool merge(int first) {
    int end = first;
    for (int k = first; k < terms_.used; ++k) {
      const monomial m = terms_[k];
      int at = first;
      while (at < end && (terms_[at].powers != m.powers || terms_[at].rest != m.rest)) ++at;
      const exact_result sum = at < end ? terms_[at].factor + m.factor : exact_result{m.factor, true};
      if (!sum.valid || degree_of(m.powers) > most_degree) return false;
      terms_[at] = {sum.value, m.rest, m.powers};
      if (at == end)
        ++end;
      else if (sum.value.n == 0)
        terms_[at] = terms_[--end];
    }
    terms_.resize(end);
    b.limited = b.limited || end - first > most_terms;
    return end - first <= most_terms;
  }

  /// Whether two terms are brought to one denominator.
  constexpr bool together(const monomial& p, const monomial& q) const {
    return !numeric_ || p.rest == q.rest;
  }
  /// The terms of a node in terms_, those that belong together over one denominator.
  constexpr bool join(int id) {
    terms_.clear();
    if (!expand(id)) return false;
    for (int s = 0; s < sums_.used; ++s) {
      const int end = terms_.used;
      for (int k = 0; k < end; ++k) {
        const int first = terms_.used;
        int most = 0;
        for (int j = 0; j < end; ++j)
          if (const int below = copies(terms_[j], s); below > most && together(terms_[k], terms_[j]))
            most = below;
        terms_.push_back(terms_[k]);
        for (int times = most - copies(terms_[k], s); times > 0; --times) {
          const int middle = terms_.used;
          for (int i = first; i < middle; ++i)
            for (int j = 0; j < sums_[s].count; ++j)
              if (!push_product(terms_[i], open_[sums_[s].first + j], sums_[s].unit)) return false;
          if (!replace(first, middle)) return false;
        }
        if (most > 6 || first > 4 * most_terms) return false;
      }
      if (!replace(0, end)) return false;
    }
    return true;
  }

  builder& b;
  buffer<char> grows_;  // exponentials of a sum, and algebra with one
  buffer<exponential> exps_;
  buffer<sum_below> sums_;
  buffer<monomial> terms_, open_;
  bool numeric_ = true;  // whether all coefficients of the sums are numbers
};

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
