// SPDX-License-Identifier: BSL-1.0
// tg::minimize without a method: L-BFGS where the problem has a gradient, Levenberg-Marquardt where it has
// residuals only. Opt-in: needs Eigen 3.
#pragma once
#include "../support/compiler/begin.hpp"

#include <type_traits>
#include <utility>

#include "l_bfgs.hpp"
#include "levenberg_marquardt.hpp"
#include "minimize.hpp"

namespace tg {

/// The method that is taken for a problem where none is named.
template <class Problem, class V>
using default_method = std::conditional_t<Objective<Problem, V>, l_bfgs, levenberg_marquardt_method>;

/// Minimises `problem` from `start` as `tg::minimize(problem, start, default_method{}, options, progress)`
/// does: by tg::l_bfgs where the problem offers a value and a gradient, else by
/// tg::levenberg_marquardt_method. A tg::sum_over offers both and is taken as a plain sum; name
/// tg::levenberg_marquardt_method for the sum of its squares. Errors: none are thrown, as by minimize.
template <class Problem, ParameterVector V, class Progress = detail::silent>
minimize_result<V> minimize(const Problem& problem, const V& start,
                            const std::type_identity_t<minimize_options<detail::number_in<V>>>& options = {},
                            Progress&& progress = {}) {
  return minimize(problem, start, default_method<Problem, V>{}, options, std::forward<Progress>(progress));
}

}  // namespace tg

#include "../support/compiler/end.hpp"
