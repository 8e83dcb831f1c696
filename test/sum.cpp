// SPDX-License-Identifier: BSL-1.0
// Sums over rows of data against loops over the same formula by hand: value, gradient, Hessian, the
// Gauss-Newton sums, and what the columns and the parameters may be.
#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <span>
#include <typegrad/typegrad.hpp>
#include <vector>

namespace {

using namespace tg::literals;

constexpr auto t = tg::symbol<"t">;
constexpr auto y = tg::symbol<"y">;
constexpr auto a = tg::symbol<"a">;
constexpr auto p = tg::symbols<"p", 2>;

/// The residual of a decay with an offset, p0 exp(-p1 t) + a - y.
constexpr auto residual = p[0_c] * exp(-p[1_c] * t) + a - y;

struct by_hand {
  double value = 0, cost = 0;
  std::array<double, 3> gradient{}, gauss_newton{};
  std::array<std::array<double, 3>, 3> hessian{}, matrix{};
};
/// The sums for parameters in the order a, p0, p1.
by_hand loop(const std::vector<double>& times, const std::vector<double>& values,
             const std::array<double, 3>& at) {
  by_hand s;
  for (std::size_t row = 0; row < times.size(); ++row) {
    const double u = times[row], e = std::exp(-at[2] * u), r = at[1] * e + at[0] - values[row];
    const std::array<double, 3> g{1, e, -u * at[1] * e};
    const double h[3][3] = {{0, 0, 0}, {0, 0, -u * e}, {0, -u * e, u * u * at[1] * e}};
    s.value += r;
    s.cost += r * r / 2;
    for (std::size_t i = 0; i < 3; ++i) {
      s.gradient[i] += g[i];
      s.gauss_newton[i] += r * g[i];
      for (std::size_t j = 0; j < 3; ++j) s.hessian[i][j] += h[i][j], s.matrix[i][j] += g[i] * g[j];
    }
  }
  return s;
}

const std::vector<double> times{0, 0.5, 1, 2, 4, 7};
const std::vector<double> values{3.1, 2.3, 1.9, 1.2, 0.8, 0.55};
const std::array at{0.4, 2.5, 0.6};
// Sums of six terms in another order: rounding only.
const auto rounding = boost::test_tools::tolerance(1e-13);

void compare(const auto& sum) {
  const by_hand expected = loop(times, values, at);
  BOOST_TEST(sum.row_count() == 6u);
  BOOST_TEST(sum.parameter_count() == 3u);
  BOOST_TEST(sum.value(at) == expected.value, rounding);
  const auto gradient = sum.gradient(at);
  std::array<double, 3> slopes{};
  BOOST_TEST(sum.value_and_gradient(at, slopes) == sum.value(at), rounding);
  BOOST_TEST(slopes == gradient, boost::test_tools::per_element());
  BOOST_CHECK_THROW(sum.value_and_gradient(at, std::span<double>(slopes).first(2)), tg::unequal_slopes);
  const auto hessian = sum.hessian(at);
  const auto all = sum.gauss_newton(at);
  BOOST_TEST(all.cost == expected.cost, rounding);
  for (std::size_t i = 0; i < 3; ++i) {
    BOOST_TEST(gradient[i] == expected.gradient[i], rounding);
    BOOST_TEST(all.gradient[i] == expected.gauss_newton[i], rounding);
    for (std::size_t j = 0; j < 3; ++j) {
      BOOST_TEST(hessian[i][j] == expected.hessian[i][j], rounding);
      BOOST_TEST(all.matrix[i][j] == expected.matrix[i][j], rounding);
    }
  }
}

BOOST_AUTO_TEST_CASE(sums_equal_loops) {
  compare(tg::sum_over(tg::rows(t = times, y = values), residual, a, p));
}

BOOST_AUTO_TEST_CASE(columns_of_several_kinds) {
  const std::span<const double> view{values};
  compare(tg::sum_over(tg::rows(y = view, t = std::array{0.0, 0.5, 1.0, 2.0, 4.0, 7.0}), residual, a, p));
  // Whole numbers and floats are columns too.
  const auto counts = tg::sum_over(tg::rows(t = std::vector{1, 2, 3}), a * t, a);
  BOOST_TEST(counts.value(std::array{0.5}) == 3);
  BOOST_TEST(counts.gradient(std::vector{0.5})[0] == 6);
}

BOOST_AUTO_TEST_CASE(a_copied_column_outlives_its_vector) {
  const auto make = [] {
    const std::vector<double> local{1, 2, 3};
    return tg::sum_over(tg::rows(t = local), a * t, a);
  };
  const auto sum = make();
  BOOST_TEST(sum.value(std::array{2.0}) == 12);
}

BOOST_AUTO_TEST_CASE(numbers_in_the_formula) {
  const auto weighted = [](double w) {
    return tg::sum_over(tg::rows(t = times, y = values), w * (residual + 1.5) * residual, a, p);
  };
  for (const double w : {2.0, -0.25}) {
    double value = 0, by_a = 0, by_a_twice = 0;
    for (std::size_t row = 0; row < times.size(); ++row) {
      const double r = at[1] * std::exp(-at[2] * times[row]) + at[0] - values[row];
      value += w * (r + 1.5) * r;
      by_a += w * (2 * r + 1.5);
      by_a_twice += 2 * w;
    }
    BOOST_TEST(weighted(w).value(at) == value, rounding);
    BOOST_TEST(weighted(w).gradient(at)[0] == by_a, rounding);
    BOOST_TEST(weighted(w).hessian(at)[0][0] == by_a_twice, rounding);
    BOOST_TEST(weighted(w).gauss_newton(at).matrix[0][0] > 0);
  }
}

BOOST_AUTO_TEST_CASE(residuals_row_by_row) {
  const auto sum = tg::sum_over(tg::rows(t = times, y = values), residual, a, p);
  double cost = 0;
  std::size_t next = 0;
  sum.residuals(at, [&](std::size_t row, double r, std::span<const double, 3> gradient) {
    BOOST_TEST(row == next++);
    BOOST_TEST(gradient[1] == std::exp(-at[2] * times[row]), rounding);
    cost += r * r / 2;
  });
  BOOST_TEST(next == times.size());
  BOOST_TEST(cost == sum.gauss_newton(at).cost, rounding);
}

BOOST_AUTO_TEST_CASE(edges) {
  const auto none = tg::sum_over(tg::rows(t = std::vector<double>{}), a * t, a);
  BOOST_TEST(none.value(std::array{2.0}) == 0);
  BOOST_TEST(none.gauss_newton(std::array{2.0}).matrix[0][0] == 0);
  BOOST_CHECK_THROW(tg::rows(t = times, y = std::vector{1.0}), tg::unequal_columns);
}

}  // namespace
