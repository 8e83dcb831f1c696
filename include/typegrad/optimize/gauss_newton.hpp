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
    std::copy(model_.gradient.begin(), model_.gradient.end(), slopes.begin());
    if (start_.empty()) start_.assign(x.begin(), x.end());
    longest_.resize(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) longest_[i] = std::max(longest_[i], model_.lengths[i]);
    return cost;
  }

  /// Whether a parameter that had an influence has gone far and has none any more: a minimum at infinity is
  /// none.
  bool lost_dependence(oracle& problem, const box<T>& bounds, std::span<const T> x, T cost) {
    for (std::size_t i = 0; i < x.size(); ++i) {
      if (!(longest_[i] > 0) || model_.lengths[i] > 0 || !(std::abs(x[i]) > 10 * std::abs(start_[i])))
        continue;
      Model beside;
      if (!has_influence<T>(bounds, x, i, cost, trial_,
                            [&](std::span<const T> at) { return beside.look(problem, at); }))
        return true;
    }
    return false;
  }

  /// The model is that of the point that was evaluated last, which is x: a search ends with the point that it
  /// returns.
  void choose(std::span<const T> x, std::span<const T>, const std::vector<std::size_t>& free,
              std::span<T> toward) {
    for (T& each : toward) each = 0;
    scale_.assign(x.size(), 1);
    for (const std::size_t i : free)
      if (model_.lengths[i] > 0) scale_[i] = model_.lengths[i];
    model_.whole_step(free, scale_, toward);
  }

  T first_length(std::span<const T>, std::span<const T>, T, std::span<const T>, T, bool) const { return 1; }
  void learn(std::span<const T>, std::span<const T>, T) {}
  void forget() {}

  template <class Archive>
  void archive(Archive& file) {
    file("longest", longest_), file("start", start_);
  }

 private:
  Model model_;
  std::vector<T> scale_, longest_, start_, trial_;
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
