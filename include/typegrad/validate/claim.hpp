// SPDX-License-Identifier: BSL-1.0
// What the exact derivative does around the point, asked where it decides between WRONG and INCONCLUSIVE. One
// that varies everywhere, be it rounding or structure too fine for the function's values to show, is not
// contradicted by them; one that jumps between neighbouring numbers is no derivative.
#pragma once
#include "../support/compiler/begin.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>

#include "../support/compiler/finite.hpp"
#include "jump.hpp"
#include "verdict.hpp"

namespace tg::detail {

/// How far the values of the exact derivative are from any smooth function: 8 deviations. `claimed(offset)`
/// is its value along the line. Over four lengths of step, because rounding may stay the same over many
/// neighbouring numbers; on both sides without the point itself, because what holds at one point only is no
/// rounding. A side has two stretches, of which the calmer counts: a jump spoils one of them. The places are
/// uneven, so that no period fits them.
template <class T, class Claimed>
T roughness(const measurement<T>& m, Claimed&& claimed) {
  constexpr T uneven[] = {1, T(2.31), T(3.12), T(4.44), T(5.07), T(6.29), T(7.18)};
  const T wide = m.reach() / 32,
          fine = std::max(std::abs(m.at), m.reach() / 64) * 16 * std::numeric_limits<T>::epsilon();
  T most = 0;
  for (const T unit : {fine, std::sqrt(fine) * std::sqrt(wide), wide, 4 * wide})
    for (const int side : {-1, 1}) {
      T calmer = detail::infinite<T>();
      for (const T start : {T(0), T(7.4)}) {
        std::array<T, 7> at{}, value{};
        for (std::size_t k = 0; k < at.size(); ++k) {
          at[k] = m.at + static_cast<T>(side) * (start + uneven[k]) * unit - m.at;
          value[k] = claimed(at[k]);
        }
        // The sixth divided difference vanishes for polynomials of degree 5.
        T difference = 0, squares = 0;
        for (std::size_t k = 0; k < at.size(); ++k) {
          T weight = 1;
          for (std::size_t i = 0; i < at.size(); ++i)
            if (i != k) weight *= unit / (at[k] - at[i]);
          difference += weight * value[k], squares += weight * weight;
        }
        if (const T seen = 8 * std::abs(difference) / std::sqrt(squares); detail::is_finite(seen))
          calmer = std::min(calmer, seen);
      }
      if (detail::is_finite(calmer))
        most = std::max(most, calmer);  // a value that is not finite tells nothing
    }
  return most;
}

/// Whether the exact derivative may be judged by steps over which it differs by `apart` from what f says:
/// around the point it has no structure over steps of this length, or else it jumps.
template <class T, class Claimed>
bool holds_over(T step, T at, T exact, T apart, Claimed&& claimed) {
  constexpr T binomial[] = {70, -56, 28, -8, 1}, sided[] = {1, -4, 6, -4, 1};
  T eighth = binomial[0] * exact, fourth[2] = {exact, exact};
  for (int k = 1; k <= 4; ++k)
    for (const int side : {0, 1}) {
      const T value = claimed(static_cast<T>(side == 0 ? -k : k) * step);
      eighth += binomial[k] * value;
      fourth[side] += sided[k] * value;
    }
  if (std::abs(eighth) <= 70 * apart / 4) return true;
  for (const int side : {0, 1})
    if (!(std::abs(fourth[side]) <= apart / 4) &&
        !jumps_near(4 * (side == 0 ? -step : step), at, exact, apart / 4, claimed))
      return false;
  return true;
}

/// Before one is called wrong that holds around the point over steps far below those that f was measured by:
/// whether f itself tells it over such steps. Then it has a structure there, which larger steps do not meet.
template <class T, class Claimed, class Again>
void judge_close(component_check<T>& check, const measurement<T>& m, T resolution, Claimed&& claimed,
                 Again&& again) {
  const T apart = std::abs(check.exact - m.value);
  const auto quiet = [&](T step) {
    for (const T part : {T(-1), T(-0.62), T(-0.29), T(0.29), T(0.62), T(1)})
      if (!(std::abs(claimed(part * step) - check.exact) <= apart / 8)) return false;
    return true;
  };
  T step = m.step;
  while (step > 64 * std::numeric_limits<T>::epsilon() * std::abs(m.at) && step > m.step * T(1e-12) &&
         !quiet(step))
    step /= 4;
  if (step == m.step || !quiet(step)) return;
  const measurement<T> close = again(step / 4);
  if (!close.seen || !(std::abs(check.exact - close.value) <= close.error + check.exact_error) ||
      !(std::abs(m.value - close.value) > 3 * (close.error + m.error)))
    return;
  judge(check, close, resolution);
  if (check.verdict == verdict::pass) return;
  check.verdict = verdict::inconclusive;
  check.reason = "the function has a structure over steps of " + digits(step, 2) +
                 ", which larger ones contradict, and agrees with the exact derivative there";
}

/// Judges one exact derivative. Where all depends on it, its rounding is measured with more care. WRONG
/// then takes a length over which it keeps what it claims, long enough for f to show that; where only steps
/// beyond the variable's scale show anything, such a step. Where it keeps that over a short length only, f is
/// measured there: `again(step)`, from such a step on, or a measurement of nothing.
template <class T, class Claimed, class Again>
void judge_claim(component_check<T>& check, const measurement<T>& m, T resolution, Claimed&& claimed,
                 Again&& again) {
  constexpr T epsilon = std::numeric_limits<T>::epsilon();
  judge(check, m, resolution);
  if (!detail::is_finite(check.exact)) return;
  const T apart = std::abs(check.exact - m.value);
  if (check.unvaried && check.verdict == verdict::inconclusive) {
    if (!(std::abs(check.exact) * m.widest > 16 * m.floor) ||
        !holds_over(m.widest, m.at, check.exact, apart, claimed))
      return;
    check.verdict = verdict::wrong;
    check.reason = "the function does not change with this variable at all, even over steps of " +
                   digits(m.widest, 2) + ", over which the exact derivative holds";
    return;
  }
  component_check<T> strict = check;
  strict.exact_error = 8 * epsilon * std::abs(check.exact);
  judge(strict, m, resolution);
  if (strict.verdict != verdict::wrong) return;
  check.exact_error = std::max(strict.exact_error, roughness(m, claimed));
  judge(check, m, resolution);
  check.restless = check.verdict != verdict::wrong;
  if (check.restless) return;
  // f hides what changes it by less than 128 times the noise of its values.
  const T blind = 128 * m.unrest / apart, length = m.order == 1 ? blind : std::sqrt(blind);
  const T step = std::clamp(length / 4, std::min(4 * epsilon * std::abs(m.at), m.step), m.step);
  bool holds = true;
  for (const T part : {T(1), T(0.62), T(0.29)})  // no period fits all of them
    holds = holds && holds_over(part * step, m.at, check.exact, apart, claimed);
  if (holds) return judge_close(check, m, resolution, claimed, again);
  check.restless = true;
  check.verdict = verdict::inconclusive;
  check.reason =
      "off by " + digits(apart / check.error, 2) + " error bars, but " +
      (2 * step > m.scale ? "only over steps beyond the scale, within which the exact derivative changes; "
                            "give another scale"
                          : "the exact derivative changes over steps of " + digits(step, 2) +
                                ", too short for the function to show it");
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
