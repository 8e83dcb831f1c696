// SPDX-License-Identifier: BSL-1.0
// expect: objective: name all parameters before the first binding
// A parameter after a binding.
#include <typegrad/optimize/formula_problem.hpp>
#include <typegrad/typegrad.hpp>

constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;

#ifdef MUST_FAIL
auto problem = tg::objective(x * x + y * y, x = 2.0, y);
#else
auto problem = tg::objective(x * x + y * y, y, x = 2.0);
#endif
