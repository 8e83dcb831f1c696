// SPDX-License-Identifier: BSL-1.0
// A numeric derivative of any callable with a bar for its error: the least that is needed to check an exact derivative against
// something that knows nothing of it.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

namespace tg {

/// A numeric derivative and how far it may be from the truth.
template <class T>
struct numeric_derivative {
  T value;
  T error;  ///< bar for |value - truth|: what the last extrapolation changed, and the rounding of the differences
  T step;   ///< the smallest of the three steps

  /// Whether `exact` lies within the bar. False for NaN, and wherever the bar itself is not finite.
  constexpr bool agrees(T exact) const { return error < std::numeric_limits<T>::infinity() && std::abs(exact - value) <= error; }
};

/// df/dx at x by central differences with the steps h, 2h, 4h and two Richardson extrapolations (order 6):
/// D = (64 d(h) - 20 d(2h) + d(4h)) / 45 with d(h) = (f(x+h) - f(x-h)) / 2h.
///
/// `scale`: the change of x over which f varies; h is epsilon^(1/7) of it, where truncation and rounding balance at this order.
/// Without it |x|, or 1 at x = 0, is taken. f has to be defined on [x - 4h, x + 4h].
/// Errors: none; where f is not finite, neither are value and bar. Cost: 6 evaluations.
/// Source: Ridders 1982; Press et al., Numerical Recipes, section 5.7.
template <class F, class T>
constexpr numeric_derivative<T> central_difference(F&& f, T x, T scale = 0) {
  constexpr T epsilon = std::numeric_limits<T>::epsilon();
  if (!(scale > 0)) scale = x != 0 ? std::abs(x) : T(1);
  const T h = (x + scale * std::pow(epsilon, T(1) / 7)) - x;  // so that x + h differs from x by exactly h

  T difference[3]{}, largest = 0;
  for (int level = 0; level < 3; ++level) {
    const T width = h * static_cast<T>(1 << level);
    const T above = f(x + width), below = f(x - width);
    difference[level] = (above - below) / (2 * width);
    largest = std::max({largest, std::abs(above), std::abs(below)});
  }
  const T fine = (4 * difference[0] - difference[1]) / 3, coarse = (4 * difference[1] - difference[2]) / 3;
  const T value = (16 * fine - coarse) / 15;
  // A value of f is taken to be good to 4 ulp; the weights of the differences sum to 85/45.
  const T rounding = 8 * epsilon * largest / h;
  return {value, std::abs(value - fine) + rounding, h};
}

/// The partial derivative of f, a callable of a std::array, by its component i at v.
template <class F, class T, std::size_t n>
constexpr numeric_derivative<T> central_difference(F&& f, const std::array<T, n>& v, std::size_t i, T scale = 0) {
  std::array<T, n> point = v;
  return central_difference(
      [&](T x) {
        point[i] = x;
        return f(point);
      },
      v[i], scale);
}

}  // namespace tg
