// SPDX-License-Identifier: BSL-1.0
// expect: function: the symbol 'y' has no value; bind it, or name it among the inputs.
// A function whose outputs hold a symbol that is no input.
#include <typegrad/typegrad.hpp>

constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;

#ifdef MUST_FAIL
auto function = tg::function(tg::inputs(x), tg::outputs(x* y));
#else
auto function = tg::function(tg::inputs(x, y), tg::outputs(x* y));
#endif
