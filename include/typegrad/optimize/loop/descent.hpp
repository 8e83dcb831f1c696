// SPDX-License-Identifier: BSL-1.0
// The one loop of all methods that search along a line: L-BFGS, conjugate gradients and Gauss-Newton. They
// differ in the direction.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "../../support/compiler/finite.hpp"
#include "../problem/oracle.hpp"
#include "../stop_reason.hpp"
#include "box.hpp"
#include "gradient_test.hpp"
#include "line_search.hpp"

namespace tg::detail {

template <class T>
T dot(std::span<const T> a, std::span<const T> b) {
  T sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}
template <class T>
T dot(const std::vector<T>& a, const std::vector<T>& b) {
  return dot(std::span<const T>(a), std::span<const T>(b));
}

/// A run: begin once, then advance until the reason is no longer `running`. `Direction` gives
/// - `choose(x, slopes, free, bounds, d)`: fills d, zero outside of the free parameters; d need not lead
/// downhill;
/// - `first_length(...)`: the first trial of the search; `learn(step, change of the gradient)`; `forget()`;
/// - `curvature(i, h)`: its own second derivative by parameter i, where it has one; `if_flat(...)`.
template <class Direction>
class descent {
 public:
  using T = typename Direction::number;
  using oracle = typename Direction::oracle;

  descent(oracle& problem, const box<T>& bounds, const Direction& direction,
          const wolfe_conditions& conditions)
      : problem_(problem), box_(bounds), direction_(direction), conditions_(conditions) {}

  stop_reason begin(std::span<const T> start) {
    point_.assign(start.begin(), start.end());
    box_.project(point_);
    resize();
    value_ = direction_.evaluate(problem_, point_, slopes_);
    bool finite = detail::is_finite(value_);
    for (const T slope : slopes_) finite = finite && detail::is_finite(slope);
    return finite ? stop_reason::running : stop_reason::not_finite_at_start;
  }

  /// One search along one direction.
  stop_reason advance() {
    accepted_ = false;
    const T downhill = choose();
    if (!(downhill < 0)) return if_flat();  // no free parameter has a slope
    T longest = furthest_inside();
    const T first = std::min(steepest_ && scaled_
                                 ? T(1)
                                 : direction_.first_length(point_, slopes_, value_, toward_, downhill, bent_),
                             longest);
    const T epsilon = std::numeric_limits<T>::epsilon(), sizes = size_of_terms<T>(value_, slopes_, point_);
    if (first * furthest_move() <= 4 * epsilon && nearly_flat<T>(free_, point_, slopes_, curvatures_, value_))
      return stop_reason::rounding_reached;
    T turn = detail::infinite<T>();  // the least slope that was met, of either sign
    T promised = turn;               // the decrease that it promises along this line
    beside_ = curvatures_;
    const auto look = [&](T length) {
      for (std::size_t i = 0; i < point_.size(); ++i)
        trial_[i] = box_.nearest(i, point_[i] + length * toward_[i]);
      const T value = direction_.evaluate(problem_, trial_, trial_slopes_);
      const T slope = dot(trial_slopes_, toward_);
      if (length >= first && std::ranges::equal(trial_, point_)) promised = 0;  // less than a last digit
      if (detail::is_finite(slope) && slope > downhill && std::abs(slope) < turn) {
        turn = std::abs(slope);
        for (std::size_t i = 0; i < point_.size(); ++i)
          learn_curvature(beside_[i], trial_[i] - point_[i], trial_slopes_[i] - slopes_[i], true);
        promised = downhill * downhill * length / (slope - downhill) / 2;
      }
      return search_point<T>{length, value, slope};
    };
    const search_point<T> found = wolfe_search<T>(
        look, {0, value_, downhill}, first, epsilon / 4 / furthest_move(), longest, conditions_, skipped_);
    length_ = found.at;
    const bool moved = found.at > 0 && trial_ != point_;
    if (!moved) curvatures_ = beside_;  // what was met nearest to where the slope turns
    const bool settled =
        promised <= 8 * epsilon * sizes && nearly_flat<T>(free_, point_, slopes_, curvatures_, value_);
    if (!moved) {
      if (steepest_) return settled && settled_ ? stop_reason::rounding_reached : stop_reason::no_descent;
      settled_ = settled;
      direction_.forget();
      only_steepest_ = true;
      return stop_reason::running;
    }
    only_steepest_ = settled_ = false;
    for (std::size_t i = 0; i < point_.size(); ++i) {
      toward_[i] = trial_[i] - point_[i];
      change_[i] = trial_slopes_[i] - slopes_[i];
      learn_curvature(curvatures_[i], toward_[i], change_[i], box_.holds(i, point_[i], slopes_[i]));
      // Where a slope falls by more than a thousand on a long way, the curvature met there may be gone.
      if (std::abs(slopes_[i]) > 1000 * std::abs(trial_slopes_[i]) &&
          std::abs(toward_[i]) > std::abs(trial_[i]) / 100)
        direction_.curvature(i, curvatures_[i]);
    }
    step_size_ = relative_step<T>(point_, trial_);
    const bool scaled = steepest_ && scaled_;
    direction_.learn(toward_, change_,
                     scaled ? std::sqrt(dot(toward_, toward_) / dot(slopes_, slopes_)) : found.at);
    // Steps in a row that change nothing but the last digit of the value: there is no better point.
    const bool within_rounding = std::abs(found.value - value_) <= epsilon * std::abs(value_);
    stalled_ = within_rounding && largest(trial_slopes_) >= largest(slopes_) / 2 ? stalled_ + 1 : 0;
    std::swap(point_, trial_);
    std::swap(slopes_, trial_slopes_);
    value_ = found.value;
    accepted_ = true;
    if (stalled_ <= 8) return stop_reason::running;
    return settled ? stop_reason::rounding_reached : stop_reason::no_descent;
  }

  std::span<const T> point() const { return point_; }
  std::span<const T> slopes() const { return slopes_; }
  T value() const { return value_; }
  std::span<const T> curvatures() const { return curvatures_; }
  T step_size() const { return step_size_; }
  T control() const { return length_; }
  bool accepted() const { return accepted_; }
  std::size_t skipped() const { return skipped_; }
  stop_reason if_flat() { return direction_.if_flat(problem_, box_, point_, value_); }
  static constexpr bool descends = true;

  template <class Archive>
  void archive(Archive& file) {
    file("point", point_), file("slopes", slopes_), file("at", value_), file("length", length_),
        file("step", step_size_);
    file("skipped", skipped_), file("stalled", stalled_), file("curvatures", curvatures_);
    int steepest = only_steepest_ ? 1 : 0, settled = settled_ ? 1 : 0;
    file("steepest", steepest), file("settled", settled);
    only_steepest_ = steepest != 0, settled_ = settled != 0;
    direction_.archive(file);
  }
  /// Looks at the point again, for directions that remember more of it, and so that another problem is
  /// noticed.
  void resume() {
    resize();
    value_ = direction_.evaluate(problem_, point_, trial_slopes_);
  }

 private:
  void resize() {
    const std::size_t n = point_.size();
    slopes_.resize(n, detail::not_a_number<T>());  // until there are some
    curvatures_.resize(n), trial_.resize(n), trial_slopes_.resize(n), toward_.resize(n), change_.resize(n);
  }

  /// The direction, bent so that a step of length 1 stays in the box; returns the slope along it, negative
  /// unless there is none.
  T choose() {
    T margin = 0;
    if (box_.bounded())
      margin = std::min(box_.gradient_size(point_, slopes_), std::sqrt(std::numeric_limits<T>::epsilon()));
    box_.free_parameters(point_, slopes_, free_, margin);
    if (free_.empty() && margin > 0) box_.free_parameters(point_, slopes_, free_);
    steepest_ = only_steepest_;
    if (!steepest_) {
      direction_.choose(point_, slopes_, free_, box_, toward_);
      bend();
      const T slope = dot(slopes_, toward_);
      if (slope < 0 && detail::is_finite(slope)) return slope;
      direction_.forget();
    }
    steepest_ = true;
    std::fill(toward_.begin(), toward_.end(), T(0));
    // A slope whose square leaves the range is a direction of length 1.
    const T most = largest(slopes_),
            unit = most > std::sqrt(std::numeric_limits<T>::max()) / 1024 ? most : T(1);
    // Curvatures that are all known measure the parameters.
    scaled_ = std::ranges::all_of(
        free_, [&](std::size_t i) { return curvatures_[i] > 0 && !detail::is_infinite(curvatures_[i]); });
    for (const std::size_t i : free_) toward_[i] = -slopes_[i] / (scaled_ ? curvatures_[i] : unit);
    bend();
    return dot(slopes_, toward_);
  }

  void bend() {
    bent_ = false;
    if (!box_.bounded()) return;
    for (std::size_t i = 0; i < point_.size(); ++i) {
      const T inside = box_.nearest(i, point_[i] + toward_[i]) - point_[i];
      bent_ = bent_ || inside < toward_[i] || inside > toward_[i];
      toward_[i] = inside;
    }
  }

  T furthest_inside() const {
    T longest = std::sqrt(std::numeric_limits<T>::max());
    if (!box_.bounded()) return longest;
    if (bent_) return 1;
    for (std::size_t i = 0; i < point_.size(); ++i) {
      const T room = toward_[i] > 0   ? (box_.high(i) - point_[i]) / toward_[i]
                     : toward_[i] < 0 ? (box_.low(i) - point_[i]) / toward_[i]
                                      : longest;
      longest = std::min(longest, std::max(room, T(1)));
    }
    return longest;
  }

  static T largest(const std::vector<T>& v) {
    T most = 0;
    for (const T each : v) most = std::max(most, std::abs(each));
    return most;
  }

  /// How far a step of length 1 moves a parameter, relative to it.
  T furthest_move() const {
    T furthest = 0;
    for (const std::size_t i : free_)
      if (toward_[i] != 0) furthest = std::max(furthest, std::abs(toward_[i] / point_[i]));
    return furthest;
  }

  oracle& problem_;
  const box<T>& box_;
  Direction direction_;
  wolfe_conditions conditions_;
  std::vector<T> point_, slopes_, trial_, trial_slopes_, toward_, change_, curvatures_, beside_;
  std::vector<std::size_t> free_;
  T value_ = detail::not_a_number<T>(), length_{}, step_size_{};
  bool accepted_ = true, steepest_ = false, only_steepest_ = false, bent_ = false, scaled_ = false;
  bool settled_ =
      false;  // a search along the method's own direction failed, and promised no more than rounding
  int stalled_ = 0;
  std::size_t skipped_ = 0;
};

/// What directions share: how problems are asked, and the length of a first step.
template <class T>
class direction_base {
 public:
  using number = T;
  using oracle = gradient_oracle<T>;

  T evaluate(oracle& problem, std::span<const T> x, std::span<T> slopes) {
    return problem.value_and_gradient(x, slopes);
  }
  static void curvature(std::size_t, T&) {}
  static stop_reason if_flat(oracle&, const box<T>&, std::span<const T>, T) {
    return stop_reason::gradient_small;
  }

 protected:
  /// Without any knowledge of the scale, a step of a hundredth of the parameters, or of what would make the
  /// value zero.
  static T cautious_length(std::span<const T> x, std::span<const T> slopes, T value,
                           std::span<const T> toward) {
    T size = 0, slope = 0, way = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      size = std::max(size, std::abs(x[i])), slope = std::max(slope, std::abs(slopes[i])),
      way = std::max(way, std::abs(toward[i]));
    }
    if (size > 0) return size / way / 100;
    return value != 0 ? std::abs(value) / (slope * way) / 100 : 1 / way;
  }
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
