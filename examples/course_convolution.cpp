// SPDX-License-Identifier: BSL-1.0
// The code of docs/course/3-convolution.md and the solutions of its exercises, compiled and run. Writes
// course_convolution.svg, of which that in docs/course/ is a copy.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <span>
#include <string>
#include <typegrad/convolution.hpp>
#include <typegrad/data.hpp>
#include <typegrad/evaluation.hpp>
#include <typegrad/loss.hpp>
#include <typegrad/model.hpp>
#include <typegrad/selection.hpp>
#include <typegrad/training.hpp>
#include <vector>

#include "support/chart.hpp"
#include "support/expect.hpp"
#include "support/labelled_table.hpp"
#include "support/svg.hpp"

using example::expect;

// [window]
constexpr auto picture = tg::array<"picture", 1, 8, 8>;  // one channel of 8 by 8 pixels
constexpr auto window = tg::array<"window", 1, 1, 3, 3>;
constexpr auto look =
    tg::function(tg::inputs(picture, window), tg::outputs(conv2d(picture, window, tg::same)));
// [window]

// [network]
constexpr auto image = tg::array<"image", tg::rows, 1, 8, 8>;
constexpr auto digit = tg::index<"digit", tg::rows>;
constexpr auto counts = tg::array<"counts", tg::rows>;  // 1, or 0 where a row only fills up the batch
constexpr auto net = tg::model([](auto& self, auto in) {
  const auto first = tg::max_pool<2, 2>(relu(conv2d<8, 3, 3>(self, in, "first", tg::same)));
  const auto second = tg::max_pool<2, 2>(relu(conv2d<16, 3, 3>(self, first, "second", tg::same)));
  return dense<10>(self, tg::reshape<tg::rows, 64>(second), "out");  // from 16 channels of 2 by 2
});
constexpr auto logits = net(image);
constexpr auto theta = net.parameters(image);
constexpr auto loss = tg::loss::cross_entropy(logits, digit, tg::loss::sample_weights(counts));
constexpr auto learn =
    tg::function(tg::inputs(image, digit, counts, theta), tg::outputs(loss, tg::gradient(loss, theta)));
constexpr auto recognise = tg::function(tg::inputs(image, theta), tg::outputs(tg::argmax<1>(logits)));
// [network]

// [solution 1]
static_assert(theta.only<"first">().size() == 8 * (3 * 3) + 8);  // 80
constexpr auto without_windows = tg::model(
    [](auto& self, auto in) { return dense<8 * 8 * 8>(self, tg::reshape<tg::rows, 64>(in), "first"); });
static_assert(without_windows.parameters(image).size() == 64 * 512 + 512);  // 33,280
// [solution 1]

/// Handwritten digits: 64 pixels of each, and which it is.
struct digits {
  std::vector<float> ink;
  std::vector<int> which;
};

/// 8 by 8 numbers as dots, the larger the more, of eight sizes; the frame is 8 cells wide.
void draw(demo::svg_page& page, demo::point corner, double cell, std::span<const float> numbers,
          float largest) {
  page.rectangle(corner, 8 * cell, 8 * cell, "fill=\"none\" " + demo::chart::stroke(demo::color::grid, 1));
  for (int size = 1; size <= 8; ++size) {
    std::vector<demo::point> own;
    for (std::size_t k = 0; k < 64; ++k)
      if (static_cast<int>(std::ceil(8 * numbers[k] / largest)) == size)
        own.push_back({corner.x + cell * (static_cast<double>(k % 8) + 0.5),
                       corner.y + cell * (static_cast<double>(k / 8) + 0.5)});
    if (!own.empty()) page.dots(own, cell * size / 8, demo::color::ink, 1);
  }
}

int main() {
  // [digits]
  const auto table = demo::read_labelled(TYPEGRAD_EXAMPLE_DATA "/digits.csv", 64, 10);
  const auto parts = tg::data::stratified_split(table.labels, {.parts = {0.75, 0.25}, .seed = 1});
  std::array<digits, 2> some;
  for (const std::size_t part : {0U, 1U})
    for (const std::size_t row : parts[part]) {
      for (const double ink : table.rows[row]) some[part].ink.push_back(static_cast<float>(ink / 16));
      some[part].which.push_back(static_cast<int>(table.labels[row]));
    }
  const auto& [known, held_out] = some;
  // [digits]

  // [edges]
  auto see = tg::bound<float>(look);
  const std::array<float, 9> upright{-1, 0, 1, -1, 0, 1, -1, 0, 1};
  std::array<float, 64> edges;
  see(std::span(known.ink).first<64>(), upright, edges);
  // [edges]

  // What each window of the first layer makes of a digit, before pooling.
  const auto picture_of = [&](const std::vector<float>& weights) {
    demo::svg_page page = demo::headed_page(1200, 360, 92, "What the eight windows of the first layer see",
                                            "The larger a dot, the more ink or the larger the number");
    const auto windows = theta.view(weights, tg::array<"first.weight", 8, 1, 3, 3>);
    const auto biases = theta.view(weights, tg::array<"first.bias", 8>);
    for (std::size_t which = 0; which < 2; ++which) {
      const double y = 105 + 125 * static_cast<double>(which);
      const auto ink = std::span(held_out.ink).subspan(64 * which, 64);
      draw(page, {92, y}, 12, ink, 1);
      for (std::size_t k = 0; k < 8; ++k) {
        std::array<float, 64> seen;
        see(ink, std::span(windows).subspan(9 * k, 9), seen);
        for (float& each : seen) each = std::max(each + biases[k], 0.0f);
        draw(page, {92 + 115 * static_cast<double>(k + 1), y}, 12, seen, std::ranges::max(seen) + 1e-6f);
      }
    }
    page.save("course_convolution.svg");
  };

  // [solution 2]
  for (int row = 0; row < 8; ++row)
    for (int column = 0; column < 8; ++column) {
      float sum = 0;
      for (int i = 0; i < 3; ++i)
        for (int j = 0; j < 3; ++j) {
          const int y = row + i - 1, x = column + j - 1;
          if (y >= 0 && y < 8 && x >= 0 && x < 8)  // outside is 0
            sum +=
                upright[static_cast<std::size_t>(3 * i + j)] * known.ink[static_cast<std::size_t>(8 * y + x)];
        }
      expect(std::abs(sum - edges[static_cast<std::size_t>(8 * row + column)]) < 1e-6f);
    }
  // [solution 2]

  // [train]
  auto run = tg::bound<float>(learn);
  auto tell = tg::bound<float>(recognise);
  const auto step = [&](const auto& batch, const auto& weights, auto& slopes) {
    const auto& [ink, which] = batch;
    return run(ink, which, batch.weights, weights, slopes);
  };
  const auto told = [&](const std::vector<float>& ink, const std::vector<float>& weights) {
    std::vector<float> all(ink.size() / 64);
    tell(ink, weights, all);
    return all;
  };
  const auto trained = [&](const tg::data::column<float>& images) {
    tg::data::loader batches({.size = 32, .seed = 1}, images, tg::data::column(known.which));
    std::vector<float> weights(theta.size());
    net.initialise(weights, 1, image);
    const std::size_t steps = 10 * batches.batches();
    (void)tg::train(
        step, batches, weights,
        {.epochs = 10,
         .rule = tg::adamw{.rate = 0.01},
         .schedule = tg::cosine_schedule{.steps = steps},
         .evaluate =
             [&](const auto& now) {
               return tg::scores{{"accuracy", tg::metric::accuracy(held_out.which, told(held_out.ink, now))}};
             },
         .larger_is_better = true,
         .progress = &std::cout});
    return weights;
  };
  const std::vector<float> weights = trained(tg::data::column(known.ink, 64));
  const std::vector<float> said = told(held_out.ink, weights);
  const double right = tg::metric::accuracy(held_out.which, said);
  // [train]
  std::printf("%.1f %% of %zu digits held out are right\n", 100 * right, said.size());
  expect(right > 0.96);

  picture_of(weights);

  // [confused]
  const auto taken = tg::metric::confusion_matrix(held_out.which, said);
  for (std::size_t is = 0; is < 10; ++is)
    for (std::size_t for_a = 0; for_a < 10; ++for_a)
      if (is != for_a && taken(is, for_a) > 0)
        std::printf("%zu taken for %zu: %.0f\n", is, for_a, taken(is, for_a));
  // [confused]

  // [solution 3]
  std::vector<float> moved(held_out.ink.size());
  for (std::size_t k = 0; k < moved.size(); ++k) moved[k] = k % 8 == 0 ? 0 : held_out.ink[k - 1];
  const tg::data::augmentation by_a_pixel({.height = 8, .width = 8, .shift = 1});
  const auto steady = trained(tg::data::column(known.ink, 64).then(by_a_pixel));
  const double before = tg::metric::accuracy(held_out.which, told(moved, weights)),
               after = tg::metric::accuracy(held_out.which, told(moved, steady));
  std::printf("moved by a pixel: %.1f %%, and %.1f %% by a network that has seen such\n", 100 * before,
              100 * after);
  // [solution 3]
  expect(before < 0.75 && after > 0.88);
  return example::status();
}
