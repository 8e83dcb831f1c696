// SPDX-License-Identifier: BSL-1.0
// Checks of gradients whose derivatives are known, right and wrong, at ordinary points and where a derivative
// cannot be told: every verdict at least once, and what a check costs.
#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <span>
#include <string>
#include <typegrad/validate/boost_test.hpp>
#include <typegrad/validate/products.hpp>
#include <vector>

#include "validate_functions.hpp"

namespace {

using checked::f, checked::gradient, checked::here, checked::point;
constexpr double infinity = std::numeric_limits<double>::infinity();

/// A function of one number with a claimed derivative, and the verdict that is due.
struct row {
  std::string name;
  double (*value)(double);
  double (*derivative)(double);
  double at;
  tg::verdict due;
};

tg::component_check<double> check_one(const row& r) {
  const auto report = tg::check_gradient(
      [&](const std::array<double, 1>& p) { return r.value(p[0]); },
      [&](const std::array<double, 1>& p) { return std::array{r.derivative(p[0])}; }, std::array{r.at});
  return report.components.at(0);
}

double noise(double x, double level) {  // fixed values without any smoothness
  std::uint64_t bits = static_cast<std::uint64_t>(std::llround(x * 0x1p52)) * 0x9e3779b97f4a7c15u;
  bits ^= bits >> 29;
  bits *= 0xbf58476d1ce4e5b9u;
  return level * (static_cast<double>(bits >> 11) * 0x1p-53 - 0.5);
}

double sign(double x) { return x > 0 ? 1 : x < 0 ? -1 : 0; }

}  // namespace

BOOST_AUTO_TEST_CASE(verdicts) {
  using tg::verdict;
  const std::vector<row> rows{
      {"right", [](double x) { return std::exp(x); }, [](double x) { return std::exp(x); }, 0.3,
       verdict::pass},
      {"off by a thousandth", [](double x) { return std::exp(x); },
       [](double x) { return 1.001 * std::exp(x); }, 0.3, verdict::wrong},
      {"off by three ten thousandths", [](double x) { return std::exp(x); },
       [](double x) { return 1.0003 * std::exp(x); }, 0.3, verdict::wrong},
      {"a zero of the derivative", [](double x) { return std::cos(x); },
       [](double x) { return -std::sin(x); }, 0.0, verdict::pass},
      {"and one next to it", [](double x) { return std::cos(x); }, [](double x) { return -std::sin(x); },
       std::acos(-1.0), verdict::pass},
      {"zero claimed", [](double x) { return std::cos(x); }, [](double) { return 0.0; }, 1.0, verdict::wrong},
      {"infinite claimed", [](double x) { return std::cos(x); }, [](double) { return infinity; }, 1.0,
       verdict::wrong},
      {"NaN claimed", [](double x) { return std::cos(x); }, [](double) { return std::nan(""); }, 1.0,
       verdict::wrong},
      {"kink", [](double x) { return std::abs(x); }, sign, 0.0, verdict::kink},
      {"kink away from zero", [](double x) { return std::fmax(x, 2 * x - 1); }, [](double) { return 1.0; },
       1.0, verdict::kink},
      {"close to a kink", [](double x) { return std::fmax(x, 2 * x - 1); },
       [](double x) { return x > 1 ? 2.0 : 1.0; }, 1 + 1e-6, verdict::pass},
      {"the wrong side of a kink", [](double x) { return std::fmax(x, 2 * x - 1); },
       [](double) { return 1.0; }, 1 + 1e-6, verdict::wrong},
      {"the middle of a kink, close to it", [](double x) { return std::fmax(x, 2 * x - 1); },
       [](double) { return 1.5; }, 1 + 1e-6, verdict::wrong},
      {"a dead unit", [](double x) { return std::fmax(x, 0.0) + 3; }, [](double) { return 0.0; }, -0.001,
       verdict::pass},
      {"jump", [](double x) { return std::floor(x); }, [](double) { return 0.0; }, 1.0, verdict::kink},
      {"edge of the domain", [](double x) { return std::sqrt(x); },
       [](double x) { return 0.5 / std::sqrt(x); }, 0.0, verdict::domain},
      {"outside", [](double x) { return std::log(x); }, [](double x) { return 1 / x; }, -1.0,
       verdict::domain},
      {"close to the edge", [](double x) { return std::sqrt(x); },
       [](double x) { return 0.5 / std::sqrt(x); }, 1e-9, verdict::pass},
      {"close to an edge away from zero", [](double x) { return std::sqrt(1 - x); },
       [](double x) { return -0.5 / std::sqrt(1 - x); }, 1 - 1e-6, verdict::pass},
      {"noise", [](double x) { return x + noise(x, 0.1); }, [](double) { return 1.0; }, 1.0, verdict::noisy},
      {"wrong beyond the noise", [](double x) { return x + noise(x, 1e-3); }, [](double) { return 3.0; }, 1.0,
       verdict::wrong},
      {"nothing to see", [](double) { return 0.0; }, [](double) { return 0.0; }, 1.0, verdict::inconclusive},
      {"a constant", [](double) { return 5.0; }, [](double) { return 0.0; }, 1.0, verdict::inconclusive},
      {"a constant with a slope", [](double) { return 0.0; }, [](double) { return 1.0; }, 1.0,
       verdict::wrong},
      {"vertical", [](double x) { return std::cbrt(x); }, [](double) { return infinity; }, 0.0,
       verdict::domain},
      {"vertical, NaN claimed", [](double x) { return std::cbrt(x); }, [](double) { return std::nan(""); },
       0.0, verdict::domain},
      // No finite number is the derivative here, and none is what differences could confirm.
      {"vertical, zero claimed", [](double x) { return std::cbrt(x); }, [](double) { return 0.0; }, 0.0,
       verdict::inconclusive},
      {"vertical, one claimed", [](double x) { return std::cbrt(x) + 1; }, [](double) { return 1.0; }, 0.0,
       verdict::inconclusive},
      {"vertical, a large number claimed", [](double x) { return std::cbrt(x - 1); },
       [](double) { return 1e10; }, 1.0, verdict::inconclusive},
      {"hardly vertical", [](double x) { return x == 0 ? 0 : x * std::log(std::abs(x)); },
       [](double) { return -1.0; }, 0.0, verdict::inconclusive},
      {"close to vertical", [](double x) { return std::cbrt(x); },
       [](double x) { return 1 / (3 * std::cbrt(x * x)); }, 1e-9, verdict::pass},
      {"close to vertical and wrong", [](double x) { return std::cbrt(x); },
       [](double x) { return 1.001 / (3 * std::cbrt(x * x)); }, 1e-9, verdict::wrong},
      {"a cusp", [](double x) { return std::sqrt(std::abs(x)); }, [](double) { return 0.0; }, 0.0,
       verdict::kink},
      // At 1e-12 only steps far beyond |x| show anything beside 1; the exact derivative says whether they may
      // be believed.
      {"a tiny coordinate", [](double x) { return 1 + std::exp(x); }, [](double x) { return std::exp(x); },
       1e-12, verdict::pass},
      {"a tiny coordinate and wrong", [](double x) { return 1 + std::exp(x); },
       [](double x) { return 1.001 * std::exp(x); }, 1e-12, verdict::wrong},
      {"a structure below rounding", [](double x) { return 1 + 1e-17 * std::tanh(1e12 * x); },
       [](double x) { return 1e-5 / std::pow(std::cosh(1e12 * x), 2); }, 1e-12, verdict::inconclusive},
      {"lost in a constant", [](double) { return 1.0; }, [](double) { return 1e-17; }, 1.0, verdict::wrong},
      {"lost in a constant, and right", [](double x) { return 1 + 1e-18 * std::tanh(x); },
       [](double x) { return 1e-18 / std::pow(std::cosh(x), 2); }, 1.0, verdict::inconclusive},
      {"fast", [](double x) { return std::sin(1000 * x); },
       [](double x) { return 1000 * std::cos(1000 * x); }, 1.0, verdict::pass},
      {"fast and wrong", [](double x) { return std::sin(1000 * x); },
       [](double x) { return 1001 * std::cos(1000 * x); }, 1.0, verdict::wrong},
      {"fast beside slow", [](double x) { return x + 1e-3 * std::sin(1e6 * x); },
       [](double x) { return 1 + 1e3 * std::cos(1e6 * x); }, 0.7, verdict::pass},
      {"saturated", [](double x) { return 1 / (1 + std::exp(-x)); }, [](double x) { return std::exp(-x); },
       45.0, verdict::inconclusive},
      {"lost in a large value", [](double x) { return 1e20 + x; }, [](double) { return 2.0; }, 1.0,
       verdict::wrong},
      {"large", [](double x) { return 1e300 * x * x; }, [](double x) { return 2e300 * x; }, 3.0,
       verdict::pass},
      {"small", [](double x) { return 1e-300 * x * x; }, [](double x) { return 2e-300 * x; }, 3.0,
       verdict::pass},
      // Far out floor(x) looks like a noisy x; the steps below 1 say otherwise.
      {"stairs", [](double x) { return std::floor(x); }, [](double) { return 0.0; }, 80.3,
       verdict::inconclusive},
      {"stairs off the powers of two", [](double x) { return std::floor(10000 * x) / 10000; },
       [](double) { return 0.0; }, 1.00005, verdict::inconclusive},
      {"the slope of the stairs", [](double x) { return 3 * std::floor(x); }, [](double) { return 3.0; },
       1000.5, verdict::inconclusive},
      {"lost below the smallest number", [](double x) { return x * x; }, [](double x) { return 2 * x; },
       1e-170, verdict::inconclusive},
      {"no step fits", [](double x) { return std::log(x); }, [](double x) { return 1 / x; }, 1e-300,
       verdict::inconclusive},
      {"at NaN", [](double x) { return x; }, [](double) { return 1.0; }, std::nan(""), verdict::domain},
      {"at infinity", [](double x) { return std::atan(x); }, [](double) { return 0.0; }, infinity,
       verdict::domain},
      // 1 - cos x has no digits left at 1e-6: neither the differences nor the exact value mean anything.
      {"cancellation", [](double x) { return (1 - std::cos(x)) / (x * x); },
       [](double x) { return std::sin(x) / (x * x) - 2 * (1 - std::cos(x)) / (x * x * x); }, 1e-6,
       verdict::noisy},
  };
  for (const row& r : rows) {
    const auto c = check_one(r);
    BOOST_TEST_CONTEXT(r.name << ": exact " << c.exact << ", numeric " << c.numeric << " +- " << c.error
                              << ", " << c.reason) {
      if (r.name == "cancellation")
        BOOST_TEST((c.verdict == tg::verdict::noisy || c.verdict == tg::verdict::inconclusive));
      else
        BOOST_TEST(tg::to_text(c.verdict) == tg::to_text(r.due));
      BOOST_TEST(c.reason.empty() == (c.verdict == tg::verdict::pass));
    }
  }
}

// A kink at a distance is no kink: whatever the distance, the derivative is that of the side, and the other
// is wrong.
BOOST_AUTO_TEST_CASE(kinks_at_every_distance) {
  int settled = 0, all = 0;
  for (double distance = 1e-12; distance < 10; distance *= 3)
    for (const double side : {-1.0, 1.0}) {
      const double x = 1 + side * distance;
      const auto value = [](const std::array<double, 1>& p) { return std::abs(p[0] - 1) + p[0]; };
      const double right = sign(x - 1) + 1;
      const auto good = tg::check_gradient(
                            value, [&](const auto&) { return std::array{right}; }, std::array{x})
                            .components[0];
      const auto bad = tg::check_gradient(
                           value, [&](const auto&) { return std::array{2 - right}; }, std::array{x})
                           .components[0];
      BOOST_TEST_CONTEXT("distance " << side * distance << ": " << good.numeric << " +- " << good.error
                                     << ", " << good.reason) {
        BOOST_TEST((good.verdict != tg::verdict::wrong && bad.verdict != tg::verdict::pass));
      }
      settled += good.verdict == tg::verdict::pass && bad.verdict == tg::verdict::wrong;
      ++all;
    }
  // Closer than about 1e-10 the differences lose the sides in rounding; further, all are settled.
  BOOST_TEST(settled >= all * 3 / 4);
  BOOST_TEST_MESSAGE(settled << " of " << all << " points beside a kink settled");
}

BOOST_AUTO_TEST_CASE(gradients) {
  BOOST_TEST(tg::gradient_agrees(f, gradient, here));
  const std::vector<double> v(here.begin(), here.end());
  const auto on_vector = [](std::span<const double> p) { return p[0] * p[0] * p[1]; };
  const auto its_gradient = [](std::span<const double> p) {
    return std::vector{2 * p[0] * p[1], p[0] * p[0]};
  };
  BOOST_TEST(tg::gradient_agrees(on_vector, its_gradient, v));
  BOOST_TEST(tg::gradient_agrees(on_vector, its_gradient, std::span<const double>(v)));
  const auto in_float =
      tg::check_gradient([](const std::array<float, 2>& p) { return p[0] * std::sin(p[1]); },
                         [](const std::array<float, 2>& p) {
                           return std::array{std::sin(p[1]), p[0] * std::cos(p[1])};
                         },
                         std::array{1.5f, 0.7f});
  BOOST_TEST(tg::agrees(in_float));
  const auto in_long_double = tg::check_gradient(
      [](const std::array<long double, 1>& p) { return std::exp(p[0]); },
      [](const std::array<long double, 1>& p) { return std::array{std::exp(p[0])}; }, std::array{1.5L});
  BOOST_TEST(tg::agrees(in_long_double));

  // A derivative of zero by a variable that f lacks passes if f changes with others, and nothing passes where
  // nothing changes.
  const auto one_of_two = [](const point& p) { return p[0] * p[0]; };
  BOOST_TEST(tg::gradient_agrees(
      one_of_two,
      [](const point& p) {
        return point{2 * p[0], 0};
      },
      here));
  const auto nothing =
      tg::check_gradient([](const point&) { return 0.0; }, [](const point&) { return point{}; }, here);
  BOOST_TEST(!nothing);
  BOOST_TEST(nothing.count(tg::verdict::inconclusive) == 2);
  BOOST_TEST(nothing.components[0].reason.find("nothing is tested") != std::string::npos);
  BOOST_TEST(!tg::check_report<double>{}.passed());  // an empty report is no pass

  std::vector<std::size_t> seen;
  tg::check_gradient(f, gradient, here, {.progress = [&](std::size_t done, std::size_t all) {
                       seen.push_back(10 * done + all);
                     }});
  BOOST_TEST((seen == std::vector<std::size_t>{12, 22}));
}

// The promise of the benchmark, in evaluations: fewer than 50 for each of 100 variables, and few of the
// gradient.
BOOST_AUTO_TEST_CASE(cost_of_a_hundred_variables) {
  constexpr std::size_t n = 100;
  int calls = 0;
  const auto rosenbrock = [&](const std::array<double, n>& p) {
    ++calls;
    double sum = 0;
    for (std::size_t i = 0; i + 1 < n; ++i)
      sum += 100 * (p[i + 1] - p[i] * p[i]) * (p[i + 1] - p[i] * p[i]) + (1 - p[i]) * (1 - p[i]);
    return sum;
  };
  const auto exact = [](const std::array<double, n>& p) {
    std::array<double, n> g{};
    for (std::size_t i = 0; i + 1 < n; ++i) {
      const double r = p[i + 1] - p[i] * p[i];
      g[i] += -400 * p[i] * r - 2 * (1 - p[i]);
      g[i + 1] += 200 * r;
    }
    return g;
  };
  std::array<double, n> start;
  std::mt19937 generator(7);
  for (double& x : start) x = 0.1 + static_cast<double>(generator() % 1000) / 500;
  const auto report = tg::check_gradient(rosenbrock, exact, start);
  BOOST_TEST(tg::agrees(report));
  BOOST_TEST(report.evaluations == calls);
  BOOST_TEST(calls < 50 * static_cast<int>(n));
  BOOST_TEST(report.exact_evaluations == 15);
  calls = 0;
  const auto along = tg::check_projections(rosenbrock, exact, start, {.directions = 4});
  BOOST_TEST(tg::agrees(along));
  BOOST_TEST(calls < 4 * 60);
  const auto damaged = tg::check_projections(rosenbrock,
                                             [&](const auto& p) {
                                               auto g = exact(p);
                                               g[57] = -g[57];
                                               return g;
                                             },
                                             start, {.directions = 4});
  BOOST_TEST(damaged.count(tg::verdict::wrong) == 4);
}
