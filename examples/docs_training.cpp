// SPDX-License-Identifier: BSL-1.0
// The code of docs/training.md, compiled and run.
#include <cmath>
#include <cstdio>
#include <functional>
#include <iostream>
#include <sstream>
#include <typegrad/data.hpp>
#include <typegrad/loss.hpp>
#include <typegrad/model.hpp>
#include <typegrad/optimize/hyperparameter_search.hpp>
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

// [normal]
constexpr auto normal = tg::model([](auto& net, auto in, auto of_rows) {
  const auto hidden = batch_norm(net, dense<16>(net, in, "hidden"), "norm", {.weights = of_rows});
  return dense<2>(net, dropout(net, tanh(hidden), 0.1, "drop"), "out");
});
constexpr auto phi = normal.parameters(x, counts);
constexpr auto states = normal.states(x, counts);  // norm.running_mean, norm.running_var
constexpr auto cost =
    tg::loss::cross_entropy(normal.training(x, counts), y, tg::loss::sample_weights(counts));
// [normal]

/// Points inside a ring, and on it.
struct rings {
  std::vector<float> at;
  std::vector<int> side;
  rings(int first, int last) {
    for (int row = first; row < last; ++row) {
      const float angle = 0.7f * static_cast<float>(row), radius = row % 2 == 0 ? 0.4f : 1;
      at.push_back(radius * std::cos(angle)), at.push_back(radius * std::sin(angle));
      side.push_back(row % 2);
    }
  }
};

int main() {
  const rings points(0, 300), others(300, 332);
  // [train]
  auto run = tg::bound<float>(
      tg::function(tg::inputs(x, y, counts, theta), tg::outputs(loss, tg::gradient(loss, theta))));
  const auto step = [&](const auto& batch, const auto& weights, auto& slopes) {
    const auto& [at, side] = batch;
    return run(at, side, batch.weights, weights, slopes);
  };
  tg::data::loader training({.size = 32, .seed = 1}, tg::data::column(points.at, 2),
                            tg::data::column(points.side));
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
    std::vector<float> said(2 * others.side.size());
    const double held_out = judge(others.at, others.side, now, said);
    double right = 0;
    for (std::size_t k = 0; k < others.side.size(); ++k)
      right += (said[2 * k + 1] > said[2 * k]) == (others.side[k] == 1);
    return tg::scores{{"accuracy", right / static_cast<double>(others.side.size())},
                      {"held-out loss", held_out}};
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
  auto normal_run = tg::bound<float>(
      tg::function(tg::inputs(x, y, counts, phi, tg::seed, states),
                   tg::outputs(cost, tg::gradient(cost, phi), normal.next_states(x, counts))));
  std::vector<float> normal_weights(phi.size()), state(states.size()), next(states.size());
  normal.initialise(normal_weights, 1, x, counts);
  normal.initialise_states(state, x, counts);
  const auto normal_step = [&](const auto& batch, const auto& now, auto& slopes,
                               const tg::train_moment& moment) {
    const auto& [at, side] = batch;
    const float loss_now = normal_run(at, side, batch.weights, now, static_cast<float>(moment.batch_number),
                                      state, slopes, next);
    state.swap(next);
    return loss_now;
  };
  const auto normal_result = tg::train(normal_step, training, normal_weights,
                                       {.epochs = 10, .rule = tg::adamw{.rate = 0.02}, .state = &state});
  // [state]
  expect(normal_result.history.back().loss < 0.2);
  expect(state[0] != 0 && normal_result.best_state.size() == state.size());

  // [search]
  const std::vector space{tg::log_range("rate", 1e-4, 1.0), tg::linear_range("decay", 0, 0.1),
                          tg::choice_of("rule", {"adamw", "lion"})};
  const auto trained = [&](const tg::trial_point& point, std::size_t budget) {
    std::vector<float> found(theta.size());
    classifier.initialise(found, 3, x);
    tg::train_options<std::vector<float>> options{.epochs = 2 * budget, .evaluate = [&](const auto& now) {
                                                    return evaluate(now).all[1].second;  // the held-out loss
                                                  }};
    if (point.label("rule") == "adamw")
      options.rule = tg::adamw{.rate = point["rate"], .weight_decay = point["decay"]};
    else
      options.rule = tg::lion{.rate = point["rate"], .weight_decay = point["decay"]};
    return tg::train(step, training, found, options).best_score;
  };
  const tg::trial_table table = tg::successive_halving(space, trained, {.trials = 18, .seed = 5});
  std::cout << table;
  // [search]
  expect(table.rows.front().score < 0.1 && table.rows.back().score > 3 * table.rows.front().score);

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
