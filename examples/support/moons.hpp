// SPDX-License-Identifier: BSL-1.0
// The network and the training of micrograd's demo (Karpathy 2020): points of the plane are told apart by a
// network of 2, 16, 16 and 1 units with relu, by the loss of a support vector machine and a little decay.
#pragma once

#include <random>
#include <span>
#include <typegrad/array.hpp>
#include <vector>

namespace demo::moons {

using namespace tg::literals;

inline constexpr auto points = tg::array<"points", tg::rows, 2>;
inline constexpr auto side = tg::array<"side", tg::rows>;  // 1 or -1
inline constexpr auto w1 = tg::array<"w1", 2, 16>;
inline constexpr auto b1 = tg::array<"b1", 16>;
inline constexpr auto w2 = tg::array<"w2", 16, 16>;
inline constexpr auto b2 = tg::array<"b2", 16>;
inline constexpr auto w3 = tg::array<"w3", 16>;
inline constexpr auto b3 = tg::symbol<"b3">;
inline constexpr auto score = tg::trace(
    points, w1, b1, w2, b2, w3, b3, [](auto x, auto v1, auto c1, auto v2, auto c2, auto v3, auto c3) {
      return matmul(tg::relu(matmul(tg::relu(matmul(x, v1) + c1), v2) + c2), v3) + c3;
    });
inline constexpr auto size =
    tg::sum(w1 * w1) + tg::sum(b1 * b1) + tg::sum(w2 * w2) + tg::sum(b2 * b2) + tg::sum(w3 * w3) + b3 * b3;
inline constexpr auto loss = tg::mean(tg::relu(1_c - side * score)) + 1e-4_c * size;
inline constexpr auto theta = tg::parameters(w1, b1, w2, b2, w3, b3);
static_assert(theta.size() == 337);

inline constexpr auto step =
    tg::function(tg::inputs(points, side, theta), tg::outputs(loss, tg::gradient(loss, theta)));
inline constexpr auto classify = tg::function(tg::inputs(points, theta), tg::outputs(score));

/// The demo's steps from these weights on, downhill by a rate that falls from 1 to 0.1; returns the loss
/// before each.
inline std::vector<double> train(std::span<const double> at, std::span<const double> sides,
                                 std::span<double> weights, int steps = 100) {
  auto run = tg::bound<double>(step);
  std::vector<double> slopes(theta.size()), losses;
  for (int k = 0; k < steps; ++k) {
    losses.push_back(run(at, sides, weights, slopes));
    const double rate = 1 - 0.9 * k / 100;
    for (std::size_t i = 0; i < slopes.size(); ++i) weights[i] -= rate * slopes[i];
  }
  return losses;
}

}  // namespace demo::moons
