// SPDX-License-Identifier: BSL-1.0
// What a row of the tables of edges is made of: a formula's value and derivatives at a point, and what is
// expected.
#pragma once

#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <numbers>
#include <span>
#include <string_view>
#include <typegrad/special.hpp>
#include <typegrad/typegrad.hpp>
#include <vector>

namespace {

using namespace tg::literals;

constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;
constexpr double infinity = std::numeric_limits<double>::infinity();
/// Expected where a derivative is unbounded and its terms may have both signs: infinite or not a number, but
/// never a finite value.
constexpr double unbounded = 1.7e308;
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

// --- Evaluation
// ----------------------------------------------------------------------------------------------------------------

/// d^k/dx^k f; zero once a derivative is constant.
template <int k>
constexpr auto derivative(auto f) {
  if constexpr (k == 0)
    return f;
  else
    return derivative<k - 1>(tg::diff(f, x, tg::allow_zero));
}

/// f and its first three derivatives at x.
std::array<double, 4> to_third(auto f, double at) {
  const auto value = [at](auto g) { return tg::function(tg::inputs(x), tg::outputs(g))(at); };
  return {value(f), value(derivative<1>(f)), value(derivative<2>(f)), value(derivative<3>(f))};
}

/// f and its gradient at (x, y), from one program.
std::array<double, 3> with_gradient(auto f, double at_x, double at_y) {
  std::array<double, 3> out{};
  tg::function(tg::inputs(x, y), tg::outputs(f, tg::gradient(f, x, y)))(std::array{at_x, at_y}, out);
  return out;
}

/// f_xx, f_xy, f_yy at (x, y).
std::array<double, 3> second(auto f, double at_x, double at_y) {
  const auto h = tg::function(tg::inputs(x, y), tg::outputs(tg::hessian(f, x, y)))(at_x, at_y);
  return {h[0][0], h[0][1], h[1][1]};
}

/// f_xxx, f_xxy, f_xyy, f_yyy at (x, y).
std::array<double, 4> third(auto f, double at_x, double at_y) {
  const auto by = [](auto g, auto s) { return tg::diff(g, s, tg::allow_zero); };
  const auto xx = by(by(f, x), x);
  const auto yy = by(by(f, y), y);
  const auto v =
      tg::function(tg::inputs(x, y), tg::outputs(by(xx, x), by(xx, y), by(yy, x), by(yy, y)))(at_x, at_y);
  return {get<0>(v), get<1>(v), get<2>(v), get<3>(v)};
}

// --- The table
// -------------------------------------------------------------------------------------------------------------------

struct row {
  std::string_view where;
  std::vector<double> found;
  std::vector<double> expected;
  double ulps = 4;  // of the expected value; infinities, zeros and NaN have to be met exactly
};

template <std::size_t n>
row edge(std::string_view where, const std::array<double, n>& found, const std::array<double, n>& expected,
         double ulps = 4) {
  return {where, {found.begin(), found.end()}, {expected.begin(), expected.end()}, ulps};
}
using four = std::array<double, 4>;
using three = std::array<double, 3>;

bool agrees(double found, double expected, double ulps) {
  if (expected == unbounded) return !std::isfinite(found);
  if (std::isnan(expected)) return std::isnan(found);
  if (found == expected) return true;
  if (!std::isfinite(found) || !std::isfinite(expected)) return false;
  const double size = std::abs(expected);
  // Below the normal range, an absolute error of the smallest normal number is a zero for all purposes.
  return std::abs(found - expected) <=
         std::max(ulps * (std::nextafter(size, infinity) - size), std::numeric_limits<double>::min());
}

void check(const std::vector<row>& table) {
  for (const row& r : table)
    for (std::size_t k = 0; k < r.found.size(); ++k)
      BOOST_TEST(agrees(r.found[k], r.expected[k], r.ulps),
                 r.where << ", entry " << k << ": is " << r.found[k] << ", should be " << r.expected[k]);
}

}  // namespace
