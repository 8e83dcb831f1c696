// SPDX-License-Identifier: BSL-1.0
// Taylor's remainder along a direction: what is left of f(x + h v) after the value and the exact derivative
// falls with h^2 if the derivative is right and with h if it is not. It needs no error bars, and shows its
// order.
#pragma once
#include "../support/compiler/begin.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <ostream>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "../support/compiler/finite.hpp"
#include "products.hpp"

namespace tg {

/// The remainders at steps that are halved, and the order that they show.
template <class T>
struct taylor_report {
  std::vector<T> steps, remainders;
  std::vector<T> orders;  ///< log2 of the ratio of each remainder to the next; NaN where the next is rounding
  T observed = 0;  ///< the median of the last three orders above rounding; infinite where all is rounding
  int expected = 2;
  std::uint64_t seed = 0;
  tg::verdict verdict = tg::verdict::inconclusive;
  std::string reason;

  bool passed() const { return verdict == tg::verdict::pass; }
  explicit operator bool() const { return passed(); }
};

namespace detail {

/// Judges remainders, coarse to fine; a wrong derivative has order 1 at least, less is rounding beyond what
/// was expected; `rounding` is what they may be off, `size` that of the last term that was taken away, over
/// its power of h. A pass takes two steps in a row at which an error of a thousandth in that term would show.
template <class T>
void judge_orders(taylor_report<T>& report, T rounding, T size, bool varied) {
  const std::size_t n = report.remainders.size();
  std::vector<T> good;
  bool shown = false;
  const auto small = [&](std::size_t place) {
    return report.remainders[place] <=
           T(5e-4) * size * std::pow(report.steps[place], static_cast<T>(report.expected - 1));
  };
  for (std::size_t k = 0; k + 1 < n; ++k) {
    shown = shown || (small(k) && small(k + 1));
    const T now = report.remainders[k], next = report.remainders[k + 1];
    const bool above = next > rounding && now > next / 4 && detail::is_finite(now);
    report.orders.push_back(above ? std::log2(now / next) : detail::not_a_number<T>());
    if (above) good.push_back(report.orders.back());
  }
  if (!std::all_of(report.remainders.begin() + static_cast<std::ptrdiff_t>(n / 2), report.remainders.end(),
                   [](T left) { return detail::is_finite(left); })) {
    report.verdict = verdict::domain;
    report.reason = "the function or its derivative is not finite close to the point";
  } else if (!varied) {
    report.reason = "the function does not change along the direction, so that nothing is tested";
  } else if (good.size() < 3) {
    report.observed = good.empty() ? detail::infinite<T>() : good.back();
    const bool nothing_left =
        *std::max_element(report.remainders.begin(), report.remainders.end()) <= rounding;
    if (nothing_left && shown)
      report.verdict = verdict::pass;
    else
      report.reason = "the remainder falls into rounding before it shows an order; widen the scale";
  } else {
    std::vector<T> last(good.end() - 3, good.end());
    std::sort(last.begin(), last.end());
    report.observed = last[1];
    const T missing = static_cast<T>(report.expected) - report.observed;
    if (missing < T(0.2) && shown)
      report.verdict = verdict::pass;
    else if (missing < T(0.2))
      report.reason =
          "the remainder falls into rounding before an error of a thousandth would show; widen the scale";
    else if (missing > T(0.8) && report.observed > T(0.75) && last[2] - last[0] < T(0.4))
      report.verdict = verdict::wrong,
      report.reason = "the remainder has order " + digits(report.observed, 2);
    else
      report.reason = "the remainder has order " + digits(report.observed, 2) +
                      ", neither that of a right derivative nor of a wrong one";
  }
}

}  // namespace detail

/// Taylor's test of a gradient along one random direction v (seeded): R(h) = |f(x + hv) - f(x) - h <g, v>|
/// has order 2. With `hvp(x, v)` as well,
/// - h^2/2 <v, Hv>, and order 3. Steps h = 1/8, 1/16, ... of the scale, 20 in double, 10 in float.
/// An error is seen if it is more than a thousandth of the whole product, or the test does not pass; in float
/// it often cannot. WRONG has to be confirmed by differences along v. Cost: 21 evaluations of f, some 40 more
/// for WRONG. Errors: std::invalid_argument for a gradient, product, names or scales of the wrong size.
template <class F, class G, detail::Point P, class Hvp = std::nullptr_t>
taylor_report<detail::number_t<P>> taylor_test(F&& f, G&& gradient, const P& point,
                                               const check_options& options = {}, Hvp&& hvp = nullptr) {
  using T = detail::number_t<P>;
  constexpr bool second = !std::is_null_pointer_v<std::remove_cvref_t<Hvp>>;
  constexpr int halvings = std::numeric_limits<T>::digits > 30 ? 20 : 10;
  detail::check_sizes("taylor_test", options, std::size(point));
  taylor_report<T> report;
  report.seed = options.seed;
  report.expected = second ? 3 : 2;
  const auto start = detail::own_point(point);
  auto v = detail::direction_source(options.seed).like(start, options);
  detail::round_to_powers(v);
  const T center = static_cast<T>(f(start)),
          slope = detail::inner<T>("taylor_test: the gradient", gradient(start), v).first;
  T curvature = 0;
  if constexpr (second)
    curvature = detail::inner<T>("taylor_test: the Hessian times vector", hvp(start, v), v).first;
  auto moved = start;
  T largest = std::abs(center), steepest = 0;
  bool varied = false;
  for (int k = 0; k <= halvings; ++k) {
    const T h = std::ldexp(T(1), -3 - k);
    detail::move_along(moved, start, v, h);
    const T value = static_cast<T>(f(std::as_const(moved)));
    varied = varied || value != center;
    if (detail::is_finite(value)) steepest = std::max(steepest, std::abs(value - center) / h);
    largest = std::max(largest, detail::is_finite(value) ? std::abs(value) : T(0));
    report.steps.push_back(h);
    report.remainders.push_back(std::abs(value - center - h * slope - h * h / 2 * curvature));
  }
  // Where the slope is nothing but rounding, the test is whether it is zero beside what f does further away.
  const T size = second ? std::abs(curvature) / 2
                 : std::abs(slope) > std::sqrt(std::numeric_limits<T>::epsilon()) * steepest ? std::abs(slope)
                                                                                             : steepest;
  // 16 units in the last place: f with a few operations at both ends, and the carries of x + hv.
  detail::judge_orders(report, 16 * std::numeric_limits<T>::epsilon() * std::max(largest, std::abs(slope)),
                       size, varied);
  if (report.verdict != verdict::wrong) return report;
  // Steps of one length after the other may all be too long for what f does here: the ladder has to say so
  // too.
  difference_options along = detail::unit_scale();
  if (second && report.observed > T(1.5)) along.derivative = 2;
  const T origin = detail::line_origin<T>(start, v);
  auto line = [&](T place) {
    detail::move_along(moved, start, v, place - origin);
    return static_cast<T>(f(std::as_const(moved)));
  };
  component_check<T> c;
  c.exact = along.derivative == 2 ? curvature : slope;
  const auto measure_from = [&](T step) {
    along.step = static_cast<double>(step);
    return detail::measure(line, origin, center, along);
  };
  detail::judge_claim(
      c, measure_from(T(0)), static_cast<T>(options.resolution),
      [&](T way) {
        detail::move_along(moved, start, v, way);
        if constexpr (second)
          if (along.derivative == 2)
            return detail::inner<T>("taylor_test: the Hessian times vector", hvp(moved, v), v).first;
        return detail::inner<T>("taylor_test: the gradient", gradient(moved), v).first;
      },
      measure_from);
  if (c.verdict != verdict::wrong)
    report.verdict = verdict::inconclusive,
    report.reason += ", but differences along the direction do not confirm it";
  return report;
}

/// The report as text, one line for each step.
template <class T>
std::string to_text(const taylor_report<T>& report) {
  std::string text = "Taylor remainder: " + std::string(to_text(report.verdict)) + ", order " +
                     detail::digits(report.observed, 3) + " observed, " + std::to_string(report.expected) +
                     " expected; seed " + std::to_string(report.seed) + (report.reason.empty() ? "" : "; ") +
                     report.reason + '\n';
  for (std::size_t k = 0; k < report.steps.size(); ++k) {
    char line[120];
    std::snprintf(line, sizeof line, "  h %9.2Le  remainder %9.2Le",
                  static_cast<long double>(report.steps[k]), static_cast<long double>(report.remainders[k]));
    text += line;
    if (k < report.orders.size() && !detail::is_nan(report.orders[k]))
      text += "  order " + detail::digits(report.orders[k], 3);
    text += '\n';
  }
  return text;
}
template <class T>
std::ostream& operator<<(std::ostream& out, const taylor_report<T>& report) {
  return out << to_text(report);
}

}  // namespace tg

#include "../support/compiler/end.hpp"
