// SPDX-License-Identifier: BSL-1.0
// Search for hyperparameters: random search and successive halving over ranges, seeded, with a table of
// results. Opt-in: not part of the umbrella header.
#pragma once
#include "../support/compiler/begin.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "../support/compiler/exceptions.hpp"
#include "../support/compiler/finite.hpp"
#include "record/trial_table.hpp"
#include "tool/option_check.hpp"
#include "tool/random.hpp"

namespace tg {

/// One hyperparameter and the values that it may take; made by the functions below.
class search_range {
 public:
  enum class kind { linear, logarithmic, integer, choice };

  search_range(std::string name, kind of, double low, double high, std::vector<std::string> labels = {})
      : name_(std::move(name)), kind_(of), low_(low), high_(high), labels_(std::move(labels)) {
    const bool ordered = detail::is_finite(low) && detail::is_finite(high) && low <= high;
    if (of == kind::choice ? labels_.empty() : !ordered)
      detail::raise(
          std::invalid_argument("search: the range of '" + name_ +
                                "' is empty; give a low end that is not above the high end, or choices."));
    if (of == kind::linear && !detail::is_finite(high - low))
      detail::raise(
          std::invalid_argument("search: the range of '" + name_ +
                                "' is wider than the largest number; bring its ends closer together."));
    if (of == kind::logarithmic && !(low > 0))
      detail::raise(std::invalid_argument("search: the logarithmic range of '" + name_ +
                                          "' begins at or below 0; begin above it."));
  }

  const std::string& name() const { return name_; }
  const std::vector<std::string>& labels() const { return labels_; }

  /// A random value of the range; for a choice, its number from 0.
  double draw(detail::random_stream& random) const {
    switch (kind_) {
      case kind::linear:
        return std::min(high_, low_ + (high_ - low_) * random.uniform());
      case kind::logarithmic:
        return std::clamp(std::exp(std::log(low_) + (std::log(high_) - std::log(low_)) * random.uniform()),
                          low_, high_);
      case kind::integer:
        return low_ + std::floor(random.uniform() * (high_ - low_ + 1));
      case kind::choice:
        return static_cast<double>(random.below(labels_.size()));
    }
    return low_;
  }

 private:
  std::string name_;
  kind kind_;
  double low_, high_;
  std::vector<std::string> labels_;
};

/// Uniform between two numbers.
inline search_range linear_range(std::string name, double low, double high) {
  return {std::move(name), search_range::kind::linear, low, high};
}
/// Uniform in the logarithm, between two positive numbers: for rates and decays.
inline search_range log_range(std::string name, double low, double high) {
  return {std::move(name), search_range::kind::logarithmic, low, high};
}
/// A whole number from low to high, both included.
inline search_range integer_range(std::string name, long low, long high) {
  return {std::move(name), search_range::kind::integer, static_cast<double>(low), static_cast<double>(high)};
}
/// One of several named choices.
inline search_range choice_of(std::string name, std::vector<std::string> labels) {
  return {std::move(name), search_range::kind::choice, 0, 0, std::move(labels)};
}

struct random_search_options {
  std::size_t trials = 20;
  std::uint64_t seed = 1;
};

struct successive_halving_options {
  std::size_t trials = 27;       ///< configurations in the first round
  std::size_t first_budget = 1;  ///< what each may spend in the first round, in units of the objective's
  std::size_t reduction = 3;     ///< the best 1/reduction go on, with reduction times the budget
  std::size_t rounds = 4;        ///< at most; the search ends with the round that has one configuration
  std::uint64_t seed = 1;
};

namespace detail {

/// Draws so many points, each from a stream of its own, so that the first trials of a longer search are those
/// of a shorter one.
inline trial_table draw_trials(const std::vector<search_range>& space, std::size_t trials,
                               std::uint64_t seed) {
  option_check("search").at_least_one("trials", trials);
  if (space.empty())
    detail::raise(std::invalid_argument("search: there are no ranges; give at least one hyperparameter."));
  trial_table table;
  for (const search_range& range : space) {
    for (const trial_column& column : table.columns)
      if (column.name == range.name())
        detail::raise(
            std::invalid_argument("search: there are two ranges named '" + range.name() + "'; rename one."));
    table.columns.push_back({range.name(), range.labels()});
  }
  for (std::size_t i = 0; i < trials; ++i) {
    random_stream random(seed, i);
    trial row;
    row.number = i;
    for (const search_range& range : space) row.values.push_back(range.draw(random));
    table.rows.push_back(std::move(row));
  }
  return table;
}

/// Scores one trial. An exception is a score of NaN with the exception's text as the note.
template <class Score>
void score_trial(trial& row, std::size_t budget, const Score& score) {
  row.budget = budget;
  row.note.clear();
  TYPEGRAD_TRY {
    row.score = static_cast<double>(score());
    if (detail::is_nan(row.score)) row.note = "the score is not a number";
  }
  TYPEGRAD_CATCH(const std::exception&, error) {
    row.score = detail::not_a_number<double>();
    row.note = error.what();
  }
  TYPEGRAD_CATCH_ALL {
    row.score = detail::not_a_number<double>();
    row.note = "the objective threw something that is no std::exception";
  }
}

}  // namespace detail

/// Scores random points of the space; lower scores are better. `objective(point)` takes a tg::trial_point,
/// which gives values by name: `point["rate"]`, `point.label("method")`. Returns all trials, the best first;
/// a trial whose score is NaN, or whose objective threw, comes last. The same seed gives the same points with
/// every compiler (logarithmic ranges to the last bit of the mathematical library's exp). Errors:
/// std::invalid_argument for an empty space, two ranges of one name, no trials. Cost: one evaluation per
/// trial. Source: Bergstra and Bengio, JMLR 13, 2012.
template <class Objective>
trial_table random_search(const std::vector<search_range>& space, Objective&& objective,
                          const random_search_options& options = {}) {
  trial_table table = detail::draw_trials(space, options.trials, options.seed);
  for (trial& row : table.rows)
    detail::score_trial(row, 1, [&] { return std::invoke(objective, table.point(row)); });
  table.sort();
  return table;
}

/// Gives many configurations a small budget and the better ones more. `objective(point, budget)` trains from
/// the start with that budget (epochs, say) and returns the score, lower being better. Each round keeps the
/// best 1/reduction, rounded down but at least one, with reduction times the budget. Returns all trials with
/// the score and budget of their last round: those that got furthest first, then by score; trials that failed
/// (NaN or an exception) last, whatever their round. Errors: as random_search; also for reduction below 2.
/// Cost: about rounds * trials * first_budget units. Source: Jamieson and Talwalkar, AISTATS 2016.
template <class Objective>
trial_table successive_halving(const std::vector<search_range>& space, Objective&& objective,
                               const successive_halving_options& options = {}) {
  detail::option_check("successive_halving")
      .at_least_one("first_budget", options.first_budget)
      .at_least_one("rounds", options.rounds)
      .that(options.reduction >= 2, "reduction", static_cast<double>(options.reduction),
            "a number of at least 2");
  trial_table table = detail::draw_trials(space, options.trials, options.seed);
  std::size_t left = options.trials, budget = options.first_budget;
  for (std::size_t round = 0; round < options.rounds; ++round) {
    for (std::size_t i = 0; i < left; ++i)
      detail::score_trial(table.rows[i], budget,
                          [&] { return std::invoke(objective, table.point(table.rows[i]), budget); });
    table.sort();
    if (left == 1) break;
    left = std::max<std::size_t>(1, left / options.reduction);
    while (left > 0 && detail::is_nan(table.rows[left - 1].score)) --left;  // failures stand last
    if (left == 0) break;
    constexpr std::size_t most = std::numeric_limits<std::size_t>::max();
    budget = budget > most / options.reduction ? most : budget * options.reduction;
  }
  return table;
}

}  // namespace tg

#include "../support/compiler/end.hpp"
