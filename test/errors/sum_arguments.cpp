// SPDX-License-Identifier: BSL-1.0
// expect: sum_over: variable 'z' does not occur in the formula; it has x, y. Write tg::allow_zero where a zero is meant.
// expect: sum_over: the arguments are not what it takes; write sum_over(rows(t = times), f, x).
// expect: sum_over: it takes one formula, and several were given
// expect: sum_over: no symbol is given; write sum_over(rows(t = times), f, x).
// expect: sum_over: the values of the parameters are given together, as an array, a span or a vector.
// expect: sum_over: after the values of the parameters come the first row and the one after the last, or a list of row numbers, and how many threads.
// expect: rows: it is not said what a symbol stands for; write rows(t = times, y = values).
// A sum has rows, one formula and parameters that the formula depends on.
#include <array>
#include <typegrad/typegrad.hpp>

constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;
constexpr auto z = tg::symbol<"z">;
constexpr auto f = x * y;
constexpr std::array column{1.0, 2.0};
constexpr auto data = tg::rows(x = column);

#ifdef MUST_FAIL
auto without_slope = tg::sum_over(data, f, y, z);
auto of_array = tg::sum_over(column, f, y);
auto of_several = tg::sum_over(data, tg::gradient(f, x, y), y);
auto of_constants = tg::sum_over(data, f);
auto at_number = tg::sum_over(data, f, y).value(2.0);
auto at_row = tg::sum_over(data, f, y).value(column, 1);
auto unnamed = tg::rows(column);
#else
constexpr std::array at{2.0, 5.0};
static_assert(tg::sum_over(data, f, y, z, tg::allow_zero).value(at) == 6);
static_assert(tg::sum_over(data, f, y, z, tg::allow_zero).gradient(at) == std::array{3.0, 0.0});
#endif
