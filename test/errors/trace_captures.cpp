// SPDX-License-Identifier: BSL-1.0
// expect: trace: the function must be a lambda without captures; pass what it captures as symbols or constants.
// A trace is run by the compiler, which does not know the values of variables.
#include <typegrad/typegrad.hpp>

#ifdef MUST_FAIL
auto traced(double factor) {
  return tg::trace<"x">([factor](auto x) { return factor * x; });
}
#else
auto traced(double factor) {
  return tg::substitute(tg::trace<"x", "factor">([](auto x, auto k) { return k * x; }),
                        tg::symbol<"factor"> = factor);
}
#endif
auto f = traced(2);
