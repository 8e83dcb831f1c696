// SPDX-License-Identifier: BSL-1.0
// Exact constants from ordinary numbers and from literals: 0.1 is one tenth, not the double next to it.
#pragma once
#include "../support/compiler/begin.hpp"

#include <concepts>

#include "exact.hpp"

namespace tg::detail {

/// A number that a formula cannot hold; the name is the sentence that the compiler prints.
inline int a_formula_holds_finite_numbers_only__this_one_is_infinite_or_not_a_number() { return 0; }

/// v * 10^k; the powers up to 10^27 are exact in a long double of 64 bits.
constexpr long double scale10(long double v, int k) {
  while (k != 0) {
    const int step = k > 27 ? 27 : k < -27 ? -27 : k;
    long double ten = 1;
    for (int i = 0; i < (step < 0 ? -step : step); ++i) ten *= 10;
    v = step > 0 ? v * ten : v / ten;
    k -= step;
  }
  return v;
}

/// The shortest decimal that rounds to v.
template <std::floating_point T>
constexpr exact exact_from(T v) {
  if (!(v - v == 0)) a_formula_holds_finite_numbers_only__this_one_is_infinite_or_not_a_number();
  if (v == 0) return {};
  const T size = v < 0 ? -v : v;
  if (size < T(9007199254740992.0) && static_cast<T>(static_cast<std::int64_t>(v)) == v)
    return {static_cast<std::int64_t>(v), 1, 0};
  int e = 0;  // 10^e is about the size of v
  for (long double s = size; s >= 10; s /= 10) ++e;
  for (long double s = size; s < 1; s *= 10) --e;
  std::int64_t m = 0;
  int last = 0;
  for (int digits = 1; digits <= 18; ++digits) {
    last = digits - 1 - e;
    m = static_cast<std::int64_t>(detail::scale10(size, last) + 0.5L);
    if (static_cast<T>(detail::scale10(static_cast<long double>(m), -last)) == size) break;
  }
  return make_exact(v < 0 ? -m : m, 1, -last).value;
}

constexpr exact exact_from(std::integral auto v) { return {static_cast<std::int64_t>(v), 1, 0}; }

/// The value of the literal `text` (as in 12_c, 0.1_c, 2.5e-3_c, 1'000_c); not valid where it needs more than
/// 63 bits or is no decimal number.
constexpr exact_result parse_decimal(const char* text) {
  std::int64_t m = 0;
  int e = 0;
  bool point = false;
  for (; *text != 0 && *text != 'e' && *text != 'E'; ++text) {
    if (*text == '\'') continue;
    if (*text == '.') {
      point = true;
      continue;
    }
    if (*text < '0' || *text > '9' || m > (INT64_MAX - 9) / 10) return {};
    m = 10 * m + (*text - '0');
    if (point) --e;
  }
  if (*text != 0) {
    ++text;
    const bool negative = *text == '-';
    if (*text == '-' || *text == '+') ++text;
    int k = 0;
    for (; *text != 0; ++text) {
      if (*text < '0' || *text > '9' || k > 4999) return {};
      k = 10 * k + (*text - '0');
    }
    e += negative ? -k : k;
  }
  return make_exact(m, 1, e);
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
