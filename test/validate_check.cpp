// SPDX-License-Identifier: BSL-1.0
// The checks on functions whose derivatives are known, right and wrong, at ordinary points and where a
// derivative cannot be told: every verdict at least once, every kind of check, the report, and what the
// checks refuse.
#include <algorithm>
#include <array>
#include <boost/property_tree/json_parser.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <random>
#include <span>
#include <sstream>
#include <string>
#include <typegrad/validate/boost_test.hpp>
#include <typegrad/validate/taylor.hpp>
#include <vector>

namespace {

using point = std::array<double, 2>;
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

// f(x, y) = x^2 y + sin y and everything about it.
double f(const point& p) { return p[0] * p[0] * p[1] + std::sin(p[1]); }
point gradient(const point& p) { return {2 * p[0] * p[1], p[0] * p[0] + std::cos(p[1])}; }
std::array<point, 2> hessian(const point& p) { return {{{2 * p[1], 2 * p[0]}, {2 * p[0], -std::sin(p[1])}}}; }
point hvp(const point& p, const point& v) {
  const auto h = hessian(p);
  return {h[0][0] * v[0] + h[0][1] * v[1], h[1][0] * v[0] + h[1][1] * v[1]};
}
constexpr point here{1.5, 0.7};

// Three outputs.
std::array<double, 3> outputs(const point& p) {
  return {p[0] * std::cos(p[1]), p[0] * std::sin(p[1]), p[0] * p[0]};
}
std::array<point, 3> jacobian(const point& p) {
  return {{{std::cos(p[1]), -p[0] * std::sin(p[1])}, {std::sin(p[1]), p[0] * std::cos(p[1])}, {2 * p[0], 0}}};
}
std::array<double, 3> jvp(const point& p, const point& v) {
  std::array<double, 3> product{};
  for (std::size_t i = 0; i < 3; ++i) product[i] = jacobian(p)[i][0] * v[0] + jacobian(p)[i][1] * v[1];
  return product;
}
point vjp(const point& p, const std::array<double, 3>& w) {
  point product{};
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 2; ++j) product[j] += w[i] * jacobian(p)[i][j];
  return product;
}

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

BOOST_AUTO_TEST_CASE(matrices_and_products) {
  const auto damaged = [](auto right, std::size_t place) {
    return [=](const auto&... arguments) {
      auto result = right(arguments...);
      if constexpr (requires { result[0][0]; })
        result[place / 2][place % 2] *= 1.001;
      else
        result[place] *= 1.001;
      return result;
    };
  };
  const auto exactly_one = [](const auto& report) {
    return report.count(tg::verdict::wrong) == 1 &&
           report.count(tg::verdict::pass) + 1 == static_cast<int>(report.components.size());
  };
  BOOST_TEST(tg::jacobian_agrees(outputs, jacobian, here));
  BOOST_TEST(exactly_one(tg::check_jacobian(outputs, damaged(jacobian, 3), here)));
  BOOST_TEST(tg::hessian_agrees(f, hessian, here));
  BOOST_TEST(tg::hessian_agrees(gradient, hessian, here));
  for (std::size_t place = 0; place < 4; ++place) {
    BOOST_TEST(exactly_one(tg::check_hessian(f, damaged(hessian, place), here)));
    BOOST_TEST(exactly_one(tg::check_hessian(gradient, damaged(hessian, place), here)));
  }
  BOOST_TEST(tg::agrees(tg::check_jvp(outputs, jvp, here)));
  BOOST_TEST(tg::check_jvp(outputs, damaged(jvp, 1), here).count(tg::verdict::wrong) ==
             8);  // one in each direction
  BOOST_TEST(tg::agrees(tg::check_vjp(outputs, vjp, here)));
  BOOST_TEST(exactly_one(tg::check_vjp(outputs, damaged(vjp, 1), here)));
  BOOST_TEST(tg::agrees(tg::check_hvp(gradient, hvp, here)));
  BOOST_TEST(tg::agrees(tg::check_hvp(f, hvp, here)));
  BOOST_TEST(tg::check_hvp(gradient, damaged(hvp, 0), here).count(tg::verdict::wrong) == 8);
  BOOST_TEST(tg::agrees(tg::check_adjoint(jvp, vjp, here)));
  BOOST_TEST(tg::check_adjoint(jvp, damaged(vjp, 0), here).count(tg::verdict::wrong) == 8);
  const auto zero = [](const point&, const auto&) { return point{}; };
  BOOST_TEST(tg::check_adjoint(zero, zero, here).count(tg::verdict::inconclusive) == 8);

  // A row of the Jacobian that belongs to an output that never changes is not tested.
  const auto constant_row = tg::check_jacobian(
      [](const point& p) {
        return std::array{p[0] * p[1], 3.0};
      },
      [](const point& p) {
        return std::array<point, 2>{{{p[1], p[0]}, {0, 0}}};
      },
      here);
  BOOST_TEST(constant_row.count(tg::verdict::pass) == 2);
  BOOST_TEST(constant_row.count(tg::verdict::inconclusive) == 2);

  // Progress is told after each direction.
  std::size_t told = 0;
  const tg::check_options telling{.directions = 3, .progress = [&](std::size_t done, std::size_t all) {
                                    told = all == 3 && done == told + 1 ? done : 99;
                                  }};
  for (const auto& check : std::vector<std::function<void()>>{
           [&] { tg::check_jvp(outputs, jvp, here, telling); }, [&] { tg::check_hvp(f, hvp, here, telling); },
           [&] { tg::check_hvp(gradient, hvp, here, telling); },
           [&] { tg::check_adjoint(jvp, vjp, here, telling); },
           [&] { tg::check_projections(f, gradient, here, telling); }}) {
    told = 0;
    check();
    BOOST_TEST(told == 3u);
  }

  // The same seed gives the same directions, another seed others; the seed is in the report.
  const auto first = tg::check_jvp(outputs, jvp, here, {.seed = 5}),
             again = tg::check_jvp(outputs, jvp, here, {.seed = 5}),
             other = tg::check_jvp(outputs, jvp, here, {.seed = 6});
  BOOST_TEST(first.seed == 5u);
  BOOST_TEST(tg::to_text(first) == tg::to_text(again));
  BOOST_TEST(tg::to_text(first) != tg::to_text(other));
  BOOST_TEST(tg::to_text(first).find("seed 5") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(taylor_orders) {
  const auto right = tg::taylor_test(f, gradient, here);
  BOOST_TEST(tg::agrees(right));
  BOOST_TEST(std::abs(right.observed - 2) < 0.1);
  const auto wrong = tg::taylor_test(
      f,
      [](const point& p) {
        auto g = gradient(p);
        g[0] *= 1.001;
        return g;
      },
      here);
  BOOST_TEST((wrong.verdict == tg::verdict::wrong));
  BOOST_TEST(std::abs(wrong.observed - 1) < 0.1);
  const auto second = tg::taylor_test(f, gradient, here, {}, hvp);
  BOOST_TEST(second.passed());
  BOOST_TEST(std::abs(second.observed - 3) < 0.1);
  const auto bad_second = tg::taylor_test(f, gradient, here, {}, [](const point& p, const point& v) {
    auto h = hvp(p, v);
    h[0] *= 2;
    return h;
  });
  BOOST_TEST(!bad_second);
  const auto line = [](const point& p) { return p[0] - 2 * p[1]; };
  BOOST_TEST(tg::taylor_test(
                 line,
                 [](const point&) {
                   return point{1, -2};
                 },
                 here)
                 .passed());
  BOOST_TEST(!tg::taylor_test(
      line,
      [](const point&) {
        return point{1, 2};
      },
      here));
  BOOST_TEST(!tg::taylor_test([](const point&) { return 1.0; }, [](const point&) { return point{}; }, here));
  BOOST_TEST((tg::taylor_test([](const point& p) { return std::log(p[0]); },
                              [](const point& p) {
                                return point{1 / p[0], 0};
                              },
                              point{-1, 1})
                  .verdict == tg::verdict::domain));
  // In float rounding hides what a thousandth would do: the order is seen, a pass is not given away.
  const std::array<float, 2> single{1.5f, 0.7f};
  const auto in_float = tg::taylor_test([](const auto& p) { return std::exp(p[0] * p[1]); },
                                        [](const auto& p) {
                                          const float e = std::exp(p[0] * p[1]);
                                          return std::array{p[1] * e, p[0] * e};
                                        },
                                        single);
  BOOST_TEST(std::abs(in_float.observed - 2) < 0.2);
  BOOST_TEST((in_float.verdict == tg::verdict::inconclusive));
}

BOOST_AUTO_TEST_CASE(reports) {
  const auto report = tg::check_gradient(f,
                                         [](const point& p) {
                                           return point{gradient(p)[0], 1.001 * gradient(p)[1]};
                                         },
                                         here, {.names = {"width", "he\"ight\n"}, .title = "a box"});
  const std::string text = tg::to_text(report);
  std::ostringstream stream;
  stream << report;
  BOOST_TEST(stream.str() == text);
  BOOST_TEST(text.find("a box: 1 of 2 pass, 1 WRONG") == 0);
  BOOST_TEST(text.find("he\"ight") < text.find("width"));  // the worst first
  BOOST_TEST(text.find('\033') == std::string::npos);
  BOOST_TEST(tg::to_text(report, true).find("\033[1;31mWRONG\033[0m") != std::string::npos);
  // Columns are aligned: the verdicts stand below their heading.
  std::istringstream lines(tg::to_text(tg::check_gradient(f, gradient, here)));
  std::string line, heads;
  std::getline(lines, line);
  std::getline(lines, heads);
  while (std::getline(lines, line)) BOOST_TEST(line.substr(heads.find("verdict")) == "PASS");
  BOOST_TEST(tg::to_text(report, false, 1).find("and 1 more") != std::string::npos);

  std::istringstream json(tg::to_json(report));
  boost::property_tree::ptree tree;
  boost::property_tree::read_json(json, tree);
  BOOST_TEST(tree.get<std::string>("title") == "a box");
  BOOST_TEST(tree.get<bool>("passed") == false);
  BOOST_TEST(tree.get<int>("evaluations") == report.evaluations);
  BOOST_TEST(tree.get_child("components").size() == 2u);
  const auto& second = std::next(tree.get_child("components").begin())->second;
  BOOST_TEST(second.get<std::string>("name") == "he\"ight\n");
  BOOST_TEST(second.get<double>("exact") == report.components[1].exact);  // all digits
  BOOST_TEST(second.get<std::string>("verdict") == "WRONG");

  // Numbers that JSON lacks are texts.
  const auto outside =
      tg::check_gradient([](const auto& p) { return std::log(p[0]); },
                         [](const auto& p) { return std::array{1 / p[0]}; }, std::array{-1.0});
  std::istringstream odd(tg::to_json(outside));
  boost::property_tree::read_json(odd, tree);
  BOOST_TEST(tree.get_child("components").front().second.get<std::string>("numeric") == "nan");
  BOOST_TEST(tree.get_child("components").front().second.get<std::string>("error") == "inf");

  const auto assertion = tg::gradient_agrees(
      f,
      [](const point& p) {
        return point{p[0], p[1]};
      },
      here);
  BOOST_TEST(!assertion);
  const auto message = assertion.message();
  BOOST_TEST(std::string(message.begin(), message.end()).find("WRONG") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(refusals) {
  const auto sentence = [](auto&& call) -> std::string {
    try {
      call();
    } catch (const std::invalid_argument& e) {
      return e.what();
    }
    return "nothing was thrown";
  };
  BOOST_TEST(sentence([] {
               tg::check_gradient(
                   f, [](const point&) { return std::vector<double>(3); }, here);
             }) == "check_gradient: the gradient has 3 components at a point with 2 coordinates.");
  BOOST_TEST(sentence([] { tg::check_gradient(f, gradient, here, {.names = {"x"}}); }) ==
             "check_gradient: there are 1 names for 2 variables.");
  BOOST_TEST(sentence([] {
               tg::check_gradient(f, gradient, here, {.scales = {1, 2, 3}});
             }) == "check_gradient: there are 3 scales for 2 variables.");
  BOOST_TEST(sentence([] { tg::check_gradient(f, gradient, here, {.resolution = 0}); }) ==
             "check_gradient: the resolution is a number between 0 and 1.");
  BOOST_TEST(sentence([] {
               tg::check_gradient([](const auto&) { return 0.0; }, [](const auto& p) { return p; },
                                  std::vector<double>{});
             }) == "check_gradient: the point has no coordinates.");
  BOOST_TEST(sentence([] {
               tg::check_jacobian(
                   outputs, [](const point& p) { return hessian(p); }, here);
             }) == "check_jacobian: the exact matrix is not 3 by 2.");
  BOOST_TEST(sentence([] { tg::check_jvp(outputs, jvp, here, {.directions = 0}); }) ==
             "check_jvp: at least one direction is needed, not 0.");
  BOOST_TEST(sentence([] {
               tg::check_jvp(
                   outputs, [](const point& p, const point&) { return p; }, here);
             }) == "check_jvp: the product has 2 components for 3 outputs.");
  // Derivatives that are too short or too long are not multiplied with anything.
  for (const std::size_t size : {std::size_t(1), std::size_t(3)}) {
    const auto of_size = [size](const point&, const auto&...) { return std::vector<double>(size); };
    const std::string has = " has " + std::to_string(size) + " components where 2 are needed.";
    BOOST_TEST(sentence([&] { tg::check_projections(f, of_size, here); }) ==
               "check_projections: the gradient" + has);
    BOOST_TEST(sentence([&] { tg::taylor_test(f, of_size, here); }) == "taylor_test: the gradient" + has);
    BOOST_TEST(sentence([&] { tg::taylor_test(f, gradient, here, {}, of_size); }) ==
               "taylor_test: the Hessian times vector" + has);
    BOOST_TEST(sentence([&] { tg::check_hvp(f, of_size, here); }) == "check_hvp: the product" + has);
    BOOST_TEST(sentence([&] { tg::check_hvp(of_size, of_size, here); }) == "check_hvp: the gradient" + has);
    BOOST_TEST(sentence([&] { tg::check_hessian(of_size, hessian, here); }) ==
               "check_hessian: the gradient" + has);
    BOOST_TEST(sentence([&] { tg::check_adjoint(jvp, of_size, here); }) ==
               "check_adjoint: the vector times Jacobian" + has);
  }
  const tg::check_options two_names{.outputs = {"u", "v"}};
  const std::string names = "there are 2 names of outputs for 3 outputs.";
  BOOST_TEST(sentence([&] { tg::check_jacobian(outputs, jacobian, here, two_names); }) ==
             "check_jacobian: " + names);
  BOOST_TEST(sentence([&] { tg::check_jvp(outputs, jvp, here, two_names); }) == "check_jvp: " + names);
  BOOST_TEST(sentence([&] { tg::check_vjp(outputs, vjp, here, two_names); }) == "check_vjp: " + names);
  BOOST_TEST(sentence([&] { tg::check_adjoint(jvp, vjp, here, two_names); }) == "check_adjoint: " + names);
}
