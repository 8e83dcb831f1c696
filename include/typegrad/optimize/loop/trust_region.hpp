// SPDX-License-Identifier: BSL-1.0
// The one loop of all methods that trust a local quadratic model near a point: Levenberg-Marquardt, Powell's
// dogleg and Newton's method. They differ in the model, and in whether a damping or a radius keeps the step
// short.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <limits>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include "../../support/compiler/finite.hpp"
#include "../stop_reason.hpp"
#include "box.hpp"
#include "gradient_test.hpp"
#include "step_control.hpp"

namespace tg {

namespace detail {

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
    start_ = point_;
    step_.resize(point_.size());
    trial_point_.resize(point_.size());
    longest_.assign(point_.size(), 0);
    scale_.assign(point_.size(), 1);
    curvatures_.assign(point_.size(), 0);
    if (Model::empty(problem_)) return reason_ = stop_reason::empty_problem;
    if (!visit()) return reason_ = stop_reason::not_finite_at_start;
    widen_scale();
    for (std::size_t i = 0; i < point_.size(); ++i) step_[i] = longest_[i] > 0 ? point_[i] : T(0);
    control_.begin(scaled_length(step_), std::sqrt(2 * std::abs(current_.cost)));
    if (!current_.depends() && current_.cost != 0) return reason_ = stop_reason::no_dependence;
    return reason_ = flat() ? if_flat() : stop_reason::running;
  }

  /// Tries one step and adapts the control.
  stop_reason advance() {
    accepted_ = try_step();
    return reason_;
  }

  std::span<const T> point() const { return point_; }
  std::span<const T> slopes() const { return current_.gradient; }
  T value() const { return current_.cost; }
  /// The second derivative by each parameter alone.
  std::span<const T> curvatures() const { return curvatures_; }
  T step_size() const { return length_; }
  T control() const { return control_.value; }
  bool accepted() const { return accepted_; }
  std::size_t skipped() const { return skipped_; }
  /// What a gradient of zero means here: a minimum, unless a direction curves downwards and the run goes on,
  /// or lower values lie beside the point although none does, or a parameter has lost all influence on the
  /// way, or slopes are small only beside columns of J that are long and nearly parallel.
  stop_reason if_flat() {
    if (!current_.convex(free_, here_)) return stop_reason::running;
    const T share = std::max(std::sqrt(std::max(tolerances_.slope, tolerances_.step)), 2 * tolerances_.cost);
    if (!current_.settled(free_, point_, share)) return stop_reason::no_descent;
    const stop_reason meaning =
        meaning_far_out<T>(box_, start_, point_, longest_, current_.lengths, current_.cost,
                           [&](std::span<const T> place) { return trial_.look(problem_, place); });
    if (meaning != stop_reason::gradient_small) return meaning;
    return saddle_beside(here_) || saddle_beside(scale_) ? stop_reason::degenerate
                                                         : stop_reason::gradient_small;
  }

  static constexpr bool descends = true;

  T slope() const { return current_.slope(free_); }
  Model& model() { return current_; }

  /// What a checkpoint keeps; the model is computed again from the point.
  template <class Archive>
  void archive(Archive& file) {
    file("start", start_), file("point", point_), file("longest", longest_), file("scale", scale_),
        file("step", length_), file("skipped", skipped_), file("furthest", furthest_);
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
    if (finite) arrive();
    return finite;
  }

  /// What depends on the point at hand.
  void arrive() {
    box_.free_parameters(point_, current_.gradient, free_);
    here_.resize(point_.size()), curvatures_.resize(point_.size()), furthest_.resize(point_.size());
    for (std::size_t i = 0; i < point_.size(); ++i) {
      furthest_[i] = std::max(furthest_[i], std::abs(point_[i]));
      here_[i] = current_.lengths[i] > 0 ? current_.lengths[i] : T(1);
      curvatures_[i] = current_.lengths[i] * current_.lengths[i];
    }
  }

  bool flat() { return current_.slope(free_) <= tolerances_.slope; }

  /// Whether the least curvature is none, and its direction leads to lower values, or along values that are
  /// the same to a point from where curvature leads down.
  bool saddle_beside(const std::vector<T>& scale) {
    std::vector<T> way(point_.size()), scale_there(point_.size());
    if (!current_.flattest(free_, scale, way)) return false;
    T size = std::sqrt(2 * std::abs(current_.cost)), length = 0, extent = 0;
    for (std::size_t i = 0; i < way.size(); ++i)
      extent = std::hypot(extent, here_[i] * furthest_[i]), length = std::hypot(length, here_[i] * way[i]);
    size = std::max(size, extent);
    const T lower = current_.cost - 4 * current_.rounding(point_);
    const T same = current_.cost + std::sqrt(std::numeric_limits<T>::epsilon()) * std::abs(current_.cost);
    for (const int side : {-1, 1})
      for (const double share : {1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 0.2, 0.4, 0.8}) {
        const T reach = static_cast<T>(share * side) * (size > 0 ? size : T(1)) / length;
        for (std::size_t i = 0; i < way.size(); ++i)
          trial_point_[i] = box_.nearest(i, point_[i] + reach * way[i]);
        const T there = trial_.look(problem_, trial_point_);
        if (there < lower) return true;
        if (!(there <= same)) break;
        if (share < 0.1 || !trial_.load(problem_, trial_point_)) continue;
        for (std::size_t i = 0; i < way.size(); ++i)
          scale_there[i] = trial_.lengths[i] > 0 ? trial_.lengths[i] : T(1);
        if (!trial_.convex(free_, scale_there)) return true;
      }
    return false;
  }

  /// The model's step, bent along the bounds that it meets. A parameter that would lose all influence stays.
  void propose() {
    moving_ = free_;
    if (held_.size() >= free_.size()) held_.clear();
    std::erase_if(moving_, [&](std::size_t i) { return std::ranges::find(held_, i) != held_.end(); });
    std::fill(step_.begin(), step_.end(), T(0));
    box_.bend(point_, moving_, step_, [&] { current_.step(moving_, scale_, control_, step_); });
  }

  bool try_step() {
    propose();
    const T absolute = scaled_length(step_);
    length_ = relative(step_);
    if (length_ <= tolerances_.step && relative(whole_step()) <= tolerances_.step)
      return end(unless_saddle(stop_reason::step_small));

    for (std::size_t i = 0; i < point_.size(); ++i) trial_point_[i] = box_.nearest(i, point_[i] + step_[i]);
    const T predicted = -current_.along(step_) - current_.curvature(step_) / 2;
    const T rounding = current_.rounding(point_);
    if (!detail::is_finite(predicted) || predicted < -rounding) return reject(absolute);
    const T actual = current_.cost - trial_.look(problem_, trial_point_);
    if (!detail::is_finite(actual)) ++skipped_;
    // Where two costs differ by rounding only, the decrease that the model still promises is exact to more
    // digits.
    const bool lost_in_rounding = std::abs(actual) <= rounding && (predicted <= rounding || actual == 0);
    if (!(actual > control_.least_ratio() * predicted || lost_in_rounding)) return reject(absolute);
    if (!trial_.load(problem_, trial_point_)) {
      ++skipped_;
      return reject(absolute);
    }
    const auto overshoots = [&](std::size_t i) {
      return trial_.overshoots(i, trial_point_[i], current_.cost, point_[i], current_.lengths[i]);
    };
    const std::size_t held = held_.size();
    std::ranges::copy_if(moving_, std::back_inserter(held_), overshoots);
    if (held_.size() > held)  // the same step without them, or a shorter one if nothing is left to move
      return held_.size() < free_.size() ? false : reject(absolute);
    box_.free_parameters(trial_point_, trial_.gradient, trial_free_);
    if (lost_in_rounding && !(promise(trial_, trial_free_) < static_cast<T>(0.99) * promise(current_, free_)))
      return predicted <= rounding / 1024 && control_.rejections > 0 ? end(at_rounding()) : reject(absolute);

    const T settled = tolerances_.cost * current_.cost;
    std::swap(current_, trial_);
    std::swap(point_, trial_point_);
    arrive();
    held_.clear();
    const bool known = std::ranges::all_of(longest_, [](T length) { return length > 0; });
    widen_scale();
    // A radius that is kept while the scale grows is shorter on it. That is caution where curvature has just
    // been met, and soon made up for by doubling; beyond a thousand nothing would move any more.
    // Where a first curvature takes the place of the 1 for none, the radius is the same in parameters.
    const T ratio = scaled_length(step_) / absolute,
            growth = ratio < 1 && !known ? ratio : std::max(T(1), ratio / 1000);
    if (detail::is_finite(growth)) control_.rescale(growth);
    control_.accept(lost_in_rounding ? T(1) : actual / predicted,
                    detail::is_finite(growth) ? absolute * growth : absolute);
    if (flat())
      end(if_flat());
    else if (settled > 0 && predicted <= settled && std::abs(actual) <= settled)
      end(unless_saddle(stop_reason::cost_settled));
    return true;
  }

  bool reject(T length) {
    control_.reject(length);
    if (control_.exhausted() || trial_point_ == point_) end(at_rounding());
    return false;
  }

  bool end(stop_reason reason) {
    reason_ = reason;
    return false;
  }

  /// A reason to have converged, if a zero gradient here means a minimum.
  stop_reason unless_saddle(stop_reason reason) {
    const stop_reason meaning = if_flat();
    return meaning == stop_reason::gradient_small ? reason
           : meaning == stop_reason::running      ? stop_reason::no_descent
                                                  : meaning;
  }

  /// The decrease of the cost that a step to the model's minimum would bring: 0 at a minimum.
  T promise(Model& at, const std::vector<std::size_t>& free) {
    std::vector<T> step(point_.size());
    at.whole_step(free, scale_, step);
    return -at.along(step) / 2;
  }

  std::span<const T> whole_step() {
    whole_.assign(point_.size(), T(0));
    if (!free_.empty()) current_.whole_step(free_, here_, whole_);
    return whole_;
  }

  /// No better point was found: is this one a minimum within rounding? Proof is that the whole step of the
  /// model promises no more than rounding; or that slopes are nearly zero, and the value rises both down the
  /// gradient and along the whole step.
  stop_reason at_rounding() {
    const T promised = -current_.along(whole_step()) / 2;
    const bool settled =
        detail::is_finite(promised) && promised <= 8 * std::max(current_.rounding(point_), jitter());
    const auto rises = [&] {
      const bool whole = rises_along(whole_);
      for (const std::size_t i : free_) whole_[i] = -current_.gradient[i] / (here_[i] * here_[i]);
      return whole && rises_along(whole_);
    };
    if (!settled && !unresolved()) {
      if constexpr (!Model::exact) learn_curvatures();
      if (!nearly_flat<T>(free_, point_, current_.gradient, curvatures_, current_.cost) || !rises())
        return stop_reason::no_descent;
    }
    return unless_saddle(stop_reason::rounding_reached);
  }

  /// Whether the value cannot tell what lies on the whole step: on a thousandth of it, it changes as much as
  /// on all of it, as rounding does and no slope or curvature. A step of more than twice the parameters may
  /// lead to where nothing changes any more, and tells nothing.
  bool unresolved() {
    for (const std::size_t i : free_)
      if (!(std::abs(whole_[i]) <= 2 * std::abs(point_[i]))) return false;
    T near = current_.rounding(point_), far = 0;
    for (const int power : {-12, -11, -10, -9, -8, -2, -1, 0}) {
      for (std::size_t i = 0; i < point_.size(); ++i)
        trial_point_[i] = box_.nearest(i, point_[i] + std::ldexp(whole_[i], power));
      const T change = trial_.look(problem_, trial_point_) - current_.cost;
      if (!detail::is_finite(change) || -change > 2 * near) return false;
      (power < -4 ? near : far) = std::max(std::abs(change), power < -4 ? near : far);
    }
    return far <= 4 * near;
  }

  /// The curvatures that J^T J leaves out, where residuals are large, from the gradient beside the point.
  void learn_curvatures() {
    for (const std::size_t i : free_) {
      trial_point_ = point_;
      trial_point_[i] = box_.nearest(i, point_[i] * (1 + std::cbrt(std::numeric_limits<T>::epsilon())));
      if (detail::is_finite(trial_.look(problem_, trial_point_)) && trial_.load(problem_, trial_point_))
        curvatures_[i] =
            std::max(T(0), (trial_.gradient[i] - current_.gradient[i]) / (trial_point_[i] - point_[i]));
    }
  }

  /// What the value does where the parameters change by their last digits only.
  T jitter() {
    T most = 0;
    for (const int digits : {-4, -2, 2, 4}) {
      const T factor = 1 + static_cast<T>(digits) * std::numeric_limits<T>::epsilon();
      for (std::size_t i = 0; i < point_.size(); ++i) trial_point_[i] = box_.nearest(i, point_[i] * factor);
      const T change = std::abs(trial_.look(problem_, trial_point_) - current_.cost);
      if (detail::is_finite(change)) most = std::max(most, change);
    }
    return most;
  }

  /// Whether the value rises, where the slope promises 64 times what rounding does, by thrice that: then a
  /// parabola through both has its minimum within rounding. True where there is no such direction.
  bool rises_along(std::span<const T> way) {
    const T rounding = 8 * current_.rounding(point_), slope = current_.along(way);
    if (!detail::is_finite(slope) || !(slope < 0)) return true;
    const T share = 64 * rounding / -slope;
    for (std::size_t i = 0; i < way.size(); ++i)
      trial_point_[i] = box_.nearest(i, point_[i] + share * way[i]);
    const T cost = trial_.look(problem_, trial_point_);
    return !(cost - current_.cost < 192 * rounding);
  }

  T scaled_length(std::span<const T> v) const {
    T length = 0;
    for (std::size_t i = 0; i < v.size(); ++i) length = std::hypot(length, scale_[i] * v[i]);
    return length;
  }
  /// The largest change of a parameter relative to it or to its scale, the way by which its curvature alone
  /// would change the value by its size; infinite where a step is.
  T relative(std::span<const T> step) const {
    T largest = 0;
    for (const std::size_t i : free_) {
      if (!detail::is_finite(step[i])) return detail::infinite<T>();
      const T scale = std::max(std::abs(point_[i]), std::sqrt(2 * std::abs(current_.cost)) / here_[i]);
      if (step[i] != 0)
        largest = std::max(largest, std::abs(step[i]) / std::max(scale, std::numeric_limits<T>::min()));
    }
    return largest;
  }

  /// Moré's scaling: each parameter by the longest that its column has been; 1 for a column that was always
  /// zero. What was longer by more than rounding can compare is forgotten: damping by it would hold a
  /// parameter for ever.
  void widen_scale() {
    const T most = 1 / (16 * std::numeric_limits<T>::epsilon());
    for (std::size_t i = 0; i < point_.size(); ++i) {
      const T length = current_.lengths[i],
              here = longest_[i] > 0 || length * length >= std::numeric_limits<T>::min() ? length : T(0);
      longest_[i] = here > 0 ? std::clamp(longest_[i], here, most * here) : longest_[i];
      scale_[i] = control_.scale(longest_[i], here);
    }
  }

  oracle& problem_;
  const box<T>& box_;
  trust_region_tolerances<T> tolerances_;
  step_control<T> control_;
  Model current_, trial_;
  std::vector<T> start_, point_, trial_point_, step_, whole_;
  std::vector<T> longest_;  // each column's length at its longest
  std::vector<T> scale_;
  std::vector<T> here_, curvatures_;  // the scale and the curvatures of this point alone
  std::vector<T> furthest_;           // the largest |x_i| so far
  std::vector<std::size_t> free_, trial_free_, moving_;
  std::vector<std::size_t> held_;  // what a step from here would move out of all influence
  T length_ = 0;
  bool accepted_ = true;
  std::size_t skipped_ = 0;
  stop_reason reason_ = stop_reason::running;
};

}  // namespace detail

}  // namespace tg

#include "../../support/compiler/end.hpp"
