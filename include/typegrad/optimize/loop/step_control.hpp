// SPDX-License-Identifier: BSL-1.0
// What keeps the steps of a trust region short: a damping or a radius, and how it follows the success of the
// steps.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "../../support/compiler/finite.hpp"

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
  T nearest = 0, share = 0;  ///< while the first radius is looked for: the least one, and the next divisor

  static constexpr T least = std::numeric_limits<T>::epsilon() * std::numeric_limits<T>::epsilon();

  bool is_radius() const { return rule == damping_rule::radius; }

  /// From a start of this length, in a problem whose curvature changes the value by its size over `natural`;
  /// both are scaled. A start that is much nearer to zero says nothing of how far the model holds: the radius
  /// is looked for, from the natural one down to the start's, by shares of 1/4, 1/8, 1/16, ... until a step
  /// is taken.
  void begin(T size, T natural) {
    if (!is_radius()) return;
    const T asked = value;
    value *= size > 0 ? size : T(1);
    if (!detail::is_finite(natural) || !(size < natural / 1000)) return;
    nearest = value * (size > 0 ? T(1) : std::numeric_limits<T>::min());
    value = asked * natural;
    share = 4;
  }

  /// The scale has changed by this factor along the last step.
  void rescale(T factor) {
    if (is_radius() && detail::is_finite(factor)) value *= factor;
  }

  /// A step with a lower rho is refused.
  T least_ratio() const {
    return static_cast<T>(is_radius() ? 1e-4 : rule == damping_rule::ceres ? 1e-3 : 0.0);
  }

  void accept(T ratio, T length) {
    rejections = 0;
    share = 0;
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
    if (share > 0) {
      value = std::max(std::min(length, value) / share, nearest);
      share = value > nearest ? 2 * share : T(0);
    } else if (is_radius())
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
    file("nearest", nearest), file("share", share);
  }
};

/// When the loop itself is content; all free of units, 0 switches a test off.
template <class T>
struct trust_region_tolerances {
  T slope = 16 * std::numeric_limits<T>::epsilon();  ///< cosine between r and J's columns, least squares only
  T step = 16 * std::numeric_limits<T>::epsilon();   ///< a step relative to each parameter or its scale
  T cost = 0;  ///< a decrease relative to the cost, in truth and by the model
};

}  // namespace detail

}  // namespace tg

#include "../../support/compiler/end.hpp"
