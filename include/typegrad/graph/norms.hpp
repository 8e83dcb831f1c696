// SPDX-License-Identifier: BSL-1.0
// What is known of norms, the primitives whose records say so (|x| and hypot): they have a corner at 0, and
// their powers have none. |u|^2 is u^2 and hypot(u, v)^2 is u^2 + v^2, but of real numbers only, and a
// formula is evaluated with complex ones too. So values stay as they are written, and derivatives, which |u|
// has among real numbers alone, are those of the smooth function.
#pragma once
#include "../support/compiler/begin.hpp"

#include "builder.hpp"

namespace tg::detail {

constexpr int make_node(builder& b, const record* op, const buffer<int>& args);
constexpr int multiply(builder& b, int x, int y);
constexpr int power(builder& b, int x, const exact& exponent);

constexpr bool is_whole_power(const builder& b, int x) {
  return b.what(x) == kind::power && b.value(b.operand(x, 1)).is_integer();
}
constexpr bool is_even_power(const builder& b, int x) {
  return is_whole_power(b, x) && b.value(b.operand(x, 1)).n % 2 == 0;
}

/// The norm of a norm, a number, a whole power or a product, in whose factors the powers are seen: |u^k| =
/// |u|^k and |u v| = |u| |v|, which hold for complex numbers too. -1 where x is nothing of the kind.
constexpr int norm_of_powers(builder& b, const record* norm, int x) {
  const auto of = [&](int u) {
    buffer<int> alone;
    alone.push_back(u);
    return make_node(b, norm, alone);
  };
  if (b[x].op->norm) return x;
  if (b.is_constant(x)) return b.value(x).is_negative() ? b.constant(-b.value(x)) : x;
  if (is_whole_power(b, x)) return power(b, of(b.operand(x, 0)), b.value(b.operand(x, 1)));
  if (b.what(x) != kind::multiply) return -1;
  buffer<int> factors;
  for (int k = 0; k < b.count(x); ++k) factors.push_back(of(b.operand(x, k)));
  return b.intern(b[x].op, factors);
}

/// Whether a node is known to be at least 0 wherever it is real: a sum, product or choice of even powers,
/// roots, norms and constants.
constexpr bool is_never_negative(builder& b, int x, int levels = budgets::sign_levels) {
  if (b.is_constant(x)) return !b.value(x).is_negative();
  const kind what = b.what(x);
  if (b[x].op->range != facts::any_value || is_even_power(b, x)) return true;
  b.limited = b.limited || levels == 0;
  if (levels == 0 ||
      (what != kind::add && what != kind::multiply && what != kind::divide && what != kind::where))
    return false;
  for (int k = what == kind::where ? 1 : 0; k < b.count(x); ++k)
    if (!is_never_negative(b, b.operand(x, k), levels - 1)) return false;
  return true;
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
