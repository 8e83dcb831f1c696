// SPDX-License-Identifier: BSL-1.0
// Quotients of polynomials in exponentials, and sums of such quotients, as the derivatives of a logistic
// function, a softmax or a mean with Boltzmann weights are. As they are written they overflow long before the
// whole does, and 1 - 1 is left where the true value is e^-40. Here the quotients of one sum s of
// exponentials are joined, s^2 - s e^x multiplied out, so that what cancels is gone; and each exponential is
// taken in units of the largest term of s, so that nothing overflows. For s = 1 + e^x all that is left is
// e^-|x|. Part of what is done before a program is emitted.
#pragma once
#include "../support/compiler/begin.hpp"

#include "exponential_polynomial.hpp"
#include "exponential_steps.hpp"

namespace tg::detail {

template <class Polynomial = exponential_polynomial<>>
class exponential_scaling : Polynomial {
 public:
  constexpr explicit exponential_scaling(builder& graph) : Polynomial{graph} {}

  /// Rewrites what `roots` need; `roots` moves along. Without a quotient by a sum of exponentials it costs
  /// one look at each node.
  constexpr void run(buffer<int>& roots) {
    const int n = b.size();
    buffer<int> sums;
    find_exponential_sums(b, roots, sums, grows_);
    for (int sum : sums) sums_.push_back({sum});
    if (sums_.used == 0 || !note_exponentials() || !open_sums() || !choose(n, roots)) return;
    rewrite(b, roots, image_, [&](int i, const buffer<int>& args, bool moved) {
      return chosen_.items[i] != 0 && join(i) ? built() : moved ? b.intern(b[i].op, args) : i;
    });
  }

 private:
  using monomial = typename Polynomial::monomial;
  using sum_below = typename Polynomial::sum_below;
  using Polynomial::digits, Polynomial::most_degree, Polynomial::b, Polynomial::grows_, Polynomial::exps_,
      Polynomial::sums_, Polynomial::terms_, Polynomial::open_, Polynomial::numeric_, Polynomial::digit_of,
      Polynomial::degree_of, Polynomial::copies, Polynomial::without_sums, Polynomial::note_exponentials,
      Polynomial::open_sums, Polynomial::exponential_of, Polynomial::together, Polynomial::join;

  /// Chooses the nodes that are joined: as large as possible, each no part of another one. False if none has
  /// an exponential above a sum.
  constexpr bool choose(int n, const buffer<int>& roots) {
    chosen_.assign(n, 0);
    needed_.assign(n, 0);
    for (int r : roots) needed_.items[r] = 1;
    bool any = false;
    for (int i = n - 1; i >= 0; --i) {
      if (needed_.items[i] == 0) continue;
      if (grows_.items[i] != 0 && is_exponential_algebra(b, i) && join(i))
        for (const monomial& m : terms_)
          if (const std::int64_t above = without_sums(m.powers); above != m.powers)
            chosen_.items[i] = 1, any = any || above != 0;
      for (int k = 0; k < b.count(i); ++k) need(b.operand(i, k), chosen_.items[i] != 0);
    }
    return any;
  }
  /// Marks a node, or, inside a chosen one, what that does not take apart.
  constexpr void need(int id, bool inside) {
    if (!inside || grows_.items[id] == 0 || !is_exponential_algebra(b, id))
      needed_.items[id] = 1;
    else
      for (int k = 0; k < b.count(id); ++k) need(b.operand(id, k), true);
  }

  /// What has taken the place of a node that was there, or of a product of such.
  constexpr int moved(int id) {
    if (id < image_.used && image_.items[id] >= 0) return image_.items[id];
    buffer<int> args;
    for (int k = 0; k < b.count(id); ++k) args.push_back(moved(b.operand(id, k)));
    return args.used == 0 ? id : b.intern(b[id].op, args);
  }
  constexpr int coefficient(const monomial& m) { return multiply(b, b.constant(m.factor), moved(m.rest)); }
  constexpr int sum_of(const buffer<int>& terms) {
    return terms.used == 1 ? terms.items[0] : b.intern(known<op::add>, terms);
  }
  constexpr int times(int x, int y, int count) {
    return count == 0 ? x : multiply(b, x, power(b, y, {count, 1}));
  }
  constexpr int exponent(const sum_below& s, int term) {
    const std::int64_t powers = open_[s.first + term].powers;
    int times = 0;
    if (powers == 0) return zero_node;
    const int e = exponential_of(powers, times);
    return multiply(b, b.constant(exact{times}), moved(b.operand(e, 0)));
  }
  /// The exponential of a term, in units of the largest one of its sum.
  constexpr int share(const sum_below& s, int term) {
    return s.count > 2 ? make<scaled::shifted>(b, exponent(s, term), s.top)
                       : make<scaled::part>(b, exponent(s, term), s.top, s.smaller);
  }
  constexpr int rise(const sum_below& s) { return make<scaled::rise>(b, exponent(s, 0), exponent(s, 1)); }
  /// The sum in these units, and what its parts are computed with.
  constexpr int value(sum_below& s) {
    if (s.value >= 0) return s.value;
    buffer<int> all;
    for (int k = 0; k < s.count; ++k) all.push_back(exponent(s, k));
    s.top = b.intern(known<scaled::top>, all);
    const monomial &x = open_[s.first], &y = open_[s.first + 1];
    if (s.count == 2) {
      s.smaller = b.intern(known<scaled::smaller>, all);
      if (numeric_ && (x.factor == y.factor || x.factor == -y.factor))
        return s.value = multiply(b, b.constant(x.factor),
                                  x.factor == y.factor ? add(b, one_node, s.smaller) : rise(s));
    }
    for (int k = 0; k < s.count; ++k)
      all.items[k] = multiply(b, coefficient(open_[s.first + k]), share(s, k));
    return s.value = sum_of(all);
  }

  /// The exponentials of a term, one for each copy of a sum below: how often each term of the sum, and how
  /// often e^-top; `left` stays what it is.
  struct shares {
    int of[digits]{}, shifts = 0;
    std::int64_t left = 0;
  };
  constexpr bool divides(std::int64_t part, std::int64_t whole) const {
    for (int k = 0; k < exps_.used; ++k)
      if (const int p = digit_of(part, k), w = digit_of(whole, k); p * w < p * p) return false;
    return true;
  }
  constexpr shares shares_of(const sum_below& s, std::int64_t powers, int copies_below) const {
    shares all;
    for (; copies_below > 0; --copies_below) {
      int best = -1, best_degree = -1;
      for (int j = 0; j < s.count; ++j)
        if (const std::int64_t term = open_[s.first + j].powers;
            divides(term, powers) && degree_of(term) > best_degree)
          best = j, best_degree = degree_of(term);
      ++(best < 0 ? all.shifts : all.of[best]);
      if (best >= 0) powers -= open_[s.first + best].powers;
    }
    all.left = powers;
    return all;
  }
  constexpr int product_of_shares(const sum_below& s, shares all) {
    int result = one_node;
    if (s.count == 2) {
      const int both = all.of[0] < all.of[1] ? all.of[0] : all.of[1];
      result = times(result, s.smaller, both);
      all.of[0] -= both, all.of[1] -= both;
    }
    for (int j = 0; j < s.count; ++j)
      if (all.of[j] > 0) result = times(result, share(s, j), all.of[j]);
    return all.shifts == 0 ? result : times(result, make<scaled::shifted>(b, +zero_node, s.top), all.shifts);
  }
  constexpr int product_of_powers(std::int64_t powers) {
    int above = one_node, below = one_node;
    for (int k = 0; k < exps_.used; ++k) {
      const int exponent_of = digit_of(powers, k);
      above = times(above, moved(exps_[k].node), exponent_of > 0 ? exponent_of : 0);
      below = times(below, moved(exps_[k].node), exponent_of < 0 ? -exponent_of : 0);
    }
    return divide(b, above, below);
  }

  /// The node that terms_ are.
  constexpr int built() {
    buffer<char> done(terms_.used, 0);
    buffer<int> quotients, group;
    for (int i = 0; i < terms_.used; ++i) {
      if (done[i] != 0) continue;
      group.clear();
      for (int j = i; j < terms_.used; ++j)
        if (together(terms_[i], terms_[j])) done[j] = 1, group.push_back(j);
      int below = one_node, sum = -1, sums = 0;
      for (int s = 0; s < sums_.used; ++s)
        if (const int times_below = copies(terms_[i], s); times_below > 0)
          below = times(below, value(sums_[s]), times_below), sum = s, ++sums;
      const int factored = sums == 1 && numeric_ ? antisymmetric(group, sum) : -1;
      const int above = factored < 0 ? numerator(group) : factored;
      quotients.push_back(multiply(b, numeric_ ? moved(terms_[i].rest) : one_node, divide(b, above, below)));
    }
    return quotients.used == 0 ? zero_node : sum_of(quotients);
  }
  constexpr int numerator(const buffer<int>& group) {
    buffer<int> terms;
    for (int k : group) {
      std::int64_t left = without_sums(terms_[k].powers);
      int term = numeric_ ? b.constant(terms_[k].factor) : coefficient(terms_[k]);
      for (int s = 0; s < sums_.used; ++s)
        if (copies(terms_[k], s) > 0) {
          const shares all = shares_of(sums_[s], left, copies(terms_[k], s));
          left = all.left;
          term = multiply(b, term, product_of_shares(sums_[s], all));
        }
      terms.push_back(multiply(b, term, product_of_powers(left)));
    }
    return sum_of(terms);
  }
  /// A numerator that is zero where both terms of its sum are equal, as e^x - e^2x is, with their difference
  /// as a factor; -1 if it is none.
  constexpr int antisymmetric(const buffer<int>& group, int sum) {
    const sum_below& s = sums_[sum];
    exact factor[most_degree + 2]{};
    int degree = -1, rises = 0;
    shares common;
    if (s.count != 2) return -1;
    for (int k : group) {
      const shares all = shares_of(s, without_sums(terms_[k].powers), copies(terms_[k], sum));
      if (degree < 0) common = all, degree = all.of[0] + all.of[1];
      if (all.shifts != common.shifts || all.left != common.left) return -1;
      factor[all.of[0]] = terms_[k].factor;
    }
    for (;; ++rises, --degree) {  // divided by the difference, as long as that is possible
      exact_result total{{}, true};
      exact quotient[most_degree + 2]{};
      for (int k = degree; k >= 0 && total.valid; --k) {
        total = total.value + factor[k];
        if (k > 0) quotient[k - 1] = total.value;
      }
      if (!total.valid || total.value.n != 0 || degree == 0) break;
      for (int k = 0; k <= degree; ++k) factor[k] = quotient[k];
    }
    if (rises == 0) return -1;
    buffer<int> terms;
    for (int k = 0; k <= degree; ++k) {
      common.of[0] = k, common.of[1] = degree - k;
      if (factor[k].n != 0) terms.push_back(multiply(b, b.constant(factor[k]), product_of_shares(s, common)));
    }
    return multiply(b, times(sum_of(terms), rise(s), rises), product_of_powers(common.left));
  }

  buffer<char> needed_, chosen_;
  buffer<int> image_;
};

/// Whether the formulas F divide by a sum of exponentials.
template <class... F>
constexpr bool divides_by_exponentials = [] {
  builder b;
  buffer<int> roots, sums;
  buffer<char> marks;
  load_all<F...>(b, roots);
  find_exponential_sums(b, roots, sums, marks);
  return sums.used > 0;
}();

/// Rewrites the quotients of exponentials in a graph in canonical form that is about to be emitted; `roots`
/// moves along.
template <class Scaling = exponential_scaling<>>
constexpr void scale_exponentials(builder& b, buffer<int>& roots) {
  if (b.size() >= budgets::shortened) {
    b.limited = true;
    return;
  }
  Scaling scaling(b);
  scaling.run(roots);
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
