// SPDX-License-Identifier: BSL-1.0
// expect: diff: variable 'z' does not occur in the formula; it has x, y. Write tg::allow_zero where a zero is meant.
// expect: gradient: variable 'z' does not occur in the formula; it has x, y.
// expect: jacobian: variable 'z' does not occur in the formula; it has x, y.
// A symbol that the formula lacks: its derivative would be zero, which is hardly ever meant. tg::allow_zero asks for it.
#include <typegrad/typegrad.hpp>

using namespace tg::literals;

constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;
constexpr auto z = tg::symbol<"z">;
auto f = x * sin(y);

#ifdef MUST_FAIL
auto derivative = tg::diff(f, z);
auto gradient = tg::gradient(f, x, z);
auto jacobian = tg::jacobian(tg::outputs(f, x + y), z);
#else
static_assert(tg::diff(f, z, tg::allow_zero) == 0_c);
auto derivative = tg::diff(f, x);
auto gradient = tg::gradient(f, x, y);
auto jacobian = tg::jacobian(tg::outputs(f, x + y), x);
#endif
