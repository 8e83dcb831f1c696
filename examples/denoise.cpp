// SPDX-License-Identifier: BSL-1.0
// A network takes noise out of an electrocardiogram: white noise and the hum of the mains, together a quarter
// of the power of the signal (6 dB). It sees 128 noisy samples and says what the 32 in their middle were; it
// is trained on the first 100 seconds with ever new noise, and judged on the last 50 by the decibels of
// signal over error, beside the best of all Savitzky-Golay filters, which is chosen knowing the answer.
// Usage: denoise [CSV] [--out SVG] [--seed NUMBER]. Status 0: better by 3 dB; 1: an error, in one sentence;
// 2: not so.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <numbers>
#include <random>
#include <span>
#include <string>
#include <typegrad/loss.hpp>
#include <typegrad/model.hpp>
#include <typegrad/optimize/first_order.hpp>
#include <vector>

#include "support/arguments.hpp"
#include "support/chart.hpp"
#include "support/expect.hpp"
#include "support/reading.hpp"
#include "support/svg.hpp"

namespace {

constexpr std::size_t wide = 128, kept = 32, before = (wide - kept) / 2, batch = 64, steps = 10000;
constexpr double rate = 360;  // samples a second

constexpr auto noisy = tg::array<"noisy", tg::rows, 128>;
constexpr auto clean = tg::array<"clean", tg::rows, 32>;
constexpr auto network = tg::model([](auto& net, auto x) {
  return dense<32>(net, relu(dense<96>(net, relu(dense<96>(net, x, "first")), "second")), "out");
});
constexpr auto theta = network.parameters(noisy);
constexpr auto loss = tg::loss::mse(network(noisy), clean);

/// A number between 0 and 1. (The distributions of standard libraries differ.)
double uniform(std::mt19937_64& random) { return static_cast<double>(random() >> 11U) * 0x1p-53; }

using signal = std::vector<float>;

/// The samples in millivolts.
signal read(const std::string& path) {
  demo::text_lines lines(path, "a CSV file of samples", "a line such as 54000,360");
  lines.next();
  const auto head = demo::split(lines.line());
  const auto count = demo::parse<std::size_t>(head[0]);
  if (!count || head.size() != 2 || head[1] != "360" || *count < 30 * 360)
    throw lines.bad("found " + demo::quoted(lines.line()) +
                    " where the number of samples, half a minute at least, and 360 a second should be.");
  signal all;
  while (lines.next())
    for (const auto field : demo::split(lines.line()))
      all.push_back(static_cast<float>(
          (demo::number_between(lines, field, 0, 2047, "a sample from 0 to 2047") - 1024) / 200));
  if (all.size() != *count)
    throw demo::unusable(path + " has " + std::to_string(all.size()) + " samples, and its first line says " +
                         std::to_string(*count) + ".");
  return all;
}

/// White noise and the hum of mains of 50 Hz with its third harmonic, each of half the power.
void add_noise(std::span<float> samples, double power, std::mt19937_64& random) {
  const double deviation = std::sqrt(power / 2), amplitude = std::sqrt(power / (1 + 0.3 * 0.3));
  const double phase = 2 * std::numbers::pi * uniform(random), third = 2 * std::numbers::pi * uniform(random);
  double spare = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (i % 2 == 0) {  // Box and Muller
      const double radius = std::sqrt(-2 * std::log(1 - uniform(random))),
                   angle = 2 * std::numbers::pi * uniform(random);
      samples[i] += static_cast<float>(deviation * radius * std::cos(angle));
      spare = deviation * radius * std::sin(angle);
    } else {
      samples[i] += static_cast<float>(spare);
    }
    const double turn = 2 * std::numbers::pi * 50 / rate * static_cast<double>(i);
    samples[i] += static_cast<float>(amplitude * (std::sin(turn + phase) + 0.3 * std::sin(3 * turn + third)));
  }
}

double power_of(std::span<const float> samples) {
  double mean = 0, square = 0;
  const auto count = static_cast<double>(samples.size());
  for (const float each : samples) mean += static_cast<double>(each) / count;
  for (const float each : samples) square += std::pow(static_cast<double>(each) - mean, 2) / count;
  return square;
}

/// Signal over error in decibels, without the ends, which not all filters reach.
double decibels(std::span<const float> truth, std::span<const float> told) {
  const std::size_t end = 64;
  double error = 0;
  for (std::size_t i = end; i + end < truth.size(); ++i)
    error +=
        std::pow(static_cast<double>(truth[i] - told[i]), 2) / static_cast<double>(truth.size() - 2 * end);
  return 10 * std::log10(power_of(truth) / error);
}

/// Savitzky and Golay's filter (1964): the middle of the polynomial that fits a window best. Its weights are
/// the sum over polynomials p that are orthonormal on the window of p(0) p, made one after the other.
signal savitzky_golay(std::span<const float> samples, std::size_t half, std::size_t order) {
  const std::size_t size = 2 * half + 1;
  std::vector<double> weights(size);
  std::vector<std::vector<double>> basis;
  for (std::size_t degree = 0; degree <= order; ++degree) {
    std::vector<double> p(size);
    for (std::size_t i = 0; i < size; ++i)
      p[i] = degree == 0 ? 1
                         : basis.back()[i] * (static_cast<double>(i) - static_cast<double>(half)) /
                               static_cast<double>(half);
    for (int pass = 0; pass < 2; ++pass)
      for (const auto& other : basis) {
        double product = 0;
        for (std::size_t i = 0; i < size; ++i) product += p[i] * other[i];
        for (std::size_t i = 0; i < size; ++i) p[i] -= product * other[i];
      }
    double norm = 0;
    for (const double each : p) norm += each * each;
    for (double& each : p) each /= std::sqrt(norm);
    for (std::size_t i = 0; i < size; ++i) weights[i] += p[half] * p[i];
    basis.push_back(p);
  }
  signal result(samples.begin(), samples.end());
  for (std::size_t i = half; i + half < samples.size(); ++i) {
    double sum = 0;
    for (std::size_t k = 0; k < size; ++k) sum += weights[k] * static_cast<double>(samples[i + k - half]);
    result[i] = static_cast<float>(sum);
  }
  return result;
}

struct trained {
  std::vector<float> weights;
  std::vector<demo::point> losses;
};
trained train(std::span<const float> truth, double power, std::uint64_t seed, std::mt19937_64& random) {
  auto step = tg::bound<float>(
      tg::function(tg::inputs(noisy, clean, theta), tg::outputs(loss, tg::gradient(loss, theta))));
  trained result;
  result.weights.resize(theta.size());
  std::vector<float> slopes(theta.size()), seen(batch * wide), meant(batch * kept);
  network.initialise(result.weights, static_cast<double>(seed), noisy);
  tg::first_order<tg::adam, float> rule({.rate = 2e-3f}, theta.size());
  double sum = 0;
  for (std::size_t k = 1; k <= steps; ++k) {
    for (std::size_t row = 0; row < batch; ++row) {
      const auto window = truth.subspan(random() % (truth.size() - wide), wide);
      const std::span<float> into(&seen[wide * row], wide);
      std::ranges::copy(window, into.begin());
      std::ranges::copy(window.subspan(before, kept), &meant[kept * row]);
      add_noise(into, power, random);
    }
    sum += static_cast<double>(step(seen, meant, result.weights, slopes)) / 100;
    rule.step(result.weights, slopes, 1 - static_cast<float>(k) / steps);
    if (k % 100 == 0) result.losses.push_back({static_cast<double>(k), std::exchange(sum, 0)});
  }
  return result;
}

/// The signal as the network tells it, window by window.
signal denoised(std::span<const float> samples, const std::vector<float>& weights) {
  std::vector<float> windows;
  std::size_t count = 0;
  for (std::size_t first = 0; first + wide <= samples.size(); first += kept, ++count)
    windows.insert(windows.end(), samples.begin() + static_cast<std::ptrdiff_t>(first),
                   samples.begin() + static_cast<std::ptrdiff_t>(first + wide));
  std::vector<float> told(kept * count);
  tg::bound<float>(tg::function(tg::inputs(noisy, theta), tg::outputs(network(noisy))))(windows, weights,
                                                                                        told);
  signal result(samples.begin(), samples.end());
  std::ranges::copy(told, result.begin() + before);
  return result;
}

struct judged {
  std::string name;
  signal samples;
  double decibels;
};

void draw(std::span<const float> truth, const std::vector<judged>& all, const std::string& words,
          const std::string& path) {
  demo::svg_page page = demo::headed_page(1200, 900, 92, "Noise taken out of an electrocardiogram", words);
  const std::size_t first = 3600, count = 1080;
  const auto points = [&](std::span<const float> samples) {
    std::vector<demo::point> line;
    for (std::size_t i = first; i < first + count; ++i)
      line.push_back({static_cast<double>(i - first) / rate, static_cast<double>(samples[i])});
    return line;
  };
  std::vector<double> heights;
  for (const auto& p : points(all[0].samples)) heights.push_back(p.y);
  for (std::size_t k = 0; k < all.size(); ++k) {
    demo::chart chart(page, {92, 125 + 255 * static_cast<double>(k)}, 1050, 180,
                      {0, static_cast<double>(count) / rate}, demo::rounded_range(heights, 4));
    char title[120];
    std::snprintf(title, sizeof title, "%s: %.1f dB", all[k].name.c_str(), all[k].decibels);
    chart.title(title);
    chart.axes(k + 1 == all.size() ? "seconds" : "", "mV", 6, 4);
    chart.curve(points(truth), demo::color::data, 3);
    chart.curve(points(all[k].samples), demo::color::fit, 1.3);
  }
  page.save(path);
}

int run(const demo::arguments& given) {
  const signal all = read(given.tables[0]);
  const std::size_t cut = all.size() / 3 * 2;
  const auto training = std::span(all).first(cut), truth = std::span(all).subspan(cut);
  std::mt19937_64 random(given.seed);
  const trained fit = train(training, power_of(training) / std::pow(10, 0.6), given.seed, random);
  signal heard(truth.begin(), truth.end());
  add_noise(heard, power_of(truth) / std::pow(10, 0.6), random);

  judged best{"", {}, -1000};
  for (std::size_t half = 1; half <= 60; ++half)
    for (std::size_t order = 0; order <= std::min<std::size_t>(2 * half - 1, 8); order += 2) {
      signal filtered = savitzky_golay(heard, half, order);  // an odd order is the even one below
      const double reached = decibels(truth, filtered);
      if (reached > best.decibels)
        best = {"Savitzky and Golay's filter of " + std::to_string(2 * half + 1) + " samples and order " +
                    std::to_string(order),
                std::move(filtered), reached};
    }
  const signal told = denoised(heard, fit.weights);
  const judged network_told{"network of " + std::to_string(theta.size()) + " parameters", told,
                            decibels(truth, told)};
  std::printf("with noise %.2f dB; %s %.2f dB; %s %.2f dB\n", decibels(truth, heard), best.name.c_str(),
              best.decibels, network_told.name.c_str(), network_told.decibels);
  example::expect(network_told.decibels >= best.decibels + 3);
  draw(truth, {{"as it is heard", heard, decibels(truth, heard)}, best, network_told},
       "blue: before the noise of 50 Hz and of all frequencies was added; 3 of 50 seconds that no weight has "
       "seen",
       given.picture);
  std::printf("Picture: %s\n", given.picture.c_str());
  return example::status() == 0 ? 0 : 2;
}

}  // namespace

int main(int count, char** words) {
  return demo::guarded("denoise", [&] {
    return run(demo::parse_arguments(count, words,
                                     {.tables = {TYPEGRAD_EXAMPLE_DATA "/ecg.csv"},
                                      .picture = "denoise.svg",
                                      .usage = "denoise [CSV] [--out SVG] [--seed NUMBER]",
                                      .has_seed = true}));
  });
}
