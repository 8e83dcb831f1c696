// SPDX-License-Identifier: BSL-1.0
// The code of docs/arrays.md: shapes, operations, and a network that learns two half moons.
#include <cmath>
#include <cstdio>
#include <iostream>
#include <numbers>
#include <string>
#include <string_view>
#include <typegrad/array.hpp>
#include <typegrad/optimize/array_problem.hpp>
#include <typegrad/optimize/first_order.hpp>
#include <typegrad/optimize/l_bfgs.hpp>
#include <typegrad/optimize/minimize.hpp>
#include <typegrad/validate/array_formula.hpp>
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

// [jacobians]
constexpr auto r = tg::array<"r", 32>;
static_assert(tg::shape_of(tg::diff(tanh(r), r)) == tg::extents<32, 32>{});
static_assert(tg::shape_of(tg::diff(h, w)) == tg::extents<tg::extent<"rows">, 32, 64, 32>{});
static_assert(tg::shape_of(tg::hessian(loss, b)) == tg::extents<32, 32>{});  // as diff<2>(loss, b)
constexpr auto blocks = tg::hessian(loss, w, b);
static_assert(tg::shape_of(tg::get<1, 0>(blocks)) == tg::extents<32, 64, 32>{});
// [jacobians]

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
constexpr auto theta = tg::parameters(w1, b1, w2, b2);  // one vector
constexpr auto step = tg::function(tg::inputs(x, y, theta), tg::outputs(loss, tg::gradient(loss, theta)));
constexpr auto classify = tg::function(tg::inputs(x, theta), tg::outputs(score));
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

}  // namespace

int main() {
  std::vector<double> points, sides;
  moons(50, points, sides);
  std::vector<double> weights(theta.size());
  for (std::size_t k = 0; k < 32; ++k)
    theta.view(weights, w1)[k] = std::sin(7.0 * static_cast<double>(k) + 1);
  for (std::size_t k = 0; k < 16; ++k)
    theta.view(weights, w2)[k] = std::cos(5.0 * static_cast<double>(k)) / 4;
  const std::vector<double> start = weights;
  double cost = 0;

  // [cost]
  constexpr auto work = tg::cost(step, 1000);  // for 1,000 rows
  static_assert(work.multiplications > 2 * 1000 * 2 * 16);
  static_assert(work.bytes<double>() == 8 * (work.read + work.written));
  // [cost]

  // [training]
  auto run = tg::bound<double>(step);  // owns the workspace that the function plans
  tg::first_order<tg::adam, double> rule({.rate = 0.02}, theta.size());
  std::vector<double> slopes(theta.size());
  for (int epoch = 0; epoch < 500; ++epoch) {
    cost = run(points, sides, weights, slopes);
    rule.step(weights, slopes);
  }
  // [training]

  // [parameters]
  static_assert(theta.size() == 65);           // 32 + 16 + 16 + 1
  static_assert(theta.parts[1].name == "b1");  // and its shape(), and where it lies
  const auto shift = theta.view(weights, b1);  // a span of the 16 numbers of b1
  theta.each(slopes, [](std::string_view name, auto shape, auto numbers) {
    std::printf("%s: %zu axes, %zu numbers\n", std::string(name).c_str(), shape.size(), numbers.size());
  });
  std::cout << theta.named(weights);  // each by name and shape
  // [parameters]

  // [minimize]
  const auto problem = tg::objective(loss + 1e-3_c * tg::sum(w1 * w1), theta, x = points, y = sides);
  const auto fit = tg::minimize(problem, start, tg::l_bfgs{}, {.target = 0.02});
  // [minimize]

  // [check]
  const auto report = tg::check_gradient(loss, tg::at(theta = start), x = points, y = sides);
  if (!report) tg::print(report);  // names what is wrong: w1[0, 7]
  // [check]

  std::vector<double> scores(sides.size());
  tg::bound<double>(classify)(points, weights, scores);
  std::size_t right = 0;
  for (std::size_t i = 0; i < sides.size(); ++i) right += scores[i] * sides[i] > 0;
  std::printf("loss %.4f, %zu of %zu points on the right side; l_bfgs: %s\n", cost, right, sides.size(),
              std::string(fit.why()).c_str());
  return right == sides.size() && cost < 0.05 && fit.converged && report.passed() && shift.size() == 16 ? 0
                                                                                                        : 1;
}
