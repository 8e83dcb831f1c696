// SPDX-License-Identifier: BSL-1.0
// Levenberg-Marquardt: the minimum of a sum of squares, from exact derivatives. Opt-in: not part of the
// umbrella header, because it needs Eigen 3. `tg::levenberg_marquardt` is the whole fit with its statistics;
// as a method of tg::minimize it is `tg::levenberg_marquardt_method`.
#pragma once
#include "../support/compiler/begin.hpp"

#include <cmath>
#include <cstddef>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "../support/compiler/exceptions.hpp"
#include "../support/compiler/finite.hpp"
#include "loop/trust_region.hpp"
#include "model/linear_model.hpp"
#include "model/marquardt_model.hpp"
#include "tool/option_check.hpp"

namespace tg {

/// Options of levenberg_marquardt. All tolerances are free of units; 0 switches a test off.
template <class T>
struct levenberg_marquardt_options {
  /// Stop where the cosine between the residual vector and every column of the Jacobian is at most this.
  T gradient_tolerance = 16 * std::numeric_limits<T>::epsilon();
  /// Stop where a step is at most this, relative to the parameters (both scaled by the Jacobian's columns).
  T step_tolerance = 16 * std::numeric_limits<T>::epsilon();
  /// Stop where a step lowers the cost by at most this share, in truth and by the linear model.
  T cost_tolerance = 0;
  /// Steps tried, rejected ones included.
  std::size_t max_iterations = 10'000;
  /// How steps are kept short.
  damping_rule damping = damping_rule::radius;
  /// The first radius relative to the parameters, for damping_rule::radius: large trusts the start.
  T initial_radius = 1;
  /// The first damping relative to the (unit) diagonal of the scaled J^T J, for the other rules: small trusts
  /// the start, 1 does not.
  T initial_damping = static_cast<T>(1e-3);
};

/// The start (iteration 0) or one tried step, as the progress callable sees it.
template <class T, std::size_t n = std::dynamic_extent, class V = typename detail::storage_for<T, n>::vector>
struct levenberg_marquardt_progress {
  std::size_t iteration;  ///< 0 for the start, 1 for the first step
  bool accepted;          ///< whether the step was taken
  T cost;                 ///< 1/2 sum r^2 at the best point so far
  T slope;                ///< largest cosine between the residuals and a column of the Jacobian
  T step;                 ///< length of the tried step relative to the parameters, scaled
  T damping;              ///< damping that the step was made with; by damping_rule::radius, the radius
  const V& parameters;    ///< the best point so far
};

namespace detail {

/// Throws std::invalid_argument for an option that makes no sense.
template <class T>
void check(const levenberg_marquardt_options<T>& options) {
  const option_check checked("levenberg_marquardt");
  const auto tolerance = [&](const char* option, const T& value) {
    checked.that(value >= 0, option, static_cast<double>(value), "a number of at least 0");
  };
  tolerance("gradient_tolerance", options.gradient_tolerance);
  tolerance("step_tolerance", options.step_tolerance);
  tolerance("cost_tolerance", options.cost_tolerance);
  checked.positive("initial_radius", static_cast<double>(options.initial_radius));
  checked.positive("initial_damping", static_cast<double>(options.initial_damping));
}

template <class T>
step_control<T> first_control(damping_rule rule, T radius, T damping) {
  return {rule == damping_rule::radius ? radius : damping, rule};
}

template <class Problem, class V, class Progress>
auto run_levenberg_marquardt(const Problem& problem, const V& start,
                             const levenberg_marquardt_options<number_in<V>>& options, Progress& progress) {
  using T = number_in<V>;
  using storage = storage_for<T, fixed_size<V>>;
  using parts = linear_model_of<Problem, V>;
  least_squares_result<T, fixed_size<V>, V> result;
  result.parameters = start;
  result.residual_count = residual_count_of(unwrapped<Problem>::problem(problem));
  result.inverse_normal = storage::square(size_of(start));
  for (auto& row : result.inverse_normal)
    for (T& entry : row) entry = detail::not_a_number<T>();
  const auto stop = [&](stop_reason reason) {
    result.reason = reason;
    result.converged = is_converged(reason);
    return result;
  };
  TYPEGRAD_TRY { check(options); }
  TYPEGRAD_CATCH(const std::invalid_argument&, wrong) {
    result.message = wrong.what();
    return stop(stop_reason::invalid_options);
  }
  if (size_of(start) == 0) return stop(stop_reason::empty_problem);

  TYPEGRAD_TRY {
    typename parts::oracle questions(problem, start);
    const box<T> everywhere;
    const trust_region_tolerances<T> tolerances{options.gradient_tolerance, options.step_tolerance,
                                                options.cost_tolerance};
    trust_region<marquardt_model<typename parts::model>> run(
        questions, everywhere,
        first_control(options.damping, options.initial_radius, options.initial_damping), tolerances);
    T control = run.control();
    stop_reason reason = run.begin({start.data(), size_of(start)});
    for (;;) {
      result.cost = run.value();
      result.evaluations = questions.evaluations;
      assign_numbers(result.parameters, run.point());
      const levenberg_marquardt_progress<T, fixed_size<V>, V> now{
          result.iterations, run.accepted(), result.cost,      run.slope(),
          run.step_size(),   control,        result.parameters};
      if (stopped_by(progress, now) && reason == stop_reason::running)
        reason = stop_reason::stopped_by_caller;
      if (reason != stop_reason::running || result.iterations >= options.max_iterations) break;
      ++result.iterations;
      control = run.control();
      reason = run.advance();
    }
    bool usable = run.model().size() > 0 && run.model().finite();
    for (const T length : run.model().lengths) usable = usable && length > 0;
    if (usable) run.model().inverse_normal(result.inverse_normal);
    return stop(reason == stop_reason::running ? stop_reason::iteration_limit : reason);
  }
  TYPEGRAD_CATCH(const problem_error&, wrong) {
    constexpr std::string_view of_minimize = "minimize: ";  // whose problems are asked by the same code
    const std::size_t begin = wrong.sentence.starts_with(of_minimize) ? of_minimize.size() : 0;
    result.message = "levenberg_marquardt: " + wrong.sentence.substr(begin);
    return stop(wrong.reason);
  }
}

}  // namespace detail

/// Minimises 1/2 sum_i r_i(v)^2 over n parameters by Levenberg-Marquardt; n is fixed by the start's type, or
/// known at run time only.
///
/// A step h solves (J^T J + damping D^2) h = -J^T r with D the longest lengths so far of J's columns, so that
/// the result does not depend on the parameters' units; the damping is what keeps |D h| within a radius. With
/// rho the cost's decrease over that of the linear model: below 1e-4 the step is refused and the radius a
/// quarter of it, below 1/4 the radius is half of it, above 3/4 at least twice. For other rules see
/// tg::damping_rule. A point where a residual or a derivative is not finite is refused. Near the minimum,
/// where two costs differ by rounding only, the decrease that the model still promises decides, so that
/// parameters keep full accuracy.
///
/// `problem`: ResidualRows or ResidualVector (then by QR of J, accurate to full precision), one of them under
/// tg::robust, or NormalEquations (then by Cholesky's factor of J^T J).
/// `progress`: called at the start and after each tried step with a levenberg_marquardt_progress; if it
/// returns bool, false stops the run. Errors: none are thrown but those of the problem's own callables;
/// `result.reason` and `why()` tell, wrong sizes included, and `result.parameters` is always the best point
/// seen. Cost of a step: one evaluation of r, one of J where it is taken, 2 m n^2 + O(n^3) operations.
/// Memory: m (n+1) numbers. Sources: Marquardt 1963; Moré 1978 (MINPACK's scaling and QR); Nielsen 1999,
/// report IMM-REP-1999-05 (damping).
template <class Problem, ParameterVector V,
          class Progress =
              void (*)(const levenberg_marquardt_progress<detail::number_in<V>, detail::fixed_size<V>, V>&)>
auto levenberg_marquardt(
    const Problem& problem, const V& start,
    const std::type_identity_t<levenberg_marquardt_options<detail::number_in<V>>>& options = {},
    Progress&& progress =
        [](const levenberg_marquardt_progress<detail::number_in<V>, detail::fixed_size<V>, V>&) {}) {
  static_assert(detail::fixed_size<V> != 0,
                "levenberg_marquardt: the start has no parameters; give at least one");
  static_assert(detail::LeastSquares<Problem, V>,
                "levenberg_marquardt: the problem offers no residuals for this start; make it with sum_over, "
                "least_squares or "
                "least_squares_by_row, for as many parameters as the start has");
  if constexpr (detail::fixed_size<V> != 0 && detail::LeastSquares<Problem, V>)
    return detail::run_levenberg_marquardt(problem, start, options, progress);
  else
    return least_squares_result<detail::number_in<V>, detail::fixed_size<V>, V>{};
}

/// Levenberg-Marquardt as a method of tg::minimize, for problems of least squares.
struct levenberg_marquardt_method {
  damping_rule damping = damping_rule::radius;  ///< these as in levenberg_marquardt_options
  double initial_radius = 1;
  double initial_damping = 1e-3;

  template <class Problem, class V>
  static constexpr bool fits = detail::LeastSquares<Problem, V>;
  static constexpr const char* name = "levenberg_marquardt";
  void check(const detail::option_check& options) const {
    options.positive("initial_radius", initial_radius).positive("initial_damping", initial_damping);
  }
  template <class Problem, class V>
  using oracle = typename detail::linear_model_of<Problem, V>::oracle;
  template <class Problem, class V>
  auto engine(oracle<Problem, V>& questions, const detail::box<detail::number_in<V>>& bounds,
              std::size_t) const {
    using T = detail::number_in<V>;
    return detail::trust_region<detail::marquardt_model<typename detail::linear_model_of<Problem, V>::model>>(
        questions, bounds,
        detail::first_control(damping, static_cast<T>(initial_radius), static_cast<T>(initial_damping)));
  }
};

}  // namespace tg

#include "../support/compiler/end.hpp"
