// SPDX-License-Identifier: BSL-1.0
// How uncertain the values of a function are, the step that this asks for, and a derivative through a
// least-squares polynomial for functions in which noise is more than rounding.
#pragma once
#include "../support/compiler/begin.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "../support/compiler/finite.hpp"
#include "difference.hpp"

namespace tg {

/// What tg::noise_of finds.
template <class T>
struct noise_estimate {
  /// found; the step was so small that values repeat; so large that the function's own shape is all there is;
  /// f is not finite.
  enum class outcome { found, step_too_small, step_too_large, not_finite };
  T level = 0;  ///< the standard deviation of one value of f; 0 unless found
  outcome state = outcome::not_finite;
  T step = 0;  ///< between the points that were used
  int evaluations = 0;
};

namespace detail {

/// One difference table, of f at x + k h for k = -3 ... 3.
template <std::floating_point T, class F>
noise_estimate<T> noise_at(F& f, T x, T h) {
  using estimate = noise_estimate<T>;
  constexpr int n = 7;
  estimate result{0, estimate::outcome::not_finite, h, n};
  std::array<T, n> v{};
  bool finite = true;
  for (int k = 0; k < n; ++k) {
    v[static_cast<std::size_t>(k)] = static_cast<T>(f(x + static_cast<T>(k - 3) * h));
    finite = finite && detail::is_finite(v[static_cast<std::size_t>(k)]);
  }
  if (!finite) return result;
  const auto [least, most] = std::minmax_element(v.begin(), v.end());
  result.state = estimate::outcome::step_too_large;
  if (*most - *least > T(0.1) * std::max(std::abs(*most), std::abs(*least))) return result;

  std::array<T, n> level{};       // of the k-th differences
  std::array<bool, n> changes{};  // whether they have both signs
  T gamma = 1;
  for (int k = 1; k < n; ++k) {
    T squares = 0, low = detail::infinite<T>(), high = -low;
    int zeros = 0;
    for (int i = 0; i < n - k; ++i) {
      const auto at = static_cast<std::size_t>(i);
      v[at] = v[at + 1] - v[at];
      squares += v[at] * v[at];
      low = std::min(low, v[at]), high = std::max(high, v[at]);
      zeros += v[at] == 0;
    }
    if (k == 1 && 2 * zeros >= n - 1) {
      result.state = estimate::outcome::step_too_small;
      return result;
    }
    gamma *= T(0.5) * static_cast<T>(k) / static_cast<T>(2 * k - 1);  // (k!)^2 / (2k)!
    level[static_cast<std::size_t>(k)] = std::sqrt(gamma * squares / static_cast<T>(n - k));
    changes[static_cast<std::size_t>(k)] = low * high < 0;
  }
  // The first three levels in a row that agree within a factor of four, where differences change sign.
  for (std::size_t k = 1; k + 2 < n; ++k) {
    const auto [low, high] = std::minmax({level[k], level[k + 1], level[k + 2]});
    if (changes[k] && high <= 4 * low) {
      result.level = level[k];
      result.state = estimate::outcome::found;
      break;
    }
  }
  return result;
}

}  // namespace detail

/// The noise of f near x: the standard deviation of the part of f's values that is no smooth function of x,
/// be it rounding, an iteration that was stopped, or a simulation. Steps are tried until one shows it; the
/// last estimate is returned where none does. Cost: 7 evaluations for each step, most often one or two steps,
/// at most eight.
/// Source: Moré and Wild, Estimating computational noise, SIAM J. Sci. Comput. 33 (2011), 1292 (ECnoise).
template <class F, std::floating_point T>
noise_estimate<T> noise_of(F&& f, T x, const difference_options& options = {}) {
  detail::require_meaning(options);
  using estimate = noise_estimate<T>;
  constexpr T epsilon = std::numeric_limits<T>::epsilon();
  const T scale = detail::scale_at(x, options);
  T h = options.step > 0 ? static_cast<T>(options.step) : scale * std::pow(epsilon, T(0.75));
  T low = 0, high = 0;  // steps that were too small, too large
  int evaluations = 0;
  estimate last{};
  for (int attempt = 0; attempt < 8; ++attempt) {
    h = detail::representable(x, h);
    last = detail::noise_at(f, x, h);
    evaluations += last.evaluations;
    last.evaluations = evaluations;
    if (last.state == estimate::outcome::found) break;
    if (last.state == estimate::outcome::step_too_small)
      low = h;
    else
      high = h;
    const T next = low > 0 && high > 0 ? std::sqrt(low * high) : low > 0 ? 100 * h : h / 100;
    if (!(next > 4 * epsilon * std::abs(x)) || next == h || !detail::is_finite(next)) break;
    h = next;
  }
  return last;
}

/// The step for a difference formula where f has noise and its derivative of order p + d has about the size
/// `curvature`: forward differences of order 1, 8^(1/4) sqrt(noise/|f''|); central ones of order 2, (3
/// noise/|f'''|)^(1/3). Source: Moré and Wild, Estimating derivatives of noisy simulations, ACM Trans. Math.
/// Softw. 38 (2012), article 19.
template <std::floating_point T>
T step_for_noise(T noise, T curvature, difference_method method) {
  const T ratio = noise / std::abs(curvature);
  return method == difference_method::central ? std::cbrt(3 * ratio) : T(1.6817928) * std::sqrt(ratio);
}

namespace detail {

/// The least-squares polynomial of degree `degree` through the values at k = -m ... m, by orthogonal
/// polynomials: its derivative at 0, the deviation of that per deviation of a value, and the deviation of the
/// values from it.
template <class T>
struct local_fit {
  T derivative, gain, residual;
};
template <class T>
local_fit<T> fit_polynomial(const std::vector<T>& v, int derivative, int degree) {
  const int m = static_cast<int>(v.size() / 2);
  // p_k and its first two derivatives at 0; p_(k+1)(t) = t p_k(t) - b_k p_(k-1)(t), t in units of m.
  std::vector<T> before(v.size(), 0), now(v.size(), 1), rest = v;
  T norm_before = 1, d[3] = {1, 0, 0}, d_before[3] = {0, 0, 0}, sum = 0, gain = 0;
  for (int k = 0; k <= degree; ++k) {
    T norm = 0, product = 0;
    for (std::size_t i = 0; i < v.size(); ++i) norm += now[i] * now[i], product += now[i] * rest[i];
    const T c = product / norm;
    for (std::size_t i = 0; i < v.size(); ++i) rest[i] -= c * now[i];
    sum += c * d[derivative];
    gain += d[derivative] * d[derivative] / norm;
    const T b = k == 0 ? T(0) : norm / norm_before;
    for (std::size_t i = 0; i < v.size(); ++i) {
      const T t = static_cast<T>(static_cast<int>(i) - m) / static_cast<T>(m),
              next = t * now[i] - b * before[i];
      before[i] = now[i];
      now[i] = next;
    }
    const T next[3] = {-b * d_before[0], d[0] - b * d_before[1], 2 * d[1] - b * d_before[2]};
    for (std::size_t j = 0; j < 3; ++j) d_before[j] = d[j], d[j] = next[j];
    norm_before = norm;
  }
  T squares = 0;
  for (const T& r : rest) squares += r * r;
  return {sum, std::sqrt(gain), std::sqrt(squares / static_cast<T>(static_cast<int>(v.size()) - degree - 1))};
}

/// The derivative through least-squares polynomials of degree 4 on 41 points (Savitzky and Golay, Analytical
/// Chemistry 36 (1964), 1627), on windows of shrinking width; the one with the least bar is taken. The bar:
/// three deviations, and the change to degree 6.
template <std::floating_point T, class F>
numeric_derivative<T> by_filter(F& f, T x, const difference_options& options) {
  constexpr int m = 20;
  const T scale = scale_at(x, options);
  numeric_derivative<T> best{detail::not_a_number<T>(), detail::infinite<T>(), 0};
  T width = options.step > 0 ? m * static_cast<T>(options.step) : scale;
  int evaluations = 0, worse = 0;
  for (int attempt = 0; attempt < (options.step > 0 ? 1 : 8) && worse < 2; ++attempt, width /= 2) {
    std::vector<T> v;
    const T h = representable(x, width / m);
    bool finite = true;
    for (int k = -m; k <= m; ++k) {
      v.push_back(static_cast<T>(f(x + static_cast<T>(k) * h)));
      finite = finite && detail::is_finite(v.back());
    }
    evaluations += 2 * m + 1;
    if (!finite) continue;
    const T unit = std::pow(h * m, static_cast<T>(options.derivative));
    const local_fit<T> fit = fit_polynomial(v, options.derivative, 4),
                       wider = fit_polynomial(v, options.derivative, 6);
    const T noise = std::max({wider.residual, fit.residual / 4, static_cast<T>(options.noise),
                              std::numeric_limits<T>::epsilon() * std::abs(v[m])});
    const T error = (std::abs(fit.derivative - wider.derivative) + 3 * fit.gain * noise) / unit;
    if (error < best.error)
      best = {fit.derivative / unit, error, h, 0}, worse = 0;
    else
      ++worse;
  }
  best.evaluations = evaluations;
  return best;
}

}  // namespace detail

}  // namespace tg

#include "../support/compiler/end.hpp"
