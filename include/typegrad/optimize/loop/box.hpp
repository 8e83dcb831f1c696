// SPDX-License-Identifier: BSL-1.0
// Bounds on the parameters and what the optimizers ask of them: the nearest point inside, which parameters a
// bound holds, and the gradient that is left.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "../../support/compiler/finite.hpp"

namespace tg::detail {

/// lower[i] <= x[i] <= upper[i]; an empty side has no bounds.
template <class T>
struct box {
  std::vector<T> lower{}, upper{};

  static constexpr T infinite() { return detail::infinite<T>(); }

  bool bounded() const { return !lower.empty() || !upper.empty(); }
  T low(std::size_t i) const { return lower.empty() ? -infinite() : lower[i]; }
  T high(std::size_t i) const { return upper.empty() ? infinite() : upper[i]; }
  T nearest(std::size_t i, T value) const {
    return value < low(i) ? low(i) : value > high(i) ? high(i) : value;
  }

  void project(std::span<T> x) const {
    if (!bounded()) return;
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = nearest(i, x[i]);
  }

  /// Whether x[i] is within `margin` of a bound and downhill leads further out.
  bool holds(std::size_t i, T x, T slope, T margin = 0) const {
    return (slope > 0 && x - low(i) <= margin) || (slope < 0 && high(i) - x <= margin);
  }

  /// The parameters that may move downhill.
  void free_parameters(std::span<const T> x, std::span<const T> slopes, std::vector<std::size_t>& free,
                       T margin = 0) const {
    free.clear();
    for (std::size_t i = 0; i < x.size(); ++i)
      if (!bounded() || !holds(i, x[i], slopes[i], margin)) free.push_back(i);
  }

  /// Bends the step that `solve` finds for the parameters `moving` along the bounds that it meets: what would
  /// leave the box goes to the bound, and the rest is solved anew.
  template <class Solve>
  void bend(std::span<const T> x, std::vector<std::size_t>& moving, std::span<T> step, Solve solve) const {
    const auto leaves = [&](std::size_t i) {
      const T target = x[i] + step[i], inside = nearest(i, target);
      if (!(target < inside || target > inside)) return false;
      step[i] = inside - x[i];
      return true;
    };
    while (!moving.empty()) {
      solve();
      if (!bounded() || std::erase_if(moving, leaves) == 0) return;
    }
  }

  /// The largest |P(x - g) - x|: the gradient's largest component, where no bound is near.
  T gradient_size(std::span<const T> x, std::span<const T> slopes) const {
    T largest = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const T left =
          slopes[i] > 0 ? std::min(slopes[i], x[i] - low(i)) : std::min(-slopes[i], high(i) - x[i]);
      if (detail::is_nan(left)) return left;
      largest = std::max(largest, left);
    }
    return largest;
  }
};

/// The largest change of a parameter relative to the largest of them after it.
template <class T>
T relative_step(std::span<const T> before, std::span<const T> after) {
  T moved = 0, whole = 0;
  for (std::size_t i = 0; i < after.size(); ++i) {
    moved = std::max(moved, std::abs(after[i] - before[i]));
    whole = std::max(whole, std::abs(after[i]));
  }
  return moved > 0 ? moved / std::max(whole, std::numeric_limits<T>::min()) : T(0);
}

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
