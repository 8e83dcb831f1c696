// SPDX-License-Identifier: BSL-1.0
// The linear model of a least-squares problem that keeps J^T J. Needs Eigen 3.
#pragma once
#include "../../support/compiler/begin.hpp"

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

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
