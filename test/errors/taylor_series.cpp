// SPDX-License-Identifier: BSL-1.0
// expect: taylor: the arguments are not what it takes;
// expect: taylor: the point is given as numbers for symbols, t(x = 1.0, y = 2.0).
// expect: taylor: the primitive 'lgamma' has no series in several symbols; differentiate it by diff.
// expect: typegrad: taylor: these orders make more than 100000 derivatives; ask for lower ones.
// expect: typegrad: up_to: the order must not be negative.
// expect: taylor: variable 'z' does not occur in the formula; it has x, y.
// expect: taylor: the symbol 'x' is given twice.
// Series in several symbols that cannot be made.
#include <typegrad/series.hpp>
#include <typegrad/typegrad.hpp>

constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;
constexpr auto z = tg::symbol<"z">;
constexpr auto f = x * sin(y);

#ifdef MUST_FAIL
auto no_orders = tg::taylor(f, x, y);
auto no_point = tg::taylor(f, tg::up_to<2>(x), tg::up_to<2>(y))(1.0, 2.0);
auto no_series = tg::taylor(lgamma(x), tg::up_to<2>(x))(x = 1.0);
auto too_many = tg::taylor(f, tg::up_to<400>(x), tg::up_to<400>(y));
auto negative = tg::taylor(f, tg::up_to<-1>(x));
auto not_there = tg::taylor(f, tg::up_to<1>(z));
auto twice = tg::taylor(f, tg::up_to<1>(x), tg::up_to<2>(x));
#else
auto right = tg::taylor(f, tg::up_to<2>(x), tg::up_to<2>(y))(x = 1.0, y = 2.0);
#endif
