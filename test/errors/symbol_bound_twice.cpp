// SPDX-License-Identifier: BSL-1.0
// expect: evaluation: the symbol 'x' is given twice.
// expect: function: the symbol 'x' is given twice.
// One symbol with two values.
#include <typegrad/typegrad.hpp>

constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;

#ifdef MUST_FAIL
double value = (x * y)(x = 2.0, y = 1.0, x = 3.0);
auto function = tg::function(tg::inputs(x, y, x), tg::outputs(x * y));
#else
double value = (x * y)(x = 2.0, y = 1.0);
auto function = tg::function(tg::inputs(x, y), tg::outputs(x * y));
#endif
