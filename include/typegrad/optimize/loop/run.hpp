// SPDX-License-Identifier: BSL-1.0
// One run of tg::minimize by any method: what was reached, when it ends, who has to know, and what is kept of
// it.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <exception>
#include <fstream>
#include <limits>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "../../support/compiler/exceptions.hpp"
#include "../../support/compiler/finite.hpp"
#include "../gradient_watch.hpp"
#include "../minimize_options.hpp"
#include "../problem/oracle.hpp"
#include "../record/saved_run.hpp"
#include "../stop_reason.hpp"
#include "box.hpp"
#include "gradient_test.hpp"

namespace tg::detail {

/// The records of a run: when there are too many, every second one is dropped, and from then on recorded half
/// as often.
template <class T>
class bounded_history {
 public:
  bounded_history(std::vector<minimize_record<T>>& records, std::size_t most)
      : records_(records), most_(most) {}

  void add(const minimize_record<T>& record) {
    if (most_ == 0 || record.iteration % stride_ != 0) return;
    if (records_.size() >= most_) {
      stride_ *= 2;
      std::erase_if(records_, [&](const auto& each) { return each.iteration % stride_ != 0; });
      if (record.iteration % stride_ != 0 || records_.size() >= most_) return;
    }
    records_.push_back(record);
  }

  template <class Archive>
  void archive(Archive& file) {
    std::size_t count = records_.size();
    file("stride", stride_), file("records", count);
    if constexpr (Archive::loading) records_.clear();
    for (std::size_t k = 0; k < count; ++k) {
      if constexpr (Archive::loading) records_.emplace_back();  // one by one: a file may say anything
      auto& each = records_[k];
      file("at", each.iteration);
      file("value", each.value), file("gradient", each.gradient), file("step", each.step),
          file("control", each.control);
    }
  }

 private:
  std::vector<minimize_record<T>>& records_;
  std::size_t most_;
  std::size_t stride_ = 1;
};

/// One run of one engine.
template <class Engine, class V>
class minimize_run {
  using T = number_in<V>;
  using clock = std::chrono::steady_clock;

 public:
  minimize_run(Engine& engine, question<T>& questions, const box<T>& bounds, std::string_view method,
               const minimize_options<T>& options, minimize_result<V>& result)
      : engine_(engine),
        questions_(questions),
        bounds_(bounds),
        method_(method),
        options_(options),
        result_(result),
        history_(result.history, options.history) {
    if (options.watch) watch_.emplace(*options.watch);
  }

  template <class Progress>
  void operator()(Progress& progress) {
    const clock::time_point begin = clock::now();
    guarded([&] { reach_first_point(); });
    for (;;) {
      result_.seconds = std::chrono::duration<double>(clock::now() - begin).count();
      guarded([&] { look(progress); });
      if (result_.reason != stop_reason::running) break;
      ++result_.iterations;
      guarded([&] { result_.reason = engine_.advance(); });
    }
    if (settled()) guarded([&] { save(); });
    if (started_) guarded([&] { (void)stopped_by(progress, record()); });
    result_.converged = is_converged(result_.reason);  // last: saving and reporting may fail
  }

 private:
  /// Whatever is thrown becomes the reason; the first one counts.
  template <class Action>
  void guarded(Action action) {
    const auto end = [&](stop_reason reason, const std::string& sentence) {
      if (!result_.message.empty()) return;
      result_.reason = reason;
      result_.message = sentence;
    };
    TYPEGRAD_TRY { action(); }
    TYPEGRAD_CATCH(const problem_error&, error) { end(error.reason, error.sentence); }
    TYPEGRAD_CATCH(const std::exception&, thrown) {
      result_.exception = std::current_exception();
      end(stop_reason::exception_thrown, std::string("minimize: ") +
                                             std::string(describe(stop_reason::exception_thrown)) + ": " +
                                             thrown.what());
    }
    TYPEGRAD_CATCH_ALL {
      result_.exception = std::current_exception();
      end(stop_reason::exception_thrown, std::string(describe(stop_reason::exception_thrown)));
    }
  }

  void reach_first_point() {
    if (!options_.checkpoint.empty()) require_writable(options_.checkpoint);
    if (options_.resume && std::ifstream(options_.checkpoint)) {
      const minimize_result<V> start = result_;
      TYPEGRAD_TRY { return resume(); }
      TYPEGRAD_CATCH_ALL {  // nothing of a run that is refused is taken
        result_ = start;
        detail::raise_again();
      }
    }
    for (std::size_t i = 0; i < size_of(result_.parameters); ++i)
      if (!detail::is_finite(result_.parameters.data()[i]))
        detail::raise(
            problem_error(stop_reason::not_finite_at_start,
                          "minimize: parameter " + std::to_string(i) + " of the start is not finite"));
    started_ = true;
    result_.reason = engine_.begin({result_.parameters.data(), size_of(result_.parameters)});
  }

  /// After the start and after every step: what was reached, who has to know, and whether to go on.
  template <class Progress>
  void look(Progress& progress) {
    if (!started_) return;
    result_.evaluations = questions_.evaluations;
    const std::size_t skipped_before = result_.skipped;
    result_.skipped = engine_.skipped();
    skipped_in_a_row_ = result_.skipped > skipped_before ? skipped_in_a_row_ + 1 : 0;
    if (watch_) watch_gradient();
    const T value = engine_.value();
    measure_gradient(value);
    // A method that only goes down may take a value that is higher by rounding, for a better gradient.
    const bool lower = engine_.accepted() && value < result_.value;
    if (Engine::descends || lower || detail::is_nan(result_.value)) {
      result_.value = value;
      assign_numbers(result_.parameters, engine_.point());
    }
    const auto now = record();
    if (!repeated_) history_.add(now);
    if (result_.reason == stop_reason::running) result_.reason = verdict(value);
    if (!Engine::descends && is_converged(result_.reason) && result_.reason != stop_reason::target_reached)
      settle_at_the_end(value);
    last_value_ = value;
    const bool due = options_.checkpoint_every > 0 && result_.iterations > 0 &&
                     result_.iterations % options_.checkpoint_every == 0;
    if (due && !repeated_) save();
    repeated_ = false;
    // A finished run is reported by operator(), with its reason.
    if (result_.reason == stop_reason::running && stopped_by(progress, now))
      result_.reason = stop_reason::stopped_by_caller;
  }

  T gradient_size() const {
    return engine_.slopes().empty() ? detail::not_a_number<T>()
                                    : bounds_.gradient_size(engine_.point(), engine_.slopes());
  }
  void measure_gradient(T value) {
    result_.gradient = gradient_size();
    if (engine_.accepted() && detail::is_finite(value) && detail::is_finite(result_.gradient))
      result_.relative_gradient =
          flatness_(bounds_, engine_.point(), engine_.slopes(), value, engine_.curvatures());
  }

  /// A run whose value may rise has converged at its last point. That is the result if no earlier point was
  /// lower by more than rounding of the terms; else the lower one is, and nothing has converged there.
  void settle_at_the_end(T value) {
    T sizes = size_of_terms<T>(value, engine_.slopes(), engine_.point());
    for (std::size_t i = 0; i < engine_.point().size(); ++i) {
      const T x = engine_.point()[i], curvature = engine_.curvatures()[i];
      if (detail::is_finite(curvature)) sizes += curvature * x * x / 2;
    }
    if (value - result_.value <= 8 * std::numeric_limits<T>::epsilon() * sizes) {
      result_.value = value;
      assign_numbers(result_.parameters, engine_.point());
    } else {
      result_.reason = stop_reason::no_descent;
      result_.message =
          "minimize: the gradient is zero where the run ended, but an earlier point is lower, and is "
          "returned; go on "
          "from there, with a lower rate";
    }
  }

  /// Whether the value has fallen, or the parameters have gone on falling values, beyond what a minimum could
  /// be at.
  bool runs_away(T value) const {
    const T limit = std::sqrt(std::numeric_limits<T>::max()) / 1024;
    if (value < -limit) return true;
    if (!Engine::descends) return false;
    return std::ranges::any_of(engine_.point(), [&](T coordinate) { return std::abs(coordinate) > limit; });
  }

  /// Looks at a gradient that is new, and has a first-order method leave out the step along one that
  /// explodes.
  void watch_gradient() {
    if (!repeated_ && (engine_.accepted() || !Engine::descends)) {
      watched_ = (*watch_)(engine_.slopes()).state;
      if constexpr (!Engine::descends) engine_.leave_out(watched_ == gradient_state::exploding);
    }
    result_.exploding = watch_->count(gradient_state::exploding);
    result_.vanishing = watch_->count(gradient_state::vanishing);
  }

  stop_reason verdict(T value) {
    if (detail::is_finite(value) && value <= options_.target) return stop_reason::target_reached;
    if (engine_.accepted()) {
      if (result_.gradient <= options_.gradient_tolerance ||
          (!detail::is_nan(result_.relative_gradient) &&
           result_.relative_gradient <= options_.relative_gradient_tolerance))
        if (const stop_reason meaning = engine_.if_flat(); meaning != stop_reason::running) return meaning;
      if (runs_away(value)) return stop_reason::unbounded;
      if (result_.iterations > 0 && !repeated_) {
        if (options_.step_tolerance > 0 && engine_.step_size() <= options_.step_tolerance)
          return stop_reason::step_small;
        if (options_.value_tolerance > 0 &&
            std::abs(value - last_value_) <= options_.value_tolerance * std::abs(value))
          return stop_reason::cost_settled;
      }
    }
    if (skipped_in_a_row_ > options_.max_skipped) return stop_reason::not_finite;
    if (result_.iterations >= options_.max_iterations) return stop_reason::iteration_limit;
    if (result_.evaluations >= options_.max_evaluations) return stop_reason::evaluation_limit;
    if (result_.seconds >= options_.max_seconds) return stop_reason::time_limit;
    return stop_reason::running;
  }

  minimize_progress<T> record() const {
    return {{result_.iterations, engine_.value(), gradient_size(), engine_.step_size(), engine_.control()},
            engine_.accepted(),
            result_.evaluations,
            result_.skipped,
            watched_,
            result_.seconds,
            result_.value,
            engine_.point(),
            result_.reason};
  }

  /// Whether there is something to save: not after a start that failed.
  bool settled() const {
    return started_ && !options_.checkpoint.empty() && result_.reason != stop_reason::not_finite_at_start &&
           result_.reason != stop_reason::empty_problem && result_.reason != stop_reason::no_dependence &&
           result_.reason != stop_reason::bad_checkpoint && result_.reason != stop_reason::exception_thrown;
  }

  template <class Archive>
  void archive(Archive& file) {
    std::vector<T> best = numbers_of_vector(result_.parameters);
    file("iterations", result_.iterations), file("evaluations", questions_.evaluations),
        file("value", last_value_);
    file("best", best), file("best_value", result_.value), file("gradient", result_.gradient),
        file("relative", result_.relative_gradient), file("row", skipped_in_a_row_);
    assign_numbers<V, T>(result_.parameters, best);
    history_.archive(file);
    carry(file, "watch", watch_);
    flatness_.archive(file);
    engine_.archive(file);
  }

  void save() {
    if (options_.checkpoint.empty()) return;
    write_run(options_.checkpoint, "minimize", [&](run_writer& file) {
      file("method", std::string(method_));
      file("digits", std::numeric_limits<T>::digits), file("parameters", size_of(result_.parameters));
      archive(file);
    });
  }

  void resume() {
    run_reader file(options_.checkpoint);
    file.same("method", std::string(method_));
    file.same("digits", std::numeric_limits<T>::digits), file.same("parameters", size_of(result_.parameters));
    TYPEGRAD_TRY { archive(file); }
    TYPEGRAD_CATCH(const std::runtime_error&, wrong) {  // from the state of a rule, a schedule or the watch
      refuse_file(options_.checkpoint, "does not belong to this call: " + std::string(wrong.what()));
    }
    for (const std::span<const T> point :
         {engine_.point(), std::span<const T>(result_.parameters.data(), size_of(result_.parameters))})
      for (std::size_t i = 0; i < point.size(); ++i)
        if (point[i] < bounds_.low(i) || point[i] > bounds_.high(i))
          refuse_file(options_.checkpoint,
                      "has parameter " + std::to_string(i) + " at " + std::to_string(point[i]) +
                          ", outside of the bounds; give those of the saved run, or begin a new one");
    const std::size_t evaluations = questions_.evaluations;
    engine_.resume();
    questions_.evaluations = evaluations;
    const T value = engine_.value();
    if (!(value == last_value_) && detail::is_finite(last_value_))
      refuse_file(options_.checkpoint, "is of another problem: the value at its point is " +
                                           std::to_string(value) + ", not " + std::to_string(last_value_));
    started_ = result_.resumed = repeated_ = true;
    result_.skipped = engine_.skipped();
  }

  Engine& engine_;
  question<T>& questions_;
  const box<T>& bounds_;
  std::string_view method_;
  const minimize_options<T>& options_;
  minimize_result<V>& result_;
  bounded_history<T> history_;
  std::optional<gradient_watch> watch_;
  gradient_test<T> flatness_;
  gradient_state watched_ = gradient_state::sound;
  bool started_ = false;
  bool repeated_ = false;  ///< the point at hand was seen before, by the run that was saved
  std::size_t skipped_in_a_row_ = 0;
  T last_value_ = detail::not_a_number<T>();
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
