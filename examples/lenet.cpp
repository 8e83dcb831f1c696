// SPDX-License-Identifier: BSL-1.0
// LeNet (LeCun et al. 1998) in the size of images of 8 by 8 pixels: two convolutions with pooling and two
// dense layers read handwritten digits. Traced once, with its gradient by all parameters in one vector;
// trained on mini-batches by AdamW, in float, on digits that are moved by a pixel. A quarter of
// the digits is held out. Usage: lenet [CSV] [--out SVG] [--seed NUMBER]. Status 0: learnt; 1: an error, in
// one sentence; 2: poor accuracy.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <random>
#include <span>
#include <string>
#include <typegrad/convolution.hpp>
#include <typegrad/data.hpp>
#include <typegrad/training.hpp>
#include <utility>
#include <vector>

#include "support/arguments.hpp"
#include "support/chart.hpp"
#include "support/expect.hpp"
#include "support/labelled_table.hpp"
#include "support/svg.hpp"

namespace {

constexpr std::size_t side = 8, pixels = side * side, digits = 10, channels = 12;

constexpr auto x = tg::array<"x", tg::rows, 1, 8, 8>;
constexpr auto is = tg::array<"is", tg::rows, 10>;  // 1 for the digit of the row, 0 for the others
constexpr auto w1 = tg::array<"w1", 12, 1, 3, 3>;
constexpr auto b1 = tg::array<"b1", 12>;
constexpr auto w2 = tg::array<"w2", 24, 12, 3, 3>;
constexpr auto b2 = tg::array<"b2", 24>;
constexpr auto w3 = tg::array<"w3", 96, 64>;
constexpr auto b3 = tg::array<"b3", 64>;
constexpr auto w4 = tg::array<"w4", 64, 10>;
constexpr auto b4 = tg::array<"b4", 10>;
constexpr auto theta = tg::parameters(w1, b1, w2, b2, w3, b3, w4, b4);

constexpr auto maps =
    tg::trace(x, w1, b1, [](auto image, auto w, auto b) { return tanh(conv2d(image, w, b, tg::same)); });
constexpr auto scores =
    tg::trace(x, w1, b1, w2, b2, w3, b3, w4, b4,
              [](auto image, auto v1, auto c1, auto v2, auto c2, auto v3, auto c3, auto v4, auto c4) {
                const auto first = tg::max_pool<2, 2>(tanh(conv2d(image, v1, c1, tg::same)));
                const auto second = tg::max_pool<2, 2>(tanh(conv2d(first, v2, c2, tg::same)));
                const auto flat = tg::reshape<tg::rows, 96>(second);
                return matmul(tanh(matmul(flat, v3) + c3), v4) + c4;
              });
constexpr auto loss = -tg::mean(tg::sum<1>(is * tg::log_softmax<1>(scores)));
constexpr auto step = tg::function(tg::inputs(x, is, theta), tg::outputs(loss, tg::gradient(loss, theta)));
constexpr auto judge = tg::function(tg::inputs(x, is, theta), tg::outputs(loss, scores, maps));

/// A number between 0 and 1. (The distributions of standard libraries differ.)
double uniform(std::mt19937_64& random) { return static_cast<double>(random() >> 11U) * 0x1p-53; }

struct images {
  std::vector<float> ink, is;
  std::vector<std::size_t> digit;

  std::size_t size() const { return digit.size(); }
  void add(std::span<const double> row, std::size_t label) {
    for (const double pixel : row) ink.push_back(static_cast<float>(pixel / 16));
    for (std::size_t k = 0; k < digits; ++k) is.push_back(k == label ? 1 : 0);
    digit.push_back(label);
  }
};

struct judgement {
  double loss = 0, accuracy = 0;
  std::vector<std::size_t> taken_for;
  std::vector<float> maps;
};
judgement judged(const images& all, const std::vector<float>& weights) {
  static auto run = tg::bound<float>(judge);
  judgement result;
  std::vector<float> each(digits * all.size());
  result.maps.resize(channels * pixels * all.size());
  result.loss = static_cast<double>(run(all.ink, all.is, weights, each, result.maps));
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto row = std::span(each).subspan(digits * i, digits);
    result.taken_for.push_back(static_cast<std::size_t>(std::ranges::max_element(row) - row.begin()));
    result.accuracy += result.taken_for[i] == all.digit[i] ? 100 : 0;
  }
  result.accuracy /= static_cast<double>(all.size());
  return result;
}

constexpr std::size_t epochs = 30, batch = 32;

struct outcome {
  std::vector<float> weights;
  std::vector<demo::point> loss, held_out_loss, accuracy, held_out_accuracy;
  judgement held_out;
};
outcome train(const images& training, const images& held_out, std::uint64_t seed) {
  outcome run;
  std::mt19937_64 random(seed);
  run.weights.resize(theta.size());
  theta.each(run.weights, [&](std::string_view, auto shape, auto numbers) {
    if (shape.size() < 2) return;
    // Of windows the units are along the first axis, of dense layers along the last.
    const std::size_t inputs = numbers.size() / static_cast<std::size_t>(shape[shape.size() > 2 ? 0 : 1]);
    const double reach = std::sqrt(3.0 / static_cast<double>(inputs));
    for (float& each : numbers) each = static_cast<float>(reach * (2 * uniform(random) - 1));
  });
  // Each image is moved by a pixel at most, each way, another way in every epoch.
  tg::data::loader batches(
      {.size = batch, .seed = seed, .last = tg::data::last_batch::dropped},
      tg::data::column(training.ink, pixels)
          .then(tg::data::augmentation({.height = side, .width = side, .shift = 1, .seed = seed})),
      tg::data::column(training.is, digits));
  auto step_on = tg::bound<float>(step);
  const std::size_t per_epoch = batches.batches();
  const auto look = [&](std::size_t epochs_behind) {
    const double at = static_cast<double>(epochs_behind);
    const judgement own = judged(training, run.weights);
    run.held_out = judged(held_out, run.weights);
    run.loss.push_back({at, own.loss}), run.held_out_loss.push_back({at, run.held_out.loss});
    run.accuracy.push_back({at, own.accuracy}), run.held_out_accuracy.push_back({at, run.held_out.accuracy});
  };
  look(0);
  (void)tg::train(
      [&](const auto& some, const auto& weights, auto& slopes) {
        const auto& [ink, wanted] = some;
        return step_on(ink, wanted, weights, slopes);
      },
      batches, run.weights,
      {.epochs = epochs,
       .rule = tg::adamw{.rate = 5e-3, .weight_decay = 0.1},
       .schedule =
           tg::warm_up(per_epoch, tg::cosine_schedule{.steps = (epochs - 1) * per_epoch, .last = 0.01}),
       .after_epoch = [&](const auto& now) { look(now.record.epoch); }});
  return run;
}

/// A square of numbers: black above 0, red below.
void draw_square(demo::svg_page& page, demo::point corner, double width, std::span<const float> numbers,
                 std::size_t columns, float darkest) {
  const double cell = width / static_cast<double>(columns);
  for (std::size_t k = 0; k < numbers.size(); ++k) {
    char style[60];
    std::snprintf(style, sizeof style, "fill=\"%s\" fill-opacity=\"%.2f\"",
                  numbers[k] >= 0 ? "#1f2933" : "#c2410c",
                  std::min(1.0, static_cast<double>(std::abs(numbers[k] / darkest))));
    if (std::abs(numbers[k]) > darkest / 50)
      page.rectangle({corner.x + cell * static_cast<double>(k % columns),
                      corner.y + cell * static_cast<double>(k / columns)},
                     cell, cell, style);
  }
  page.rectangle(corner, width, width, "fill=\"none\" " + demo::chart::stroke(demo::color::grid, 1));
}

void draw(const outcome& run, const images& held_out, const std::string& path) {
  constexpr double left = 92;
  char line[160];
  std::snprintf(line, sizeof line,
                "%zu parameters; of %zu digits of 8 by 8 pixels that were held out %.1f %% are right",
                theta.size(), held_out.size(), run.held_out.accuracy);
  demo::svg_page page = demo::headed_page(1200, 860, left, "LeNet reads digits", line);
  const demo::range shown{0, static_cast<double>(epochs)};
  const auto curves = [&](demo::chart chart, const auto& training, const auto& other) {
    chart.curve(training, demo::color::data, 2);
    chart.curve(other, demo::color::fit, 2, "7 4");
    chart.legend_at(0.3, 0.4);
    chart.legend(0, "digits to train on", demo::color::data, 2);
    chart.legend(1, "digits held out", demo::color::fit, 2, "7 4");
  };
  demo::chart losses(page, {left, 125}, 420, 300, shown,
                     demo::logarithmic_range({run.loss, run.held_out_loss}), demo::scale::logarithmic);
  losses.title("Loss");
  losses.axes("epoch", "mean cross-entropy (nats)", 6, 0);
  curves(losses, run.loss, run.held_out_loss);
  demo::chart rate(page, {left + 520, 125}, 420, 300, shown, {90, 100});
  rate.title("Accuracy");
  rate.axes("epoch", "digits told right (%)", 6, 5);
  const auto high = [](std::vector<demo::point> curve) {
    std::erase_if(curve, [](const demo::point& p) { return p.y < 90; });
    return curve;
  };
  curves(rate, high(run.accuracy), high(run.held_out_accuracy));

  const auto heading = [&](double y, const char* title) {
    page.text({left, y}, title, demo::chart::style(15, demo::color::ink, "start") + " font-weight=\"bold\"");
  };
  heading(520, "The windows of its first convolution, and what each makes of two digits");
  const auto windows = theta.view(run.weights, w1);
  float darkest = 0;
  for (const float each : windows) darkest = std::max(darkest, std::abs(each));
  for (std::size_t k = 0; k < channels; ++k) {
    const double at = left + 76 + 76 * static_cast<double>(k);
    draw_square(page, {at + 14, 535}, 36, std::span(windows).subspan(9 * k, 9), 3, darkest);
    for (std::size_t i = 0; i < 2; ++i)
      draw_square(page, {at, 585 + 76 * static_cast<double>(i)}, 64,
                  std::span(run.held_out.maps).subspan(pixels * (channels * i + k), pixels), side, 1);
  }
  for (std::size_t i = 0; i < 2; ++i)
    draw_square(page, {left, 585 + 76 * static_cast<double>(i)}, 64,
                std::span(held_out.ink).subspan(pixels * i, pixels), side, 1);
  heading(770, "Held-out digits taken for others");
  double next = left;
  for (std::size_t i = 0; i < held_out.size() && next < 1100; ++i) {
    if (held_out.digit[i] == run.held_out.taken_for[i]) continue;
    draw_square(page, {next, 785}, 44, std::span(held_out.ink).subspan(pixels * i, pixels), side, 1);
    page.text({next + 22, 845},
              std::to_string(held_out.digit[i]) + " as " + std::to_string(run.held_out.taken_for[i]),
              demo::chart::style(12, demo::color::ink, "middle"));
    next += 60;
  }
  page.save(path);
}

int run(const demo::arguments& given) {
  const demo::labelled_table table = demo::read_labelled(given.tables[0], pixels, digits);
  const auto parts = tg::data::split(table.rows.size(), {.parts = {0.75, 0.25}, .seed = given.seed});
  images training, held_out;
  for (const std::size_t i : parts[0]) training.add(table.rows[i], table.labels[i]);
  for (const std::size_t i : parts[1]) held_out.add(table.rows[i], table.labels[i]);
  std::printf(
      "%s: %zu digits, %zu of them held out; a network of %zu parameters, its loss and gradient %d steps\n",
      given.tables[0].c_str(), table.rows.size(), held_out.size(), theta.size(), step.steps());
  const outcome reached = train(training, held_out, given.seed);
  std::printf("after %zu epochs: loss %.4f, accuracy %.2f %%; on those held out %.4f, %.2f %%\n", epochs,
              reached.loss.back().y, reached.accuracy.back().y, reached.held_out.loss,
              reached.held_out.accuracy);
  example::expect(reached.held_out.accuracy >= 98);
  draw(reached, held_out, given.picture);
  std::printf("Picture: %s\n", given.picture.c_str());
  return example::status() == 0 ? 0 : 2;
}

}  // namespace

int main(int count, char** words) {
  return demo::guarded("lenet", [&] {
    return run(demo::parse_arguments(count, words,
                                     {.tables = {TYPEGRAD_EXAMPLE_DATA "/digits.csv"},
                                      .picture = "lenet.svg",
                                      .usage = "lenet [CSV] [--out SVG] [--seed NUMBER]",
                                      .has_seed = true}));
  });
}
