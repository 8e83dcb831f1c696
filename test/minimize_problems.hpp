// SPDX-License-Identifier: BSL-1.0
// What the tests of tg::minimize share: Rosenbrock's valley as a formula and as residuals, and the methods.
#pragma once

#include <array>
#include <typegrad/optimize/formula_problem.hpp>
#include <typegrad/optimize/minimize.hpp>
#include <typegrad/typegrad.hpp>

#include "minimize_methods.hpp"

namespace minimize_test {

using namespace tg::literals;
using tg::stop_reason;

inline constexpr auto x = tg::symbol<"x">;
inline constexpr auto y = tg::symbol<"y">;
inline constexpr auto k = tg::symbol<"k">;
inline constexpr auto valley = pow(1_c - x, 2_c) + k * pow(y - x * x, 2_c);

/// Rosenbrock's function as a formula, minimum 0 at (1, 1).
inline auto rosenbrock() { return tg::objective(valley, x, y, k = 100.0); }
/// The same as residuals: its cost is half.
inline auto rosenbrock_residuals() {
  return tg::least_squares(tg::outputs(1_c - x, 10_c * (y - x * x)), x, y);
}

inline constexpr std::array far{-1.2, 1.0};

}  // namespace minimize_test
