// SPDX-License-Identifier: BSL-1.0
// expect: operator []: the index is part of the type, so it is no ordinary number; write p[0_c], or get<0>(p).
// expect: operator *: a group of symbols is no number; take its elements, p[0_c], or trace a function with a loop.
// expect: operator +: a group of symbols is no number
// expect: operator -: a group of symbols is no number
// expect: operator /: a group of symbols is no number
// A group is a list of symbols, each of which has a type of its own.
#include <typegrad/typegrad.hpp>

using namespace tg::literals;

constexpr auto p = tg::symbols<"p", 3>;
constexpr double values[3]{1, 2, 3};

#ifdef MUST_FAIL
auto element = [] { return p[0]; }();
auto entry = [] { return tg::gradient(p[0_c] * p[1_c], p[0_c])[0]; }();
auto product = [] { return p * 2; }();
auto sum = [] { return 1.0 + p; }();
auto difference = [] { return p - p; }();
auto quotient = [] { return 1 / p; }();
#else
constexpr auto f = p[0_c] - p[1_c] * p[2_c];
static_assert(f(p = values) == -5);
static_assert(f(p = {1.0, 2.0, 3.0}) == -5);
#endif
