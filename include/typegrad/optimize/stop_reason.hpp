// SPDX-License-Identifier: BSL-1.0
// Why a minimisation ended, as a value to test and as a sentence to read: one list for all optimizers.
#pragma once
#include "../support/compiler/begin.hpp"

#include <string_view>

namespace tg {

/// Why a minimisation ended. Up to rounding_reached: it reached what was asked for.
enum class stop_reason {
  gradient_small,
  step_small,
  cost_settled,
  target_reached,
  rounding_reached,
  no_descent,
  unbounded,
  degenerate,
  iteration_limit,
  evaluation_limit,
  time_limit,
  stopped_by_caller,
  not_finite_at_start,
  not_finite,
  empty_problem,
  wrong_size,
  no_dependence,
  invalid_options,
  bad_checkpoint,
  exception_thrown,
  running
};

constexpr bool is_converged(stop_reason reason) { return reason <= stop_reason::rounding_reached; }

/// The reason as a sentence.
constexpr std::string_view describe(stop_reason reason) {
  switch (reason) {
    case stop_reason::gradient_small:
      return "converged: the gradient is zero within its tolerance";
    case stop_reason::step_small:
      return "converged: the steps are below their tolerance";
    case stop_reason::cost_settled:
      return "converged: the cost no longer changes within its tolerance";
    case stop_reason::target_reached:
      return "reached: the value is at or below its target";
    case stop_reason::rounding_reached:
      return "converged: no better point can be told from this one in floating point";
    case stop_reason::no_descent:
      return "no step lowers the cost: check the derivatives against the values; if they are right, the "
             "valley is too narrow for "
             "this method";
    case stop_reason::unbounded:
      return "the value falls for ever: it has no lower bound, or none that finite parameters reach";
    case stop_reason::degenerate:
      return "the gradient is zero at a degenerate saddle: no curvature leads down, but there are lower "
             "values "
             "beside it; start elsewhere";
    case stop_reason::iteration_limit:
      return "the iteration limit was reached before a minimum";
    case stop_reason::evaluation_limit:
      return "the limit of evaluations was reached before a minimum";
    case stop_reason::time_limit:
      return "the time limit was reached before a minimum";
    case stop_reason::stopped_by_caller:
      return "stopped by the caller";
    case stop_reason::not_finite_at_start:
      return "a value or a derivative is not finite at the start";
    case stop_reason::not_finite:
      return "the value or the gradient stayed not finite: the steps that led there were too long";
    case stop_reason::empty_problem:
      return "the problem has no parameters or no residuals";
    case stop_reason::wrong_size:
      return "a vector does not have the size that the problem needs";
    case stop_reason::no_dependence:
      return "no residual depends on a parameter: a constant, or an underflow far out";
    case stop_reason::invalid_options:
      return "an option is out of its range";
    case stop_reason::bad_checkpoint:
      return "the checkpoint could not be used";
    case stop_reason::exception_thrown:
      return "the problem or the progress callable threw an exception";
    case stop_reason::running:
      return "still running";
  }
  return "unknown";
}

}  // namespace tg

#include "../support/compiler/end.hpp"
