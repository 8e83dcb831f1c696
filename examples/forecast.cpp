// SPDX-License-Identifier: BSL-1.0
// An LSTM forecasts the CO2 of Mauna Loa a week ahead: what the year-to-year growth will be, from that of the
// half year before. It is compared with the forecast that nothing changes, on the last fifth of the record,
// which it has not seen; the picture shows both with a band that is to hold nine weeks of ten. Usage:
// forecast [CSV] [--out SVG] [--seed NUMBER]. Status 0: better; 1: an error, in one sentence; 2: not better.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <numeric>
#include <random>
#include <string>
#include <typegrad/loss.hpp>
#include <typegrad/model.hpp>
#include <typegrad/optimize/first_order.hpp>
#include <typegrad/optimize/schedule.hpp>
#include <vector>

#include "support/arguments.hpp"
#include "support/chart.hpp"
#include "support/co2_record.hpp"
#include "support/expect.hpp"
#include "support/svg.hpp"

namespace {

using numbers = std::vector<float>;

constexpr std::size_t seen = 26, year = 52, rows_of_step = 64;
constexpr int steps = 400;

constexpr auto xs = tg::array<"xs", 26, tg::rows, 1>;  // 26 weeks of each row
constexpr auto next = tg::array<"next", tg::rows, 1>;  // and the week after them
constexpr auto network = tg::model([](auto& net, auto x) {
  const auto persistent = tg::reshape<tg::rows, 1>(tg::slice<0, 25, 26>(x));  // as the last week was
  return persistent + dense<1>(net, lstm<16>(net, x, "lstm").last, "out");
});
constexpr auto theta = network.parameters(xs);
constexpr auto loss = tg::loss::mse(network(xs), next);
constexpr auto step = tg::function(tg::inputs(xs, next, theta), tg::outputs(loss, tg::gradient(loss, theta)));
constexpr auto forecast = tg::function(tg::inputs(xs, theta), tg::outputs(network(xs)));

/// The record week by week: what was not measured lies on the line between its neighbours.
std::vector<double> weekly(const demo::co2_record& record) {
  std::vector<double> all;
  std::size_t k = 0;
  for (double at = record.years.front(); at <= record.years.back(); at += 7 / 365.25) {
    while (k + 2 < record.years.size() && record.years[k + 1] < at) ++k;
    const double share = (at - record.years[k]) / (record.years[k + 1] - record.years[k]);
    all.push_back(record.ppm[k] + share * (record.ppm[k + 1] - record.ppm[k]));
  }
  return all;
}

/// Growth over a year in units of its deviation over the part to learn from.
struct series {
  explicit series(const std::vector<double>& ppm) {
    std::vector<double> growth;
    for (std::size_t k = year; k < ppm.size(); ++k) growth.push_back(ppm[k] - ppm[k - year]);
    learnt = growth.size() * 4 / 5;
    const auto end = growth.begin() + static_cast<std::ptrdiff_t>(learnt);
    mean = std::accumulate(growth.begin(), end, 0.0) / static_cast<double>(learnt);
    for (auto at = growth.begin(); at != end; ++at) unit += (*at - mean) * (*at - mean);
    unit = std::sqrt(unit / static_cast<double>(learnt));
    for (double each : growth) values.push_back(static_cast<float>((each - mean) / unit));
  }
  double in_ppm(float value) const { return mean + unit * static_cast<double>(value); }
  numbers values;
  std::size_t learnt = 0;  // how many the network may see
  double mean = 0, unit = 0;
};

/// The weeks before each of some weeks, time first, and these weeks.
struct rows_of_series {
  rows_of_series(const series& all, const std::vector<std::size_t>& weeks)
      : before(seen * weeks.size()), after(weeks.size()) {
    for (std::size_t r = 0; r < weeks.size(); ++r) {
      for (std::size_t t = 0; t < seen; ++t) before[t * weeks.size() + r] = all.values[weeks[r] - seen + t];
      after[r] = all.values[weeks[r]];
    }
  }
  numbers before, after;
};

numbers train(const series& all, std::uint64_t seed) {
  numbers weights(theta.size()), slopes(theta.size());
  network.initialise(weights, static_cast<double>(seed), xs);
  auto run = tg::bound<float>(step);
  tg::first_order<tg::adam, float> rule({.rate = 0.01f}, theta.size());
  const tg::cosine_schedule schedule{.steps = steps};
  std::mt19937_64 random(seed);
  for (int k = 0; k < steps; ++k) {
    std::vector<std::size_t> weeks(rows_of_step);
    for (std::size_t& week : weeks) week = seen + random() % (all.learnt - seen);
    const rows_of_series rows(all, weeks);
    run(rows.before, rows.after, weights, slopes);
    rule.step(weights, slopes, static_cast<float>(schedule(static_cast<std::size_t>(k))));
  }
  return weights;
}

/// The root of the mean of squared differences, in ppm.
double error_of(const series& all, const numbers& told, const numbers& was) {
  double sum = 0;
  for (std::size_t k = 0; k < was.size(); ++k) sum += std::pow(static_cast<double>(told[k] - was[k]), 2);
  return all.unit * std::sqrt(sum / static_cast<double>(was.size()));
}
numbers last_weeks(const rows_of_series& rows) {
  return {rows.before.end() - static_cast<std::ptrdiff_t>(rows.after.size()), rows.before.end()};
}
numbers forecasts(const rows_of_series& rows, const numbers& weights) {
  numbers told(rows.after.size());
  tg::bound<float>(forecast)(rows.before, weights, told);
  return told;
}

int run(const demo::arguments& given) {
  const series all(weekly(demo::read_co2(given.tables[0], 500)));
  const numbers weights = train(all, given.seed);
  std::vector<std::size_t> old, unseen;
  for (std::size_t week = seen; week < all.values.size(); ++week)
    (week < all.learnt ? old : week < all.learnt + seen ? old : unseen).push_back(week);
  while (old.back() >= all.learnt) old.pop_back();
  const rows_of_series known(all, old), rest(all, unseen);
  const numbers of_known = forecasts(known, weights), told = forecasts(rest, weights);
  // The band: nine of ten errors of the part that was learnt from.
  std::vector<double> errors;
  for (std::size_t k = 0; k < of_known.size(); ++k)
    errors.push_back(std::fabs(static_cast<double>(of_known[k] - known.after[k])) * all.unit);
  std::sort(errors.begin(), errors.end());
  const double band = errors[errors.size() * 9 / 10];
  double held = 0;
  for (std::size_t k = 0; k < told.size(); ++k)
    held += std::fabs(static_cast<double>(told[k] - rest.after[k])) * all.unit <= band;
  held *= 100 / static_cast<double>(told.size());
  const double own = error_of(all, told, rest.after),
               persistent = error_of(all, last_weeks(rest), rest.after);
  std::printf("%zu weeks to learn from, %zu unseen\n", old.size(), unseen.size());
  std::printf("error a week ahead: %.3f ppm; if nothing changes: %.3f ppm\n", own, persistent);
  std::printf("%.1f %% of the unseen weeks lie in the band of %.2f ppm\n", held, band);
  if (given.shipped) {
    example::expect(own < 0.9 * persistent);
    example::expect(held > 80 && held < 98);
  }

  demo::svg_page page =
      demo::headed_page(1200, 620, 92, "An LSTM forecasts the growth of CO2 a week ahead",
                        "Mauna Loa, growth against the year before; weeks that it has not seen");
  std::vector<demo::point> was, said, low, high;
  std::vector<double> heights;
  const std::size_t shown = std::min<std::size_t>(told.size(), 208);
  for (std::size_t k = told.size() - shown; k < told.size(); ++k) {
    const double at = static_cast<double>(k + shown - told.size()), middle = all.in_ppm(told[k]);
    was.push_back({at, all.in_ppm(rest.after[k])}), said.push_back({at, middle});
    low.push_back({at, middle - band}), high.push_back({at, middle + band});
    for (double each : {was.back().y, middle - band, middle + band}) heights.push_back(each);
  }
  demo::chart picture(page, {92, 125}, 1030, 414, {0, static_cast<double>(shown)},
                      demo::rounded_range(heights, 6));
  picture.band(low, high, demo::color::band);
  picture.axes("week", "ppm more than a year before", 8, 6);
  picture.curve(said, demo::color::fit, 2);
  picture.dots(was, 5, demo::color::data, 0.9);
  picture.legend(0, "forecast", demo::color::fit, 2);
  picture.legend(1, "measured", demo::color::data, 0);
  picture.legend(2, "nine weeks of ten", demo::color::band, 10);
  page.save(given.picture);
  std::printf("Picture: %s\n", given.picture.c_str());
  return example::status() == 0 ? 0 : 2;
}

}  // namespace

int main(int count, char** words) {
  return demo::guarded("forecast", [&] {
    return run(demo::parse_arguments(count, words,
                                     {.tables = {TYPEGRAD_EXAMPLE_DATA "/co2.csv"},
                                      .picture = "forecast.svg",
                                      .usage = "forecast [CSV] [--out SVG] [--seed NUMBER]",
                                      .has_seed = true}));
  });
}
