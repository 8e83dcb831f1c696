// SPDX-License-Identifier: BSL-1.0
// Sums over rows in lanes against the same programs run on one row after the other: for every number of rows
// up to several registers, values and derivatives; where a row is does not change a bit of what it gives; and
// what may be said of rows and columns.
#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <random>
#include <span>
#include <typegrad/typegrad.hpp>
#include <vector>

namespace {

using namespace tg::literals;

constexpr auto t = tg::symbol<"t">;
constexpr auto y = tg::symbol<"y">;
constexpr auto p = tg::symbols<"p", 3>;
constexpr auto z = tg::symbols<"z", 3>;

template <class T>
struct table {
  std::vector<T> t, y;
  explicit table(std::size_t rows) {
    std::mt19937 random(7);
    std::uniform_real_distribution<double> number(-1.5, 1.5);
    for (std::size_t k = 0; k < rows; ++k)
      t.push_back(static_cast<T>(number(random))), y.push_back(static_cast<T>(number(random)));
  }
};

/// The sum of terms, and how much rounding may have changed it.
template <class T>
struct added {
  long double sum = 0, size = 0;
  void add(T x) { sum += x, size += std::fabs(x); }
  void compare(T own, const char* what, std::size_t rows) const {
    // Each row's own rounding, in other functions for exp and the like, and that of adding up.
    const long double allowed = 200 * std::numeric_limits<T>::epsilon() * (size + 1);
    BOOST_TEST(std::fabs(own - sum) <= allowed, what << " of " << rows << " rows: " << own << " and " << sum);
  }
};

/// All methods of a sum against one program that is run on each row.
template <class T, class F>
void check(const F& f, T scale) {
  const std::array<T, 3> at{scale * T(0.75), T(-0.5), T(1.25)};
  const auto each = tg::function(tg::inputs(t, y, p), tg::outputs(f, tg::gradient(f, p), tg::hessian(f, p)));
  for (std::size_t n = 0; n <= 70; n += n < 20 ? 1 : 7) {
    const table<T> data(n);
    const auto sum = tg::sum_over(tg::rows(t = data.t, y = data.y), f, p);
    added<T> value, cost;
    std::array<added<T>, 3> slope, normal;
    std::array<std::array<added<T>, 3>, 3> curvature, matrix;
    for (std::size_t row = 0; row < n; ++row) {
      const auto [r, g, h] = each(data.t[row], data.y[row], at);
      value.add(r), cost.add(r * r / 2);
      for (std::size_t i = 0; i < 3; ++i) {
        slope[i].add(g[i]), normal[i].add(r * g[i]);
        for (std::size_t k = 0; k < 3; ++k) curvature[i][k].add(h[i][k]), matrix[i][k].add(g[i] * g[k]);
      }
    }
    std::array<T, 3> slopes;
    const T both = sum.value_and_gradient(at, slopes);
    const auto gradient = sum.gradient(at);
    const auto hessian = sum.hessian(at);
    const auto squares = sum.gauss_newton(at);
    value.compare(sum.value(at), "value", n), value.compare(both, "value beside the gradient", n);
    cost.compare(squares.cost, "cost", n);
    for (std::size_t i = 0; i < 3; ++i) {
      slope[i].compare(gradient[i], "gradient", n),
          slope[i].compare(slopes[i], "gradient beside the value", n);
      normal[i].compare(squares.gradient[i], "J^T r", n);
      for (std::size_t k = 0; k < 3; ++k) {
        curvature[i][k].compare(hessian[i][k], "Hessian", n);
        matrix[i][k].compare(squares.matrix[i][k], "J^T J", n);
      }
    }
    std::size_t next = 0;
    sum.residuals(at, [&](std::size_t row, T r, std::span<const T, 3> g) {
      const auto [expected, slopes_of_row, h] = each(data.t[row], data.y[row], at);
      BOOST_TEST(row == next++);
      added<T> one;
      one.add(expected), one.compare(r, "residual", n);
      for (std::size_t i = 0; i < 3; ++i) added<T>{slopes_of_row[i], 1}.compare(g[i], "its gradient", n);
    });
    BOOST_TEST(next == n);
  }
}
template <class F>
void check(const F& f) {
  check<double>(f, 1.0), check<float>(f, 1.0f), check<double>(f, -1.0);
}

BOOST_AUTO_TEST_CASE(factors_and_terms_of_parameters) {
  check(p[0_c] * exp(-p[1_c] * t) + sin(p[2_c]) - y);
  check(p[0_c] * t / p[1_c] + p[0_c] * y / (p[2_c] * p[1_c]) + exp(p[0_c] * p[2_c]) * t * y - 2_c * t - y);
}
BOOST_AUTO_TEST_CASE(mixtures_of_exponentials) {
  check(logsumexp(p[0_c] - t * t, p[1_c] * t, p[2_c] * y + 1_c) - logsumexp(p[0_c], p[1_c], p[2_c]));
}
BOOST_AUTO_TEST_CASE(choices_by_rows_and_by_parameters) {
  check(where(t < p[1_c], p[0_c] * t, tanh(p[2_c] * y)) +
        where(p[0_c] < 0_c, p[1_c] * y, t * p[2_c] / p[0_c]));
  check(max(p[0_c] * t, y) * abs(p[1_c] - y) + min(p[2_c], t));
}
BOOST_AUTO_TEST_CASE(no_column_and_no_parameter) {
  check(p[0_c] * p[1_c] + exp(p[2_c]) + 0_c * (t + y));
  check(t + y * y + p[0_c] * p[1_c] * p[2_c]);
  check(p[0_c] * t + p[1_c] * t + p[2_c] * y);
}
BOOST_AUTO_TEST_CASE(functions_that_have_lanes_and_others) {
  check(erf(p[0_c] * t) + log1p(t * t) * p[1_c] + cos(p[2_c] * y) + sqrt(p[0_c] * p[0_c] + y * y));
  check(cbrt(p[0_c] + 3_c + t) * atan(p[1_c] * y) + pow(2_c + t, p[2_c]));
}
BOOST_AUTO_TEST_CASE(numbers_in_the_formula) {
  const double weight = 2.5;
  check(weight * p[0_c] * t + (p[1_c] - 0.25f) * y + 1.5 * p[2_c]);
}

/// A user's function, which runs on one number at a time.
struct doubled {
  static constexpr auto name = "doubled";
  static constexpr auto value(const auto& x) { return x + x; }
  static constexpr auto partials(const auto&) { return 2; }
};
BOOST_AUTO_TEST_CASE(a_function_of_a_user) { check(tg::apply<doubled>(p[0_c] * t) + p[1_c] * p[2_c] * y); }

BOOST_AUTO_TEST_CASE(where_a_row_is_changes_nothing) {
  const auto f = p[0_c] * exp(-p[1_c] * t) * tanh(y + p[2_c]) + t / (1_c + y * y);
  const std::array at{0.7, -0.4, 1.1};
  const table<double> all(67);
  const auto values = [&](std::size_t from, std::size_t end) {
    std::vector<std::array<double, 4>> out;
    const std::span<const double> ts{all.t}, ys{all.y};
    tg::sum_over(tg::rows(t = ts.subspan(from, end - from), y = ys.subspan(from, end - from)), f, p)
        .residuals(at, [&](std::size_t, double r, std::span<const double, 3> g) {
          out.push_back({r, g[0], g[1], g[2]});
        });
    return out;
  };
  const auto whole = values(0, 67);
  for (std::size_t from = 0; from < 67; from += 5)
    for (std::size_t end = from; end <= 67; ++end) {
      const auto part = values(from, end);
      for (std::size_t k = 0; k < part.size(); ++k) BOOST_TEST((part[k] == whole[from + k]));
    }
}

BOOST_AUTO_TEST_CASE(sums_in_constant_expressions) {
  constexpr std::array ts{1.0, 2.0, 4.0};
  constexpr auto sum = tg::sum_over(tg::rows(t = ts), p[0_c] * t * t + p[1_c] / p[2_c], p);
  constexpr std::array at{2.0, 3.0, 4.0};
  static_assert(sum.value(at) == 44.25);
  static_assert(sum.gradient(at) == std::array{21.0, 0.75, -0.5625});
  static_assert(sum.hessian(at)[1][2] == -0.1875);
  BOOST_TEST(sum.value(at) == 44.25);
}

// Columns of groups, chosen rows, several residuals.

BOOST_AUTO_TEST_CASE(columns_of_groups) {
  const auto f = p[0_c] * z[0_c] + p[1_c] * z[1_c] * t + p[2_c] * exp(z[2_c]);
  const std::array at{0.5, 2.0, -1.0};
  std::vector<double> flat;
  std::vector<std::array<double, 3>> nested;
  const table<double> data(21);
  double expected = 0;
  for (std::size_t row = 0; row < 21; ++row) {
    const double u = data.t[row], v = data.y[row];
    nested.push_back({u, v, u * v});
    for (const double each : nested.back()) flat.push_back(each);
    expected += at[0] * u + at[1] * v * u + at[2] * std::exp(u * v);
  }
  const auto near = boost::test_tools::tolerance(1e-13);
  BOOST_TEST(tg::sum_over(tg::rows(z = flat, t = data.t), f, p).value(at) == expected, near);
  BOOST_TEST(
      tg::sum_over(tg::rows(t = data.t, z = std::span<const double>(flat)), f, p).value(at) == expected,
      near);
  BOOST_TEST(tg::sum_over(tg::rows(z = nested, t = data.t), f, p).value(at) == expected, near);
  flat.pop_back();
  BOOST_CHECK_THROW(tg::rows(z = flat, t = data.t), tg::unequal_columns);
  nested.pop_back();
  BOOST_CHECK_THROW(tg::rows(z = nested, t = data.t), tg::unequal_columns);
}

BOOST_AUTO_TEST_CASE(some_of_the_rows) {
  const auto f = p[0_c] * exp(p[1_c] * t) + p[2_c] * y * y;
  const std::array at{0.5, 0.25, -1.0};
  const table<double> data(50);
  const auto sum = tg::sum_over(tg::rows(t = data.t, y = data.y), f, p);
  const auto near = boost::test_tools::tolerance(1e-13);
  std::mt19937 random(3);
  for (std::size_t first = 0; first <= 50; first += 7)
    for (std::size_t last = first; last <= 50; last += 3) {
      std::vector<int> list;
      table<double> part(0);
      for (std::size_t row = first; row < last; ++row) list.push_back(static_cast<int>(row));
      std::shuffle(list.begin(), list.end(), random);
      for (std::size_t row = first; row < last; ++row)
        part.t.push_back(data.t[row]), part.y.push_back(data.y[row]);
      const auto expected = tg::sum_over(tg::rows(t = part.t, y = part.y), f, p);
      std::array<double, 3> slopes, slopes_of_list;
      BOOST_TEST(sum.value(at, first, last) == expected.value(at));
      BOOST_TEST(sum.value_and_gradient(at, slopes, first, last) == expected.value(at), near);
      BOOST_TEST(sum.value_and_gradient(at, slopes_of_list, list) == expected.value(at), near);
      BOOST_TEST((sum.gradient(at, first, last) == expected.gradient(at)));
      BOOST_TEST((sum.hessian(at, first, last) == expected.hessian(at)));
      BOOST_TEST(sum.gauss_newton(at, list).cost == expected.gauss_newton(at).cost, near);
      for (std::size_t k = 0; k < 3; ++k) BOOST_TEST(std::fabs(slopes[k] - slopes_of_list[k]) < 1e-12);
    }
  BOOST_CHECK_THROW(sum.value(at, 3, 2), tg::unfit_rows);
  BOOST_CHECK_THROW(sum.value(at, 3, 51), tg::unfit_rows);
  BOOST_CHECK_THROW(sum.gradient(at, std::vector{3, 50}), tg::unfit_rows);
  BOOST_CHECK_THROW(sum.gradient(at, std::vector{-1}), tg::unfit_rows);
}

BOOST_AUTO_TEST_CASE(several_residuals_in_a_row) {
  const auto rx = p[0_c] * cos(p[1_c] * t) - y;
  const auto ry = p[0_c] * sin(p[1_c] * t) + p[2_c];
  const std::array at{1.5, 0.75, -0.25};
  const table<double> data(43);
  const auto rows = tg::rows(t = data.t, y = data.y);
  const auto both = tg::sum_over(rows, tg::outputs(rx, ry), p);
  const auto first = tg::sum_over(rows, rx, p, tg::allow_zero).gauss_newton(at);
  const auto second = tg::sum_over(rows, ry, p).gauss_newton(at);
  const auto near = boost::test_tools::tolerance(1e-13);
  const auto all = both.gauss_newton(at);
  BOOST_TEST(both.row_count() == 43u);
  BOOST_TEST(both.residual_count() == 86u);
  BOOST_TEST(all.cost == first.cost + second.cost, near);
  for (std::size_t i = 0; i < 3; ++i) {
    BOOST_TEST(all.gradient[i] == first.gradient[i] + second.gradient[i], near);
    for (std::size_t k = 0; k < 3; ++k)
      BOOST_TEST(std::fabs(all.matrix[i][k] - first.matrix[i][k] - second.matrix[i][k]) < 1e-11);
  }
  std::size_t next = 0;
  both.residuals(at, [&](std::size_t place, double r, std::span<const double, 3> g) {
    BOOST_TEST(place == next++);
    const double u = data.t[place / 2], angle = at[1] * u;
    const bool of_x = place % 2 == 0;
    BOOST_TEST(std::fabs(r - (of_x ? at[0] * std::cos(angle) - data.y[place / 2]
                                   : at[0] * std::sin(angle) + at[2])) < 1e-14);
    BOOST_TEST(std::fabs(g[1] - at[0] * u * (of_x ? -std::sin(angle) : std::cos(angle))) < 1e-14);
    BOOST_TEST(g[2] == (of_x ? 0 : 1));
  });
  BOOST_TEST(next == 86u);
}

}  // namespace
