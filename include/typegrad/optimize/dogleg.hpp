// SPDX-License-Identifier: BSL-1.0
// Powell's dogleg for least squares: a method of tg::minimize. Needs Eigen 3.
#pragma once
#include "../support/compiler/begin.hpp"

#include <cstddef>

#include "loop/trust_region.hpp"
#include "model/dogleg_model.hpp"

namespace tg {

/// Powell's dogleg: a step goes down the gradient to the best point there, then towards the Gauss-Newton
/// step, until it meets the radius. Scaling and radius as in tg::newton. Problems: least squares. Sources:
/// Powell 1970; Nocedal and Wright, section 4.1.
struct dogleg {
  double initial_radius = 1;  ///< relative to the start, in scaled parameters

  template <class Problem, class V>
  static constexpr bool fits = detail::LeastSquares<Problem, V>;
  static constexpr const char* name = "dogleg";
  void check(const detail::option_check& options) const {
    options.positive("initial_radius", initial_radius);
  }
  template <class Problem, class V>
  using oracle = typename detail::linear_model_of<Problem, V>::oracle;
  template <class Problem, class V>
  auto engine(oracle<Problem, V>& questions, const detail::box<detail::number_in<V>>& bounds,
              std::size_t) const {
    using T = detail::number_in<V>;
    return detail::trust_region<detail::dogleg_model<typename detail::linear_model_of<Problem, V>::model>>(
        questions, bounds, {static_cast<T>(initial_radius)});
  }
};

}  // namespace tg

#include "../support/compiler/end.hpp"
