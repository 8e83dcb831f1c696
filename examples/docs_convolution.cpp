// SPDX-License-Identifier: BSL-1.0
// The code of docs/convolution.md: windows, convolutions, and LeNet-5, which learns to tell four kinds of
// strokes.
#include <cmath>
#include <cstdio>
#include <random>
#include <typegrad/convolution.hpp>
#include <typegrad/optimize/first_order.hpp>
#include <vector>

using namespace tg::literals;

namespace shapes {

// [calls]
constexpr auto x = tg::array<"x", tg::rows, 3, 32, 32>;  // images of 3 channels
constexpr auto w = tg::array<"w", 8, 3, 5, 5>;           // 8 channels of 3, windows of 5 by 5
constexpr auto b = tg::array<"b", 8>;
constexpr auto y = conv2d(x, w, b);
static_assert(tg::shape_of(y) == tg::extents<tg::extent<"rows">, 8, 28, 28>{});
constexpr auto half = conv2d(x, w, b, tg::stride<2>, tg::padding<2>);
static_assert(tg::shape_of(half) == tg::extents<tg::extent<"rows">, 8, 16, 16>{});
constexpr auto mirrored = conv2d(x, w, tg::same, tg::reflect);
static_assert(tg::shape_of(mirrored) == tg::extents<tg::extent<"rows">, 8, 32, 32>{});
static_assert(tg::shape_of(tg::max_pool<2, 2>(y)) == tg::extents<tg::extent<"rows">, 8, 14, 14>{});
// [calls]

// [windows]
constexpr auto signal = tg::array<"signal", 100>;
constexpr auto seen = tg::window<0, 5>(signal, tg::stride<5>, tg::dilation<2>);
static_assert(tg::shape_of(seen) == tg::extents<19, 5>{});  // elements 5*k, 5*k + 2, ..., 5*k + 8
constexpr auto moving_spread = tg::variance<1>(tg::window<0, 7>(signal, tg::same, tg::reflect));
static_assert(tg::shape_of(moving_spread) == tg::shape_of(signal));
// [windows]

}  // namespace shapes

namespace {

// [lenet]
constexpr auto images = tg::array<"images", tg::rows, 1, 28, 28>;
constexpr auto kinds = tg::array<"kinds", tg::rows, 10>;  // 1 for the right one
constexpr auto w1 = tg::array<"w1", 6, 1, 5, 5>;
constexpr auto b1 = tg::array<"b1", 6>;
constexpr auto w2 = tg::array<"w2", 16, 6, 5, 5>;
constexpr auto b2 = tg::array<"b2", 16>;
constexpr auto w3 = tg::array<"w3", 400, 120>;
constexpr auto b3 = tg::array<"b3", 120>;
constexpr auto w4 = tg::array<"w4", 120, 84>;
constexpr auto b4 = tg::array<"b4", 84>;
constexpr auto w5 = tg::array<"w5", 84, 10>;
constexpr auto b5 = tg::array<"b5", 10>;
constexpr auto scores = tg::trace(
    images, w1, b1, w2, b2, w3, b3, w4, b4, w5, b5,
    [](auto x, auto k1, auto c1, auto k2, auto c2, auto k3, auto c3, auto k4, auto c4, auto k5, auto c5) {
      const auto first = tg::max_pool<2, 2>(tanh(conv2d(x, k1, c1, tg::padding<2>)));  // (rows, 6, 14, 14)
      const auto second = tg::max_pool<2, 2>(tanh(conv2d(first, k2, c2)));             // (rows, 16, 5, 5)
      const auto third = tanh(matmul(tg::reshape<tg::rows, 400>(second), k3) + c3);
      return matmul(tanh(matmul(third, k4) + c4), k5) + c5;
    });
constexpr auto loss = -mean(tg::sum<1>(kinds * tg::log_softmax<1>(scores)));
constexpr auto theta = tg::parameters(w1, b1, w2, b2, w3, b3, w4, b4, w5, b5);
constexpr auto step =
    tg::function(tg::inputs(images, kinds, theta), tg::outputs(loss, tg::gradient(loss, theta)));
// [lenet]

}  // namespace

int main() {
  // Strokes in four directions, at random places.
  constexpr std::size_t rows = 32;
  std::mt19937 random(1);
  std::vector<float> pictures(rows * 784), right(rows * 10), weights(theta.size()), slopes(theta.size());
  for (std::size_t r = 0; r < rows; ++r) {
    const int across = 10 + static_cast<int>(random() % 8), down = 10 + static_cast<int>(random() % 8);
    const int step_across[] = {1, 0, 1, 1}, step_down[] = {0, 1, 1, -1};
    for (int k = -7; k <= 7; ++k) {
      const int i = down + k * step_down[r % 4], j = across + k * step_across[r % 4];
      pictures[r * 784 + static_cast<std::size_t>(28 * i + j)] = 1;
    }
    right[r * 10 + r % 4] = 1;
  }
  std::normal_distribution<float> normal;
  for (float& each : weights) each = normal(random) / 10;
  auto run = tg::bound<float>(step);
  tg::first_order<tg::adam, float> rule({.rate = 0.003}, theta.size());
  const float before = run(pictures, right, weights, slopes);
  float after = before;
  for (int k = 0; k < 40; ++k) {
    after = run(pictures, right, weights, slopes);
    rule.step(weights, slopes);
  }
  std::printf("loss %.3f, after 40 steps %.3f\n", static_cast<double>(before), static_cast<double>(after));
  return after < 0.05f ? 0 : 1;
}
