// SPDX-License-Identifier: BSL-1.0
// Formulas as sums of products of powers, the form in which factors are compared, cancelled and taken out.
// What is not a sum, product, quotient or power is an atom; so is a sum under a power or in a denominator,
// which then has a polynomial of its own, by which sums that differ by a factor are one atom: (x/sqrt(3))^2 +
// 1 is a third of x^2 + 3. Numbers are taken apart into powers of primes, so that sqrt(3/2) sqrt(2/3) is 1.
#pragma once
#include "../support/compiler/begin.hpp"

#include "../primitive/exponential.hpp"
#include "power_sum.hpp"

namespace tg::detail {

/// The atoms of one formula, and its polynomials over them. Whatever gets too large or is not exact makes
/// `valid` false.
template <class Graph>
class atom_table {
 public:
  static constexpr int unit = power_product::unit, room = power_product::room;
  constexpr explicit atom_table(Graph& graph) : b{graph} {}
  /// `compare`: whether sums that differ by a factor are to be found; else a sum's polynomial is only made
  /// when it is asked for.
  constexpr void start(bool compare) {
    compare_ = compare;
    for (int& exponent : largest) exponent = 0;
    list.used = spellings.used = angles_.used = sums_used = depth_ = 0;
    valid = true;
  }

  struct atom {
    int node = -1;           // of an atom that is no sum
    std::int64_t prime = 0;  // of a prime number
    int sum = -1;            // of a sum: the place of its polynomial, which is made to lead with 1
    bool number = false;
  };
  /// A node that is `factor` times the polynomial of an atom.
  struct spelling {
    int atom, node;
    power_product factor;
  };

  // Products.

  /// Multiplies m by id^(e/unit).
  constexpr void gather(power_product& m, int id, int e) {
    const bool whole = e % unit == 0;
    switch (b.what(id)) {
      case kind::constant:
        return number(m, b.value(id), e, id);
      case kind::negate:
        if (!whole) return atom_power(m, id, e);
        if (e / unit % 2 != 0) m.negate();
        return gather(m, b.operand(id, 0), e);
      case kind::multiply:
        if (!whole) return root_of_product(m, id, e);
        for (int k = 0; k < b.count(id); ++k) gather(m, b.operand(id, k), e);
        return;
      case kind::divide:
        if (!whole) return sum_power(m, id, e);
        gather(m, b.operand(id, 0), e);
        return gather(m, b.operand(id, 1), -e);
      case kind::power: {
        const exact& k = b.value(b.operand(id, 1));
        const std::int64_t product = k.e == 0 && k.n < 100 && k.n > -100 ? k.n * e : 1;
        if (k.e != 0 || product % k.d != 0 || (k.d == 1 && !whole)) return atom_power(m, id, e);
        return gather(m, b.operand(id, 0), static_cast<int>(product / k.d));
      }
      case kind::root:
        if (e % 2 != 0) return atom_power(m, id, e);
        return gather(m, b.operand(id, 0), e / 2);
      case kind::add:
        return sum_power(m, id, e);
      default:
        return b[id].op->what == kind::function && whole ? function_power(m, id, e) : atom_power(m, id, e);
    }
  }
  /// Multiplies m by atom k to the power e/unit.
  constexpr void raise(power_product& m, int k, int e) {
    if (k < 0) return;
    if (depth_ == 0) {
      const int size = e < 0 ? -e : e;
      if (size > largest[k]) largest[k] = size;
      rooted[k] = rooted[k] || e % unit != 0;
    }
    m.e[k] += e;
    if (list.items[k].prime != 0) {
      const int whole = m.e[k] >= 0 ? m.e[k] / unit : -((unit - 1 - m.e[k]) / unit);
      if (whole == 0) return;
      m.e[k] -= whole * unit;
      times(m, integer_power(exact{list.items[k].prime}, whole));
    }
  }
  /// Multiplies m by p^(e/unit), which must be a whole power unless p is positive.
  constexpr void multiply_by(power_product& m, const power_product& p, int e = unit) {
    if (e == unit)
      times(m, {p.coefficient(), true});
    else
      number(m, p.coefficient(), e, -1);
    for (int k = 0; k < list.used; ++k) {
      if (p.e[k] == 0) continue;
      if (p.e[k] * e % unit != 0) valid = false;
      raise(m, k, p.e[k] * e / unit);
    }
  }

  // Sums.

  /// Whether atom k is a sum whose polynomial is known, in sums[list[k].sum]; makes it if that was put off.
  constexpr bool has_polynomial(int k) {
    const int place = list.items[k].sum;
    if (place < 0 || sums[place].used > 0) return place >= 0;
    for (int s = 0; s < spellings.used; ++s) {
      if (spellings.items[s].atom != k) continue;
      power_sum p = expand(spellings.items[s].node);
      sort(p.items, p.used, [&](const power_product& x, const power_product& y) { return leads(x, y); });
      if (valid) sums[place] = p;
      break;
    }
    const bool made = valid && sums[place].used > 0;
    valid = true;
    return made;
  }

  /// The formula multiplied out.
  constexpr power_sum expand(int id) {
    power_sum p;
    switch (b.what(id)) {
      case kind::add:
        for (int k = 0; k < b.count(id) && valid; ++k) add(p, expand(b.operand(id, k)));
        return p;
      case kind::negate:
        p = expand(b.operand(id, 0));
        for (power_product& m : p) m.negate();
        return p;
      case kind::multiply:
        p = expand(b.operand(id, 0));
        for (int k = 1; k < b.count(id) && valid; ++k) p = product(p, expand(b.operand(id, k)));
        return p;
      case kind::divide: {
        power_product below = power_product::one();
        gather(below, b.operand(id, 1), -unit);
        return product(expand(b.operand(id, 0)), power_sum(below));
      }
      case kind::power:
        if (const exact& k = b.value(b.operand(id, 1)); k.is_integer() && k.n > 0 && k.n <= 6) {
          const power_sum base = expand(b.operand(id, 0));
          return power_of(base, static_cast<int>(k.n));
        }
        [[fallthrough]];
      default:
        p.used = 1;
        p.items[0] = power_product::one();
        gather(p.items[0], id, unit);
        return p;
    }
  }
  constexpr power_sum power_of(const power_sum& base, int k) {
    power_sum p = base;
    for (int i = 1; i < k && valid; ++i) p = product(p, base);
    return p;
  }
  constexpr void add(power_sum& p, const power_product& m) {
    for (int k = 0; k < p.used; ++k) {
      if (!p.items[k].same_powers(m, list.used)) continue;
      const exact_result r = p.items[k].coefficient() + m.coefficient();
      valid = valid && r.valid;
      p.items[k].set(r.value);
      if (r.value.n == 0) {
        p.items[k] = p.items[--p.used];
      }
      return;
    }
    valid = valid && p.used < power_sum::room;
    if (valid && m.numerator != 0) p.push_back(m);
  }
  constexpr void add(power_sum& p, const power_sum& q) {
    for (int k = 0; k < q.used && valid; ++k) add(p, q.items[k]);
  }
  constexpr power_sum product(const power_sum& p, const power_sum& q) {
    power_sum r;
    for (int i = 0; i < p.used && valid; ++i)
      for (int j = 0; j < q.used && valid; ++j) {
        power_product m = p.items[i];
        multiply_by(m, q.items[j]);
        add(r, m);
      }
    return r;
  }

  /// p with sin(u)^2 as 1 - cos(u)^2, or the other way round, wherever that makes it shorter.
  constexpr power_sum reduced(power_sum p) {
    if (!valid) return p;
    for (int pair = 0; pair + 1 < angles_.used; pair += 2)
      for (int side = 0; side < 2 && p.used > 1; ++side) {
        power_sum q = without_square(p, angles_.items[pair + side], angles_.items[pair + 1 - side]);
        if (valid && q.used < p.used) p = q;
        valid = true;
      }
    return p;
  }
  /// The order of terms: lexicographic, numbers last.
  constexpr bool leads(const power_product& p, const power_product& q) const {
    for (int numbers = 0; numbers < 2; ++numbers)
      for (int k = 0; k < list.used; ++k)
        if (list.items[k].number == (numbers == 1) && p.e[k] != q.e[k]) return p.e[k] > q.e[k];
    return false;
  }

  buffer<atom> list;
  power_sum sums[room];  // of the atoms that are sums, the leading term first
  int sums_used = 0;
  buffer<spelling> spellings;
  bool valid = true;
  int largest[room]{};  // the largest exponent that atom k was raised by at once
  bool rooted[room]{};  // whether a root of it was among the factors since this was last cleared

  /// Pairs sin(u), cos(u).
  constexpr const buffer<int>& angles() const { return angles_; }

 private:
  constexpr void times(power_product& m, const exact_result& factor) {
    const exact_result r = m.coefficient() * factor.value;
    valid = valid && factor.valid && r.valid;
    m.set(r.value);
  }

  constexpr int find(int node, std::int64_t prime, int sum, bool is_number) {
    for (int k = 0; k < list.used; ++k)
      if (list.items[k].node == node && list.items[k].prime == prime && list.items[k].sum == sum) return k;
    if (list.used == room) {
      valid = false;
      return -1;
    }
    list.push_back({node, prime, sum, is_number});
    return list.used - 1;
  }
  constexpr void atom_power(power_product& m, int id, int e) { raise(m, find(id, 0, -1, b[id].fixed), e); }

  /// Multiplies m by the number c^(e/unit), node id.
  constexpr void number(power_product& m, const exact& c, int e, int id) {
    if (e % unit == 0) return times(m, integer_power(c, e / unit));
    if (c.n <= 0 || c.e != 0) {
      if (id < 0)
        valid = false;
      else
        atom_power(m, id, e);
      return;
    }
    primes(m, c.n, e);
    primes(m, c.d, -e);
  }
  constexpr void primes(power_product& m, std::int64_t n, int e) {
    each_prime(n, [&](std::int64_t p) { raise(m, find(-1, p, -1, true), e); });
  }

  /// Sines and cosines stand for all six functions of an angle.
  constexpr void function_power(power_product& m, int id, int e) {
    const record* const op = b[id].op;
    if (const int x = b.operand(id, 0); op == known<op::exp> && b.what(x) == kind::negate)
      return atom_power(m, b.intern(op, b.operand(x, 0)), -e);  // exp(-x) is 1/exp(x)
    if (!is_of_angle(op)) return atom_power(m, id, e);
    const int sine = op == known<op::sin> || op == known<op::tan>   ? e
                     : op == known<op::csc> || op == known<op::cot> ? -e
                                                                    : 0;
    const int cosine = op == known<op::cos> || op == known<op::cot>   ? e
                       : op == known<op::sec> || op == known<op::tan> ? -e
                                                                      : 0;
    const int u = b.operand(id, 0), known_atoms = list.used;
    const int s = find(b.intern(known<op::sin>, u), 0, -1, false);
    const int c = find(b.intern(known<op::cos>, u), 0, -1, false);
    if (list.used > known_atoms) angles_.push_back(s), angles_.push_back(c);
    raise(m, s, sine);
    raise(m, c, cosine);
  }

  /// A root of c*x with a number c > 0 is sqrt(c) sqrt(x); other products stay under one root.
  constexpr void root_of_product(power_product& m, int id, int e) {
    const int c = b.operand(id, 0);
    if (!b.is_constant(c) || b.value(c).n <= 0) return sum_power(m, id, e);
    number(m, b.value(c), e, c);
    buffer<int> rest;
    for (int k = 1; k < b.count(id); ++k) rest.push_back(b.operand(id, k));
    gather(m, rest.used == 1 ? rest.items[0] : b.intern(known<op::multiply>, rest), e);
  }

  /// Multiplies m by the power of a sum, or of a product under a root.
  constexpr void sum_power(power_product& m, int id, int e) {
    int at = 0;
    while (at < spellings.used && spellings.items[at].node != id) ++at;
    if (at == spellings.used) {
      if (!spell(id)) return atom_power(m, id, e);
      at = spellings.used - 1;  // after those of the sums in it
    }
    const spelling s = spellings.items[at];
    // The root of a product is not that of its factors.
    if (e % unit != 0 && (s.atom < 0 || !is_positive_number(s.factor))) return atom_power(m, id, e);
    multiply_by(m, s.factor, e);
    if (s.atom >= 0) raise(m, s.atom, e);
  }
  /// Finds the polynomial of a sum, and the atom that it is a multiple of; false if it has none.
  constexpr bool spell(int id) {
    if (!valid || depth_ > 6) return false;
    if (!compare_) {
      if (b.what(id) != kind::add || sums_used == room) return false;
      sums[sums_used++].used = 0;
      list.push_back({-1, 0, sums_used - 1, b[id].fixed});
      spellings.push_back({list.used - 1, id, power_product::one()});
      if (list.used > room) valid = false, --list.used;
      return valid;
    }
    ++depth_;
    power_sum p = reduced(expand(id));
    --depth_;
    if (!valid || p.used == 0) {
      valid = true;
      return false;
    }
    spelling s{-1, id, p.items[0]};
    if (p.used > 1) {
      sort(p.items, p.used, [&](const power_product& x, const power_product& y) { return leads(x, y); });
      // The factor is what all terms have in common, and the leading term's number without its sign.
      const exact lead = p.items[0].coefficient();
      s.factor = power_product::one(lead.n < 0 ? -lead : lead);
      for (int k = 0; k < list.used; ++k) {
        s.factor.e[k] = p.items[0].e[k];
        for (const power_product& m : p)
          if (list.items[k].prime == 0 && m.e[k] < s.factor.e[k]) s.factor.e[k] = m.e[k];
      }
      for (power_product& m : p) multiply_by(m, s.factor, -unit);
      if (!valid) {
        valid = true;
        return false;
      }
      int same = 0;
      while (same < sums_used && !equal(sums[same], p, 1)) {
        if (equal(sums[same], p, -1)) {
          s.factor.negate();
          break;
        }
        ++same;
      }
      if (same == sums_used) {
        if (same == room) return false;
        sums[sums_used++] = p;
      }
      s.atom = find(-1, 0, same, b[id].fixed);
      if (s.atom < 0) return false;
    }
    spellings.push_back(s);
    return true;
  }
  constexpr bool is_positive_number(const power_product& m) const {
    for (int k = 0; k < list.used; ++k)
      if (m.e[k] != 0 && list.items[k].prime == 0) return false;
    return m.numerator > 0;
  }
  /// Whether p = sign * q.
  constexpr bool equal(const power_sum& p, const power_sum& q, int sign) const {
    if (p.used != q.used) return false;
    for (int k = 0; k < p.used; ++k) {
      const exact c = q.items[k].coefficient();
      if (!p.items[k].same_powers(q.items[k], list.used) ||
          !(p.items[k].coefficient() == (sign < 0 ? -c : c)))
        return false;
    }
    return true;
  }

  /// p with x^2 as 1 - y^2.
  constexpr power_sum without_square(const power_sum& p, int x, int y) {
    power_sum r;
    for (int i = 0; i < p.used && valid; ++i) {
      power_sum term(p.items[i]);
      while (term.items[0].e[x] >= 2 * unit && valid) {
        power_sum next;
        for (power_product m : term) {
          m.e[x] -= 2 * unit;
          add(next, m);
          m.e[y] += 2 * unit;
          m.negate();
          add(next, m);
        }
        term = next;
      }
      add(r, term);
    }
    return r;
  }

  Graph& b;
  buffer<int> angles_;
  int depth_ = 0;
  bool compare_ = true;
};

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
