// SPDX-License-Identifier: BSL-1.0
// Microderivatives: numeric local derivatives of any callable, each with a bar for its error. Of a number or
// of one coordinate of a point, first and second and mixed; whole gradients, Jacobians and Hessians.
#pragma once
#include "../support/compiler/begin.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <cstddef>
#include <utility>
#include <vector>

#include "../support/compiler/exceptions.hpp"
#include "../support/compiler/finite.hpp"
#include "ladder.hpp"
#include "noise.hpp"
#include "point.hpp"

namespace tg {

namespace detail {

/// Central differences with steps that shrink by 1.4, extrapolated to zero in a tableau; stops where rounding
/// takes over. Source: Ridders, Advances in Engineering Software 4 (1982), 75; Numerical Recipes, section
/// 5.7.
template <std::floating_point T, class F>
numeric_derivative<T> by_ridders(F& f, T x, const difference_options& options) {
  constexpr std::size_t size = 12;
  constexpr T shrink = T(1.4), epsilon = std::numeric_limits<T>::epsilon();
  T h = representable(x, options.step > 0 ? static_cast<T>(options.step) : scale_at(x, options) / 4);
  numeric_derivative<T> best{detail::not_a_number<T>(), detail::infinite<T>(), h};
  std::array<T, size> above{}, column{};
  const T center = options.derivative == 2 ? static_cast<T>(f(x)) : T(0);
  int evaluations = options.derivative == 2 ? 1 : 0;
  for (std::size_t level = 0; level < size; ++level, h = representable(x, h / shrink)) {
    const T high = static_cast<T>(f(x + h)), low = static_cast<T>(f(x - h));
    evaluations += 2;
    column[0] =
        options.derivative == 1 ? (high - low) / (2 * h) : ((high - center) - (center - low)) / (h * h);
    const T rounding =
        4 * epsilon * std::max(std::abs(high), std::abs(low)) / (options.derivative == 1 ? h : h * h / 4) +
        static_cast<T>(options.noise) * 4 / (options.derivative == 1 ? h : h * h / 4);
    T factor = shrink * shrink;
    for (std::size_t k = 1; k <= level; ++k, factor *= shrink * shrink) {
      column[k] = (column[k - 1] * factor - above[k - 1]) / (factor - 1);
      const T error =
          std::max(std::abs(column[k] - column[k - 1]), std::abs(column[k] - above[k - 1])) + rounding;
      if (error <= best.error) best = {column[k], error, h};
    }
    if (level > 1 && std::abs(column[level] - above[level - 1]) >= 2 * best.error) break;
    above = column;
  }
  best.evaluations = evaluations;
  return best;
}

/// The ladder, and the filter where the ladder drowns in noise.
template <std::floating_point T, class F>
numeric_derivative<T> by_ladder(F& f, T x, const difference_options& options) {
  const ladder<T, F> steps(f, x, static_cast<T>(f(x)), options);
  numeric_derivative<T> result{detail::not_a_number<T>(), detail::infinite<T>(), 0, 1 + steps.evaluations()};
  if (steps.size() == 0) return result;
  const auto& best = steps[steps.best()];
  if (best.seen && !best.refused)
    result.value = best.value, result.error = best.error + best.hidden, result.step = best.spacing;
  if (steps.has_kink() || steps.contested() || steps.keeps_growing())
    result.error = detail::infinite<T>();
  else if (steps.noise_ratio() > 64 && result.error > T(1e-3) * std::abs(result.value)) {
    const numeric_derivative<T> filtered = by_filter(f, x, options);
    const int evaluations = result.evaluations + filtered.evaluations;
    const T apart = std::abs(filtered.value - result.value);  // what smaller steps contradict was no noise
    if (!(filtered.error >= result.error) && !(apart > result.error + filtered.error)) result = filtered;
    result.evaluations = evaluations;
  }
  return result;
}

}  // namespace detail

/// The derivative of f at x by a complex step, for an analytic f that takes std::complex<T> and returns it:
/// Im f(x + ih)/h with so small an h that h^2 is nothing beside 1, right to rounding; for the second
/// derivative, central differences of that. A function that is not analytic, with abs, conj or a branch in
/// it, is not noticed. Cost: 1 evaluation; 10 for the second derivative. Source: Squire and Trapp, SIAM
/// Review 40 (1998), 110; Martins, Sturdza and Alonso, ACM Trans. Math. Softw. 29 (2003), 245.
template <class F, std::floating_point T>
numeric_derivative<T> complex_step(F&& f, T x, difference_options options = {}) {
  detail::require_meaning(options);
  constexpr T epsilon = std::numeric_limits<T>::epsilon();
  const T h =
      options.step > 0 ? static_cast<T>(options.step) : detail::scale_at(x, options) * epsilon * epsilon;
  const auto slope = [&](T at) { return std::complex<T>(f(std::complex<T>(at, h))).imag() / h; };
  if (options.derivative == 1) {
    const T value = slope(x);
    return {value, 16 * epsilon * std::abs(value), h, 1};
  }
  options.method = difference_method::central;
  options.derivative = 1;
  options.step = 0;
  return detail::by_stencil(slope, x, options);
}

/// The same for the coordinate i of a point; f takes a std::array or std::vector of std::complex<T>.
template <class F, detail::Point P>
auto complex_step(F&& f, const P& point, std::size_t i, const difference_options& options = {}) {
  using T = detail::number_t<P>;
  auto z = detail::complex_point(detail::own_point(point));
  detail::require(i < z.size(), "complex_step: there is no coordinate " + std::to_string(i) +
                                    " at a point with " + std::to_string(z.size()) + ".");
  return complex_step(
      [&](std::complex<T> coordinate) {
        z[i] = coordinate;
        return std::complex<T>(f(std::as_const(z)));
      },
      static_cast<T>(point[i]), options);
}

/// The derivative of f, a callable of one number, at x: f'(x), or f''(x) with `.derivative = 2`.
///
/// The automatic method has a bar that holds for smooth f; at kinks, vertical tangents, edges of the domain
/// and where no step is to be trusted the bar is infinite. One-sided and central differences, Ridders and the
/// filter do what they say and leave the judgement to the caller. Errors: std::invalid_argument for options
/// without meaning. Cost: automatic 20 to 45 evaluations, central of order p p + 2 of them, complex step 1,
/// Ridders at most 25, filter 41 for each of 3 to 8 windows.
template <class F, std::floating_point T>
numeric_derivative<T> microderivative(F&& f, T x, const difference_options& options = {}) {
  detail::require_meaning(options);
  switch (options.method) {
    case difference_method::complex_step:
      if constexpr (detail::can_be_asked<F>)
        if constexpr (requires { std::complex<T>(f(std::complex<T>(x, x))); })
          return complex_step(f, x, options);
      detail::raise(std::invalid_argument(
          "microderivative: it is not known that the callable takes std::complex; call tg::complex_step."));
    case difference_method::ridders:
      return detail::by_ridders(f, x, options);
    case difference_method::filter:
      return detail::by_filter(f, x, options);
    case difference_method::automatic:
      return detail::by_ladder(f, x, options);
    default:
      return detail::by_stencil(f, x, options);
  }
}

/// The derivative of f, a callable of a point (std::array, std::vector, std::span), by its coordinate i; of
/// second order with `.derivative = 2`.
template <class F, detail::Point P>
auto microderivative(F&& f, const P& point, std::size_t i, const difference_options& options = {}) {
  using T = detail::number_t<P>;
  detail::require(i < std::size(point), "microderivative: there is no coordinate " + std::to_string(i) +
                                            " at a point with " + std::to_string(std::size(point)) + ".");
  auto moved = detail::own_point(point);
  detail::require(options.method != difference_method::complex_step,
                  "microderivative: for the complex step of a point call tg::complex_step.");
  return microderivative(
      [&](T coordinate) {
        moved[i] = coordinate;
        return static_cast<T>(f(std::as_const(moved)));
      },
      static_cast<T>(point[i]), options);
}

/// The mixed second derivative of f by its coordinates i and j, from second derivatives along two diagonals:
/// f_ij = (D^2 f along s_i e_i + s_j e_j - the same along s_i e_i - s_j e_j) / (4 s_i s_j), s the scales.
template <class F, detail::Point P>
auto microderivative(F&& f, const P& point, std::size_t i, std::size_t j, difference_options options = {}) {
  using T = detail::number_t<P>;
  options.derivative = 2;
  if (i == j) return microderivative(f, point, i, options);
  const std::size_t n = std::size(point);
  detail::require(i < n && j < n, "microderivative: there are no coordinates " + std::to_string(i) + " and " +
                                      std::to_string(j) + " at a point with " + std::to_string(n) + ".");
  detail::require(options.method != difference_method::complex_step,
                  "microderivative: the complex step has no mixed derivative; choose another method.");
  auto moved = detail::own_point(point);
  const auto power_at = [&](std::size_t which) {
    return std::exp2(std::floor(std::log2(detail::scale_at(static_cast<T>(moved[which]), options))));
  };
  const T a = power_at(i), b = power_at(j);
  const T value = std::abs(static_cast<T>(f(std::as_const(moved))));
  const auto diagonal = detail::diagonal_difference(f, moved, i, j, a, b);
  options.scale = 1;
  options.step /= static_cast<double>(a);
  // The difference of two values has the rounding of both, which it does not show.
  if (!(options.noise > 0))
    options.noise = static_cast<double>(T(0.5) * std::numeric_limits<T>::epsilon() * value);
  numeric_derivative<T> result = microderivative(diagonal, T(0), options);
  result.value /= 4 * a * b;
  result.error /= 4 * a * b;
  result.step *= a;
  result.evaluations = 2 * result.evaluations + 1;
  return result;
}

/// All first derivatives of f at a point.
template <class F, detail::Point P>
auto numeric_gradient(F&& f, const P& point, const difference_options& options = {}) {
  std::vector<numeric_derivative<detail::number_t<P>>> gradient;
  for (std::size_t i = 0; i < std::size(point); ++i)
    gradient.push_back(microderivative(f, point, i, options));
  return gradient;
}

/// All first derivatives of f, a callable that returns several numbers: element [row][column] is of output
/// `row` by coordinate `column`.
template <class F, detail::Point P>
auto numeric_jacobian(F&& f, const P& point, const difference_options& options = {}) {
  auto moved = detail::own_point(point);
  const std::size_t rows = std::size(f(std::as_const(moved)));
  std::vector<std::vector<numeric_derivative<detail::number_t<P>>>> jacobian;
  for (std::size_t row = 0; row < rows; ++row)
    jacobian.push_back(numeric_gradient([&](const auto& at) { return f(at)[row]; }, point, options));
  return jacobian;
}

/// All second derivatives of f: n (n + 1) / 2 of them, the others by symmetry.
template <class F, detail::Point P>
auto numeric_hessian(F&& f, const P& point, const difference_options& options = {}) {
  const std::size_t n = std::size(point);
  std::vector<std::vector<numeric_derivative<detail::number_t<P>>>> hessian(n);
  for (std::size_t i = 0; i < n; ++i) hessian[i].resize(n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j <= i; ++j)
      hessian[i][j] = hessian[j][i] = microderivative(f, point, i, j, options);
  return hessian;
}

}  // namespace tg

#include "../support/compiler/end.hpp"
