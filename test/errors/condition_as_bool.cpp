// SPDX-License-Identifier: BSL-1.0
// expect: a formula has no value that 'if' could ask for: write where(condition, a, b), or give the symbols values first, f(x = 2.0).
// A condition is a formula: it cannot steer the program that writes the formula.
#include <typegrad/typegrad.hpp>

constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;

#ifdef MUST_FAIL
double smaller(double a, double b) { return x < y ? a : b; }
#else
double smaller(double a, double b) { return (x < y)(x = a, y = b) ? a : b; }
auto formula = where(x < y, x, y);
#endif
