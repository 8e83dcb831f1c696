// SPDX-License-Identifier: BSL-1.0
// Every way in which a run of tg::minimize can end, misuse included, and what is told of it: reasons,
// history, progress.
#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstddef>
#include <exception>
#include <limits>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <typegrad/optimize/first_order.hpp>
#include <typegrad/optimize/progress_line.hpp>
#include <utility>
#include <vector>

#include "minimize_problems.hpp"

BOOST_AUTO_TEST_SUITE(minimize_stops)

using namespace minimize_test;

BOOST_AUTO_TEST_CASE(why_it_stopped) {
  const auto problem = rosenbrock();
  const auto ends = [&](stop_reason reason, const tg::minimize_options<double>& options, auto method,
                        std::string_view words) {
    const auto result = tg::minimize(problem, far, method, options);
    BOOST_TEST_CONTEXT(result.why()) {
      BOOST_TEST((result.reason == reason));
      BOOST_TEST(result.converged == tg::is_converged(reason));
      BOOST_TEST(result.why().find(words) != std::string::npos);
      BOOST_TEST(result.value <= 24.2 + 1e-12);  // the start's: never worse
    }
    return result;
  };
  ends(stop_reason::gradient_small, {}, tg::newton{}, "gradient is zero");
  ends(stop_reason::gradient_small, {.gradient_tolerance = 1e3}, tg::newton{}, "0 steps and 1 evaluation ");
  ends(stop_reason::step_small, {.step_tolerance = 0.1}, tg::l_bfgs{}, "steps are below");
  ends(stop_reason::cost_settled, {.value_tolerance = 0.3}, tg::l_bfgs{}, "no longer changes");
  ends(stop_reason::target_reached, {.target = 1}, tg::newton{}, "target");
  ends(stop_reason::iteration_limit, {.max_iterations = 3}, tg::conjugate_gradient{}, "iteration limit");
  ends(stop_reason::iteration_limit, {.max_iterations = 0}, tg::newton{}, "0 steps");
  const auto limited =
      ends(stop_reason::evaluation_limit, {.max_evaluations = 5}, tg::l_bfgs{}, "evaluations");
  BOOST_TEST(limited.evaluations >= 5u);
  ends(stop_reason::time_limit, {.max_seconds = 0}, tg::adam{}, "time limit");
  ends(stop_reason::iteration_limit, {.max_iterations = 10}, tg::adam{.rate = 0.1}, "10 steps");

  const auto stopped =
      tg::minimize(problem, far, tg::newton{}, {}, [](const auto& now) { return now.iteration < 4; });
  BOOST_TEST((stopped.reason == stop_reason::stopped_by_caller));
  BOOST_TEST(stopped.iterations == 4u);

  const auto residuals = rosenbrock_residuals();
  // With the gradient's rule off, the loops end by themselves where floating point does.
  each_least_squares_method([&](std::string_view name, auto method) {
    const auto result = tg::minimize(residuals, far, method, {.gradient_tolerance = 0});
    BOOST_TEST_CONTEXT(name << ": " << result.why()) { BOOST_TEST(result.converged); }
  });
  each_objective_method([&](std::string_view name, auto method) {
    const auto shifted = tg::objective(valley + 5_c, x, y, k = 100.0);  // a minimum that is not zero
    const auto result = tg::minimize(shifted, far, method, {.gradient_tolerance = 0});
    BOOST_TEST_CONTEXT(name << ": " << result.why()) {
      BOOST_TEST(result.converged);
      BOOST_TEST(std::abs(result.parameters[0] - 1) <
                 1e-6);  // the square root of epsilon, times the root of the condition
    }
  });
}

BOOST_AUTO_TEST_CASE(wrong_derivatives_are_noticed) {
  const auto wrong = tg::objective([](const auto& v) { return v[0] * v[0] + v[1] * v[1]; },
                                   [](const auto& v) {
                                     return std::array{-2 * v[0], -2 * v[1]};
                                   },
                                   [](const auto&) {
                                     return std::array{std::array{2.0, 0.0}, std::array{0.0, 2.0}};
                                   });
  each_objective_method([&](std::string_view name, auto method) {
    const auto result = tg::minimize(wrong, far, method);
    BOOST_TEST_CONTEXT(name << ": " << result.why()) {
      BOOST_TEST((result.reason == stop_reason::no_descent));
      BOOST_TEST((result.parameters == far));
    }
  });
}

// log x + 1/x has its minimum at 1 and is not defined up to 0, where the first steps lead.
BOOST_AUTO_TEST_CASE(steps_out_of_the_domain) {
  const auto problem = tg::objective(log(x) + 1_c / x, x);
  each_objective_method([&](std::string_view name, auto method) {
    const auto result = tg::minimize(problem, std::array{1.9}, method, {.gradient_tolerance = 1e-10});
    BOOST_TEST_CONTEXT(name << ": " << result.why()) {
      BOOST_TEST(result.converged);
      BOOST_TEST(std::abs(result.parameters[0] - 1) < 1e-9);
    }
  });
  const auto root = tg::objective(sqrt(x) - x / 4_c, x);  // its minimum is where it ends, at 0
  const auto at_edge = tg::minimize(root, std::array{0.5}, tg::l_bfgs{}, {.max_iterations = 200});
  BOOST_TEST(at_edge.skipped > 0u);
  BOOST_TEST(at_edge.why().find("not finite") != std::string::npos);
  BOOST_TEST(at_edge.value < 0.1);
}

BOOST_AUTO_TEST_CASE(not_finite) {
  const double nan = std::nan("");
  const auto problem = tg::objective(log(x) + y, x, y);
  const auto everywhere = [&](auto use) {
    each_objective_method(use);
    use("adam", tg::adam{});
  };
  everywhere([&](std::string_view name, auto method) {
    BOOST_TEST_CONTEXT(name) {
      const auto in_start = tg::minimize(problem, std::array{1.0, nan}, method);
      BOOST_TEST((in_start.reason == stop_reason::not_finite_at_start));
      BOOST_TEST(in_start.why().find("parameter 1") != std::string::npos);
      const std::array outside{-1.0, 2.0};
      const auto in_value = tg::minimize(problem, outside, method);
      BOOST_TEST((in_value.reason == stop_reason::not_finite_at_start));
      BOOST_TEST((in_value.parameters == outside));
    }
  });

  // A first-order method runs into the wall, is stopped there, and the best point is kept.
  const auto slope = tg::objective(log(x), x);
  const auto result = tg::minimize(slope, std::array{1.0}, tg::sgd{.rate = 0.3}, {.max_skipped = 5});
  BOOST_TEST((result.reason == stop_reason::not_finite));
  BOOST_TEST(result.skipped == 6u);  // the step that led out and five looks after it
  BOOST_TEST(result.parameters[0] > 0);
  BOOST_TEST(std::isfinite(result.value));

  // A gradient that is broken now and then is skipped, and the run goes on.
  std::size_t calls = 0;
  const auto shaky = tg::objective([&](const auto& v, auto g) {
    g[0] = ++calls % 5 == 0 ? nan : 2 * v[0];
    return v[0] * v[0];
  });
  const auto through = tg::minimize(shaky, std::array{1.0}, tg::sgd{.rate = 0.1});
  BOOST_TEST(through.converged);
  BOOST_TEST(through.skipped > 10u);
}

BOOST_AUTO_TEST_CASE(misuse) {
  const auto problem = rosenbrock();
  const auto refused = [&](stop_reason reason, std::string_view words,
                           const tg::minimize_options<double>& options, auto method) {
    const auto result = tg::minimize(problem, far, method, options);
    BOOST_TEST_CONTEXT(result.why()) {
      BOOST_TEST((result.reason == reason));
      BOOST_TEST(!result.converged);
      BOOST_TEST(result.why().find(words) != std::string::npos);
      BOOST_TEST((result.parameters == far));
      BOOST_TEST(result.evaluations == 0u);
    }
  };
  using enum stop_reason;
  const double infinite = std::numeric_limits<double>::infinity();
  refused(invalid_options, "gradient_tolerance", {.gradient_tolerance = -1}, tg::newton{});
  refused(invalid_options, "step_tolerance", {.step_tolerance = std::nan("")}, tg::newton{});
  refused(invalid_options, "value_tolerance", {.value_tolerance = -1}, tg::newton{});
  refused(invalid_options, "target", {.target = std::nan("")}, tg::newton{});
  refused(invalid_options, "max_seconds", {.max_seconds = -1}, tg::newton{});
  refused(invalid_options, "checkpoint", {.resume = true}, tg::newton{});
  refused(invalid_options, "parameter 1", {.lower = {0, 2}, .upper = {1, 1}}, tg::newton{});
  refused(invalid_options, "parameter 0", {.lower = {std::nan(""), 2}}, tg::newton{});
  refused(wrong_size, "3 bounds", {.lower = {0, 2, 3}}, tg::newton{});
  refused(invalid_options, "parameter 0", {.lower = {infinite, 2}}, tg::newton{});
  refused(invalid_options, "parameter 1", {.upper = {2, -infinite}}, tg::newton{});
  refused(invalid_options, "newton: the option initial_radius is -1", {}, tg::newton{.initial_radius = -1});
  refused(invalid_options, "l_bfgs: the option memory is 0", {}, tg::l_bfgs{.memory = 0});
  refused(invalid_options, "l_bfgs: the option memory is 1.8", {},
          tg::l_bfgs{.memory = std::numeric_limits<std::size_t>::max()});
  refused(invalid_options, "l_bfgs: the option conditions.decrease", {},
          tg::l_bfgs{.conditions = {.decrease = 0.9, .curvature = 0.1}});
  refused(invalid_options, "conjugate_gradient: the option conditions.decrease", {},
          tg::conjugate_gradient{.conditions = {.decrease = 0}});
  refused(invalid_options, "l_bfgs: the option conditions.curvature", {},
          tg::l_bfgs{.conditions = {.curvature = 1}});
  refused(invalid_options, "adam", {}, tg::adam{.beta1 = 2});
  refused(invalid_options, "adam: the option rate is -1", {}, tg::adam{.rate = -1});
  refused(invalid_options, "adam: the option maximize", {}, tg::adam{.maximize = true});
  refused(invalid_options, "cosine_schedule: the option steps", {},
          tg::scheduled(tg::adam{}, tg::cosine_schedule{.steps = 0}));
  refused(invalid_options, "cosine_schedule: the option steps", {},
          tg::scheduled(tg::adam{}, tg::warm_up(5, tg::cosine_schedule{.steps = 0})));
  refused(invalid_options, "clip_by_norm: the lengths", {},
          tg::scheduled(tg::adam{}, tg::constant_schedule{}, tg::clip_by_norm{1, {3}}));

  // A schedule that gives no factor is found in the step where it does so.
  for (const double factor : {std::nan(""), -1.0, infinite}) {
    const auto odd = [factor](std::size_t step, double, double) { return step == 3 ? factor : 1.0; };
    const auto result = tg::minimize(problem, far, tg::scheduled(tg::sgd{.rate = 1e-4}, odd));
    BOOST_TEST_CONTEXT(result.why()) {
      BOOST_TEST((result.reason == invalid_options));
      BOOST_TEST(result.why().find("the schedule gave the factor") != std::string::npos);
      BOOST_TEST(result.why().find("in step 3") != std::string::npos);
      BOOST_TEST(result.evaluations == 4u);
      BOOST_TEST(result.value < 24.2);
    }
  }

  BOOST_TEST((tg::minimize(problem, std::vector<double>{}, tg::newton{}).reason == empty_problem));
  const auto wrong = tg::minimize(problem, std::vector<double>{1, 2, 3}, tg::newton{});
  BOOST_TEST((wrong.reason == wrong_size));
  BOOST_TEST(wrong.why() == "minimize: the vector of parameters has 3 numbers where 2 are needed");

  const auto short_gradient =
      tg::objective([](const auto& v) { return v[0]; }, [](const auto&) { return std::array{1.0}; });
  BOOST_TEST((tg::minimize(short_gradient, std::vector<double>{1, 2}, tg::l_bfgs{}).reason == wrong_size));

  const auto none = tg::least_squares(
      0, [](const auto&, auto) {}, [](const auto&, auto) {});
  each_least_squares_method([&](std::string_view, auto method) {
    BOOST_TEST((tg::minimize(none, far, method).reason == empty_problem));
  });
  BOOST_TEST((tg::minimize(none, far, tg::l_bfgs{}).reason == empty_problem));
  const auto constant = tg::least_squares(
      1, [](const auto&, auto r) { r[0] = 3; }, [](const auto&, auto j) { j[0] = j[1] = 0; });
  BOOST_TEST((tg::minimize(constant, far, tg::dogleg{}).reason == no_dependence));
}

// Starts and matrices of the wrong size are refused before anything is read from beyond them.
BOOST_AUTO_TEST_CASE(wrong_sizes) {
  using vector = std::vector<double>;
  const vector rows{1, 2, 3};
  const auto line = tg::sum_over(tg::rows(k = rows), x + k * y, x, y);
  const auto squares = tg::sum_over(tg::rows(k = rows), pow(x + k * y, 2_c), x, y);
  const auto refused = [](std::string_view name, const auto& problem, const vector& start, auto method) {
    const auto result = tg::minimize(problem, start, method);
    BOOST_TEST_CONTEXT(name << " from " << start.size() << ": " << result.why()) {
      BOOST_TEST((result.reason == stop_reason::wrong_size));
      BOOST_TEST(!result.converged);
      if (start.size() != 2) {  // refused before the problem is asked
        BOOST_TEST(std::isnan(result.value));
        BOOST_TEST(std::isnan(result.gradient));
        BOOST_TEST(result.evaluations == 0u);
      }
      BOOST_TEST((result.parameters == start));
      BOOST_TEST(!result.exception);
    }
  };
  for (const vector& start : {vector{1}, vector{1, 2, 3}}) {
    each_objective_method([&](std::string_view name, auto method) { refused(name, squares, start, method); });
    each_least_squares_method(
        [&](std::string_view name, auto method) { refused(name, line, start, method); });
    refused("adam", squares, start, tg::adam{});
    refused("robust", tg::robust(line, tg::huber{}), start, tg::dogleg{});
    const auto fit = tg::levenberg_marquardt(line, start);
    BOOST_TEST((fit.reason == stop_reason::wrong_size));
    BOOST_TEST(std::isnan(fit.cost));
    BOOST_TEST((fit.parameters == start));
  }

  const vector two{1, 2};
  const auto rows_of = [](std::vector<vector> hessian) {
    return tg::objective([](const vector& v) { return v[0] * v[0] + v[1] * v[1]; },
                         [](const vector& v) {
                           return vector{2 * v[0], 2 * v[1]};
                         },
                         [=](const vector&) { return hessian; });
  };
  refused("short rows", rows_of({{2}, {0}}), two, tg::newton{});
  refused("a row too many", rows_of({{2, 0}, {0, 2}, {0, 0}}), two, tg::newton{});
  refused("short gradient",
          tg::objective([](const vector& v) { return v[0]; }, [](const vector&) { return vector{1}; },
                        [](const vector&, auto h) { h[0] = h[1] = h[2] = h[3] = 1; }),
          two, tg::newton{});
  struct short_product {
    struct sums {
      double cost;
      vector gradient;
      std::vector<vector> matrix;
    };
    sums gauss_newton(const vector&) const { return {1, {1, 1}, {{1}, {1}}}; }
  };
  refused("short normal equations", short_product{}, two, tg::dogleg{});
  BOOST_TEST((tg::levenberg_marquardt(short_product{}, two).reason == stop_reason::wrong_size));
  const auto long_rows = tg::least_squares_by_row(3, [](std::size_t, const vector& v) {
    return std::pair(v[0], vector{1, 2, 3});
  });
  BOOST_TEST((tg::levenberg_marquardt(long_rows, two).reason == stop_reason::wrong_size));
}

// What fails before there is a value has none.
BOOST_AUTO_TEST_CASE(no_value_is_invented) {
  const auto broken =
      tg::objective([](const auto& v) { return v[0] > 0 ? throw std::runtime_error("closed") : v[0]; },
                    [](const auto&) {
                      return std::array{1.0, 1.0};
                    },
                    [](const auto&) {
                      return std::array{std::array{1.0, 0.0}, std::array{0.0, 1.0}};
                    });
  const auto throws = [&](std::string_view name, auto method) {
    const auto result = tg::minimize(broken, std::array{1.0, 1.0}, method);
    BOOST_TEST_CONTEXT(name << ": " << result.why()) {
      BOOST_TEST((result.reason == stop_reason::exception_thrown));
      BOOST_TEST(std::isnan(result.value));
    }
  };
  each_objective_method(throws);
  throws("adam", tg::adam{});
}

// What a callable throws is kept, with the best point so far.
BOOST_AUTO_TEST_CASE(exceptions) {
  int calls = 0;
  const auto fragile = tg::objective([&](const auto& v, auto g) {
    if (++calls > 10) throw std::runtime_error("the laboratory is closed");
    g[0] = -400 * v[0] * (v[1] - v[0] * v[0]) - 2 * (1 - v[0]), g[1] = 200 * (v[1] - v[0] * v[0]);
    return 100 * std::pow(v[1] - v[0] * v[0], 2) + std::pow(1 - v[0], 2);
  });
  const auto result = tg::minimize(fragile, far, tg::l_bfgs{});
  BOOST_TEST((result.reason == stop_reason::exception_thrown));
  BOOST_TEST(result.why().find("the laboratory is closed") != std::string::npos);
  BOOST_TEST(result.value < 24.2);
  BOOST_TEST(result.iterations > 3u);
  BOOST_CHECK_THROW(std::rethrow_exception(result.exception), std::runtime_error);

  const auto by_progress = tg::minimize(rosenbrock(), far, tg::newton{}, {}, [](const auto& now) {
    if (now.iteration == 3) throw std::logic_error("enough");
  });
  BOOST_TEST((by_progress.reason == stop_reason::exception_thrown));
  const auto at_the_end = tg::minimize(rosenbrock(), far, tg::newton{}, {}, [](const auto& now) {
    if (now.reason != stop_reason::running) throw std::logic_error("too late");
  });
  BOOST_TEST((at_the_end.reason == stop_reason::exception_thrown));
  BOOST_TEST(!at_the_end.converged);
  BOOST_TEST(by_progress.value < 24.2);
}

BOOST_AUTO_TEST_CASE(history) {
  const auto full = tg::minimize(rosenbrock(), far, tg::newton{}, {.history = 1000});
  BOOST_TEST(full.history.size() == full.iterations + 1);
  BOOST_TEST(full.history.front().value == 24.2, boost::test_tools::tolerance(1e-14));
  BOOST_TEST(full.history.back().value == full.value);
  for (std::size_t i = 0; i < full.history.size(); ++i) BOOST_TEST(full.history[i].iteration == i);

  const auto thinned =
      tg::minimize(rosenbrock(), far, tg::adam{.rate = 1e-3}, {.max_iterations = 1000, .history = 20});
  BOOST_TEST(thinned.history.size() <= 20u);
  BOOST_TEST(thinned.history.size() >= 10u);
  BOOST_TEST(thinned.history[1].iteration == 64u);  // every 64th of 1001
  BOOST_TEST(thinned.history.back().iteration > 900u);
  BOOST_TEST(tg::minimize(rosenbrock(), far, tg::newton{}).history.empty());
}

BOOST_AUTO_TEST_CASE(progress) {
  std::size_t lines = 0, last = 0;
  double value = std::numeric_limits<double>::infinity();
  const auto result = tg::minimize(rosenbrock(), far, tg::newton{}, {}, [&](const auto& now) {
    BOOST_TEST(now.value <= value);
    value = now.value;
    ++lines;
    if (now.reason != stop_reason::running) ++last;
  });
  BOOST_TEST(lines == result.iterations + 1);
  BOOST_TEST(last == 1u);

  std::ostringstream file, terminal;
  (void)tg::minimize(rosenbrock(), far, tg::newton{}, {}, tg::progress_line(file));
  (void)tg::minimize(rosenbrock(), far, tg::newton{}, {}, tg::progress_line(terminal, 0, true));
  BOOST_TEST(file.str().find('\r') == std::string::npos);
  BOOST_TEST(file.str().find("converged") != std::string::npos);
  BOOST_TEST(file.str().back() == '\n');
  BOOST_TEST(static_cast<std::size_t>(std::ranges::count(terminal.str(), '\r')) == result.iterations + 1);
}

BOOST_AUTO_TEST_SUITE_END()
