// SPDX-License-Identifier: BSL-1.0
// expect: numeric: a black box has derivatives of first and second order only; write it as a formula for more.
// A difference of differences of differences has no digits left.
#include <cmath>
#include <typegrad/typegrad.hpp>
#include <typegrad/validate/numeric.hpp>

constexpr auto x = tg::symbol<"x">;
constexpr auto box = tg::numeric([](double t) { return std::tgamma(t); });

#ifdef MUST_FAIL
auto derivative = tg::diff<3>(box(x), x);
#else
auto derivative = tg::diff<2>(box(x), x);
#endif
