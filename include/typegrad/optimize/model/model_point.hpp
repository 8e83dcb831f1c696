// SPDX-License-Identifier: BSL-1.0
// What every local model knows at a point, and what the two models of least squares share.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "../../support/compiler/finite.hpp"

namespace tg::detail {

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

  /// Whether parameter j has lost all influence in a step far out, while a cost is left: no model reaches so
  /// far.
  bool overshoots(std::size_t j, T x, T cost_before, T before, T length_before) const {
    return length_before > 0 && !(lengths[j] > 0) && gradient[j] == 0 && std::abs(x) > 2 * std::abs(before) &&
           std::abs(cost) > std::numeric_limits<T>::epsilon() * std::abs(cost_before);
  }

  /// Whether a small gradient of the model says that it promises less than this share of the cost.
  static bool settled(const std::vector<std::size_t>&, std::span<const T>, T) { return true; }

  T along(std::span<const T> step) const {
    T sum = 0;
    for (std::size_t j = 0; j < size(); ++j) sum += gradient[j] * step[j];
    return sum;
  }
};

/// What the two models of least squares share.
template <class T>
struct least_squares_point : model_point<T> {
  static constexpr bool exact = false;  ///< J^T J is only a part of the value's curvature

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

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
