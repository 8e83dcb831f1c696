// SPDX-License-Identifier: BSL-1.0
// Two functions with everything that is known of their derivatives, for the tests of the checks.
#pragma once

#include <array>
#include <cmath>

namespace checked {

using point = std::array<double, 2>;

// f(x, y) = x^2 y + sin y and everything about it.
inline double f(const point& p) { return p[0] * p[0] * p[1] + std::sin(p[1]); }
inline point gradient(const point& p) { return {2 * p[0] * p[1], p[0] * p[0] + std::cos(p[1])}; }
inline std::array<point, 2> hessian(const point& p) {
  return {{{2 * p[1], 2 * p[0]}, {2 * p[0], -std::sin(p[1])}}};
}
inline point hvp(const point& p, const point& v) {
  const auto h = hessian(p);
  return {h[0][0] * v[0] + h[0][1] * v[1], h[1][0] * v[0] + h[1][1] * v[1]};
}
inline constexpr point here{1.5, 0.7};

// Three outputs.
inline std::array<double, 3> outputs(const point& p) {
  return {p[0] * std::cos(p[1]), p[0] * std::sin(p[1]), p[0] * p[0]};
}
inline std::array<point, 3> jacobian(const point& p) {
  return {{{std::cos(p[1]), -p[0] * std::sin(p[1])}, {std::sin(p[1]), p[0] * std::cos(p[1])}, {2 * p[0], 0}}};
}
inline std::array<double, 3> jvp(const point& p, const point& v) {
  std::array<double, 3> product{};
  for (std::size_t i = 0; i < 3; ++i) product[i] = jacobian(p)[i][0] * v[0] + jacobian(p)[i][1] * v[1];
  return product;
}
inline point vjp(const point& p, const std::array<double, 3>& w) {
  point product{};
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 2; ++j) product[j] += w[i] * jacobian(p)[i][j];
  return product;
}

}  // namespace checked
