// SPDX-License-Identifier: BSL-1.0
// Roots of numbers that are factors of one product: sqrt(3/2) sqrt(2/3) is 1, sqrt(2) sqrt(6) is 2 sqrt(3).
#pragma once
#include "../support/compiler/begin.hpp"

#include "like_terms.hpp"

namespace tg::detail {

/// Several factors number^exponent as one root for each denominator of the exponents, the rest of them in
/// `constant`; where a number does not fit, the factors stay as they are.
constexpr void join_roots(builder& b, buffer<term>& factors, exact& constant) {
  buffer<term> primes;  // the number itself in the place of a node
  bool valid = true;
  const auto times = [&](std::int64_t n, const exact& exponent) {
    each_prime(n, [&](std::int64_t p) {
      int at = 0;
      while (at < primes.used && primes.items[at].node != p) ++at;
      valid = valid && p <= INT32_MAX;
      if (at == primes.used) primes.push_back({static_cast<int>(p), {}});
      const exact_result sum = primes.items[at].factor + exponent;
      valid = valid && sum.valid && sum.value.e == 0;
      primes.items[at].factor = sum.value;
    });
  };
  for (const term& f : factors) {
    if (!b.is_constant(f.node)) continue;
    const exact& v = b.value(f.node);
    valid = valid && v.n > 0 && v.e == 0 && f.factor.e == 0;
    if (!valid) return;
    times(v.n, f.factor);
    times(v.d, -f.factor);
  }
  exact whole = constant;
  for (term& p : primes) {
    const std::int64_t n = p.factor.n, d = p.factor.d, times_whole = n >= 0 ? n / d : -((d - 1 - n) / d);
    const exact_result power = integer_power(exact{p.node}, times_whole), product = whole * power.value;
    const exact_result rest = p.factor + exact{-times_whole};
    if (!valid || (times_whole != 0 && !power.valid) || !product.valid || !rest.valid) return;
    if (times_whole != 0) whole = product.value;
    p.factor = rest.value;
  }
  buffer<term> roots;
  for (const term& p : primes) {
    if (p.factor.n == 0) continue;
    int at = 0;
    while (at < roots.used && !(roots.items[at].factor == p.factor)) ++at;
    if (at == roots.used) roots.push_back({one_node, p.factor});
    const exact_result product = b.value(roots.items[at].node) * exact{p.node};
    if (!product.valid) return;
    roots.items[at].node = b.constant(product.value);
  }
  int kept = 0;
  for (int k = 0; k < factors.used; ++k)
    if (!b.is_constant(factors.items[k].node)) factors.items[kept++] = factors.items[k];
  factors.used = kept;
  for (const term& r : roots) factors.push_back(r);
  constant = whole;
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
