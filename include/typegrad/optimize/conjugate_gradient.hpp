// SPDX-License-Identifier: BSL-1.0
// Nonlinear conjugate gradients: the method with the least memory; a method of tg::minimize. Standard library
// only.
#pragma once
#include "../support/compiler/begin.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "../support/compiler/finite.hpp"
#include "loop/descent.hpp"

namespace tg {

/// How the share of the last direction is chosen, with g the new gradient, y its change, d the last
/// direction.
enum class conjugacy {
  hager_zhang,         ///< (y - 2 d yy/dy) g / dy, kept above their lower bound: SIAM J. Optim. 16, 2005
  polak_ribiere_plus,  ///< max(0, g y / g_old g_old): Gilbert and Nocedal 1992
  dai_yuan             ///< g g / dy: SIAM J. Optim. 10, 1999
};

namespace detail {

template <class T>
class conjugate_direction : public direction_base<T> {
 public:
  explicit conjugate_direction(conjugacy rule) : rule_(rule) {}

  void choose(std::span<const T> x, std::span<const T> slopes, const std::vector<std::size_t>& free,
              const box<T>&, std::span<T> toward) {
    slopes_.assign(slopes.begin(), slopes.end());
    const bool same_space = free.size() == free_count_;
    free_count_ = free.size();
    T share = 0;
    if (!last_.empty() && same_space && since_restart_ < x.size()) share = last_share(free);
    since_restart_ = share != 0 ? since_restart_ + 1 : 0;
    for (T& each : toward) each = 0;
    T slope = 0;
    for (const std::size_t i : free) {
      toward[i] = share != 0 ? share * last_[i] - slopes[i] : -slopes[i];
      slope += toward[i] * slopes[i];
    }
    if (share != 0 && !(slope < 0)) {  // conjugate to what no longer holds
      since_restart_ = 0;
      for (const std::size_t i : free) toward[i] = -slopes[i];
    }
  }

  /// The length that would change the value as much as the last step did.
  T first_length(std::span<const T> x, std::span<const T> slopes, T value, std::span<const T> toward,
                 T downhill, bool bent) const {
    if (bent) return 1;
    if (!(last_promise_ < 0)) return this->cautious_length(x, slopes, value, toward);
    return std::min(last_promise_ / downhill, 100 * last_length_);
  }

  void learn(std::span<const T> step, std::span<const T> change, T length) {
    last_.assign(step.begin(), step.end());
    for (T& each : last_) each /= length;
    change_.assign(change.begin(), change.end());
    last_slopes_ = slopes_;
    last_promise_ = dot(std::span<const T>(slopes_), step);
    last_length_ = length;
  }

  void forget() { last_.clear(), since_restart_ = 0; }

  template <class Archive>
  void archive(Archive& file) {
    file("last", last_), file("change", change_), file("last_slopes", last_slopes_),
        file("promise", last_promise_);
    file("last_length", last_length_), file("free", free_count_), file("since_restart", since_restart_);
  }

 private:
  T last_share(const std::vector<std::size_t>& free) const {
    T along = 0, change_square = 0, slope_change = 0, slope_along = 0, slope_square = 0, last_square = 0,
      way = 0;
    for (const std::size_t i : free) {
      along += last_[i] * change_[i];
      change_square += change_[i] * change_[i];
      slope_change += slopes_[i] * change_[i];
      slope_along += slopes_[i] * last_[i];
      slope_square += slopes_[i] * slopes_[i];
      last_square += last_slopes_[i] * last_slopes_[i];
      way += last_[i] * last_[i];
    }
    T share = 0;
    if (rule_ == conjugacy::polak_ribiere_plus) share = std::max(T(0), slope_change / last_square);
    if (rule_ == conjugacy::dai_yuan) share = slope_square / along;
    if (rule_ == conjugacy::hager_zhang) {
      const T least = -1 / (std::sqrt(way) * std::min(static_cast<T>(0.01), std::sqrt(last_square)));
      share = std::max(least, (slope_change - 2 * slope_along * change_square / along) / along);
    }
    return detail::is_finite(share) ? share : T(0);
  }

  conjugacy rule_;
  std::vector<T> slopes_, last_, change_, last_slopes_;
  T last_promise_ = 0, last_length_ = 0;
  std::size_t free_count_ = 0, since_restart_ = 0;
};

}  // namespace detail

/// Nonlinear conjugate gradients with a search by the strong Wolfe conditions, restarted after n steps and
/// where the direction no longer leads downhill or the bounds hold other parameters. Needs values and
/// gradients. Cost of a step: two to three evaluations; memory: 4 n numbers. L-BFGS needs fewer steps
/// wherever its memory can be spared.
struct conjugate_gradient {
  conjugacy rule = conjugacy::hager_zhang;
  wolfe_conditions conditions = {.decrease = 1e-4, .curvature = 0.1};

  template <class Problem, class V>
  static constexpr bool fits = detail::HasGradient<Problem, V>;
  static constexpr const char* name = "conjugate_gradient";
  void check(const detail::option_check& options) const { conditions.check(options); }
  template <class Problem, class V>
  using oracle = detail::gradient_of<Problem, V>;
  template <class Problem, class V>
  auto engine(oracle<Problem, V>& questions, const detail::box<detail::number_in<V>>& bounds,
              std::size_t) const {
    using direction = detail::conjugate_direction<detail::number_in<V>>;
    return detail::descent<direction>(questions, bounds, direction(rule), conditions);
  }
};

}  // namespace tg

#include "../support/compiler/end.hpp"
