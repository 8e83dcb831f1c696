// SPDX-License-Identifier: BSL-1.0
// Newton's method with a trust region, from exact second derivatives: a method of tg::minimize. Needs
// Eigen 3.
#pragma once
#include "../support/compiler/begin.hpp"

#include <cstddef>

#include "loop/trust_region.hpp"
#include "model/hessian_model.hpp"

namespace tg {

/// Newton's method in a trust region: a step minimises the exact quadratic model f + g h + h H h / 2 in |D h|
/// <= radius, D the longest square roots so far of |diagonal of H|. It goes down along negative curvature,
/// leaves saddles, and converges quadratically at a minimum. With rho the decrease over the model's: radius =
/// |D h|/2 below 1/4, at least 2 |D h| above 3/4; below 1e-4 the step is refused and the radius a quarter.
/// Problems: CurvedObjective. Cost of a step: f, and where it is taken its Hessian and 9 n^3. Source: Moré
/// and Sorensen 1983; Nocedal and Wright, Numerical Optimization, algorithm 4.1.
struct newton {
  double initial_radius = 1;  ///< relative to the start, in scaled parameters

  template <class Problem, class V>
  static constexpr bool fits = CurvedObjective<Problem, V>;
  static constexpr const char* name = "newton";
  void check(const detail::option_check& options) const {
    options.positive("initial_radius", initial_radius);
  }
  template <class Problem, class V>
  using oracle = detail::hessian_of<Problem, V>;
  template <class Problem, class V>
  auto engine(oracle<Problem, V>& questions, const detail::box<detail::number_in<V>>& bounds,
              std::size_t) const {
    using T = detail::number_in<V>;
    return detail::trust_region<detail::hessian_model<T>>(questions, bounds,
                                                          {static_cast<T>(initial_radius)});
  }
};

}  // namespace tg

#include "../support/compiler/end.hpp"
