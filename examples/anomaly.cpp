// SPDX-License-Identifier: BSL-1.0
// Failures of a machine are found in its temperature, without being told of any: an autoencoder squeezes each
// day into two numbers and draws it again, and a day that it draws badly is unlike those that it has seen. It
// is trained on the first 15 % of the record, of which it leaves out the strangest tenth, as failures may be
// there too; the threshold is fixed there. Judged by the Numenta Anomaly Benchmark's windows of failures.
// Usage: anomaly FOLDER [--out SVG] [--seed NUMBER], a folder with nab_machine_temperature_system_failure.csv
// and nab_windows.json. Status 0: found; 1: an error, in one sentence; 2: too few found, or too many alarms.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <set>
#include <span>
#include <string>
#include <typegrad/data.hpp>
#include <typegrad/loss.hpp>
#include <typegrad/model.hpp>
#include <typegrad/optimize/first_order.hpp>
#include <utility>
#include <vector>

#include "support/arguments.hpp"
#include "support/chart.hpp"
#include "support/expect.hpp"
#include "support/svg.hpp"

namespace {

constexpr std::size_t day = 48, quiet = 2 * day;  // half hours; alarms closer than two days are one

constexpr auto x = tg::array<"x", tg::rows, 48>;
constexpr auto autoencoder = tg::model([](auto& net, auto in) {
  const auto code = tanh(dense<2>(net, tanh(dense<16>(net, in, "encode")), "code"));
  return dense<48>(net, tanh(dense<16>(net, code, "decode")), "drawn");
});
constexpr auto theta = autoencoder.parameters(x);
constexpr auto errors = tg::mean<1>(pow(autoencoder(x) - x, tg::rational<2>));
constexpr auto loss = tg::mean(errors);

/// Half hours: when each ends, and the mean temperature.
struct record {
  std::vector<std::string> time;
  std::vector<double> degrees;
};
record half_hours(const tg::data::table& all) {
  record result;
  const auto& time = all.texts("timestamp");
  const auto& value = all.numbers("value");
  for (std::size_t i = 6; i <= value.size(); i += 6) {
    double sum = 0;
    for (std::size_t k = i - 6; k < i; ++k) sum += value[k] / 6;
    result.time.push_back(time[i - 1]), result.degrees.push_back(sum);
  }
  return result;
}

/// From when to when, of the failures of one series: the dates in quotes between its name and "]]" (the file
/// has no other brackets there).
std::vector<std::pair<std::string, std::string>> windows_of(const std::string& path,
                                                            const std::string& series) {
  std::ifstream file(path);
  std::string all{std::istreambuf_iterator<char>(file), {}}, dates;
  std::erase_if(all, [](char c) { return c == '\n'; });
  const std::size_t name = all.find(series);
  if (name == all.npos) throw demo::unusable(path + " has no windows of " + series + ".");
  dates = all.substr(all.find('[', name), all.find('}', name) - all.find('[', name));
  dates = dates.substr(0, dates.find("\"real"));
  std::vector<std::string> found;
  for (std::size_t at = 0; (at = dates.find('"', at)) != dates.npos; at = dates.find('"', at + 1) + 1)
    found.push_back(dates.substr(at + 1, 19));
  std::vector<std::pair<std::string, std::string>> windows;
  for (std::size_t k = 0; k + 1 < found.size(); k += 2) windows.emplace_back(found[k], found[k + 1]);
  return windows;
}

/// Weights of the autoencoder for these days: few steps, as one that is fitted for longer draws the known
/// days to the last detail, and no other.
std::vector<float> trained(const std::vector<float>& days, double seed) {
  auto step =
      tg::bound<float>(tg::function(tg::inputs(x, theta), tg::outputs(loss, tg::gradient(loss, theta))));
  std::vector<float> weights(theta.size()), slopes(theta.size());
  autoencoder.initialise(weights, seed, x);
  tg::first_order<tg::adamw, float> rule({.rate = 3e-3f, .weight_decay = 0.1f}, theta.size());
  for (int k = 0; k < 300; ++k) {
    step(days, weights, slopes);
    rule.step(weights, slopes);
  }
  return weights;
}
std::vector<float> errors_of(const std::vector<float>& days, const std::vector<float>& weights) {
  std::vector<float> result(days.size() / day);
  tg::bound<float>(tg::function(tg::inputs(x, theta), tg::outputs(errors)))(days, weights, result);
  return result;
}
float quantile(std::span<const float> all, double share) {
  std::vector<float> sorted(all.begin(), all.end());
  std::ranges::sort(sorted);
  return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
}

int run(const demo::arguments& given) {
  const std::string folder = given.tables[0] + "/";
  const auto seed = static_cast<double>(given.seed);
  const record all = half_hours(tg::data::read_csv(folder + "nab_machine_temperature_system_failure.csv"));
  const auto windows = windows_of(folder + "nab_windows.json", "machine_temperature_system_failure");
  const std::size_t known = all.degrees.size() * 15 / 100;
  if (known < 2 * day) throw demo::unusable(folder + " has less than two weeks of temperatures.");
  double mean = 0, square = 0;
  for (std::size_t i = 0; i < known; ++i) mean += all.degrees[i] / static_cast<double>(known);
  for (std::size_t i = 0; i < known; ++i)
    square += std::pow(all.degrees[i] - mean, 2) / static_cast<double>(known);
  std::vector<float> days;  // each the day up to a half hour, the first up to number day - 1
  for (std::size_t end = day; end <= all.degrees.size(); ++end)
    for (std::size_t i = end - day; i < end; ++i)
      days.push_back(static_cast<float>((all.degrees[i] - mean) / std::sqrt(square)));

  const std::size_t first = known - day;  // so many days end in the part that is known
  const std::vector<float> training(days.begin(), days.begin() + static_cast<std::ptrdiff_t>(day * first));
  const auto at_first = errors_of(training, trained(training, seed));
  std::vector<float> usual;
  for (std::size_t i = 0; i < first; ++i)
    if (at_first[i] <= quantile(at_first, 0.9))
      usual.insert(usual.end(), training.begin() + static_cast<std::ptrdiff_t>(day * i),
                   training.begin() + static_cast<std::ptrdiff_t>(day * (i + 1)));
  const auto strange = errors_of(days, trained(usual, seed));
  const float threshold = quantile(std::span(strange).first(first), 0.995);

  std::vector<std::size_t> alarms;
  for (std::size_t i = 0, last = 0; i < strange.size(); ++i) {
    if (strange[i] <= threshold) continue;
    if (alarms.empty() || i - last > quiet) alarms.push_back(i + day - 1);
    last = i;
  }
  std::set<std::size_t> found;
  int wrong = 0;
  for (const std::size_t alarm : alarms) {
    const auto inside = std::ranges::find_if(windows, [&](const auto& window) {
      return window.first <= all.time[alarm] && all.time[alarm] <= window.second;
    });
    if (inside == windows.end())
      ++wrong;
    else
      found.insert(static_cast<std::size_t>(inside - windows.begin()));
    std::printf("alarm at %s: %s\n", all.time[alarm].c_str(),
                inside == windows.end() ? "false" : "a failure");
  }
  std::printf("%zu of %zu failures found, %d false alarms; threshold %.3f from the first 15 %%\n",
              found.size(), windows.size(), wrong, static_cast<double>(threshold));
  example::expect(found.size() >= 3 && windows.size() == 4);
  example::expect(wrong <= 5);

  char words[160];
  std::snprintf(words, sizeof words, "%zu of %zu failures (shaded) found, %d false alarms (dots: alarms)",
                found.size(), windows.size(), wrong);
  demo::svg_page page = demo::headed_page(1200, 720, 92, "The temperature of a machine", words);
  const demo::range days_shown{0, static_cast<double>(all.degrees.size()) / day};
  const auto when = [](std::size_t i) { return static_cast<double>(i) / day; };
  demo::chart heat(page, {92, 125}, 1050, 220, days_shown, demo::rounded_range(all.degrees, 5));
  demo::chart score(page, {92, 430}, 1050, 220, days_shown, {1e-3, 100}, demo::scale::logarithmic);
  for (const auto& [from, to] : windows) {
    const auto index = [&](const std::string& date) {
      return static_cast<std::size_t>(std::ranges::lower_bound(all.time, date) - all.time.begin());
    };
    for (const demo::chart* chart : {&heat, &score}) {
      const bool upper = chart == &heat;
      const demo::point corner =
          chart->place(when(index(from)), upper ? demo::rounded_range(all.degrees, 5).high : 100);
      page.rectangle(corner, chart->place(when(index(to)), 1).x - corner.x, 220, "fill=\"#fde8d7\"");
    }
  }
  heat.title("Degrees");
  heat.axes("", "", 12, 5);
  score.title("How badly the day up to then is drawn", "dashed: the threshold");
  score.axes("day", "", 12, 0);
  std::vector<demo::point> degrees, drawn, marks;
  for (std::size_t i = 0; i < all.degrees.size(); ++i) degrees.push_back({when(i), all.degrees[i]});
  for (std::size_t i = 0; i < strange.size(); ++i)
    drawn.push_back({when(i + day - 1), std::clamp(static_cast<double>(strange[i]), 1e-3, 100.0)});
  for (const std::size_t alarm : alarms) marks.push_back({when(alarm), all.degrees[alarm]});
  heat.curve(degrees, demo::color::data, 1);
  heat.dots(marks, 9, demo::color::fit, 1);
  score.curve(drawn, demo::color::data, 1);
  score.curve({{0, static_cast<double>(threshold)}, {days_shown.high, static_cast<double>(threshold)}},
              demo::color::fit, 1, "7 4");
  page.save(given.picture);
  std::printf("Picture: %s\n", given.picture.c_str());
  return example::status() == 0 ? 0 : 2;
}

}  // namespace

int main(int count, char** words) {
  return demo::guarded("anomaly", [&] {
    return run(demo::parse_arguments(count, words,
                                     {.tables = {"../shared/data/series"},
                                      .picture = "anomaly.svg",
                                      .usage = "anomaly [FOLDER] [--out SVG] [--seed NUMBER]",
                                      .has_seed = true}));
  });
}
