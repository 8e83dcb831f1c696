// SPDX-License-Identifier: BSL-1.0
// Exact numbers: n/d * 10^e, the constants of formulas. Arithmetic either stays exact or says that it cannot,
// in which case the operation stays in the formula.
#pragma once
#include "../support/compiler/begin.hpp"

#include <cstdint>

#include "compiler/overflow.hpp"

namespace tg::detail {

/// The number n/d * 10^e in lowest terms with d > 0; e is zero whenever n/d alone can hold the value.
struct exact {
  std::int64_t n = 0;
  std::int64_t d = 1;
  int e = 0;

  constexpr bool operator==(const exact&) const = default;
  constexpr bool is_integer() const { return d == 1 && e == 0; }
  constexpr bool is(std::int64_t value) const { return n == value && d == 1 && e == 0; }
  constexpr bool is_negative() const { return n < 0; }
};

/// The result of exact arithmetic; `valid` is false where the result does not fit.
struct exact_result {
  exact value{};
  bool valid = false;
};

constexpr std::int64_t gcd(std::int64_t a, std::int64_t b) {
  if (a < 0) a = -a;
  while (b != 0) {
    const std::int64_t r = a % b;
    a = b;
    b = r;
  }
  return a;
}

/// n/d * 10^e in lowest terms.
constexpr exact_result make_exact(std::int64_t n, std::int64_t d = 1, int e = 0) {
  if (d == 0 || n == INT64_MIN || d == INT64_MIN) return {};
  if (n == 0) return {{0, 1, 0}, true};
  if (d < 0) {
    n = -n;
    d = -d;
  }
  if (d != 1) {
    const std::int64_t g = gcd(n, d);
    n /= g;
    d /= g;
  }
  // Move as much of the power of ten into the fraction as fits; what is left stays behind in lowest terms.
  while (e > 0) {
    if (d % 10 == 0)
      d /= 10;
    else if (d % 2 == 0 && times(n, 5, n))
      d /= 2;
    else if (d % 5 == 0 && times(n, 2, n))
      d /= 5;
    else if (d % 2 != 0 && d % 5 != 0 && n <= INT64_MAX / 10 && n >= -(INT64_MAX / 10))
      n *= 10;
    else
      break;
    --e;
  }
  while (e < 0) {
    if (n % 10 == 0)
      n /= 10;
    else if (n % 2 == 0 && d <= INT64_MAX / 5)
      n /= 2, d *= 5;
    else if (n % 5 == 0 && d <= INT64_MAX / 2)
      n /= 5, d *= 2;
    else if (n % 2 != 0 && n % 5 != 0 && d <= INT64_MAX / 10)
      d *= 10;
    else
      break;
    ++e;
  }
  if (e != 0) {  // one spelling for each value that needs a power of ten: an integer without trailing zeros,
                 // where possible
    while (d % 10 == 0) d /= 10, --e;
    while (d % 5 == 0 && n <= INT64_MAX / 2 && n >= -(INT64_MAX / 2)) d /= 5, n *= 2, --e;
    while (d % 2 == 0 && n <= INT64_MAX / 5 && n >= -(INT64_MAX / 5)) d /= 2, n *= 5, --e;
    while (n % 10 == 0) n /= 10, ++e;
  }
  return {{n, d, e}, true};
}

constexpr exact_result operator*(const exact& a, const exact& b) {
  if (a.n == 0 || b.n == 0) return {{}, true};
  if ((a.n == 1 || a.n == -1) && a.d == 1 && a.e == 0) return {{a.n * b.n, b.d, b.e}, true};
  if ((b.n == 1 || b.n == -1) && b.d == 1 && b.e == 0) return {{a.n * b.n, a.d, a.e}, true};
  if (a.d == 1 && b.d == 1 && a.e == 0 && b.e == 0) {
    exact r;
    if (!times(a.n, b.n, r.n)) return {};
    return {r, true};
  }
  const std::int64_t g = gcd(a.n, b.d), h = gcd(b.n, a.d);
  std::int64_t n = 0, d = 1;
  if (!times(a.n / g, b.n / h, n) || !times(a.d / h, b.d / g, d)) return {};
  if (a.e == 0 && b.e == 0) return {{n, d, 0}, true};  // in lowest terms already
  return make_exact(n, d, a.e + b.e);
}

constexpr exact_result operator+(const exact& a, const exact& b) {
  if (a.n == 0) return {b, true};
  if (b.n == 0) return {a, true};
  if (a.e != b.e) return {};
  if (a.d == 1 && b.d == 1 && a.e == 0) {
    exact r;
    if (!plus(a.n, b.n, r.n)) return {};
    return {r, true};
  }
  std::int64_t x = 0, y = 0, n = 0, d = 1;
  const std::int64_t g = gcd(a.d, b.d);
  if (!times(a.n, b.d / g, x) || !times(b.n, a.d / g, y) || !times(a.d, b.d / g, d) || !plus(x, y, n))
    return {};
  return make_exact(n, d, a.e);
}

constexpr exact operator-(const exact& a) { return {-a.n, a.d, a.e}; }

/// 1/a; not valid for zero.
constexpr exact_result inverse(const exact& a) {
  if (a.n == 0) return {};
  if (a.e == 0) return {{a.n < 0 ? -a.d : a.d, a.n < 0 ? -a.n : a.n, 0}, true};  // in lowest terms already
  return make_exact(a.d, a.n, -a.e);
}

/// a^k for an integer k, as long as it fits.
constexpr exact_result integer_power(exact a, std::int64_t k) {
  if (k < 0) {
    const exact_result r = inverse(a);
    if (!r.valid) return {};
    a = r.value;
    k = -k;
  }
  if (k == 1) return {a, true};
  if (k > 4096) return a.is(1) || a.is(0) ? exact_result{a, true} : exact_result{};
  exact_result r{{1, 1, 0}, true};
  for (std::int64_t i = 0; i < k && r.valid; ++i) r = r.value * a;
  return r;
}

/// Calls f(p) for each prime factor of n > 0, as often as it divides n; what is left beyond 100 counts as
/// one.
template <class F>
constexpr void each_prime(std::int64_t n, F f) {
  for (std::int64_t p = 2; p * p <= n && p < 100; ++p)
    for (; n % p == 0; n /= p) f(p);
  if (n > 1) f(n);
}

/// a < b; exact for plain fractions, by long double where powers of ten are involved (used for order only).
constexpr bool less(const exact& a, const exact& b) {
  if (a.e == b.e) {
    std::int64_t x = 0, y = 0;
    if (times(a.n, b.d, x) && times(b.n, a.d, y)) return x < y;
  }
  const auto key = [](const exact& v) {
    return static_cast<long double>(v.n) / static_cast<long double>(v.d);
  };
  return a.e != b.e ? a.e < b.e : key(a) < key(b);
}

/// How two numbers compare: -1, 0 or 1. `known` is false where they are too close to one another for what
/// fits here.
struct comparison {
  int sign = 0;
  bool known = false;
};
constexpr comparison compare(const exact& a, const exact& b) {
  if (a == b) return {0, true};
  const auto sign = [](std::int64_t v) { return (v > 0) - (v < 0); };
  if (sign(a.n) != sign(b.n)) return {sign(a.n) < sign(b.n) ? -1 : 1, true};
  std::int64_t x = 0, y = 0;
  if (a.e == b.e && times(a.n, b.d, x) && times(b.n, a.d, y)) return {sign(x < y ? -1 : x > y), true};
  const auto size = [](const exact& v) {
    return static_cast<long double>(v.n) / static_cast<long double>(v.d);
  };
  long double ratio = size(a) / size(b);
  for (int e = a.e; e > b.e && ratio < 2; --e) ratio *= 10;
  for (int e = a.e; e < b.e && ratio > 0.5L; ++e) ratio /= 10;
  const bool larger = ratio > 1.000001L;
  return {larger == (a.n > 0) ? 1 : -1, larger || ratio < 0.999999L};
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
