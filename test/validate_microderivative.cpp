// SPDX-License-Identifier: BSL-1.0
// The numeric derivatives against closed forms and against Boost.Math's differences: the error bar of every
// method has to hold at every point and scale, and has to be short enough for the order that it claims.
#include <algorithm>
#include <array>
#include <boost/math/differentiation/finite_difference.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <random>
#include <span>
#include <string_view>
#include <typegrad/validate/microderivative.hpp>
#include <vector>

using tg::difference_method;

namespace {

struct row {
  std::string_view name;
  double (*value)(double);
  double (*derivative)(double);
  double (*second)(double);
};

const double root_pi = std::sqrt(std::acos(-1.0));

constexpr std::array functions{
    row{"sin", [](double x) { return std::sin(x); }, [](double x) { return std::cos(x); },
        [](double x) { return -std::sin(x); }},
    row{"exp", [](double x) { return std::exp(x); }, [](double x) { return std::exp(x); },
        [](double x) { return std::exp(x); }},
    row{"x^6", [](double x) { return std::pow(x, 6); }, [](double x) { return 6 * std::pow(x, 5); },
        [](double x) { return 30 * std::pow(x, 4); }},
    row{"atan", [](double x) { return std::atan(x); }, [](double x) { return 1 / (1 + x * x); },
        [](double x) { return -2 * x / ((1 + x * x) * (1 + x * x)); }},
    row{"erf", [](double x) { return std::erf(x); }, [](double x) { return 2 / root_pi * std::exp(-x * x); },
        [](double x) { return -4 * x / root_pi * std::exp(-x * x); }},
    row{"1000 + x", [](double x) { return 1000 + x; }, [](double) { return 1.0; },
        [](double) { return 0.0; }},
    row{"cosh", [](double x) { return std::cosh(x); }, [](double x) { return std::sinh(x); },
        [](double x) { return std::cosh(x); }},
};

constexpr std::array points{-1.3, -0.4, 0.0, 0.1, 0.7, 1.0, 2.2};
constexpr std::array units{1e-8, 1e-3, 1.0, 1e5, 1e8};

}  // namespace

// f(x) = value(x / unit), so that the derivative is derivative(x / unit) / unit, for units from 1e-8 to 1e8.
BOOST_AUTO_TEST_CASE(error_bar_holds_and_is_short) {
  int checked = 0;
  for (const row& function : functions)
    for (const double at : points)
      for (const double unit : units)
        for (const double scale : {unit, 0.0}) {
          if (at == 0 && scale == 0) continue;  // nothing tells the scale there; see below
          const auto f = [&](double x) { return function.value(x / unit); };
          const double exact = function.derivative(at) / unit, curvature = function.second(at) / unit / unit;
          const auto first = tg::microderivative(f, at * unit, {.scale = scale});
          const auto second = tg::microderivative(f, at * unit, {.derivative = 2, .scale = scale});
          BOOST_TEST_CONTEXT(function.name << " at " << at << " in units of " << unit << ": " << first.value
                                           << " for " << exact << ", " << second.value << " for "
                                           << curvature) {
            BOOST_TEST(first.agrees(exact));
            BOOST_TEST(first.error <= 1e-9 * std::max(std::abs(exact), 1 / unit));
            BOOST_TEST(!first.agrees(exact * (1 + 1e-8) + 1e-8 / unit));
            BOOST_TEST(second.agrees(curvature));
            // 1000 + x has 1e-13 of rounding, and a second difference divides it by h^2 = 1/64 of the unit
            // squared or less.
            BOOST_TEST(second.error <= 1e-6 * std::max(std::abs(curvature), 1 / unit / unit));
            BOOST_TEST(first.evaluations <= 65);
          }
          ++checked;
        }
  BOOST_TEST(checked == 455);
}

// Each formula against the closed form: the bar holds, and is not longer than what its order can reach with
// the step of least error, epsilon^(p/(p+d)), with a factor for high derivatives that are larger than the
// functions: those of atan and erf grow like factorials.
BOOST_AUTO_TEST_CASE(every_order_of_every_formula) {
  int checked = 0;
  for (const row& function : functions)
    for (const double at : points)
      for (const int derivative : {1, 2})
        for (const difference_method method :
             {difference_method::forward, difference_method::backward, difference_method::central})
          for (const int order : {2, 4, 6, 8}) {
            const auto found = tg::microderivative(
                function.value, at, {.method = method, .order = order, .derivative = derivative, .scale = 1});
            const double exact = derivative == 1 ? function.derivative(at) : function.second(at);
            const double reach =
                std::pow(std::numeric_limits<double>::epsilon(), double(order) / (order + derivative));
            const double size = std::max({1.0, std::abs(function.value(at)),
                                          std::abs(function.derivative(at)), std::abs(function.second(at))});
            BOOST_TEST_CONTEXT(function.name << " at " << at << ", method " << int(method) << ", order "
                                             << order << ", derivative " << derivative) {
              // One-sided formulas of high order are worst for x^6 and erf, where the next derivatives are
              // largest.
              BOOST_TEST(std::abs(found.value - exact) <= 4 * found.error);
              BOOST_TEST(found.error <= std::pow(10.0, order) * 100 * reach * size);
            }
            ++checked;
          }
  BOOST_TEST(checked == 1176);
}

BOOST_AUTO_TEST_CASE(other_methods) {
  for (const row& function : functions)
    for (const double at : points)
      for (const int derivative : {1, 2}) {
        const double exact = derivative == 1 ? function.derivative(at) : function.second(at);
        const double size = std::max({1.0, std::abs(function.value(at)), std::abs(exact)});
        const auto ridders = tg::microderivative(
            function.value, at, {.method = difference_method::ridders, .derivative = derivative, .scale = 1});
        const auto filter = tg::microderivative(
            function.value, at, {.method = difference_method::filter, .derivative = derivative, .scale = 1});
        BOOST_TEST_CONTEXT(function.name << " at " << at << ", derivative " << derivative) {
          BOOST_TEST(std::abs(ridders.value - exact) <= 2 * ridders.error);
          BOOST_TEST(ridders.error <= (derivative == 1 ? 1e-9 : 1e-6) * size);
          BOOST_TEST(std::abs(filter.value - exact) <= 2 * filter.error);
          BOOST_TEST(filter.error <= (derivative == 1 ? 1e-5 : 1e-3) * size);
        }
      }
  const auto wave = [](auto z) { return exp(sin(z)); };
  const auto complex = tg::complex_step(wave, 0.7);
  BOOST_TEST(std::abs(complex.value - std::exp(std::sin(0.7)) * std::cos(0.7)) <= complex.error);
  BOOST_TEST(complex.error < 1e-14);
  const auto plane = [](const std::array<std::complex<double>, 2>& z) { return z[0] * exp(z[1]); };
  BOOST_TEST(tg::complex_step(plane, std::array{2.0, 0.5}, 1).agrees(2 * std::exp(0.5)));
  // A callable that says that it takes complex numbers may be asked for by the options.
  const auto cube = [](std::complex<double> z) { return z * z * z; };
  BOOST_CHECK_THROW(
      tg::microderivative([](double x) { return x; }, 1.0, {.method = difference_method::complex_step}),
      std::invalid_argument);
  BOOST_TEST(tg::complex_step(cube, 2.0, {.derivative = 2}).value == 12, boost::test_tools::tolerance(1e-9));
}

// The steps of Boost.Math for the same orders: neither is to be much worse than the other.
BOOST_AUTO_TEST_CASE(as_good_as_boost) {
  double ours = 0, theirs = 0;
  for (const row& function : functions)
    for (const double at : points) {
      const auto found = tg::microderivative(function.value, at,
                                             {.method = difference_method::central, .order = 6, .scale = 1});
      const double size = std::max(1.0, std::abs(function.derivative(at)));
      const double boosts =
          boost::math::differentiation::finite_difference_derivative<decltype(function.value), double, 6>(
              function.value, at);
      ours = std::max(ours, std::abs(found.value - function.derivative(at)) / size);
      theirs = std::max(theirs, std::abs(boosts - function.derivative(at)) / size);
      BOOST_TEST(std::abs(boosts - found.value) <= 1e-8 * size);
    }
  BOOST_TEST(ours <= 30 * theirs);
  BOOST_TEST_MESSAGE("largest error of order 6: " << ours << " here, " << theirs << " in Boost.Math");
}

BOOST_AUTO_TEST_CASE(steps_are_matched) {
  const auto f = [](double x) { return std::exp(x); };
  const double epsilon = std::numeric_limits<double>::epsilon();
  const auto close = [](double found, double expected) {
    return std::abs(found - expected) <= 1e-9 * expected;
  };
  BOOST_TEST(close(tg::microderivative(f, 1.0, {.method = difference_method::central, .order = 2}).step,
                   std::cbrt(3 * epsilon)));
  BOOST_TEST(close(tg::microderivative(f, 1.0, {.method = difference_method::central, .order = 4}).step,
                   std::pow(11.25 * epsilon, 0.2)));
  // The root of epsilon in a second difference leaves no digit; the step has to go with the fourth root.
  const auto second =
      tg::microderivative(f, 1.0, {.method = difference_method::central, .order = 2, .derivative = 2});
  BOOST_TEST(close(second.step, std::pow(48 * epsilon, 0.25)));
  BOOST_TEST(std::abs(second.value - std::exp(1.0)) < 1e-6);
  for (const double x : {1.0, 3.7e-9, -2.1e8}) {
    const double h = tg::microderivative(f, x, {.method = difference_method::central, .order = 2}).step;
    BOOST_TEST((x + h) - x == h);
  }
  BOOST_TEST(tg::microderivative(f, 1.0, {.method = difference_method::forward, .step = 0.25}).step == 0.25);
}

BOOST_AUTO_TEST_CASE(points_of_every_kind) {
  const auto f = [](const auto& p) { return p[0] * p[0] * p[1] + std::sin(p[2]) * p[0]; };
  const std::array v{2.0, 3.0, 0.0};
  const std::vector w(v.begin(), v.end());
  BOOST_TEST(tg::microderivative(f, v, 0).agrees(12));
  BOOST_TEST(tg::microderivative(f, w, 1).agrees(4));
  BOOST_TEST(tg::microderivative(f, std::span<const double>(w), 2).agrees(2));
  BOOST_TEST(tg::microderivative([](std::span<const double> p) { return p[0] * p[1]; }, w, 0).agrees(3));
  BOOST_TEST(tg::microderivative(f, v, 0, {.derivative = 2}).agrees(6));
  BOOST_TEST(tg::microderivative(f, v, 0, 1).agrees(4));
  BOOST_TEST(tg::microderivative(f, v, 2, 0).agrees(1));
  BOOST_TEST(tg::microderivative(f, v, 1, 1).agrees(0));
  const auto gradient = tg::numeric_gradient(f, v);
  BOOST_TEST((gradient.size() == 3 && gradient[0].agrees(12) && gradient[2].agrees(2)));
  const auto jacobian = tg::numeric_jacobian(
      [](const auto& p) {
        return std::array{p[0] * p[1], p[2] - p[0]};
      },
      v);
  BOOST_TEST((jacobian.size() == 2 && jacobian[0][1].agrees(2) && jacobian[1][0].agrees(-1) &&
              jacobian[1][1].agrees(0)));
  const auto hessian = tg::numeric_hessian(f, v);
  BOOST_TEST((hessian[0][1].agrees(4) && hessian[1][0].agrees(4) && hessian[2][2].agrees(0) &&
              hessian[0][2].agrees(1)));
}

BOOST_AUTO_TEST_CASE(without_a_derivative_the_bar_is_infinite) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  BOOST_TEST(!tg::microderivative([](double x) { return std::sqrt(x); }, 0.0).agrees(1e300));
  BOOST_TEST(tg::microderivative([](double x) { return std::abs(x - 1); }, 1.0).error == infinity);
  BOOST_TEST(tg::microderivative([](double x) { return std::log(x); }, -1.0).error == infinity);
  BOOST_TEST(tg::microderivative([](double x) { return std::cbrt(x); }, 0.0).error == infinity);
  BOOST_TEST(tg::microderivative([](double x) { return std::cbrt(x - 1); }, 1.0).error == infinity);
  BOOST_TEST(
      tg::microderivative([](double x) { return x == 0 ? 0 : x * std::log(std::abs(x)); }, 0.0).error ==
      infinity);  // grows like log h only
  BOOST_TEST(tg::microderivative([](double x) { return std::cbrt(x) * x; }, 0.0, {.derivative = 2}).error ==
             infinity);
  BOOST_TEST(tg::microderivative([](double x) { return 2 * x; }, 1e-300).error == infinity);  // no step fits
  const auto line = tg::microderivative([](double x) { return x; }, 1.0);
  BOOST_TEST(line.agrees(1.0));
  BOOST_TEST(!line.agrees(std::numeric_limits<double>::quiet_NaN()));
  BOOST_TEST(!line.agrees(infinity));
  // Finite differences across the edge of a domain are not finite.
  BOOST_TEST(!(
      tg::microderivative([](double x) { return std::sqrt(x); }, 0.0, {.method = difference_method::central})
          .error < infinity));
}

BOOST_AUTO_TEST_CASE(other_number_types) {
  const auto single = tg::microderivative([](float x) { return std::sin(x); }, 1.0f);
  BOOST_TEST(single.agrees(std::cos(1.0f)));
  BOOST_TEST(single.error < 1e-5f);
  const auto extended = tg::microderivative([](long double x) { return std::sin(x); }, 1.0l);
  BOOST_TEST(extended.agrees(std::cos(1.0l)));
  BOOST_TEST(extended.error < 1e-14l);
}

// Where nothing tells the scale, at x = 0, the ladder finds it.
BOOST_AUTO_TEST_CASE(scale_is_found) {
  for (const double unit : {1e-8, 1e-4, 1.0, 1e4}) {
    const auto found =
        tg::microderivative([&](double x) { return std::sin(x / unit) + std::cos(x / unit); }, 0.0);
    BOOST_TEST_CONTEXT("unit " << unit << ": " << found.value << " in " << found.evaluations
                               << " evaluations") {
      BOOST_TEST(found.agrees(1 / unit));
      BOOST_TEST(found.error < 1e-6 / unit);
    }
  }
  // A step near a multiple of the period sees a smooth function where there is none: a value between the
  // nodes tells.
  const double unit = 1.58041e-06;
  const auto ripples = [&](double x) { return std::sin(1000 * x / unit) / 50 + x / unit; };
  for (double at = -1.9; at < 2; at += 0.0137) {
    const auto found = tg::microderivative(ripples, at * unit);
    const double exact = (20 * std::cos(1000 * at) + 1) / unit;
    BOOST_TEST_CONTEXT("ripples at " << at << ": " << found.value << " +- " << found.error << " for "
                                     << exact) {
      BOOST_TEST((found.agrees(exact) && found.error < 1e-4 * 20 / unit));
    }
  }
}

BOOST_AUTO_TEST_CASE(noise_is_measured) {
  std::mt19937 generator(20261123);
  for (const double level : {1e-2, 1e-5, 1e-9}) {
    std::normal_distribution<double> normal(0, level);
    const auto f = [&](double x) { return std::exp(x) + normal(generator); };
    const auto estimate = tg::noise_of(f, 0.5);
    // Seven values give a standard deviation to a factor of about 2; 4 is Moré and Wild's own measure of
    // success.
    BOOST_TEST((estimate.state == tg::noise_estimate<double>::outcome::found));
    BOOST_TEST(estimate.level > level / 4);
    BOOST_TEST(estimate.level < level * 4);
    const double h = tg::step_for_noise(level, std::exp(0.5), difference_method::forward);
    BOOST_TEST(std::abs(h - std::pow(8.0, 0.25) * std::sqrt(level / std::exp(0.5))) < 1e-6 * h);
    for (const difference_method method : {difference_method::automatic, difference_method::filter}) {
      const auto found = tg::microderivative(f, 0.5, {.method = method});
      BOOST_TEST(std::abs(found.value - std::exp(0.5)) <= 2 * found.error);
      BOOST_TEST(found.error <= 200 * level);
    }
  }
  // The noise that is given makes the step: with that of the function, an order-2 difference is about as good
  // as it can be.
  std::normal_distribution<double> normal(0, 1e-6);
  const auto f = [&](double x) { return std::exp(x) + normal(generator); };
  const auto known = tg::microderivative(
      f, 0.5, {.method = difference_method::central, .order = 2, .scale = 1, .noise = 1e-6});
  BOOST_TEST(
      known.step >
      100 * tg::microderivative(f, 0.5, {.method = difference_method::central, .order = 2, .scale = 1}).step);
  BOOST_TEST(std::abs(known.value - std::exp(0.5)) < 1e-3);
  BOOST_TEST(known.evaluations == 5);
  using outcome = tg::noise_estimate<double>::outcome;
  BOOST_TEST((tg::noise_of([](double) { return 1.0; }, 1.0).state == outcome::step_too_small));
  BOOST_TEST((tg::noise_of([](double x) { return std::log(x); }, -1.0).state == outcome::not_finite));
  const auto rounding = tg::noise_of([](double x) { return std::exp(std::sin(x)) + 100; }, 0.7);
  BOOST_TEST((rounding.level > 1e-15 && rounding.level < 1e-13));
}

BOOST_AUTO_TEST_CASE(options_without_meaning) {
  const auto f = [](double x) { return x; };
  BOOST_CHECK_THROW(tg::microderivative(f, 1.0, {.method = difference_method::central, .order = 3}),
                    std::invalid_argument);
  BOOST_CHECK_THROW(tg::microderivative(f, 1.0, {.method = difference_method::central, .order = 10}),
                    std::invalid_argument);
  BOOST_CHECK_THROW(tg::microderivative(f, 1.0, {.method = difference_method::forward, .order = -1}),
                    std::invalid_argument);
  BOOST_CHECK_THROW(tg::microderivative(f, 1.0, {.derivative = 3}), std::invalid_argument);
  BOOST_CHECK_THROW(tg::microderivative(f, 1.0, {.step = -1}), std::invalid_argument);
  BOOST_CHECK_THROW(tg::microderivative(f, 1.0, {.scale = std::nan("")}), std::invalid_argument);
  BOOST_CHECK_THROW(tg::microderivative([](const auto& p) { return p[0]; }, std::array{1.0}, 1),
                    std::invalid_argument);
}
