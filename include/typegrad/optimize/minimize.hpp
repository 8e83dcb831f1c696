// SPDX-License-Identifier: BSL-1.0
// tg::minimize: the front of all methods. It stops a run, records it, saves it and never loses what was
// reached. The methods are headers of their own: newton.hpp, levenberg_marquardt.hpp, dogleg.hpp,
// gauss_newton.hpp, l_bfgs.hpp, conjugate_gradient.hpp, first_order.hpp.
#pragma once
#include "../support/compiler/begin.hpp"

#include <cstddef>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

#include "../support/compiler/exceptions.hpp"
#include "../support/compiler/finite.hpp"
#include "../support/error.hpp"
#include "loop/box.hpp"
#include "loop/run.hpp"
#include "method.hpp"
#include "minimize_options.hpp"
#include "problem/oracle.hpp"
#include "training.hpp"

namespace tg {

namespace detail {

/// The first thing wrong with the call, as a sentence; empty where nothing is.
template <class T>
std::string complaint(const minimize_options<T>& options, std::size_t n) {
  const auto tolerance = [](T value) { return value >= 0 && detail::is_finite(value); };
  if (!tolerance(options.relative_gradient_tolerance))
    return "relative_gradient_tolerance must be a number of at least 0";
  if (!tolerance(options.gradient_tolerance)) return "gradient_tolerance must be a number of at least 0";
  if (!tolerance(options.step_tolerance)) return "step_tolerance must be a number of at least 0";
  if (!tolerance(options.value_tolerance)) return "value_tolerance must be a number of at least 0";
  if (detail::is_nan(options.target)) return "target must be a number";
  if (detail::is_nan(options.max_seconds) || options.max_seconds < 0) return "max_seconds must be at least 0";
  if (options.checkpoint.empty() && (options.resume || options.checkpoint_every > 0))
    return "resume and checkpoint_every need the name of a checkpoint";
  const box<T> bounds{options.lower, options.upper};
  for (const auto* side : {&options.lower, &options.upper})
    if (!side->empty() && side->size() != n) return {};  // a wrong size, reported as such
  for (std::size_t i = 0; bounds.bounded() && i < n; ++i)
    if (!(bounds.low(i) <= bounds.high(i)) || !(bounds.low(i) < bounds.infinite()) ||
        !(bounds.high(i) > -bounds.infinite()))
      return "the bounds of parameter " + std::to_string(i) + " exclude every value";
  return {};
}

struct silent {
  template <class Record>
  void operator()(const Record&) const {}
};

}  // namespace detail

/// Whether a method can be used on a problem with parameters of type V.
template <class Method, class Problem, class V>
concept MethodFor =
    (FirstOrderMethod<Method> && detail::HasGradient<Problem, V>) || Method::template fits<Problem, V>;

/// Refused: a start that is no vector of floating-point numbers.
template <class Problem, class V, class... More>
requires(!ParameterVector<V>) detail::refused_call minimize(const Problem&, const V&, const More&...) {
  refuse<
      text{"minimize: the start is a std::array, a std::vector or an Eigen vector of floating-point numbers; "
           "write std::array{1.0, 1.0}, not {1, 1}."},
      V>();
  return {};
}

/// Minimises `problem` from `start` by `method`.
///
/// `problem`: from tg::objective, tg::sum_over, tg::least_squares, tg::least_squares_by_row, tg::robust, or
/// any type that models Objective, CurvedObjective (for tg::newton) or one of the least-squares concepts.
/// Where only residuals are offered, every method minimises 1/2 sum rho(r^2); a tg::sum_over is a plain sum
/// for the methods that take an objective and residuals for the others (tg::half_squares makes it residuals
/// for all). `start`: a std::array, a std::vector or an Eigen vector; the result has the same type.
/// `progress`: called with a minimize_progress at the start, after each step, and at the end with the reason;
/// if it returns bool, false stops the run. Errors: nothing is thrown. Whatever goes wrong, what the problem
/// throws included, is the reason of the result, with a sentence in why() and the best point so far.
template <class Problem, ParameterVector V, class Method, class Progress = detail::silent>
requires(!std::is_same_v<Method, minimize_options<detail::number_in<V>>>)  // a call without a method:
                                                                           // default_method.hpp
    minimize_result<V> minimize(
        const Problem& problem, const V& start, const Method& method,
        const std::type_identity_t<minimize_options<detail::number_in<V>>>& options = {},
        Progress&& progress = {}) {
  using T = detail::number_in<V>;
  minimize_result<V> result{.parameters = start};
  if constexpr (!MethodFor<Method, Problem, V>) {
    static_assert(
        MethodFor<Method, Problem, V>,
        "minimize: the problem does not offer what the method needs for this start: residuals for "
        "levenberg_marquardt_method, "
        "dogleg and gauss_newton; value, gradient and hessian for newton; value and gradient for the others");
  } else if constexpr (FirstOrderMethod<Method>) {
    return minimize(problem, start, scheduled(method, constant_schedule{}), options, progress);
  } else {
    static_assert(MinimizeMethod<Method, Problem, V>,
                  "minimize: the method lacks a part of the contract in optimize/method.hpp");
    const auto refuse_call = [&](stop_reason reason, const std::string& sentence) {
      result.reason = reason;
      result.message = "minimize: " + sentence;
      return result;
    };
    const std::size_t n = detail::size_of(start);
    if (n == 0)
      return refuse_call(stop_reason::empty_problem, "the start has no parameters; give at least one");
    if constexpr (detail::HasResiduals<Problem, V>)
      if (detail::residual_count_of(detail::unwrapped<Problem>::problem(problem)) == 0)
        return refuse_call(stop_reason::empty_problem, "the problem has no residuals");
    if (const std::string wrong = detail::complaint<T>(options, n); !wrong.empty())
      return refuse_call(stop_reason::invalid_options, wrong);
    for (const auto* side : {&options.lower, &options.upper})
      if (!side->empty() && side->size() != n)
        return refuse_call(stop_reason::wrong_size, "there are " + std::to_string(side->size()) +
                                                        " bounds for " + std::to_string(n) + " parameters");
    const detail::box<T> bounds{options.lower, options.upper};
    TYPEGRAD_TRY {
      method.check(detail::option_check(Method::name));
      typename Method::template oracle<Problem, V> questions(problem, start);
      auto engine = method.template engine<Problem, V>(questions, bounds, n);
      detail::minimize_run<decltype(engine), V>(engine, questions, bounds, Method::name, options,
                                                result)(progress);
    }
    TYPEGRAD_CATCH(const detail::problem_error&,
                   wrong) {  // by the problem before it is asked; a run throws nothing
      result.reason = wrong.reason;
      result.message = wrong.sentence;
    }
    TYPEGRAD_CATCH(const std::invalid_argument&, option) {  // by the method
      return refuse_call(stop_reason::invalid_options, option.what());
    }
  }
  return result;
}

}  // namespace tg

#include "../support/compiler/end.hpp"
