// SPDX-License-Identifier: BSL-1.0
// Groups are found in data without being told which rows belong together: three Gaussians in the irises and
// in the measured wines, by expectation maximisation, whose step is one function of arrays; and ten Gaussians
// among handwritten digits, in the 16 numbers to which an autoencoder has learnt to reduce their pixels.
// Judged afterwards by the adjusted Rand index, which is 0 for chance. Usage: clustering [IRIS WINE DIGITS]
// [--out SVG] [--seed NUMBER]. Status 0: found; 1: an error, in one sentence; 2: poor groups.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <numeric>
#include <random>
#include <span>
#include <string>
#include <typegrad/evaluation.hpp>
#include <typegrad/loss.hpp>
#include <typegrad/model.hpp>
#include <typegrad/optimize/first_order.hpp>
#include <utility>
#include <vector>

#include "support/arguments.hpp"
#include "support/chart.hpp"
#include "support/expect.hpp"
#include "support/labelled_table.hpp"
#include "support/svg.hpp"

namespace {

using namespace tg::literals;
using numbers = std::vector<double>;  // of a table, row after row

/// A number between 0 and 1. (The distributions of standard libraries differ.)
double uniform(std::mt19937_64& random) { return static_cast<double>(random() >> 11U) * 0x1p-53; }

/// Each row's nearest of so many centers, which are means of their rows: Lloyd's algorithm from centers that
/// are drawn far apart (k-means++). `spread` is the sum of squared distances.
struct centered {
  std::vector<std::size_t> group;
  double spread = 0;
};
centered nearest_centers(const numbers& rows, std::size_t width, std::size_t groups,
                         std::mt19937_64& random) {
  const std::size_t count = rows.size() / width;
  numbers center, distance(count, std::numeric_limits<double>::infinity());
  std::vector<std::size_t> group(count);
  const auto assign = [&](std::size_t first) {
    for (std::size_t i = 0; i < count; ++i)
      for (std::size_t k = first; k < center.size() / width; ++k) {
        double d = 0;
        for (std::size_t f = 0; f < width; ++f)
          d += (rows[width * i + f] - center[width * k + f]) * (rows[width * i + f] - center[width * k + f]);
        if (d < distance[i]) distance[i] = d, group[i] = k;
      }
  };
  for (std::size_t k = 0; k < groups; ++k) {
    double all = 0;
    for (const double each : distance) all += each;
    double left = uniform(random) * all;
    std::size_t i = k == 0 ? random() % count : 0;
    while (k > 0 && i + 1 < count && (left -= distance[i]) > 0) ++i;
    center.insert(center.end(), rows.begin() + static_cast<std::ptrdiff_t>(width * i),
                  rows.begin() + static_cast<std::ptrdiff_t>(width * (i + 1)));
    assign(k);
  }
  for (auto before = group; true; before = group) {
    numbers sum(center.size()), members(groups);
    for (std::size_t i = 0; i < count; ++i) {
      ++members[group[i]];
      for (std::size_t f = 0; f < width; ++f) sum[width * group[i] + f] += rows[width * i + f];
    }
    for (std::size_t k = 0; k < center.size(); ++k)
      if (members[k / width] > 0) center[k] = sum[k] / members[k / width];
    std::ranges::fill(distance, std::numeric_limits<double>::infinity());
    assign(0);
    if (group == before) return {group, std::accumulate(distance.begin(), distance.end(), 0.0)};
  }
}

/// A step of expectation maximisation: from the shares that the components have in each row, their sizes,
/// means and covariances; from these the shares again, and the log-likelihood.
template <int Features, int Groups>
struct mixture {
  static constexpr auto x = tg::array<"x", tg::rows, Features>;
  static constexpr auto share = tg::array<"share", tg::rows, Groups>;
  static constexpr auto widening =
      tg::symbol<"widening">;  // added to all variances, so that no group is flat
  static constexpr auto size = tg::sum<0>(share);
  static constexpr auto mean = tg::einsum<"ik,ia,k->ka">(share, x, 1_c / size);
  static constexpr auto deviation = tg::reshape<tg::rows, 1, Features>(x) - mean;
  static constexpr auto covariance =
      tg::einsum<"ik,ika,ikb,k->kab">(share, deviation, deviation, 1_c / size) +
      widening * tg::array<"one", Features, Features>;
  static constexpr auto joint =
      log(size / tg::sum(size)) - tg::log_determinant(covariance) / 2_c -
      tg::einsum<"ika,kab,ikb->ik">(deviation, tg::inverse(covariance), deviation) / 2_c -
      log(2_c * tg::pi) * tg::rational<Features, 2>;
  static constexpr auto step =
      tg::function(tg::inputs(x, share, widening, tg::array<"one", Features, Features>),
                   tg::outputs(tg::mean(tg::logsumexp<1>(joint)), tg::softmax<1>(joint)));
};

/// The likeliest component of each row: the best of several starts, each from the nearest centers.
template <int Features, int Groups>
std::vector<std::size_t> grouped(const numbers& rows, double widening, int starts, std::mt19937_64& random) {
  constexpr std::size_t groups = Groups;
  const std::size_t count = rows.size() / Features;
  numbers one(Features * Features), share(groups * count), best;
  for (std::size_t f = 0; f < Features; ++f) one[(Features + 1) * f] = 1;
  double highest = -std::numeric_limits<double>::infinity();
  auto step = tg::bound<double>(mixture<Features, Groups>::step);
  for (int start = 0; start < starts; ++start) {
    const auto center = nearest_centers(rows, Features, groups, random).group;
    std::ranges::fill(share, 0);
    for (std::size_t i = 0; i < count; ++i) share[groups * i + center[i]] = 1;
    double likelihood = 0;
    for (double before = 1; std::abs(likelihood - before) > 1e-6;) {
      before = likelihood;
      numbers next(share.size());
      likelihood = step(rows, share, widening, one, next);
      share = next;
    }
    if (likelihood > highest) highest = likelihood, best = share;
  }
  std::vector<std::size_t> result;
  for (auto row = best.begin(); row != best.end(); row += Groups)
    result.push_back(static_cast<std::size_t>(std::max_element(row, row + Groups) - row));
  return result;
}

/// The table, each column with mean 0 and variance 1 if it is asked for.
numbers columns_of(const demo::labelled_table& table, bool standardised) {
  numbers all;
  for (const auto& row : table.rows) all.insert(all.end(), row.begin(), row.end());
  const auto count = static_cast<double>(table.rows.size());
  for (std::size_t f = 0; standardised && f < table.features; ++f) {
    double mean = 0, square = 0;
    for (const auto& row : table.rows) mean += row[f] / count;
    for (const auto& row : table.rows) square += (row[f] - mean) * (row[f] - mean) / count;
    for (std::size_t i = f; i < all.size(); i += table.features) all[i] = (all[i] - mean) / std::sqrt(square);
  }
  return all;
}

// The autoencoder: 64 pixels, 128 units, 16 numbers, and back. It sees digits that are moved by up to a pixel
// and has to draw them where they belong, so the numbers say which shape it is rather than where.
constexpr auto seen = tg::array<"seen", tg::rows, 64>;
constexpr auto meant = tg::array<"meant", tg::rows, 64>;
constexpr auto encoder =
    tg::model([](auto& net, auto x) { return dense<16>(net, relu(dense<128>(net, x, "encode")), "code"); });
constexpr auto autoencoder = tg::model([](auto& net, auto x) {
  const auto code = dense<16>(net, relu(dense<128>(net, x, "encode")), "code");
  return dense<64>(net, relu(dense<128>(net, code, "decode")), "drawn");
});
constexpr auto theta = autoencoder.parameters(seen);
constexpr auto misdrawn = tg::loss::mse(autoencoder(seen), meant);

struct codes {
  numbers rows;
  std::vector<demo::point> losses;
};
codes encoded(const demo::labelled_table& digits, int epochs, std::uint64_t seed, std::mt19937_64& random) {
  constexpr std::size_t side = 8, pixels = 64, batch = 64;
  std::vector<float> ink;
  for (const auto& row : digits.rows)
    for (const double each : row) ink.push_back(static_cast<float>(each / 16));
  const std::size_t count = digits.rows.size();
  auto step = tg::bound<float>(
      tg::function(tg::inputs(seen, meant, theta), tg::outputs(misdrawn, tg::gradient(misdrawn, theta))));
  std::vector<float> weights(theta.size()), slopes(theta.size());
  autoencoder.initialise(weights, static_cast<double>(seed), seen);
  tg::first_order<tg::adamw, float> rule({.rate = 3e-3f}, theta.size());
  std::vector<std::size_t> order(count);
  for (std::size_t i = 0; i < count; ++i) order[i] = i;
  codes result;
  for (int epoch = 0; epoch < epochs; ++epoch) {
    for (std::size_t i = count; i > 1; --i) std::swap(order[i - 1], order[random() % i]);
    double sum = 0;
    for (std::size_t first = 0; first < count; first += batch) {
      const std::size_t size = std::min(batch, count - first);
      std::vector<float> moved(size * pixels), as_they_are(size * pixels);
      for (std::size_t k = 0; k < size; ++k) {
        const float* from = &ink[pixels * order[first + k]];
        const std::size_t right = random() % 3, down = random() % 3;
        for (std::size_t p = 0; p < pixels; ++p) {
          const std::size_t row = p / side + down - 1, column = p % side + right - 1;
          moved[pixels * k + p] = row < side && column < side ? from[side * row + column] : 0;
          as_they_are[pixels * k + p] = from[p];
        }
      }
      sum += static_cast<double>(step(moved, as_they_are, weights, slopes)) * static_cast<double>(size);
      rule.step(weights, slopes, static_cast<float>(epochs - epoch) / static_cast<float>(epochs));
    }
    result.losses.push_back({epoch + 1.0, sum / static_cast<double>(count)});
  }
  constexpr auto own = encoder.parameters(seen);
  std::vector<float> code(16 * count);
  tg::bound<float>(tg::function(tg::inputs(seen, own), tg::outputs(encoder(seen))))(
      ink, std::span(weights).first(own.size()), code);
  // In units of their deviation.
  double square = 0;
  for (const float each : code) square += static_cast<double>(each * each) / static_cast<double>(code.size());
  for (const float each : code) result.rows.push_back(static_cast<double>(each) / std::sqrt(square));
  return result;
}

/// Rows of digits, one for each group that was found.
void draw(const demo::labelled_table& digits, const std::vector<std::size_t>& found,
          const std::vector<demo::point>& losses, const std::string& words, const std::string& path) {
  demo::svg_page page = demo::headed_page(1200, 620, 92, "Ten groups of digits, found without labels", words);
  for (std::size_t group = 0; group < 10; ++group) {
    std::size_t shown = 0;
    for (std::size_t i = 0; i < found.size() && shown < 14; ++i) {
      if (found[i] != group) continue;
      for (std::size_t p = 0; p < 64; ++p)
        if (digits.rows[i][p] > 0) {
          char style[60];
          std::snprintf(style, sizeof style, "fill=\"#1f2933\" fill-opacity=\"%.2f\"",
                        digits.rows[i][p] / 16);
          page.rectangle({92 + 46.0 * static_cast<double>(shown) + 5.0 * static_cast<double>(p % 8),
                          112 + 48.0 * static_cast<double>(group) + 5.0 * static_cast<double>(p / 8)},
                         5, 5, style);
        }
      ++shown;
    }
  }
  demo::chart chart(page, {860, 140}, 290, 300, {0, losses.back().x}, demo::logarithmic_range({losses}),
                    demo::scale::logarithmic);
  chart.title("Loss of the autoencoder");
  chart.axes("epoch", "", 5, 0);
  chart.curve(losses, demo::color::fit, 2);
  page.save(path);
}

int run(const demo::arguments& given) {
  std::mt19937_64 random(given.seed);
  const auto judged = [&](const char* name, const demo::labelled_table& table, const auto& found) {
    const double index = tg::metric::adjusted_rand_index(table.labels, found);
    std::printf("%-34s adjusted Rand index %.4f\n", name, index);
    return index;
  };
  const auto iris = demo::read_labelled(given.tables[0], 4, 3);
  const auto wine = demo::read_labelled(given.tables[1], 13, 3);
  const auto digits = demo::read_labelled(given.tables[2], 64, 10);
  const double of_iris =
      judged("iris, mixture:", iris, grouped<4, 3>(columns_of(iris, false), 1e-6, 10, random));
  const double of_wine =
      judged("wine, mixture:", wine, grouped<13, 3>(columns_of(wine, true), 0.1, 10, random));
  centered pixels{{}, std::numeric_limits<double>::infinity()};
  for (int start = 0; start < 10; ++start)
    if (auto next = nearest_centers(columns_of(digits, false), 64, 10, random); next.spread < pixels.spread)
      pixels = std::move(next);
  const double of_pixels = judged("digits, k-means of the pixels:", digits, pixels.group);
  const codes code = encoded(digits, 80, given.seed, random);
  const auto found = grouped<16, 10>(code.rows, 0.01, 10, random);
  const double of_codes = judged("digits, mixture of codes:", digits, found);
  example::expect(of_iris >= 0.9);
  example::expect(of_wine >= 0.85);
  example::expect(of_codes >= of_pixels + 0.05);
  char words[160];
  std::snprintf(words, sizeof words, "adjusted Rand index %.3f; of k-means of the pixels %.3f", of_codes,
                of_pixels);
  draw(digits, found, code.losses, words, given.picture);
  std::printf("Picture: %s\n", given.picture.c_str());
  return example::status() == 0 ? 0 : 2;
}

}  // namespace

int main(int count, char** words) {
  return demo::guarded("clustering", [&] {
    return run(demo::parse_arguments(
        count, words,
        {.tables = {TYPEGRAD_EXAMPLE_DATA "/iris.csv", TYPEGRAD_EXAMPLE_DATA "/wine.csv",
                    TYPEGRAD_EXAMPLE_DATA "/digits.csv"},
         .picture = "clustering.svg",
         .usage = "clustering [IRIS WINE DIGITS] [--out SVG] [--seed NUMBER]",
         .has_seed = true}));
  });
}
