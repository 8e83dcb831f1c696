// SPDX-License-Identifier: BSL-1.0
// How far predicted numbers are from the true ones. (Losses of the same names are in tg::loss: formulas to
// train by.)
#pragma once
#include "../../support/compiler/begin.hpp"

#include <cmath>
#include <cstddef>

#include "../../learn/evaluate/columns.hpp"
#include "../../support/compiler/finite.hpp"

namespace tg::detail {

inline void expect_numbers(const char* metric, const metric::numbers& truth, const metric::numbers& predicted,
                           const metric::numbers& weights) {
  expect_rows(metric, truth.size(), predicted.size(), weights);
  expect_finite(metric, "true number", truth);
  expect_finite(metric, "predicted number", predicted);
}

/// 1 - rest/whole; where nothing varies, 1 if nothing is left, else 0.
inline double explained(double rest, double whole) {
  return whole != 0 ? 1 - rest / whole : rest == 0 ? 1 : 0;
}

}  // namespace tg::detail

namespace tg::metric {

/// The mean of |truth - predicted|.
inline double mae(const numbers& truth, const numbers& predicted, const numbers& weights = {}) {
  detail::expect_numbers("mae", truth, predicted, weights);
  return detail::weighted_mean(truth.size(), weights,
                               [&](std::size_t i) { return std::abs(truth[i] - predicted[i]); });
}

/// The mean of (truth - predicted)^2.
inline double mse(const numbers& truth, const numbers& predicted, const numbers& weights = {}) {
  detail::expect_numbers("mse", truth, predicted, weights);
  return detail::weighted_mean(truth.size(), weights, [&](std::size_t i) {
    return (truth[i] - predicted[i]) * (truth[i] - predicted[i]);
  });
}

/// The square root of mse.
inline double rmse(const numbers& truth, const numbers& predicted, const numbers& weights = {}) {
  return std::sqrt(mse(truth, predicted, weights));
}

/// The coefficient of determination, 1 - sum (truth - predicted)^2/sum (truth - mean)^2; where the truth does
/// not vary, 1 for predictions without error and 0 for others; NaN for a single row.
inline double r2(const numbers& truth, const numbers& predicted, const numbers& weights = {}) {
  detail::expect_numbers("r2", truth, predicted, weights);
  if (truth.size() < 2) return detail::not_a_number<double>();
  const auto rows = truth.size();
  const double mean = detail::weighted_mean(rows, weights, [&](std::size_t i) { return truth[i]; });
  const auto squares = [&](auto other) {
    return detail::pairwise_sum(0, rows, [&](std::size_t i) {
      const double d = truth[i] - other(i);
      return detail::weight_of(weights, i) * (d * d);
    });
  };
  return detail::explained(squares([&](std::size_t i) { return predicted[i]; }),
                           squares([&](std::size_t) { return mean; }));
}

/// 1 - variance(truth - predicted)/variance(truth): r2 but for a constant error.
inline double explained_variance(const numbers& truth, const numbers& predicted,
                                 const numbers& weights = {}) {
  detail::expect_numbers("explained_variance", truth, predicted, weights);
  const auto variance = [&](auto at) {
    const double mean = detail::weighted_mean(truth.size(), weights, at);
    return detail::weighted_mean(truth.size(), weights,
                                 [&](std::size_t i) { return (at(i) - mean) * (at(i) - mean); });
  };
  return detail::explained(variance([&](std::size_t i) { return truth[i] - predicted[i]; }),
                           variance([&](std::size_t i) { return truth[i]; }));
}

}  // namespace tg::metric

#include "../../support/compiler/end.hpp"
