// SPDX-License-Identifier: BSL-1.0
// tg::minimize with every second-order method: known minima from formulas and callables, every way in which a run can end, bounds,
// checkpoints and misuse. The problems of Moré, Garbow and Hillstrom are in more_garbow_hillstrom.cpp.
#include <algorithm>
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
#include <typegrad/optimize/adaptive_schedule.hpp>
#include <typegrad/optimize/conjugate_gradient.hpp>
#include <typegrad/optimize/dogleg.hpp>
#include <typegrad/optimize/first_order.hpp>
#include <typegrad/optimize/formula_problem.hpp>
#include <typegrad/optimize/gauss_newton.hpp>
#include <typegrad/optimize/l_bfgs.hpp>
#include <typegrad/optimize/levenberg_marquardt.hpp>
#include <typegrad/optimize/minimize.hpp>
#include <typegrad/optimize/newton.hpp>
#include <typegrad/optimize/progress_line.hpp>
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

// A quadratic in 60 parameters, chained so that no two move alone; its minimum solves a linear system that is known: x_i = 1.
BOOST_AUTO_TEST_CASE(many_parameters) {
  constexpr std::size_t n = 60;
  const auto chain = tg::objective(
      [](const auto& v) {
        double sum = 0;
        for (std::size_t i = 0; i < n; ++i) sum += std::pow(v[i] - 1, 2) + (i > 0 ? 10 * std::pow(v[i] - v[i - 1], 2) : 0);
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

// Newton leaves a saddle at which the gradient is zero, and finds both minima's depth: f = x^4/4 - x^2/2 + y^2.
BOOST_AUTO_TEST_CASE(newton_leaves_a_saddle) {
  const auto saddle = tg::objective(pow(x, 4_c) / 4_c - x * x / 2_c + y * y, x, y);
  const auto result = tg::minimize(saddle, std::array{0.0, 0.0}, tg::newton{});
  BOOST_TEST_CONTEXT(result.why()) {
    BOOST_TEST(result.converged);
    BOOST_TEST(std::abs(std::abs(result.parameters[0]) - 1) < 1e-9);
    BOOST_TEST(result.value == -0.25, boost::test_tools::tolerance(1e-12));
  }
  // The other methods see a zero gradient, and say so.
  BOOST_TEST((tg::minimize(saddle, std::array{0.0, 0.0}, tg::l_bfgs{}).reason == stop_reason::gradient_small));
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
    check(tg::minimize(bowl, far, method, {.lower = {5, 7}, .upper = {8, 9}}), 5, 7, name);  // the start is outside
    check(tg::minimize(bowl, far, method, {.lower = {4, -none}, .upper = {4, none}}), 4, 1, name);  // a fixed parameter
  });
  each_least_squares_method([&](std::string_view name, auto method) {
    // With x held at 1/2, the derivative of 4 (y - 1/2)^2 + (y/2 - 1)^2 is 8 (y - 1/2) + y/2 - 1 = 0.
    check(tg::minimize(residuals, std::array{0.2, 0.3}, method, {.upper = {0.5, none}}), 0.5, 10.0 / 17, name);
    check(tg::minimize(residuals, std::array{0.2, 0.3}, method, {.lower = {0, 1}, .upper = {0.5, 3}}), 0.5, 1, name);
  });
}

BOOST_AUTO_TEST_CASE(why_it_stopped) {
  const auto problem = rosenbrock();
  const auto ends = [&](stop_reason reason, const tg::minimize_options<double>& options, auto method, std::string_view words) {
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
  const auto limited = ends(stop_reason::evaluation_limit, {.max_evaluations = 5}, tg::l_bfgs{}, "evaluations");
  BOOST_TEST(limited.evaluations >= 5u);
  ends(stop_reason::time_limit, {.max_seconds = 0}, tg::adam{}, "time limit");
  ends(stop_reason::iteration_limit, {.max_iterations = 10}, tg::adam{.rate = 0.1}, "10 steps");

  const auto stopped = tg::minimize(problem, far, tg::newton{}, {}, [](const auto& now) { return now.iteration < 4; });
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
      BOOST_TEST(std::abs(result.parameters[0] - 1) < 1e-6);  // the square root of epsilon, times the root of the condition
    }
  });
}

BOOST_AUTO_TEST_CASE(wrong_derivatives_are_noticed) {
  const auto wrong = tg::objective([](const auto& v) { return v[0] * v[0] + v[1] * v[1]; },
                                   [](const auto& v) { return std::array{-2 * v[0], -2 * v[1]}; },
                                   [](const auto&) { return std::array{std::array{2.0, 0.0}, std::array{0.0, 2.0}}; });
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
  const auto refused = [&](stop_reason reason, std::string_view words, const tg::minimize_options<double>& options, auto method) {
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
  refused(invalid_options, "gradient_tolerance", {.gradient_tolerance = -1}, tg::newton{});
  refused(invalid_options, "step_tolerance", {.step_tolerance = std::nan("")}, tg::newton{});
  refused(invalid_options, "value_tolerance", {.value_tolerance = -1}, tg::newton{});
  refused(invalid_options, "target", {.target = std::nan("")}, tg::newton{});
  refused(invalid_options, "max_seconds", {.max_seconds = -1}, tg::newton{});
  refused(invalid_options, "checkpoint", {.resume = true}, tg::newton{});
  refused(invalid_options, "parameter 1", {.lower = {0, 2}, .upper = {1, 1}}, tg::newton{});
  refused(invalid_options, "parameter 0", {.lower = {std::nan(""), 2}}, tg::newton{});
  refused(wrong_size, "3 bounds", {.lower = {0, 2, 3}}, tg::newton{});
  refused(invalid_options, "newton", {}, tg::newton{.initial_radius = -1});
  refused(invalid_options, "l_bfgs", {}, tg::l_bfgs{.memory = 0});
  refused(invalid_options, "l_bfgs", {}, tg::l_bfgs{.conditions = {.decrease = 0.9, .curvature = 0.1}});
  refused(invalid_options, "conjugate_gradient", {}, tg::conjugate_gradient{.conditions = {.decrease = 0}});
  refused(invalid_options, "adam", {}, tg::adam{.beta1 = 2});
  refused(invalid_options, "adam", {}, tg::adam{.maximize = true});

  BOOST_TEST((tg::minimize(problem, std::vector<double>{}, tg::newton{}).reason == empty_problem));
  const auto wrong = tg::minimize(problem, std::vector<double>{1, 2, 3}, tg::newton{});
  BOOST_TEST((wrong.reason == wrong_size));
  BOOST_TEST(wrong.why() == "minimize: the vector of parameters has 3 numbers where 2 are needed");

  const auto short_gradient = tg::objective([](const auto& v) { return v[0]; }, [](const auto&) { return std::array{1.0}; });
  BOOST_TEST((tg::minimize(short_gradient, std::vector<double>{1, 2}, tg::l_bfgs{}).reason == wrong_size));

  const auto none = tg::least_squares(
      0, [](const auto&, auto) {}, [](const auto&, auto) {});
  each_least_squares_method([&](std::string_view, auto method) {
    if constexpr (!std::is_same_v<decltype(method), tg::gauss_newton>)
      BOOST_TEST((tg::minimize(none, far, method).reason == empty_problem));
  });
  const auto constant = tg::least_squares(
      1, [](const auto&, auto r) { r[0] = 3; }, [](const auto&, auto j) { j[0] = j[1] = 0; });
  BOOST_TEST((tg::minimize(constant, far, tg::dogleg{}).reason == no_dependence));
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
  BOOST_TEST(by_progress.value < 24.2);
}

BOOST_AUTO_TEST_CASE(history) {
  const auto full = tg::minimize(rosenbrock(), far, tg::newton{}, {.history = 1000});
  BOOST_TEST(full.history.size() == full.iterations + 1);
  BOOST_TEST(full.history.front().value == 24.2, boost::test_tools::tolerance(1e-14));
  BOOST_TEST(full.history.back().value == full.value);
  for (std::size_t i = 0; i < full.history.size(); ++i) BOOST_TEST(full.history[i].iteration == i);

  const auto thinned = tg::minimize(rosenbrock(), far, tg::adam{.rate = 1e-3}, {.max_iterations = 1000, .history = 20});
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

namespace {

const std::string saved = "minimize_checkpoint.txt";

std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A run in one piece, and one that was stopped every few steps and goes on from its file each time, agree in every bit.
void resumes(std::string_view name, const auto& problem, auto method, std::size_t steps) {
  std::remove(saved.c_str());
  tg::minimize_options<double> options{.max_iterations = steps, .history = 16, .checkpoint = saved};
  const auto whole = tg::minimize(problem, far, method, options);
  const std::string whole_file = contents(saved);
  std::remove(saved.c_str());
  options.resume = true;
  auto parts = tg::minimize(problem, far, method, options = {.max_iterations = 2, .history = 16, .checkpoint = saved, .resume = true});
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
    BOOST_TEST(parts.history.size() == whole.history.size());
    BOOST_TEST(contents(saved) == whole_file);
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(checkpoints_go_on_bit_by_bit) {
  each_objective_method([](std::string_view name, auto method) { resumes(name, rosenbrock(), method, 17); });
  each_least_squares_method([](std::string_view name, auto method) { resumes(name, rosenbrock_residuals(), method, 17); });
  resumes("l_bfgs to the end", rosenbrock(), tg::l_bfgs{.memory = 3}, 1000);
  resumes("adam", rosenbrock(), tg::adam{.rate = 0.01}, 50);
  resumes("adam with a schedule that has a state", rosenbrock(),
          tg::scheduled(tg::adam{.rate = 0.01}, tg::reduce_on_plateau({.patience = 2}), tg::gradient_noise{}), 50);
}

BOOST_AUTO_TEST_CASE(checkpoints_that_are_refused) {
  std::remove(saved.c_str());
  const auto first = tg::minimize(rosenbrock(), far, tg::newton{}, {.max_iterations = 5, .checkpoint = saved, .checkpoint_every = 2});
  const std::string good = contents(saved);
  BOOST_TEST(good.starts_with("typegrad run, version 1\n"));
  BOOST_TEST(!std::ifstream(saved + ".new"));
  const auto refused = [&](const std::string& text, std::string_view words, const auto& problem, auto method) {
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
  refused("typegrad run, version 2\n", "version", rosenbrock(), tg::newton{});
  refused(good, "newton, not l_bfgs", rosenbrock(), tg::l_bfgs{});
  refused(good, "another problem", tg::objective(valley, x, y, k = 101.0), tg::newton{});
  std::ofstream(saved, std::ios::binary) << good;
  const auto larger = tg::minimize(rosenbrock(), std::vector<double>{1, 2, 3}, tg::newton{}, {.checkpoint = saved, .resume = true});
  BOOST_TEST((larger.reason == stop_reason::bad_checkpoint));
  const auto single = tg::minimize(rosenbrock(), std::array{1.0f, 2.0f}, tg::newton{}, {.checkpoint = saved, .resume = true});
  BOOST_TEST((single.reason == stop_reason::bad_checkpoint));

  // A file that cannot be written costs nothing but the file.
  const auto nowhere = tg::minimize(rosenbrock(), far, tg::newton{}, {.checkpoint = "no such folder/run.txt"});
  BOOST_TEST((nowhere.reason == stop_reason::bad_checkpoint));
  BOOST_TEST(nowhere.value < 1e-18);
  std::remove(saved.c_str());
}

BOOST_AUTO_TEST_CASE(other_number_types) {
  const auto single = tg::minimize(rosenbrock(), std::array{-1.2f, 1.0f}, tg::newton{});
  BOOST_TEST(single.converged);
  BOOST_TEST(std::abs(single.parameters[0] - 1) < 1e-3f);  // the gradient's tolerance is 2.4e-5, the curvature 0.4
  const auto extended = tg::minimize(rosenbrock(), std::array{-1.2L, 1.0L}, tg::l_bfgs{});
  BOOST_TEST(extended.converged);
  BOOST_TEST(std::abs(extended.parameters[0] - 1) < 1e-11L);
}
