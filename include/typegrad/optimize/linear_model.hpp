// SPDX-License-Identifier: BSL-1.0
// The local linear model of a least-squares problem, r(x + h) = r + J h: what Levenberg-Marquardt, Powell's
// dogleg and Gauss-Newton ask of linear algebra. One model keeps the triangular factor of J, the other J^T J.
// Needs Eigen 3.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "../support/compiler/finite.hpp"
#include "eigen.hpp"
#include "oracle.hpp"

namespace tg::detail {

/// The products of a column with two others. They are formed together, four rows at a time, so that no sum
/// waits for the one before.
template <class T>
std::array<T, 2> dot_both(const T* one, const T* left, const T* right, Eigen::Index count) {
  using lane = Eigen::Array<T, 4, 1>;
  using lanes = Eigen::Map<const lane>;
  lane left_sums = lane::Zero(), right_sums = lane::Zero();
  Eigen::Index i = 0;
  for (; i + 4 <= count; i += 4) {
    const lane part = lanes(one + i);
    left_sums += part * lanes(left + i);
    right_sums += part * lanes(right + i);
  }
  std::array<T, 2> sum{left_sums.sum(), right_sums.sum()};
  for (; i < count; ++i) sum[0] += one[i] * left[i], sum[1] += one[i] * right[i];
  return sum;
}

/// Subtracts multiples of a column from two others.
template <class T>
void subtract_both(const T* one, const T (&change)[2], T* const (&column)[2], Eigen::Index count) {
  using lane = Eigen::Array<T, 4, 1>;
  Eigen::Index i = 0;
  for (; i + 4 <= count; i += 4) {
    const lane part = Eigen::Map<const lane>(one + i);
    for (int side = 0; side < 2; ++side) Eigen::Map<lane>(column[side] + i) -= change[side] * part;
  }
  for (; i < count; ++i)
    for (int side = 0; side < 2; ++side) column[side][i] -= change[side] * one[i];
}

/// Zeroes column k of `a` in the rows [first, first + count) by a Householder reflection of those rows and
/// row k, applied to all later columns. Source: Golub and Van Loan, section 5.1.
template <class T>
void reflect(dense<T>& a, Eigen::Index k, Eigen::Index first, Eigen::Index count) {
  auto below = a.col(k).segment(first, count);
  const T size = std::sqrt(below.squaredNorm());
  if (!(size > 0)) return;
  const T length = std::hypot(a(k, k), size), reduced = a(k, k) > 0 ? -length : length;
  const T pivot = a(k, k) - reduced, share = -pivot / reduced;
  below /= pivot;
  a(k, k) = reduced;
  const T* const direction = &a(first, k);
  for (Eigen::Index j = k + 1; j < a.cols(); j += 2) {
    const Eigen::Index next = j + 1 < a.cols() ? j + 1 : j;
    T* const column[2] = {&a(first, j), &a(first, next)};
    const std::array<T, 2> sum = dot_both(direction, column[0], column[1], count);
    const T change[2] = {share * (a(k, j) + sum[0]), next > j ? share * (a(k, next) + sum[1]) : T(0)};
    a(k, j) -= change[0];
    a(k, next) -= change[1];
    subtract_both(direction, change, column, count);
  }
  below.setZero();
}

/// Reduces all columns of `a` but the last to upper triangular form; what is done to them is done to the last
/// as well.
template <class T>
void triangularize(dense<T>& a) {
  for (Eigen::Index k = 0; k + 1 < a.cols() && k + 1 < a.rows(); ++k) reflect(a, k, k + 1, a.rows() - k - 1);
}

/// The same where the first rows are diagonal and those from `top` on are upper triangular, both as many as
/// there are columns to reduce: entries that are known to be zero are left out, a fifth of the work is left.
/// Source: Moré 1978, section 3.
template <class T>
void triangularize_damped(dense<T>& a, Eigen::Index top) {
  for (Eigen::Index k = 0; k + 1 < a.cols(); ++k) reflect(a, k, top, std::min(k + 1, a.rows() - top));
}

/// Solves R x = right in place; R is the upper triangle of the first rows and columns of `a`.
template <class T>
void back_substitute(const dense<T>& a, std::span<T> right) {
  for (std::size_t i = right.size(); i-- > 0;) {
    for (std::size_t j = i + 1; j < right.size(); ++j) right[i] -= a(at(i), at(j)) * right[j];
    right[i] /= a(at(i), at(i));
  }
}

/// The inverse of R^T R for columns that were divided by their lengths, by n solutions with unit vectors; all
/// NaN where a diagonal entry says that R has less than full rank. `inverse` is n x n, indexed [i][j].
template <class T, class Matrix>
void inverse_gram(const dense<T>& root, std::span<const T> lengths, Matrix& inverse) {
  const std::size_t n = lengths.size();
  const T least = static_cast<T>(n) * std::numeric_limits<T>::epsilon();
  bool full_rank = true;
  dense<T> columns = dense<T>::Identity(at(n), at(n));  // becomes R^-1
  for (std::size_t i = 0; i < n; ++i) {
    full_rank = full_rank && std::abs(root(at(i), at(i))) > least;
    back_substitute(root, std::span<T>(columns.data() + i * n, n));
  }
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) {
      T sum = 0;
      for (std::size_t k = std::max(i, j); k < n; ++k) sum += columns(at(i), at(k)) * columns(at(j), at(k));
      inverse[i][j] = full_rank ? sum / (lengths[i] * lengths[j]) : detail::not_a_number<T>();
    }
}

/// What every model knows at a point: the cost f, its gradient and the scale of each parameter.
template <class T>
struct model_point {
  T cost = detail::not_a_number<T>();  ///< until it was asked for
  std::vector<T> gradient;
  std::vector<T> lengths;  ///< of J's columns; for a Hessian, the roots of its diagonal

  void resize(std::size_t n) { gradient.resize(n, detail::not_a_number<T>()), lengths.resize(n); }
  std::size_t size() const { return gradient.size(); }

  bool finite() const {
    bool all = detail::is_finite(cost);
    for (std::size_t j = 0; j < size(); ++j)
      all = all && detail::is_finite(gradient[j]) && detail::is_finite(lengths[j]);
    return all;
  }

  T along(std::span<const T> step) const {
    T sum = 0;
    for (std::size_t j = 0; j < size(); ++j) sum += gradient[j] * step[j];
    return sum;
  }
};

/// What the two models of least squares share.
template <class T>
struct least_squares_point : model_point<T> {
  /// The largest cosine of the angle between r and a column of J: 0 at a stationary point, at most 1, free of
  /// units.
  T slope(const std::vector<std::size_t>& free) const {
    const T length = std::sqrt(2 * this->cost);
    T largest = 0;
    for (const std::size_t j : free) {
      const T product = this->lengths[j] * length;
      if (product > 0)
        largest = std::max(largest, std::abs(this->gradient[j]) / product);
      else if (this->gradient[j] != 0)  // the length is an underflow
        largest = 1;
    }
    return largest;
  }

  /// What rounding of the parameters and of the sum does to the cost: |r| times what an ulp of each parameter
  /// does to r.
  T rounding(std::span<const T> x) const {
    T reach = 0;
    for (std::size_t i = 0; i < x.size(); ++i) reach += this->lengths[i] * std::abs(x[i]);
    return 8 * std::numeric_limits<T>::epsilon() * (this->cost + std::sqrt(2 * this->cost) * reach);
  }

  bool depends() const { return *std::max_element(this->lengths.begin(), this->lengths.end()) > 0; }
  /// J^T J has no negative curvature, and the value cannot be told from it beyond that.
  static bool convex(const std::vector<std::size_t>&, std::span<const T>) { return true; }
  static bool flattest(const std::vector<std::size_t>&, std::span<const T>, std::span<T>) { return false; }
};

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
  }

  std::vector<T> residual_, jacobian_, solution_;
  dense<T> root_;   // R, and Q^T r as the last column
  dense<T> stack_;  // what is being triangularized
};

/// J^T J, scaled to a unit diagonal before it is damped and factored (Cholesky). Cost: O(n^3) for a step.
template <class T>
class normal_model : public least_squares_point<T> {
 public:
  using number = T;
  using oracle = normal_oracle<T>;

  static T negligible_damping(std::size_t n) { return static_cast<T>(n) * std::numeric_limits<T>::epsilon(); }

  static bool empty(const oracle&) { return false; }

  /// The problem gives all at once, so the first half of a visit is the whole of it.
  T look(oracle& problem, std::span<const T> x) {
    const std::size_t n = x.size();
    this->resize(n);
    product_.resize(at(n), at(n));
    this->cost = problem.gauss_newton(x, this->gradient, {product_.data(), n * n});
    for (std::size_t i = 0; i < n; ++i) this->lengths[i] = std::sqrt(product_(at(i), at(i)));
    return this->cost;
  }

  bool load(oracle&, std::span<const T>) const { return this->finite(); }

  /// Fills h[free] with the solution of (J^T J + damping scale^2) h = -J^T r, h elsewhere given; NaN where
  /// that matrix is not positive definite.
  void damped_step(const std::vector<std::size_t>& free, std::span<const T> scale, T damping,
                   std::span<T> h) {
    const std::size_t k = free.size();
    if (k < h.size())
      for (const std::size_t j : free) h[j] = 0;
    const bool positive = decompose(free, scale, damping);
    solution_.resize(k);
    for (std::size_t i = 0; i < k; ++i) {  // R^T y = -gradient / scale
      solution_[i] = positive ? -slope_after(free[i], h) / scale[free[i]] : detail::not_a_number<T>();
      for (std::size_t j = 0; j < i; ++j) solution_[i] -= root_(at(j), at(i)) * solution_[j];
      solution_[i] /= root_(at(i), at(i));
    }
    back_substitute<T>(root_, solution_);
    for (std::size_t i = 0; i < k; ++i) h[free[i]] = solution_[i] / scale[free[i]];
  }

  const dense<T>& factor() const { return root_; }
  std::span<const T> scaled_step() const { return solution_; }

  void whole_step(const std::vector<std::size_t>& free, std::span<const T> scale, std::span<T> h) {
    damped_step(free, scale, negligible_damping(h.size()), h);
  }

  T curvature(std::span<const T> h) const {
    T sum = 0;
    for (std::size_t i = 0; i < h.size(); ++i)
      for (std::size_t j = 0; j < h.size(); ++j) sum += h[i] * product_(at(i), at(j)) * h[j];
    return sum;
  }

  T slope_after(std::size_t j, std::span<const T> h) const {
    T sum = this->gradient[j];
    for (std::size_t i = 0; i < h.size(); ++i)
      if (h[i] != 0) sum += product_(at(j), at(i)) * h[i];
    return sum;
  }

  template <class Matrix>
  void inverse_normal(Matrix& inverse) {
    std::vector<std::size_t> all(this->size());
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
    if (!decompose(all, this->lengths, 0)) root_.setZero(at(all.size()), at(all.size()));
    inverse_gram<T>(root_, this->lengths, inverse);
  }

 private:
  /// R with R^T R = the scaled and damped matrix.
  bool decompose(const std::vector<std::size_t>& free, std::span<const T> scale, T damping) {
    dense<T> damped(at(free.size()), at(free.size()));
    for (std::size_t i = 0; i < free.size(); ++i)
      for (std::size_t j = 0; j < free.size(); ++j)
        damped(at(i), at(j)) = product_(at(free[i]), at(free[j])) / (scale[free[i]] * scale[free[j]]) +
                               (i == j ? damping : T(0));
    const Eigen::LLT<Eigen::Ref<dense<T>>, Eigen::Lower> cholesky(damped);
    root_ = damped.transpose();
    return cholesky.info() == Eigen::Success;
  }

  std::vector<T> solution_;
  dense<T> product_, root_;
};

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
