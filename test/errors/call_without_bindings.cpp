// SPDX-License-Identifier: BSL-1.0
// expect: evaluation: a formula is called with bindings, f(x = 2.0, y = 1.0); for positional arguments make a tg::function.
// A formula has no order of its symbols, so it cannot be called with bare numbers.
#include <typegrad/typegrad.hpp>

constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;

#ifdef MUST_FAIL
double value = (x * y)(2.0, 1.0);
#else
double value = (x * y)(x = 2.0, y = 1.0);
#endif
