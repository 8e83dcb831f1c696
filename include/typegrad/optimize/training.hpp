// SPDX-License-Identifier: BSL-1.0
// First-order methods as methods of tg::minimize: a rule such as tg::adam, with a schedule for its rate and
// treatments of its gradient.
#pragma once
#include "../support/compiler/begin.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "../support/compiler/exceptions.hpp"
#include "../support/compiler/finite.hpp"
#include "first_order/rule.hpp"
#include "gradient_treatment.hpp"
#include "loop/box.hpp"
#include "loop/gradient_test.hpp"
#include "problem/oracle.hpp"
#include "record/saved_run.hpp"
#include "schedule.hpp"

namespace tg {

namespace detail {

/// A run of a first-order method: the value may rise, so the best point is kept by whoever drives it.
template <class T, class Method, class Schedule, class Treatments>
class training_run {
 public:
  using oracle = gradient_oracle<T>;
  static constexpr bool descends = false;

  training_run(oracle& problem, const box<T>& bounds, std::size_t size, const Method& method,
               const Schedule& schedule, const Treatments& treatments_given)
      : problem_(problem),
        box_(bounds),
        rule_(method, size),
        schedule_(schedule),
        treatments_(treatments_given) {
    if constexpr (requires { schedule.check(); }) schedule.check();
    treatments_given.check(size);
  }

  stop_reason begin(std::span<const T> start) {
    point_.assign(start.begin(), start.end());
    box_.project(point_);
    slopes_.resize(point_.size(), detail::not_a_number<T>());  // until there are some
    curvatures_.resize(point_.size());
    look();
    return accepted_ ? stop_reason::running : stop_reason::not_finite_at_start;
  }

  /// One step; without a gradient to go by, another look at the point, where a random sample may do better.
  stop_reason advance() {
    const bool steps = accepted_ && !left_out_;
    if (steps)
      step();
    else
      hold();
    look();
    if (!accepted_) ++skipped_;
    return steps && accepted_ && lost_in_rounding() ? stop_reason::rounding_reached : stop_reason::running;
  }

  /// Whether the next step is left out.
  void leave_out(bool next) { left_out_ = next; }

  std::span<const T> point() const { return point_; }
  std::span<const T> slopes() const { return slopes_; }
  T value() const { return value_; }
  std::span<const T> curvatures() const { return curvatures_; }
  T step_size() const { return step_size_; }
  T control() const { return factor_; }
  bool accepted() const { return accepted_; }
  std::size_t skipped() const { return skipped_; }
  static stop_reason if_flat() { return stop_reason::gradient_small; }

  template <class Archive>
  void archive(Archive& file) {
    int accepted = accepted_ ? 1 : 0, left_out = left_out_ ? 1 : 0;
    file("point", point_), file("before", before_), file("slopes", slopes_), file("at", value_),
        file("step", step_size_), file("factor", factor_);
    file("steps", steps_), file("skipped", skipped_), file("accepted", accepted), file("left_out", left_out);
    file("curvatures", curvatures_), file("slopes_before", slopes_before_);
    accepted_ = accepted != 0, left_out_ = left_out != 0;
    carry(file, "rule", rule_);
    carry(file, "schedule", schedule_);
  }
  void resume() {}

 private:
  /// Whether every parameter is where its slope vanishes but for its last digits, by the curvature that the
  /// last step has shown. Where a slope falls by more than a thousand in one step, the curvature on the way
  /// may be no longer there.
  bool lost_in_rounding() {
    bool all = true;
    for (std::size_t i = 0; i < point_.size(); ++i) {
      learn_curvature(curvatures_[i], point_[i] - before_[i], slopes_[i] - slopes_before_[i],
                      box_.holds(i, before_[i], slopes_before_[i]));
      if (std::abs(slopes_before_[i]) > 1000 * std::abs(slopes_[i])) curvatures_[i] = 0;
      const T slope_left = 64 * std::numeric_limits<T>::epsilon() * curvatures_[i] * std::abs(point_[i]);
      const bool here =
          slopes_[i] == 0 || (detail::is_finite(slope_left) && std::abs(slopes_[i]) <= slope_left);
      all = all && (here || box_.holds(i, point_[i], slopes_[i]));
    }
    return all;
  }

  void look() {
    value_ = problem_.value_and_gradient(point_, slopes_);
    accepted_ = detail::is_finite(value_) &&
                std::ranges::all_of(slopes_, [](T slope) { return detail::is_finite(slope); });
  }

  T next_factor() {
    const double factor = schedule_(steps_, static_cast<double>(value_),
                                    static_cast<double>(norm(std::span<const T>(slopes_))));
    if (!(factor >= 0) || !detail::is_finite(factor))
      detail::raise(problem_error(stop_reason::invalid_options,
                                  "minimize: the schedule gave the factor " + std::to_string(factor) +
                                      " in step " + std::to_string(steps_) +
                                      "; it must be a finite number of at least 0"));
    return static_cast<T>(factor);
  }

  /// No step; but a schedule that looks at the run sees why, and where it lowers the rate for it, a step that
  /// led to what is not finite is taken back.
  void hold() {
    const T factor = next_factor();
    if (!accepted_ && factor < factor_ && !before_.empty()) point_ = before_;
    factor_ = factor;
  }

  void step() {
    treated_ = slopes_;
    treatments_(treated_, point_, steps_);
    factor_ = next_factor();
    before_ = point_, slopes_before_ = slopes_;
    rule_.step(point_, treated_, factor_);
    box_.project(point_);
    ++steps_;
    step_size_ = relative_step<T>(before_, point_);
  }

  oracle& problem_;
  const box<T>& box_;
  first_order<Method, T> rule_;
  Schedule schedule_;
  Treatments treatments_;
  std::vector<T> point_, slopes_, treated_, before_, slopes_before_, curvatures_;
  T value_ = detail::not_a_number<T>(), step_size_{}, factor_ = 1;
  bool accepted_ = true, left_out_ = false;
  std::size_t steps_ = 0, skipped_ = 0;
};

}  // namespace detail

/// A first-order method with its schedule and treatments; made by tg::scheduled.
template <class Method, class Schedule, class... Treatments>
struct training {
  Method method;
  Schedule schedule;
  treatments<Treatments...> treated;

  template <class Problem, class V>
  static constexpr bool fits = detail::HasGradient<Problem, V>;
  static constexpr std::string_view name = Method::name;
  void check(const detail::option_check& options) const {  // the rest is checked where the rule is made
    options.that(!method.maximize, "maximize", 1,
                 "it false, and the problem the other sign: minimize goes down");
  }
  template <class Problem, class V>
  using oracle = detail::gradient_of<Problem, V>;
  template <class Problem, class V>
  auto engine(oracle<Problem, V>& questions, const detail::box<detail::number_in<V>>& bounds,
              std::size_t size) const {
    return detail::training_run<detail::number_in<V>, Method, Schedule, treatments<Treatments...>>(
        questions, bounds, size, method, schedule, treated);
  }
};

/// A first-order method whose rate follows a schedule and whose gradient is treated, in this order:
/// `tg::minimize(problem, start, tg::scheduled(tg::adam{.rate = 0.01}, tg::cosine_schedule{...},
/// tg::clip_by_norm{1}))`. The schedule is called with the step from 0, the value and the gradient's norm
/// before treatment. Without a schedule: tg::constant_schedule{}. A method alone, tg::minimize(problem,
/// start, tg::adam{}), has a constant rate. Errors: std::invalid_argument for impossible treatments.
template <FirstOrderMethod Method, class Schedule, class... Treatments>
training<Method, Schedule, Treatments...> scheduled(Method method, Schedule schedule,
                                                    Treatments... treatments_given) {
  return {std::move(method), std::move(schedule), treatments<Treatments...>(std::move(treatments_given)...)};
}

}  // namespace tg

#include "../support/compiler/end.hpp"
