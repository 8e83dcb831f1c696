// SPDX-License-Identifier: BSL-1.0
// expect: evaluation: the symbol 'x' is given twice.
// expect: function: the symbol 'x' is given twice.
// expect: substitute: the symbol 'x' is given twice.
// expect: along: the symbol 'y' is given twice.
// expect: trace: the symbol 'p0' is given twice.
// One symbol with two values.
#include <typegrad/typegrad.hpp>

constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;

#ifdef MUST_FAIL
double value = (x * y)(x = 2.0, y = 1.0, x = 3.0);
auto function = tg::function(tg::inputs(x, y, x), tg::outputs(x* y));
auto replaced = tg::substitute(x * y, x = 1.0, x = 2.0);
auto forward = tg::jvp(x * y, tg::along(y = 1.0, y = 2.0));
auto traced = tg::trace<"p[2]", "p0">([](auto p, auto q) { return p[1] * q; });
#else
double value = (x * y)(x = 2.0, y = 1.0);
auto function = tg::function(tg::inputs(x, y), tg::outputs(x* y));
auto replaced = tg::substitute(x * y, x = 1.0, y = 2.0);
auto forward = tg::jvp(x * y, tg::along(x = 1.0, y = 2.0));
auto traced = tg::trace<"p[2]", "q">([](auto p, auto q) { return p[1] * q; });
#endif
