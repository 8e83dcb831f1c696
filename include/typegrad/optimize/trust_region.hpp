// SPDX-License-Identifier: BSL-1.0
// The one loop of all methods that trust a local quadratic model near a point: Levenberg-Marquardt, Powell's
// dogleg and Newton's method. They differ in the model, and in whether a damping or a radius keeps the step
// short.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include "../support/compiler/finite.hpp"
#include "box.hpp"
#include "stop_reason.hpp"

namespace tg {

/// How Levenberg-Marquardt keeps its steps short.
enum class damping_rule {
  /// A radius in parameters scaled by the longest lengths so far of J's columns; the damping is solved for
  /// (Moré 1978, as in MINPACK). The safest from afar: it follows narrow bent valleys.
  radius,
  /// The damping itself, on the same scale: *= max(1/3, 1 - (2 rho - 1)^3) after a good step and *= 2, 4, 8,
  /// ... in turn after bad ones; any decrease is taken (Nielsen 1999).
  nielsen,
  /// The same on the scale of J's columns here, their lengths kept in [1e-3, 1e16]; a decrease below 1/1000
  /// of the promised one is refused (Ceres Solver).
  ceres
};

namespace detail {

/// What keeps steps short, and how it follows rho, the decrease of the cost over what the model promised.
template <class T>
struct step_control {
  T value;  ///< a damping; or a radius in scaled parameters, at first relative to them
  damping_rule rule = damping_rule::radius;
  int rejections = 0;

  static constexpr T least = std::numeric_limits<T>::epsilon() * std::numeric_limits<T>::epsilon();

  bool is_radius() const { return rule == damping_rule::radius; }

  void begin(T size) {
    if (is_radius()) value *= size > 0 ? size : T(1);
  }

  /// A step with a lower rho is refused.
  T least_ratio() const {
    return static_cast<T>(is_radius() ? 1e-4 : rule == damping_rule::ceres ? 1e-3 : 0.0);
  }

  void accept(T ratio, T length) {
    rejections = 0;
    const T surplus = std::min(T(1), 2 * ratio - 1);
    if (!is_radius())
      value = std::max(value * std::max(T(1) / 3, 1 - surplus * surplus * surplus), least);
    else if (ratio < T(1) / 4)
      value = length / 2;
    else if (ratio > T(3) / 4)
      value = std::max(value, 2 * length);
  }

  void reject(T length) {
    ++rejections;
    if (is_radius())
      value = (length < value ? length : value) / 4;
    else
      value *= static_cast<T>(std::exp2(rejections));
  }

  bool exhausted() const {
    return is_radius() ? !(value > 16 * std::numeric_limits<T>::min()) : !(value < 1 / least);
  }

  /// The scale of a parameter whose column of J has this length, and had the longest.
  T scale(T longest, T length) const {
    if (rule == damping_rule::ceres) return std::clamp(length, static_cast<T>(1e-3), static_cast<T>(1e16));
    return longest > 0 ? longest : T(1);
  }

  template <class Archive>
  void archive(Archive& file) {
    file("control", value), file("rejections", rejections);
  }
};

/// When the loop itself is content; all free of units, 0 switches a test off.
template <class T>
struct trust_region_tolerances {
  T slope = 16 * std::numeric_limits<T>::epsilon();  ///< cosine between r and J's columns, least squares only
  T step = 16 * std::numeric_limits<T>::epsilon();   ///< a step relative to the parameters
  T cost = 0;  ///< a decrease relative to the cost, in truth and by the model
};

/// A run: begin once, then advance until the reason is no longer `running`. The point is always the best so
/// far.
template <class Model>
class trust_region {
 public:
  using T = typename Model::number;
  using oracle = typename Model::oracle;

  trust_region(oracle& problem, const box<T>& bounds, const step_control<T>& control,
               const trust_region_tolerances<T>& tolerances = {})
      : problem_(problem), box_(bounds), tolerances_(tolerances), control_(control) {}

  stop_reason begin(std::span<const T> start) {
    point_.assign(start.begin(), start.end());
    box_.project(point_);
    step_.resize(point_.size());
    trial_point_.resize(point_.size());
    longest_.assign(point_.size(), 0);
    scale_.assign(point_.size(), 1);
    if (Model::empty(problem_)) return reason_ = stop_reason::empty_problem;
    if (!visit()) return reason_ = stop_reason::not_finite_at_start;
    widen_scale();
    control_.begin(scaled_length(point_));
    if (!current_.depends()) return reason_ = stop_reason::no_dependence;
    reason_ = flat() ? stop_reason::gradient_small : stop_reason::running;
    return reason_;
  }

  /// Tries one step and adapts the control.
  stop_reason advance() {
    accepted_ = try_step();
    return reason_;
  }

  std::span<const T> point() const { return point_; }
  std::span<const T> slopes() const { return current_.gradient; }
  T value() const { return current_.cost; }
  T gradient_size() const {
    return current_.size() ? box_.gradient_size(point_, current_.gradient) : detail::not_a_number<T>();
  }
  T step_size() const { return length_; }
  T control() const { return control_.value; }
  bool accepted() const { return accepted_; }
  std::size_t skipped() const { return skipped_; }
  /// Whether a zero gradient here means a minimum: not at a saddle.
  bool minimum_if_flat() { return current_.convex(free_, scale_); }

  static constexpr bool descends = true;

  T slope() const { return current_.slope(free_); }
  Model& model() { return current_; }

  /// What a checkpoint keeps; the model is computed again from the point.
  template <class Archive>
  void archive(Archive& file) {
    file("point", point_), file("longest", longest_), file("scale", scale_), file("step", length_),
        file("skipped", skipped_);
    control_.archive(file);
  }
  void resume() {
    step_.resize(point_.size());
    trial_point_.resize(point_.size());
    reason_ = visit() ? stop_reason::running : stop_reason::not_finite_at_start;
  }

 private:
  bool visit() {
    const bool finite = detail::is_finite(current_.look(problem_, point_)) && current_.load(problem_, point_);
    if (finite) box_.free_parameters(point_, current_.gradient, free_);
    return finite;
  }

  bool flat() { return current_.slope(free_) <= tolerances_.slope && current_.convex(free_, scale_); }

  /// The model's step, bent along the bounds that it meets: what would leave the box goes to the bound, and
  /// the rest is solved anew.
  void propose() {
    moving_ = free_;
    std::fill(step_.begin(), step_.end(), T(0));
    while (!moving_.empty()) {
      current_.step(moving_, scale_, control_, step_);
      if (!box_.bounded()) return;
      const auto leaves = [&](std::size_t i) {
        const T target = point_[i] + step_[i], inside = box_.nearest(i, target);
        if (!(target < inside || target > inside)) return false;
        step_[i] = inside - point_[i];
        return true;
      };
      if (std::erase_if(moving_, leaves) == 0) return;
    }
  }

  bool try_step() {
    propose();
    const T absolute = scaled_length(step_);
    length_ = relative_length(absolute);
    if (length_ <= tolerances_.step)
      return end(control_.rejections == 0 ? stop_reason::step_small : at_rounding());

    for (std::size_t i = 0; i < point_.size(); ++i) trial_point_[i] = box_.nearest(i, point_[i] + step_[i]);
    const T predicted = -current_.along(step_) - current_.curvature(step_) / 2;
    const T rounding = current_.rounding(point_);
    if (!detail::is_finite(predicted) || predicted < -rounding) return reject(absolute);
    const T actual = current_.cost - trial_.look(problem_, trial_point_);
    if (!detail::is_finite(actual)) {
      ++skipped_;
      return reject(absolute);
    }

    // Where two costs differ by rounding only, the decrease that the model still promises is exact to more
    // digits.
    const bool lost_in_rounding = predicted <= rounding && std::abs(actual) <= rounding;
    if (!(actual > control_.least_ratio() * predicted || lost_in_rounding)) return reject(absolute);
    if (!trial_.load(problem_, trial_point_)) {
      ++skipped_;
      return reject(absolute);
    }
    box_.free_parameters(trial_point_, trial_.gradient, trial_free_);
    if (lost_in_rounding && !(promise(trial_, trial_free_) < promise(current_, free_)))
      return reject(absolute);

    const T settled = tolerances_.cost * current_.cost;
    std::swap(current_, trial_);
    std::swap(point_, trial_point_);
    std::swap(free_, trial_free_);
    widen_scale();
    control_.accept(lost_in_rounding ? T(1) : actual / predicted, absolute);
    if (flat())
      end(stop_reason::gradient_small);
    else if (length_ <= tolerances_.step)
      end(stop_reason::step_small);
    else if (settled > 0 && predicted <= settled && std::abs(actual) <= settled)
      end(stop_reason::cost_settled);
    return true;
  }

  bool reject(T length) {
    control_.reject(length);
    if (control_.exhausted()) end(at_rounding());
    return false;
  }

  bool end(stop_reason reason) {
    reason_ = reason;
    return false;
  }

  /// The decrease of the cost that a step to the model's minimum would bring: 0 at a minimum.
  T promise(Model& at, const std::vector<std::size_t>& free) {
    std::vector<T> step(point_.size());
    at.whole_step(free, scale_, step);
    return -at.along(step) / 2;
  }

  /// No better point was found: is this one a minimum within rounding? Costs that differ by less than
  /// rounding belong to points that differ by its square root; where the curvature is nearly zero there, the
  /// gradient tells.
  stop_reason at_rounding() {
    const T close = std::cbrt(std::numeric_limits<T>::epsilon());
    std::vector<T> step(point_.size());
    current_.whole_step(free_, scale_, step);
    const bool minimum = current_.slope(free_) <= close || relative_length(scaled_length(step)) <= close;
    return minimum ? stop_reason::rounding_reached : stop_reason::no_descent;
  }

  T scaled_length(std::span<const T> v) const {
    T length = 0;
    for (std::size_t i = 0; i < v.size(); ++i) length = std::hypot(length, scale_[i] * v[i]);
    return length;
  }
  T relative_length(T length) const {
    return length > 0 ? length / std::max(scaled_length(point_), std::numeric_limits<T>::min()) : length;
  }

  /// Moré's scaling: each parameter by the longest that its column has been; 1 for a column that was always
  /// zero.
  void widen_scale() {
    for (std::size_t i = 0; i < point_.size(); ++i) {
      longest_[i] = std::max(longest_[i], current_.lengths[i]);
      scale_[i] = control_.scale(longest_[i], current_.lengths[i]);
    }
  }

  oracle& problem_;
  const box<T>& box_;
  trust_region_tolerances<T> tolerances_;
  step_control<T> control_;
  Model current_, trial_;
  std::vector<T> point_, trial_point_, step_;
  std::vector<T> longest_;  // each column's length at its longest
  std::vector<T> scale_;
  std::vector<std::size_t> free_, trial_free_, moving_;
  T length_ = 0;
  bool accepted_ = true;
  std::size_t skipped_ = 0;
  stop_reason reason_ = stop_reason::running;
};

}  // namespace detail

}  // namespace tg
