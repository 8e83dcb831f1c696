// SPDX-License-Identifier: BSL-1.0
// The methods of tg::minimize, one row each: what the tests hold every method to, they hold these to.
#pragma once

#include <typegrad/optimize/conjugate_gradient.hpp>
#include <typegrad/optimize/dogleg.hpp>
#include <typegrad/optimize/gauss_newton.hpp>
#include <typegrad/optimize/l_bfgs.hpp>
#include <typegrad/optimize/levenberg_marquardt.hpp>
#include <typegrad/optimize/newton.hpp>

namespace minimize_test {

/// Calls use(name, method) for each method of objectives.
inline void each_objective_method(auto use) {
  use("newton", tg::newton{});
  use("l_bfgs", tg::l_bfgs{});
  use("hager_zhang", tg::conjugate_gradient{});
  use("polak_ribiere_plus", tg::conjugate_gradient{.rule = tg::conjugacy::polak_ribiere_plus});
  use("dai_yuan", tg::conjugate_gradient{.rule = tg::conjugacy::dai_yuan});
}

/// The same for the methods of least squares.
inline void each_least_squares_method(auto use) {
  use("levenberg_marquardt", tg::levenberg_marquardt_method{});
  use("levenberg_marquardt, ceres", tg::levenberg_marquardt_method{.damping = tg::damping_rule::ceres});
  use("dogleg", tg::dogleg{});
  use("gauss_newton", tg::gauss_newton{});
}

}  // namespace minimize_test
