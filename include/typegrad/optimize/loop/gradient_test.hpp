// SPDX-License-Identifier: BSL-1.0
// When a gradient is small: a test that is free of units, and the curvatures that it measures parameters by.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "../../support/compiler/finite.hpp"
#include "../stop_reason.hpp"
#include "box.hpp"

namespace tg::detail {

/// |second derivative| by a parameter, as far as a step and the slope's change tell it: 0 before the first
/// step; infinite where the first step of a parameter that no bound holds is lost in its last digit.
template <class T>
void learn_curvature(T& curvature, T step, T change, bool held) {
  if (step != 0)
    curvature = std::abs(change / step);
  else if (!held && !(curvature > 0))
    curvature = detail::infinite<T>();
}

/// The size of the terms that a value is summed from, as far as it and its slopes tell: |f| + sum |g_i x_i|.
template <class T>
T size_of_terms(T f, std::span<const T> g, std::span<const T> x) {
  T size = std::abs(f);
  for (std::size_t i = 0; i < x.size(); ++i) size += std::abs(g[i] * x[i]);
  return size;
}

/// How far a parameter goes by its own size, or by that over which its curvature would change the value by
/// `size`.
template <class T>
T reach(T x, T curvature, T size) {
  if (detail::is_infinite(curvature)) return std::abs(x) / std::cbrt(std::numeric_limits<T>::epsilon());
  return curvature > 0 ? std::max(std::abs(x), std::sqrt(2 * size / curvature)) : detail::infinite<T>();
}

/// Whether slopes are nearly zero: all that a value can tell, whose rounding is the square root of what it
/// leaves of a gradient; or, where the value has vanished beside its slopes as it does at a minimum of 0, no
/// parameter would move by more than its last digits.
template <class T>
bool nearly_flat(const std::vector<std::size_t>& free, std::span<const T> x, std::span<const T> g,
                 std::span<const T> curvatures, T f) {
  const T epsilon = std::numeric_limits<T>::epsilon(), value = std::abs(f);
  T change = 0, own = 0;
  bool still = true;
  for (const std::size_t i : free) {
    if (g[i] == 0) continue;
    own = std::max(own, std::abs(g[i] * x[i]));
    const bool known = !detail::is_infinite(curvatures[i]);
    change = std::max(change, known ? std::abs(g[i]) * reach(x[i], curvatures[i], value) : value);
    still = still && std::abs(g[i]) <= 64 * epsilon * curvatures[i] * std::abs(x[i]);
  }
  return change <= 16 * std::sqrt(epsilon) * value || (still && f >= 0 && f <= 64 * epsilon * own);
}

/// What a gradient of zero means: a minimum; unless a parameter that had an influence has gone far from the
/// start and has none any more, neither here nor further out, or the slope has fallen below the least number
/// where the value goes on falling: a minimum at infinity is none.
template <class T, class Look>
stop_reason meaning_far_out(const box<T>& bounds, std::span<const T> start, std::span<const T> x,
                            std::span<const T> longest, std::span<const T> lengths, T cost, Look look) {
  const T epsilon = std::numeric_limits<T>::epsilon(), least = std::numeric_limits<T>::min() / epsilon;
  std::vector<T> beside(x.begin(), x.end());
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!(longest[i] > 0 && std::abs(x[i]) > 10 * std::abs(start[i]))) continue;
    const auto at = [&](T factor) {
      beside[i] = bounds.nearest(i, factor * x[i]);
      const T value = look(std::span<const T>(beside));
      beside[i] = x[i];
      return value;
    };
    if (lengths[i] > 64 * epsilon * longest[i] || lengths[i] * std::sqrt(2 * std::abs(cost)) >= least)
      continue;
    const T further = at(16), end = at(1 / epsilon);
    if (further > cost || end > cost) continue;
    if (further < cost || std::abs(cost) < least) return stop_reason::unbounded;
    if (at(1 - T(1) / 100) == cost && at(1 + T(1) / 100) == cost) return stop_reason::no_dependence;
  }
  return stop_reason::gradient_small;
}

/// The measure of a gradient that is compared with a tolerance,
///
///     max over i of |g_i| max(|x_i|, scale_i) / F,  F = max(|f|, floor),  scale_i = sqrt(2 F / h_i):
///
/// what a change of a parameter by its own size, or by that over which its curvature h_i would change the
/// value by F, does to the value by slope alone, relative to it. floor is epsilon times the sum of the terms'
/// sizes, |f| + sum |g_i x_i|, at the start or the least since, so that a start far out does not make light
/// of what comes after it. Where nothing is known of h_i, or it is 0, only g_i = 0 is small; where it is
/// infinite, scale_i = |x_i| / cbrt(epsilon). A bound in the way is as far as a parameter can change.
///
/// At a minimum of 0 the value vanishes beside its slopes, and no slope is small beside it. There, where
/// 0 <= f is at most 64 epsilon times the largest |g_i x_i|, the measure is |g_i| / (epsilon h_i |x_i|)
/// epsilon^(2/3): at that tolerance, no parameter would move by more than its last digit.
template <class T>
class gradient_test {
 public:
  T operator()(const box<T>& bounds, std::span<const T> x, std::span<const T> g, T f,
               std::span<const T> curvatures) {
    const T epsilon = std::numeric_limits<T>::epsilon(), third = std::cbrt(epsilon);
    T most = 0;
    for (std::size_t i = 0; i < x.size(); ++i) most = std::max(most, std::abs(g[i] * x[i]));
    if (const T sizes = size_of_terms(f, g, x); sizes > 0) floor_ = std::min(floor_, epsilon * sizes);
    const T size = std::max(std::abs(f), floor_);
    const bool vanished = f >= 0 && f <= 64 * epsilon * most;
    T largest = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      if (g[i] == 0) continue;
      const T room = g[i] > 0 ? x[i] - bounds.low(i) : bounds.high(i) - x[i];
      if (detail::is_infinite(size) && room > 0)
        return bounds.infinite();  // f and every g_i x_i are 0 so far
      const T way = reach(x[i], curvatures[i], size);
      if (!(way > 0)) return bounds.infinite();  // nothing to measure by
      const T change = room > 0 ? std::abs(g[i]) * std::min(room, way) : T(0);
      if (!(change > 0)) continue;
      const T digit = epsilon * curvatures[i] * std::abs(x[i]);
      const T moved = vanished && detail::is_finite(digit) && digit > 0
                          ? std::abs(g[i]) / digit * third * third
                          : bounds.infinite();
      largest = std::max(largest, std::min(change / size, moved));
    }
    return largest;
  }

  template <class Archive>
  void archive(Archive& file) {
    file("floor", floor_);
  }

 private:
  T floor_ = detail::infinite<T>();
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
