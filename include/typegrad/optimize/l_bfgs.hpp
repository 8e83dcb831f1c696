// SPDX-License-Identifier: BSL-1.0
// L-BFGS: quasi-Newton for many parameters, from gradients alone; a method of tg::minimize. Standard library
// only.
#pragma once
#include "../support/compiler/begin.hpp"

#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "../support/compiler/exceptions.hpp"
#include "loop/descent.hpp"

namespace tg {

namespace detail {

template <class T>
class l_bfgs_direction : public direction_base<T> {
 public:
  explicit l_bfgs_direction(std::size_t memory) : memory_(memory) {}

  /// The two-loop recursion on the free parameters. Source: Nocedal, Math. Comp. 35, 1980; Nocedal and
  /// Wright, algorithm 7.4.
  void choose(std::span<const T> x, std::span<const T> slopes, const std::vector<std::size_t>& free,
              const box<T>&, std::span<T> toward) {
    const std::size_t n = x.size();
    for (T& each : toward) each = 0;
    for (const std::size_t i : free) toward[i] = -slopes[i];
    const auto product = [&](const T* a, const T* b) {
      T sum = 0;
      if (free.size() == n)
        for (std::size_t i = 0; i < n; ++i) sum += a[i] * b[i];
      else
        for (const std::size_t i : free) sum += a[i] * b[i];
      return sum;
    };
    const auto add = [&](T share, const T* a) {
      if (free.size() == n)
        for (std::size_t i = 0; i < n; ++i) toward[i] += share * a[i];
      else
        for (const std::size_t i : free) toward[i] += share * a[i];
    };
    share_.assign(count_, 0);
    curvature_.assign(count_, 0);
    usable_.assign(count_, false);
    T scale = 0;
    for (std::size_t back = 0; back < count_; ++back) {
      const T *step = pair(back, n), *change = step + n;
      curvature_[back] = product(step, change);
      const T square = product(change, change);
      // On a part of the parameters a pair may have lost its positive curvature.
      usable_[back] = is_positive(curvature_[back], product(step, step), square);
      if (!usable_[back]) continue;
      if (!(scale > 0)) scale = curvature_[back] / square;
      share_[back] = product(step, toward.data()) / curvature_[back];
      add(-share_[back], change);
    }
    if (scale > 0)
      for (const std::size_t i : free) toward[i] *= scale;
    for (std::size_t back = count_; back-- > 0;) {
      const T *step = pair(back, n), *change = step + n;
      if (!usable_[back]) continue;
      add(share_[back] - product(change, toward.data()) / curvature_[back], step);
    }
  }

  T first_length(std::span<const T> x, std::span<const T> slopes, T value, std::span<const T> toward, T,
                 bool) const {
    return count_ > 0 ? T(1) : this->cautious_length(x, slopes, value, toward);
  }

  void learn(std::span<const T> step, std::span<const T> change, T) {
    if (!is_positive(dot(step, change), dot(step, step), dot(change, change))) return;
    const std::size_t n = step.size();
    pairs_.resize(memory_ * 2 * n);
    newest_ = (newest_ + 1) % memory_;
    if (count_ < memory_) ++count_;
    T* to = pairs_.data() + newest_ * 2 * n;
    for (std::size_t i = 0; i < n; ++i) to[i] = step[i], to[n + i] = change[i];
  }

  void forget() { count_ = 0; }

  template <class Archive>
  void archive(Archive& file) {
    std::size_t memory = memory_;
    file("memory", memory), file("newest", newest_), file("count", count_);
    file("pairs", pairs_);
    if (memory != memory_)
      detail::raise(problem_error(stop_reason::bad_checkpoint,
                                  "minimize: the checkpoint is of l_bfgs with another memory"));
  }

 private:
  /// Whether a step and the gradient's change along it agree in direction by more than rounding, in any
  /// units.
  static bool is_positive(T product, T step_square, T change_square) {
    return product > std::numeric_limits<T>::epsilon() * std::sqrt(step_square) * std::sqrt(change_square);
  }

  const T* pair(std::size_t back, std::size_t n) const {
    return pairs_.data() + (newest_ + memory_ - back) % memory_ * 2 * n;
  }

  std::size_t memory_;
  std::size_t newest_ = 0, count_ = 0;
  std::vector<T> pairs_;  // each: a step, then the gradient's change
  std::vector<T> share_, curvature_;
  std::vector<bool> usable_;
};

}  // namespace detail

/// L-BFGS: the direction -H g, with H the inverse Hessian that the last `memory` steps tell, and a search by
/// the strong Wolfe conditions. Needs values and gradients. Under bounds the parameters that a bound holds
/// stay, and a direction that leaves the box is bent into it. Cost of a step: about one evaluation and 4
/// memory n operations; memory: 2 memory n numbers. Sources: Liu and Nocedal, Math. Programming 45, 1989;
/// Bertsekas 1982 (which parameters a bound holds).
struct l_bfgs {
  std::size_t memory = 10;           ///< 3 to 30: more for smooth, costly problems
  wolfe_conditions conditions = {};  ///< decrease 1e-4, curvature 0.9

  template <class Problem, class V>
  static constexpr bool fits = detail::HasGradient<Problem, V>;
  static constexpr const char* name = "l_bfgs";
  void check(const detail::option_check& options) const {
    options.at_least_one("memory", memory)
        .that(memory <= 1'000'000, "memory", static_cast<double>(memory), "a number of at most a million");
    conditions.check(options);
  }
  template <class Problem, class V>
  using oracle = detail::gradient_of<Problem, V>;
  template <class Problem, class V>
  auto engine(oracle<Problem, V>& questions, const detail::box<detail::number_in<V>>& bounds,
              std::size_t) const {
    using direction = detail::l_bfgs_direction<detail::number_in<V>>;
    return detail::descent<direction>(questions, bounds, direction(memory), conditions);
  }
};

}  // namespace tg

#include "../support/compiler/end.hpp"
