// SPDX-License-Identifier: BSL-1.0
// tg::minimize with every second-order method: known minima from formulas and callables, every way in which a run can end, bounds,
// checkpoints and misuse. The problems of Moré, Garbow and Hillstrom are in more_garbow_hillstrom.cpp.
#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <eigen3/Eigen/Core>
#include <fstream>
#include <limits>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <typegrad/optimize/conjugate_gradient.hpp>
#include <typegrad/optimize/dogleg.hpp>
#include <typegrad/optimize/first_order.hpp>
#include <typegrad/optimize/formula_problem.hpp>
#include <typegrad/optimize/gauss_newton.hpp>
#include <typegrad/optimize/l_bfgs.hpp>
#include <typegrad/optimize/levenberg_marquardt.hpp>
#include <typegrad/optimize/minimize.hpp>
#include <typegrad/optimize/newton.hpp>
#include <typegrad/typegrad.hpp>
#include <vector>

namespace {

using namespace tg::literals;
using tg::stop_reason;

constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;
constexpr auto k = tg::symbol<"k">;
constexpr auto valley = pow(1_c - x, 2_c) + k * pow(y - x * x, 2_c);

/// Rosenbrock's function as a formula, minimum 0 at (1, 1).
auto rosenbrock() { return tg::objective(valley, x, y, k = 100.0); }
/// The same as residuals: its cost is half.
auto rosenbrock_residuals() { return tg::least_squares(tg::outputs(1_c - x, 10_c * (y - x * x)), x, y); }

const std::array far{-1.2, 1.0};

/// Calls use(name, method) for each method of objectives, or of least squares.
void each_objective_method(auto use) {
  use("newton", tg::newton{});
  use("l_bfgs", tg::l_bfgs{});
  use("hager_zhang", tg::conjugate_gradient{});
  use("polak_ribiere_plus", tg::conjugate_gradient{.rule = tg::conjugacy::polak_ribiere_plus});
  use("dai_yuan", tg::conjugate_gradient{.rule = tg::conjugacy::dai_yuan});
}
void each_least_squares_method(auto use) {
  use("levenberg_marquardt", tg::levenberg_marquardt_method{});
  use("levenberg_marquardt, ceres", tg::levenberg_marquardt_method{.damping = tg::damping_rule::ceres});
  use("dogleg", tg::dogleg{});
  use("gauss_newton", tg::gauss_newton{});
}

void reaches_one_one(std::string_view name, const auto& result) {
  BOOST_TEST_CONTEXT(name << ": " << result.why()) {
    BOOST_TEST(result.converged);
    // The curvature's condition is 2500: the gradient's tolerance of 4e-11 leaves 1e-10 at most.
    BOOST_TEST(std::abs(result.parameters[0] - 1) < 1e-9);
    BOOST_TEST(std::abs(result.parameters[1] - 1) < 1e-9);
    BOOST_TEST(result.value < 1e-18);
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(all_methods_and_all_vectors) {
  const auto all = [](auto problem) {
    return [problem](std::string_view name, auto method) {
      reaches_one_one(name, tg::minimize(problem, far, method));
      reaches_one_one(name, tg::minimize(problem, std::vector<double>{-1.2, 1.0}, method));
      reaches_one_one(name, tg::minimize(problem, Eigen::Vector2d(-1.2, 1.0), method));
      reaches_one_one(name, tg::minimize(problem, Eigen::VectorXd(Eigen::Vector2d(-1.2, 1.0)), method));
    };
  };
  each_objective_method(all(rosenbrock()));
  each_least_squares_method(all(rosenbrock_residuals()));
}

BOOST_AUTO_TEST_CASE(first_order_methods) {
  const auto bowl = tg::objective(pow(x - 3_c, 2_c) + 2_c * pow(y + 1_c, 2_c), x, y);
  const auto check = [](const auto& result) {
    BOOST_TEST_CONTEXT(result.why()) {
      BOOST_TEST(result.converged);
      BOOST_TEST(std::abs(result.parameters[0] - 3) < 1e-8);
      BOOST_TEST(std::abs(result.parameters[1] + 1) < 1e-8);
    }
  };
  check(tg::minimize(bowl, far, tg::adam{.rate = 0.1}, {.gradient_tolerance = 1e-9}));
  check(tg::minimize(bowl, far, tg::sgd{.rate = 0.1}, {.gradient_tolerance = 1e-9}));
  check(tg::minimize(bowl, far, tg::scheduled(tg::adam{.rate = 0.3}, tg::exponential_schedule{.factor = 0.99}, tg::clip_by_norm{1}),
                     {.gradient_tolerance = 1e-9}));
}
