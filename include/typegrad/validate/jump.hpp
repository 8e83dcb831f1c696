// SPDX-License-Identifier: BSL-1.0
// Jumps between neighbouring numbers, which no derivative has and no smooth function: the stairs of rounding,
// and derivatives that are wrong at a point or on one side of it.
#pragma once
#include "../support/compiler/begin.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

namespace tg::detail {

/// Whether a function jumps by `least_jump` or more between two neighbouring numbers on the way from `at` to
/// `offset` beyond; `here` is its value at 0, `value_at(offset)` those further on. Of four parts of the way
/// that is followed on which the change differs most from that on the others: a jump stays as it is, what is
/// smooth becomes the same on all.
template <class T, class F>
bool jumps_before(T offset, T at, T here, T least_jump, F&& value_at) {
  constexpr T epsilon = std::numeric_limits<T>::epsilon();
  const T least = std::max(std::abs(at), std::abs(offset) * epsilon) * epsilon;
  std::array<T, 5> place{}, value{};
  value[0] = here;
  place[4] = std::copysign(least, offset);
  value[4] = value_at(place[4]);
  if (std::abs(value[4] - value[0]) >= least_jump) return true;  // at the point itself
  place[4] = offset;
  value[4] = value_at(offset);
  while (std::abs(place[4] - place[0]) > 4 * std::max(least, epsilon * std::abs(place[4]))) {
    std::array<T, 4> change{};
    for (std::size_t k = 1; k < 4; ++k) {
      place[k] = place[0] + (place[4] - place[0]) * static_cast<T>(k) / 4;
      value[k] = value_at(place[k]);
    }
    for (std::size_t k = 0; k < 4; ++k) change[k] = value[k + 1] - value[k];
    std::array<T, 4> sorted = change;
    std::sort(sorted.begin(), sorted.end());
    const T usual = (sorted[1] + sorted[2]) / 2;
    const std::size_t most = static_cast<std::size_t>(
        std::max_element(change.begin(), change.end(),
                         [&](T one, T other) { return std::abs(one - usual) < std::abs(other - usual); }) -
        change.begin());
    const T low = place[most], low_value = value[most];
    place[4] = place[most + 1], value[4] = value[most + 1];
    place[0] = low, value[0] = low_value;
  }
  return std::abs(value[4] - value[0]) >= least_jump;
}

/// The same, looked for on parts of the way too, on which what is smooth changes less.
template <class T, class F>
bool jumps_near(T offset, T at, T here, T least_jump, F&& value_at) {
  for (int k = 0; k < 8; ++k, offset /= 4)
    if (jumps_before(offset, at, here, least_jump, value_at)) return true;
  return false;
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
