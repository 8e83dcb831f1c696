// SPDX-License-Identifier: BSL-1.0
// What tg::train is told and what it tells: options, the record of an epoch, the result.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <cstddef>
#include <functional>
#include <initializer_list>
#include <limits>
#include <optional>
#include <ostream>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "../../optimize/first_order/adam.hpp"
#include "../../optimize/gradient_watch.hpp"
#include "parts.hpp"

namespace tg {

/// What an evaluation of a model gives: one number, `return accuracy;`, or several with names,
/// `tg::scores{{"accuracy", 0.9}, {"loss", 0.3}}`. The first decides which weights are the best.
struct scores {
  std::vector<std::pair<std::string, double>> all;

  scores() = default;
  template <class T>
  requires std::is_arithmetic_v<T> scores(T value)  // NOLINT: as is
      : all{{"score", static_cast<double>(value)}} {}
  scores(std::initializer_list<std::pair<std::string, double>> named) : all(named) {}
};

/// What happens at a step whose loss or gradient is not finite, or whose gradient explodes.
enum class on_unsound {
  skip_step,  ///< it is left out
  cut_rate,   ///< it is left out, and all rates from then on are half as large
  stop,       ///< the training ends before it
  take        ///< it is taken as it is
};

/// Why a training ended.
enum class train_end { all_epochs, no_improvement, stopped_by_caller, time_limit, unsound };

/// An epoch, as a history keeps it.
struct epoch_record {
  std::size_t epoch = 0;  ///< from 1
  std::size_t steps = 0;  ///< so far, those that were left out included
  double loss = 0;        ///< mean over the rows, by the weights at each batch
  double rate = 0;        ///< of the last step
  double gradient = 0;    ///< largest norm in the epoch; 0 where nothing asks for norms
  double seconds = 0;     ///< from the start of the training to its end, over all calls
  std::vector<std::pair<std::string, double>> scores{};
};

/// Where a training is; a step may take it as its fourth argument. `batch_number` counts all batches from 0:
/// a seed for random numbers that a resumed run has too.
struct train_moment {
  std::size_t epoch = 0;  ///< from 0
  std::size_t index = 0;  ///< of the batch in the epoch
  std::size_t batch_number = 0;
};

/// What is told after each batch that ends in a step.
template <class T>
struct batch_report {
  train_moment at;
  double loss;      ///< mean over the batches of the step
  double rate;      ///< of the step
  double gradient;  ///< its norm before treatments
  gradient_state state;
  bool taken;                 ///< whether the step was
  std::span<const T> slopes;  ///< the gradient, after treatments
};

/// What is told after each epoch.
template <class V>
struct epoch_report {
  const epoch_record& record;
  const V& weights;
  bool best;           ///< whether these weights are the best so far
  std::size_t epochs;  ///< of the whole training
};

/// Options of tg::train for weights in a V.
template <class V>
struct train_options {
  using T = detail::number_of<V>;

  std::size_t epochs = 1;
  /// The optimizer: any first-order method.
  detail::any_rule<T> rule = adamw{};
  /// Factor of the rate in each step, called with the step from 0, the batch's loss, the gradient's norm.
  detail::any_schedule schedule{};
  /// A further factor for each epoch, called with the epoch from 0, the score of the epoch before (at the
  /// start a copy is asked, with 0), and 0: `tg::reduce_on_plateau`, or any other.
  detail::any_schedule epoch_schedule{};
  /// What is done to gradients, in this order, after the watch has seen them.
  std::vector<detail::any_treatment<T>> treatments{};
  /// Steps are along the mean gradient of so many batches, weighed by their rows' weights.
  std::size_t accumulate = 1;

  /// Called after each epoch with the weights; gives a number or tg::scores.
  std::function<scores(const V&)> evaluate{};
  /// Whether the first score is better where it is larger, as an accuracy is.
  bool larger_is_better = false;
  /// Ends after so many epochs in a row without a better score (without `evaluate`: loss); 0: never.
  std::size_t patience = 0;
  /// A score counts as better if it is so by more than this.
  double least_improvement = 0;
  /// Whether a copy of the best weights is kept; without it `best_weights` and `best_state` are empty, and
  /// memory and checkpoints have one copy of the weights less.
  bool keep_best = true;
  /// By a steady clock, from the call.
  double max_seconds = std::numeric_limits<double>::max();

  /// When a gradient counts as unsound; nothing: only what is not finite.
  std::optional<gradient_watch_options> watch = gradient_watch_options{};
  on_unsound unsound = on_unsound::skip_step;
  /// So many unsound steps in a row end the training.
  std::size_t max_unsound = 20;

  /// Where lines of progress go: one for each epoch; on a terminal the last one is redrawn.
  std::ostream* progress = nullptr;
  /// Called after each step and each epoch; one that returns false ends the training.
  detail::any_listener<batch_report<T>> after_batch{};
  detail::any_listener<epoch_report<V>> after_epoch{};

  /// Numbers beside the weights that the step changes, such as running means; checkpoints carry them, the
  /// best weights have theirs, and a step that is left out leaves them alone.
  std::vector<T>* state = nullptr;
  /// A file that the training is saved to at its end, after epochs, but so that saving takes no more than a
  /// twentieth of the time, and every `checkpoint_every` batches (0: never within epochs); no name, no file.
  std::string checkpoint{};
  std::size_t checkpoint_every = 0;
  /// Goes on from the checkpoint, if that file exists.
  bool resume = false;
};

/// What tg::train returns. The weights of the call are those after the last step.
template <class T>
struct train_result {
  std::vector<epoch_record> history;
  std::size_t best_epoch = 0;  ///< from 1; 0 where no epoch had a score
  double best_score = detail::not_a_number<double>();
  std::vector<T> best_weights;  ///< where no epoch had a score, those after the last step; see keep_best
  std::vector<T> best_state;
  train_end reason = train_end::all_epochs;
  std::size_t steps = 0;       ///< those that were left out included
  std::size_t left_out = 0;    ///< steps
  std::size_t not_finite = 0;  ///< gradients, or losses, that were not
  std::size_t exploding = 0;   ///< gradients
  std::size_t vanishing = 0;
  double seconds = 0;                 ///< over all calls
  bool resumed = false;               ///< whether it went on from a checkpoint
  std::vector<std::string> warnings;  ///< the first ten things in this call that were unsound

  /// Why it ended, as a sentence.
  std::string why() const {
    std::ostringstream text;
    text << sentence() << "; after " << history.size() << (history.size() == 1 ? " epoch" : " epochs")
         << " and " << steps << " steps";
    if (!history.empty()) text << " the loss is " << history.back().loss;
    if (best_epoch > 0) text << "; the best score is " << best_score << ", of epoch " << best_epoch;
    const auto tell = [&](std::size_t count, std::string_view what) {
      if (count > 0) text << "; " << count << ' ' << what;
    };
    tell(left_out, "steps left out");
    tell(not_finite, "not finite");
    tell(exploding, "exploding");
    tell(vanishing, "vanishing");
    return text.str();
  }

 private:
  std::string_view sentence() const {
    switch (reason) {
      case train_end::all_epochs:
        return "all epochs were made";
      case train_end::no_improvement:
        return "the score has not become better for as many epochs as the patience allows";
      case train_end::stopped_by_caller:
        return "stopped by the caller";
      case train_end::time_limit:
        return "the time limit was reached";
      case train_end::unsound:
        return "losses or gradients stayed not finite or exploding: lower the rate, clip gradients, or look "
               "at the data";
    }
    return "unknown";
  }
};

}  // namespace tg

#include "../../support/compiler/end.hpp"
