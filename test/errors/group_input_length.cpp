// SPDX-License-Identifier: BSL-1.0
// expect: function: a group of 3 symbols was given 2 numbers.
// A group of symbols among the inputs takes an array of the group's size.
#include <array>
#include <typegrad/typegrad.hpp>

using namespace tg::literals;

constexpr auto p = tg::symbols<"p", 3>;
constexpr auto x = tg::symbol<"x">;
auto function = tg::function(tg::inputs(p, x), tg::outputs(x* p[0_c] + p[1_c] * p[2_c]));

#ifdef MUST_FAIL
double value = function(std::array{1.0, 2.0}, 3.0);
#else
double value = function(std::array{1.0, 2.0, 4.0}, 3.0);
#endif
