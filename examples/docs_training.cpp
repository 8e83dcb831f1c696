// SPDX-License-Identifier: BSL-1.0
// The code of docs/training.md, compiled and run.
#include <cmath>
#include <cstdio>
#include <functional>
#include <iostream>
#include <sstream>
#include <typegrad/loss.hpp>
#include <typegrad/model.hpp>
#include <typegrad/tensorboard.hpp>
#include <typegrad/training.hpp>
#include <vector>

#include "support/expect.hpp"

using example::expect;

// [model]
constexpr auto x = tg::array<"x", tg::rows, 2>;
constexpr auto y = tg::index<"y", tg::rows>;
constexpr auto counts = tg::array<"counts", tg::rows>;  // 1, or 0 where a row only fills up the batch
constexpr auto classifier =
    tg::model([](auto& net, auto in) { return dense<2>(net, tanh(dense<16>(net, in, "hidden")), "out"); });
constexpr auto logits = classifier(x);
constexpr auto theta = classifier.parameters(x);
constexpr auto loss = tg::loss::cross_entropy(logits, y, tg::loss::sample_weights(counts));
// [model]

// [loader]
struct points {
  std::vector<float> at, weights;
  std::vector<int> side;
  std::size_t size() const { return side.size(); }
};
/// Points inside a ring, and on it, in batches of 32 of which the last is filled up.
struct rings {
  std::size_t count, first = 0;
  std::size_t batches() const { return (count + 31) / 32; }
  points batch(std::size_t epoch, std::size_t index) const {
    points some;
    for (std::size_t k = 32 * index; k < 32 * index + 32; ++k) {
      const std::size_t row = first + (k * 29 + epoch) % count;  // in another order in each epoch
      const int side = static_cast<int>(row % 2);
      const float angle = 0.7f * static_cast<float>(row), radius = side == 0 ? 0.4f : 1;
      some.at.push_back(radius * std::cos(angle)), some.at.push_back(radius * std::sin(angle));
      some.side.push_back(side), some.weights.push_back(k < count ? 1 : 0);
    }
    return some;
  }
};
// [loader]

int main() {
  const rings training{.count = 300}, held_out{.count = 32, .first = 300};
  const points others = held_out.batch(0, 0);
  // [train]
  auto run = tg::bound<float>(
      tg::function(tg::inputs(x, y, counts, theta), tg::outputs(loss, tg::gradient(loss, theta))));
  const auto step = [&](const points& batch, const auto& weights, auto& slopes) {
    return run(batch.at, batch.side, batch.weights, weights, slopes);
  };
  std::vector<float> weights(theta.size());
  classifier.initialise(weights, 1, x);
  const auto result = tg::train(step, training, weights, {.epochs = 20, .rule = tg::adamw{.rate = 0.02}});
  std::cout << result.why() << '\n';
  // [train]
  expect(result.history.back().loss < 0.1);

  // [full]
  auto judge = tg::bound<float>(
      tg::function(tg::inputs(x, y, theta), tg::outputs(tg::loss::cross_entropy(logits, y), logits)));
  const auto evaluate = [&](const auto& now) {
    std::vector<float> said(2 * others.size());
    const float cost = judge(others.at, others.side, now, said);
    double right = 0;
    for (std::size_t k = 0; k < others.size(); ++k)
      right += (said[2 * k + 1] > said[2 * k]) == (others.side[k] == 1);
    return tg::scores{{"accuracy", right / static_cast<double>(others.size())}, {"held-out loss", cost}};
  };
  classifier.initialise(weights, 2, x);
  const std::size_t steps = 40 * training.batches();
  const auto best = tg::train(step, training, weights,
                              {.epochs = 40,
                               .rule = tg::adamw{.rate = 0.02, .weight_decay = 0.01},
                               .schedule = tg::warm_up(20, tg::cosine_schedule{.steps = steps - 20}),
                               .treatments = {tg::clip_by_norm{1}},
                               .evaluate = evaluate,
                               .larger_is_better = true,
                               .patience = 10,
                               .progress = &std::cout,
                               .checkpoint = "training.ckpt",
                               .resume = true});
  weights = best.best_weights;
  // [full]
  // [report]
  tg::save_report("training.html", best, "Two rings");
  // [report]
  expect(best.best_score == 1);
  expect(best.reason == tg::train_end::no_improvement);
  std::remove("training.ckpt");

  // [callables]
  std::size_t taken = 0;
  const auto after_batch = [&](const auto& now) { taken += now.taken; };
  const auto after_epoch = [](const auto& now) { return now.record.loss > 1e-3; };  // false ends the training
  (void)tg::train(step, training, weights,
                  {.epochs = 3, .after_batch = after_batch, .after_epoch = after_epoch});
  // [callables]
  expect(taken > 0);

  // [state]
  std::vector<float> mean_loss(1);
  const auto counting = [&](const points& batch, const auto& now, auto& slopes, const tg::train_moment& at) {
    const float cost = step(batch, now, slopes);
    const auto share = 1 / static_cast<float>(at.batch_number + 1);
    mean_loss[0] += share * (cost - mean_loss[0]);
    return cost;
  };
  (void)tg::train(counting, training, weights, {.epochs = 2, .state = &mean_loss});
  // [state]
  expect(mean_loss[0] > 0);

  // [tensorboard]
  tg::event_file board("runs/rings");
  (void)tg::train(step, training, weights, {.epochs = 2, .after_epoch = std::ref(board)});
  board.scalar("accuracy", 1, 2);
  board.histogram("hidden.weight", theta.view(weights, tg::array<"hidden.weight", 16, 2>), 2);
  board.image("hidden.weight", theta.view(weights, tg::array<"hidden.weight", 16, 2>), 16, 2, 2);
  board.text("notes", "Points inside a ring, and **on** it.", 0);
  board.hyperparameters({{"rate", 1e-3}, {"rule", "adamw"}}, {"loss", "accuracy"});
  // [tensorboard]
}
