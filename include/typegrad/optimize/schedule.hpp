// SPDX-License-Identifier: BSL-1.0
// Schedules: what an optimizer's rate is multiplied with in each step. Those that only count steps are here;
// those that look at the loss are in adaptive_schedule.hpp. Opt-in: not part of the umbrella header.
#pragma once
#include "../support/compiler/begin.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <istream>
#include <numbers>
#include <ostream>
#include <utility>
#include <vector>

#include "tool/option_check.hpp"

namespace tg {

// A schedule is a callable (step, loss, gradient_norm) that gives the factor of the rate for that step. Steps
// count from 0, so that the first step of an optimizer is scheduled by schedule(0). The schedules of this
// file ignore loss and gradient norm. They have no state. Impossible options throw std::invalid_argument at
// the call, or before it by check(). The formulas are those of PyTorch's schedules of the name that is given,
// in closed form.

/// The same factor for ever.
struct constant_schedule {
  double factor = 1;

  void check() const { detail::option_check("constant_schedule").not_negative("factor", factor); }
  double operator()(std::size_t, double = 0, double = 0) const {
    check();
    return factor;
  }
};

/// factor^floor(step / every). (StepLR.)
struct step_schedule {
  std::size_t every;
  double factor = 0.1;

  void check() const {
    detail::option_check("step_schedule").at_least_one("every", every).not_negative("factor", factor);
  }
  double operator()(std::size_t step, double = 0, double = 0) const {
    check();
    return std::pow(factor, static_cast<double>(step / every));
  }
};

/// factor to the power of how many milestones have been reached; the milestones ascend. (MultiStepLR.)
struct milestone_schedule {
  std::vector<std::size_t> milestones;
  double factor = 0.1;

  void check() const {
    detail::option_check("milestone_schedule")
        .not_negative("factor", factor)
        .that(std::ranges::is_sorted(milestones), "milestones", static_cast<double>(milestones.size()),
              "them in ascending order");
  }
  double operator()(std::size_t step, double = 0, double = 0) const {
    check();
    return std::pow(factor,
                    static_cast<double>(std::ranges::upper_bound(milestones, step) - milestones.begin()));
  }
};

/// factor^step. (ExponentialLR.)
struct exponential_schedule {
  double factor;

  void check() const { detail::option_check("exponential_schedule").shrink("factor", factor); }
  double operator()(std::size_t step, double = 0, double = 0) const {
    check();
    return std::pow(factor, static_cast<double>(step));
  }
};

namespace detail {
/// How much of `steps` lies behind `step`, at most 1.
inline double progress(std::size_t step, std::size_t steps) {
  return static_cast<double>(std::min(step, steps)) / static_cast<double>(steps);
}
/// From `from` at 0 to `to` at 1 along half a cosine.
inline double half_cosine(double from, double to, double share) {
  return to + (from - to) * (1 + std::cos(std::numbers::pi * share)) / 2;
}
}  // namespace detail

/// last + (1 - last) (1 - step/steps)^power, and `last` from `steps` on. (PolynomialLR, with last = 0.)
struct polynomial_schedule {
  std::size_t steps;
  double power = 1;
  double last = 0;

  void check() const {
    detail::option_check("polynomial_schedule")
        .at_least_one("steps", steps)
        .positive("power", power)
        .not_negative("last", last);
  }
  double operator()(std::size_t step, double = 0, double = 0) const {
    check();
    return last + (1 - last) * std::pow(1 - detail::progress(step, steps), power);
  }
};

/// last + (1 - last) (1 + cos(pi step/steps)) / 2, and `last` from `steps` on (where PyTorch's
/// CosineAnnealingLR would rise again). Source: Loshchilov and Hutter, ICLR 2017.
struct cosine_schedule {
  std::size_t steps;
  double last = 0;

  void check() const {
    detail::option_check("cosine_schedule").at_least_one("steps", steps).not_negative("last", last);
  }
  double operator()(std::size_t step, double = 0, double = 0) const {
    check();
    return detail::half_cosine(1, last, detail::progress(step, steps));
  }
};

/// Half a cosine from 1 to `last` over `steps` steps, then again and again from `peak` times the height
/// before, each `growth` times as long. (CosineAnnealingWarmRestarts, with peak = 1.) Source: Loshchilov and
/// Hutter, ICLR 2017.
struct restart_schedule {
  std::size_t steps;
  std::size_t growth = 1;
  double last = 0;
  double peak = 1;

  void check() const {
    detail::option_check("restart_schedule")
        .at_least_one("steps", steps)
        .at_least_one("growth", growth)
        .not_negative("last", last)
        .shrink("peak", peak);
  }
  double operator()(std::size_t step, double = 0, double = 0) const {
    check();
    std::size_t length = steps;
    double height = 1;
    if (growth == 1) {
      height = std::pow(peak, static_cast<double>(step / steps));
      step %= steps;
    } else {
      for (; step >= length; length *= growth, height *= peak) step -= length;
    }
    return detail::half_cosine(height, std::min(last, height), detail::progress(step, length));
  }
};

/// One cycle over `steps` steps: from 1 / start_divisor up to 1 in the first `rise` of them, then down to 1 /
/// (start_divisor end_divisor), where it stays. `three_phases`: down to the start as fast as up, and only
/// then to the end. `linear`: along lines in place of half cosines. The optimizer's rate is the highest one.
/// (OneCycleLR.) Source: Smith and Topin, arXiv:1708.07120.
struct one_cycle_schedule {
  std::size_t steps;
  double rise = 0.3;
  double start_divisor = 25;
  double end_divisor = 1e4;
  bool three_phases = false;
  bool linear = false;

  void check() const {
    const double all = static_cast<double>(steps);
    detail::option_check("one_cycle_schedule")
        .that(rise > 0 && rise * all > 1 && rise < (three_phases ? 0.5 : 1.0), "rise", rise,
              "a share of the steps that is more than one step and leaves some for the way down")
        .positive("start_divisor", start_divisor)
        .positive("end_divisor", end_divisor);
  }
  double operator()(std::size_t step, double = 0, double = 0) const {
    check();
    const double all = static_cast<double>(steps);
    const double start = 1 / start_divisor, end = start / end_divisor, top = rise * all - 1, stop = all - 1;
    const double now = std::min(static_cast<double>(step), stop), back = three_phases ? 2 * top : stop;
    if (now <= top) return between(start, 1, now / top);
    if (now <= back) return between(1, three_phases ? start : end, (now - top) / (back - top));
    return between(start, end, (now - back) / (stop - back));
  }

 private:
  double between(double from, double to, double share) const {
    return linear ? from + (to - from) * share : detail::half_cosine(from, to, share);
  }
};

/// Any schedule with a warm-up in front of it; made by tg::warm_up.
template <class Schedule>
class warmed_up {
 public:
  warmed_up(std::size_t steps, Schedule then, double first_factor)
      : steps_(steps), first_(first_factor), then_(std::move(then)) {
    detail::option_check("warm_up").at_least_one("steps", steps).fraction("first", first_);
  }

  void check() const {
    if constexpr (requires { then_.check(); }) then_.check();
  }

  double operator()(std::size_t step, double loss = 0, double gradient_norm = 0) {
    if (step < steps_) return first_ + (1 - first_) * detail::progress(step, steps_);
    return std::invoke(then_, step - steps_, loss, gradient_norm);
  }

  /// Where the schedule behind the warm-up has a state, it is saved and loaded.
  void save(std::ostream& out) const {
    if constexpr (requires { then_.save(out); }) then_.save(out);
  }
  void load(std::istream& in) {
    if constexpr (requires { then_.load(in); }) then_.load(in);
  }

 private:
  std::size_t steps_;
  double first_;
  Schedule then_;
};

/// A warm-up in front of any schedule: the factor rises along a line from `first` at step 0 to 1 at step
/// `steps`; from there on `then` is asked, with its steps counted from 0. (LinearLR before another in
/// SequentialLR; PyTorch's default of `first`.)
template <class Schedule = constant_schedule>
warmed_up<Schedule> warm_up(std::size_t steps, Schedule then = {}, double first = 1.0 / 3) {
  return {steps, std::move(then), first};
}

}  // namespace tg

#include "../support/compiler/end.hpp"
