// SPDX-License-Identifier: BSL-1.0
// tg::minimize with every method: known minima from formulas and callables, on all kinds of vectors, in
// bounds, far out and near the end of the domain. How runs end is in minimize_stops.cpp; the problems of
// Moré, Garbow and Hillstrom are in more_garbow_hillstrom.cpp.
#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstddef>
#include <eigen3/Eigen/Core>
#include <limits>
#include <string_view>
#include <typegrad/optimize/default_method.hpp>
#include <typegrad/optimize/first_order.hpp>
#include <vector>

#include "minimize_problems.hpp"

BOOST_AUTO_TEST_SUITE(minimize)

using namespace minimize_test;

namespace {

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
  check(tg::minimize(
      bowl, far,
      tg::scheduled(tg::adam{.rate = 0.3}, tg::exponential_schedule{.factor = 0.99}, tg::clip_by_norm{1}),
      {.gradient_tolerance = 1e-9}));
}

// A sum over rows is the plain sum for one kind of method and residuals for the other; half_squares is the
// same for both.
BOOST_AUTO_TEST_CASE(sums_of_squares) {
  constexpr auto t = tg::symbol<"t">;
  constexpr auto h = tg::symbol<"h">;
  const std::vector<double> places{-1, 0, 1, 2, 3}, heights{0.4, 1.1, 1.9, 3.2, 3.8};
  // The line through these points, by the normal equations: 1.19 + 0.89 t, with 0.5 sum r^2 = 0.0535.
  const auto squares = tg::half_squares(tg::sum_over(tg::rows(t = places, h = heights), x + y * t - h, x, y));
  const auto check = [&](std::string_view name, const auto& result) {
    BOOST_TEST_CONTEXT(name << ": " << result.why()) {
      BOOST_TEST(result.converged);
      BOOST_TEST(std::abs(result.parameters[0] - 1.19) < 1e-8);
      BOOST_TEST(std::abs(result.parameters[1] - 0.89) < 1e-8);
      BOOST_TEST(std::abs(result.value - 0.0535) < 1e-12);
    }
  };
  each_least_squares_method(
      [&](std::string_view name, auto method) { check(name, tg::minimize(squares, far, method)); });
  check("l_bfgs", tg::minimize(squares, far, tg::l_bfgs{}));
  check("conjugate_gradient", tg::minimize(squares, far, tg::conjugate_gradient{}));
  check("sgd", tg::minimize(squares, far, tg::sgd{.rate = 0.05}, {.gradient_tolerance = 1e-9}));
  check("no method", tg::minimize(squares, far));
  const auto fit = tg::levenberg_marquardt(squares, far);
  BOOST_TEST(fit.residual_count == 5u);
  BOOST_TEST(std::abs(fit.cost - 0.0535) < 1e-12);
  // Three parameters for a sum of two are refused.
  BOOST_TEST(
      (tg::minimize(squares, std::vector<double>{1, 2, 3}, tg::l_bfgs{}).reason == stop_reason::wrong_size));
}

// A quadratic in 60 parameters, chained so that no two move alone; its minimum solves a linear system that is
// known: x_i = 1.
BOOST_AUTO_TEST_CASE(many_parameters) {
  constexpr std::size_t n = 60;
  const auto chain = tg::objective(
      [](const auto& v) {
        double sum = 0;
        for (std::size_t i = 0; i < n; ++i)
          sum += std::pow(v[i] - 1, 2) + (i > 0 ? 10 * std::pow(v[i] - v[i - 1], 2) : 0);
        return sum;
      },
      [](const auto& v, auto g) {
        for (std::size_t i = 0; i < n; ++i) {
          g[i] = 2 * (v[i] - 1);
          if (i > 0) g[i] += 20 * (v[i] - v[i - 1]), g[i - 1] -= 20 * (v[i] - v[i - 1]);
        }
      },
      [](const auto&) {
        Eigen::MatrixXd h = Eigen::MatrixXd::Zero(n, n);
        for (int i = 0; i < static_cast<int>(n); ++i) {
          h(i, i) += 2;
          if (i > 0) h(i, i) += 20, h(i - 1, i - 1) += 20, h(i, i - 1) -= 20, h(i - 1, i) -= 20;
        }
        return h;
      });
  each_objective_method([&](std::string_view name, auto method) {
    const auto result = tg::minimize(chain, std::vector<double>(n, -2.0), method);
    BOOST_TEST_CONTEXT(name << ": " << result.why()) {
      BOOST_TEST(result.converged);
      for (const double each : result.parameters) BOOST_TEST(std::abs(each - 1) < 1e-9);
    }
  });

  const auto residuals = tg::least_squares(
      2 * n - 1,
      [](const auto& v, auto r) {
        for (std::size_t i = 0; i < n; ++i) r[i] = v[i] * v[i] - 1;
        for (std::size_t i = 1; i < n; ++i) r[n + i - 1] = v[i] - v[i - 1];
      },
      [](const auto& v, auto j) {
        std::fill(j.begin(), j.end(), 0.0);
        for (std::size_t i = 0; i < n; ++i) j[i * n + i] = 2 * v[i];
        for (std::size_t i = 1; i < n; ++i) j[(n + i - 1) * n + i] = 1, j[(n + i - 1) * n + i - 1] = -1;
      });
  each_least_squares_method([&](std::string_view name, auto method) {
    const auto result = tg::minimize(residuals, std::vector<double>(n, 3.0), method);
    BOOST_TEST_CONTEXT(name << ": " << result.why()) {
      BOOST_TEST(result.converged);
      BOOST_TEST(std::abs(result.parameters[n / 2] - 1) < 1e-9);
    }
  });
  const auto fit = tg::levenberg_marquardt(residuals, std::vector<double>(n, 3.0));
  BOOST_TEST(fit.converged);
  BOOST_TEST(fit.inverse_normal.size() == n);
  BOOST_TEST(fit.standard_errors().size() == n);
}

// Newton leaves a saddle at which the gradient is zero, and finds both minima's depth: f = x^4/4 - x^2/2 +
// y^2.
BOOST_AUTO_TEST_CASE(newton_leaves_a_saddle) {
  const auto saddle = tg::objective(pow(x, 4_c) / 4_c - x * x / 2_c + y * y, x, y);
  const auto result = tg::minimize(saddle, std::array{0.0, 0.0}, tg::newton{});
  BOOST_TEST_CONTEXT(result.why()) {
    BOOST_TEST(result.converged);
    BOOST_TEST(std::abs(std::abs(result.parameters[0]) - 1) < 1e-9);
    BOOST_TEST(result.value == -0.25, boost::test_tools::tolerance(1e-12));
  }
  // The other methods see a zero gradient, and say so.
  BOOST_TEST(
      (tg::minimize(saddle, std::array{0.0, 0.0}, tg::l_bfgs{}).reason == stop_reason::gradient_small));
}

// Minima in boxes, known by hand: with the other parameter held, each of these is a parabola.
BOOST_AUTO_TEST_CASE(bounds) {
  const auto bowl = tg::objective(pow(x - 3_c, 2_c) + pow(y - 3_c, 2_c) + x * y, x, y);
  const auto residuals = tg::least_squares(tg::outputs(x - 3_c, 2_c * (y - x), y * x - 1_c), x, y);
  const auto check = [](const auto& result, double at_x, double at_y, std::string_view name) {
    BOOST_TEST_CONTEXT(name << ": " << result.why()) {
      BOOST_TEST(result.converged);
      BOOST_TEST(std::abs(result.parameters[0] - at_x) < 1e-8);
      BOOST_TEST(std::abs(result.parameters[1] - at_y) < 1e-8);
    }
  };
  const double none = std::numeric_limits<double>::infinity();
  each_objective_method([&](std::string_view name, auto method) {
    check(tg::minimize(bowl, far, method), 2, 2, name);  // free
    check(tg::minimize(bowl, far, method, {.upper = {1, none}}), 1, 2.5, name);
    check(tg::minimize(bowl, far, method, {.lower = {-none, 2.75}}), 1.625, 2.75, name);
    check(tg::minimize(bowl, far, method, {.lower = {0, 0}, .upper = {1, 1}}), 1, 1, name);
    check(tg::minimize(bowl, far, method, {.lower = {5, 7}, .upper = {8, 9}}), 5, 7,
          name);  // the start is outside
    check(tg::minimize(bowl, far, method, {.lower = {4, -none}, .upper = {4, none}}), 4, 1,
          name);  // a fixed parameter
  });
  // A linear problem whose steps meet bounds is solved by one step or two.
  const auto line = tg::least_squares(tg::outputs(x + 9_c * y - 20_c, 9_c * x - y, x - y), x, y);
  const auto held = tg::minimize(line, std::array{0.1, 0.1}, tg::gauss_newton{}, {.upper = {none, 1}});
  BOOST_TEST_CONTEXT(held.why()) {
    BOOST_TEST(held.converged);
    BOOST_TEST(held.iterations <= 3u);
    BOOST_TEST(std::abs(held.parameters[0] - 21.0 / 83) < 1e-12);
    BOOST_TEST(held.parameters[1] == 1);
  }
  each_least_squares_method([&](std::string_view name, auto method) {
    // With x held at 1/2, the derivative of 4 (y - 1/2)^2 + (y/2 - 1)^2 is 8 (y - 1/2) + y/2 - 1 = 0.
    check(tg::minimize(residuals, std::array{0.2, 0.3}, method, {.upper = {0.5, none}}), 0.5, 10.0 / 17,
          name);
    check(tg::minimize(residuals, std::array{0.2, 0.3}, method, {.lower = {0, 1}, .upper = {0.5, 3}}), 0.5, 1,
          name);
  });
}

BOOST_AUTO_TEST_CASE(other_number_types) {
  const auto single = tg::minimize(rosenbrock(), std::array{-1.2f, 1.0f}, tg::newton{});
  BOOST_TEST(single.converged);
  BOOST_TEST(std::abs(single.parameters[0] - 1) <
             1e-3f);  // the gradient's tolerance is 2.4e-5, the curvature 0.4
  const auto extended = tg::minimize(rosenbrock(), std::array{-1.2L, 1.0L}, tg::l_bfgs{});
  BOOST_TEST(extended.converged);
  BOOST_TEST(std::abs(extended.parameters[0] - 1) < 1e-11L);
}

// Without a method: a gradient is followed by L-BFGS, residuals by Levenberg-Marquardt, with the same result
// as by name.
BOOST_AUTO_TEST_CASE(without_a_method) {
  const auto same = [](const auto& found, const auto& named) {
    BOOST_TEST(found.converged);
    BOOST_TEST((found.parameters == named.parameters));
    BOOST_TEST(found.evaluations == named.evaluations);
  };
  same(tg::minimize(rosenbrock(), far), tg::minimize(rosenbrock(), far, tg::l_bfgs{}));
  const auto residuals = rosenbrock_residuals();
  same(tg::minimize(residuals, far), tg::minimize(residuals, far, tg::levenberg_marquardt_method{}));
  const tg::minimize_options<double> options{.gradient_tolerance = 1e-3};
  same(tg::minimize(residuals, far, options),
       tg::minimize(residuals, far, tg::levenberg_marquardt_method{}, options));
  same(tg::minimize(rosenbrock(), far, {.gradient_tolerance = 1e-3}),
       tg::minimize(rosenbrock(), far, tg::l_bfgs{}, options));
  std::size_t calls = 0;
  const auto seen = tg::minimize(rosenbrock(), far, options, [&](const auto&) { ++calls; });
  BOOST_TEST(calls == seen.iterations + 1);
}

BOOST_AUTO_TEST_SUITE_END()
