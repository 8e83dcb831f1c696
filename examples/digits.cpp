// SPDX-License-Identifier: BSL-1.0
// A network of 64-32-10 units learns to read handwritten digits: a formula of arrays, traced once, with its
// gradient by all 2,410 parameters in one vector. It is trained on mini-batches by AdamW, in float. Four
// networks learn from three quarters of the digits each, so that each digit is read by one that has not seen
// it. Usage: digits [CSV] [--out SVG] [--seed NUMBER]. Status 0: learnt; 1: an error, in one sentence; 2:
// poor accuracy.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <numeric>
#include <random>
#include <span>
#include <string>
#include <typegrad/array.hpp>
#include <typegrad/optimize/first_order.hpp>
#include <typegrad/optimize/schedule.hpp>
#include <utility>
#include <vector>

#include "support/arguments.hpp"
#include "support/chart.hpp"
#include "support/expect.hpp"
#include "support/labelled_table.hpp"
#include "support/svg.hpp"

namespace {

using example::expect;

constexpr std::size_t pixels = 64, hidden = 32, digits = 10;

constexpr auto x = tg::array<"x", tg::rows, 64>;
constexpr auto is = tg::array<"is", tg::rows, 10>;  // 1 for the digit of the row, 0 for the others
constexpr auto w1 = tg::array<"w1", 64, 32>;
constexpr auto b1 = tg::array<"b1", 32>;
constexpr auto w2 = tg::array<"w2", 32, 10>;
constexpr auto b2 = tg::array<"b2", 10>;
constexpr auto scores = tg::trace(x, w1, b1, w2, b2, [](auto image, auto w_1, auto b_1, auto w_2, auto b_2) {
  return matmul(tanh(matmul(image, w_1) + b_1), w_2) + b_2;
});
constexpr auto loss = -tg::mean(tg::sum<1>(is * tg::log_softmax<1>(scores)));
constexpr auto theta = tg::parameters(w1, b1, w2, b2);

constexpr auto step = tg::function(tg::inputs(x, is, theta), tg::outputs(loss, tg::gradient(loss, theta)));
constexpr auto judge = tg::function(tg::inputs(x, is, theta), tg::outputs(loss, scores));

/// Images in rows, and which digit each is.
struct images {
  std::vector<float> ink, is;
  std::vector<std::size_t> digit;

  std::size_t size() const { return digit.size(); }
  std::span<const float> image(std::size_t i) const { return std::span(ink).subspan(pixels * i, pixels); }
  void add(const std::vector<double>& row, std::size_t label) {
    for (const double pixel : row) ink.push_back(static_cast<float>(pixel / 16));
    for (std::size_t k = 0; k < digits; ++k) is.push_back(k == label ? 1 : 0);
    digit.push_back(label);
  }
};

/// A number between 0 and 1. (The distributions of standard libraries differ.)
double uniform(std::mt19937_64& random) { return static_cast<double>(random() >> 11U) * 0x1p-53; }

/// Fisher and Yates's shuffle.
void shuffle(std::vector<std::size_t>& order, std::mt19937_64& random) {
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random() % i]);
}

std::vector<std::size_t> shuffled(std::size_t count, std::mt19937_64& random) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  shuffle(order, random);
  return order;
}

/// Small random weights, no biases. Source: Glorot and Bengio 2010.
std::vector<float> start(std::mt19937_64& random) {
  std::vector<float> weights(theta.size());
  theta.each(weights, [&](std::string_view, auto shape, auto numbers) {
    if (shape.size() < 2) return;
    const double reach = std::sqrt(6.0 / static_cast<double>(shape[0] + shape[1]));
    for (float& each : numbers) each = static_cast<float>(reach * (2 * uniform(random) - 1));
  });
  return weights;
}

struct judgement {
  double loss = 0, accuracy = 0;
  std::vector<std::size_t> taken_for;  // of each image
};

/// One training: its curves against the epoch, in percent where they are accuracies, and what was reached.
struct outcome {
  std::vector<demo::point> loss, held_out_loss, accuracy, held_out_accuracy;
  std::vector<float> weights;
  judgement training, held_out;
};

judgement judged(const images& all, const std::vector<float>& weights) {
  static auto run = tg::bound<float>(judge);
  std::vector<float> each(digits * all.size());
  judgement result;
  result.loss = run(all.ink, all.is, weights, each);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto row = std::span(each).subspan(digits * i, digits);
    result.taken_for.push_back(static_cast<std::size_t>(std::ranges::max_element(row) - row.begin()));
    result.accuracy += result.taken_for[i] == all.digit[i];
  }
  result.accuracy *= 100 / static_cast<double>(all.size());
  return result;
}

constexpr std::size_t epochs = 100, batch = 32;
constexpr double noise = 0.3;  // on each pixel of 0 to 1, anew in each epoch

outcome train(const images& training, const images& held_out, std::mt19937_64& random) {
  outcome run;
  run.weights = start(random);
  std::vector<std::size_t> order = shuffled(training.size(), random);
  const std::size_t batches = training.size() / batch;

  auto step_on = tg::bound<float>(step);
  tg::first_order<tg::adamw, float> rule({.rate = 1e-2, .weight_decay = 0.1}, theta.size());
  auto schedule = tg::warm_up(batches, tg::cosine_schedule{.steps = (epochs - 1) * batches, .last = 0.01});
  std::vector<float> ink(batch * pixels), is_digit(batch * digits), slopes(theta.size());
  std::size_t steps = 0;
  for (std::size_t epoch = 0;; ++epoch) {
    const double at = static_cast<double>(epoch);
    run.training = judged(training, run.weights), run.held_out = judged(held_out, run.weights);
    run.loss.push_back({at, run.training.loss}), run.held_out_loss.push_back({at, run.held_out.loss});
    run.accuracy.push_back({at, run.training.accuracy});
    run.held_out_accuracy.push_back({at, run.held_out.accuracy});
    if (epoch == epochs) return run;
    shuffle(order, random);
    for (std::size_t first = 0; first + batch <= order.size(); first += batch, ++steps) {
      for (std::size_t i = 0; i < batch; ++i) {
        const std::size_t row = order[first + i];
        for (std::size_t k = 0; k < pixels; ++k)
          ink[pixels * i + k] =
              training.image(row)[k] + static_cast<float>(noise * (2 * uniform(random) - 1));
        for (std::size_t k = 0; k < digits; ++k) is_digit[digits * i + k] = training.is[digits * row + k];
      }
      const float now = step_on(ink, is_digit, run.weights, slopes);
      rule.step(run.weights, slopes, static_cast<float>(schedule(steps, now)));
    }
  }
}

/// A digit as it was read, by a network that had not seen it.
struct reading {
  std::span<const float> image;
  std::size_t digit, taken_for;
};

void draw_image(demo::svg_page& page, demo::point corner, double width, std::span<const float> image,
                float darkest) {
  const double side = width / 8;
  for (std::size_t k = 0; k < pixels; ++k) {
    char style[60];
    std::snprintf(style, sizeof style, "fill=\"%s\" fill-opacity=\"%.2f\"",
                  image[k] >= 0 ? "#1f2933" : "#c2410c", std::min(1.0, std::abs(image[k] / darkest) * 1.0));
    if (std::abs(image[k]) > darkest / 50)
      page.rectangle(
          {corner.x + side * static_cast<double>(k % 8), corner.y + side * static_cast<double>(k / 8)}, side,
          side, style);
  }
  page.rectangle(corner, width, width, "fill=\"none\" " + demo::chart::stroke(demo::color::grid, 1));
}

std::string words(std::size_t count) { return std::to_string(count); }

void draw_confusion(demo::svg_page& page, demo::point corner, double cell, const std::vector<reading>& all) {
  std::array<std::array<std::size_t, digits>, digits> count{};
  for (const reading& one : all) ++count[one.digit][one.taken_for];
  for (std::size_t i = 0; i < digits; ++i) {
    const double at = cell * (static_cast<double>(i) + 0.5);
    page.text({corner.x + at, corner.y - 8}, words(i), demo::chart::style(13, demo::color::ink, "middle"));
    page.text({corner.x - 10, corner.y + at + 5}, words(i), demo::chart::style(13, demo::color::ink, "end"));
    for (std::size_t k = 0; k < digits; ++k) {
      const demo::point place{corner.x + cell * static_cast<double>(k),
                              corner.y + cell * static_cast<double>(i)};
      const bool right = i == k, some = count[i][k] > 0;
      page.rectangle(place, cell, cell,
                     demo::chart::stroke(demo::color::grid, 1) + " fill=\"" +
                         std::string(!some   ? "#ffffff"
                                     : right ? demo::color::data
                                             : demo::color::band) +
                         '"');
      if (some)
        page.text({place.x + cell / 2, place.y + cell / 2 + 4.5}, words(count[i][k]),
                  demo::chart::style(12, right ? "#ffffff" : demo::color::ink, "middle"));
    }
  }
}

void draw(const outcome& first, const std::vector<reading>& all, double accuracy, const std::string& path) {
  constexpr double left = 92, width = 300, pitch = 390;
  char line[160];
  std::snprintf(line, sizeof line,
                "%zu images of 8 by 8 pixels, each read by a network that has not seen it: %.1f %% right",
                all.size(), accuracy);
  demo::svg_page page = demo::headed_page(1200, 950, left, "A network of 64-32-10 units reads digits", line);
  const demo::range shown{0, static_cast<double>(epochs)};
  const auto curves = [&](demo::chart chart, const auto& training, const auto& held_out) {
    chart.curve(training, demo::color::data, 2);
    chart.curve(held_out, demo::color::fit, 2, "7 4");
    chart.legend_at(0.3, 0.5);
    chart.legend(0, "digits to train on", demo::color::data, 2);
    chart.legend(1, "digits held out", demo::color::fit, 2, "7 4");
  };
  demo::chart losses(page, {left, 125}, width, 330, shown,
                     demo::logarithmic_range({first.loss, first.held_out_loss}), demo::scale::logarithmic);
  losses.title("Loss of the first network");
  losses.axes("epoch", "mean cross-entropy (nats)", 6, 0);
  curves(losses, first.loss, first.held_out_loss);
  demo::chart rate(page, {left + pitch, 125}, width, 330, shown, {80, 100});
  rate.title("Its accuracy");
  rate.axes("epoch", "digits told right (%)", 6, 5);
  const auto high = [](std::vector<demo::point> curve) {
    std::erase_if(curve, [](const demo::point& p) { return p.y < 80; });
    return curve;
  };
  curves(rate, high(first.accuracy), high(first.held_out_accuracy));
  page.text({left + 2 * pitch, 113}, "Digits, and what they are taken for",
            demo::chart::style(15, demo::color::ink, "start") + " font-weight=\"bold\"");
  draw_confusion(page, {left + 2 * pitch, 145}, 31, all);

  const auto heading = [&](double y, const char* title) {
    page.text({left, y}, title, demo::chart::style(15, demo::color::ink, "start") + " font-weight=\"bold\"");
  };
  heading(550, "Digits taken for others");
  demo::point place{left, 565};
  for (const reading& one : all) {
    if (one.digit == one.taken_for) continue;
    if (place.y > 700) break;
    draw_image(page, place, 44, one.image, 1);
    page.text({place.x + 22, place.y + 60}, words(one.digit) + " as " + words(one.taken_for),
              demo::chart::style(12, demo::color::ink, "middle"));
    if ((place.x += 60) > left + 1010) place = {left, place.y + 78};
  }
  heading(755, "What its 32 hidden units look for: ink where black, paper where red");
  const auto weights = theta.view(first.weights, w1);
  for (std::size_t unit = 0; unit < hidden; ++unit) {
    std::array<float, pixels> seen;
    for (std::size_t k = 0; k < pixels; ++k) seen[k] = weights[k * hidden + unit];
    const auto [low, top] = std::ranges::minmax(seen);
    draw_image(page, {left + 65 * static_cast<double>(unit % 16), 770 + 75 * static_cast<double>(unit / 16)},
               52, seen, std::max(-low, top));
  }
  page.save(path);
}

int run(const demo::arguments& given) {
  const demo::labelled_table table = demo::read_labelled(given.tables[0], pixels, digits);
  constexpr std::size_t parts = 4;
  std::printf("%s: %zu digits; a network of %zu parameters, its loss and gradient %d steps\n",
              given.tables[0].c_str(), table.rows.size(), theta.size(), step.steps());
  std::mt19937_64 random(given.seed);
  const std::vector<std::size_t> order = shuffled(table.rows.size(), random);
  std::array<images, parts> held_out;
  std::vector<reading> all;
  outcome first;
  for (std::size_t part = 0; part < parts; ++part) {
    images training;
    for (std::size_t i = 0; i < order.size(); ++i)
      (i % parts == part ? held_out[part] : training).add(table.rows[order[i]], table.labels[order[i]]);
    const outcome one = train(training, held_out[part], random);
    std::printf(
        "  network %zu: loss %.4f, accuracy %.2f %% on %zu digits to train on; %.4f, %.2f %% on %zu held "
        "out\n",
        part + 1, one.training.loss, one.training.accuracy, training.size(), one.held_out.loss,
        one.held_out.accuracy, held_out[part].size());
    for (std::size_t i = 0; i < held_out[part].size(); ++i)
      all.push_back({held_out[part].image(i), held_out[part].digit[i], one.held_out.taken_for[i]});
    if (part == 0) first = one;
  }
  const auto right = std::ranges::count_if(all, [](const reading& r) { return r.digit == r.taken_for; });
  const double accuracy = 100 * static_cast<double>(right) / static_cast<double>(all.size());
  std::printf("All digits, each read by the network that has not seen it: %.2f %% right\n", accuracy);
  expect(accuracy >= 97);
  draw(first, all, accuracy, given.picture);
  std::printf("Picture: %s\n", given.picture.c_str());
  return example::status() == 0 ? 0 : 2;
}

}  // namespace

int main(int count, char** words) {
  return demo::guarded("digits", [&] {
    return run(demo::parse_arguments(count, words,
                                     {.tables = {TYPEGRAD_EXAMPLE_DATA "/digits.csv"},
                                      .picture = "digits.svg",
                                      .usage = "digits [CSV] [--out SVG] [--seed NUMBER]",
                                      .has_seed = true}));
  });
}
