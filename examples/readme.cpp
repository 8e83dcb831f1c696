// SPDX-License-Identifier: BSL-1.0
// The first page of the documentation: a formula, its derivative as a type, and a compiled function.
// [ten lines]
#include <typegrad/typegrad.hpp>

constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;
constexpr auto f = x * sin(y);      // a formula: its graph is its type
constexpr auto g = tg::diff(f, y);  // so is its derivative, made by the compiler
static_assert(g == x * cos(y));     // equal formulas have the same type
static_assert(tg::to_string(g).view() == "x*cos(y)");
static_assert(tg::cost(g).transcendental == 1);
constexpr auto fn = tg::function(tg::inputs(x, y), tg::outputs(f, tg::gradient(f, x, y)));
// [ten lines]

#include "support/expect.hpp"

using example::expect;
using example::near;

int main() {
  // [call]
  auto [value, gradient] = fn(2.0, 1.0);  // a double and a std::array<double, 2>, straight-line code
  double slope = g(x = 2.0, y = 1.0);     // one formula, called with named values
  // [call]
  expect(near(value, 2 * std::sin(1.0)));
  expect(near(gradient[0], std::sin(1.0)));
  expect(near(gradient[1], 2 * std::cos(1.0)));
  expect(slope == gradient[1]);
  return example::status();
}
