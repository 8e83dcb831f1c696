// SPDX-License-Identifier: BSL-1.0
// Gauss-Newton with a line search, for least squares: a method of tg::minimize. Needs Eigen 3.
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
#include "model/linear_model.hpp"

namespace tg {

namespace detail {

/// The step to the minimum of the linear model.
template <class Model>
class gauss_newton_direction : public direction_base<typename Model::number> {
 public:
  using T = typename Model::number;
  using oracle = typename Model::oracle;

  T evaluate(oracle& problem, std::span<const T> x, std::span<T> slopes) {
    const T cost = model_.look(problem, x);
    if (!detail::is_finite(cost) || !model_.load(problem, x)) return detail::not_a_number<T>();
    for (std::size_t i = 0; i < before_.size(); ++i)
      if (model_.overshoots(i, x[i], cost_before_, before_[i], lengths_before_[i]))
        return detail::not_a_number<T>();
    std::copy(model_.gradient.begin(), model_.gradient.end(), slopes.begin());
    if (start_.empty()) start_.assign(x.begin(), x.end());
    longest_.resize(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) longest_[i] = std::max(longest_[i], model_.lengths[i]);
    return cost;
  }

  stop_reason if_flat(oracle& problem, const box<T>& bounds, std::span<const T> x, T cost) {
    Model beside;
    return meaning_far_out<T>(bounds, start_, x, longest_, model_.lengths, cost,
                              [&](std::span<const T> at) { return beside.look(problem, at); });
  }

  /// The model is that of the point that was evaluated last, which is x: a search ends with the point that it
  /// returns.
  void choose(std::span<const T> x, std::span<const T>, const std::vector<std::size_t>& free,
              const box<T>& bounds, std::span<T> toward) {
    before_.assign(x.begin(), x.end()), lengths_before_ = model_.lengths, cost_before_ = model_.cost;
    for (T& each : toward) each = 0;
    scale_.assign(x.size(), 1);
    for (const std::size_t i : free)
      if (model_.lengths[i] > 0) scale_[i] = model_.lengths[i];
    moving_ = free;
    bounds.bend(x, moving_, toward, [&] { model_.whole_step(moving_, scale_, toward); });
  }

  void curvature(std::size_t i, T& here) const { here = model_.lengths[i] * model_.lengths[i]; }
  T first_length(std::span<const T>, std::span<const T>, T, std::span<const T>, T, bool) const { return 1; }
  void learn(std::span<const T>, std::span<const T>, T) {}
  void forget() {}

  template <class Archive>
  void archive(Archive& file) {
    file("longest", longest_), file("start", start_);
  }

 private:
  Model model_;
  std::vector<T> scale_, longest_, start_;
  std::vector<std::size_t> moving_;
  std::vector<T> before_, lengths_before_;  // of the point that is searched from
  T cost_before_{};
};

}  // namespace detail

/// Gauss-Newton: the direction to the minimum of the linear model, and a search by the strong Wolfe
/// conditions. Fast where residuals are small and J has full rank; levenberg_marquardt_method is safer
/// everywhere else. Problems: least squares. Source: Nocedal and Wright, section 10.3.
struct gauss_newton {
  wolfe_conditions conditions = {};

  template <class Problem, class V>
  static constexpr bool fits = detail::LeastSquares<Problem, V>;
  static constexpr const char* name = "gauss_newton";
  void check(const detail::option_check& options) const { conditions.check(options); }
  template <class Problem, class V>
  using oracle = typename detail::linear_model_of<Problem, V>::oracle;
  template <class Problem, class V>
  auto engine(oracle<Problem, V>& questions, const detail::box<detail::number_in<V>>& bounds,
              std::size_t) const {
    using direction = detail::gauss_newton_direction<typename detail::linear_model_of<Problem, V>::model>;
    return detail::descent<direction>(questions, bounds, direction(), conditions);
  }
};

}  // namespace tg

#include "../support/compiler/end.hpp"
