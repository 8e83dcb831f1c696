// SPDX-License-Identifier: BSL-1.0
// Problems as objectives and constraints of NLopt, with exact gradients. Opt-in: needs NLopt and its C++
// interface.
#pragma once
#include "../support/compiler/begin.hpp"

#include <nlopt.hpp>
#include <span>
#include <vector>

#include "formula_problem.hpp"
#include "problem/oracle.hpp"

namespace tg {

/// A function of NLopt's type that evaluates the problem behind `data`, a pointer to a const Problem: any
/// Objective of std::vector<double>, or a problem of least squares. The gradient is computed only where NLopt
/// asks for it.
template <class Problem>
double nlopt_function(const std::vector<double>& x, std::vector<double>& gradient, void* data) {
  using vector = std::vector<double>;
  static_assert(detail::HasGradient<Problem, vector>,
                "nlopt_function: the problem offers no value and gradient for a std::vector<double>");
  const Problem& problem = *static_cast<const Problem*>(data);
  if constexpr (requires { problem.value(x); })
    if (gradient.empty()) return problem.value(x);
  vector slopes(x.size());
  const double value = detail::gradient_of<Problem, vector>(problem, x).value_and_gradient(x, slopes);
  if (!gradient.empty()) gradient = slopes;
  return value;
}

namespace detail {
/// What NLopt keeps; it has no place for const.
template <class Problem>
void* data_of(const Problem& problem) {
  return const_cast<Problem*>(&problem);
}
}  // namespace detail

/// Lets NLopt minimise the problem, or keep it at most 0 or equal to 0 within the tolerance. The problem is
/// referred to and must live as long as the optimizer: `tg::set_min_objective(opt, problem)`; a problem
/// without a name is refused. What the problem throws, NLopt passes on.
template <class Problem>
void set_min_objective(nlopt::opt& optimizer, const Problem& problem) {
  optimizer.set_min_objective(nlopt_function<Problem>, detail::data_of(problem));
}
template <class Problem>
void add_inequality_constraint(nlopt::opt& optimizer, const Problem& problem, double tolerance = 0) {
  optimizer.add_inequality_constraint(nlopt_function<Problem>, detail::data_of(problem), tolerance);
}
template <class Problem>
void add_equality_constraint(nlopt::opt& optimizer, const Problem& problem, double tolerance = 0) {
  optimizer.add_equality_constraint(nlopt_function<Problem>, detail::data_of(problem), tolerance);
}

template <class Problem>
void set_min_objective(nlopt::opt&, const Problem&&) = delete;
template <class Problem>
void add_inequality_constraint(nlopt::opt&, const Problem&&, double = 0) = delete;
template <class Problem>
void add_equality_constraint(nlopt::opt&, const Problem&&, double = 0) = delete;

}  // namespace tg

#include "../support/compiler/end.hpp"
