// SPDX-License-Identifier: BSL-1.0
// expect: minimize: the start has another number of parameters than the formula's problem
// expect: minimize: the start is a std::array, a std::vector or an Eigen vector of floating-point numbers; write std::array{1.0, 1.0}, not {1, 1}.
// A start of three numbers for a formula of two symbols, and one of integers.
#include <array>
#include <typegrad/optimize/formula_problem.hpp>
#include <typegrad/optimize/l_bfgs.hpp>
#include <typegrad/optimize/minimize.hpp>
#include <typegrad/typegrad.hpp>

constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;
auto problem = tg::objective(x * x + y * y, x, y);

#ifdef MUST_FAIL
auto result = tg::minimize(problem, std::array{1.0, 2.0, 3.0}, tg::l_bfgs{});
auto whole = tg::minimize(problem, std::array{1, 2}, tg::l_bfgs{});
#else
auto result = tg::minimize(problem, std::array{1.0, 2.0}, tg::l_bfgs{});
#endif
