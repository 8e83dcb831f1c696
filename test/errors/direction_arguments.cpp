// SPDX-License-Identifier: BSL-1.0
// expect: inputs: it does not take tg::allow_zero.
// expect: jvp: the arguments are not what it takes; write jvp(f, along(x = 1.0)).
// expect: hvp: the arguments are not what it takes; write hvp(f, along(x = 1.0)).
// expect: hvp: it takes one formula, and several were given; the derivatives of several are tg::jacobian.
// expect: vjp: the arguments are not what it takes; write vjp(f, weights(1.0), x, y).
// expect: vjp: no symbol is given; write vjp(f, weights(1.0), x, y).
// expect: along: it is not said what a symbol stands for; write along(x = 1.0).
// expect: along: a group is bound one symbol at a time here, p[0_c] = 1.0.
// expect: substitute: it is not said what a symbol stands for; write substitute(f, x = g).
// expect: substitute: it takes a formula, a gradient, a Jacobian or a Hessian, not tg::outputs(...).
// expect: taylor: the arguments are not what it takes; write taylor<2>(f, x, a) with a number or a formula for a.
// expect: taylor: no symbol is given; write taylor<2>(f, x, a) with a number or a formula for a.
// Directions, weights and substitutes are named by symbol.
#include <array>
#include <typegrad/typegrad.hpp>

using namespace tg::literals;

constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;
constexpr auto p = tg::symbols<"p", 3>;
constexpr auto f = x * sin(y);
constexpr auto several = tg::outputs(f, x);

#ifdef MUST_FAIL
auto no_direction = tg::jvp(f, x, tg::allow_zero);
auto no_second_direction = tg::hvp(f, x);
auto product_of_several = tg::hvp(several, tg::along(x = 1_c));
auto no_weights = tg::vjp(f, x);
auto by_nothing = tg::vjp(several, tg::weights(1_c, 2_c));
auto no_binding = tg::along(x);
auto zero_allowed = tg::inputs(x, tg::allow_zero);
auto group_direction = tg::along(p = std::array{1.0, 2.0, 3.0});
auto no_substitute = tg::substitute(f, x);
auto list = tg::substitute(several, x = y);
auto about_text = tg::taylor<2>(f, x, "a");
auto order_behind = tg::taylor(f, x, 2);
auto without_symbol = tg::taylor<2>(f);
#else
auto along = tg::jvp(several, tg::along(x = 1_c));
auto inputs = tg::inputs(x, y);
auto second = tg::hvp(f, tg::along(x = 1_c));
auto across = tg::vjp(several, tg::weights(1_c, 2_c), x);
auto swapped = tg::substitute(f, x = y, y = x);
auto polynomial = tg::taylor<2>(f, x, 1.0);
#endif
