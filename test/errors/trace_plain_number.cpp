// SPDX-License-Identifier: BSL-1.0
// expect: trace_function_of_a_plain_number__apply_it_to_a_double_or_to_a_symbol_instead
// A number of the traced type that depends on no symbol: sin(3) is not exact, and there is no graph that it could go to.
#include <typegrad/typegrad.hpp>

#ifdef MUST_FAIL
auto f = tg::trace<"x">([](auto x) {
  decltype(x) sum = 3;
  sum = sin(sum);
  return sum * x;
});
#else
auto f = tg::trace<"x">([](auto x) {
  decltype(x) sum = 0;
  sum += sin(3 + 0 * x);
  return sum * x;
});
#endif
