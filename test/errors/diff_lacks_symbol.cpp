// SPDX-License-Identifier: BSL-1.0
// expect: diff: variable 'z' does not occur in the formula; it has x, y. Write tg::allow_zero where a zero is meant.
// expect: gradient: variable 'z' does not occur in the formula; it has x, y.
// expect: jacobian: variable 'z' does not occur in the formula; it has x, y.
// expect: jvp: variable 'y' does not occur in the formula; it has x.
// expect: vjp: variable 'y' does not occur in the formula; it has x.
// expect: hvp: variable 'x' does not occur in the formula; it has y.
// expect: taylor: variable 'y' does not occur in the formula; it has x.
// A symbol that the formula lacks, perhaps because it cancelled: its derivative would be zero, which is
// hardly ever meant. tg::allow_zero asks for it.
#include <typegrad/typegrad.hpp>

using namespace tg::literals;

constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;
constexpr auto z = tg::symbol<"z">;
auto f = x * sin(y);
auto without_y = sin(x / y * y);
auto without_x = (exp(x) - exp(x) + 1_c) * cos(y);

#ifdef MUST_FAIL
auto derivative = tg::diff(f, z);
auto gradient = tg::gradient(f, x, z);
auto jacobian = tg::jacobian(tg::outputs(f, x + y), z);
auto along = tg::jvp(without_y, tg::along(x = 1_c, y = 2_c));
auto across = tg::vjp(without_y, tg::weights(1_c), x, y);
auto second = tg::hvp(without_x, tg::along(x = 1_c, y = 1_c));
auto polynomial = tg::taylor<2>(without_y, y, 0_c);
#else
static_assert(tg::diff(f, z, tg::allow_zero) == 0_c);
auto derivative = tg::diff(f, x);
auto gradient = tg::gradient(f, x, y);
auto jacobian = tg::jacobian(tg::outputs(f, x + y), x);
auto along = tg::jvp(without_y, tg::along(x = 1_c, y = 2_c), tg::allow_zero);
auto across = tg::vjp(without_y, tg::weights(1_c), x, y, tg::allow_zero);
auto second = tg::hvp(without_x, tg::along(x = 1_c, y = 1_c), tg::allow_zero);
auto polynomial = tg::taylor<2>(without_y, y, 0_c, tg::allow_zero);
#endif
