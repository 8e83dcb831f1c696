// SPDX-License-Identifier: BSL-1.0
// expect: outputs: no formula is given; write outputs(f, g).
// expect: function: the arguments are not what it takes; write function(inputs(x, y), outputs(f, g)).
// expect: function: it takes two arguments, inputs(x, y) and outputs(f, g).
// expect: function: bindings are for formulas; a function takes the values in the order of its inputs, fn(2.0, 1.0).
// expect: inputs: an argument of type 'double' is no symbol.
// expect: inputs: the name of a symbol is no symbol; write tg::symbol<"x">.
// How a function is made and called.
#include <typegrad/typegrad.hpp>

constexpr auto x = tg::symbol<"x">;
constexpr auto f = x * x;

#ifdef MUST_FAIL
auto of_nothing = tg::function(tg::inputs(x), tg::outputs());
auto bare = tg::function(x, f);
auto three = tg::function(tg::inputs(x), tg::outputs(f), tg::outputs(f));
auto value = tg::function(tg::inputs(x), tg::outputs(f))(x = 2.0);
auto number = tg::inputs(2.0);
auto name = tg::inputs("x");
#else
static_assert(tg::function(tg::inputs(x), tg::outputs(f))(2.0) == 4);
#endif
