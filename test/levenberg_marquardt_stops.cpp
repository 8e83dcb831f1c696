// SPDX-License-Identifier: BSL-1.0
// Every way in which a fit by Levenberg-Marquardt can end, misuse included, and what is told of it.
#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstddef>
#include <limits>
#include <typegrad/optimize/levenberg_marquardt.hpp>
#include <utility>

#include "least_squares_problems.hpp"

using namespace least_squares_test;

// Residuals defined for v > 0 only: steps that leave the domain are rejected, and the minimum is still found.
BOOST_AUTO_TEST_CASE(steps_out_of_the_domain) {
  const auto logarithm = tg::least_squares(
      1, [](const auto& v, auto r) { r[0] = std::log(v[0]); },
      [](const auto& v, auto j) { j[0] = 1 / v[0]; });
  bool rejected = false;
  const auto result = tg::levenberg_marquardt(logarithm, std::array{50.0}, {},
                                              [&](const auto& now) { rejected |= !now.accepted; });
  BOOST_TEST(rejected);
  BOOST_TEST(result.converged);
  BOOST_TEST(result.parameters[0] == 1.0, boost::test_tools::tolerance(1e-14));
}

// Only the sum of the two parameters matters: a minimum is found, and its standard errors are said to be
// unknown.
BOOST_AUTO_TEST_CASE(dependent_parameters) {
  const auto sum = tg::least_squares_by_row(3, [](std::size_t i, const auto& v) {
    return std::pair(v[0] + v[1] - static_cast<double>(i), std::array{1.0, 1.0});
  });
  const auto check = [](const auto& result) {
    BOOST_TEST(result.converged);
    BOOST_TEST(result.parameters[0] + result.parameters[1] == 1.0, boost::test_tools::tolerance(1e-12));
    BOOST_TEST(std::isnan(result.standard_errors()[0]));
  };
  check(tg::levenberg_marquardt(sum, std::array{5.0, 3.0}));
  check(tg::levenberg_marquardt(normal_equations_of<decltype(sum), double, 2>{sum}, std::array{5.0, 3.0}));

  const auto under = tg::least_squares_by_row(1, [](std::size_t, const auto& v) {
    return std::pair(v[0] * v[0] + 2 * v[1] - 7, std::array{2 * v[0], 2.0});
  });
  const auto fewer_rows = tg::levenberg_marquardt(under, std::array{1.0, 1.0});
  BOOST_TEST(fewer_rows.converged);
  BOOST_TEST(fewer_rows.cost <= 1e-28);
  BOOST_TEST(std::isnan(fewer_rows.residual_deviation()));
}

BOOST_AUTO_TEST_CASE(why_it_stopped) {
  const std::array start{-1.2, 1.0};
  const auto nothing = tg::least_squares(
      0, [](const auto&, auto) {}, [](const auto&, auto) {});
  BOOST_TEST((tg::levenberg_marquardt(nothing, start).reason == tg::stop_reason::empty_problem));

  const auto undefined = tg::least_squares(
      1, [](const auto& v, auto r) { r[0] = std::log(v[0]); },
      [](const auto& v, auto j) { j[0] = 1 / v[0], j[1] = 0; });
  const auto at_start = tg::levenberg_marquardt(undefined, start);
  BOOST_TEST((at_start.reason == tg::stop_reason::not_finite_at_start));
  BOOST_TEST((at_start.parameters == start));

  const auto constant = tg::least_squares(
      1, [](const auto&, auto r) { r[0] = 3; }, [](const auto&, auto j) { j[0] = j[1] = 0; });
  BOOST_TEST((tg::levenberg_marquardt(constant, start).reason == tg::stop_reason::no_dependence));

  const auto not_finite_option =
      tg::levenberg_marquardt(rosenbrock(), start, {.gradient_tolerance = std::nan("")});
  BOOST_TEST((not_finite_option.reason == tg::stop_reason::invalid_options));
  BOOST_TEST((not_finite_option.parameters == start));
  using options = tg::levenberg_marquardt_options<double>;
  const std::pair<options, const char*> impossible[] = {
      {{.gradient_tolerance = -1},
       "levenberg_marquardt: the option gradient_tolerance is -1; give a number of at least 0."},
      {{.step_tolerance = -2},
       "levenberg_marquardt: the option step_tolerance is -2; give a number of at least 0."},
      {{.cost_tolerance = -3},
       "levenberg_marquardt: the option cost_tolerance is -3; give a number of at least 0."},
      {{.initial_radius = 0},
       "levenberg_marquardt: the option initial_radius is 0; give a finite number above 0."},
      {{.initial_damping = -0.5},
       "levenberg_marquardt: the option initial_damping is -0.5; give a finite number above 0."}};
  for (const auto& [option, sentence] : impossible) {
    const auto refused = tg::levenberg_marquardt(rosenbrock(), start, option);
    BOOST_TEST((refused.reason == tg::stop_reason::invalid_options));
    BOOST_TEST(refused.why() == sentence);
  }

  const auto short_run = tg::levenberg_marquardt(rosenbrock(), start, {.max_iterations = 3});
  BOOST_TEST((short_run.reason == tg::stop_reason::iteration_limit));
  BOOST_TEST(short_run.iterations == 3u);
  BOOST_TEST(!short_run.converged);
  BOOST_TEST(short_run.cost < 12.1);

  const auto halted =
      tg::levenberg_marquardt(rosenbrock(), start, {}, [](const auto& now) { return now.iteration < 5; });
  BOOST_TEST((halted.reason == tg::stop_reason::stopped_by_caller));
  BOOST_TEST(halted.iterations == 5u);

  const auto coarse = tg::levenberg_marquardt(rosenbrock(), start, {.cost_tolerance = 0.5});
  BOOST_TEST((coarse.reason == tg::stop_reason::cost_settled));

  const auto wrong = tg::least_squares(
      1, [](const auto& v, auto r) { r[0] = v[0] + v[1]; }, [](const auto&, auto j) { j[0] = j[1] = -1; });
  const auto misled = tg::levenberg_marquardt(wrong, std::array{1.0, 2.0});
  BOOST_TEST((misled.reason == tg::stop_reason::no_descent));
  BOOST_TEST(misled.parameters[0] == 1.0);
  const auto endless = tg::levenberg_marquardt(wrong, std::array{1.0, 2.0}, {.step_tolerance = 0});
  BOOST_TEST((endless.reason == tg::stop_reason::no_descent));

  const auto done = tg::levenberg_marquardt(rosenbrock(), std::array{1.0, 1.0});
  BOOST_TEST((done.reason == tg::stop_reason::gradient_small));
  BOOST_TEST(done.iterations == 0u);
}

// Far out, exp(s x) and exp(s y) make the columns of J long and parallel, so that every cosine is small,
// however large x + y - 4 is: a run that ends there has not converged.
BOOST_AUTO_TEST_CASE(cosines_of_long_columns) {
  for (const double s : {1.0, 0.7, -0.9}) {
    const auto problem = tg::least_squares(
        2,
        [s](const auto& v, auto r) {
          r[0] = std::exp(s * v[0]) - std::exp(s * v[1]), r[1] = v[0] + v[1] - 4;
        },
        [s](const auto& v, auto j) {
          j[0] = s * std::exp(s * v[0]), j[1] = -s * std::exp(s * v[1]), j[2] = j[3] = 1;
        });
    for (const auto& start :
         {std::array{100.0, 70.0}, {70.0, 100.0}, {80.0, 80.0}, {90.0, -40.0}, {3.0, 0.0}})
      for (const auto rule : {tg::damping_rule::radius, tg::damping_rule::nielsen, tg::damping_rule::ceres})
        for (const double tolerance : {16 * std::numeric_limits<double>::epsilon(), 1e-9}) {
          const auto result = tg::levenberg_marquardt(
              problem, start, {.gradient_tolerance = tolerance, .max_iterations = 1000, .damping = rule});
          BOOST_TEST((!result.converged || result.cost < 1e-12), "s = " << s << " from " << start[0] << ", "
                                                                        << start[1] << ": " << result.why()
                                                                        << " at " << result.cost);
          if (start[0] == 3) BOOST_TEST(result.converged);
        }
  }
}

// The cost never rises from one progress line to the next, and the last line is the result.
BOOST_AUTO_TEST_CASE(progress) {
  double last = std::numeric_limits<double>::infinity();
  std::size_t lines = 0;
  bool rises = false;
  const auto result = tg::levenberg_marquardt(rosenbrock(), std::array{-1.2, 1.0}, {}, [&](const auto& now) {
    rises |= now.cost > last || now.iteration != lines;
    last = now.cost;
    ++lines;
  });
  BOOST_TEST(!rises);
  BOOST_TEST(lines == result.iterations + 1);
  BOOST_TEST(last == result.cost);
}
