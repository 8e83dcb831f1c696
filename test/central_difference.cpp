// SPDX-License-Identifier: BSL-1.0
// The numeric derivative against closed forms: its error bar has to hold at every point and scale, and has to be short enough to
// find a derivative that is wrong by a millionth.
#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <string_view>
#include <typegrad/validate/central_difference.hpp>

namespace {

struct row {
  std::string_view name;
  double (*value)(double);
  double (*derivative)(double);
};

constexpr std::array functions{
    row{"sin", [](double x) { return std::sin(x); }, [](double x) { return std::cos(x); }},
    row{"exp", [](double x) { return std::exp(x); }, [](double x) { return std::exp(x); }},
    row{"x^6", [](double x) { return std::pow(x, 6); }, [](double x) { return 6 * std::pow(x, 5); }},
    row{"atan", [](double x) { return std::atan(x); }, [](double x) { return 1 / (1 + x * x); }},
    row{"erf", [](double x) { return std::erf(x); }, [](double x) { return 2 / std::sqrt(std::acos(-1.0)) * std::exp(-x * x); }},
    row{"1000 + x", [](double x) { return 1000 + x; }, [](double) { return 1.0; }},
    row{"cosh", [](double x) { return std::cosh(x); }, [](double x) { return std::sinh(x); }},
};

}  // namespace

// f(x) = value(x / unit), so that the derivative is derivative(x / unit) / unit, for units from 1e-8 to 1e8.
BOOST_AUTO_TEST_CASE(error_bar_holds_and_is_short) {
  int checked = 0;
  for (const auto& function : functions)
    for (const double at : {-1.3, -0.4, 0.0, 0.1, 0.7, 1.0, 2.2})
      for (const double unit : {1e-8, 1e-3, 1.0, 1e5, 1e8}) {
        const double exact = function.derivative(at) / unit;
        const auto numeric = tg::central_difference([&](double x) { return function.value(x / unit); }, at * unit, unit);
        BOOST_TEST_CONTEXT(function.name << " at " << at << " in units of " << unit << ": " << numeric.value << " for "
                                         << exact) {
          BOOST_TEST(numeric.agrees(exact));
          BOOST_TEST(numeric.error <= 1e-7 * std::max(std::abs(exact), 1 / unit));
          BOOST_TEST(!numeric.agrees(exact * (1 + 1e-6) + 1e-6 / unit));
        }
        ++checked;
      }
  BOOST_TEST(checked == 245);
}

BOOST_AUTO_TEST_CASE(component_of_a_vector) {
  const std::array v{2.0, 3.0, 0.0};
  const auto f = [](const std::array<double, 3>& p) { return p[0] * p[0] * p[1] + std::sin(p[2]); };
  BOOST_TEST(tg::central_difference(f, v, 0).agrees(12));
  BOOST_TEST(tg::central_difference(f, v, 1).agrees(4));
  BOOST_TEST(tg::central_difference(f, v, 2).agrees(1));
}

BOOST_AUTO_TEST_CASE(not_finite_never_agrees) {
  const auto outside = tg::central_difference([](double x) { return std::sqrt(x); }, 0.0);
  BOOST_TEST(!outside.agrees(1e300));
  const auto inside = tg::central_difference([](double x) { return x; }, 1.0);
  BOOST_TEST(inside.agrees(1.0));
  BOOST_TEST(!inside.agrees(std::numeric_limits<double>::quiet_NaN()));
  BOOST_TEST(!inside.agrees(std::numeric_limits<double>::infinity()));
}

BOOST_AUTO_TEST_CASE(other_number_types) {
  const auto single = tg::central_difference([](float x) { return std::sin(x); }, 1.0f);
  BOOST_TEST(single.agrees(std::cos(1.0f)));
  BOOST_TEST(single.error < 1e-4f);
  const auto extended = tg::central_difference([](long double x) { return std::sin(x); }, 1.0l);
  BOOST_TEST(extended.agrees(std::cos(1.0l)));
  BOOST_TEST(extended.error < 1e-12l);
}
