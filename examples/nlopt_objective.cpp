// SPDX-License-Identifier: BSL-1.0
// Formulas as objective and constraint of NLopt: the point of an ellipse that is nearest to a given one.
#include <cmath>
#include <iostream>
#include <nlopt.hpp>
#include <typegrad/optimize/nlopt.hpp>
#include <typegrad/typegrad.hpp>
#include <vector>

#include "support/expect.hpp"

using example::expect;
using namespace tg::literals;

constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;
constexpr auto a = tg::symbol<"a">;
constexpr auto b = tg::symbol<"b">;
constexpr auto distance = hypot(x - a, y - b);

int main() {
  const auto objective = tg::objective(distance, x, y, a = 3.0, b = 1.0);
  const auto ellipse = tg::objective(x * x / 4_c + y * y - 1_c, x, y);

  nlopt::opt optimizer(nlopt::LD_SLSQP, 2);
  tg::set_min_objective(optimizer, objective);
  tg::add_equality_constraint(optimizer, ellipse, 1e-12);
  optimizer.set_xtol_rel(1e-12);
  std::vector<double> point{1, 1};
  double nearest = 0;
  optimizer.optimize(point, nearest);
  std::cout << "nearest point (" << point[0] << ", " << point[1] << ") at distance " << nearest << '\n';

  // On the ellipse, and the way to the given point is along its normal (x/2, 2y).
  expect(std::abs(point[0] * point[0] / 4 + point[1] * point[1] - 1) < 1e-9);
  expect(std::abs((3 - point[0]) * 2 * point[1] - (1 - point[1]) * point[0] / 2) < 1e-5);

  // Without a constraint and with a method that asks for no gradient.
  nlopt::opt simplex(nlopt::LN_NELDERMEAD, 2);
  tg::set_min_objective(simplex, objective);
  simplex.set_xtol_rel(1e-9);
  simplex.optimize(point, nearest);
  expect(nearest < 1e-7);
  return example::status();
}
