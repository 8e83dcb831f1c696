// SPDX-License-Identifier: BSL-1.0
// What a least-squares problem is to an optimizer: the minimum over v of 1/2 sum_i r_i(v)^2, offered as
// residuals with their Jacobian or as normal equations. Two makers turn ordinary callables, or a
// tg::function, into such a problem.
#pragma once
#include "../support/compiler/begin.hpp"

#include <array>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <utility>

#include "../support/compiler/finite.hpp"
#include "problem/parameters.hpp"
#include "stop_reason.hpp"

namespace tg {

/// A problem that offers its residuals row by row: `problem.residuals(v, use)` calls `use(i, r, gradient)`
/// for each of the `row_count()` rows in turn, with residual i and its n derivatives; where rows have
/// several, `residuals_in_row()` says how many and `residual_count()` how many there are. `tg::sum_over(data,
/// residual, v)` is one.
template <class Problem, class V>
concept ResidualRows = requires(const Problem& problem, const V& v,
                                void (*use)(std::size_t, const detail::number_in<V>&,
                                            std::span<const detail::number_in<V>>)) {
  { problem.row_count() } -> std::convertible_to<std::size_t>;
  problem.residuals(v, use);
};

/// A problem that offers its m = `residual_count()` residuals and their m x n Jacobian (row major) at once:
/// `residuals(v, r)` writes r, `linearize(v, r, jacobian)` writes both.
template <class Problem, class V>
concept ResidualVector = requires(const Problem& problem, const V& v, std::span<detail::number_in<V>> out) {
  { problem.residual_count() } -> std::convertible_to<std::size_t>;
  problem.residuals(v, out);
  problem.linearize(v, out, out);
};

/// A problem that offers only its normal equations: `problem.gauss_newton(v)` has the members `cost` = 1/2
/// sum r^2, `gradient` = J^T r (n) and `matrix` = J^T J (n x n); `size()`, if there is one, is m. Forming J^T
/// J squares the condition number: where parameters are nearly dependent, a problem of another kind is solved
/// more accurately.
template <class Problem, class V>
concept NormalEquations = requires(const Problem& problem, const V& v) {
  { problem.gauss_newton(v).cost } -> std::convertible_to<detail::number_in<V>>;
  { problem.gauss_newton(v).gradient[0] } -> std::convertible_to<detail::number_in<V>>;
  { problem.gauss_newton(v).matrix[0][0] } -> std::convertible_to<detail::number_in<V>>;
};

/// Any of the three. Where a problem is of several kinds, the optimizers take the first.
template <class Problem, class V>
concept LeastSquaresProblem =
    ResidualRows<Problem, V> || ResidualVector<Problem, V> || NormalEquations<Problem, V>;

/// What a least-squares optimizer returns: the best point seen, whatever the reason it stopped for. The
/// parameters are a vector V like the start; matrices and standard errors are arrays where n is known, else
/// vectors.
template <class T, std::size_t n = std::dynamic_extent, class V = typename detail::storage_for<T, n>::vector>
struct least_squares_result {
  using vector = typename detail::storage_for<T, n>::vector;
  using matrix = typename detail::storage_for<T, n>::matrix;

  V parameters{};
  T cost = detail::not_a_number<T>();  ///< 1/2 sum r^2
  bool converged = false;
  stop_reason reason = stop_reason::iteration_limit;
  std::size_t iterations = 0;      ///< steps tried
  std::size_t evaluations = 0;     ///< points at which residuals were computed
  std::size_t residual_count = 0;  ///< m, or 0 where the problem does not tell
  /// The inverse of J^T J at the parameters; NaN where J has less than full rank.
  matrix inverse_normal{};
  std::string message{};  ///< what was wrong with the call, else empty

  /// Why it stopped, as a sentence.
  std::string why() const { return message.empty() ? std::string(describe(reason)) : message; }

  /// Standard deviation of a residual for m observations: sqrt(sum r^2 / (m - n)); NaN unless m > n.
  T residual_deviation(std::size_t m) const {
    const std::size_t size = detail::size_of(parameters);
    return m > size ? std::sqrt(2 * cost / static_cast<T>(m - size)) : detail::not_a_number<T>();
  }
  T residual_deviation() const { return residual_deviation(residual_count); }

  /// Standard errors of the parameters, linearised at the minimum: residual_deviation * sqrt(diagonal of
  /// inverse_normal).
  vector standard_errors(std::size_t m) const {
    vector errors{};
    if constexpr (n == std::dynamic_extent) errors.resize(detail::size_of(parameters));
    for (std::size_t i = 0; i < errors.size(); ++i)
      errors[i] = residual_deviation(m) * std::sqrt(inverse_normal[i][i]);
    return errors;
  }
  vector standard_errors() const { return standard_errors(residual_count); }
};

namespace detail {

/// m, or 0 where the problem does not tell.
template <class Problem>
std::size_t residual_count_of(const Problem& problem) {
  if constexpr (requires { problem.residual_count(); })
    return problem.residual_count();
  else if constexpr (requires { problem.row_count(); })
    return problem.row_count();
  else if constexpr (requires { problem.size(); })
    return problem.size();
  else
    return 0;
}

}  // namespace detail

/// The ResidualVector made by `tg::least_squares`.
template <class Residual, class Jacobian>
class residual_pair {
 public:
  constexpr residual_pair(std::size_t count, Residual residual, Jacobian jacobian)
      : count_(count), residual_(std::move(residual)), jacobian_(std::move(jacobian)) {}

  constexpr std::size_t residual_count() const { return count_; }

  template <class V, class T>
  constexpr void residuals(const V& v, std::span<T> r) const {
    residual_(v, r);
  }

  template <class V, class T>
  constexpr void linearize(const V& v, std::span<T> r, std::span<T> jacobian) const {
    residual_(v, r);
    jacobian_(v, jacobian);
  }

 private:
  std::size_t count_;
  Residual residual_;
  Jacobian jacobian_;
};

/// The ResidualRows made by `tg::least_squares_by_row`.
template <class Row>
class residual_by_row {
 public:
  constexpr residual_by_row(std::size_t count, Row row) : count_(count), row_(std::move(row)) {}

  constexpr std::size_t row_count() const { return count_; }

  template <class V, class Use>
  constexpr void residuals(const V& v, Use&& use) const {
    for (std::size_t i = 0; i < count_; ++i) {
      const auto& [value, gradient] = row_(i, v);
      use(i, value, gradient);
    }
  }

 private:
  std::size_t count_;
  Row row_;
};

/// The ResidualRows made by `tg::half_squares`.
template <class Sum>
class row_squares {
 public:
  constexpr explicit row_squares(Sum sum) : sum_(std::move(sum)) {}

  static constexpr std::size_t parameter_count() requires requires { Sum::parameter_count(); }
  { return Sum::parameter_count(); }
  constexpr std::size_t row_count() const { return sum_.row_count(); }
  static constexpr std::size_t residuals_in_row() requires requires { Sum::residuals_in_row(); }
  { return Sum::residuals_in_row(); }
  constexpr std::size_t residual_count() const { return detail::residual_count_of(sum_); }

  template <class V, class Use>
  requires ResidualRows<Sum, V>
  constexpr void residuals(const V& v, Use&& use) const { sum_.residuals(v, use); }

 private:
  Sum sum_;
};

/// Half the sum of squares of a tg::sum_over's rows, for every method: alone, a sum_over is the plain sum for
/// methods that take an objective, and residuals for those of least squares.
template <class Sum>
constexpr auto half_squares(Sum sum) {
  return row_squares<Sum>(std::move(sum));
}

/// A problem of `count` residuals from two callables: `residual(v, r)` fills the span r (count numbers),
/// `jacobian(v, j)` fills the span j (count x n numbers, row major, j[i*n + k] = dr_i/dv_k). Both get v as
/// the type of the start.
template <class Residual, class Jacobian>
constexpr auto least_squares(std::size_t count, Residual residual, Jacobian jacobian) {
  return residual_pair<Residual, Jacobian>(count, std::move(residual), std::move(jacobian));
}

/// A problem of `count` residuals from one callable: `row(i, v)` gives the pair of residual i and its
/// gradient (n numbers). With `fn = tg::function(tg::inputs(t, y, p), tg::outputs(r, tg::gradient(r, p)))`
/// that is `tg::least_squares_by_row(m, [&](std::size_t i, const auto& v) { return fn(ts[i], ys[i], v); })`.
template <class Row>
constexpr auto least_squares_by_row(std::size_t count, Row row) {
  return residual_by_row<Row>(count, std::move(row));
}

}  // namespace tg

#include "../support/compiler/end.hpp"
