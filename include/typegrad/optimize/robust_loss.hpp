// SPDX-License-Identifier: BSL-1.0
// Robust losses for least squares: the cost 1/2 sum rho(r^2) instead of 1/2 sum r^2, with a rho that grows
// slower than its argument, so that outliers pull less. Each loss has a scale in units of the residual, below
// which it is close to the square.
#pragma once
#include "../support/compiler/begin.hpp"

#include <algorithm>
#include <cmath>
#include <concepts>
#include <limits>
#include <string_view>
#include <utility>

namespace tg {

/// rho(s) and its derivative at s = r^2.
template <class T>
struct rho {
  T value;
  T slope;
};

/// rho = s up to scale^2, then 2 scale sqrt(s) - scale^2: the square inside, |r| outside. Convex. Source:
/// Huber 1964.
struct huber {
  double scale = 1;

  static constexpr std::string_view name = "huber";
  template <class T>
  rho<T> operator()(T s) const {
    const T a = static_cast<T>(scale), root = std::sqrt(s);
    return root <= a ? rho<T>{s, 1} : rho<T>{2 * a * root - a * a, a / root};
  }
};

/// rho = 2 scale^2 (sqrt(1 + s/scale^2) - 1): a smooth huber. Convex.
struct soft_l1 {
  double scale = 1;

  static constexpr std::string_view name = "soft_l1";
  template <class T>
  rho<T> operator()(T s) const {
    const T square = static_cast<T>(scale * scale), root = std::sqrt(1 + s / square);
    return {2 * s / (root + 1), 1 / root};
  }
};

/// rho = scale^2 log(1 + s/scale^2). Not convex: start near the answer.
struct cauchy {
  double scale = 1;

  static constexpr std::string_view name = "cauchy";
  template <class T>
  rho<T> operator()(T s) const {
    const T square = static_cast<T>(scale * scale);
    return {square * std::log1p(s / square), square / (square + s)};
  }
};

/// rho = scale^2 atan(s/scale^2): a residual costs at most pi/2 scale^2. Not convex. (Ceres takes rho = a
/// atan(s/a): a = scale^2.)
struct arctan {
  double scale = 1;

  static constexpr std::string_view name = "arctan";
  template <class T>
  rho<T> operator()(T s) const {
    const T square = static_cast<T>(scale * scale), ratio = s / square;
    return {square * std::atan(ratio), 1 / (1 + ratio * ratio)};
  }
};

/// rho = scale^2/3 (1 - (1 - s/scale^2)^3) up to scale^2, then constant: residuals beyond the scale have no
/// pull at all. Not convex. Source: Beaton and Tukey 1974.
struct tukey {
  double scale = 1;

  static constexpr std::string_view name = "tukey";
  template <class T>
  rho<T> operator()(T s) const {
    const T square = static_cast<T>(scale * scale), inside = 1 - s / square;
    return inside > 0 ? rho<T>{square / 3 * (1 - inside * inside * inside), inside * inside}
                      : rho<T>{s >= 0 ? square / 3 : s, 0};
  }
};

/// A least-squares problem under a robust loss.
template <class Problem, class Loss>
struct robust_problem {
  Problem problem;
  Loss loss;
};

/// The least-squares problem with the cost 1/2 sum rho(r_i^2); several residuals of a row (tg::sum_over of
/// tg::outputs) are a block under one loss, rho(|r_i|^2). `problem`: ResidualRows or ResidualVector.
/// `loss`: tg::huber, soft_l1, cauchy, arctan, tukey, or a callable that maps s = r^2 to a tg::rho. A scale
/// that is not a finite number above 0 is refused by the optimizers as stop_reason::invalid_options.
///
/// A step is that of the weighted problem, sqrt(rho'(r^2)) r, whose J^T r is the cost's exact gradient. Of
/// Triggs' correction that is the first-order part: its second-order part is zero where rho'' <= 0, as for
/// all losses here, because the matrix would no longer be positive (so does Ceres). Costs that are reported
/// are 1/2 sum rho. Source: Triggs et al. 2000, section 4.3; Ceres, Corrector. Standard errors of a result
/// are those of the weighted residuals.
template <class Problem, class Loss>
constexpr robust_problem<Problem, Loss> robust(Problem problem, Loss loss) {
  return {std::move(problem), std::move(loss)};
}

}  // namespace tg

#include "../support/compiler/end.hpp"
