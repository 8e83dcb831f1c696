// SPDX-License-Identifier: BSL-1.0
// expect: function: called with 3 arguments; it takes 2, one per input, or two spans.
// A function called with more numbers than it has inputs.
#include <typegrad/typegrad.hpp>

constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;
auto function = tg::function(tg::inputs(x, y), tg::outputs(x* y));

#ifdef MUST_FAIL
auto value = [] { return function(2.0, 1.0, 3.0); };
auto all = (value(), 0);
#else
double value = function(2.0, 1.0);
#endif
