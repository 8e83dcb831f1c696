// SPDX-License-Identifier: BSL-1.0
// Levenberg-Marquardt: the minimum of a sum of squares, from exact derivatives. Opt-in: not part of the umbrella header, because
// it needs Eigen 3.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <type_traits>
#include <utility>
#include <vector>

#include "damped_model.hpp"
#include "least_squares.hpp"

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
  std::size_t max_iterations = 1000;
  /// The first damping, relative to the (unit) diagonal of the scaled J^T J: small trusts the start, 1 does not.
  T initial_damping = static_cast<T>(1e-3);
};

/// The start (iteration 0) or one tried step, as the progress callable sees it.
template <class T, std::size_t n>
struct levenberg_marquardt_progress {
  std::size_t iteration;               ///< 0 for the start, 1 for the first step
  bool accepted;                       ///< whether the step was taken
  T cost;                              ///< 1/2 sum r^2 at the best point so far
  T slope;                             ///< largest cosine between the residuals and a column of the Jacobian
  T step;                              ///< length of the tried step relative to the parameters, scaled
  T damping;                           ///< damping the step was made with
  const std::array<T, n>& parameters;  ///< the best point so far
};

namespace detail {

template <class T>
bool valid(const levenberg_marquardt_options<T>& options) {
  return options.gradient_tolerance >= 0 && options.step_tolerance >= 0 && options.cost_tolerance >= 0 &&
         options.initial_damping > 0 && std::isfinite(options.initial_damping);
}

/// One run: the state that the loop of levenberg_marquardt changes, and the questions it asks.
template <class Problem, class T, std::size_t n>
class levenberg_marquardt_run {
 public:
  static constexpr bool has_rows = ResidualRows<Problem, T, n> || ResidualVector<Problem, T, n>;
  using model = std::conditional_t<has_rows, triangular_model<T, n>, normal_model<T, n>>;
  using vector = std::array<T, n>;
  using options_type = levenberg_marquardt_options<T>;
  using result_type = least_squares_result<T, n>;

  levenberg_marquardt_run(const Problem& problem, const std::array<T, n>& start, const options_type& options)
      : problem_(problem), options_(options), damping_(options.initial_damping) {
    result_.parameters = start;
    result_.residual_count = residual_count_of(problem);
  }

  template <class Progress>
  result_type operator()(Progress& progress) {
    result_.reason = begin();
    report(progress, true, damping_);
    while (result_.reason == stop_reason::iteration_limit && result_.iterations < options_.max_iterations) {
      ++result_.iterations;
      const T damping = damping_;
      report(progress, advance(), damping);
    }
    return finish();
  }

 private:
  template <class Progress>
  void report(Progress& progress, bool accepted, T damping) {
    const levenberg_marquardt_progress<T, n> now{result_.iterations, accepted, result_.cost, current_.slope(), length_, damping,
                                                 result_.parameters};
    if constexpr (std::is_same_v<decltype(progress(now)), bool>) {
      const bool go_on = progress(now);
      if (!go_on && result_.reason == stop_reason::iteration_limit) result_.reason = stop_reason::stopped_by_caller;
    } else {
      progress(now);
    }
  }

  stop_reason begin() {
    if (!valid(options_)) return stop_reason::invalid_options;
    if (has_rows && result_.residual_count == 0) return stop_reason::empty_problem;
    result_.evaluations = 1;
    const bool finite =
        std::isfinite(current_.look(problem_, result_.parameters, work_)) && current_.load(problem_, result_.parameters, work_);
    result_.cost = current_.cost;
    if (!finite) return stop_reason::not_finite_at_start;
    widen_scale();
    if (!(*std::ranges::max_element(longest_) > 0)) return stop_reason::no_dependence;
    return current_.slope() <= options_.gradient_tolerance ? stop_reason::gradient_small : stop_reason::iteration_limit;
  }

  /// Tries one step and adapts the damping (Nielsen's rule); sets the reason where the run is over. True: the step was taken.
  bool advance() {
    const vector step = current_.step(scale_, damping_);
    length_ = relative_length(step);
    if (length_ <= options_.step_tolerance) return end(rejections_ == 0 ? stop_reason::step_small : at_rounding());

    vector point = result_.parameters;
    T predicted = 0;  // the decrease by the linear model: (damping |scale h|^2 - gradient h) / 2
    for (std::size_t i = 0; i < n; ++i) {
      point[i] += step[i];
      predicted += (damping_ * scale_[i] * scale_[i] * step[i] - current_.gradient[i]) * step[i] / 2;
    }
    if (!std::isfinite(predicted)) return reject();
    ++result_.evaluations;
    const T actual = current_.cost - trial_.look(problem_, point, work_);

    // Where two costs differ by rounding only, the decrease that the model still promises is exact to more digits.
    const T rounding = cost_rounding();
    const bool lost_in_rounding = predicted <= rounding && std::abs(actual) <= rounding;
    if (!(actual > 0 || lost_in_rounding) || !trial_.load(problem_, point, work_)) return reject();
    if (lost_in_rounding && !(promise(trial_) < promise(current_))) return reject();

    const T settled = options_.cost_tolerance * current_.cost;
    std::swap(current_, trial_);
    result_.parameters = point;
    result_.cost = current_.cost;
    widen_scale();
    rejections_ = 0;
    const T surplus = lost_in_rounding ? T(1) : std::min(T(1), 2 * actual / predicted - 1);
    damping_ = std::max(damping_ * std::max(T(1) / 3, 1 - surplus * surplus * surplus), least_damping);
    if (current_.slope() <= options_.gradient_tolerance)
      end(stop_reason::gradient_small);
    else if (length_ <= options_.step_tolerance)
      end(stop_reason::step_small);
    else if (settled > 0 && predicted <= settled && std::abs(actual) <= settled)
      end(stop_reason::cost_settled);
    return true;
  }

  bool reject() {
    ++rejections_;
    damping_ *= static_cast<T>(std::exp2(rejections_));
    if (!(damping_ < 1 / least_damping)) end(at_rounding());
    return false;
  }

  /// The decrease of the cost that an undamped step would bring, by the linear model: 0 at a minimum.
  T promise(model& point) const {
    const vector step = point.step(scale_, model::negligible_damping);
    return -std::inner_product(step.begin(), step.end(), point.gradient.begin(), T(0)) / 2;
  }

  /// What rounding of the parameters and of the sum does to the cost: |r| times what an ulp of each parameter does to r.
  T cost_rounding() const {
    T reach = 0;
    for (std::size_t i = 0; i < n; ++i) reach += current_.column_norms[i] * std::abs(result_.parameters[i]);
    return 8 * std::numeric_limits<T>::epsilon() * (current_.cost + std::sqrt(2 * current_.cost) * reach);
  }

  /// No better point was found: is this one a minimum within rounding? Costs that differ by less than rounding belong to points
  /// that differ by its square root; where J is nearly singular there, the gradient tells.
  stop_reason at_rounding() {
    const T close = std::cbrt(std::numeric_limits<T>::epsilon());
    const bool minimum = current_.slope() <= close || relative_length(current_.step(scale_, model::negligible_damping)) <= close;
    return minimum ? stop_reason::rounding_reached : stop_reason::no_descent;
  }

  bool end(stop_reason reason) {
    result_.reason = reason;
    return false;
  }

  T relative_length(const vector& step) const {
    T length = 0, whole = 0;
    for (std::size_t i = 0; i < n; ++i) {
      length = std::hypot(length, scale_[i] * step[i]);
      whole = std::hypot(whole, scale_[i] * result_.parameters[i]);
    }
    return length > 0 ? length / std::max(whole, std::numeric_limits<T>::min()) : length;
  }

  /// Moré's scaling: each parameter by the longest that its column has been; 1 for a column that was always zero.
  void widen_scale() {
    for (std::size_t i = 0; i < n; ++i) {
      longest_[i] = std::max(longest_[i], current_.column_norms[i]);
      scale_[i] = longest_[i] > 0 ? longest_[i] : T(1);
    }
  }

  result_type finish() {
    result_.converged = is_converged(result_.reason);
    const bool usable = current_.finite() && *std::ranges::min_element(current_.column_norms) > 0;
    if (usable)
      result_.inverse_normal = current_.inverse_normal();
    else
      for (auto& row : result_.inverse_normal) row.fill(std::numeric_limits<T>::quiet_NaN());
    return result_;
  }

  static constexpr T least_damping = std::numeric_limits<T>::epsilon() * std::numeric_limits<T>::epsilon();

  const Problem& problem_;
  options_type options_;
  result_type result_;
  model current_, trial_;
  std::vector<T> work_;
  vector longest_{};  // each column's length at its longest
  vector scale_{};
  T damping_;
  T length_ = 0;
  int rejections_ = 0;
};

}  // namespace detail

/// Minimises 1/2 sum_i r_i(v)^2 over n parameters by Levenberg-Marquardt.
///
/// A step h solves (J^T J + damping D^2) h = -J^T r with D the longest lengths so far of J's columns, so that the result does
/// not depend on the parameters' units. With rho the cost's decrease over that of the linear model, a step with rho > 0 is taken
/// and damping *= max(1/3, 1 - (2 rho - 1)^3); otherwise damping *= 2, 4, 8, ... in turn. A point where a residual or a
/// derivative is not finite is a rejected step. Near the minimum, where two costs differ by rounding only, the decrease that the
/// model still promises decides, so that parameters keep full accuracy.
///
/// `problem`: ResidualRows or ResidualVector (then by QR of J, accurate to full precision), or NormalEquations (then by
/// Cholesky's factor of J^T J).
/// `progress`: called at the start and after each tried step with a levenberg_marquardt_progress; if it returns bool, false stops
/// the run. Errors: none are thrown here; `result.reason` tells, and `result.parameters` is always the best point seen. Cost of a
/// step: one evaluation of r, one of J where it is taken, 2 m n^2 + O(n^3) operations. Memory: m (n+1) numbers. Sources:
/// Marquardt 1963; Moré 1978 (MINPACK's scaling and QR); Nielsen 1999, report IMM-REP-1999-05 (damping).
template <class Problem, class T, std::size_t n, class Progress = void (*)(const levenberg_marquardt_progress<T, n>&)>
least_squares_result<T, n> levenberg_marquardt(
    const Problem& problem, const std::array<T, n>& start,
    const std::type_identity_t<levenberg_marquardt_options<T>>& options = {},
    Progress&& progress = [](const levenberg_marquardt_progress<T, n>&) {}) {
  static_assert(n > 0, "levenberg_marquardt: the start has no parameters; give at least one");
  static_assert(std::is_floating_point_v<T>, "levenberg_marquardt: the start must hold floating-point numbers");
  static_assert(LeastSquaresProblem<Problem, T, n>,
                "levenberg_marquardt: the problem offers no residuals for this start; make it with sum_over, least_squares or "
                "least_squares_by_row, for as many parameters as the start has");
  if constexpr (n > 0 && std::is_floating_point_v<T> && LeastSquaresProblem<Problem, T, n>)
    return detail::levenberg_marquardt_run<Problem, T, n>(problem, start, options)(progress);
  else
    return {};
}

}  // namespace tg
