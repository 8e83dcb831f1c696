// SPDX-License-Identifier: BSL-1.0
// micrograd's two moons (Karpathy 2020): 100 points in two half circles that reach into each other, and a
// network of 337 parameters that learns to tell them apart in 100 steps. The picture shows where it changes
// its mind. Usage: moons [--out SVG] [--seed NUMBER]. Status 0: learnt; 1: an error, in one sentence; 2: poor
// accuracy.
#include "support/moons.hpp"

#include <cmath>
#include <cstdio>
#include <numbers>
#include <random>
#include <string>
#include <vector>

#include "support/arguments.hpp"
#include "support/chart.hpp"
#include "support/expect.hpp"
#include "support/svg.hpp"

namespace {

namespace moons = demo::moons;

/// A number between 0 and 1. (The distributions of standard libraries differ.)
double uniform(std::mt19937_64& random) { return static_cast<double>(random() >> 11U) * 0x1p-53; }
double normal(std::mt19937_64& random) {
  double sum = -6;
  for (int k = 0; k < 12; ++k) sum += uniform(random);
  return sum;
}

struct points {
  std::vector<double> at, side;
};
/// As many points of each moon, with noise.
points two_moons(std::size_t each, double noise, std::mt19937_64& random) {
  points all;
  for (const double side : {-1.0, 1.0})
    for (std::size_t k = 0; k < each; ++k) {
      const double angle = std::numbers::pi * static_cast<double>(k) / static_cast<double>(each - 1);
      all.at.push_back((side < 0 ? std::cos(angle) : 1 - std::cos(angle)) + noise * normal(random));
      all.at.push_back((side < 0 ? std::sin(angle) : 0.5 - std::sin(angle)) + noise * normal(random));
      all.side.push_back(side);
    }
  return all;
}

/// What the network says of each point.
std::vector<double> scores(const std::vector<double>& at, const std::vector<double>& weights) {
  static auto run = tg::bound<double>(moons::classify);
  std::vector<double> all(at.size() / 2);
  run(at, weights, all);
  return all;
}
double accuracy(const points& data, const std::vector<double>& weights) {
  const std::vector<double> said = scores(data.at, weights);
  double right = 0;
  for (std::size_t k = 0; k < said.size(); ++k) right += said[k] * data.side[k] > 0;
  return 100 * right / static_cast<double>(said.size());
}

void draw(const points& data, const std::vector<double>& weights, const std::vector<double>& losses,
          const std::string& path) {
  demo::svg_page page = demo::headed_page(1200, 620, 92, "A network of 2-16-16-1 units tells two moons apart",
                                          "337 parameters, 100 steps downhill");
  // The plane in cells, each of the colour of the side that the network sees there.
  const demo::range across{-1.6, 2.6}, up{-1.2, 1.7};
  demo::chart plane(page, {92, 125}, 600, 414, across, up);
  constexpr std::size_t columns = 120, rows = 83;
  std::vector<double> at;
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t c = 0; c < columns; ++c) {
      at.push_back(across.low + (across.high - across.low) * (static_cast<double>(c) + 0.5) / columns);
      at.push_back(up.high - (up.high - up.low) * (static_cast<double>(r) + 0.5) / rows);
    }
  const std::vector<double> said = scores(at, weights);
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t c = 0, end; c < columns; c = end) {
      const bool positive = said[r * columns + c] > 0;
      for (end = c + 1; end < columns && (said[r * columns + end] > 0) == positive;) ++end;
      page.rectangle({92 + 5 * static_cast<double>(c), 125 + 414.0 * static_cast<double>(r) / rows},
                     5 * static_cast<double>(end - c), 414.0 / rows + 0.3,
                     positive ? "fill=\"#fbe3d2\"" : "fill=\"#d9e6f2\"");
    }
  plane.title("What it says of each place, and the points that it learnt from");
  plane.axes("x", "y", 5, 4);
  for (const double side : {-1.0, 1.0}) {
    std::vector<demo::point> own;
    for (std::size_t k = 0; k < data.side.size(); ++k)
      if (data.side[k] == side) own.push_back({data.at[2 * k], data.at[2 * k + 1]});
    plane.dots(own, 8, side < 0 ? demo::color::series[0] : demo::color::series[1], 1);
  }
  std::vector<demo::point> curve;
  for (std::size_t k = 0; k < losses.size(); ++k) curve.push_back({static_cast<double>(k), losses[k]});
  demo::chart fall(page, {790, 125}, 330, 414, {0, 100}, demo::logarithmic_range({curve}),
                   demo::scale::logarithmic);
  fall.title("Its loss");
  fall.axes("step", "mean loss of the margin, and decay", 5, 0);
  fall.curve(curve, demo::color::data, 2);
  page.save(path);
}

int run(const demo::arguments& given) {
  std::mt19937_64 random(given.seed);
  const points data = two_moons(50, 0.1, random), unseen = two_moons(500, 0.1, random);
  std::vector<double> weights(moons::theta.size());
  moons::theta.each(weights, [&](std::string_view name, auto, auto numbers) {
    if (name[0] == 'w')
      for (double& each : numbers) each = 2 * uniform(random) - 1;
  });
  const std::vector<double> losses = moons::train(data.at, data.side, weights);
  const double learnt = accuracy(data, weights), told = accuracy(unseen, weights);
  std::printf("loss %.4f, after %zu steps %.4f; %.1f %% of the points right, %.1f %% of 1000 unseen ones\n",
              losses.front(), losses.size(), losses.back(), learnt, told);
  example::expect(losses.back() < 0.1);
  example::expect(learnt >= 98 && told >= 97);
  draw(data, weights, losses, given.picture);
  std::printf("Picture: %s\n", given.picture.c_str());
  return example::status() == 0 ? 0 : 2;
}

}  // namespace

int main(int count, char** words) {
  return demo::guarded("moons", [&] {
    return run(demo::parse_arguments(count, words,
                                     {.tables = {},
                                      .picture = "moons.svg",
                                      .usage = "moons [--out SVG] [--seed NUMBER]",
                                      .has_seed = true}));
  });
}
