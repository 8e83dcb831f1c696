// SPDX-License-Identifier: BSL-1.0
// The code of docs/losses.md, compiled and run.
#include <array>
#include <cmath>
#include <iostream>
#include <typegrad/loss.hpp>
#include <typegrad/optimize/first_order.hpp>
#include <vector>

#include "support/expect.hpp"

using example::expect;
using namespace tg::literals;

// [calls]
namespace loss = tg::loss;
constexpr auto x = tg::array<"x", tg::rows, 2>;
constexpr auto y = tg::index<"y", tg::rows>;            // a class for each row: 0, 1 or 2
constexpr auto counts = tg::array<"counts", tg::rows>;  // 1, or 0 where a row only fills up the batch
constexpr auto w = tg::array<"w", 2, 3>;
constexpr auto b = tg::array<"b", 3>;
constexpr auto logits = matmul(x, w) + b;
constexpr auto per_row = loss::cross_entropy(logits, y, loss::none);
static_assert(tg::shape_of(per_row) == tg::extents<tg::extent<"rows">>{});
constexpr auto weighted =
    loss::cross_entropy(logits, y, loss::label_smoothing(0.1_c), loss::sample_weights(counts));
// [calls]

// [readable]
constexpr auto s = tg::array<"s", tg::rows, 3>;
static_assert(loss::cross_entropy(s, y) == tg::mean(tg::logsumexp<1>(s) - tg::take_along<1>(s, y)));
// [readable]

// [own]
constexpr auto pinball = [](auto prediction, auto target, auto quantile) {
  const auto d = target - prediction;
  return tg::mean(where(d < 0_c, (quantile - 1_c) * d, quantile * d));
};
constexpr auto p = tg::array<"p", tg::rows>;
constexpr auto t = tg::array<"t", tg::rows>;
constexpr auto upper = pinball(p, t, 0.9_c);
// [own]

int main() {
  // [training]
  constexpr auto theta = tg::parameters(w, b);
  auto run = tg::bound<double>(
      tg::function(tg::inputs(x, y, counts, theta), tg::outputs(weighted, tg::gradient(weighted, theta))));
  const std::vector<double> points{0,   0, 0.2, -0.1, 4,   0,   3.9,
                                   0.3, 0, 4,   0.1,  4.2, 1e9, 1e9};  // the last row fills up
  const std::vector<int> sides{0, 0, 1, 1, 2, 2, 0};
  const std::vector<double> real{1, 1, 1, 1, 1, 1, 0};
  std::vector<double> weights(theta.size()), slopes(theta.size());
  tg::first_order<tg::adam, double> rule({.rate = 0.1}, theta.size());
  double cost = 0;
  for (int step = 0; step < 300; ++step) {
    cost = run(points, sides, real, weights, slopes);
    rule.step(weights, slopes);
  }
  // [training]
  std::cout << "cross entropy with smoothed labels: " << cost << '\n';
  // Smoothed labels have an entropy of their own: -(0.9 + 0.1/3) log(0.9333) - 2 (0.1/3) log(0.0333).
  expect(cost < 0.31 && cost > 0.29);
  auto high = tg::bound<double>(tg::function(tg::inputs(p, t), tg::outputs(upper)));
  expect(std::fabs(high(std::array{1.0, 1.0}, std::array{2.0, 0.0}) - 0.5) < 1e-15);
}
