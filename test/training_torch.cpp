// SPDX-License-Identifier: BSL-1.0
// Training step by step as PyTorch does it: three networks from equal starts, each with three rules,
// schedules and clipped gradients, have equal losses for 100 steps, of which each fifth is on a batch that is
// filled up; in two threads they have the same bits.
#include <boost/test/unit_test.hpp>
#include <cstddef>
#include <fstream>
#include <sstream>
#include <string>
#include <typegrad/loss.hpp>
#include <typegrad/model.hpp>
#include <typegrad/program/threads.hpp>
#include <vector>

#include "training.hpp"

using namespace train_test;

namespace {

constexpr auto counts = tg::array<"counts", tg::rows>;
constexpr auto classes = tg::index<"classes", tg::rows>;
constexpr auto goal = tg::array<"goal", tg::rows>;

constexpr auto features = tg::array<"x", tg::rows, 6>;
constexpr auto dense_network = tg::model([](auto& net, auto in) {
  return dense<3>(net, relu(dense<8>(net, tanh(dense<8>(net, in, "first")), "second")), "third");
});
constexpr auto image = tg::array<"x", tg::rows, 1, 6, 6>;
constexpr auto convolutional_network = tg::model([](auto& net, auto in) {
  const auto maps = tg::max_pool<2, 2>(tanh(conv2d<3, 3, 3>(net, in, "windows", tg::same)));
  return dense<3>(net, tg::reshape<tg::rows, 27>(maps), "out");
});
constexpr auto sequence = tg::array<"x", tg::rows, 4, 3>;
constexpr auto recurrent_network = tg::model([](auto& net, auto in) {
  const auto in_time = tg::permute<1, 0, 2>(layer_norm(net, in, "norm"));
  return tg::reshape<tg::rows>(dense<1>(net, lstm<5>(net, in_time, "cells").last, "out"));
});

std::vector<double> losses_of(const std::string& network, const std::string& rule) {
  std::ifstream table(boost::unit_test::framework::master_test_suite().argv[1]);
  std::vector<double> losses;
  for (std::string line, a, b; std::getline(table, line);) {
    std::istringstream words(line);
    words >> a >> b;
    if (a == network && b == rule)
      for (double loss; words >> loss;) losses.push_back(loss);
  }
  BOOST_REQUIRE(losses.size() == 100u);
  return losses;
}

/// The network of a formula of the loss, whose targets are classes or numbers.
template <class Loss, class Parameters, class X, class Y>
void check(const std::string& name, const Loss& loss, const Parameters& theta, const X& x, const Y& y,
           std::size_t columns) {
  auto run = tg::bound<double>(
      tg::function(tg::inputs(x, y, counts, theta), tg::outputs(loss, tg::gradient(loss, theta))));
  constexpr bool numbers_wanted = std::is_same_v<Y, std::remove_cv_t<decltype(goal)>>;
  const shuffled_rows data{.columns = columns};
  const auto train_by = [&](tg::train_options<std::vector<double>> options, int threads) {
    std::vector<double> weights(theta.size()), losses;
    std::size_t number = 1000;
    theta.each(weights, [&](auto, auto, auto numbers) {
      for (std::size_t k = 0; k < numbers.size(); ++k) numbers[k] = 0.5 * noise(k, number);
      ++number;
    });
    const auto step = [&](const rows_of_batch& batch, const auto& now, auto& slopes) {
      std::vector<std::conditional_t<numbers_wanted, double, int>> targets;
      for (const std::size_t row : batch.rows) {
        if constexpr (numbers_wanted)
          targets.push_back(noise(row, 99));
        else
          targets.push_back(static_cast<int>(row % 3));
      }
      return run(batch.x, targets, batch.weights, now, slopes, tg::threads(threads));
    };
    options.epochs = 20;
    options.treatments = {tg::clip_by_norm{1}};
    options.after_batch = [&](const auto& now) { losses.push_back(now.loss); };
    (void)tg::train(step, data, weights, options);
    weights.insert(weights.end(), losses.begin(), losses.end());
    return weights;
  };
  const auto agrees = [&](const std::string& rule, const tg::train_options<std::vector<double>>& options) {
    const std::vector<double> found = train_by(options, 1), wanted = losses_of(name, rule);
    BOOST_TEST_CONTEXT(name << " by " << rule) {
      for (std::size_t k = 0; k < wanted.size(); ++k)
        BOOST_TEST(found[theta.size() + k] == wanted[k], boost::test_tools::tolerance(1e-9));
      BOOST_TEST(train_by(options, 2) == found);
    }
  };
  agrees("sgd", {.rule = tg::sgd{.rate = 0.05, .momentum = 0.9}, .schedule = tg::step_schedule{30, 0.5}});
  agrees("adam", {.rule = tg::adam{.rate = 0.01, .weight_decay = 0.01},
                  .schedule = tg::cosine_schedule{.steps = 100}});
  agrees("adamw", {.rule = tg::adamw{.rate = 0.02, .weight_decay = 0.1},
                   .schedule = tg::warm_up(10, tg::cosine_schedule{.steps = 90}, 0.25)});
}

}  // namespace

BOOST_AUTO_TEST_CASE(dense_as_torch) {
  const auto loss =
      tg::loss::cross_entropy(dense_network.training(features), classes, tg::loss::sample_weights(counts));
  check("dense", loss, dense_network.parameters(features), features, classes, 6);
}
BOOST_AUTO_TEST_CASE(convolutional_as_torch) {
  const auto loss = tg::loss::cross_entropy(convolutional_network.training(image), classes,
                                            tg::loss::sample_weights(counts));
  check("convolutional", loss, convolutional_network.parameters(image), image, classes, 36);
}
BOOST_AUTO_TEST_CASE(recurrent_as_torch) {
  const auto loss =
      tg::loss::mse(recurrent_network.training(sequence), goal, tg::loss::sample_weights(counts));
  check("recurrent", loss, recurrent_network.parameters(sequence), sequence, goal, 12);
}
