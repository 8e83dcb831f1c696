// SPDX-License-Identifier: BSL-1.0
// expect: bessel_j: there is no formula for its derivative by operand 1; let that operand be a number.
// A derivative by the order of a Bessel function, which has no closed form.
#include <typegrad/special.hpp>
#include <typegrad/typegrad.hpp>

constexpr auto n = tg::symbol<"n">;
constexpr auto x = tg::symbol<"x">;
constexpr auto f = bessel_j(n, x);

#ifdef MUST_FAIL
double slope = tg::diff(f, n)(n = 1.0, x = 2.0);
#else
double slope = tg::diff(f, x)(n = 1.0, x = 2.0);
#endif
