// SPDX-License-Identifier: BSL-1.0
// Precision, recall and F of each class, and their averages.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "../../learn/evaluate/accuracy.hpp"
#include "../../support/compiler/finite.hpp"

namespace tg::metric {

/// Options of per_class and classification_report.
struct class_options {
  labels classes = {};  ///< those to judge, in this order; else all that occur, sorted
  numbers weights = {};
  double beta = 1;           ///< how much recall counts against precision in F
  double zero_division = 0;  ///< precision or recall where there is nothing to divide by: 0 or 1
};

/// The scores of a class, or an average of them.
struct class_score {
  double precision = 0;  ///< of what is taken for the class, the share that is of it
  double recall = 0;     ///< of what is of the class, the share that is taken for it
  double f = 0;          ///< (1 + beta^2) precision recall/(beta^2 precision + recall)
  double support = 0;    ///< how many rows are of the class, or their weight
};

struct class_scores {
  std::vector<std::int64_t> classes;
  std::vector<class_score> each;  ///< of each of `classes`
  class_score micro;              ///< of all decisions, for or against each class
  class_score macro;              ///< the mean over the classes
  class_score weighted;           ///< the mean weighted by support
  bool all_classes = true;        ///< whether `classes` are those that occur: `micro` is then the accuracy

  /// The scores of a class.
  const class_score& of(std::int64_t label) const {
    const auto at = std::ranges::find(classes, label);
    if (at == classes.end())
      detail::unfit_metric("per_class", "the class " + std::to_string(label) + " is not among those judged.");
    return each[static_cast<std::size_t>(at - classes.begin())];
  }
};

}  // namespace tg::metric

namespace tg::detail {

/// Scores of `size` classes, and their averages, from the weights of what is right, what is taken for each
/// class and what is of it, in the order in which NumPy adds.
template <class Result>
void score_classes(Result& result, std::size_t size, const std::vector<double>& right,
                   const std::vector<double>& taken, const std::vector<double>& real, double beta,
                   double zero_division) {
  using metric::class_score;
  const double squared = beta * beta;
  const auto divided = [&](double a, double b) { return b == 0 ? zero_division : a / b; };
  const auto scored = [&](double r, double t, double n) {
    class_score s{divided(r, t), divided(r, n), 0, n};
    const double below = squared * s.precision + s.recall;
    s.f = is_infinite(beta) ? s.recall : (1 + squared) * s.precision * s.recall / (below == 0 ? 1 : below);
    return s;
  };
  for (std::size_t k = 0; k < size; ++k) result.each.push_back(scored(right[k], taken[k], real[k]));
  const auto total = [&](const std::vector<double>& of) {
    return pairwise_sum(0, size, [&](std::size_t k) { return of[k]; });
  };
  const double all = total(real);
  result.micro = scored(total(right), total(taken), all);
  const auto mean = [&](double class_score::*score, bool by_support) {
    const auto weight = [&](std::size_t k) { return by_support ? result.each[k].support : 1.0; };
    return pairwise_sum(0, size, [&](std::size_t k) { return result.each[k].*score * weight(k); }) /
           (by_support ? all : static_cast<double>(size));
  };
  const auto means = [&](bool by_support) {
    return class_score{mean(&class_score::precision, by_support), mean(&class_score::recall, by_support),
                       mean(&class_score::f, by_support), all};
  };
  result.macro = size == 0 ? class_score{zero_division, zero_division, zero_division, 0} : means(false);
  const double nothing = total(taken) == 0 ? zero_division : 0;
  result.weighted = all == 0 ? class_score{nothing, zero_division, nothing, 0} : means(true);
}

}  // namespace tg::detail

namespace tg::metric {

/// Precision, recall and F of each class, and their averages, as precision_recall_fscore_support of
/// scikit-learn 1.2.
inline class_scores per_class(const labels& truth, const labels& predicted,
                              const class_options& options = {}) {
  constexpr auto name = "per_class";
  detail::expect_rows(name, truth.size(), predicted.size(), options.weights);
  if (options.zero_division != 0 && options.zero_division != 1)
    detail::unfit_metric(name, "zero_division is 0 or 1.");
  if (!(options.beta >= 0)) detail::unfit_metric(name, "beta is at least 0.");
  class_scores result;
  const auto present = detail::classes_of(truth, predicted);
  result.classes = present;
  if (!options.classes.empty()) {
    result.classes.assign(options.classes.begin(), options.classes.end());
    auto sorted = result.classes;
    std::ranges::sort(sorted);
    result.all_classes = sorted == present;
  }
  const std::size_t size = result.classes.size();
  const detail::class_places place(name, result.classes);
  // The last is for labels that are not asked for.
  std::vector<double> right(size + 1), taken(size + 1), real(size + 1);
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const double weight = detail::weight_of(options.weights, i);
    const std::size_t t = place(truth[i]), p = place(predicted[i]);
    real[t] += weight, taken[p] += weight;
    if (truth[i] == predicted[i]) right[t] += weight;
  }
  // As there: with weights, what is wrong is a difference, which may round.
  for (std::size_t k = 0; k < size; ++k)
    taken[k] = right[k] + (taken[k] - right[k]), real[k] = right[k] + (real[k] - right[k]);
  detail::score_classes(result, size, right, taken, real, options.beta, options.zero_division);
  return result;
}

}  // namespace tg::metric

#include "../../support/compiler/end.hpp"
