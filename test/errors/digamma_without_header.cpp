// SPDX-License-Identifier: BSL-1.0
// expect: digamma takes its value from Boost.Math; include <typegrad/special.hpp>.
// The derivative of lgamma needs digamma, which the standard library lacks.
#include <typegrad/typegrad.hpp>

#ifndef MUST_FAIL
#include <typegrad/special.hpp>
#endif

constexpr auto x = tg::symbol<"x">;
double value = tg::diff(lgamma(x), x)(x = 2.5);
