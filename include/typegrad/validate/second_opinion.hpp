// SPDX-License-Identifier: BSL-1.0
// A second oracle: the same callables in a wider number type (long double, Boost.Multiprecision), or the
// function by complex step. It says which side of a disagreement is wrong: the rule, the rounding of the
// exact derivative, or the differences.
#pragma once
#include "../support/compiler/begin.hpp"

#include <array>
#include <cmath>
#include <complex>
#include <cstddef>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "../support/compiler/finite.hpp"
#include "check.hpp"
#include "microderivative.hpp"

namespace tg {

namespace detail {

template <class W, class T, std::size_t n>
std::array<W, n> widened(const std::array<T, n>& point) {
  std::array<W, n> wide;
  for (std::size_t i = 0; i < n; ++i) wide[i] = W(point[i]);
  return wide;
}
template <class W, class T>
std::vector<W> widened(const std::vector<T>& point) {
  return {point.begin(), point.end()};
}

/// The derivative of order 1 in a wide type, and a bar: central differences of order 8 with three steps, of
/// which two that agree best are taken. The steps are far below those of the narrow type, where truncation is
/// nothing and the wide type has digits to spare. A step that x hardly notices has no bar at all.
template <class W, class T, class F>
std::pair<W, W> wide_derivative(F&& f, const W& x, T step) {
  using std::abs;
  constexpr int weights[] = {0, 672, -168, 32, -3};  // over 840
  const int spare = std::numeric_limits<W>::digits - std::numeric_limits<T>::digits;
  std::array<W, 3> value;
  for (std::size_t level = 0; level < 3; ++level) {
    const W h = W(std::ldexp(step, -spare / 9 - 3 * static_cast<int>(level)));
    W sum = 0;
    for (int k = 1; k <= 4; ++k) sum += W(weights[k]) * (f(W(x + k * h)) - f(W(x - k * h)));
    value[level] = sum / (W(840) * h);
  }
  if (!(W(std::ldexp(step, -spare / 9 - 6)) > 64 * std::numeric_limits<W>::epsilon() * abs(x)))
    return {value[2], std::numeric_limits<W>::max()};
  const W first = abs(value[0] - value[1]), second = abs(value[1] - value[2]);
  return first <= second ? std::pair<W, W>{value[1], first} : std::pair<W, W>{value[2], second};
}

/// Judges one component again, knowing the derivative of the function (`truth`, with a bar) and perhaps what
/// the rule gives in wide numbers.
template <class T, class W>
void judge_again(component_check<T>& c, const W& truth, const W& bar, const W* by_rule, T resolution,
                 const std::string& oracle) {
  using std::abs;
  const W size = abs(truth) > abs(W(c.exact)) ? abs(truth) : abs(W(c.exact));
  const auto close = [&](const W& candidate) { return abs(candidate - truth) <= W(resolution) * size + bar; };
  if (!(bar <= W(resolution) * size)) return;  // it does not know better
  if (!detail::is_finite(c.exact)) return;
  const bool misled = c.verdict != verdict::domain && !c.contested && detail::is_finite(c.error) &&
                      !(abs(W(c.numeric) - truth) <= W(3 * c.error) + bar);
  // Where the exact derivative is restless and that is not its rounding, differences of wide numbers may be
  // misled too.
  const bool own_structure =
      by_rule == nullptr || abs(*by_rule - W(c.exact)) <= W(std::abs(c.exact - c.numeric) / 8);
  if (c.restless && own_structure && !close(W(c.exact))) return;
  const std::string differences = misled ? "; the differences were misled" : "";
  c.numeric = static_cast<T>(truth);
  c.error = static_cast<T>(bar);
  if (close(W(c.exact))) {
    c.verdict = verdict::pass;
    c.reason = oracle + " confirms the exact value" + differences;
  } else {
    c.verdict = verdict::wrong;
    if (by_rule == nullptr)
      c.reason = oracle + " contradicts the exact value" + differences;
    else if (close(*by_rule))
      c.reason = "the rule is right in " + oracle + ": rounding spoils the exact value here" + differences;
    else
      c.reason = "the rule is wrong: in " + oracle + " it differs as well" + differences;
  }
}

template <class T>
bool wants_opinion(const component_check<T>& c) {
  return !c.unvaried &&
         (c.verdict == verdict::wrong || c.verdict == verdict::noisy || c.verdict == verdict::inconclusive);
}

template <class T>
void require_gradient_report(const check_report<T>& report, std::size_t coordinates) {
  require(report.components.size() == coordinates,
          "second_opinion: the report has " + std::to_string(report.components.size()) +
              " components where " + std::to_string(coordinates) +
              " are needed; give one of check_gradient at this point.");
}

}  // namespace detail

/// Asks the same callables in the number type W about every component of a report of check_gradient that is
/// WRONG, NOISY or INCONCLUSIVE. `f` takes a point of W (std::array or std::vector as the point is) and
/// returns W; `gradient` too, or is nullptr if it cannot. A component whose function never changes stays as
/// it is. Where small and large steps tell different derivatives, steps smaller than all of them are taken.
/// Errors: std::invalid_argument for a report or a gradient with another number of components than the point.
template <class W, class F, class G, detail::Point P>
void second_opinion(check_report<detail::number_t<P>>& report, F&& f, G&& gradient, const P& point,
                    const check_options& options = {}, const std::string& oracle = "a wider number type") {
  using T = detail::number_t<P>;
  constexpr bool has_rule = !std::is_null_pointer_v<std::remove_cvref_t<G>>;
  detail::require_gradient_report(report, std::size(point));
  auto wide = detail::widened<W>(detail::own_point(point));
  for (std::size_t i = 0; i < report.components.size(); ++i) {
    component_check<T>& c = report.components[i];
    if (!detail::wants_opinion(c)) continue;
    const T step = c.contested ? c.finest_step / 4
                   : c.step > 0
                       ? c.step
                       : detail::scale_at(static_cast<T>(point[i]), detail::differences_for(options, i)) / 64;
    const W x = wide[i];
    const auto [truth, bar] = detail::wide_derivative<W, T>(
        [&](const W& place) {
          wide[i] = place;
          return W(f(std::as_const(wide)));
        },
        x, step);
    wide[i] = x;
    report.evaluations += 24;
    if constexpr (has_rule) {
      const auto slopes = gradient(std::as_const(wide));
      detail::require(std::size(slopes) == wide.size(),
                      "second_opinion: the gradient has " + std::to_string(std::size(slopes)) +
                          " components where " + std::to_string(wide.size()) + " are needed.");
      const W by_rule = W(slopes[i]);
      ++report.exact_evaluations;
      detail::judge_again(c, truth, bar, &by_rule, static_cast<T>(options.resolution), oracle);
    } else {
      detail::judge_again(c, truth, bar, static_cast<const W*>(nullptr), static_cast<T>(options.resolution),
                          oracle);
    }
  }
}

/// The same by complex step: `f` takes a point of std::complex<T> and is analytic.
template <class F, detail::Point P>
void second_opinion_by_complex_step(check_report<detail::number_t<P>>& report, F&& f, const P& point,
                                    const check_options& options = {}) {
  using T = detail::number_t<P>;
  detail::require_gradient_report(report, std::size(point));
  for (std::size_t i = 0; i < report.components.size(); ++i) {
    component_check<T>& c = report.components[i];
    if (!detail::wants_opinion(c)) continue;
    const auto truth = complex_step(f, point, i, detail::differences_for(options, i));
    report.evaluations += truth.evaluations;
    detail::judge_again(c, truth.value, truth.error, static_cast<const T*>(nullptr),
                        static_cast<T>(options.resolution), "the complex step");
  }
}

}  // namespace tg

#include "../support/compiler/end.hpp"
