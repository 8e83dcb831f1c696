// SPDX-License-Identifier: BSL-1.0
// The code of docs/from-pytorch.md, compiled and run.
#include <cmath>
#include <cstdio>
#include <typegrad/evaluation.hpp>
#include <typegrad/loss.hpp>
#include <typegrad/model.hpp>
#include <typegrad/optimize/first_order.hpp>
#include <vector>

#include "support/expect.hpp"

// [model]
constexpr auto x = tg::array<"x", tg::rows, 2>;  // a batch of points
constexpr auto y = tg::index<"y", tg::rows>;     // and their classes

constexpr auto net =
    tg::model([](auto& self, auto in) { return dense<2>(self, relu(dense<16>(self, in, "hidden")), "out"); });
constexpr auto theta = net.parameters(x);
constexpr auto loss = tg::loss::cross_entropy(net(x), y);
// [model]

int main() {
  std::vector<float> points;
  std::vector<int> sides;
  for (int k = 0; k < 200; ++k) {  // inside a ring, and on it
    const float angle = 0.7f * static_cast<float>(k), radius = k % 2 == 0 ? 0.4f : 1;
    points.push_back(radius * std::cos(angle)), points.push_back(radius * std::sin(angle));
    sides.push_back(k % 2);
  }
  // [training]
  auto step =
      tg::bound<float>(tg::function(tg::inputs(x, y, theta), tg::outputs(loss, tg::gradient(loss, theta))));
  auto predict = tg::bound<float>(tg::function(tg::inputs(x, theta), tg::outputs(tg::argmax<1>(net(x)))));

  std::vector<float> weights(theta.size()), slopes(theta.size());
  net.initialise(weights, 0, x);
  tg::first_order<tg::adamw, float> optimizer({.rate = 0.02f}, theta.size());
  for (int epoch = 0; epoch < 200; ++epoch) {
    step(points, sides, weights, slopes);
    optimizer.step(weights, slopes);
  }
  std::vector<float> predicted(sides.size());
  predict(points, weights, predicted);
  const double accuracy = tg::metric::accuracy(sides, predicted);
  std::printf("%s", tg::metric::classification_report(sides, predicted).c_str());
  // [training]
  example::expect(accuracy == 1);
  return example::status();
}
