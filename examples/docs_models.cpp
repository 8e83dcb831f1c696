// SPDX-License-Identifier: BSL-1.0
// The code of docs/models.md, compiled and run.
#include <cmath>
#include <iostream>
#include <typegrad/groups.hpp>
#include <typegrad/loss.hpp>
#include <typegrad/model.hpp>
#include <typegrad/optimize/first_order.hpp>
#include <typegrad/summary.hpp>
#include <vector>

#include "support/expect.hpp"

using example::expect;
using namespace tg::literals;

// [model]
constexpr auto x = tg::array<"x", tg::rows, 2>;
constexpr auto y = tg::index<"y", tg::rows>;
constexpr auto classifier = tg::model([](auto& net, auto in) {
  return dense<2>(net, dropout(net, relu(dense<16>(net, in, "hidden")), 0.1, "drop"), "out");
});
constexpr auto logits = classifier(x);            // a formula of x and of the parameters
constexpr auto theta = classifier.parameters(x);  // hidden.weight, hidden.bias, out.weight, out.bias
constexpr auto loss = tg::loss::cross_entropy(classifier.training(x), y);
static_assert(theta.size() == 16 * 2 + 16 + 2 * 16 + 2);
static_assert(theta.parts[0].name == "hidden.weight");
// [model]

// [layer]
/// Another layer, of one's own: x*weight + bias with a weight that starts at nothing, and x itself.
constexpr auto residual = [](auto&& net, auto in, std::string_view name) {
  auto part = net.part(name);
  const int width = part.length(in, -1);
  return in + matmul(tanh(in), part.parameter("weight", {width, width}, tg::initial::constant(0)));
};
constexpr auto deep = tg::model([](auto& net, auto in) {
  auto h = dense<8>(net, in, "in");
  for (const char* name : {"first", "second", "third"}) h = residual(net, h, name);
  return dense<1>(net, h, "out");
});
static_assert(deep.parameters(x).parts[2].name == "first.weight");
// [layer]

// [shared]
constexpr auto tied = tg::model([](auto& net, auto left, auto right) {
  const auto encode = [&](auto in) { return tanh(dense<4>(net.shared(), in, "encoder")); };
  return sum(encode(left) * encode(right));
});
constexpr auto a = tg::array<"a", 3>;
constexpr auto b = tg::array<"b", 3>;
static_assert(tied.parameters(a, b).size() == 4 * 3 + 4);
// [shared]

// [states]
constexpr auto w = tg::array<"w", tg::rows>;
constexpr auto normal = tg::model([](auto& net, auto in, auto weights) {
  return dense<2>(net, relu(batch_norm(net, dense<16>(net, in, "hidden"), "norm", {.weights = weights})),
                  "out");
});
constexpr auto phi = normal.parameters(x, w);
constexpr auto states = normal.states(x, w);  // norm.running_mean, norm.running_var
constexpr auto cost = tg::loss::cross_entropy(normal.training(x, w), y, tg::loss::sample_weights(w));
constexpr auto outputs = tg::outputs(cost, tg::gradient(cost, phi), normal.next_states(x, w));
constexpr auto normal_step = tg::function(tg::inputs(x, y, w, phi, states), outputs);
constexpr auto normal_use = tg::function(tg::inputs(x, phi, states), tg::outputs(normal(x, w)));
// [states]

int main() {
  // [summary]
  std::cout << tg::summary<float>(classifier, tg::inputs(x), 64);
  // [summary]

  // [training]
  auto step = tg::bound<float>(
      tg::function(tg::inputs(x, y, tg::seed, theta), tg::outputs(loss, tg::gradient(loss, theta))));
  std::vector<float> weights(theta.size()), slopes(theta.size());
  classifier.initialise(weights, 1, x);  // by each layer's rule, from the seed 1
  tg::first_order<tg::adam, float> rule({.rate = 0.02f}, theta.size());
  // Two classes: inside a ring, and on it.
  std::vector<float> points;
  std::vector<int> sides;
  for (int k = 0; k < 60; ++k)
    for (int side : {0, 1}) {
      const float angle = 0.7f * static_cast<float>(k),
                  radius = side == 0 ? 0.3f : 1.0f + 0.01f * static_cast<float>(k % 7);
      points.push_back(radius * std::cos(angle)), points.push_back(radius * std::sin(angle));
      sides.push_back(side);
    }
  for (int k = 0; k < 400; ++k) {
    step(points, sides, static_cast<float>(k), weights, slopes);  // another mask in each step
    rule.step(weights, slopes);
  }
  // [training]

  // [use]
  auto classify = tg::bound<float>(tg::function(tg::inputs(x, theta), tg::outputs(logits)));
  std::vector<float> scores(2 * sides.size());
  classify(points, weights, scores);
  // [use]

  // [groups]
  constexpr auto trained = theta.without<"hidden">();
  auto last_layer = tg::bound<float>(
      tg::function(tg::inputs(x, y, tg::seed, theta), tg::outputs(loss, tg::gradient(loss, trained))));
  std::vector<float> of_last(trained.size());
  tg::grouped<tg::adamw, float> slow(theta, trained,
                                     {{"*.bias", {.rate = 1e-3, .weight_decay = 0}}, {"*", {.rate = 1e-3}}});
  last_layer(points, sides, 0.0f, weights, of_last);
  slow.step(weights, of_last);
  // [groups]
  expect(normal_step.workspace<float>(64) > normal_use.workspace<float>(64));
  int right = 0;
  for (std::size_t k = 0; k < sides.size(); ++k)
    right += (scores[2 * k + 1] > scores[2 * k]) == (sides[k] == 1);
  std::cout << right << " of " << sides.size() << " are right\n";
  expect(right == static_cast<int>(sides.size()));
}
