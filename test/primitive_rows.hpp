// SPDX-License-Identifier: BSL-1.0
// A table of primitives whose values and partial derivatives to third order are held against a 100-digit
// evaluation that is not this library (oracle.hpp), for the tests that have a row for each primitive. Errors
// are counted in units in the last place (ulp) of the true value.
#pragma once

#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <iomanip>
#include <iostream>
#include <string>
#include <string_view>
#include <typegrad/typegrad.hpp>
#include <vector>

#include "oracle.hpp"

namespace rows_of_primitives {

using namespace tg::literals;
namespace op = tg::op;
using number = oracle::digits100;

// --- The partial derivatives that are compared: all of order 0 to 3

template <int arity>
constexpr auto orders_to_third() {
  constexpr int count = arity == 1 ? 4 : 10;
  std::array<std::array<int, arity>, count> all{};
  int k = 0;
  for (int total = 0; total <= 3; ++total)
    for (int code = 0; code < (arity == 1 ? 4 : 16); ++code) {
      int sum = 0;
      std::array<int, arity> orders{};
      for (int i = 0, c = code; i < arity; ++i, c /= 4) sum += orders[static_cast<std::size_t>(i)] = c % 4;
      if (sum == total) all[static_cast<std::size_t>(k++)] = orders;
    }
  return all;
}

/// The derivative of that order; zero, not an error, where a lower one is a constant already.
template <int order>
constexpr auto nth(auto formula, auto symbol) {
  if constexpr (order == 0)
    return formula;
  else
    return nth<order - 1>(tg::diff(formula, symbol, tg::allow_zero), symbol);
}

constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;

template <int arity, std::size_t k>
constexpr auto partial(auto formula) {
  constexpr auto orders = orders_to_third<arity>()[k];
  if constexpr (arity == 1)
    return nth<orders[0]>(formula, x);
  else
    return nth<orders[1]>(nth<orders[0]>(formula, x), y);
}

/// Each partial in a program of its own, so that none can lean on another's values.
template <class Formula, int arity>
std::vector<double> partials_by_library(const double* at) {
  return [&]<std::size_t... k>(std::index_sequence<k...>) {
    return std::vector<double>{[&] {
      constexpr auto derivative = partial<arity, k>(Formula{});
      if constexpr (arity == 1)
        return tg::function(tg::inputs(x), tg::outputs(derivative))(at[0]);
      else
        return tg::function(tg::inputs(x, y), tg::outputs(derivative))(at[0], at[1]);
    }()...};
  }
  (std::make_index_sequence<orders_to_third<arity>().size()>{});
}

template <int arity>
std::vector<number> partials_by_oracle(number (*f)(const number*), const double* at, const double* scale) {
  std::array<number, arity> wide_at, wide_scale;
  for (std::size_t i = 0; i < arity; ++i) {
    wide_at[i] = at[i];
    wide_scale[i] = scale[i];
  }
  std::vector<number> all;
  for (const auto& orders : orders_to_third<arity>()) {
    number value = oracle::derivative<number, arity>(f, wide_at.data(), orders, wide_scale);
    // What differences leave of an exact zero.
    number noise = abs(f(wide_at.data())) * number("1e-45");
    for (std::size_t i = 0; i < arity; ++i) noise /= pow(wide_scale[i], number(orders[i]));
    all.push_back(abs(value) <= noise ? number(0) : value);
  }
  return all;
}

template <int arity>
std::vector<int> total_orders() {
  std::vector<int> all;
  for (const auto& orders : orders_to_third<arity>()) {
    int total = 0;
    for (int order : orders) total += order;
    all.push_back(total);
  }
  return all;
}

// --- Rows

/// A point, and per argument the distance over which the function changes its character: to a pole or a
/// branch point, or 1.
struct point {
  std::array<double, 2> at;
  std::array<double, 2> scale = {1, 1};
};
inline point at(double a) { return {{a}}; }
point at(double a, double b) { return {{a, b}}; }
inline point near(double a, double distance) { return {{a}, {distance}}; }
inline point near(double a, double b, double distance_a, double distance_b) {
  return {{a, b}, {distance_a, distance_b}};
}

/// Allowed errors in ulp for value, first, second and third derivatives, and why where that is more than
/// usual. Errors are counted in ulp of the true value or of `of_at_least`, whichever is larger.
struct tolerance {
  std::array<double, 4> ulps = {2, 4, 8, 16};
  double of_at_least = 0;
  std::string_view reason = "";
};

struct row {
  std::string_view name;
  int arity;
  std::vector<double> (*library)(const double*);
  std::vector<number> (*truth)(number (*)(const number*), const double*, const double*);
  std::vector<int> (*orders)();
  number (*function)(const number*);
  std::vector<point> points;
  tolerance allowed = {};
};

template <class Op, class Formula, int arity>
row make_row(number (*f)(const number*), std::vector<point> points, tolerance allowed) {
  return {Op::name,
          arity,
          partials_by_library<Formula, arity>,
          partials_by_oracle<arity>,
          total_orders<arity>,
          f,
          std::move(points),
          allowed};
}
template <class Op>
row unary(number (*f)(const number*), std::vector<point> points, tolerance allowed = {}) {
  return make_row<Op, decltype(tg::apply<Op>(x)), 1>(f, std::move(points), allowed);
}
template <class Op>
row binary(number (*f)(const number*), std::vector<point> points, tolerance allowed = {}) {
  return make_row<Op, decltype(tg::apply<Op>(x, y)), 2>(f, std::move(points), allowed);
}
/// A primitive that needs company, such as a comparison: `formula` contains it.
template <class Op, int arity, class Formula>
row within(Formula, number (*f)(const number*), std::vector<point> points, tolerance allowed = {}) {
  return make_row<Op, Formula, arity>(f, std::move(points), allowed);
}

using in = const number*;
const double tiny = std::ldexp(1.0, -33);  // 1 - tiny and 1 + tiny are doubles

/// |value - truth| in units of the last place of the truth, or of `at_least`.
inline double error_in_ulps(double value, const number& truth, double at_least) {
  const double rounded = std::max(std::abs(static_cast<double>(truth)), at_least);
  const double ulp = std::nextafter(rounded, HUGE_VAL) - rounded;
  if (!std::isfinite(value)) return HUGE_VAL;
  return static_cast<double>(abs(number(number(value) - truth)) / ulp);
}

/// Every row at every point.
inline void compare(const std::vector<row>& rows) {
  std::cout << "largest error in ulp of value, first, second and third derivatives\n";
  for (const row& r : rows) {
    std::array<double, 4> largest{};
    for (const point& p : r.points) {
      const auto found = r.library(p.at.data());
      const auto truth = r.truth(r.function, p.at.data(), p.scale.data());
      const auto orders = r.orders();
      for (std::size_t k = 0; k < found.size(); ++k) {
        const auto order = static_cast<std::size_t>(orders[k]);
        const double error = error_in_ulps(found[k], truth[k], r.allowed.of_at_least);
        largest[order] = std::max(largest[order], error);
        BOOST_TEST(error <= r.allowed.ulps[order],
                   r.name << ", partial " << k << " (order " << order << ") at (" << std::setprecision(17)
                          << p.at[0] << (r.arity > 1 ? ", " + std::to_string(p.at[1]) : "") << "): is "
                          << found[k] << ", should be " << truth[k].str(20) << ", " << std::setprecision(3)
                          << error << " ulp > " << r.allowed.ulps[order]);
      }
    }
    std::cout << std::left << std::setw(12) << r.name << std::right << std::fixed << std::setprecision(1);
    for (double ulps : largest) std::cout << std::setw(8) << ulps;
    std::cout << (r.allowed.reason.empty() ? "" : "   allowed more: ") << r.allowed.reason << '\n'
              << std::defaultfloat;
  }
}

template <class... Op>
std::vector<std::string_view> names(tg::op::primitives<Op...>) {
  return {Op::name...};
}

/// Every primitive of the list has a row.
template <class List>
void require_rows(const std::vector<row>& rows) {
  for (const auto name : names(List{}))
    BOOST_TEST(std::ranges::any_of(rows, [&](const row& r) { return r.name == name; }),
               "primitive '" << name << "' has no row in its table");
}

}  // namespace rows_of_primitives
