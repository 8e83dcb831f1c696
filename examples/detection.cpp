// SPDX-License-Identifier: BSL-1.0
// Detection: a network without dense layers finds the handwritten digits on a canvas of noise, which kind
// each is and the box of its ink. The canvas is a grid of 6 by 6 cells; each cell says whether the middle of
// a digit is in it, and if so which one, and where its box is. The example makes canvases from the digits,
// new ones in each epoch, and judges by others, made from a quarter of the digits that is held out, by the
// mean average precision. Usage: detection [CSV] [--full] [--out SVG] [--seed NUMBER]; without --full, fewer
// canvases. Status 0: learnt; 1: an error, in one sentence; 2: poor precision.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <random>
#include <span>
#include <string>
#include <typegrad/convolution.hpp>
#include <typegrad/data.hpp>
#include <typegrad/evaluation.hpp>
#include <typegrad/loss.hpp>
#include <typegrad/model.hpp>
#include <typegrad/training.hpp>
#include <vector>

#include "support/arguments.hpp"
#include "support/chart.hpp"
#include "support/expect.hpp"
#include "support/labelled_table.hpp"
#include "support/svg.hpp"

namespace {

using namespace tg::literals;
constexpr std::size_t side = 24, cells = 6, pitch = side / cells, digit_side = 8, maps = 1 + 4 + 10;

// [network]
constexpr auto canvas = tg::array<"canvas", tg::rows, 1, 24, 24>;
constexpr auto is = tg::array<"is", tg::rows, 1, 6, 6>;  // 1 where the middle of a digit is in the cell
constexpr auto where_it = tg::array<"box", tg::rows, 4, 6, 6>;  // its middle in the cell, logarithms of sizes
constexpr auto kind = tg::index<"kind", tg::rows, 6, 6>;
constexpr auto network = tg::model([](auto& net, auto in) {
  const auto first = tg::max_pool<2, 2>(relu(conv2d<12, 3, 3>(net, in, "first", tg::same)));
  const auto second = tg::max_pool<2, 2>(relu(conv2d<24, 3, 3>(net, first, "second", tg::same)));
  const auto third = relu(conv2d<48, 3, 3>(net, second, "third", tg::same));
  return conv2d<15, 3, 3>(net, third, "out", tg::same);
});
constexpr auto said =
    network(canvas);  // of each cell: is there one, four numbers of its box, ten of its kind
constexpr auto theta = network.parameters(canvas);
constexpr auto loss =
    30_c * tg::loss::binary_cross_entropy_with_logits(tg::slice<1, 0, 1>(said), is) +
    8_c * tg::loss::smooth_l1(tg::slice<1, 1, 5>(said), where_it, tg::loss::beta(0.1_c),
                              tg::loss::sample_weights(is)) +
    6_c * tg::loss::cross_entropy(tg::slice<1, 5, 15>(said), kind,
                                  tg::loss::sample_weights(tg::reshape<tg::rows, 6, 6>(is)));
// [network]

/// A number between 0 and 1. (The distributions of standard libraries differ.)
double uniform(std::mt19937_64& random) { return static_cast<double>(random() >> 11U) * 0x1p-53; }
std::size_t below(std::mt19937_64& random, std::size_t count) {
  return static_cast<std::size_t>(uniform(random) * static_cast<double>(count));
}

/// Canvases with what is on them.
struct scenes {
  std::vector<float> ink, is, box;
  std::vector<int> kind;
  std::vector<tg::metric::object> objects;

  std::size_t size() const { return ink.size() / (side * side); }
};

/// Makes canvases from the digits of a table: as many batches as it is told, others in each epoch.
class painter {
 public:
  painter(const demo::labelled_table& table, std::span<const std::size_t> rows, std::size_t batches,
          std::size_t size, std::uint64_t seed)
      : table_(&table), rows_(rows.begin(), rows.end()), batches_(batches), size_(size), seed_(seed) {}

  std::size_t batches() const { return batches_; }

  scenes batch(std::size_t epoch, std::size_t index) const {
    std::mt19937_64 random(seed_ + 1000003 * (epoch * batches_ + index));
    scenes made;
    for (std::size_t k = 0; k < size_; ++k) paint(made, random);
    return made;
  }

 private:
  void paint(scenes& all, std::mt19937_64& random) const {
    const std::size_t image = all.size(), area = cells * cells;
    all.ink.resize(all.ink.size() + side * side);
    all.is.resize(all.is.size() + area), all.box.resize(all.box.size() + 4 * area);
    all.kind.resize(all.kind.size() + area);
    const auto ink = std::span(all.ink).last(side * side);
    for (float& each : ink) each = static_cast<float>(0.2 * uniform(random));
    const std::size_t wanted = 1 + below(random, 3), before = all.objects.size();
    for (std::size_t tries = 0; tries < 30 && all.objects.size() < before + wanted; ++tries) {
      const std::size_t row = rows_[below(random, rows_.size())], size = 8 + below(random, 5);
      const std::size_t left = below(random, side - size + 1), top = below(random, side - size + 1);
      const auto drawn = enlarged(table_->rows[row], size);
      // The box of its ink, on the canvas.
      tg::metric::box box{1e9, 1e9, -1, -1};
      for (std::size_t p = 0; p < drawn.size(); ++p)
        if (drawn[p] > 0.3) {
          const auto x = static_cast<double>(left + p % size), y = static_cast<double>(top + p / size);
          box = {std::min(box.left, x), std::min(box.top, y), std::max(box.right, x + 1),
                 std::max(box.bottom, y + 1)};
        }
      const double x = (box.left + box.right) / 2 / pitch, y = (box.top + box.bottom) / 2 / pitch;
      const std::size_t cell = static_cast<std::size_t>(y) * cells + static_cast<std::size_t>(x);
      const bool free = std::none_of(
          all.objects.begin() + static_cast<std::ptrdiff_t>(before), all.objects.end(),
          [&](const auto& other) { return tg::metric::intersection_over_union(other.where, box) > 0.02; });
      if (!free || all.is[image * area + cell] > 0) continue;
      for (std::size_t p = 0; p < drawn.size(); ++p) {
        float& at = ink[(top + p / size) * side + left + p % size];
        at = std::max(at, static_cast<float>(drawn[p]));
      }
      all.is[image * area + cell] = 1;
      const double numbers[] = {x - std::floor(x), y - std::floor(y), std::log((box.right - box.left) / 8),
                                std::log((box.bottom - box.top) / 8)};
      for (std::size_t k = 0; k < 4; ++k)
        all.box[(4 * image + k) * area + cell] = static_cast<float>(numbers[k]);
      all.kind[image * area + cell] = static_cast<int>(table_->labels[row]);
      all.objects.push_back(
          {static_cast<std::int64_t>(image), static_cast<std::int64_t>(table_->labels[row]), box});
    }
  }

  /// A digit as a square of another size, bilinear.
  static std::vector<double> enlarged(std::span<const double> digit, std::size_t size) {
    std::vector<double> result(size * size);
    const double step = static_cast<double>(digit_side) / static_cast<double>(size);
    const auto ink = [&](std::size_t y, std::size_t x) {
      return digit[std::min(y, digit_side - 1) * digit_side + std::min(x, digit_side - 1)] / 16;
    };
    for (std::size_t p = 0; p < result.size(); ++p) {
      const double y = std::max(0.0, (static_cast<double>(p / size) + 0.5) * step - 0.5),
                   x = std::max(0.0, (static_cast<double>(p % size) + 0.5) * step - 0.5);
      const auto row = static_cast<std::size_t>(y), column = static_cast<std::size_t>(x);
      const double down = y - static_cast<double>(row), right = x - static_cast<double>(column);
      result[p] = (1 - down) * ((1 - right) * ink(row, column) + right * ink(row, column + 1)) +
                  down * ((1 - right) * ink(row + 1, column) + right * ink(row + 1, column + 1));
    }
    return result;
  }

  const demo::labelled_table* table_;
  std::vector<std::size_t> rows_;
  std::size_t batches_, size_;
  std::uint64_t seed_;
};

// [detect]
/// The digits that the network finds. Of boxes that share more than 0.4 of their area the surest one stays.
std::vector<tg::metric::detection> detect(const scenes& all, const std::vector<float>& weights) {
  static auto run = tg::bound<float>(tg::function(tg::inputs(canvas, theta), tg::outputs(said)));
  constexpr std::size_t area = cells * cells;
  std::vector<float> told(all.size() * maps * area);
  run(all.ink, weights, told);
  std::vector<tg::metric::detection> found;
  for (std::size_t image = 0; image < all.size(); ++image) {
    std::vector<tg::metric::detection> here;
    for (std::size_t cell = 0; cell < area; ++cell) {
      const auto number = [&](std::size_t map) {
        return static_cast<double>(told[(image * maps + map) * area + cell]);
      };
      const double sure = 1 / (1 + std::exp(-number(0)));
      if (sure < 0.05) continue;
      std::size_t best = 0;
      double sum = 0;
      for (std::size_t k = 1; k < 10; ++k)
        if (number(5 + k) > number(5 + best)) best = k;
      for (std::size_t k = 0; k < 10; ++k) sum += std::exp(number(5 + k) - number(5 + best));
      const double x = pitch * (static_cast<double>(cell % cells) + number(1)),
                   y = pitch * (static_cast<double>(cell / cells) + number(2)),
                   width = 8 * std::exp(number(3)), height = 8 * std::exp(number(4));
      here.push_back({static_cast<std::int64_t>(image),
                      static_cast<std::int64_t>(best),
                      sure / sum,
                      {x - width / 2, y - height / 2, x + width / 2, y + height / 2}});
    }
    std::ranges::sort(here, std::greater{}, &tg::metric::detection::score);
    const auto first = static_cast<std::ptrdiff_t>(found.size());
    for (const auto& each : here)
      if (std::none_of(found.begin() + first, found.end(), [&](const auto& other) {
            return tg::metric::intersection_over_union(other.where, each.where) > 0.4;
          }))
        found.push_back(each);
  }
  return found;
}
// [detect]

void draw(const scenes& all, const std::vector<tg::metric::detection>& found,
          const std::vector<demo::point>& losses, const tg::metric::detection_scores& scores,
          const std::string& path) {
  char words[160];
  std::snprintf(words, sizeof words,
                "%zu parameters; mean average precision %.3f on %zu canvases of digits that were held out",
                theta.size(), scores.mean, all.size());
  demo::svg_page page = demo::headed_page(1200, 900, 60, "Digits found on canvases", words);
  constexpr double scale = 8.6, step = scale * side + 12;
  const auto outline = [&](demo::point corner, const tg::metric::box& box, const char* style) {
    page.rectangle({corner.x + scale * box.left, corner.y + scale * box.top}, scale * (box.right - box.left),
                   scale * (box.bottom - box.top), std::string("fill=\"none\" ") + style);
  };
  for (std::size_t image = 0; image < std::min<std::size_t>(10, all.size()); ++image) {
    const demo::point corner{60 + step * static_cast<double>(image % 5),
                             110 + step * static_cast<double>(image / 5)};
    page.rectangle(corner, scale * side, scale * side, "fill=\"#ffffff\" stroke=\"#cbd2d9\"");
    for (std::size_t p = 0; p < side * side; ++p) {
      const double ink = static_cast<double>(all.ink[image * side * side + p]);
      char style[60];
      std::snprintf(style, sizeof style, "fill=\"#1f2933\" fill-opacity=\"%.2f\"", ink);
      if (ink > 0.05)
        page.rectangle({corner.x + scale * static_cast<double>(p % side),
                        corner.y + scale * static_cast<double>(p / side)},
                       scale, scale, style);
    }
    for (const auto& each : all.objects)
      if (each.image == static_cast<std::int64_t>(image))
        outline(corner, each.where, "stroke=\"#0072b2\" stroke-width=\"1.5\" stroke-dasharray=\"4 3\"");
    for (const auto& each : found)
      if (each.image == static_cast<std::int64_t>(image) && each.score > 0.3) {
        outline(corner, each.where, "stroke=\"#c2410c\" stroke-width=\"2\"");
        char told[40];
        std::snprintf(told, sizeof told, "%d: %.0f %%", static_cast<int>(each.label), 100 * each.score);
        page.text({corner.x + scale * each.where.left, corner.y + scale * each.where.top - 3}, told,
                  demo::chart::style(12, demo::color::fit, "start") + " font-weight=\"bold\"");
      }
  }
  page.text({60, 110 + 2 * step + 8}, "orange: found, with its digit and how sure; dashed: where it is",
            demo::chart::style(13, demo::color::ink, "start"));
  demo::chart curve(page, {92, 615}, 420, 210, {0, losses.back().x}, demo::logarithmic_range({losses}),
                    demo::scale::logarithmic);
  curve.title("Loss");
  curve.axes("epoch", "", 6, 0);
  curve.curve(losses, demo::color::fit, 2);
  demo::chart bars(page, {652, 615}, 420, 210, {-0.5, 9.5}, {0.5, 1});
  bars.title("Average precision of each digit");
  bars.axes("digit", "", 10, 5);
  for (std::size_t k = 0; k < scores.each.size(); ++k) {
    const auto at = static_cast<double>(scores.classes[k]);
    bars.curve({{at, 0.5}, {at, std::max(0.5, scores.each[k])}}, demo::color::data, 18);
  }
  page.save(path);
}

int run(const demo::arguments& given) {
  const demo::labelled_table table = demo::read_labelled(given.tables[0], digit_side * digit_side, 10);
  const auto parts = tg::data::stratified_split(table.labels, {.parts = {0.75, 0.25}, .seed = given.seed});
  painter training(table, parts[0], 160, 10, given.seed);
  const scenes held_out = painter(table, parts[1], 1, 400, given.seed + 1).batch(0, 0);
  std::printf("%s: %zu digits, %zu of them held out; a network of %zu parameters\n", given.tables[0].c_str(),
              table.rows.size(), parts[1].size(), theta.size());

  std::vector<float> weights(theta.size());
  network.initialise(weights, static_cast<double>(given.seed), canvas);
  auto step = tg::bound<float>(tg::function(tg::inputs(canvas, is, where_it, kind, theta),
                                            tg::outputs(loss, tg::gradient(loss, theta))));
  const std::size_t epochs = given.full ? 100 : 18, steps = epochs * training.batches();
  const auto trained =
      tg::train([&](const scenes& batch, const auto& now,
                    auto& slopes) { return step(batch.ink, batch.is, batch.box, batch.kind, now, slopes); },
                training, weights,
                {.epochs = epochs,
                 .rule = tg::adamw{.rate = 5e-3, .weight_decay = 0.01},
                 .schedule = tg::warm_up(steps / 20, tg::cosine_schedule{.steps = steps - steps / 20}),
                 .progress = &std::cout});
  std::vector<demo::point> losses;
  for (const auto& epoch : trained.history) losses.push_back({static_cast<double>(epoch.epoch), epoch.loss});

  const auto found = detect(held_out, weights);
  const auto scores = tg::metric::mean_average_precision(held_out.objects, found);
  const auto strict = tg::metric::mean_average_precision(held_out.objects, found, {.iou = 0.75});
  std::printf(
      "%zu digits on %zu canvases: mean average precision %.4f, and %.4f where boxes must meet 0.75\n",
      held_out.objects.size(), held_out.size(), scores.mean, strict.mean);
  example::expect(scores.mean >= (given.full ? 0.96 : 0.9));
  draw(held_out, found, losses, scores, given.picture);
  std::printf("Picture: %s\n", given.picture.c_str());
  return example::status() == 0 ? 0 : 2;
}

}  // namespace

int main(int count, char** words) {
  return demo::guarded("detection", [&] {
    return run(demo::parse_arguments(count, words,
                                     {.tables = {TYPEGRAD_EXAMPLE_DATA "/digits.csv"},
                                      .picture = "detection.svg",
                                      .usage = "detection [CSV] [--full] [--out SVG] [--seed NUMBER]",
                                      .has_seed = true,
                                      .has_full = true}));
  });
}
