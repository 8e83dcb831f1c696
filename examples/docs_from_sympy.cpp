// SPDX-License-Identifier: BSL-1.0
// The code of docs/from-sympy.md, compiled and run.
#include <cmath>
#include <cstdio>
#include <typegrad/typegrad.hpp>

#include "support/expect.hpp"

// [program]
using namespace tg::literals;

constexpr auto x = tg::symbol<"x">;
constexpr auto s = tg::symbol<"s">;
constexpr auto f = exp(-x * x / (2_c * s * s)) / (s * sqrt(2_c * tg::pi));

constexpr auto slope = tg::diff(f, x);
constexpr auto bend = tg::diff(f, x, x);
constexpr auto g = tg::function(tg::inputs(x, s), tg::outputs(f, slope, bend));  // lambdify, cse included
// [program]

int main() {
  // [call]
  const auto [value, first, second] = g(0.5, 1.0);
  std::printf("%s\n%s\n", tg::to_string(slope).c_str(), tg::to_latex(slope).c_str());
  // [call]
  example::expect(std::abs(first + 0.5 * value) < 1e-15 && std::abs(second + 0.75 * value) < 1e-15);
  // [exact]
  static_assert(tg::diff(pow(x, 3_c), x) == 3_c * x * x);                 // types are equal, not numbers
  static_assert(tg::substitute(x * x + s, x = s) == s + s * s);           // subs
  static_assert(tg::taylor<3>(sin(x), x, 0_c) == x - pow(x, 3_c) / 6_c);  // series
  static_assert(1_c / 3_c + 1_c / 6_c == 1_c / 2_c);                      // Rational
  // [exact]
  return example::status();
}
