// SPDX-License-Identifier: BSL-1.0
// The local quadratic model of Newton's method, from exact second derivatives. Needs Eigen 3.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "eigen.hpp"
#if __has_include(<Eigen/Eigenvalues>)
#include <Eigen/Eigenvalues>
#else
#include <eigen3/Eigen/Eigenvalues>
#endif

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "../../support/compiler/finite.hpp"
#include "../loop/gradient_test.hpp"
#include "../loop/step_control.hpp"
#include "../problem/oracle.hpp"
#include "model_point.hpp"

namespace tg::detail {

/// The quadratic model f + g h + h H h / 2, kept as the eigenvalues of the scaled H of the free parameters:
/// then the step of any radius is found from one factorisation, the hard case included. Cost: 9 n^3 for a
/// point that is stepped from.
template <class T>
class hessian_model : public model_point<T> {
 public:
  using number = T;
  using oracle = hessian_oracle<T>;
  static constexpr bool exact = true;  ///< its curvatures are those of the value

  static bool empty(const oracle&) { return false; }
  bool depends() const { return true; }

  T look(oracle& problem, std::span<const T> x) { return this->cost = problem.value(x); }

  bool load(oracle& problem, std::span<const T> x) {
    const std::size_t n = x.size();
    this->resize(n);
    hessian_.resize(at(n), at(n));
    this->cost = problem.value_gradient_hessian(x, this->gradient, {hessian_.data(), n * n});
    for (std::size_t i = 0; i < n; ++i) {
      this->lengths[i] = std::sqrt(std::abs(hessian_(at(i), at(i))));
      for (std::size_t j = 0; j < i; ++j) {
        hessian_(at(i), at(j)) = hessian_(at(j), at(i)) =
            (hessian_(at(i), at(j)) + hessian_(at(j), at(i))) / 2;
        if (!detail::is_finite(hessian_(at(i), at(j)))) return false;
      }
    }
    free_.clear();
    return this->finite();
  }

  /// Fills h[free] with the minimiser of the model in |scale h[free]| <= radius; h elsewhere is given.
  /// Source: Moré and Sorensen, SIAM J. Sci. Stat. Comput. 4, 1983; Nocedal and Wright, section 4.3.
  void step(const std::vector<std::size_t>& free, std::span<const T> scale, const step_control<T>& control,
            std::span<T> h) {
    const T radius = control.value;
    decompose(free, scale, h);
    const Eigen::Index k = values_.size();
    const T lowest = values_[0], size = values_.cwiseAbs().maxCoeff();
    const T least = std::max(size, std::numeric_limits<T>::min()) * std::numeric_limits<T>::epsilon();
    T shift = 0;
    if (!(lowest > least && length(0) <= radius)) {
      // |h(shift)| falls from here on; where it is below the radius at once, only the direction of least
      // curvature is left.
      T low = std::max(T(0), -lowest), high = low + slopes_.stableNorm() / radius + least;
      shift = low + least;
      if (length(shift) <= radius) return write(free, scale, shift, radius, h);
      // 1/|h| is nearly linear in the shift; Newton's steps that leave the bracket are replaced by halving.
      for (int round = 0; round < 100; ++round) {
        const T long_by = length(shift) - radius;
        if (std::abs(long_by) <= radius * static_cast<T>(1e-3)) break;
        (long_by > 0 ? low : high) = shift;
        T sum = 0;
        for (Eigen::Index i = 0; i < k; ++i)
          sum += slopes_[i] * slopes_[i] / std::pow(values_[i] + shift, T(3));
        const T here = length(shift), next = shift + here * here / sum * (long_by / radius);
        shift = next > low && next < high ? next : (low + high) / 2;
      }
    }
    write(free, scale, shift, 0, h);
  }

  /// Newton's step; NaN where there is a slope along a direction without positive curvature.
  void whole_step(const std::vector<std::size_t>& free, std::span<const T> scale, std::span<T> h) {
    if (free.empty()) return;
    decompose(free, scale, h);
    bool curved = true;
    for (Eigen::Index i = 0; i < values_.size(); ++i) curved = curved && (values_[i] > 0 || slopes_[i] == 0);
    write(free, scale, curved ? T(0) : detail::not_a_number<T>(), 0, h);
  }

  T curvature(std::span<const T> h) const {
    T sum = 0;
    for (std::size_t i = 0; i < h.size(); ++i)
      for (std::size_t j = 0; j < h.size(); ++j) sum += h[i] * hessian_(at(i), at(j)) * h[j];
    return sum;
  }

  /// There is no measure of a gradient that is free of units: zero, or unknown, which is infinite here.
  T slope(const std::vector<std::size_t>& free) const {
    for (const std::size_t i : free)
      if (this->gradient[i] != 0) return detail::infinite<T>();
    return 0;
  }

  T rounding(std::span<const T> x) const {
    return 8 * std::numeric_limits<T>::epsilon() * size_of_terms<T>(this->cost, this->gradient, x);
  }

  /// Whether no direction of the free parameters curves downwards.
  bool convex(const std::vector<std::size_t>& free, std::span<const T> scale) {
    if (free.empty()) return true;
    std::vector<T> none(this->size());
    decompose(free, scale, none);
    return values_[0] >= -values_.cwiseAbs().maxCoeff() * std::sqrt(std::numeric_limits<T>::epsilon());
  }

  /// The direction of the least curvature, where that is none within what rounding leaves; false where every
  /// one has some.
  bool flattest(const std::vector<std::size_t>& free, std::span<const T> scale, std::span<T> way) {
    if (free.empty()) return false;
    decompose(free, scale, way);
    if (values_[0] >
        std::max(T(1), values_.cwiseAbs().maxCoeff()) * std::cbrt(std::numeric_limits<T>::epsilon()))
      return false;
    for (std::size_t i = 0; i < free.size(); ++i) way[free[i]] = vectors_(at(i), 0) / scale[free[i]];
    return true;
  }

 private:
  void decompose(const std::vector<std::size_t>& free, std::span<const T> scale, std::span<T> h) {
    const std::size_t n = h.size(), k = free.size();
    if (k < n)
      for (const std::size_t j : free) h[j] = 0;
    if (free != free_ || !std::equal(scale.begin(), scale.end(), scale_.begin(), scale_.end())) {
      dense<T> scaled(at(k), at(k));
      for (std::size_t i = 0; i < k; ++i)
        for (std::size_t j = 0; j < k; ++j)
          scaled(at(i), at(j)) = hessian_(at(free[i]), at(free[j])) / (scale[free[i]] * scale[free[j]]);
      const Eigen::SelfAdjointEigenSolver<dense<T>> solver(scaled);
      values_ = solver.eigenvalues();
      vectors_ = solver.eigenvectors();
      free_ = free;
      scale_.assign(scale.begin(), scale.end());
    }
    slopes_.setZero(at(k));
    for (std::size_t i = 0; i < k; ++i) {
      T slope = this->gradient[free[i]];
      if (k < n)
        for (std::size_t j = 0; j < n; ++j) slope += hessian_(at(free[i]), at(j)) * h[j];
      for (std::size_t j = 0; j < k; ++j) slopes_[at(j)] += vectors_(at(i), at(j)) * slope / scale[free[i]];
    }
  }

  T length(T shift) const {
    T sum = 0;
    for (Eigen::Index i = 0; i < values_.size(); ++i)
      sum = std::hypot(sum, slopes_[i] == 0 ? T(0) : slopes_[i] / (values_[i] + shift));
    return sum;
  }

  /// h[free] = -(H + shift)^-1 g; where a radius is given, lengthened to it along the direction of least
  /// curvature.
  void write(const std::vector<std::size_t>& free, std::span<const T> scale, T shift, T radius,
             std::span<T> h) {
    const Eigen::Index k = values_.size();
    dense_vector<T> along(k);
    for (Eigen::Index j = 0; j < k; ++j)
      along[j] = slopes_[j] == 0 && !detail::is_nan(shift) ? T(0) : -slopes_[j] / (values_[j] + shift);
    if (radius > 0) {
      const T rest = along.tail(k - 1).norm();
      along[0] =
          std::sqrt(std::max(T(0), (radius - rest) * (radius + rest))) * (slopes_[0] > 0 ? T(-1) : T(1));
    }
    for (std::size_t i = 0; i < free.size(); ++i) {
      T sum = 0;
      for (Eigen::Index j = 0; j < k; ++j) sum += vectors_(at(i), j) * along[j];
      h[free[i]] = sum / scale[free[i]];
    }
  }

  dense<T> hessian_, vectors_;
  dense_vector<T> values_, slopes_;  // of the scaled H, and the scaled gradient along its eigenvectors
  std::vector<std::size_t> free_;    // what the eigenvalues are for
  std::vector<T> scale_;
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
