// SPDX-License-Identifier: BSL-1.0
// The code of docs/course/2-network.md and the solutions of its exercises, compiled and run.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numbers>
#include <typegrad/loss.hpp>
#include <typegrad/model.hpp>
#include <typegrad/optimize/first_order.hpp>
#include <typegrad/random.hpp>
#include <typegrad/training.hpp>
#include <vector>

#include "support/expect.hpp"

using example::expect;
using namespace tg::literals;

// [network]
constexpr auto point = tg::array<"point", tg::rows, 2>;
constexpr auto side = tg::array<"side", tg::rows>;  // 1 or -1
constexpr auto net = tg::model([](auto& self, auto in) {
  const auto first = relu(dense<16>(self, in, "first"));
  const auto second = relu(dense<16>(self, first, "second"));
  return tg::reshape<tg::rows>(dense<1>(self, second, "out"));
});
constexpr auto score = net(point);
constexpr auto theta = net.parameters(point);
constexpr auto loss = tg::loss::hinge(score, side);
constexpr auto learn =
    tg::function(tg::inputs(point, side, theta), tg::outputs(loss, tg::gradient(loss, theta)));
constexpr auto judge = tg::function(tg::inputs(point, theta), tg::outputs(score));
// [network]

// [parameters]
static_assert(theta.size() == (2 * 16 + 16) + (16 * 16 + 16) + (16 + 1));  // 337
static_assert(theta.parts[2].name == "second.weight");
// [parameters]

// [loss]
static_assert(loss == tg::mean(relu(1_c - side * score)));
// [loss]

// [moons]
struct moons {
  std::vector<double> at, sides;
  explicit moons(int each, double seed) : at(static_cast<std::size_t>(4 * each)) {
    tg::fill_normal(at, "noise", seed, 0, 0.1);
    auto to = at.begin();
    for (int k = 0; k < each; ++k)
      for (const double which : {-1.0, 1.0}) {
        const double angle = std::numbers::pi * k / (each - 1);
        *to++ += which < 0 ? std::cos(angle) : 1 - std::cos(angle);
        *to++ += which < 0 ? std::sin(angle) : 0.5 - std::sin(angle);
        sides.push_back(which);
      }
  }
};
// [moons]

/// The share of points of which the network says the right side.
double accuracy(const std::vector<double>& at, const std::vector<double>& sides,
                const std::vector<double>& weights) {
  // [judge]
  static auto run = tg::bound<double>(judge);
  std::vector<double> said(sides.size());
  run(at, weights, said);
  double right = 0;
  for (std::size_t k = 0; k < said.size(); ++k) right += said[k] * sides[k] > 0;
  return right / static_cast<double>(said.size());
  // [judge]
}

// [solution 1]
constexpr auto slim = tg::model([](auto& self, auto in) {
  auto h = in;
  for (const char* name : {"first", "second", "third"}) h = relu(dense<8>(self, h, name));
  return tg::reshape<tg::rows>(dense<1>(self, h, "out"));
});
static_assert(slim.parameters(point).size() == (2 * 8 + 8) + 2 * (8 * 8 + 8) + (8 + 1));  // 177
// [solution 1]

int main() {
  const moons data(50, 1), unseen(500, 2);

  // [margins]
  constexpr auto m = tg::symbol<"m">;  // the margin, side times score
  constexpr auto hinge = relu(1_c - m);
  constexpr auto logistic = softplus(-m);
  for (const double margin : {-2.0, 0.0, 0.5, 2.0})
    std::printf("%4.1f: %.3f, slope %.3f; %.3f, slope %.3f\n", margin, hinge(m = margin),
                tg::diff(hinge, m)(m = margin), logistic(m = margin), tg::diff(logistic, m)(m = margin));
  // [margins]
  expect(tg::diff(hinge, m)(m = 2.0) == 0 && tg::diff(hinge, m)(m = 0.5) == -1);
  expect(std::abs(tg::diff(logistic, m)(m = 2.0) + 1 / (1 + std::exp(2.0))) < 1e-15);

  // [by hand]
  auto run = tg::bound<double>(learn);
  std::vector<double> weights(theta.size()), slopes(theta.size()), losses;
  net.initialise(weights, 1, point);
  for (int step = 0; step < 200; ++step) {
    losses.push_back(run(data.at, data.sides, weights, slopes));
    const double rate = 1 - 0.0045 * step;
    for (std::size_t i = 0; i < weights.size(); ++i) weights[i] -= rate * (slopes[i] + 2e-4 * weights[i]);
  }
  // [by hand]
  std::printf("loss %.4f, then %.4f; %.1f %% right, %.1f %% of unseen points\n", losses.front(),
              losses.back(), 100 * accuracy(data.at, data.sides, weights),
              100 * accuracy(unseen.at, unseen.sides, weights));
  expect(accuracy(data.at, data.sides, weights) == 1 && accuracy(unseen.at, unseen.sides, weights) > 0.98);

  // [train]
  const auto step = [&](const moons& all, const auto& now, auto& by) {
    return run(all.at, all.sides, now, by);
  };
  std::vector<double> trained(theta.size());
  net.initialise(trained, 1, point);
  const auto result =
      tg::train(step, data, trained,
                {.epochs = 200,
                 .rule = tg::sgd{.rate = 1, .weight_decay = 2e-4},
                 .schedule = [](std::size_t k, auto...) { return 1 - 0.0045 * static_cast<double>(k); }});
  // [train]
  for (std::size_t k = 0; k < 200; ++k) expect(std::abs(result.history[k].loss - losses[k]) < 1e-9);

  // [solution 2]
  std::vector<double> nothing(theta.size());
  run(data.at, data.sides, nothing, slopes);
  expect(std::ranges::all_of(slopes, [](double slope) { return slope == 0; }));
  // [solution 2]

  // [solution 3]
  const std::vector<double> corners{-1, -1, -1, 1, 1, -1, 1, 1}, one_of_two{-1, 1, 1, -1};
  net.initialise(weights, 1, point);
  for (int k = 0; k < 200; ++k) {
    run(corners, one_of_two, weights, slopes);
    for (std::size_t i = 0; i < weights.size(); ++i) weights[i] -= 0.1 * slopes[i];
  }
  expect(accuracy(corners, one_of_two, weights) == 1);
  // [solution 3]

  // [solution 4]
  net.initialise(weights, 1, point);
  const auto wild = tg::train(step, data, weights, {.epochs = 200, .rule = tg::sgd{.rate = 30}});
  std::printf("%s\n", wild.why().c_str());
  run(data.at, data.sides, weights, slopes);
  expect(std::ranges::count_if(slopes, [](double slope) { return slope != 0; }) == 1);  // the last bias
  expect(wild.best_epoch == 1 && wild.history.back().loss > wild.history.front().loss);
  // [solution 4]
  return example::status();
}
