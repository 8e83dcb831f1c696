// SPDX-License-Identifier: BSL-1.0
// tg::train: a loop over the epochs and batches of a training, with an optimizer that is watched, recorded,
// saved and stopped.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <fstream>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include "../../optimize/gradient_watch.hpp"
#include "../../optimize/problem/vector_view.hpp"
#include "../../optimize/record/saved_run.hpp"
#include "../../support/compiler/exceptions.hpp"
#include "../../support/compiler/finite.hpp"
#include "batch_access.hpp"
#include "lines.hpp"
#include "options.hpp"
#include "signature.hpp"

namespace tg {

namespace detail {

/// One training. What is virtual is what several processes that share one do otherwise.
template <class Step, class Loader, class V>
class training_loop {
 protected:
  using T = number_of<V>;
  using clock = std::chrono::steady_clock;
  using batch = decltype(batch_of(std::declval<Loader&>(), 0, 0));
  static constexpr bool asks_moment =
      std::is_invocable_r_v<double, Step&, const std::remove_reference_t<batch>&, V&, std::vector<T>&,
                            const train_moment&>;

 public:
  static constexpr bool fits =
      asks_moment ||
      std::is_invocable_r_v<double, Step&, const std::remove_reference_t<batch>&, V&, std::vector<T>&>;

  training_loop(Step& step, Loader& loader, V& weights, const train_options<V>& options)
      : step_(step),
        loader_(loader),
        owner_(weights),
        weights_(view(weights)),
        options_(options),
        batches_(batches_of(loader)),
        rule_(options.rule.start(weights_.size())),
        schedule_(options.schedule),
        epoch_schedule_(options.epoch_schedule),
        lines_(options.progress, options.epochs, batches_),
        slopes_(weights_.size()) {
    option_check("train")
        .at_least_one("epochs", options.epochs)
        .at_least_one("accumulate", options.accumulate)
        .not_negative("least_improvement", options.least_improvement)
        .that(options.max_seconds >= 0, "max_seconds", options.max_seconds, "a number of at least 0");
    if (options.checkpoint.empty() && (options.resume || options.checkpoint_every > 0))
      raise(std::invalid_argument(
          "train: resume and checkpoint_every need a file; name it by the option checkpoint."));
    if (batches_ == 0)
      raise(std::invalid_argument("train: the loader has no batches; give it data of at least one row."));
    for (const auto& treatment : options.treatments) treatment.check(weights_.size());
    if (options.watch) watch_.emplace(*options.watch);
  }

  training_loop(const training_loop&) = delete;
  training_loop& operator=(const training_loop&) = delete;
  virtual ~training_loop() = default;

  train_result<T> operator()() {
    TYPEGRAD_TRY { begin(); }
    TYPEGRAD_CATCH(const problem_error&, wrong) { raise(std::runtime_error(wrong.sentence + '.')); }
    while (going_ && epoch_ < options_.epochs) {
      while (going_ && index_ < batches_) learn();
      if (index_ == batches_) end_epoch();
    }
    if (!saved_) save();
    if (result_.best_epoch == 0) keep_best();
    result_.seconds = seconds();
    return std::move(result_);
  }

 protected:
  virtual void begin() {
    if (!options_.checkpoint.empty()) {
      require_writable(options_.checkpoint, "train");
      sign();
      if (options_.resume && std::ifstream(options_.checkpoint)) return resume();
    }
    epoch_factor_ = any_schedule(epoch_schedule_)(0, 0, 0);
  }

  double ask(const auto& of, [[maybe_unused]] const train_moment& now) {
    if constexpr (asks_moment)
      return static_cast<double>(step_(of, owner_, slopes_, now));
    else
      return static_cast<double>(step_(of, owner_, slopes_));
  }

  /// What tells the training from others, by calls with weights of no meaning.
  void sign() {
    const std::vector<T> kept(weights_.begin(), weights_.end());
    signature_ = signature_of(options_, *rule_, weights_, std::span<T>(slopes_));
    keep_state();
    fill_made_up(weights_);
    auto&& rows = batch_of(loader_, 0, 0);
    signature_.loss = ask(rows, {});
    std::ranges::copy(kept, weights_.begin());
    restore_state();
  }

  /// The mean gradient of the batches before `last`, their loss and weight, and where the last one is.
  virtual void see(std::size_t last, train_moment& now, double& loss, double& weight) {
    const bool several = last - index_ > 1;
    if (several) sum_.assign(slopes_.size(), T(0));
    for (; index_ < last; ++index_) {
      now = {epoch_, index_, epoch_ * batches_ + index_};
      auto&& rows = batch_of(loader_, epoch_, index_);
      const double own = ask(rows, now), share = weight_of(rows);
      loss = several ? loss + share * own : own;
      weight += share;
      if (several)
        for (std::size_t i = 0; i < sum_.size(); ++i) sum_[i] += static_cast<T>(share) * slopes_[i];
    }
    if (several) {
      loss /= weight;
      for (std::size_t i = 0; i < sum_.size(); ++i) slopes_[i] = sum_[i] / static_cast<T>(weight);
    }
  }

  /// One step: along the gradient of a batch, or the mean of several.
  void learn() {
    saved_ = false;
    const std::size_t last = std::min(index_ + options_.accumulate, batches_);
    keep_state();
    train_moment now;
    double loss = 0, weight = 0;
    see(last, now, loss, weight);
    go(now, loss, weight);
    if (options_.checkpoint_every > 0 && index_ < batches_ &&
        (unsaved_ += last - now.index) >= options_.checkpoint_every)
      save();
    if (index_ < batches_ && timed_ && seconds_here() >= options_.max_seconds) end(train_end::time_limit);
    settle();
  }

  void go(const train_moment& now, double loss, double weight) {
    gradient_report seen = watch_ ? (*watch_)(slopes_) : gradient_watch{}(slopes_);
    if (!is_finite(loss)) seen.state = gradient_state::not_finite;
    largest_ = is_finite(seen.norm) ? std::max(largest_, seen.norm) : largest_;
    const double factor = cut_ * epoch_factor_ * schedule_(result_.steps, loss, seen.norm);
    rate_ = factor * options_.rule.rate;
    const bool taken = !seen.skip() || options_.unsound == on_unsound::take;
    if (taken) {
      for (const auto& treatment : options_.treatments) treatment.treat(slopes_, weights_, result_.steps);
      rule_->step(weights_, slopes_, factor);
      row_ = 0;
    } else {
      leave_out();
    }
    count(now, loss, seen, taken);
    ++result_.steps;
    if (is_finite(loss)) losses_ += weight * loss, weighed_ += weight;
    if (options_.after_batch &&
        !options_.after_batch({now, loss, rate_, seen.norm, seen.state, taken, slopes_}))
      end(train_end::stopped_by_caller);
    if (lines_.redrawn()) lines_.within(epoch_, index_, losses_ / weighed_, seconds_here());
  }

  void leave_out() {
    restore_state();
    ++result_.left_out;
    if (options_.unsound == on_unsound::cut_rate) cut_ /= 2;
    if (++row_ > options_.max_unsound || options_.unsound == on_unsound::stop) end(train_end::unsound);
  }

  void count(const train_moment& now, double loss, const gradient_report& seen, bool taken) {
    if (seen.state == gradient_state::sound) return;
    std::size_t& all = seen.state == gradient_state::not_finite  ? result_.not_finite
                       : seen.state == gradient_state::exploding ? result_.exploding
                                                                 : result_.vanishing;
    if (++all > 1 && (result_.warnings.size() >= 10 || seen.state == gradient_state::vanishing)) return;
    std::ostringstream text;
    text << "epoch " << now.epoch + 1 << ", batch " << now.index + 1 << ": ";
    if (is_finite(loss))
      text << seen.sentence();
    else
      text << "the loss is " << loss;
    if (!taken) text << "; the step was left out";
    if (!taken && options_.unsound == on_unsound::cut_rate) text << " and the rate cut";
    result_.warnings.push_back(text.str());
    lines_.say(result_.warnings.back());
  }

  void end_epoch() {
    epoch_record record{.epoch = epoch_ + 1,
                        .steps = result_.steps,
                        .loss = losses_ / weighed_,
                        .rate = rate_,
                        .gradient = largest_,
                        .seconds = seconds()};
    double score = record.loss;
    if (options_.evaluate) {
      record.scores = options_.evaluate(std::as_const(owner_)).all;
      if (!record.scores.empty()) score = record.scores.front().second;
    }
    const double gain = options_.larger_is_better && options_.evaluate ? score - result_.best_score
                                                                       : result_.best_score - score;
    const bool best = !is_nan(score) && (result_.best_epoch == 0 || gain > options_.least_improvement);
    waiting_ = best ? 0 : waiting_ + 1;
    if (best) {
      result_.best_epoch = record.epoch;
      result_.best_score = score;
      keep_best();
    }
    result_.history.push_back(record);
    lines_.after(record, seconds_here());
    ++epoch_, index_ = 0;
    losses_ = weighed_ = largest_ = 0;
    epoch_factor_ = epoch_schedule_(epoch_, score, 0);
    if (out_of_patience() && epoch_ < options_.epochs) end(train_end::no_improvement);
    if (timed_ && seconds_here() >= options_.max_seconds && epoch_ < options_.epochs)
      end(train_end::time_limit);
    if (options_.after_epoch && !options_.after_epoch({record, owner_, best, options_.epochs}) &&
        epoch_ < options_.epochs)
      end(train_end::stopped_by_caller);
    settle();
    if (!going_ || epoch_ >= options_.epochs || seconds_here() >= next_save_) save();
  }
  void keep_best() {
    if (!options_.keep_best) return;
    result_.best_weights.assign(weights_.begin(), weights_.end());
    if (options_.state != nullptr) result_.best_state = *options_.state;
  }
  bool out_of_patience() const { return options_.patience > 0 && waiting_ >= options_.patience; }

  /// Whether the training goes on, for all that share it.
  virtual void settle() {}
  virtual bool writes() const { return true; }

  void end(train_end reason) {
    if (going_) result_.reason = reason;
    going_ = false;
  }

  void keep_state() {
    if (options_.state != nullptr) state_ = *options_.state;
  }
  void restore_state() {
    if (options_.state != nullptr) *options_.state = state_;
  }

  double seconds_here() const { return std::chrono::duration<double>(clock::now() - start_).count(); }
  double seconds() const { return seconds_before_ + seconds_here(); }

  template <class Archive>
  void archive(Archive& file) {
    keep_state();
    double seconds_now = seconds();
    file("epoch", epoch_), file("index", index_), file("steps", result_.steps), file("seconds", seconds_now);
    file("losses", losses_), file("weighed", weighed_), file("largest", largest_), file("rate", rate_);
    file("factor", epoch_factor_), file("cut", cut_), file("row", row_), file("waiting", waiting_);
    file("left_out", result_.left_out), file("not_finite", result_.not_finite),
        file("exploding", result_.exploding), file("vanishing", result_.vanishing);
    file("weights", weights_), file("state", state_);
    file("best_epoch", result_.best_epoch), file("best_score", result_.best_score),
        file("best_weights", result_.best_weights), file("best_state", result_.best_state);
    archive_records(file, result_.history);
    carry(file, "rule", *rule_);
    carry(file, "schedule", schedule_), carry(file, "epoch_schedule", epoch_schedule_);
    carry(file, "watch", watch_);
    if constexpr (Archive::loading) {
      seconds_before_ = seconds_now;
      if ((options_.state != nullptr && state_.size() != options_.state->size()) || index_ >= batches_ ||
          (!result_.best_weights.empty() && result_.best_weights.size() != weights_.size()))
        file.refuse("has numbers that do not fit each other");
      if (!options_.keep_best)
        result_.best_weights = {}, result_.best_state = {};
      else if (result_.best_epoch > 0 && result_.best_weights.empty())
        file.refuse("has no best weights, which it was told not to keep; give keep_best = false, as then");
      restore_state();
    }
  }

  template <class Kind>
  void archive_kind(Kind&& same) {
    same("kind", std::string("training")), same("rule", options_.rule.name),
        same("digits", std::numeric_limits<T>::digits), same("weights", weights_.size()),
        same("states", options_.state == nullptr ? std::size_t{0} : options_.state->size()),
        same("batches", batches_), same("accumulate", options_.accumulate);
  }

  /// After which as much time passes as makes saving after epochs cost a twentieth of it.
  void save() {
    saved_ = true;
    unsaved_ = 0;
    if (options_.checkpoint.empty() || !writes()) return;
    const double begun = seconds_here();
    TYPEGRAD_TRY {
      write_run(options_.checkpoint, "train", [&](run_writer& file) {
        archive_kind([&](std::string_view name, const auto& value) { file(name, value); });
        signature_.archive(file);
        archive(file);
      });
    }
    TYPEGRAD_CATCH(const problem_error&, wrong) { raise(std::runtime_error(wrong.sentence + '.')); }
    const double now = seconds_here();
    next_save_ = now + 20 * (now - begun);
  }

  void resume() {
    run_reader file(options_.checkpoint, "train");
    archive_kind([&](std::string_view name, const auto& value) { file.same(name, value); });
    training_signature saved;
    saved.archive(file);
    if (const std::string other = signature_.difference(saved); !other.empty()) file.refuse(other);
    TYPEGRAD_TRY { archive(file); }
    TYPEGRAD_CATCH(const std::runtime_error&, wrong) {
      file.refuse("cannot be used: " + std::string(wrong.what()));
    }
    result_.resumed = saved_ = true;
    lines_.resumed(epoch_, index_);
    if (out_of_patience()) end(train_end::no_improvement);
  }

  Step& step_;
  Loader& loader_;
  V& owner_;
  std::span<T> weights_;
  const train_options<V>& options_;
  std::size_t batches_;
  std::unique_ptr<rule_at_work<T>> rule_;
  any_schedule schedule_, epoch_schedule_;
  std::optional<gradient_watch> watch_;
  training_lines lines_;
  training_signature signature_;
  std::vector<T> slopes_, sum_, state_;
  train_result<T> result_;
  std::size_t epoch_ = 0, index_ = 0, row_ = 0, waiting_ = 0, unsaved_ = 0;
  double losses_ = 0, weighed_ = 0, largest_ = 0, rate_ = 0, epoch_factor_ = 1, cut_ = 1, seconds_before_ = 0,
         next_save_ = 0;
  bool going_ = true, saved_ = false;
  bool timed_ = options_.max_seconds < std::numeric_limits<double>::max();
  clock::time_point start_ = clock::now();
};

}  // namespace detail

/// Trains `weights` by a step function on batches.
///
/// `step(batch, weights, slopes)` writes the gradient of the mean loss of the batch to the vector `slopes`
/// and returns that loss, as the functions of tg::bound do; it may take a tg::train_moment as a fourth
/// argument. `loader`: has `batches()` and `batch(epoch, index)`, which depends on these two alone, as
/// tg::data's loaders; anything else is the one batch of each epoch. A batch's `weights`, 0 for rows that
/// only fill up, or its `size()`, weigh it in means over batches. `weights`: a vector with data() and size(),
/// changed in place. Nothing depends on time or memory: equal calls give equal bits, in one piece or resumed
/// from a checkpoint. Cost: beside the step, one pass over the gradient for its norm and the optimizer's; no
/// allocation. Errors: std::invalid_argument for impossible options, std::runtime_error for a checkpoint that
/// cannot be written or does not belong to this call (`weights` and the state may have been changed); what
/// step and callables throw. With a checkpoint, `step` is called once more at the start, on the first batch.
template <class Step, class Loader, detail::DenseVector V>
train_result<detail::number_of<V>> train(Step&& step, Loader&& loader, V& weights,
                                         const std::type_identity_t<train_options<V>>& options = {}) {
  using T = detail::number_of<V>;
  using loop = detail::training_loop<std::remove_reference_t<Step>, std::remove_reference_t<Loader>, V>;
  static_assert(std::is_floating_point_v<T>, "train: the weights must be float, double or long double.");
  static_assert(loop::fits,
                "train: the step must be callable with (batch, weights, slopes), perhaps also a "
                "tg::train_moment, and return the loss.");
  if constexpr (std::is_floating_point_v<T> && loop::fits)
    return loop(step, loader, weights, options)();
  else
    return {};
}

}  // namespace tg

#include "../../support/compiler/end.hpp"
