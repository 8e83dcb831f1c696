// SPDX-License-Identifier: BSL-1.0
// expect: diff: a formula was given in the place of a symbol; put a symbol there, and its formula in afterwards, by substitute.
// expect: diff: an argument of type 'double' is no symbol.
// expect: diff: no symbol is given; write diff(f, x).
// expect: diff: the name of a symbol is no symbol; write tg::symbol<"x">.
// expect: diff: a group stands for several symbols; take gradient(f, p), or one of them, p[0_c].
// expect: diff: the order is written before the arguments, diff<2>(f, x).
// expect: diff: the order is that of one symbol, diff<2>(f, x); for several write diff(f, x, y).
// expect: diff: an argument of type 'float' is no formula; a number is written as 2_c, and several formulas as tg::outputs(f, g).
// expect: diff: a compiled function is no formula; use the formula that it was made of.
// expect: gradient: no symbol is given; write gradient(f, x, y).
// expect: gradient: it takes one formula, and several were given; the derivatives of several are tg::jacobian.
// expect: hessian: it takes one formula, and several were given; the derivatives of several are tg::jacobian.
// expect: hessian: an argument of type 'double' is no symbol.
// expect: jacobian: an argument of type 'double' is no formula;
// expect: jacobian: no symbol is given; write jacobian(outputs(f, g), x, y).
// expect: jacobian: several formulas are given as tg::outputs(f, g), not in braces; write jacobian(outputs(f, g), x, y).
// Arguments that a derivative cannot take. A user's function of the same name is not disturbed.
#include <span>
#include <typegrad/typegrad.hpp>

using namespace tg::literals;

constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;
constexpr auto p = tg::symbols<"p", 3>;
constexpr auto f = x * sin(y);
constexpr auto several = tg::outputs(f, x);
constexpr auto compiled = tg::function(tg::inputs(x, y), tg::outputs(f));

template <class F>
constexpr int gradient(const F&, std::span<const double>) {
  return 1;
}
constexpr double at[2]{};
static_assert(gradient(f, at) == 1);

#ifdef MUST_FAIL
auto by_formula = tg::diff(f, f);
auto by_number = tg::diff(f, 2.0);
auto by_nothing = tg::diff(f);
auto by_name = tg::diff(f, "x");
auto by_group = tg::diff(f, p);
auto order_behind = tg::diff(f, x, 2);
auto order_of_two = tg::diff<2>(f, x, y);
auto of_number = tg::diff(2.0f, x);
auto of_function = tg::diff(compiled, x);
auto gradient_by_nothing = tg::gradient(f);
auto gradient_of_several = tg::gradient(several, x);
auto hessian_of_several = tg::hessian(several, x);
auto hessian_by_number = tg::hessian(f, x, 1.0);
auto jacobian_of_number = tg::jacobian(2.0, x);
auto jacobian_by_nothing = tg::jacobian(several);
auto jacobian_of_braces = tg::jacobian({f, x}, x, y);
#else
auto by_formula = tg::substitute(tg::diff(f, x), x = f);
auto twice = tg::diff<2>(f, y);
auto of_several = tg::jacobian(several, x);
auto value = compiled(2.0, 0.0);
#endif
