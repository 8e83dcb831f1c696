// SPDX-License-Identifier: BSL-1.0
// The linear model of a least-squares problem that keeps the triangular factor of J. Needs Eigen 3.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "../../support/compiler/finite.hpp"
#include "../problem/oracle.hpp"
#include "householder.hpp"
#include "model_point.hpp"

namespace tg::detail {

/// J = Q R by Householder reflections; a damped step solves the least-squares problem [R/s; sqrt(damping) I].
/// The rows of J are folded into R block by block, so that the work stays in cache (Lawson and Hanson 1974,
/// chapter 27). Cost: 2 m n^2 for a point, O(n^3) for a step. Source: Moré 1978, as in MINPACK's lmder and
/// lmpar.
template <class T>
class triangular_model : public least_squares_point<T> {
 public:
  using number = T;
  using oracle = residual_oracle<T>;

  /// Damping that changes no step of a problem of full rank.
  static T negligible_damping(std::size_t) {
    return std::numeric_limits<T>::epsilon() * std::numeric_limits<T>::epsilon();
  }

  static bool empty(const oracle& problem) { return problem.residual_count() == 0; }

  /// First half of a visit to x: the cost.
  T look(oracle& problem, std::span<const T> x) {
    residual_.resize(problem.residual_count());
    jacobian_.resize(residual_.size() * x.size());
    return this->cost = problem.cost(x, residual_, jacobian_);
  }

  /// Second half, after look() at the same x: the linear model. False where something in it is not finite.
  bool load(oracle& problem, std::span<const T> x) {
    problem.linearize(x, residual_, jacobian_);
    const std::size_t n = x.size(), count = residual_.size(), block = 4 * n + 64;
    this->resize(n);
    sum_rows();
    if (!this->finite()) return false;

    root_.setZero(at(n), at(n + 1));
    for (std::size_t first = 0; first < count; first += block) {
      const std::size_t rows = std::min(block, count - first), above = first > 0 ? n : 0;
      stack_.resize(at(above + rows), at(n + 1));
      if (above > 0) stack_.topRows(at(n)) = root_;
      using by_rows = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
      stack_.bottomLeftCorner(at(rows), at(n)) =
          Eigen::Map<const by_rows>(jacobian_.data() + first * n, at(rows), at(n));
      stack_.col(at(n)).tail(at(rows)) =
          Eigen::Map<const dense_vector<T>>(residual_.data() + first, at(rows));
      triangularize(stack_);
      const Eigen::Index kept = std::min(at(n), stack_.rows());
      root_.topRows(kept) = stack_.topRows(kept);
    }
    return true;
  }

  /// Fills h[free] with what minimises |r + J h|^2 + damping |scale h[free]|^2; h elsewhere is given.
  void damped_step(const std::vector<std::size_t>& free, std::span<const T> scale, T damping,
                   std::span<T> h) {
    const std::size_t n = h.size(), k = free.size();
    stack_.setZero(at(k + n), at(k + 1));
    for (std::size_t c = 0; c < k; ++c) {
      stack_(at(c), at(c)) = std::sqrt(damping);
      for (std::size_t i = 0; i <= free[c]; ++i)
        stack_(at(k + i), at(c)) = root_(at(i), at(free[c])) / scale[free[c]];
    }
    stack_.col(at(k)).tail(at(n)) = root_.col(at(n));
    if (k == n) {
      triangularize_damped(stack_, at(n));
    } else {
      for (const std::size_t j : free) h[j] = 0;
      for (std::size_t j = 0; j < n; ++j)
        for (std::size_t i = 0; i <= j; ++i) stack_(at(k + i), at(k)) += root_(at(i), at(j)) * h[j];
      triangularize(stack_);
    }
    solution_.resize(k);
    for (std::size_t c = 0; c < k; ++c) solution_[c] = -stack_(at(c), at(k));
    back_substitute<T>(stack_, solution_);
    for (std::size_t c = 0; c < k; ++c) h[free[c]] = solution_[c] / scale[free[c]];
  }

  /// Of the last step: the triangular factor, and the step in scaled parameters.
  const dense<T>& factor() const { return stack_; }
  std::span<const T> scaled_step() const { return solution_; }

  /// The step without damping.
  void whole_step(const std::vector<std::size_t>& free, std::span<const T> scale, std::span<T> h) {
    damped_step(free, scale, negligible_damping(h.size()), h);
  }

  /// |J h|^2.
  T curvature(std::span<const T> h) const {
    T sum = 0;
    for (std::size_t i = 0; i < h.size(); ++i) {
      T row = 0;
      for (std::size_t j = i; j < h.size(); ++j) row += root_(at(i), at(j)) * h[j];
      sum += row * row;
    }
    return sum;
  }

  /// By rows, as a long column hides in R what others are beside it: whether the rounding of x explains r, or
  /// neither a parameter's size by slope alone nor a line down the slopes, measured by the columns, takes
  /// more than this share of the cost away.
  bool settled(const std::vector<std::size_t>& free, std::span<const T> x, T share) const {
    T unexplained = 0, slope = 0, square = 0, most = 0;
    for (const std::size_t j : free) {
      slope += std::pow(this->gradient[j] / this->lengths[j], T(2));
      most = std::max(most, std::abs(this->gradient[j] * x[j]));
    }
    for (std::size_t i = 0; i < residual_.size(); ++i) {
      T along = 0, digits = 0;
      for (const std::size_t j : free) {
        const T entry = jacobian_[i * x.size() + j];
        along += entry * (this->gradient[j] / this->lengths[j] / this->lengths[j]);
        digits += 64 * std::numeric_limits<T>::epsilon() * std::abs(entry * x[j]);
      }
      square += along * along;
      unexplained = std::max(unexplained, std::abs(residual_[i]) - digits);
    }
    share *= 2 * this->cost;
    return !(unexplained > 0 && most > share && slope * slope > share * square);
  }

  /// The gradient of the model after the given step, where h[free] = 0.
  T slope_after(std::size_t j, std::span<const T> h) const {
    T sum = this->gradient[j];
    for (std::size_t i = 0; i <= j; ++i) {
      T row = 0;
      for (std::size_t k = i; k < h.size(); ++k) row += root_(at(i), at(k)) * h[k];
      sum += root_(at(i), at(j)) * row;
    }
    return sum;
  }

  /// The inverse of J^T J; all NaN where J has less than full rank.
  template <class Matrix>
  void inverse_normal(Matrix& inverse) {
    for (std::size_t j = 0; j < this->size(); ++j)
      for (std::size_t i = 0; i < this->size(); ++i) root_(at(i), at(j)) /= this->lengths[j];
    inverse_gram<T>(root_, this->lengths, inverse);
  }

 private:
  /// J^T r and the lengths of J's columns.
  void sum_rows() {
    const Eigen::Index n = at(this->size());
    Eigen::Map<dense_vector<T>> slopes(this->gradient.data(), n), squares(this->lengths.data(), n);
    slopes.setZero();
    squares.setZero();
    for (std::size_t i = 0; i < residual_.size(); ++i) {
      const Eigen::Map<const dense_vector<T>> row(jacobian_.data() + i * this->size(), n);
      slopes += residual_[i] * row;
      squares += row.cwiseAbs2();
    }
    squares = squares.cwiseSqrt().eval();
    constexpr T least = std::numeric_limits<T>::min() / std::numeric_limits<T>::epsilon();
    for (Eigen::Index j = 0; j < n; ++j)  // where squares leave the range
      if (!(squares[j] * squares[j] > least && detail::is_finite(squares[j]))) {
        squares[j] = 0;
        for (std::size_t i = 0; i < residual_.size(); ++i)
          squares[j] = std::hypot(squares[j], jacobian_[i * this->size() + static_cast<std::size_t>(j)]);
      }
  }

  std::vector<T> residual_, jacobian_, solution_;
  dense<T> root_;   // R, and Q^T r as the last column
  dense<T> stack_;  // what is being triangularized
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
