// SPDX-License-Identifier: BSL-1.0
// What tg::minimize is told and what it tells: options, one record of a step, the result.
#pragma once
#include "../support/compiler/begin.hpp"

#include <cmath>
#include <cstddef>
#include <exception>
#include <limits>
#include <optional>
#include <span>
#include <sstream>
#include <string>
#include <vector>

#include "../support/compiler/finite.hpp"
#include "gradient_watch.hpp"
#include "problem/parameters.hpp"
#include "stop_reason.hpp"

namespace tg {

/// When to stop, what to keep. Every rule can be switched off by the value that never holds (0 for
/// tolerances).
template <class T>
struct minimize_options {
  /// Stop where |g_i| max(|x_i|, scale_i) is at most this share of max(|f|, floor) for every parameter: free
  /// of units. floor: epsilon times |f| + sum |g_i x_i| at the start, or the least since. scale_i: sqrt(2
  /// max(|f|, floor) / h_i), with h_i the second derivative by parameter i, J^T J's diagonal, or what the
  /// last step tells of it.
  T relative_gradient_tolerance =
      std::cbrt(std::numeric_limits<T>::epsilon()) * std::cbrt(std::numeric_limits<T>::epsilon());
  /// Stop where no component of the gradient is larger; under bounds, of x - P(x - g). In units of the value
  /// per parameter.
  T gradient_tolerance = 0;
  /// Stop after a step that is at most this, relative to the parameters.
  T step_tolerance = 0;
  /// Stop after a step that changes the value by at most this share of it.
  T value_tolerance = 0;
  /// Stop where the value is at most this.
  T target = std::numeric_limits<T>::lowest();
  /// Steps tried, rejected ones included.
  std::size_t max_iterations = 10'000;
  /// Points at which the problem is asked.
  std::size_t max_evaluations = std::numeric_limits<std::size_t>::max();
  /// By a steady clock, from the call.
  double max_seconds = std::numeric_limits<double>::max();
  /// Steps in a row that may be skipped because a value or a gradient is not finite.
  std::size_t max_skipped = 20;
  /// Watches the gradients, `.watch = tg::gradient_watch_options{}`: exploding and vanishing ones are counted
  /// and reported. A first-order method leaves out the step along an exploding one and looks again; the
  /// others refuse bad steps by themselves.
  std::optional<gradient_watch_options> watch{};
  /// Bounds of each parameter, or nothing; infinite ones are none. A start outside is moved to the nearest
  /// point inside.
  std::vector<T> lower{};
  std::vector<T> upper{};
  /// How many records of the run to keep: from a longer run every second, fourth, ... step. 0 keeps none.
  std::size_t history = 0;
  /// A file that the run is saved to every `checkpoint_every` iterations (0: only at the end); no name, no
  /// file.
  std::string checkpoint{};
  std::size_t checkpoint_every = 0;
  /// Goes on from the checkpoint, if that file exists.
  bool resume = false;
};

/// One step, as a history keeps it.
template <class T>
struct minimize_record {
  std::size_t iteration;  ///< 0 for the start
  T value;                ///< at the point after the step
  T gradient;             ///< its largest component; under bounds, of x - P(x - g)
  T step;                 ///< relative to the parameters
  T control;  ///< what keeps steps short: damping, radius, length of the line search or factor of the rate
};

/// The start or one step, as the progress callable sees it; once more at the end, with the reason.
template <class T>
struct minimize_progress : minimize_record<T> {
  bool accepted;                  ///< whether the step was taken
  std::size_t evaluations;        ///< so far
  std::size_t skipped;            ///< steps so far that were skipped because something was not finite
  gradient_state watched;         ///< what the watch found in the gradient; sound where there is none
  double seconds;                 ///< since the call
  T best;                         ///< the least value so far
  std::span<const T> parameters;  ///< the point after the step
  stop_reason reason;             ///< running, or why it ended
};

/// What tg::minimize returns: the best point seen, whatever the reason it stopped for.
template <ParameterVector V>
struct minimize_result {
  using T = detail::number_in<V>;

  V parameters;
  T value = detail::not_a_number<T>();     ///< at the parameters
  T gradient = detail::not_a_number<T>();  ///< largest component at the last point; under bounds,
                                           ///< of x - P(x - g)
  /// At the last point that was taken, as relative_gradient_tolerance measures it.
  T relative_gradient = detail::not_a_number<T>();
  bool converged = false;  ///< a minimum or the target was reached
  stop_reason reason = stop_reason::running;
  std::size_t iterations = 0;   ///< steps tried
  std::size_t evaluations = 0;  ///< points at which the problem was asked
  std::size_t skipped = 0;      ///< steps skipped because something was not finite
  std::size_t exploding =
      0;  ///< gradients that a watch found to explode; a first-order method left their steps out
  std::size_t vanishing = 0;  ///< gradients that a watch found to vanish
  double seconds = 0;         ///< of this call
  bool resumed = false;       ///< whether it went on from a checkpoint
  std::vector<minimize_record<T>> history{};
  std::string message{};           ///< what exactly was wrong, where something was
  std::exception_ptr exception{};  ///< what the problem or the progress callable threw

  /// Why it stopped, as a sentence with the numbers.
  std::string why() const {
    if (!message.empty()) return message;
    std::ostringstream sentence;
    sentence << describe(reason) << "; after " << iterations << (iterations == 1 ? " step" : " steps")
             << " and " << evaluations << (evaluations == 1 ? " evaluation" : " evaluations")
             << " the value is " << value << ", the gradient " << gradient;
    if (skipped > 0) sentence << "; " << skipped << " not finite and skipped";
    if (exploding > 0)
      sentence << "; " << exploding << (exploding == 1 ? " gradient" : " gradients") << " exploding";
    if (vanishing > 0)
      sentence << "; " << vanishing << (vanishing == 1 ? " gradient" : " gradients") << " vanishing";
    return sentence.str();
  }
};

}  // namespace tg

#include "../support/compiler/end.hpp"
