// SPDX-License-Identifier: BSL-1.0
// The code of docs/random.md: dropout in a network, and initial values.
#include <cmath>
#include <iostream>
#include <string_view>
#include <typegrad/random.hpp>
#include <vector>

#include "support/expect.hpp"

using example::expect;
using namespace tg::literals;

// [dropout]
constexpr auto x = tg::array<"x", tg::rows, 8>;
constexpr auto w = tg::array<"w", 8, 64>;
constexpr auto v = tg::array<"v", 64>;
constexpr auto rate = tg::symbol<"rate">;
constexpr auto step = tg::symbol<"step">;
constexpr auto hidden = tg::dropout<"hidden">(tanh(matmul(x, w)), rate, step);
constexpr auto loss = tg::mean(pow(matmul(hidden, v) - 1_c, 2_c));
constexpr auto fn =
    tg::function(tg::inputs(x, w, v, rate, step), tg::outputs(loss, tg::gradient(loss, w, v)));
// [dropout]

// [initial values]
constexpr auto seed = tg::symbol<"seed">;
constexpr auto initial = tg::function(
    tg::inputs(seed),
    tg::outputs(tg::random_normal<"w", 8, 64>(seed) / sqrt(8_c), tg::random_uniform<"v", 64>(seed) - 0.5_c));
// [initial values]

int main() {
  // [use]
  std::vector<double> weights(8 * 64), outer(64), space(initial.workspace<double>());
  initial(1.0, weights, outer, space);  // the same numbers wherever it runs

  const std::vector<double> points(20 * 8, 0.25);
  std::vector<double> dw(8 * 64), dv(64), memory(fn.workspace<double>(20));
  const double first = fn(points, weights, outer, 0.5, 1.0, dw, dv, memory);   // drops half of the units
  const double again = fn(points, weights, outer, 0.5, 1.0, dw, dv, memory);   // the same half
  const double second = fn(points, weights, outer, 0.5, 2.0, dw, dv, memory);  // another half
  const double whole = fn(points, weights, outer, 0.0, 2.0, dw, dv, memory);   // when it is evaluated: none
  // [use]

  // [parameters]
  constexpr auto theta = tg::parameters(w, v);
  std::vector<double> all(theta.size());
  theta.each(all, [](std::string_view name, auto shape, auto own) {  // shape[0]: the inputs of a layer
    const double bound = 1 / std::sqrt(static_cast<double>(shape[0]));
    tg::fill_uniform(own, name, 1, -bound, bound);
  });
  // [parameters]
  expect(std::abs(all[0]) < 1 / std::sqrt(8.0) && std::abs(all[512]) < 1 / 8.0 && all[512] != all[0]);
  std::cout << first << ' ' << again << ' ' << second << ' ' << whole << '\n';
  expect(first == again && first != second && second != whole);
}
