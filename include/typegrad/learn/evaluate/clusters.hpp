// SPDX-License-Identifier: BSL-1.0
// How far two groupings of the same rows agree, whatever the groups are called.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "../../learn/evaluate/columns.hpp"

namespace tg::metric {

/// The adjusted Rand index (Hubert and Arabie 1985): the share of pairs of rows that both groupings put
/// together, or both apart, scaled so that chance has 0; 1 for equal groupings. n log n.
inline double adjusted_rand_index(const labels& truth, const labels& found) {
  detail::expect_rows("adjusted_rand_index", truth.size(), found.size(), {});
  // The sum of squares of the sizes of the groups: how many ordered pairs are together, rows with themselves.
  const auto together = [](auto keys) {
    std::ranges::sort(keys);
    double sum = 0;
    for (auto first = keys.begin(); first != keys.end();) {
      const auto last =
          std::ranges::find_if(first, keys.end(), [&](const auto& key) { return key != *first; });
      sum += static_cast<double>(last - first) * static_cast<double>(last - first);
      first = last;
    }
    return sum;
  };
  std::vector<std::pair<std::int64_t, std::int64_t>> both;
  for (std::size_t i = 0; i < truth.size(); ++i) both.emplace_back(truth[i], found[i]);
  const auto n = static_cast<double>(truth.size());
  const double ab = together(both), a = together(std::vector(truth.begin(), truth.end())),
               b = together(std::vector(found.begin(), found.end()));
  const double tp = ab - n, fp = b - ab, fn = a - ab, tn = n * n - fp - fn - ab;
  if (fp == 0 && fn == 0) return 1;
  return 2 * (tp * tn - fn * fp) / ((tp + fn) * (fn + tn) + (tp + fp) * (fp + tn));
}

}  // namespace tg::metric

#include "../../support/compiler/end.hpp"
