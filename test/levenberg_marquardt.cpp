// SPDX-License-Identifier: BSL-1.0
// Levenberg-Marquardt on hand-written residuals: known minima by both kinds of linear algebra, statistics
// against closed forms. How a run can end is in levenberg_marquardt_stops.cpp, the NIST problems are in
// nist.cpp.
#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <span>
#include <string_view>
#include <typegrad/optimize/levenberg_marquardt.hpp>
#include <utility>
#include <vector>

#include "least_squares_problems.hpp"

using namespace least_squares_test;

namespace {

template <std::size_t n>
using point = std::array<double, n>;

/// y = v0 + v1 x, the x given.
auto straight_line(const std::vector<double>& x, const std::vector<double>& y) {
  return tg::least_squares_by_row(x.size(), [&](std::size_t i, const auto& v) {
    return std::pair(v[0] + v[1] * x[i] - y[i], std::array{1.0, x[i]});
  });
}

template <class Problem, std::size_t n>
void reaches(std::string_view name, const Problem& problem, const point<n>& start, const point<n>& minimum,
             double tolerance) {
  const auto check = [&](const auto& result, std::string_view algebra) {
    BOOST_TEST_CONTEXT(name << " by " << algebra << ": " << result.why()) {
      BOOST_TEST(result.converged);
      for (std::size_t i = 0; i < n; ++i)
        BOOST_TEST(std::abs(result.parameters[i] - minimum[i]) <=
                   tolerance * std::max(1.0, std::abs(minimum[i])));
    }
  };
  check(tg::levenberg_marquardt(problem, start), "QR");
  check(tg::levenberg_marquardt(normal_equations_of<Problem, double, n>{problem}, start), "normal equations");
}

}  // namespace

// Moré, Garbow and Hillstrom 1981, problems 1, 3, 4, 7 and 5 in their numbering; the starts are theirs.
BOOST_AUTO_TEST_CASE(known_minima) {
  reaches<decltype(rosenbrock()), 2>("Rosenbrock", rosenbrock(), {-1.2, 1}, {1, 1}, 1e-12);
  reaches<decltype(rosenbrock()), 2>("Rosenbrock from 100 times as far", rosenbrock(), {-120, 100}, {1, 1},
                                     1e-12);

  const auto powell = tg::least_squares(
      2,
      [](const auto& v, auto r) {
        r[0] = 1e4 * v[0] * v[1] - 1;
        r[1] = std::exp(-v[0]) + std::exp(-v[1]) - 1.0001;
      },
      [](const auto& v, auto j) {
        j[0] = 1e4 * v[1], j[1] = 1e4 * v[0];
        j[2] = -std::exp(-v[0]), j[3] = -std::exp(-v[1]);
      });
  reaches<decltype(powell), 2>("Powell, badly scaled", powell, {0, 1}, {1.098159e-5, 9.106146}, 1e-6);

  const auto brown = tg::least_squares(
      3,
      [](const auto& v, auto r) {
        r[0] = v[0] - 1e6;
        r[1] = v[1] - 2e-6;
        r[2] = v[0] * v[1] - 2;
      },
      [](const auto& v, auto j) {
        j[0] = 1, j[1] = 0;
        j[2] = 0, j[3] = 1;
        j[4] = v[1], j[5] = v[0];
      });
  reaches<decltype(brown), 2>("Brown, badly scaled", brown, {1, 1}, {1e6, 2e-6}, 1e-12);

  const auto beale = tg::least_squares(
      3,
      [](const auto& v, auto r) {
        constexpr std::array y{1.5, 2.25, 2.625};
        for (std::size_t i = 0; i < 3; ++i)
          r[i] = y[i] - v[0] * (1 - std::pow(v[1], static_cast<double>(i + 1)));
      },
      [](const auto& v, auto j) {
        for (std::size_t i = 0; i < 3; ++i) {
          const double power = static_cast<double>(i);
          j[2 * i] = std::pow(v[1], power + 1) - 1;
          j[2 * i + 1] = v[0] * (power + 1) * std::pow(v[1], power);
        }
      });
  reaches<decltype(beale), 2>("Beale", beale, {1, 1}, {3, 0.5}, 1e-12);

  const auto helix = tg::least_squares(
      3,
      [](const auto& v, auto r) {
        const double turn = std::atan2(v[1], v[0]) / (2 * std::acos(-1.0));
        r[0] = 10 * (v[2] - 10 * turn);
        r[1] = 10 * (std::hypot(v[0], v[1]) - 1);
        r[2] = v[2];
      },
      [](const auto& v, auto j) {
        const double square = v[0] * v[0] + v[1] * v[1], length = std::sqrt(square),
                     factor = 100 / (2 * std::acos(-1.0) * square);
        j[0] = factor * v[1], j[1] = -factor * v[0], j[2] = 10;
        j[3] = 10 * v[0] / length, j[4] = 10 * v[1] / length, j[5] = 0;
        j[6] = 0, j[7] = 0, j[8] = 1;
      });
  reaches<decltype(helix), 3>("helical valley", helix, {-1, 0, 0}, {1, 0, 0}, 1e-12);
}

// A line's parameters, their standard errors and the residuals' deviation have closed forms (any text on
// regression).
BOOST_AUTO_TEST_CASE(statistics_of_a_line) {
  const std::vector<double> x{1, 2, 3, 4, 5, 6}, y{2.1, 3.9, 6.2, 7.8, 10.1, 12.2};
  const auto m = static_cast<double>(x.size());
  double sx = 0, sy = 0, sxx = 0, sxy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) sx += x[i], sy += y[i], sxx += x[i] * x[i], sxy += x[i] * y[i];
  const double determinant = m * sxx - sx * sx;
  const double slope = (m * sxy - sx * sy) / determinant, level = (sy - slope * sx) / m;
  double squares = 0;
  for (std::size_t i = 0; i < x.size(); ++i) squares += std::pow(y[i] - level - slope * x[i], 2);
  const double deviation = std::sqrt(squares / (m - 2));

  const auto line = straight_line(x, y);
  const auto check = [&](const auto& result) {
    BOOST_TEST(result.converged);
    BOOST_TEST(result.residual_count == x.size());
    BOOST_TEST(result.parameters[0] == level, boost::test_tools::tolerance(1e-11));
    BOOST_TEST(result.parameters[1] == slope, boost::test_tools::tolerance(1e-13));
    BOOST_TEST(result.residual_deviation() == deviation, boost::test_tools::tolerance(1e-13));
    const auto errors = result.standard_errors();
    BOOST_TEST(errors[0] == deviation * std::sqrt(sxx / determinant), boost::test_tools::tolerance(1e-12));
    BOOST_TEST(errors[1] == deviation * std::sqrt(m / determinant), boost::test_tools::tolerance(1e-12));
    BOOST_TEST(result.inverse_normal[0][1] == -sx / determinant, boost::test_tools::tolerance(1e-12));
  };
  check(tg::levenberg_marquardt(line, std::array{0.0, 0.0}));
  check(tg::levenberg_marquardt(normal_equations_of<decltype(line), double, 2>{line}, std::array{0.0, 0.0}));
}

// Many rows go through the triangular factor in blocks; the normal equations sum them one by one.
BOOST_AUTO_TEST_CASE(blocks_of_rows) {
  for (const std::size_t count : {2u, 71u, 72u, 73u, 144u, 1000u}) {
    std::vector<double> x, y;
    for (std::size_t i = 0; i < count; ++i) {
      x.push_back(static_cast<double>(i) / static_cast<double>(count));
      y.push_back(1 + 2 * x.back() + 0.1 * std::cos(7.0 * static_cast<double>(i)));
    }
    const auto line = straight_line(x, y);
    const auto one = tg::levenberg_marquardt(line, std::array{0.0, 0.0});
    const auto other =
        tg::levenberg_marquardt(normal_equations_of<decltype(line), double, 2>{line}, std::array{0.0, 0.0});
    BOOST_TEST_CONTEXT(count << " rows") {
      for (std::size_t i = 0; i < 2; ++i) {
        BOOST_TEST(one.parameters[i] == other.parameters[i], boost::test_tools::tolerance(1e-12));
        BOOST_TEST(one.inverse_normal[i][i] == other.inverse_normal[i][i],
                   boost::test_tools::tolerance(1e-11));
      }
    }
  }
}

// A polynomial of degree 7 with x in [1, 2]: the condition number is about 1e10, its square beyond what
// double can hold.
BOOST_AUTO_TEST_CASE(nearly_dependent_parameters) {
  constexpr std::size_t n = 8, count = 40;
  const auto polynomial = tg::least_squares_by_row(count, [](std::size_t i, const auto& v) {
    const double x = 1 + static_cast<double>(i) / (count - 1);
    std::array<double, n> powers{};
    double residual = 0, power = 1;
    for (std::size_t k = 0; k < n; ++k, power *= x) {
      powers[k] = power;
      residual += (v[k] - 1) * power;
    }
    return std::pair(residual, powers);
  });
  const auto result = tg::levenberg_marquardt(polynomial, point<n>{});
  BOOST_TEST(result.converged);
  for (const double parameter : result.parameters)
    BOOST_TEST(parameter == 1.0, boost::test_tools::tolerance(1e-4));
  BOOST_TEST(result.cost <= 1e-24);
}

// y = v0 exp(v1 x) with residuals of some size, which are orthogonal to the Jacobian at v = (2, 0.5): that is
// the minimum. Costs tell points apart to 1e-8 only; the parameters have to be right to full precision all
// the same.
BOOST_AUTO_TEST_CASE(accuracy_beyond_the_rounding_of_costs) {
  constexpr std::size_t count = 20;
  const std::array truth{2.0, 0.5};
  std::array<long double, count> columns[2], error;
  std::array<double, count> x{}, y{};
  for (std::size_t i = 0; i < count; ++i) {
    x[i] = static_cast<double>(i) / 4;
    columns[0][i] = std::exp(0.5l * x[i]);
    columns[1][i] = 2 * x[i] * columns[0][i];
    error[i] = 3 * std::sin(5.0l * x[i] * x[i] + 1);
  }
  const auto remove = [](auto& from, const auto& direction) {
    const long double share = std::inner_product(from.begin(), from.end(), direction.begin(), 0.0l) /
                              std::inner_product(direction.begin(), direction.end(), direction.begin(), 0.0l);
    for (std::size_t i = 0; i < count; ++i) from[i] -= share * direction[i];
  };
  remove(columns[1], columns[0]);
  for (int pass = 0; pass < 2; ++pass)
    for (const auto& column : columns) remove(error, column);
  for (std::size_t i = 0; i < count; ++i) y[i] = static_cast<double>(2 * std::exp(0.5l * x[i]) + error[i]);

  const auto growth = tg::least_squares_by_row(count, [&](std::size_t i, const auto& v) {
    const double power = std::exp(v[1] * x[i]);
    return std::pair(v[0] * power - y[i], std::array{power, v[0] * x[i] * power});
  });
  const auto result = tg::levenberg_marquardt(growth, std::array{1.0, 0.1});
  BOOST_TEST(result.converged);
  BOOST_TEST(result.residual_deviation() > 1.0);
  for (std::size_t i = 0; i < 2; ++i)
    BOOST_TEST(result.parameters[i] == truth[i], boost::test_tools::tolerance(1e-13));
}

// The number of steps to a fixed minimum does not wobble: a change of the damping's rule shows here.
BOOST_AUTO_TEST_CASE(number_of_steps) {
  BOOST_TEST(tg::levenberg_marquardt(rosenbrock(), std::array{-1.2, 1.0}).iterations <= 22u);
  BOOST_TEST(tg::levenberg_marquardt(rosenbrock(), std::array{6.4, 1.0}).iterations <= 26u);
}

// The steps are the same, whatever the units of the parameters.
BOOST_AUTO_TEST_CASE(units_do_not_matter) {
  constexpr double kilo = 1 << 20;  // a power of two, so that rounding is the same as well
  const auto scaled = tg::least_squares(
      2,
      [](const auto& v, auto r) {
        r[0] = 10 * (v[1] / kilo - v[0] * kilo * v[0] * kilo);
        r[1] = 1 - v[0] * kilo;
      },
      [](const auto& v, auto j) {
        j[0] = -20 * v[0] * kilo * kilo, j[1] = 10 / kilo;
        j[2] = -kilo, j[3] = 0;
      });
  const auto plain = tg::levenberg_marquardt(rosenbrock(), std::array{-1.2, 1.0});
  const auto other = tg::levenberg_marquardt(scaled, std::array{-1.2 / kilo, 1.0 * kilo});
  BOOST_TEST(plain.iterations == other.iterations);
  BOOST_TEST(plain.parameters[0] == other.parameters[0] * kilo);
  BOOST_TEST(plain.parameters[1] == other.parameters[1] / kilo);
}

BOOST_AUTO_TEST_CASE(other_number_types) {
  const auto single = tg::levenberg_marquardt(rosenbrock(), std::array{-1.2f, 1.0f});
  BOOST_TEST(single.converged);
  BOOST_TEST(std::abs(single.parameters[0] - 1) < 1e-5f);
  const auto extended = tg::levenberg_marquardt(rosenbrock(), std::array{-1.2l, 1.0l});
  BOOST_TEST(extended.converged);
  BOOST_TEST(std::abs(extended.parameters[0] - 1) < 1e-17l);
}
