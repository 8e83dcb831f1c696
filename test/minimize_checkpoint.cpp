// SPDX-License-Identifier: BSL-1.0
// Checkpoints of tg::minimize: a run that goes on from its file agrees in every bit with one that was not
// stopped, and a file that does not belong is refused.
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <typegrad/optimize/adaptive_schedule.hpp>
#include <typegrad/optimize/first_order.hpp>
#include <vector>

#include "minimize_problems.hpp"

BOOST_AUTO_TEST_SUITE(minimize_checkpoint)

using namespace minimize_test;

namespace {

const std::string saved = "minimize_checkpoint.txt";

std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A run in one piece, and one that was stopped every few steps and goes on from its file each time, agree in
/// every bit.
void resumes(std::string_view name, const auto& problem, auto method, std::size_t steps,
             std::optional<tg::gradient_watch_options> watch = {}) {
  std::remove(saved.c_str());
  tg::minimize_options<double> options{
      .max_iterations = steps, .watch = watch, .history = 16, .checkpoint = saved};
  const auto whole = tg::minimize(problem, far, method, options);
  const std::string whole_file = contents(saved);
  std::remove(saved.c_str());
  options.resume = true;
  auto parts = tg::minimize(
      problem, far, method,
      options = {.max_iterations = 2, .watch = watch, .history = 16, .checkpoint = saved, .resume = true});
  BOOST_TEST(!parts.resumed);
  while (parts.reason == stop_reason::iteration_limit && options.max_iterations < steps) {
    options.max_iterations = std::min(steps, options.max_iterations + 3);
    parts = tg::minimize(problem, std::array{7.0, 7.0}, method, options);  // the start is the file's
    BOOST_TEST(parts.resumed);
  }
  BOOST_TEST_CONTEXT(name << ": " << parts.why()) {
    BOOST_TEST((parts.reason == whole.reason));
    BOOST_TEST((parts.parameters == whole.parameters));
    BOOST_TEST(parts.value == whole.value);
    BOOST_TEST(parts.iterations == whole.iterations);
    BOOST_TEST(parts.evaluations == whole.evaluations);
    BOOST_TEST(parts.skipped == whole.skipped);
    BOOST_TEST(parts.exploding == whole.exploding);
    BOOST_TEST(parts.vanishing == whole.vanishing);
    BOOST_TEST(parts.history.size() == whole.history.size());
    BOOST_TEST(contents(saved) == whole_file);
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(checkpoints_go_on_bit_by_bit) {
  each_objective_method([](std::string_view name, auto method) { resumes(name, rosenbrock(), method, 17); });
  each_least_squares_method(
      [](std::string_view name, auto method) { resumes(name, rosenbrock_residuals(), method, 17); });
  resumes("l_bfgs to the end", rosenbrock(), tg::l_bfgs{.memory = 3}, 1000);
  resumes("adam", rosenbrock(), tg::adam{.rate = 0.01}, 50);
  resumes("adam with a schedule that has a state", rosenbrock(),
          tg::scheduled(tg::adam{.rate = 0.01}, tg::reduce_on_plateau({.patience = 2}), tg::gradient_noise{}),
          50);
}

// What is watched, left out or taken back is part of the state.
BOOST_AUTO_TEST_CASE(checkpoints_keep_the_watch) {
  const tg::gradient_watch_options strict{.exploding = 1.05, .vanishing = 0.3, .settling = 2, .patience = 3};
  const auto bumps =
      tg::objective([](const auto& v) { return 0.1 * v[0] * v[0] + std::sin(3 * v[0]) + v[1] * v[1]; },
                    [](const auto& v) {
                      return std::array{0.2 * v[0] + 3 * std::cos(3 * v[0]), 2 * v[1]};
                    });
  const auto watched = [&](std::string_view name, auto method) {
    resumes(name, bumps, method, 60, strict);
    const auto result =
        tg::minimize(bumps, far, method, {.gradient_tolerance = 0, .max_iterations = 60, .watch = strict});
    BOOST_TEST_CONTEXT(name << ": " << result.why()) BOOST_TEST(result.exploding + result.vanishing > 10u);
  };
  watched("momentum that swings", tg::sgd{.rate = 0.1, .momentum = 0.9});
  watched("the automatic rate",
          tg::scheduled(tg::sgd{.rate = 0.1, .momentum = 0.9}, tg::automatic_rate({.gradient_jump = 3})));
  // The logarithm's domain is left at once; a schedule that looks at the run takes the step back and lowers
  // the rate.
  const auto edge =
      tg::objective([](const auto& v) { return v[0] - std::log(v[0] + 20) + v[1] * v[1]; },
                    [](const auto& v) {
                      return std::array{v[0] > -20 ? 1 - 1 / (v[0] + 20) : std::nan(""), 2 * v[1]};
                    });
  const auto back = tg::scheduled(tg::sgd{.rate = 30}, tg::automatic_rate({.shrink = 0.5}));
  resumes("a step that is taken back", edge, back, 60, strict);
  const auto taken_back = tg::minimize(edge, far, back, {.max_iterations = 1000});
  BOOST_TEST_CONTEXT(taken_back.why()) {
    BOOST_TEST(taken_back.skipped > 0u);
    BOOST_TEST(taken_back.value < -19 + 1e-8);  // the least there is
  }
  BOOST_TEST((tg::minimize(edge, far, tg::sgd{.rate = 30}).reason == stop_reason::not_finite));

  // A watch may begin or end with a resumed run; another schedule may not.
  std::remove(saved.c_str());
  const auto rule = tg::sgd{.rate = 1e-4};
  (void)tg::minimize(rosenbrock(), far, rule, {.max_iterations = 5, .checkpoint = saved});
  BOOST_TEST(tg::minimize(rosenbrock(), far, rule,
                          {.max_iterations = 9, .watch = strict, .checkpoint = saved, .resume = true})
                 .resumed);
  BOOST_TEST(
      tg::minimize(rosenbrock(), far, rule, {.max_iterations = 12, .checkpoint = saved, .resume = true})
          .resumed);
  const auto other = tg::minimize(rosenbrock(), far, tg::scheduled(rule, tg::automatic_rate{}),
                                  {.checkpoint = saved, .resume = true});
  BOOST_TEST_CONTEXT(other.why()) {
    BOOST_TEST((other.reason == stop_reason::bad_checkpoint));
    BOOST_TEST((other.parameters == far));
  }
  std::remove(saved.c_str());
}

BOOST_AUTO_TEST_CASE(checkpoints_that_are_refused) {
  std::remove(saved.c_str());
  const auto first = tg::minimize(rosenbrock(), far, tg::newton{},
                                  {.max_iterations = 5, .checkpoint = saved, .checkpoint_every = 2});
  const std::string good = contents(saved);
  BOOST_TEST(good.starts_with("typegrad run, version 2\n"));
  BOOST_TEST(!std::ifstream(saved + ".new"));
  const auto refused = [&](const std::string& text, std::string_view words, const auto& problem,
                           auto method) {
    std::ofstream(saved, std::ios::binary) << text;
    const auto result = tg::minimize(problem, far, method, {.checkpoint = saved, .resume = true});
    BOOST_TEST_CONTEXT(result.why()) {
      BOOST_TEST((result.reason == stop_reason::bad_checkpoint));
      BOOST_TEST(result.why().find(words) != std::string::npos);
      BOOST_TEST(contents(saved) == text);  // it is left as it was
    }
  };
  std::string damaged = good;
  damaged[good.size() / 2] = damaged[good.size() / 2] == '1' ? '2' : '1';
  refused(damaged, "damaged", rosenbrock(), tg::newton{});
  refused(good.substr(0, good.size() / 2), "damaged", rosenbrock(), tg::newton{});
  refused("", "no run", rosenbrock(), tg::newton{});
  refused("typegrad run, version 1\n", "another version of typegrad", rosenbrock(), tg::newton{});
  refused(good, "newton, not l_bfgs", rosenbrock(), tg::l_bfgs{});
  refused(good, "another problem", tg::objective(valley, x, y, k = 101.0), tg::newton{});
  std::ofstream(saved, std::ios::binary) << good;
  const auto larger = tg::minimize(rosenbrock(), std::vector<double>{1, 2, 3}, tg::newton{},
                                   {.checkpoint = saved, .resume = true});
  BOOST_TEST((larger.reason == stop_reason::bad_checkpoint));
  const auto single =
      tg::minimize(rosenbrock(), std::array{1.0f, 2.0f}, tg::newton{}, {.checkpoint = saved, .resume = true});
  BOOST_TEST((single.reason == stop_reason::bad_checkpoint));

  // A file that cannot be written is noticed before the run.
  const auto unwritable = [](const std::string& path, std::string_view words) {
    const auto result = tg::minimize(rosenbrock(), far, tg::newton{}, {.checkpoint = path});
    BOOST_TEST_CONTEXT(result.why()) {
      BOOST_TEST((result.reason == stop_reason::bad_checkpoint));
      BOOST_TEST(!result.converged);
      BOOST_TEST(result.evaluations == 0u);
      BOOST_TEST(result.why().find(words) != std::string::npos);
    }
  };
  unwritable("no such folder/run.txt", "cannot be written");
  unwritable(".", "is a folder");
  std::filesystem::create_symlink("a link to itself", "a link to itself");
  unwritable("a link to itself", "cannot be opened");
  std::remove("a link to itself");
  // What is no file, such as a device, stays.
  BOOST_REQUIRE(mkfifo("a pipe", 0600) == 0);
  unwritable("a pipe", "is no file");
  BOOST_TEST(std::filesystem::is_fifo("a pipe"));
  std::remove("a pipe");

  // Neither is the run if the folder goes away before its end.
  const auto lost =
      tg::minimize(rosenbrock(), far, tg::newton{}, {.checkpoint = saved}, [&](const auto& now) {
        if (now.iteration == 1) std::filesystem::create_directory(saved + ".new");
      });
  BOOST_TEST((lost.reason == stop_reason::bad_checkpoint));
  BOOST_TEST(!lost.converged);
  BOOST_TEST(lost.value < 1e-18);
  std::filesystem::remove(saved + ".new");
  std::remove(saved.c_str());
}

// A point that was saved under other bounds is not taken as one inside of these.
BOOST_AUTO_TEST_CASE(checkpoints_outside_of_the_bounds) {
  std::remove(saved.c_str());
  const auto everywhere = [](std::string_view name, auto method) {
    (void)tg::minimize(rosenbrock(), far, method, {.max_iterations = 5, .checkpoint = saved});
    const auto resumed = [&](double upper) {
      return tg::minimize(rosenbrock(), far, method,
                          {.max_iterations = 6, .upper = {upper, 9}, .checkpoint = saved, .resume = true});
    };
    BOOST_TEST_CONTEXT(name) {
      BOOST_TEST(resumed(9).resumed);
      const auto refused = resumed(-5);
      BOOST_TEST((refused.reason == stop_reason::bad_checkpoint));
      BOOST_TEST(!refused.converged);
      BOOST_TEST((refused.parameters == far));
      BOOST_TEST(std::isnan(refused.value));
      BOOST_TEST(refused.why().find("parameter 0 at") != std::string::npos);
    }
    std::remove(saved.c_str());
  };
  each_objective_method(everywhere);
  everywhere("adam", tg::adam{});
}

BOOST_AUTO_TEST_SUITE_END()
