// SPDX-License-Identifier: BSL-1.0
// The local linear model of a least-squares problem, r(v + h) = r + J h, and its damped solution: what Levenberg-Marquardt
// asks of linear algebra. One model keeps the triangular factor of J, the other J^T J. Needs Eigen 3, of which only run-time
// sizes and the cheapest kernels are used: a fixed-size Eigen QR costs more than ten seconds to compile for every n.
#pragma once

// Debian and Ubuntu keep Eigen where it is found without a compiler flag, under its longer name.
#if __has_include(<Eigen/Cholesky>)
#include <Eigen/Cholesky>
#include <Eigen/Householder>
#elif __has_include(<eigen3/Eigen/Cholesky>)
#include <eigen3/Eigen/Cholesky>
#include <eigen3/Eigen/Householder>
#else
#error "typegrad/optimize needs Eigen 3: install it (Debian, Ubuntu: libeigen3-dev), or add its folder to the include path"
#endif

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "least_squares.hpp"

namespace tg::detail {

template <class T>
using dense = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>;

constexpr Eigen::Index at(std::size_t i) { return static_cast<Eigen::Index>(i); }

/// Reduces all columns of `a` but the last to upper triangular form by Householder reflections, applied to the last as well.
template <class T>
void triangularize(dense<T>& a) {
  std::vector<T> work(static_cast<std::size_t>(a.cols()));
  for (Eigen::Index k = 0; k + 1 < a.cols(); ++k) {
    const Eigen::Index below = a.rows() - k - 1;
    if (below <= 0) return;
    T tau{}, beta{};
    a.col(k).tail(below + 1).makeHouseholderInPlace(tau, beta);
    a.bottomRightCorner(below + 1, a.cols() - k - 1).applyHouseholderOnTheLeft(a.col(k).tail(below), tau, work.data());
    a(k, k) = beta;
    a.col(k).tail(below).setZero();
  }
}

/// Solves R x = right in place; R is the upper triangle of the first n rows and columns of `a`.
template <class T, std::size_t n>
void back_substitute(const dense<T>& a, std::array<T, n>& right) {
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t j = i + 1; j < n; ++j) right[i] -= a(at(i), at(j)) * right[j];
    right[i] /= a(at(i), at(i));
  }
}

/// The inverse of R^T R, by n solutions with unit vectors; all NaN where a diagonal entry says that R, whose columns have
/// length 1, has less than full rank.
template <class T, std::size_t n>
std::array<std::array<T, n>, n> inverse_gram(const dense<T>& root) {
  const T least = static_cast<T>(n) * std::numeric_limits<T>::epsilon();
  bool full_rank = true;
  std::array<std::array<T, n>, n> columns{}, result{};  // columns of R^-1
  for (std::size_t i = 0; i < n; ++i) {
    full_rank = full_rank && std::abs(root(at(i), at(i))) > least;
    columns[i][i] = 1;
    back_substitute(root, columns[i]);
  }
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j)
      for (std::size_t k = std::max(i, j); k < n; ++k) result[i][j] += columns[k][i] * columns[k][j];
  if (!full_rank)
    for (auto& row : result) row.fill(std::numeric_limits<T>::quiet_NaN());
  return result;
}

/// m, or 0 where the problem does not tell.
template <class Problem>
std::size_t residual_count_of(const Problem& problem) {
  if constexpr (requires { problem.row_count(); })
    return problem.row_count();
  else if constexpr (requires { problem.residual_count(); })
    return problem.residual_count();
  else if constexpr (requires { problem.size(); })
    return problem.size();
  else
    return 0;
}

/// What both models know at a point: the cost, the gradient J^T r and the lengths of J's columns.
template <class T, std::size_t n>
struct model_point {
  T cost{};
  std::array<T, n> gradient{};
  std::array<T, n> column_norms{};

  bool finite() const {
    bool all = std::isfinite(cost);
    for (std::size_t j = 0; j < n; ++j) all = all && std::isfinite(gradient[j]) && std::isfinite(column_norms[j]);
    return all;
  }

  /// The largest cosine of the angle between r and a column of J: 0 at a stationary point, at most 1, free of units.
  T slope() const {
    const T length = std::sqrt(2 * cost);
    T largest = 0;
    for (std::size_t j = 0; j < n; ++j) {
      const T product = column_norms[j] * length;
      if (product > 0) largest = std::max(largest, std::abs(gradient[j]) / product);
    }
    return largest;
  }
};

/// J = Q R by Householder reflections; a damped step solves the 2n x n least-squares problem [R/s; sqrt(damping) I].
/// The rows of J are folded into R block by block, so that the work stays in cache (Lawson and Hanson 1974, chapter 27).
/// Cost: 2 m n^2 for a point, O(n^3) for a step. Source: Moré 1978, as in MINPACK's lmder and lmpar.
template <class T, std::size_t n>
class triangular_model : public model_point<T, n> {
 public:
  /// Damping that changes no step of a problem of full rank.
  static constexpr T negligible_damping = std::numeric_limits<T>::epsilon() * std::numeric_limits<T>::epsilon();

  /// First half of a visit to v: the cost. `work` keeps its m x (n+1) numbers, residuals and Jacobian, between calls.
  template <class Problem>
  T look(const Problem& problem, const std::array<T, n>& v, std::vector<T>& work) {
    const std::size_t count = residual_count_of(problem);
    work.resize(count * (n + 1));
    const std::span<T> residual = std::span<T>(work).first(count), jacobian = std::span<T>(work).subspan(count);
    if constexpr (ResidualRows<Problem, T, n>)
      problem.residuals(v, [&](std::size_t i, const T& r, const auto& derivatives) {
        residual[i] = r;
        for (std::size_t j = 0; j < n; ++j) jacobian[i * n + j] = derivatives[j];
      });
    else
      problem.residuals(v, residual);
    return sum_squares(residual);
  }

  /// Second half, after look() at the same v: the linear model. False where something in it is not finite.
  template <class Problem>
  bool load(const Problem& problem, const std::array<T, n>& v, std::vector<T>& work) {
    const std::size_t count = residual_count_of(problem);
    const std::span<T> residual = std::span<T>(work).first(count), jacobian = std::span<T>(work).subspan(count);
    if constexpr (!ResidualRows<Problem, T, n>) problem.linearize(v, residual, jacobian);
    sum_squares(residual);

    std::array<T, n> squares{};
    this->gradient.fill(0);
    for (std::size_t i = 0; i < count; ++i)
      for (std::size_t j = 0; j < n; ++j) {
        const T entry = jacobian[i * n + j];
        this->gradient[j] += entry * residual[i];
        squares[j] += entry * entry;
      }
    for (std::size_t j = 0; j < n; ++j) this->column_norms[j] = std::sqrt(squares[j]);
    if (!this->finite()) return false;

    root_.setZero(at(n), at(n + 1));
    constexpr std::size_t block = 4 * n + 64;
    for (std::size_t first = 0; first < count; first += block) {
      const std::size_t rows = std::min(block, count - first);
      stack_.resize(at(n + rows), at(n + 1));
      stack_.topRows(at(n)) = root_;
      for (std::size_t i = 0; i < rows; ++i) {
        for (std::size_t j = 0; j < n; ++j) stack_(at(n + i), at(j)) = jacobian[(first + i) * n + j];
        stack_(at(n + i), at(n)) = residual[first + i];
      }
      triangularize(stack_);
      root_ = stack_.topRows(at(n));
    }
    return true;
  }

  /// The h that minimises |r + J h|^2 + damping |scale h|^2.
  std::array<T, n> step(const std::array<T, n>& scale, T damping) {
    stack_.setZero(at(2 * n), at(n + 1));
    for (std::size_t j = 0; j < n; ++j) {
      for (std::size_t i = 0; i <= j; ++i) stack_(at(i), at(j)) = root_(at(i), at(j)) / scale[j];
      stack_(at(n + j), at(j)) = std::sqrt(damping);
    }
    stack_.col(at(n)).head(at(n)) = root_.col(at(n));
    triangularize(stack_);
    std::array<T, n> h{};
    for (std::size_t i = 0; i < n; ++i) h[i] = -stack_(at(i), at(n));
    back_substitute(stack_, h);
    for (std::size_t i = 0; i < n; ++i) h[i] /= scale[i];
    return h;
  }

  /// The inverse of J^T J; all NaN where J has less than full rank.
  std::array<std::array<T, n>, n> inverse_normal() {
    for (std::size_t j = 0; j < n; ++j)
      for (std::size_t i = 0; i < n; ++i) root_(at(i), at(j)) /= this->column_norms[j];
    auto inverse = inverse_gram<T, n>(root_);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j) inverse[i][j] /= this->column_norms[i] * this->column_norms[j];
    return inverse;
  }

 private:
  T sum_squares(std::span<const T> r) {
    this->cost = 0;
    for (const T& value : r) this->cost += value * value;
    this->cost /= 2;
    return this->cost;
  }

  dense<T> root_;   // R, and Q^T r as the last column
  dense<T> stack_;  // what is being triangularized
};

/// J^T J, scaled to a unit diagonal before it is damped and factored (Cholesky). Cost: O(n^3) for a step.
template <class T, std::size_t n>
class normal_model : public model_point<T, n> {
 public:
  static constexpr T negligible_damping = static_cast<T>(n) * std::numeric_limits<T>::epsilon();

  /// The problem gives all at once, so the first half of a visit is the whole of it.
  template <class Problem>
  T look(const Problem& problem, const std::array<T, n>& v, std::vector<T>&) {
    const auto point = problem.gauss_newton(v);
    this->cost = point.cost;
    for (std::size_t i = 0; i < n; ++i) {
      this->gradient[i] = point.gradient[i];
      for (std::size_t j = 0; j < n; ++j) product_[i][j] = point.matrix[i][j];
      this->column_norms[i] = std::sqrt(product_[i][i]);
    }
    return this->cost;
  }

  template <class Problem>
  bool load(const Problem&, const std::array<T, n>&, std::vector<T>&) const {
    return this->finite();
  }

  /// The h that solves (J^T J + damping scale^2) h = -J^T r; NaN where that matrix is not positive definite.
  std::array<T, n> step(const std::array<T, n>& scale, T damping) {
    std::array<T, n> h{};
    if (!factor(scale, damping)) {
      h.fill(std::numeric_limits<T>::quiet_NaN());
      return h;
    }
    for (std::size_t i = 0; i < n; ++i) {  // R^T y = -gradient / scale
      h[i] = -this->gradient[i] / scale[i];
      for (std::size_t j = 0; j < i; ++j) h[i] -= root_(at(j), at(i)) * h[j];
      h[i] /= root_(at(i), at(i));
    }
    back_substitute(root_, h);
    for (std::size_t i = 0; i < n; ++i) h[i] /= scale[i];
    return h;
  }

  std::array<std::array<T, n>, n> inverse_normal() {
    if (!factor(this->column_norms, 0)) root_.setZero(at(n), at(n));
    auto inverse = inverse_gram<T, n>(root_);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j) inverse[i][j] /= this->column_norms[i] * this->column_norms[j];
    return inverse;
  }

 private:
  /// R with R^T R = the scaled and damped matrix.
  bool factor(const std::array<T, n>& scale, T damping) {
    dense<T> damped(at(n), at(n));
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j)
        damped(at(i), at(j)) = product_[i][j] / (scale[i] * scale[j]) + (i == j ? damping : T(0));
    const Eigen::LLT<Eigen::Ref<dense<T>>, Eigen::Lower> cholesky(damped);
    root_ = damped.transpose();
    return cholesky.info() == Eigen::Success;
  }

  std::array<std::array<T, n>, n> product_{};
  dense<T> root_;
};

}  // namespace tg::detail
