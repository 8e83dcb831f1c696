// SPDX-License-Identifier: BSL-1.0
// What is done with polynomials to make formulas shorter: their common factor is taken out, sums among their
// factors are multiplied out, and they are divided by one another.
#pragma once
#include "../support/compiler/begin.hpp"

#include "polynomial.hpp"

namespace tg::detail {

template <class Graph>
class common_factors : public atom_table<Graph> {
 public:
  using atoms = atom_table<Graph>;
  using atoms::add, atoms::has_polynomial, atoms::leads, atoms::list, atoms::multiply_by, atoms::power_of,
      atoms::product, atoms::sums, atoms::unit, atoms::valid;
  using atoms::atoms;

  /// Takes what all terms have in common out of them: the least power of each atom, and a number that leaves
  /// whole coefficients.
  constexpr power_product take_common(power_sum& p) {
    power_product m = p.items[0];
    std::int64_t n = 0, d = 1;
    for (const power_product& term : p) {
      for (int k = 0; k < list.used; ++k)
        if (term.e[k] < m.e[k]) m.e[k] = term.e[k];
      n = gcd(n, term.numerator);
      const std::int64_t common = gcd(d, term.denominator);
      if (term.exponent != 0 || d / common > INT32_MAX || term.denominator > INT32_MAX) {
        valid = false;
        return m;
      }
      d = d / common * term.denominator;
    }
    if (p.used > 1) m.set(make_exact(n < 0 ? -n : n, d).value);
    for (power_product& term : p) multiply_by(term, m, -unit);
    return m;
  }

  /// Multiplies sums out where they are factors of terms; false if there are none.
  constexpr bool multiply_out(power_sum& p) {
    bool any = false;
    for (int k = 0; k < list.used; ++k) {
      const int place = list.items[k].sum;
      if (place < 0) continue;
      power_sum opened;
      for (const power_product& term : p) {
        const int times = term.e[k] / unit;
        if (times <= 0 || !has_polynomial(k)) {
          add(opened, term);
          continue;
        }
        any = true;
        power_product rest = term;
        rest.e[k] -= times * unit;
        if (times > 4) valid = false;
        if (!valid) return false;
        add(opened, product(power_sum(rest), power_of(sums[place], times)));
        if (!valid) return false;
      }
      if (!valid) return false;
      p = opened;
    }
    return any;
  }

  /// (1 - cos(u)) (1 + cos(u)) as sin(u)^2, (y - sqrt(x)) (y + sqrt(x)) as y^2 - x where that is one term:
  /// two sums to one power whose product is no sum.
  constexpr void join_pairs(power_product& m) {
    for (int k = 0; k < list.used; ++k)
      for (int l = k + 1; l < list.used && m.e[k] != 0; ++l) {
        if (m.e[k] != m.e[l] || m.e[k] % unit != 0 || !has_polynomial(k) || !has_polynomial(l)) continue;
        power_sum p = product(sums[list.items[k].sum], sums[list.items[l].sum]);
        if (valid && p.used == 2) multiply_out(p);
        if (valid) p = atoms::reduced(p);
        if (valid && p.used == 1) {
          const int e = m.e[k];
          m.e[k] = m.e[l] = 0;
          multiply_by(m, p.items[0], e);
        }
        valid = true;
      }
  }
  /// Divides p by the polynomial of an atom as often as it goes; returns how often that was.
  constexpr int divide_out(power_sum& p, int k) {
    const power_sum& below = sums[list.items[k].sum];
    int times_divided = 0;
    for (; times_divided < 8 && p.used > 0; ++times_divided) {
      power_sum rest = p, quotient;
      for (int steps = 0; rest.used > 0 && valid; ++steps) {
        int lead = 0;
        for (int i = 1; i < rest.used; ++i)
          if (leads(rest.items[i], rest.items[lead])) lead = i;
        power_product q = rest.items[lead];
        bool divides = steps < power_sum::room;
        for (int a = 0; a < list.used; ++a) {
          const int e = q.e[a] - below.items[0].e[a];
          divides = divides && (e >= 0 || list.items[a].prime != 0);
        }
        if (!divides) {
          valid = true;
          return times_divided;
        }
        multiply_by(q, below.items[0], -unit);
        quotient.push_back(q);
        q.negate();
        for (int i = 0; i < below.used && valid; ++i) {
          power_product m = q;
          multiply_by(m, below.items[i]);
          add(rest, m);
        }
      }
      if (!valid) break;
      p = quotient;
    }
    valid = true;
    return times_divided;
  }
};

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
