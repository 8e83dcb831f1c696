// SPDX-License-Identifier: BSL-1.0
// How often classes are told right, and which are taken for which.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <vector>

#include "../../learn/evaluate/columns.hpp"

namespace tg::detail {

/// The different labels of two columns, sorted.
inline std::vector<std::int64_t> classes_of(const metric::labels& a, const metric::labels& b) {
  std::vector<std::int64_t> all(a.begin(), a.end());
  all.insert(all.end(), b.begin(), b.end());
  std::ranges::sort(all);
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

/// Where each label stands in a list of them; the length of the list where it does not.
class class_places {
 public:
  class_places(const char* metric, const std::vector<std::int64_t>& classes) : classes_(classes) {
    for (std::size_t k = 0; k < classes.size(); ++k) order_.push_back(k);
    std::ranges::sort(order_, {}, [&](std::size_t k) { return classes[k]; });
    for (std::size_t k = 1; k < order_.size(); ++k)
      if (classes[order_[k - 1]] == classes[order_[k]])
        unfit_metric(metric, "the class " + std::to_string(classes[order_[k]]) +
                                 " is listed twice; name each class once.");
  }
  std::size_t operator()(std::int64_t label) const {
    const auto at = std::ranges::lower_bound(order_, label, {}, [&](std::size_t k) { return classes_[k]; });
    return at != order_.end() && classes_[*at] == label ? *at : classes_.size();
  }

 private:
  const std::vector<std::int64_t>& classes_;
  std::vector<std::size_t> order_;
};

}  // namespace tg::detail

namespace tg::metric {

/// The share of rows whose class is told right, by weight.
inline double accuracy(const labels& truth, const labels& predicted, const numbers& weights = {}) {
  detail::expect_rows("accuracy", truth.size(), predicted.size(), weights);
  return detail::weighted_mean(truth.size(), weights,
                               [&](std::size_t i) { return truth[i] == predicted[i] ? 1.0 : 0.0; });
}

/// The share of rows whose class has one of the k highest scores. `scores` has a row of scores for each row,
/// and classes are their places, 0, 1, ...; of equal scores the later is the higher, as in scikit-learn.
inline double top_k_accuracy(const labels& truth, const numbers& scores, std::size_t k,
                             const numbers& weights = {}) {
  constexpr auto name = "top_k_accuracy";
  const std::size_t rows = truth.size(), classes = rows == 0 ? 0 : scores.size() / rows;
  detail::expect_rows(name, rows, rows, weights);
  detail::expect_finite(name, "score", scores);
  if (classes * rows != scores.size() || classes == 0)
    detail::unfit_metric(name, std::to_string(scores.size()) + " scores are no table of " +
                                   std::to_string(rows) + " rows; give a score for each class.");
  return detail::weighted_mean(rows, weights, [&](std::size_t i) {
    if (truth[i] < 0 || truth[i] >= static_cast<std::int64_t>(classes))
      detail::unfit_metric(name, "row " + std::to_string(i) + " is of class " + std::to_string(truth[i]) +
                                     ", and there are scores of " + std::to_string(classes) + " classes.");
    const auto own = static_cast<std::size_t>(truth[i]);
    std::size_t higher = 0;
    for (std::size_t c = 0; c < classes; ++c) {
      const double score = scores[classes * i + c], mine = scores[classes * i + own];
      higher += score > mine || (score == mine && c > own) ? 1 : 0;
    }
    return higher < k ? 1.0 : 0.0;
  });
}

/// What the counts of a confusion matrix are divided by.
enum class normalised { no, by_truth, by_prediction, by_all };

/// Options of confusion_matrix.
struct confusion_options {
  labels classes = {};  ///< rows and columns of the matrix; else all that occur, sorted
  numbers weights = {};
  normalised normalise = normalised::no;
};

/// Rows are true classes, columns are predicted ones.
struct confusion {
  std::vector<std::int64_t> classes;
  std::vector<double> counts;  ///< row after row

  std::size_t size() const { return classes.size(); }
  double operator()(std::size_t truth, std::size_t prediction) const {
    return counts[size() * truth + prediction];
  }
};

/// How many rows (or their weights) of each class are taken for each class. Rows of classes that are not
/// listed do not count. A sum of 0 divides nothing: the shares are 0.
inline confusion confusion_matrix(const labels& truth, const labels& predicted,
                                  const confusion_options& options = {}) {
  constexpr auto name = "confusion_matrix";
  detail::expect_rows(name, truth.size(), predicted.size(), options.weights);
  confusion result;
  result.classes = options.classes.empty()
                       ? detail::classes_of(truth, predicted)
                       : std::vector<std::int64_t>(options.classes.begin(), options.classes.end());
  const std::size_t size = result.size();
  const detail::class_places place(name, result.classes);
  result.counts.resize(size * size);
  bool any = false;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const std::size_t row = place(truth[i]), col = place(predicted[i]);
    any = any || row < size;
    if (row < size && col < size) result.counts[size * row + col] += detail::weight_of(options.weights, i);
  }
  if (!any) detail::unfit_metric(name, "no row is of a class that is listed; list one that occurs.");
  if (options.normalise == normalised::no) return result;
  std::vector<double> sums(size);
  double whole = 0;
  const auto part = [&](std::size_t r, std::size_t c) -> double& {
    return options.normalise == normalised::by_all     ? whole
           : options.normalise == normalised::by_truth ? sums[r]
                                                       : sums[c];
  };
  for (std::size_t r = 0; r < size; ++r)
    for (std::size_t c = 0; c < size; ++c) part(r, c) += result(r, c);
  for (std::size_t r = 0; r < size; ++r)
    for (std::size_t c = 0; c < size; ++c)
      if (part(r, c) != 0) result.counts[size * r + c] /= part(r, c);
  return result;
}

/// The mean over true classes of the share of their rows that are told right. `adjusted`: 0 for guessing and
/// 1 for all right.
inline double balanced_accuracy(const labels& truth, const labels& predicted, const numbers& weights = {},
                                bool adjusted = false) {
  detail::expect_rows("balanced_accuracy", truth.size(), predicted.size(), weights);
  const confusion all = confusion_matrix(truth, predicted, {.weights = weights});
  double sum = 0, classes = 0;
  for (std::size_t r = 0; r < all.size(); ++r) {
    double row = 0;
    for (std::size_t c = 0; c < all.size(); ++c) row += all(r, c);
    if (row > 0) sum += all(r, r) / row, ++classes;
  }
  const double mean = sum / classes, guess = 1 / classes;
  return adjusted ? (mean - guess) / (1 - guess) : mean;
}

}  // namespace tg::metric

#include "../../support/compiler/end.hpp"
