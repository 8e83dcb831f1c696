// SPDX-License-Identifier: BSL-1.0
// What is asked of a numeric derivative, and what comes back: the options, and a value with a bar for its
// error.
#pragma once
#include "../support/compiler/begin.hpp"

#include <cmath>
#include <concepts>
#include <limits>
#include <stdexcept>
#include <string>

#include "../support/compiler/exceptions.hpp"
#include "../support/compiler/finite.hpp"

namespace tg {

/// How a derivative is found from values.
enum class difference_method {
  automatic,  ///< central differences of order 8 on a ladder of steps; the filter where noise is all there is
  forward,    ///< x and points above it
  backward,   ///< x and points below it
  central,    ///< points on both sides
  complex_step,  ///< Im f(x + ih)/h: no subtraction, so no loss of digits. Needs an analytic f that takes
                 ///< std::complex
  ridders,       ///< central differences with shrinking steps, extrapolated to zero
  filter         ///< least-squares polynomial through many values (Savitzky and Golay): for noisy functions
};

/// Every member has a default; `{.method = tg::difference_method::central, .order = 4}` names those that
/// differ.
struct difference_options {
  difference_method method = difference_method::automatic;
  int order = 0;  ///< of the error in the step: central 2, 4, 6, 8; one-sided 1 to 8. 0: 8 for central, 4 for
                  ///< one-sided
  int derivative = 1;  ///< 1 or 2
  double step = 0;     ///< h itself; 0: chosen from scale, order, derivative and rounding
  double scale = 0;    ///< the change of x over which f changes its character; 0: |x|, or 1 at x = 0
  double noise = 0;    ///< the standard deviation of f's values (see tg::noise_of); 0: rounding
};

/// A numeric derivative and how far it may be from the truth.
template <class T>
struct numeric_derivative {
  T value;
  T error;  ///< bar for |value - truth|, from truncation and rounding together; not finite where nothing is
            ///< known
  T step;   ///< the h that was used, where there are several the decisive one
  int evaluations = 0;  ///< calls of f

  /// Whether `exact` lies within the bar. False for NaN, and wherever the bar itself is not finite.
  constexpr bool agrees(T exact) const {
    return error < detail::infinite<T>() && std::abs(exact - value) <= error;
  }
};

namespace detail {

/// Throws std::invalid_argument for options that mean nothing.
inline void require_meaning(const difference_options& options) {
  const auto refuse_if = [](bool wrong, const std::string& sentence) {
    if (wrong) detail::raise(std::invalid_argument("microderivative: " + sentence));
  };
  const bool central = options.method == difference_method::central;
  const bool sided =
      options.method == difference_method::forward || options.method == difference_method::backward;
  refuse_if(options.derivative != 1 && options.derivative != 2,
            "the derivative " + std::to_string(options.derivative) + " is not offered; ask for 1 or 2.");
  refuse_if(central && (options.order < 0 || options.order > 8 || options.order % 2 != 0),
            "central differences have order 2, 4, 6 or 8, not " + std::to_string(options.order) + ".");
  refuse_if(sided && (options.order < 0 || options.order > 8),
            "one-sided differences have order 1 to 8, not " + std::to_string(options.order) + ".");
  for (const double size : {options.step, options.scale, options.noise})
    refuse_if(!(size >= 0) || !detail::is_finite(size),
              "step, scale and noise are positive numbers, or 0 to have them chosen.");
}

/// The length over which f is taken to change its character, unless the user says.
template <std::floating_point T>
T scale_at(T x, const difference_options& options) {
  if (options.scale > 0) return static_cast<T>(options.scale);
  return x != 0 && detail::is_finite(x) ? std::abs(x) : T(1);
}

/// The step next to h for which x + h differs from x by exactly it; never 0. (Numerical Recipes, section
/// 5.7.)
template <std::floating_point T>
T representable(T x, T h) {
  volatile T beyond = x + h;  // so that no wider register keeps the digits that x + h loses
  const T kept = beyond - x;
  return kept > 0 ? kept : std::nextafter(x, detail::infinite<T>()) - x;
}

}  // namespace detail

}  // namespace tg

#include "../support/compiler/end.hpp"
