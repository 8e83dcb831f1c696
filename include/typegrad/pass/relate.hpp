// SPDX-License-Identifier: BSL-1.0
// Exponentials that differ by known factors. Where u - v is, after expansion, a sum of logarithms and of
// arguments of other exponentials in the graph, exp(u) is exp(v) times their powers: one library call less,
// and terms may cancel. In the Black-Scholes formula this finds S n(d1) = K exp(-rT) n(d2), with which a
// person would shorten the greeks.
//
// The identity holds for real numbers; in floating point exp(v) must not underflow where exp(u) does not. So
// it is used only where a logarithm is among the terms, as in Black-Scholes: exponentials alone, exp(x+y) =
// exp(x) exp(y), would trade one call for two that overflow on their own. And it is used for what
// differentiation makes, never for a formula as it was written.
#pragma once
#include "../support/compiler/begin.hpp"

#include "substitute.hpp"

namespace tg::detail {

/// coefficient * product of atom^exponent, atoms in ascending order.
struct monomial {
  static constexpr int room = budgets::factors_of_term;
  exact coefficient{1, 1};
  int count = 0;
  int atom[room]{};
  exact exponent[room]{};

  constexpr bool same_atoms(const monomial& o) const {
    if (count != o.count) return false;
    for (int k = 0; k < count; ++k)
      if (atom[k] != o.atom[k] || !(exponent[k] == o.exponent[k])) return false;
    return true;
  }
};

/// A sum of monomials; `valid` is false once it got too large or a coefficient inexact.
struct polynomial {
  static constexpr int room = budgets::terms_of_sum;
  bool valid = true;
  int count = 0;
  monomial term[room]{};

  constexpr void add(const monomial& m) {
    for (int k = 0; k < count; ++k) {
      if (!term[k].same_atoms(m)) continue;
      const exact_result r = term[k].coefficient + m.coefficient;
      valid = valid && r.valid;
      term[k].coefficient = r.value;
      if (r.valid && r.value.is(0)) term[k] = term[--count];
      return;
    }
    if (count == room)
      valid = false;
    else if (!m.coefficient.is(0))
      term[count++] = m;
  }
};

/// Multiplies m by atom^exponent; false if there is no room.
constexpr bool multiply_atom(monomial& m, int atom, const exact& exponent) {
  int at = 0;
  while (at < m.count && m.atom[at] < atom) ++at;
  if (at < m.count && m.atom[at] == atom) {
    const exact_result r = m.exponent[at] + exponent;
    m.exponent[at] = r.value;
    if (r.valid && r.value.is(0)) {
      --m.count;
      for (int k = at; k < m.count; ++k) m.atom[k] = m.atom[k + 1], m.exponent[k] = m.exponent[k + 1];
    }
    return r.valid;
  }
  if (m.count == monomial::room) return false;
  for (int k = m.count++; k > at; --k) m.atom[k] = m.atom[k - 1], m.exponent[k] = m.exponent[k - 1];
  m.atom[at] = atom;
  m.exponent[at] = exponent;
  return true;
}

class expansion {
 public:
  constexpr explicit expansion(builder& graph) : b{graph} {}

  constexpr polynomial of(int id, int depth = 0) const {
    polynomial p;
    const auto operand = [&](int k) { return of(b.operand(id, k), depth + 1); };
    if (depth > budgets::polynomial_depth) {
      b.limited = true;
      return atom(id);
    }
    switch (b.what(id)) {
      case kind::constant: {
        monomial m;
        m.coefficient = b.value(id);
        p.add(m);
        return p;
      }
      case kind::add:
        for (int k = 0; k < b.count(id) && p.valid; ++k) accumulate(p, operand(k), {1, 1});
        return p;
      case kind::negate:
        accumulate(p, operand(0), {-1, 1});
        return p;
      case kind::multiply:
        p = operand(0);
        for (int k = 1; k < b.count(id) && p.valid; ++k) p = product(p, operand(k));
        return p;
      case kind::divide: {
        const polynomial below = operand(1);
        if (!below.valid || below.count != 1) return atom(id);
        return product(operand(0), inverse_of(below));
      }
      case kind::power: {
        const exact& k = b.value(b.operand(id, 1));
        b.limited = b.limited || (k.is_integer() && k.n > budgets::multiplied_out);
        if (!k.is_integer() || k.n < 1 || k.n > budgets::multiplied_out) return atom(b.operand(id, 0), k);
        const polynomial base = operand(0);
        p = base;
        for (std::int64_t i = 1; i < k.n && p.valid; ++i) p = product(p, base);
        return p;
      }
      case kind::root:
        return atom(b.operand(id, 0), {1, 2});
      default:
        return atom(id);
    }
  }

  /// to += factor * p.
  static constexpr void accumulate(polynomial& to, const polynomial& p, const exact& factor) {
    to.valid = to.valid && p.valid;
    for (int k = 0; k < p.count && to.valid; ++k) {
      monomial m = p.term[k];
      const exact_result r = m.coefficient * factor;
      to.valid = r.valid;
      m.coefficient = r.value;
      to.add(m);
    }
  }

 private:
  constexpr polynomial atom(int id, const exact& exponent = {1, 1}) const {
    polynomial p;
    monomial m;
    p.valid = multiply_atom(m, id, exponent);
    p.add(m);
    return p;
  }

  /// A whole power of a constant, such as sqrt(2)^2, goes into the coefficient.
  constexpr bool fold(monomial& m) const {
    for (int k = 0; k < m.count; ++k)
      if (b.is_constant(m.atom[k]) && m.exponent[k].is_integer()) {
        const exact_result value = integer_power(b.value(m.atom[k]), m.exponent[k].n);
        if (!value.valid) return false;
        const exact_result r = m.coefficient * value.value;
        m.coefficient = r.value;
        return r.valid && multiply_atom(m, m.atom[k], -m.exponent[k]) && fold(m);
      }
    return true;
  }

  constexpr polynomial product(const polynomial& p, const polynomial& q) const {
    polynomial r;
    r.valid = p.valid && q.valid;
    for (int i = 0; i < p.count; ++i)
      for (int j = 0; j < q.count && r.valid; ++j) {
        monomial m = p.term[i];
        const exact_result c = m.coefficient * q.term[j].coefficient;
        r.valid = c.valid;
        m.coefficient = c.value;
        for (int k = 0; k < q.term[j].count && r.valid; ++k)
          r.valid = multiply_atom(m, q.term[j].atom[k], q.term[j].exponent[k]);
        r.valid = r.valid && fold(m);
        r.add(m);
      }
    return r;
  }

  constexpr polynomial inverse_of(const polynomial& p) const {
    polynomial r;
    monomial m = p.term[0];
    const exact_result c = inverse(m.coefficient);
    r.valid = c.valid;
    m.coefficient = c.value;
    for (int k = 0; k < m.count; ++k) m.exponent[k] = -m.exponent[k];
    r.add(m);
    return r;
  }

  builder& b;
};

/// Whether a node is seen without expansion to have at most one term.
constexpr bool is_one_term(const builder& b, int id, int levels = budgets::polynomial_depth) {
  switch (b.what(id)) {
    case kind::add:
      return false;
    case kind::multiply:
      for (int k = 1; k < b.count(id); ++k)
        if (levels == 0 || !is_one_term(b, b.operand(id, k), levels - 1)) return false;
      [[fallthrough]];
    case kind::negate:
    case kind::divide:
    case kind::power:
      return levels > 0 && is_one_term(b, b.operand(id, 0), levels - 1);
    default:
      return true;
  }
}

/// Rewrites exponentials in what `roots` need; `roots` moves along. `exponential` and `logarithm` are the
/// records of exp and log.
constexpr void relate_exponentials(builder& b, buffer<int>& roots, const record* exponential,
                                   const record* logarithm) {
  constexpr int most = budgets::related_exponents;
  int node[most] = {}, count = 0, sums = 0;
  buffer<char> needed;
  mark_needed(b, b.size(), roots, needed);
  for (int i = b.size() - 1; i >= 0; --i) {
    if (needed.items[i] != 0 && b[i].op == exponential) {
      if (count == most) {
        b.limited = true;
        return;
      }
      node[count++] = i;
      sums += is_one_term(b, b.operand(i, 0)) ? 0 : 1;
    }
  }
  if (sums < 2) return;  // only exponents of two terms or more are related
  const expansion expand(b);
  polynomial argument[most];
  for (int i = 0; i < count; ++i) {
    argument[i] = expand.of(b.operand(node[i], 0));
    b.limited = b.limited || !argument[i].valid;
  }
  buffer<int> from, to;
  bool gone[most] = {};
  for (int i = 0; i < count; ++i)
    for (int j = count - 1; j > i && !gone[i];
         --j) {  // the oldest stays, so that none is expressed by one that goes, too
      if (!argument[i].valid || !argument[j].valid || argument[i].count < 2 || argument[j].count < 2)
        continue;
      polynomial rest = argument[i];
      expansion::accumulate(rest, argument[j], {-1, 1});
      int product = node[j];
      bool logarithms = rest.count == 0;
      bool all = rest.valid && rest.count < argument[i].count;
      for (int k = 0; k < rest.count && all; ++k) {
        const monomial& m = rest.term[k];
        all = false;
        if (!m.coefficient.is_integer()) break;
        if (m.count == 1 && m.exponent[0].is(1) && b[m.atom[0]].op == logarithm) {
          const int u = b.operand(m.atom[0], 0);
          if (b.what(u) == kind::divide) {  // in parts, so that they can cancel
            product = multiply(b, product, power(b, b.operand(u, 0), m.coefficient));
            product = multiply(b, product, power(b, b.operand(u, 1), -m.coefficient));
          } else
            product = multiply(b, product, power(b, u, m.coefficient));
          all = logarithms = true;
        }
        for (int other = 0; other < count && !all; ++other) {
          if (other == i || other == j || gone[other] || argument[other].count != 1 ||
              !argument[other].term[0].same_atoms(m))
            continue;
          const exact_result ratio = inverse(argument[other].term[0].coefficient);
          const exact_result times = ratio.value * m.coefficient;
          if (!ratio.valid || !times.valid || !times.value.is_integer()) continue;
          product = multiply(b, product, power(b, node[other], times.value));
          all = true;
        }
      }
      if (!all || !logarithms) continue;
      gone[i] = true;
      from.push_back(node[i]);
      to.push_back(product);
    }
  if (from.size() > 0) substitute(b, roots, from, to);
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
