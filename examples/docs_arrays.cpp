// SPDX-License-Identifier: BSL-1.0
// The code of docs/arrays.md: shapes, operations, and a network that learns two half moons.
#include <array>
#include <cmath>
#include <cstdio>
#include <numbers>
#include <typegrad/array.hpp>
#include <vector>

using namespace tg::literals;

namespace shapes {

// [symbols]
constexpr auto x = tg::array<"x", tg::rows, 64>;  // as many rows as there are when it is called
constexpr auto w = tg::array<"w", 64, 32>;
constexpr auto b = tg::array<"b", 32>;
constexpr auto h = tanh(matmul(x, w) + b);  // b is added to each row
static_assert(tg::shape_of(h) == tg::extents<tg::extent<"rows">, 32>{});
// [symbols]

// [operations]
static_assert(tg::shape_of(tg::softmax<-1>(h)) == tg::shape_of(h));  // over the last axis
constexpr auto m = tg::mean<0>(x, tg::keep);
static_assert(tg::shape_of(m) == tg::extents<1, 64>{});
static_assert(tg::shape_of((x - m) / sqrt(tg::variance<0>(x, tg::keep) + 1e-5_c)) == tg::shape_of(x));
static_assert(tg::einsum<"ij,jk->ik">(x, w) == matmul(x, w));
constexpr auto wider = tg::concatenate<1>(w, tg::slice<1, 0, 8>(w));
static_assert(tg::shape_of(wider) == tg::extents<64, 40>{});
// [operations]

// [derivatives]
constexpr auto loss = sum(h * h);
static_assert(tg::shape_of(tg::gradient(loss, w)) == tg::shape_of(w));
constexpr auto d = tg::array<"d", 64, 32>;
static_assert(tg::shape_of(tg::jvp(h, tg::along(w = d))) == tg::shape_of(h));   // the tangent of h
static_assert(tg::shape_of(tg::vjp(h, tg::weights(h), w)) == tg::shape_of(w));  // the adjoint of w
static_assert(tg::vjp(h, tg::weights(2_c * h), w) == tg::gradient(loss, w));
// [derivatives]

}  // namespace shapes

namespace {

// [network]
constexpr auto x = tg::array<"x", tg::rows, 2>;
constexpr auto y = tg::array<"y", tg::rows>;  // 1 or -1
constexpr auto w1 = tg::array<"w1", 2, 16>;
constexpr auto b1 = tg::array<"b1", 16>;
constexpr auto w2 = tg::array<"w2", 16>;
constexpr auto b2 = tg::symbol<"b2">;
constexpr auto score = tg::trace(x, w1, b1, w2, b2, [](auto x_, auto w1_, auto b1_, auto w2_, auto b2_) {
  return matmul(tanh(matmul(x_, w1_) + b1_), w2_) + b2_;
});
constexpr auto loss = tg::mean(softplus(-y * score));
constexpr auto slopes = tg::gradient(loss, w1, b1, w2, b2);
constexpr auto step = tg::function(tg::inputs(x, y, w1, b1, w2, b2), tg::outputs(loss, slopes));
constexpr auto classify = tg::function(tg::inputs(x, w1, b1, w2, b2), tg::outputs(score));
// [network]

/// Two half moons of n points each.
void moons(int n, std::vector<double>& points, std::vector<double>& sides) {
  for (int i = 0; i < 2 * n; ++i) {
    const double angle = std::numbers::pi * (i % n + 0.5) / n, side = i < n ? 1 : -1;
    points.push_back(i < n ? std::cos(angle) : 1 - std::cos(angle));
    points.push_back(i < n ? std::sin(angle) : 0.5 - std::sin(angle));
    sides.push_back(side);
  }
}

void descend(auto& at, const auto& slope, double rate) {
  for (std::size_t k = 0; k < at.size(); ++k) at[k] -= rate * slope[k];
}

}  // namespace

int main() {
  std::vector<double> points, sides;
  moons(50, points, sides);
  std::array<double, 32> first, slope1;
  std::array<double, 16> shift{}, second, slope2, slope3;
  for (std::size_t k = 0; k < 32; ++k) first[k] = std::sin(7.0 * static_cast<double>(k) + 1);
  for (std::size_t k = 0; k < 16; ++k) second[k] = std::cos(5.0 * static_cast<double>(k)) / 4;
  double last = 0, cost = 0;

  // [training]
  auto run = tg::bound<double>(step);  // owns the workspace that the function plans
  for (int epoch = 0; epoch < 1500; ++epoch) {
    const auto [value, slope_of_last] =
        run(points, sides, first, shift, second, last, slope1, slope2, slope3);
    descend(first, slope1, 0.5), descend(shift, slope2, 0.5), descend(second, slope3, 0.5);
    last -= 0.5 * slope_of_last;
    cost = value;
  }
  // [training]

  std::vector<double> scores(sides.size());
  tg::bound<double>(classify)(points, first, shift, second, last, scores);
  std::size_t right = 0;
  for (std::size_t i = 0; i < sides.size(); ++i) right += scores[i] * sides[i] > 0;
  std::printf("loss %.4f, %zu of %zu points on the right side\n", cost, right, sides.size());
  return right == sides.size() && cost < 0.05 ? 0 : 1;
}
