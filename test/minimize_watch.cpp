// SPDX-License-Identifier: BSL-1.0
// tg::minimize with its option watch: gradients that explode or vanish are counted and told, and a
// first-order method leaves out the step.
#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <typegrad/optimize/adaptive_schedule.hpp>
#include <typegrad/optimize/first_order.hpp>
#include <vector>

#include "minimize_problems.hpp"

BOOST_AUTO_TEST_SUITE(minimize_watch)

using namespace minimize_test;

// A watch leaves out the step along a gradient that explodes, counts it and says so; the run goes on.
BOOST_AUTO_TEST_CASE(watched_gradients) {
  const auto train = [](std::size_t first_bad, std::size_t last_bad, auto method,
                        const tg::minimize_options<double>& options, auto&& see) {
    std::size_t calls = 0;
    const auto spoiled = tg::objective([&calls, first_bad, last_bad](const auto& v, auto slopes) {
      const bool bad = calls >= first_bad && calls <= last_bad;
      ++calls;
      for (std::size_t i = 0; i < 2; ++i) slopes[i] = 2 * (v[i] - 3) * (bad ? 1e6 : 1.0);
      return (v[0] - 3) * (v[0] - 3) + (v[1] - 3) * (v[1] - 3);
    });
    return tg::minimize(spoiled, far, method, options, see);
  };
  tg::minimize_options<double> options{
      .gradient_tolerance = 1e-6, .max_iterations = 60, .watch = tg::gradient_watch_options{}};
  std::vector<double> places;
  std::vector<std::size_t> exploded;
  const auto see = [&](const auto& now) {
    if (now.reason != stop_reason::running) return;
    places.push_back(now.parameters[0]);
    if (now.watched == tg::gradient_state::exploding) exploded.push_back(now.iteration);
  };
  const tg::sgd method{.rate = 0.1};
  const auto watched = train(20, 20, method, options, see);
  BOOST_TEST_CONTEXT(watched.why()) {
    BOOST_TEST((exploded == std::vector<std::size_t>{20}));
    BOOST_TEST(places[21] == places[20]);  // the step was left out, the next one was not
    BOOST_TEST(places[22] != places[21]);
    BOOST_TEST(watched.exploding == 1u);
    BOOST_TEST(watched.skipped == 0u);
    BOOST_TEST(watched.evaluations == 61u);
    BOOST_TEST(watched.why().find("; 1 gradient exploding") != std::string::npos);
    BOOST_TEST(std::abs(watched.parameters[0] - 3) < 1e-4);  // 4.2 * 0.8^59
  }
  const auto lasting =
      train(20, 1000, tg::sgd{.rate = 1e-7}, options, see);  // patience: the fifth in a row is the new normal
  BOOST_TEST(lasting.exploding == 4u);
  options.watch = std::nullopt;
  std::ptrdiff_t gone = 0;
  const auto unwatched =
      train(20, 20, method, options, [&](const auto& now) { gone += std::abs(now.parameters[0]) > 1e3; });
  BOOST_TEST(gone > 0);
  BOOST_TEST(unwatched.exploding == 0u);

  // The automatic rate hears of a step that was left out, and lowers the factor for it.
  options.watch.emplace();
  std::vector<double> factors;
  const auto rated = train(20, 20, tg::scheduled(method, tg::automatic_rate({.grow = 1})), options,
                           [&](const auto& now) { factors.push_back(now.control); });
  BOOST_TEST(rated.exploding == 1u);
  BOOST_TEST(factors[20] == 1);
  BOOST_TEST(factors[21] == 0.7);

  // Methods that go down by themselves are watched as well.
  const auto descended = tg::minimize(
      rosenbrock(), far, tg::newton{},
      {.gradient_tolerance = 0, .watch = tg::gradient_watch_options{.vanishing = 0.01, .settling = 1}});
  BOOST_TEST(descended.vanishing > 0u);
  BOOST_TEST(descended.why().find("vanishing") != std::string::npos);
  options.watch->exploding = 0.5;
  const auto impossible = train(0, 0, method, options, see);
  BOOST_TEST((impossible.reason == stop_reason::invalid_options));
  BOOST_TEST(impossible.why() ==
             "minimize: gradient_watch: the option exploding is 0.5; give a number above 1.");
}

BOOST_AUTO_TEST_SUITE_END()
