// SPDX-License-Identifier: BSL-1.0
// The verdict on one exact derivative: what the ladder of differences says of it, and why. WRONG takes a
// numeric value that is stable over several steps; whatever cannot be told is said to be so, and never counts
// as a pass.
#pragma once
#include "../support/compiler/begin.hpp"

#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <string>
#include <string_view>

#include "../support/compiler/finite.hpp"
#include "ladder.hpp"

namespace tg {

/// What a check finds. Only `pass` lets a check pass.
enum class verdict {
  pass,         ///< exact and numeric value agree, and an error of a thousandth would have been seen
  wrong,        ///< the numeric value is the same for several steps, and it is another
  kink,         ///< the one-sided derivatives differ
  noisy,        ///< f's values are too uncertain to tell
  domain,       ///< f is not finite at the point, or on one side of it
  inconclusive  ///< the differences cannot tell; the reason says why
};

/// The name in capitals, as reports show it.
constexpr std::string_view to_text(verdict v) {
  constexpr std::array<std::string_view, 6> names{"PASS", "WRONG", "KINK", "NOISY", "DOMAIN", "INCONCLUSIVE"};
  return names[static_cast<std::size_t>(v)];
}

/// One derivative under test.
template <class T>
struct component_check {
  std::string name;  ///< the variable, or output and variable
  T exact = 0;
  T exact_error = 0;  ///< rounding of the exact value, as far as it was measured
  T numeric = 0;
  T error = 0;  ///< bar of the numeric value
  T step = 0;
  tg::verdict verdict = tg::verdict::inconclusive;
  std::string reason;      ///< empty for a pass
  bool unvaried = false;   ///< f was the same at every step
  bool contested = false;  ///< small and large steps tell different derivatives
  bool restless = false;   ///< the exact derivative varies more, over short steps, than f can show
  T finest_step = 0;       ///< of all that were tried

  /// |exact - numeric| relative to the larger.
  T relative() const {
    const T apart = std::abs(exact - numeric), larger = std::max(std::abs(exact), std::abs(numeric));
    return apart == 0 ? T(0) : apart / larger;
  }
  /// |exact - numeric| in units of the last place of the exact value.
  T ulps() const {
    const T size = std::abs(exact);
    if (!detail::is_finite(size)) return detail::infinite<T>();
    return std::abs(exact - numeric) / (std::nextafter(size, detail::infinite<T>()) - size);
  }
};

namespace detail {

template <class T>
std::string digits(T value, int count = 3) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*Lg", count, static_cast<long double>(value));
  return text;
}

/// What a judge has to know of a ladder.
template <class T>
struct measurement {
  T at = 0, value = detail::not_a_number<T>(), error = detail::infinite<T>(), hidden = 0, step = 0,
    finest_step = 0, size = 0, largest = 0;
  T forward = 0, backward = 0, noise_ratio = 1, scale = 0, floor = 0, unrest = 0, widest = 0;
  bool finite = false, fits = false, above = false, below = false, kink = false, vertical = false,
       seen = false, varied = false, contested = false;
  int evaluations = 0;
  int order = 1;
  int count = 0;
  std::array<T, 48> values{}, errors{},
      unseen{};  // of the steps that may be believed; the last is rung::hidden

  /// The step, where it does not go beyond what f keeps its character over.
  T reach() const { return std::min(step, scale); }
  /// Turns the derivative of a multiple of f into that of f.
  void rescale(T factor) {
    for (T* number : {&value, &error, &hidden, &size, &largest, &floor, &unrest, &forward, &backward})
      *number *= factor;
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] *= factor, errors[i] *= factor, unseen[i] *= factor;
  }
};

template <std::floating_point T, class F>
measurement<T> measure(F& f, T x, T center, const difference_options& options) {
  const ladder<T, F> l(f, x, center, options);
  measurement<T> m;
  m.at = x;
  m.order = options.derivative;
  m.scale = scale_at(x, options);
  m.finite = detail::is_finite(center);
  m.evaluations = l.evaluations();
  m.fits = l.size() > 0;
  if (!m.finite || !m.fits) return m;
  m.above = l.finite_above();
  m.below = l.finite_below();
  m.varied = l.varied();
  m.widest = l.widest();
  m.contested = l.contested();
  m.finest_step = l[l.size() - 1].spacing;
  m.noise_ratio = l.noise_ratio();
  // Where f never changes, the largest steps say least of the derivative here: f may have changed and come
  // back.
  const auto& best = l[m.varied ? l.best() : std::max(0, l.size() - 2)];
  m.seen = best.seen && !best.refused && detail::is_finite(best.error);
  if (m.seen)
    m.value = best.value, m.error = best.error, m.hidden = best.hidden, m.step = best.spacing,
    m.size = best.size, m.floor = best.floor, m.unrest = std::max(best.unrest(), best.floor);
  m.vertical = l.keeps_growing();
  if (m.kink = l.has_kink(); m.kink)
    m.forward = l.kink_rung().forward, m.backward = l.kink_rung().backward, m.step = l.kink_rung().spacing;
  for (int i = 0; i < l.size(); ++i)
    if (l[i].seen && !l[i].refused) {
      const auto at = static_cast<std::size_t>(m.count++);
      m.values[at] = l[i].value, m.errors[at] = l[i].error, m.unseen[at] = l[i].hidden;
      m.largest = std::max(m.largest, l[i].size);
    }
  return m;
}

/// Judges `check.exact` by a measurement; fills in everything else but the name. `resolution`: the largest
/// error, relative to the derivative, that a pass may leave open.
template <std::floating_point T>
void judge(component_check<T>& check, const measurement<T>& m, T resolution) {
  constexpr T epsilon = std::numeric_limits<T>::epsilon();
  const auto is = [&check](verdict which, std::string why) {
    check.verdict = which;
    check.reason = std::move(why);
  };
  check.numeric = m.value;
  check.error = m.error;
  check.step = m.step;
  if (!m.finite) return is(verdict::domain, "the function is not finite at this point");
  if (!detail::is_finite(m.at)) return is(verdict::domain, "the point is not finite");
  if (!m.fits)
    return is(verdict::inconclusive,
              "no step fits between rounding of this coordinate and the range of the number type; give "
              "another scale");
  if (!m.above || !m.below)
    return is(verdict::domain, std::string("the function is finite ") + (m.above   ? "above this point only"
                                                                         : m.below ? "below this point only"
                                                                                   : "at this point only"));
  if (m.kink) {
    check.numeric = (m.forward + m.backward) / 2;
    check.error = std::abs(m.forward - m.backward) / 2;
    return is(verdict::kink,
              "one-sided derivatives " + digits(m.backward) + " below and " + digits(m.forward) + " above");
  }
  if (m.vertical)
    return detail::is_finite(check.exact)
               ? is(verdict::inconclusive,
                    "the slope keeps growing as the step shrinks, as at a vertical tangent")
               : is(verdict::domain,
                    "the exact derivative is not finite, and the slope keeps growing as the step shrinks");
  if (!m.seen) return is(verdict::inconclusive, "no step gives a derivative that its neighbours confirm");
  check.unvaried = !m.varied;
  check.contested = m.contested;
  check.finest_step = m.finest_step;

  const T apart = std::abs(check.exact - m.value), bar = m.error + check.exact_error;
  int excluding = 0, agreeing = 0;  // how many steps exclude the exact value, and confirm the best numeric
                                    // one, beside what they differ by
  for (std::size_t i = 0; i < static_cast<std::size_t>(m.count); ++i) {
    const T other = std::abs(m.value - m.values[i]);
    const bool near = other <= apart / 8;
    if (near || !(std::abs(check.exact - m.values[i]) <= m.errors[i] + m.unseen[i] + check.exact_error))
      ++excluding;
    if (near || other <= m.errors[i] + m.error) ++agreeing;
  }
  const bool stable = excluding >= 2 && agreeing >= 3 && !m.contested &&
                      (m.error <= std::max(m.size, m.largest) / 16 || check.unvaried);
  if (!detail::is_finite(check.exact))
    return stable && m.error <= std::abs(m.value) / 64
               ? is(verdict::wrong, "the exact derivative is not finite, the function has a finite one")
               : is(verdict::domain, "the exact derivative is not finite");
  const bool noisy = m.noise_ratio > 64;
  if (apart > bar) {
    if (stable && apart > (noisy ? 10 : 3) * bar + m.hidden)
      return is(verdict::wrong, "off by " + digits(apart / bar, 2) + " error bars");
    const std::string bars = "off by " + digits(apart / bar, 2) + " error bars, ";
    if (noisy && (apart > 3 * bar || m.contested))
      return is(verdict::noisy, bars + "which noise could explain");
    if (apart > 3 * bar && !m.contested) return is(verdict::inconclusive, bars + "but not at every step");
  }
  if (m.contested) return is(verdict::inconclusive, "small and large steps tell different derivatives");
  if (check.unvaried)
    return is(verdict::inconclusive, "the function does not change with this variable at all");
  // A derivative that is zero to within one unit in the last place of x has no digits that could be compared.
  T size = std::max(std::abs(check.exact), std::abs(m.value));
  if (std::abs(check.exact) <= 2 * epsilon * std::abs(m.at) * m.size / m.step)
    size = std::max(m.size, m.largest / 64);
  const T open = apart > bar ? apart + bar : bar;  // a little more than the bar may be chance
  if (open <= resolution * size) return is(verdict::pass, {});
  const std::string share = "the error bar is " + digits(100 * open / size, 2) + " % of the derivative";
  if (check.exact_error > m.error)
    return is(verdict::inconclusive, share + ", from rounding in the exact one");
  is(noisy ? verdict::noisy : verdict::inconclusive, share);
}

}  // namespace detail

}  // namespace tg

#include "../support/compiler/end.hpp"
