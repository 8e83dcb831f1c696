// SPDX-License-Identifier: BSL-1.0
// The strong Wolfe line search of Moré and Thuente: a length t with f(t) <= f(0) + decrease t f'(0) and
// |f'(t)| <= curvature
// |f'(0)|.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "../../support/compiler/finite.hpp"
#include "../tool/option_check.hpp"

namespace tg {

/// The two constants of the strong Wolfe conditions, 0 < decrease < curvature < 1.
struct wolfe_conditions {
  double decrease = 1e-4;  ///< share of the slope's promise that a step must keep
  double curvature = 0.9;  ///< share of the slope that may be left after it
  void check(const detail::option_check& options) const {
    options
        .that(decrease > 0 && decrease < curvature, "conditions.decrease", decrease,
              "a number above 0 and below conditions.curvature")
        .that(curvature < 1, "conditions.curvature", curvature, "a number below 1");
  }
};

namespace detail {

/// A point of the search: the length, the value and the slope there.
template <class T>
struct search_point {
  T at{}, value{}, slope{};
};

/// Where a cubic or a secant through two points has its minimum, by the four cases of Moré and Thuente;
/// updates the interval.
template <class T>
T next_length(search_point<T>& best, search_point<T>& other, const search_point<T>& now, bool& bracketed,
              T shortest, T longest) {
  const auto cubic = [](const search_point<T>& from, const search_point<T>& to, bool floored, T& theta) {
    theta = 3 * (from.value - to.value) / (to.at - from.at) + from.slope + to.slope;
    const T size = std::max({std::abs(theta), std::abs(from.slope), std::abs(to.slope)});
    const T square = (theta / size) * (theta / size) - (from.slope / size) * (to.slope / size);
    return size * std::sqrt(floored ? std::max(T(0), square) : square);
  };
  const T turn = now.slope * (best.slope / std::abs(best.slope));
  T theta{}, next{};
  if (now.value > best.value) {  // higher: a minimum lies between
    T gamma = cubic(best, now, false, theta);
    if (now.at < best.at) gamma = -gamma;
    const T ratio = ((gamma - best.slope) + theta) / (((gamma - best.slope) + gamma) + now.slope);
    const T by_cubic = best.at + ratio * (now.at - best.at);
    const T by_parabola = best.at + best.slope /
                                        ((best.value - now.value) / (now.at - best.at) + best.slope) / 2 *
                                        (now.at - best.at);
    next = std::abs(by_cubic - best.at) < std::abs(by_parabola - best.at)
               ? by_cubic
               : by_cubic + (by_parabola - by_cubic) / 2;
    bracketed = true;
  } else if (turn < 0) {  // lower, and the slope has turned
    T gamma = cubic(best, now, false, theta);
    if (now.at > best.at) gamma = -gamma;
    const T ratio = ((gamma - now.slope) + theta) / (((gamma - now.slope) + gamma) + best.slope);
    const T by_cubic = now.at + ratio * (best.at - now.at);
    const T by_secant = now.at + now.slope / (now.slope - best.slope) * (best.at - now.at);
    next = std::abs(by_cubic - now.at) > std::abs(by_secant - now.at) ? by_cubic : by_secant;
    bracketed = true;
  } else if (std::abs(now.slope) < std::abs(best.slope)) {  // lower, and flatter
    T gamma = cubic(best, now, true, theta);
    if (now.at > best.at) gamma = -gamma;
    const T ratio = ((gamma - now.slope) + theta) / ((gamma + (best.slope - now.slope)) + gamma);
    const T by_cubic = ratio < 0 && gamma != 0 ? now.at + ratio * (best.at - now.at)
                       : now.at > best.at      ? longest
                                               : shortest;
    const T by_secant = now.at + now.slope / (now.slope - best.slope) * (best.at - now.at);
    const bool cubic_closer = std::abs(by_cubic - now.at) < std::abs(by_secant - now.at);
    if (bracketed) {
      next = cubic_closer ? by_cubic : by_secant;
      const T bound = now.at + static_cast<T>(0.66) * (other.at - now.at);
      next = now.at > best.at ? std::min(bound, next) : std::max(bound, next);
    } else {
      next = std::clamp(cubic_closer ? by_secant : by_cubic, shortest, longest);
    }
  } else if (bracketed) {  // lower, and as steep
    T gamma = cubic(now, other, false, theta);
    if (now.at > other.at) gamma = -gamma;
    const T ratio = ((gamma - now.slope) + theta) / (((gamma - now.slope) + gamma) + other.slope);
    next = now.at + ratio * (other.at - now.at);
  } else {
    next = now.at > best.at ? longest : shortest;
  }

  if (now.value > best.value) {
    other = now;
  } else {
    if (turn < 0) other = best;
    best = now;
  }
  return next;
}

/// Searches from length 0, whose value and slope are given, with the first trial `length` and none beyond
/// `longest`; one below `least` changes nothing and ends it. `look(t)` gives the search_point at t; it was
/// called last for the point that is returned. A value or slope that is not finite shortens the search. The
/// returned point has at = 0 where nothing lower was found within `most` trials.
///
/// Near a minimum values differ by rounding only; there a slope that meets the condition from both sides is
/// taken as proof (Hager and Zhang's approximate Wolfe conditions). Source: Moré and Thuente, ACM Trans.
/// Math. Softw. 20, 1994; MINPACK-2's dcsrch.
template <class T, class Look>
search_point<T> wolfe_search(Look look, const search_point<T>& start, T length, T least, T longest,
                             const wolfe_conditions& conditions, std::size_t& skipped, int most = 40) {
  const T decrease = static_cast<T>(conditions.decrease), curvature = static_cast<T>(conditions.curvature);
  const T promised = decrease * start.slope,
          rounding = 4 * std::numeric_limits<T>::epsilon() * std::abs(start.value);
  const T narrow = 4 * std::numeric_limits<T>::epsilon();
  search_point<T> best = start, other = start;
  bool bracketed = false, first_stage = true;
  T width = longest, width_before = 2 * longest;
  T shortest = 0, furthest = std::min(longest, 5 * length);
  length = std::min(length, longest);
  for (int trial = 0; trial < most; ++trial) {
    const search_point<T> seen = look(length);
    search_point<T> now = seen;
    if (!detail::is_finite(now.value) || !detail::is_finite(now.slope)) {
      ++skipped;
      longest = length;  // nothing beyond is defined
      length = best.at + (length - best.at) / 8;
      shortest = best.at, furthest = std::min(furthest, longest);
      if (!(length > best.at)) break;
      continue;
    }
    const T allowed = start.value + now.at * promised;
    // A value that differs by rounding tells nothing where the slope still leads down.
    if (now.slope < 0 && std::abs(now.value - start.value) <= rounding)
      now.value = std::min(now.value, allowed);
    const bool flat = std::abs(now.slope) <= curvature * -start.slope;
    if (now.value <= allowed && flat) return seen;
    if (now.value <= start.value + rounding && flat && now.slope <= (2 * decrease - 1) * start.slope &&
        std::abs(now.value - start.value) <= rounding)
      return seen;
    if (length >= longest && now.value <= allowed && now.slope <= promised) return seen;
    if (bracketed && (length <= shortest || length >= furthest || furthest - shortest <= narrow * furthest))
      break;

    if (first_stage && now.value <= allowed && now.slope >= 0) first_stage = false;
    if (first_stage && now.value <= best.value &&
        now.value > allowed) {  // the function less its promise decides
      const auto shifted = [&](search_point<T> point, T sign) {
        return search_point<T>{point.at, point.value - sign * point.at * promised,
                               point.slope - sign * promised};
      };
      search_point<T> low = shifted(best, 1), high = shifted(other, 1);
      length = next_length(low, high, shifted(now, 1), bracketed, shortest, furthest);
      best = shifted(low, -1), other = shifted(high, -1);
    } else {
      length = next_length(best, other, now, bracketed, shortest, furthest);
    }
    if (bracketed) {
      if (std::abs(other.at - best.at) >= static_cast<T>(0.66) * width_before)
        length = best.at + (other.at - best.at) / 2;
      width_before = width;
      width = std::abs(other.at - best.at);
      shortest = std::min(best.at, other.at), furthest = std::max(best.at, other.at);
    } else {
      shortest = length + (length - best.at) / 10;
      furthest = length + 4 * (length - best.at);
      shortest = std::min(shortest, longest), furthest = std::min(furthest, longest);
    }
    length = std::clamp(length, T(0), longest);
    if (bracketed && (length <= shortest || length >= furthest || furthest - shortest <= narrow * furthest))
      length = best.at;
    if (!detail::is_finite(length) || length < least) break;
  }
  // The conditions were not met: the lowest point seen is better than none.
  if (best.at > 0 && best.value < start.value) return look(best.at);
  return {0, start.value, start.slope};
}

}  // namespace detail

}  // namespace tg

#include "../../support/compiler/end.hpp"
