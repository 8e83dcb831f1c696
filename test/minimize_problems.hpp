// SPDX-License-Identifier: BSL-1.0
// What the tests of tg::minimize share: Rosenbrock's valley as a formula and as residuals, and the methods.
#pragma once

#include <array>
#include <string_view>
#include <typegrad/optimize/conjugate_gradient.hpp>
#include <typegrad/optimize/dogleg.hpp>
#include <typegrad/optimize/formula_problem.hpp>
#include <typegrad/optimize/gauss_newton.hpp>
#include <typegrad/optimize/l_bfgs.hpp>
#include <typegrad/optimize/levenberg_marquardt.hpp>
#include <typegrad/optimize/minimize.hpp>
#include <typegrad/optimize/newton.hpp>
#include <typegrad/typegrad.hpp>

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

/// Calls use(name, method) for each method of objectives, or of least squares.
inline void each_objective_method(auto use) {
  use("newton", tg::newton{});
  use("l_bfgs", tg::l_bfgs{});
  use("hager_zhang", tg::conjugate_gradient{});
  use("polak_ribiere_plus", tg::conjugate_gradient{.rule = tg::conjugacy::polak_ribiere_plus});
  use("dai_yuan", tg::conjugate_gradient{.rule = tg::conjugacy::dai_yuan});
}
inline void each_least_squares_method(auto use) {
  use("levenberg_marquardt", tg::levenberg_marquardt_method{});
  use("levenberg_marquardt, ceres", tg::levenberg_marquardt_method{.damping = tg::damping_rule::ceres});
  use("dogleg", tg::dogleg{});
  use("gauss_newton", tg::gauss_newton{});
}

}  // namespace minimize_test
