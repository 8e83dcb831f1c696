// SPDX-License-Identifier: BSL-1.0
// expect: trace_cannot_branch_on_the_value_of_a_symbol__write_where_condition_a_b_instead
// A trace runs once, without values, so it cannot take one side of an if.
#include <typegrad/typegrad.hpp>

#ifdef MUST_FAIL
auto f = tg::trace<"x">([](auto x) {
  if (x < 0) return -x;
  return x;
});
#else
auto f = tg::trace<"x">([](auto x) { return where(x < 0, -x, x); });
#endif
