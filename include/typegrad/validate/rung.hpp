// SPDX-License-Identifier: BSL-1.0
// One rung of the ladder of steps: from nine values of a function, its derivative of order 8, and what they
// say of truncation, noise and of differing slopes on both sides.
#pragma once
#include "../support/compiler/begin.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <limits>

#include "../support/compiler/finite.hpp"
#include "stencil.hpp"

namespace tg::detail {

/// One step of the ladder: f at x - 4h ... x + 4h. Without initializers, because most of a ladder is never
/// used.
template <class T>
struct rung {
  T spacing;    // the step
  T value;      // of order 8
  T error;      // everything below together, and what the neighbours say
  T hidden;     // beyond the scale: noise here or between, and not at a smaller step, may be a structure as
                // steep as that step allows
  T spread;     // to order 6: truncation
  T noise;      // of one value of f, from eighth differences; from below where h is too small to see it
  T odd_noise;  // the same from seventh differences, in which truncation shows sooner
  T floor;      // of the same, what rounding of the result alone makes
  T variation;  // the largest change of f
  T size;       // of the derivative: its value, or what the variation would allow
  T forward, backward;  // one-sided, of order 4
  T side_spread;        // of both, to order 3
  T side_error;         // of their difference
  T jump;               // forward - backward, where it is more than that; else 0
  bool above, below;    // f is finite one step away
  bool flat;            // all nine values are the same
  bool seen;            // there are finite values, and what lies between them agrees
  bool probed, refused;

  bool varies() const { return seen && !flat; }
  /// Noise or structure, also where the function is even or odd around the point.
  T unrest() const { return std::max(noise, odd_noise); }
};

/// Measures f at x + k h, k = -4 ... 4, for the derivative of the given order; `sample` gives f at an offset
/// from x, `center` is f(x).
template <std::floating_point T, class Sample>
rung<T> measure_rung(Sample&& sample, T h, T x, T center, int order, T known_noise) {
  static constexpr stencil<T> eight[] = {make_stencil<T>(0, 8, 1), make_stencil<T>(0, 8, 2)};
  static constexpr stencil<T> six[] = {make_stencil<T>(0, 6, 1), make_stencil<T>(0, 6, 2)};
  rung<T> r{};
  r.spacing = h;
  r.seen = true;
  std::array<T, 9> v{};  // v[4 + k] = f(x + k h)
  for (std::size_t k = 1; k <= 4 && r.seen; ++k) {
    v[4 + k] = sample(static_cast<T>(k) * h);
    v[4 - k] = sample(-static_cast<T>(k) * h);
    const bool above = detail::is_finite(v[4 + k]), below = detail::is_finite(v[4 - k]);
    if (k == 1) r.above = above, r.below = below;
    r.seen = above && below;
  }
  if (!r.seen) {
    r.error = detail::infinite<T>();
    return r;
  }
  const auto which = static_cast<std::size_t>(order - 1);
  T low = 0, largest = std::abs(center);
  r.flat = true;
  v[4] = center;
  for (T& value : v) {  // only changes matter from here on
    largest = std::max(largest, std::abs(value));
    r.flat = r.flat && value == center;
    value -= center;
  }
  for (std::size_t k = 0; k < 9; ++k) {
    r.value += eight[which].weight[k] * v[k];
    if (k > 0 && k < 8) low += six[which].weight[k - 1] * v[k];
    r.variation = std::max(r.variation, std::abs(v[k]));
  }
  const T unit = order == 1 ? h : h * h;
  r.value /= unit;
  r.spread = std::abs(r.value - low / unit);
  r.size = std::max(std::abs(r.value), r.variation / (order == 1 ? 4 * h : 16 * h * h));

  // One-sided derivatives, for kinks.
  static constexpr T four[] = {T(-25) / 12, 4, -3, T(4) / 3, T(-1) / 4},
                     three[] = {T(-11) / 6, 3, T(-3) / 2, T(1) / 3};
  T forward_low = 0, backward_low = 0;
  for (std::size_t k = 0; k < 5; ++k) {
    r.forward += four[k] * v[4 + k];
    r.backward -= four[k] * v[4 - k];
    if (k < 4) forward_low += three[k] * v[4 + k], backward_low -= three[k] * v[4 - k];
  }
  for (T* slope : {&r.forward, &r.backward, &forward_low, &backward_low}) *slope /= h;
  r.side_spread = std::abs(r.forward - forward_low) + std::abs(r.backward - backward_low);

  // The k-th difference of noise of deviation s has deviation s sqrt(binomial(2k, k)) (Moré and Wild 2011).
  for (int k = 0; k < 7; ++k)
    for (std::size_t i = 0; i + static_cast<std::size_t>(k) < 8; ++i) v[i] = v[i + 1] - v[i];
  r.noise = std::abs(v[1] - v[0]) / T(113.446);
  r.odd_noise = std::max(std::abs(v[0]), std::abs(v[1])) / T(58.583);
  r.floor = T(0.3) * std::numeric_limits<T>::epsilon() * (largest + (order == 1 ? std::abs(x * r.value) : 0));
  r.floor =
      std::max({r.floor, known_noise,
                std::numeric_limits<T>::min()});  // what is smaller may have been lost, a square above all
  if (!detail::is_finite(r.value) || !detail::is_finite(r.noise))
    r.seen = false, r.error = detail::infinite<T>();
  return r;
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
