// SPDX-License-Identifier: BSL-1.0
// How good predicted probabilities are.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "../../learn/evaluate/columns.hpp"

namespace tg::detail {

inline void expect_probabilities(const char* metric, const metric::numbers& values) {
  expect_finite(metric, "probability", values);
  for (std::size_t i = 0; i < values.size(); ++i)
    if (values[i] < 0 || values[i] > 1)
      unfit_metric(metric, "probability " + std::to_string(i) + " is not from 0 to 1; give probabilities, " +
                               "such as the softmax or the sigmoid of logits.");
}

}  // namespace tg::detail

namespace tg::metric {

/// The mean of -log(probability of the true class). `probabilities` has a row for each row, divided by its
/// sum, and classes are the places in it, 0, 1, ...; or one number, the probability of class 1. Probabilities
/// are taken as at least 2^-52 and at most 1 - 2^-52.
inline double log_loss(const labels& truth, const numbers& probabilities, const numbers& weights = {}) {
  constexpr auto name = "log_loss";
  const std::size_t rows = truth.size(), columns = rows == 0 ? 0 : probabilities.size() / rows;
  detail::expect_rows(name, rows, rows, weights);
  detail::expect_probabilities(name, probabilities);
  if (columns * rows != probabilities.size() || columns == 0)
    detail::unfit_metric(name, std::to_string(probabilities.size()) + " probabilities are no table of " +
                                   std::to_string(rows) + " rows; give one for each class.");
  const auto classes = static_cast<std::int64_t>(std::max<std::size_t>(columns, 2));
  constexpr double least = std::numeric_limits<double>::epsilon();
  const auto kept = [&](std::size_t i) { return std::clamp(probabilities[i], least, 1 - least); };
  return detail::weighted_mean(rows, weights, [&](std::size_t i) {
    if (truth[i] < 0 || truth[i] >= classes)
      detail::unfit_metric(name, "row " + std::to_string(i) + " is of class " + std::to_string(truth[i]) +
                                     ", and there are " + std::to_string(classes) + " classes.");
    if (columns == 1) return -std::log(truth[i] == 1 ? kept(i) : 1 - kept(i));
    const double sum = detail::pairwise_sum(0, columns, [&](std::size_t c) { return kept(columns * i + c); });
    return -std::log(kept(columns * i + static_cast<std::size_t>(truth[i])) / sum);
  });
}

/// The mean of (probability - 1)^2 for rows of the class `positive` and of probability^2 for others.
inline double brier_score(const labels& truth, const numbers& probabilities, const numbers& weights = {},
                          std::int64_t positive = 1) {
  detail::expect_rows("brier_score", truth.size(), probabilities.size(), weights);
  detail::expect_probabilities("brier_score", probabilities);
  return detail::weighted_mean(truth.size(), weights, [&](std::size_t i) {
    const double d = (truth[i] == positive ? 1 : 0) - probabilities[i];
    return d * d;
  });
}

/// exp of the mean of losses: of the negative logarithms of the probabilities that a model of language gave
/// to the tokens that came. 1 at best; the number of tokens where each is as likely. Infinite if it is above
/// the range.
inline double perplexity(const numbers& losses, const numbers& weights = {}) {
  detail::expect_rows("perplexity", losses.size(), losses.size(), weights);
  detail::expect_finite("perplexity", "loss", losses);
  double sum = 0, whole = 0;
  for (std::size_t i = 0; i < losses.size(); ++i) {
    const double weight = detail::weight_of(weights, i);
    sum += weight * losses[i], whole += weight;
  }
  return std::exp(sum / whole);
}

/// The rows whose probability lies in an interval.
struct reliability_bin {
  double low = 0, high = 0;  ///< above low (the first: from low), up to high
  double weight = 0;         ///< of how many rows
  double predicted = 0;      ///< their mean probability
  double observed = 0;       ///< the share of them that are of the class
};

struct calibration {
  std::vector<reliability_bin> bins;  ///< those with rows
  double expected_error = 0;          ///< the mean of |observed - predicted|, weighted by the rows
  double greatest_error = 0;          ///< the greatest of them
};

/// Whether probabilities are what happens. For several classes give the probability of the class that is
/// predicted, and 1 or 0 for right or wrong. `bins` intervals of equal width.
inline calibration calibration_curve(const labels& truth, const numbers& probabilities, std::size_t bins = 10,
                                     const numbers& weights = {}, std::int64_t positive = 1) {
  constexpr auto name = "calibration_curve";
  detail::expect_rows(name, truth.size(), probabilities.size(), weights);
  detail::expect_probabilities(name, probabilities);
  if (bins == 0) detail::unfit_metric(name, "there are no bins; give at least one.");
  const auto edge = [&](std::size_t k) {
    return k == bins ? 1 : static_cast<double>(k) * (1 / static_cast<double>(bins));
  };
  std::vector<reliability_bin> all(bins);
  double whole = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const double p = probabilities[i], weight = detail::weight_of(weights, i);
    auto k = std::min(bins - 1, static_cast<std::size_t>(p * static_cast<double>(bins)));
    if (k > 0 && p <= edge(k)) --k;
    if (k + 1 < bins && p > edge(k + 1)) ++k;
    all[k].weight += weight, whole += weight;
    all[k].predicted += weight * p;
    all[k].observed += truth[i] == positive ? weight : 0;
  }
  calibration result;
  for (std::size_t k = 0; k < bins; ++k) {
    reliability_bin& bin = all[k];
    if (bin.weight == 0) continue;
    bin.low = edge(k), bin.high = edge(k + 1);
    bin.predicted /= bin.weight, bin.observed /= bin.weight;
    const double error = std::abs(bin.observed - bin.predicted);
    result.expected_error += bin.weight / whole * error;
    result.greatest_error = std::max(result.greatest_error, error);
    result.bins.push_back(bin);
  }
  return result;
}

}  // namespace tg::metric

#include "../../support/compiler/end.hpp"
