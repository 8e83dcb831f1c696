// SPDX-License-Identifier: BSL-1.0
// What "converged" promises, as a property: smooth functions, convex and not, by every method of
// tg::minimize, from starts over 26 orders of magnitude and of both signs. The judge is not the library: it
// has the derivatives by hand and asks for a small gradient by the documented rule, a thousand times laxer,
// or for a value at rounding.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstddef>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <typegrad/optimize/minimize.hpp>
#include <utility>
#include <vector>

#include "first_order_problem.hpp"
#include "minimize_functions.hpp"
#include "minimize_methods.hpp"

using namespace minimize_test;
using tg::stop_reason;

namespace {

const std::vector<double> sizes{1e-25, 1e-20, 1e-17, 1e-15, 1e-10, 1e-7, 1e-5, 4e-4, 1e-3,
                                0.1,   1,     2.7,   10,    30,    100,  1e3,  1e6};

/// Both derivatives at a point, and the sizes that the judge measures by.
struct judged {
  std::vector<double> x, g;
  double h[2][2];
  double value, size;

  judged(const jet& j, const std::vector<double>& at)
      : x(at), g{j.x, j.y}, h{{j.xx, j.xy}, {j.xy, j.yy}}, value(j.f), size(std::abs(j.f)) {
    g.resize(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) size += std::abs(g[i] * x[i]);
  }

  /// |g_i| max(|x_i|, sqrt(2 |f| / h_i)) <= 1e-7 |f|: the documented rule, where 4e-11 is the tolerance. h_i
  /// is the largest of the Hessian's row, for a method that has only gradients sees no other.
  bool gradient_small() const {
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double most = std::max(std::abs(h[i][0]), std::abs(h[i][1]));
      const double scale = most > 0 ? std::sqrt(2 * std::abs(value / most)) : 0;
      if (g[i] != 0 && !(std::abs(g[i]) * std::max(std::abs(x[i]), scale) <= 1e-7 * std::abs(value)))
        return false;
    }
    return true;
  }

  /// The decrease that Newton's step promises; infinite where the curvature is not positive.
  double promise() const {
    if (x.size() == 1 || (h[1][1] == 0 && g[1] == 0))
      return g[0] == 0 ? 0 : h[0][0] > 0 ? g[0] / h[0][0] * g[0] / 2 : INFINITY;
    if (g[0] == 0 && g[1] == 0) return 0;
    const double det = h[0][0] * h[1][1] - h[0][1] * h[0][1];
    if (!(h[0][0] > 0 && det > 0)) return INFINITY;
    return (g[0] * g[0] * h[1][1] - 2 * g[0] * g[1] * h[0][1] + g[1] * g[1] * h[0][0]) / det / 2;
  }

  /// Nothing that Newton's step promises is left but rounding: of the value, or of the first 24 digits of
  /// what the start had, where that was no more than 1; or everything is near the end of the numbers.
  bool at_rounding(double first) const {
    return promise() <= 1e-12 * size + 1e-24 * std::min(1.0, first) || size < 1e-200;
  }

  /// No parameter is off by more than its last digits, by the curvature.
  bool position_at_rounding() const {
    const double det = x.size() > 1 ? h[0][0] * h[1][1] - h[0][1] * h[0][1] : h[0][0];
    if (!(h[0][0] > 0 &&
          det > 0)) {  // singular, as where a product of two is asked to be 1: by each row's largest
      bool all = true;
      for (std::size_t i = 0; i < x.size(); ++i)
        all =
            all && std::abs(g[i]) <= 1e-12 * std::max(std::abs(h[i][0]), std::abs(h[i][1])) * std::abs(x[i]);
      return all;
    }
    const double a = x.size() > 1 ? (h[1][1] * g[0] - h[0][1] * g[1]) / det : g[0] / det;
    const double b = x.size() > 1 ? (h[0][0] * g[1] - h[0][1] * g[0]) / det : 0;
    return std::abs(a) <= 1e-12 * std::abs(x[0]) && (x.size() < 2 || std::abs(b) <= 1e-12 * std::abs(x[1]));
  }

  bool downward_curvature() const {
    const double most = std::max({std::abs(h[0][0]), std::abs(h[1][1]), std::abs(h[0][1])});
    const double middle = (h[0][0] + h[1][1]) / 2, half = (h[0][0] - h[1][1]) / 2;
    return middle - std::hypot(half, h[0][1]) < -1e-6 * most;
  }
};

struct tally {
  int runs = 0, converged = 0, unbounded = 0;
};
std::map<std::string, tally, std::less<>> counts;

void judge(std::string_view method, const auto& row, const auto& result, const std::vector<double>& start) {
  const jet before = jet_of(row, start), after = jet_of(row, result.parameters);
  const judged at(after, result.parameters);
  tally& count = counts[std::string(method)];
  ++count.runs, count.converged += result.converged,
      count.unbounded += result.reason == stop_reason::unbounded;
  BOOST_TEST_CONTEXT(method << " on " << row.name << " from " << start[0] << ": at " << result.parameters[0]
                            << ", gradient " << at.g[0] << "; " << result.why()) {
    BOOST_TEST(result.converged == tg::is_converged(result.reason));
    if (result.reason == stop_reason::not_finite_at_start) return;
    BOOST_TEST(!(result.value > before.f));
    if (result.converged)
      BOOST_TEST(
          (at.gradient_small() || at.position_at_rounding() || at.at_rounding(judged(before, start).size)));
    if (result.converged && method == "newton") BOOST_TEST(!at.downward_curvature());
    const bool stationary = before.x == 0 && before.y == 0;
    // At a saddle a method that has only gradients may stop, and x^3 has one.
    const bool saddle = method != "newton" && std::abs(at.g[0]) < 1e-100;
    if (row.kind == shape::unbounded && !stationary && !saddle) BOOST_TEST(!result.converged);
    const bool reliable =
        method == "newton" || method == "l_bfgs" || method == "levenberg_marquardt" || method == "dogleg";
    if (row.kind == shape::convex && reliable && std::abs(start[0]) <= 10) BOOST_TEST(result.converged);
    if (row.kind == shape::convex || row.kind == shape::bounded)
      BOOST_TEST((result.reason != stop_reason::unbounded));
  }
}

void from_everywhere(std::string_view method, const auto& rows, auto problem_of, auto run) {
  for (const auto& row : rows)
    for (const double size : sizes)
      for (const auto& [first, second] : {std::pair(1.0, 0.7), {-1.0, -0.7}, {1.0, -0.7}}) {
        std::vector<double> start{first * size, second * size};
        start.resize(parameters_of(row));
        if (start.size() == 1 && first * second < 0) continue;
        judge(method, row, run(problem_of(row), start), start);
      }
}

void on_functions(std::string_view name, const auto& method, std::size_t steps) {
  from_everywhere(
      name, smooth_functions(), [](const smooth_function& row) { return function_problem{&row}; },
      [&](const auto& problem, const auto& start) {
        return tg::minimize(problem, start, method, {.max_iterations = steps});
      });
}

void on_squares(std::string_view name, const auto& method, std::size_t steps) {
  from_everywhere(
      name, residual_functions(), [](const residual_function& row) { return residual_problem{&row}; },
      [&](const auto& problem, const auto& start) {
        return tg::minimize(problem, start, method, {.max_iterations = steps});
      });
}

}  // namespace

BOOST_AUTO_TEST_CASE(converged_is_true) {
  each_objective_method([](auto name, const auto& method) { on_functions(name, method, 3000); });
}

BOOST_AUTO_TEST_CASE(converged_is_true_of_least_squares) {
  each_least_squares_method([](auto name, const auto& method) { on_squares(name, method, 3000); });
  on_squares("nielsen", tg::levenberg_marquardt_method{.damping = tg::damping_rule::nielsen}, 3000);
  on_squares("l_bfgs on squares", tg::l_bfgs{}, 3000);
}

BOOST_AUTO_TEST_CASE(converged_is_true_of_first_order_methods) {
  first_order_test::each_method([](auto method, double rate) {
    method.rate = rate;
    on_functions(decltype(method)::name, method, 500);
  });
  on_functions("momentum", tg::sgd{.rate = 0.01, .momentum = 0.9}, 500);
}

// No vector of methods reaches every kind of end: each reason is met here, by a run that must have it.
BOOST_AUTO_TEST_CASE(each_end_has_its_reason) {
  const auto row_named = [](std::string_view name) {
    for (const smooth_function& row : smooth_functions())
      if (row.name == name) return function_problem{&row};
    throw std::runtime_error("no such row");
  };
  const auto from = [&](std::string_view name, double x, auto method) {
    return tg::minimize(row_named(name), std::vector<double>{x}, method);
  };
  for (const double x : {1e-20, 0.5, 3.0}) {
    BOOST_TEST((from("x", x, tg::newton{}).reason == stop_reason::unbounded));
    BOOST_TEST((from("x", x, tg::l_bfgs{}).reason == stop_reason::unbounded));
    BOOST_TEST((from("x", x, tg::conjugate_gradient{}).reason == stop_reason::unbounded));
  }
  // A saddle without curvature: there Newton stops, and says so; from one with curvature it goes on.
  BOOST_TEST((from("x^4 / 4 + x^3 / 3 + 1", 0, tg::newton{}).reason == stop_reason::degenerate));
  BOOST_TEST((from("x^3", 0, tg::newton{}).reason == stop_reason::degenerate));
  BOOST_TEST((from("x^4 + 7", 0, tg::newton{}).reason == stop_reason::gradient_small));
  const auto left = tg::minimize(row_named("(x^2 - 1)^2 / 4 + y^2"), std::vector<double>{0, 0}, tg::newton{});
  BOOST_TEST(left.converged);
  BOOST_TEST(left.value < 1e-20);
}

// At a minimum of 0 that terms cancel to, the value is rounding long before the slope is, from the start or
// on the way.
BOOST_AUTO_TEST_CASE(a_minimum_that_cancels_to_nothing) {
  for (const std::string_view name :
       {"cosh(x) - 1", "1 - cos(x - 2)", "exp(x) - x - 1", "cosh(x) + cosh(y - 1) - 2"}) {
    const auto& row = *std::ranges::find(smooth_functions(), name, &smooth_function::name);
    for (const double size : sizes)
      for (const double x : {size, -size}) {
        if (size > 10) continue;
        std::vector<double> start{x, x};
        start.resize(parameters_of(row));
        const auto result = tg::minimize(function_problem{&row}, start, tg::newton{});
        BOOST_TEST_CONTEXT(name << " from " << x << ": " << result.why()) {
          BOOST_TEST(result.converged);
          BOOST_TEST(result.iterations < 100u);
          BOOST_TEST(std::abs(result.value) < 1e-15);
        }
      }
  }
}

// What falls for ever towards a bound of least squares has no minimum, and no method takes its end for one.
BOOST_AUTO_TEST_CASE(a_cost_that_falls_for_ever) {
  for (const std::string_view name : {"exp(-x)", "1 / (1 + x^2)"}) {
    const auto& row = *std::ranges::find(residual_functions(), name, &residual_function::name);
    for (const double x : {1e-20, 1e-3, 0.5, 1.0, 3.0, 20.0}) {
      const auto check = [&](std::string_view method, const auto& result) {
        BOOST_TEST_CONTEXT(method << " on " << name << " from " << x << ": " << result.why())
        BOOST_TEST((result.reason == stop_reason::unbounded));
      };
      const residual_problem problem{&row};
      const std::vector<double> start{x};
      check("levenberg_marquardt", tg::minimize(problem, start, tg::levenberg_marquardt_method{}));
      check("dogleg", tg::minimize(problem, start, tg::dogleg{}));
      check("gauss_newton", tg::minimize(problem, start, tg::gauss_newton{}));
    }
  }
}

// The step to where a column of J is the first that is not 0 leaves the radius as it was in parameters.
BOOST_AUTO_TEST_CASE(a_start_without_curvature) {
  const auto& row = *std::ranges::find(smooth_functions(), "exp(x) - 5 x", &smooth_function::name);
  for (double x = -2000; x < -700; x += 50) {
    const auto result = tg::minimize(function_problem{&row}, std::vector<double>{x}, tg::newton{});
    BOOST_TEST_CONTEXT("from " << x << ": " << result.why()) {
      BOOST_TEST(result.converged);
      BOOST_TEST(std::abs(result.parameters[0] - std::log(5)) < 1e-7);
    }
  }
}

// A start near zero says nothing of the scale: the way from there is no longer than from zero itself.
BOOST_AUTO_TEST_CASE(starts_near_zero_cost_nothing) {
  const auto& rows = residual_functions();
  const auto line = std::ranges::find(rows, std::string_view("x - 1"), &residual_function::name);
  const auto parabola =
      std::ranges::find(smooth_functions(), std::string_view("(x - 1)^2"), &smooth_function::name);
  for (const double size : {0.0, 1e-300, 1e-100, 1e-20, 1e-17, 1e-13, 1e-10, 1e-7, 1e-4})
    for (const double x : {size, -size}) {
      const std::vector<double> start{x};
      const auto check = [&](std::string_view name, const auto& result) {
        BOOST_TEST_CONTEXT(name << " from " << x << ": " << result.why()) {
          BOOST_TEST(result.converged);
          BOOST_TEST(std::abs(result.parameters[0] - 1) < 1e-15);
          BOOST_TEST(result.iterations <= 3u);
        }
      };
      check("newton", tg::minimize(function_problem{&*parabola}, start, tg::newton{}));
      check("levenberg_marquardt",
            tg::minimize(residual_problem{&*line}, start, tg::levenberg_marquardt_method{}));
      check("dogleg", tg::minimize(residual_problem{&*line}, start, tg::dogleg{}));
      check("gauss_newton", tg::minimize(residual_problem{&*line}, start, tg::gauss_newton{}));
    }
}

// A start where the value and every parameter are 0 gives a slope nothing to be measured by: it is not small.
BOOST_AUTO_TEST_CASE(a_start_of_nothing_is_no_minimum) {
  const smooth_function rows[] = {
      {"x + x^2", shape::convex, [](double x, double) { return of_x(x + x * x, 1 + 2 * x, 2); }},
      {"x exp(x)", shape::bounded,
       [](double x, double) { return of_x(x * std::exp(x), (1 + x) * std::exp(x), (2 + x) * std::exp(x)); }},
      {"expm1(x) - 2 x", shape::convex,
       [](double x, double) { return of_x(std::expm1(x) - 2 * x, std::exp(x) - 2, std::exp(x)); }},
      {"(x - 3)^2 - 9", shape::convex,
       [](double x, double) { return of_x((x - 3) * (x - 3) - 9, 2 * (x - 3), 2); }}};
  for (const smooth_function& row : rows) {
    const function_problem plain{&row};
    const std::vector<double> start{0};
    const auto check = [&](std::string_view name, const auto& result) {
      BOOST_TEST_CONTEXT(row.name << " by " << name << ": " << result.why()) {
        BOOST_TEST(result.converged);
        BOOST_TEST(std::abs(row.at(result.parameters[0], 0).x) < 1e-5);
      }
    };
    check("newton", tg::minimize(plain, start, tg::newton{}));
    check("l_bfgs", tg::minimize(plain, start, tg::l_bfgs{}));
    check("conjugate_gradient", tg::minimize(plain, start, tg::conjugate_gradient{}));
  }
}

// A start far out, whose value is another term's, does not make light of what is left after the first step.
BOOST_AUTO_TEST_CASE(a_start_far_out_leaves_no_false_minimum) {
  const smooth_function row{
      "x^2 + exp(-x) + y^2", shape::convex, [](double x, double y) {
        return jet{x * x + std::exp(-x) + y * y, 2 * x - std::exp(-x), 2 * y, 2 + std::exp(-x), 0, 2};
      }};
  for (const double x : {-300.0, -100.0, -30.0})
    for (const double y : {1e6, 1e3, 1.0}) {
      const auto result =
          tg::minimize(function_problem{&row}, std::vector<double>{x, y}, tg::conjugate_gradient{});
      BOOST_TEST_CONTEXT("from " << x << ", " << y << ": " << result.why())
      BOOST_TEST((!result.converged || result.gradient < 1e-3));
    }
}

// Other units of the value and of the parameters, by powers of two so that nothing is rounded anew, change
// nothing.
BOOST_AUTO_TEST_CASE(units_do_not_matter) {
  for (const smooth_function& row : smooth_functions()) {
    if (row.kind != shape::convex && row.kind != shape::bounded) continue;
    const function_problem plain{&row};
    const auto scaled = [&](double value_unit, double unit) {
      const auto at = [=](std::vector<double> v) {
        for (double& each : v) each *= unit;
        return v;
      };
      return tg::objective([=](const std::vector<double>& v) { return value_unit * plain.value(at(v)); },
                           [=](const std::vector<double>& v, std::span<double> g) {
                             plain.value_and_gradient(at(v), g);
                             for (double& each : g) each *= value_unit * unit;
                           },
                           [=](const std::vector<double>& v, std::span<double> h) {
                             std::vector<double> unused(v.size());
                             plain.value_gradient_hessian(at(v), unused, h);
                             for (double& each : h) each *= value_unit * unit * unit;
                           });
    };
    const auto same = [&](std::string_view name, auto method) {
      const auto run = [&](double value_unit, double unit) {
        std::vector<double> start{1.5 / unit, -0.75 / unit};
        start.resize(parameters_of(row));
        return tg::minimize(scaled(value_unit, unit), start, method);
      };
      const auto here = run(1, 1);
      if (here.value < 1e-100) return;  // its end is where the numbers end, and depends on their unit
      for (const auto& [value_unit, unit] :
           {std::pair(0x1p40, 1.0), {0x1p-40, 1.0}, {1.0, 0x1p20}, {1.0, 0x1p-20}}) {
        const auto there = run(value_unit, unit);
        BOOST_TEST_CONTEXT(name << " on " << row.name << " in units of " << value_unit << " and " << unit
                                << ": " << here.why() << " | " << there.why()) {
          BOOST_TEST((there.reason == here.reason));
          BOOST_TEST(there.evaluations == here.evaluations);
          BOOST_TEST(there.parameters[0] * unit == here.parameters[0]);
        }
      }
    };
    same("newton", tg::newton{});
    same("l_bfgs", tg::l_bfgs{});
    same("polak_ribiere_plus", tg::conjugate_gradient{.rule = tg::conjugacy::polak_ribiere_plus});
  }
}

BOOST_AUTO_TEST_CASE(figures) {
  for (const auto& [name, count] : counts)
    BOOST_TEST_MESSAGE(name << ": " << count.runs << " runs, " << count.converged << " converged, "
                            << count.unbounded << " without a lower bound");
}
