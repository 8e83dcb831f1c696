// SPDX-License-Identifier: BSL-1.0
// Confidence intervals of metrics, by resampling.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <ranges>
#include <string>
#include <vector>

#include "../../learn/evaluate/columns.hpp"
#include "../../support/compiler/finite.hpp"
#include "../../support/philox.hpp"

namespace tg::metric {

struct bootstrap_options {
  std::size_t resamples = 1000;
  double level = 0.95;     ///< of the interval
  std::uint64_t seed = 0;  ///< equal seeds give equal intervals
  /// A group for each row: each resample has as many rows of each group as there are. Give the true classes
  /// for a metric that needs rows of each, such as roc_auc.
  labels strata = {};
};

/// A metric and its interval of confidence.
struct interval {
  double value = 0;               ///< of the rows as they are
  double low = 0, high = 0;       ///< quantiles of the resamples
  std::vector<double> resamples;  ///< sorted; those of which the metric is not NaN
};

/// The percentile interval of a metric (Efron 1979): the metric of rows that are drawn again and again, with
/// repetition, from the given ones. metric(columns...) gets each column, drawn, as a std::vector.
///   bootstrap({.seed = 1}, [](const auto& t, const auto& p) { return accuracy(t, p); }, truth, predicted)
template <class Metric, std::ranges::random_access_range First, std::ranges::random_access_range... Columns>
interval bootstrap(const bootstrap_options& options, Metric metric, const First& first,
                   const Columns&... columns) {
  constexpr auto name = "bootstrap";
  const auto rows = static_cast<std::size_t>(std::ranges::size(first));
  for (const std::size_t other : {rows, static_cast<std::size_t>(std::ranges::size(columns))...})
    detail::expect_rows(name, rows, other, {});
  if (!(options.level > 0 && options.level < 1)) detail::unfit_metric(name, "the level is between 0 and 1.");
  if (options.resamples == 0) detail::unfit_metric(name, "there are no resamples; ask for at least one.");
  if (!options.strata.empty() && options.strata.size() != rows)
    detail::unfit_metric(name, "there are " + std::to_string(rows) + " rows and " +
                                   std::to_string(options.strata.size()) + " groups; give one for each row.");
  std::map<std::int64_t, std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < rows; ++i) groups[options.strata.empty() ? 0 : options.strata[i]].push_back(i);

  std::vector<std::size_t> drawn(rows);
  const auto judged = [&] {
    const auto pick = [&](const auto& column) {
      std::vector<std::ranges::range_value_t<decltype(column)>> picked;
      picked.reserve(rows);
      for (const std::size_t i : drawn)
        picked.push_back(std::ranges::begin(column)[static_cast<std::ptrdiff_t>(i)]);
      return picked;
    };
    return static_cast<double>(metric(pick(first), pick(columns)...));
  };
  interval result;
  for (std::size_t i = 0; i < rows; ++i) drawn[i] = i;
  result.value = judged();
  for (std::size_t b = 0; b < options.resamples; ++b) {
    const detail::philox_stream random{options.seed, b};
    detail::philox_words<16> words;
    std::size_t i = 0;
    for (const auto& group : groups)
      for (std::size_t k = 0; k < group.second.size(); ++k, ++i) {
        if (i % 64 == 0) random.fill(words, i / 4, 0);
        const std::uint64_t word = words.word[i / 16 % 4][i % 16];
        drawn[i] = group.second[static_cast<std::size_t>(word * group.second.size() >> 32U)];
      }
    if (const double value = judged(); !detail::is_nan(value)) result.resamples.push_back(value);
  }
  if (result.resamples.empty()) detail::unfit_metric(name, "the metric is NaN of all resamples.");
  std::ranges::sort(result.resamples);
  const auto quantile = [&](double share) {
    const double at = share * static_cast<double>(result.resamples.size() - 1);
    const auto below = static_cast<std::size_t>(at);
    const auto above = std::min(below + 1, result.resamples.size() - 1);
    return std::lerp(result.resamples[below], result.resamples[above], at - std::floor(at));
  };
  result.low = quantile((1 - options.level) / 2), result.high = quantile((1 + options.level) / 2);
  return result;
}

}  // namespace tg::metric

#include "../../support/compiler/end.hpp"
