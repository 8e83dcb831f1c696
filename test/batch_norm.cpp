// SPDX-License-Identifier: BSL-1.0
// Batch normalisation against PyTorch's table, which batch_norm_table.py has written: a network that is
// trained for three steps, with its states, and then used. The last batch is filled up by rows of weight 0.
#include <typegrad/loss.hpp>
#include <typegrad/model.hpp>

#include "array_truth.hpp"

namespace {

using array_truth::compare;
using array_truth::numbers;

constexpr auto x = tg::array<"x", tg::rows, 2, 4, 3>;
constexpr auto y = tg::index<"y", tg::rows>;
constexpr auto w = tg::array<"w", tg::rows>;
constexpr auto classifier = tg::model([](auto& net, auto in, auto weights) {
  const auto image =
      batch_norm(net, conv2d<3, 3, 3>(net, in, "conv", tg::padding<1>), "norm2", {.weights = weights});
  const auto row = dense<4>(net, tg::reshape<tg::rows, 36>(relu(image)), "dense");
  return batch_norm(net, row, "norm1", {.epsilon = 0.001, .momentum = 0.25, .weights = weights});
});
constexpr auto theta = classifier.parameters(x, w);
constexpr auto states = classifier.states(x, w);
constexpr auto loss = tg::loss::cross_entropy(classifier.training(x, w), y, tg::loss::sample_weights(w));

const numbers& row(const std::string& name) { return array_truth::table().at("network " + name); }

}  // namespace

BOOST_AUTO_TEST_CASE(steps_of_training_and_use) {
  static_assert(theta.parts[2].name == "norm2.weight" && theta.parts.size() == 8);
  static_assert(states.parts[0].name == "norm2.running_mean" && states.parts[3].name == "norm1.running_var");
  auto step = tg::bound<double>(
      tg::function(tg::inputs(x, y, w, theta, states),
                   tg::outputs(loss, tg::gradient(loss, theta), classifier.next_states(x, w))));
  auto use = tg::bound<double>(tg::function(tg::inputs(x, theta, states), tg::outputs(classifier(x, w))));
  constexpr std::size_t image = 2 * 4 * 3, batch = 6;
  const numbers images = row("images");
  numbers weights = row("start"), before(states.size()), after(states.size()), slopes(theta.size());
  classifier.initialise_states(before, x, w);
  for (std::size_t k = 0; k < 3; ++k) {
    const std::size_t real = k == 2 ? 4 : batch;
    numbers batch_images(images.begin() + static_cast<long>(k * batch * image),
                         images.begin() + static_cast<long>((k + 1) * batch * image));
    numbers rows(batch, 1);
    std::vector<int> classes(batch);
    for (std::size_t i = 0; i < batch; ++i)
      if (i < real)
        classes[i] = static_cast<int>(row("classes")[k * batch + i]);
      else
        rows[i] = 0;
    const double value = step(batch_images, classes, rows, weights, before, slopes, after);
    compare("network loss " + std::to_string(k), {value}, "by the function");
    compare("network gradient " + std::to_string(k), slopes, "by the function");
    compare("network states " + std::to_string(k), after, "by the function");
    std::swap(before, after);
    for (std::size_t i = 0; i < weights.size(); ++i) weights[i] -= 0.1 * slopes[i];
  }
  compare("network weights", weights, "after training");
  numbers scores(row("scores").size());
  use(images, weights, before, scores);
  compare("network scores", scores, "by the function");
}

/// A single row, as a last batch may have, says nothing of a variance: the running one stays, and nothing
/// becomes NaN.
BOOST_AUTO_TEST_CASE(few_rows) {
  constexpr auto next =
      tg::function(tg::inputs(x, w, theta, states), tg::outputs(classifier.next_states(x, w)));
  numbers images = row("images"), weights = row("start"), before(states.size()), after(states.size());
  classifier.initialise_states(before, x, w);
  images.resize(6 * 2 * 4 * 3);
  auto step = tg::bound<double>(next);
  for (std::size_t real = 1; real <= 6; ++real) {
    numbers rows(6);
    std::fill_n(rows.begin(), real, 1.0);
    step(images, rows, weights, before, after);
    states.each(after, [&](std::string_view name, auto, auto of) {
      for (const double each : of) {
        BOOST_TEST(std::isfinite(each));
        BOOST_TEST((each == 1) == (real == 1 && name == "norm1.running_var"));
      }
    });
  }
}
