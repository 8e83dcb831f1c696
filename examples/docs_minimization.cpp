// SPDX-License-Identifier: BSL-1.0
// The code of docs/minimization.md: problems, methods, options, results, bounds, robust losses, checkpoints.
#include <array>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <limits>
#include <span>
#include <typegrad/typegrad.hpp>
#include <vector>

// [headers]
#include <typegrad/optimize/conjugate_gradient.hpp>  // and so on: one header for each method
#include <typegrad/optimize/first_order.hpp>         // tg::adam and its kin
#include <typegrad/optimize/formula_problem.hpp>     // problems from formulas
#include <typegrad/optimize/l_bfgs.hpp>
#include <typegrad/optimize/levenberg_marquardt.hpp>
#include <typegrad/optimize/minimize.hpp>  // tg::minimize itself
#include <typegrad/optimize/newton.hpp>
// [headers]
#include <typegrad/optimize/progress_line.hpp>

#include "support/expect.hpp"

using example::expect;
using namespace tg::literals;

constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;
constexpr auto k = tg::symbol<"k">;

bool close(double value, double truth, double tolerance = 1e-8) {
  return std::abs(value - truth) <= tolerance;
}

int main() {
  // [first]
  constexpr auto valley = pow(1_c - x, 2_c) + k * pow(y - x * x, 2_c);
  const auto problem = tg::objective(valley, x, y, k = 100.0);  // parameters x and y; k has a value
  const auto result = tg::minimize(problem, std::array{-1.2, 1.0}, tg::newton{});
  std::cout << result.parameters[0] << ", " << result.parameters[1] << ": " << result.why() << '\n';
  // [first]
  expect(result.converged && close(result.parameters[0], 1) && close(result.parameters[1], 1));

  // [callables]
  const auto by_hand =
      tg::objective([](const auto& v) { return std::cosh(v[0] - 2) + v[1] * v[1]; },
                    [](const auto& v, auto g) { g[0] = std::sinh(v[0] - 2), g[1] = 2 * v[1]; });
  const auto at_once = tg::objective([](const auto& v, auto g) {  // fills the gradient, returns the value
    g[0] = std::sinh(v[0] - 2), g[1] = 2 * v[1];
    return std::cosh(v[0] - 2) + v[1] * v[1];
  });
  const auto one = tg::minimize(by_hand, std::vector<double>{0, 1}, tg::l_bfgs{});
  const auto other = tg::minimize(at_once, std::vector<double>{0, 1}, tg::conjugate_gradient{});
  // [callables]
  expect(close(one.parameters[0], 2) && close(other.parameters[0], 2));

  // [least squares]
  const std::vector<double> times{0, 1, 2, 3, 4}, heights{5.1, 3.0, 1.8, 1.1, 0.7};
  constexpr auto p = tg::symbols<"p", 2>;
  constexpr auto t = tg::symbol<"t">;
  constexpr auto h = tg::symbol<"h">;
  const auto squares = tg::sum_over(tg::rows(t = times, h = heights), p[0_c] * exp(-p[1_c] * t) - h, p);
  const auto fit = tg::levenberg_marquardt(squares, std::array{1.0, 1.0});
  const auto errors = fit.standard_errors();  // of each parameter
  const auto same = tg::minimize(squares, std::array{1.0, 1.0}, tg::levenberg_marquardt_method{});
  const auto few =
      tg::least_squares(tg::outputs(1_c - x, 10_c * (y - x * x)), x, y);  // residuals of different forms
  // [least squares]
  expect(fit.converged && close(fit.parameters[0], 5.1, 0.1) && close(fit.parameters[1], 0.5, 0.05));
  expect(errors[0] > 0 && errors[0] < 0.1);
  expect(close(same.parameters[1], fit.parameters[1]));
  expect(close(tg::minimize(few, std::array{0.0, 0.0}, tg::levenberg_marquardt_method{}).parameters[1], 1));

  // [residuals by hand]
  const auto whole = tg::least_squares(
      2,  // residuals
      [](const auto& v, auto r) { r[0] = 1 - v[0], r[1] = 10 * (v[1] - v[0] * v[0]); },
      [](const auto& v, auto j) {  // row by row: the derivatives of r[0] by v[0] and v[1], then those of r[1]
        j[0] = -1, j[1] = 0;
        j[2] = -20 * v[0], j[3] = 10;
      });
  const auto by_row = tg::least_squares_by_row(times.size(), [&](std::size_t i, const auto& v) {
    const double decay = std::exp(-v[1] * times[i]);  // the residual of row i, and its derivatives
    return std::pair(v[0] * decay - heights[i], std::array{decay, -v[0] * times[i] * decay});
  });
  // [residuals by hand]
  expect(close(tg::levenberg_marquardt(whole, std::array{-1.2, 1.0}).parameters[1], 1));
  expect(close(tg::levenberg_marquardt(by_row, std::array{1.0, 1.0}).parameters[1], fit.parameters[1]));

  // [options]
  const auto limited = tg::minimize(
      problem, std::array{-1.2, 1.0}, tg::l_bfgs{.memory = 5},
      {.gradient_tolerance = 1e-8, .target = 1e-3, .max_iterations = 500, .max_seconds = 10, .history = 100});
  // [options]
  expect(limited.reason == tg::stop_reason::target_reached && limited.value <= 1e-3);
  expect(limited.history.size() == limited.iterations + 1);

  // [bounds]
  constexpr double none = std::numeric_limits<double>::infinity();
  const auto inside =
      tg::minimize(problem, std::array{-1.2, 1.0}, tg::newton{}, {.lower = {-none, 0}, .upper = {0.5, none}});
  // [bounds]
  expect(inside.converged && inside.parameters[0] == 0.5 && close(inside.parameters[1], 0.25));

  // [robust]
  std::vector<double> spoiled = heights;
  spoiled[2] = 9;  // a slip of the pen
  const auto with_slip = tg::sum_over(tg::rows(t = times, h = spoiled), p[0_c] * exp(-p[1_c] * t) - h, p);
  const auto honest =
      tg::levenberg_marquardt(tg::robust(with_slip, tg::cauchy{.scale = 0.1}), fit.parameters);
  // [robust]
  expect(close(honest.parameters[1], fit.parameters[1], 0.02));

  // [first order]
  const auto trained = tg::minimize(
      problem, std::array{-1.2, 1.0},
      tg::scheduled(tg::adam{.rate = 0.05}, tg::exponential_schedule{.factor = 0.9999}, tg::clip_by_norm{1}),
      {.gradient_tolerance = 1e-6, .max_iterations = 100'000});
  // [first order]
  expect(trained.converged && close(trained.parameters[0], 1, 1e-4));

  // [watch]
  const auto sound = tg::minimize(problem, std::array{-1.2, 1.0}, tg::adam{.rate = 0.05},
                                  {.gradient_tolerance = 1e-6,
                                   .max_iterations = 100'000,
                                   .watch = tg::gradient_watch_options{.exploding = 50}});
  std::cout << sound.exploding << " steps left out\n";
  // [watch]
  expect(sound.converged && sound.exploding + sound.vanishing == 0);

  // [progress]
  const auto watched =
      tg::minimize(problem, std::array{-1.2, 1.0}, tg::newton{}, {}, tg::progress_line(std::cerr));
  const auto stopped = tg::minimize(problem, std::array{-1.2, 1.0}, tg::newton{}, {},
                                    [](const auto& now) { return now.value > 0.1; });  // false stops the run
  // [progress]
  expect(watched.converged && stopped.reason == tg::stop_reason::stopped_by_caller && stopped.value <= 0.1);

  // [checkpoint]
  const tg::minimize_options<double> overnight{
      .max_iterations = 10, .checkpoint = "run.txt", .checkpoint_every = 5, .resume = true};
  const auto evening = tg::minimize(problem, std::array{-1.2, 1.0}, tg::l_bfgs{}, overnight);
  auto longer = overnight;
  longer.max_iterations = 1000;
  const auto morning =
      tg::minimize(problem, std::array{-1.2, 1.0}, tg::l_bfgs{}, longer);  // goes on after step 10
  // [checkpoint]
  std::remove("run.txt");
  expect(!evening.resumed && morning.resumed && morning.converged);
  expect(morning.parameters == tg::minimize(problem, std::array{-1.2, 1.0}, tg::l_bfgs{}).parameters);
  return example::status();
}
