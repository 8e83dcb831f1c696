// SPDX-License-Identifier: BSL-1.0
// The local linear model of a least-squares problem, r(x + h) = r + J h: what Levenberg-Marquardt, Powell's
// dogleg and Gauss-Newton ask of linear algebra. Needs Eigen 3.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../problem/oracle.hpp"
#include "normal_model.hpp"
#include "triangular_model.hpp"

namespace tg::detail {

/// The model and the questions for it that a least-squares problem allows: by QR of J where it offers rows or
/// J itself.
template <class Problem, class V>
struct linear_model_of {
  using model = normal_model<number_in<V>>;
  using oracle = normal_equations_of<Problem, V>;
};
template <class Problem, class V>
requires HasResiduals<Problem, V>
struct linear_model_of<Problem, V> {
  using model = triangular_model<number_in<V>>;
  using oracle = residuals_of<Problem, V>;
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
