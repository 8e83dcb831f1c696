// SPDX-License-Identifier: BSL-1.0
// How well scores put what is of a class before what is not: receiver operating characteristic, precision
// against recall, and the areas below them.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include "../../learn/evaluate/columns.hpp"
#include "../../support/compiler/finite.hpp"

namespace tg::detail {

/// For each different score, from the highest down: the weights of the rows with at least this score that are
/// of the class (`hits`) and that are not (`misses`).
struct score_levels {
  std::vector<double> hits, misses, scores;

  score_levels(const char* metric, const metric::labels& truth, const metric::numbers& scored,
               const metric::numbers& weights, std::int64_t positive) {
    expect_rows(metric, truth.size(), scored.size(), weights);
    expect_finite(metric, "score", scored);
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < truth.size(); ++i)
      if (weight_of(weights, i) != 0) order.push_back(i);
    std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
      return scored[a] != scored[b] ? scored[a] > scored[b] : a > b;
    });
    double hit = 0, miss = 0;
    for (std::size_t k = 0; k < order.size(); ++k) {
      (truth[order[k]] == positive ? hit : miss) += weight_of(weights, order[k]);
      if (k + 1 < order.size() && scored[order[k + 1]] == scored[order[k]]) continue;
      hits.push_back(hit), misses.push_back(miss), scores.push_back(scored[order[k]]);
    }
  }
};

}  // namespace tg::detail

namespace tg::metric {

/// The rates of hits and of false alarms where a row is taken for the class from a threshold on.
struct roc {
  std::vector<double> false_positive_rate, true_positive_rate;  ///< from 0 to 1; NaN where there are no rows
  std::vector<double> thresholds;                               ///< falling, from infinity
};

/// The receiver operating characteristic of scores; rows of the class have the label `positive`. Points on
/// the line between their neighbours are left out, if `corners_only`.
inline roc roc_curve(const labels& truth, const numbers& scores, const numbers& weights = {},
                     std::int64_t positive = 1, bool corners_only = true) {
  const detail::score_levels all("roc_curve", truth, scores, weights, positive);
  const std::size_t count = all.scores.size();
  const auto bends = [&](const std::vector<double>& line, std::size_t k) {
    return (line[k + 1] - line[k]) - (line[k] - line[k - 1]) != 0;
  };
  const auto rate = [](double part, double whole) {
    return whole > 0 ? part / whole : detail::not_a_number<double>();
  };
  roc curve{{rate(0, all.misses.back())}, {rate(0, all.hits.back())}, {detail::infinite<double>()}};
  for (std::size_t k = 0; k < count; ++k) {
    if (corners_only && k > 0 && k + 1 < count && !bends(all.hits, k) && !bends(all.misses, k)) continue;
    curve.false_positive_rate.push_back(rate(all.misses[k], all.misses.back()));
    curve.true_positive_rate.push_back(rate(all.hits[k], all.hits.back()));
    curve.thresholds.push_back(all.scores[k]);
  }
  return curve;
}

/// The area below the receiver operating characteristic: the probability that a row of the class has a higher
/// score than one that is not, where ties are one half. Both kinds of rows are needed.
inline double roc_auc(const labels& truth, const numbers& scores, const numbers& weights = {},
                      std::int64_t positive = 1) {
  const detail::score_levels all("roc_auc", truth, scores, weights, positive);
  if (!(all.hits.back() > 0 && all.misses.back() > 0))
    detail::unfit_metric("roc_auc", std::string("no row ") + (all.hits.back() > 0 ? "is not" : "is") +
                                        " of the class " + std::to_string(positive) +
                                        "; the area needs rows of the class and others.");
  double area = 0, hit = 0, miss = 0;
  for (std::size_t k = 0; k < all.scores.size(); ++k) {
    area += (all.misses[k] - miss) * (all.hits[k] + hit) / 2;
    hit = all.hits[k], miss = all.misses[k];
  }
  return area / hit / miss;
}

/// The means over classes of something, plain and by the weight of each class.
struct class_means {
  std::vector<double> each;
  double macro = 0, weighted = 0;
};

/// roc_auc of each class against all others. `scores` has a row for each row, and classes are the places in
/// it, 0, 1, ...
inline class_means roc_auc_one_vs_rest(const labels& truth, const numbers& scores,
                                       const numbers& weights = {}) {
  constexpr auto name = "roc_auc_one_vs_rest";
  const std::size_t rows = truth.size(), classes = rows == 0 ? 0 : scores.size() / rows;
  detail::expect_rows(name, rows, rows, weights);
  if (classes * rows != scores.size() || classes < 2)
    detail::unfit_metric(name, std::to_string(scores.size()) + " scores are no table of " +
                                   std::to_string(rows) + " rows; give a score for each class.");
  for (const std::int64_t each : truth)
    if (each < 0 || each >= static_cast<std::int64_t>(classes))
      detail::unfit_metric(name, "there is a row of class " + std::to_string(each) + ", and scores of " +
                                     std::to_string(classes) + " classes.");
  class_means result;
  double all = 0;
  for (std::size_t c = 0; c < classes; ++c) {
    std::vector<double> own(rows);
    double share = 0;
    for (std::size_t i = 0; i < rows; ++i) {
      own[i] = scores[classes * i + c];
      if (truth[i] == static_cast<std::int64_t>(c)) share += detail::weight_of(weights, i);
    }
    result.each.push_back(roc_auc(truth, own, weights, static_cast<std::int64_t>(c)));
    result.macro += result.each.back() / static_cast<double>(classes);
    result.weighted += result.each.back() * share, all += share;
  }
  result.weighted /= all;
  return result;
}

/// Precision and recall where a row is taken for the class from a threshold on.
struct precision_recall {
  std::vector<double> precision, recall;  ///< recall falls to 0; the last precision is 1
  std::vector<double> thresholds;         ///< rising; one less
};

/// Precision against recall; rows of the class have the label `positive`. Without any, recall is 1.
inline precision_recall precision_recall_curve(const labels& truth, const numbers& scores,
                                               const numbers& weights = {}, std::int64_t positive = 1) {
  const detail::score_levels all("precision_recall_curve", truth, scores, weights, positive);
  precision_recall curve;
  for (std::size_t k = all.scores.size(); k-- > 0;) {
    curve.precision.push_back(all.hits[k] / (all.hits[k] + all.misses[k]));
    curve.recall.push_back(all.hits.back() == 0 ? 1 : all.hits[k] / all.hits.back());
    curve.thresholds.push_back(all.scores[k]);
  }
  curve.precision.push_back(1), curve.recall.push_back(0);
  return curve;
}

/// The mean of the precisions at all thresholds, weighted by what each adds to recall.
inline double average_precision(const labels& truth, const numbers& scores, const numbers& weights = {},
                                std::int64_t positive = 1) {
  const precision_recall curve = precision_recall_curve(truth, scores, weights, positive);
  double sum = 0;
  for (std::size_t k = 0; k < curve.thresholds.size(); ++k)
    sum += (curve.recall[k] - curve.recall[k + 1]) * curve.precision[k];
  return sum;
}

}  // namespace tg::metric

#include "../../support/compiler/end.hpp"
