// SPDX-License-Identifier: BSL-1.0
// The steps of Powell's dogleg on a linear model.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "../../support/compiler/finite.hpp"
#include "../loop/step_control.hpp"
#include "linear_model.hpp"

namespace tg::detail {

/// The linear model of least squares whose step is the dogleg path's last point within a radius.
template <class Model>
class dogleg_model : public Model {
 public:
  using T = typename Model::number;

  /// Fills h[free]; h elsewhere is given.
  void step(const std::vector<std::size_t>& free, std::span<const T> scale, const step_control<T>& control,
            std::span<T> h) {
    const T radius = control.value;
    const std::size_t k = free.size();
    for (const std::size_t j : free) h[j] = 0;
    down_.resize(k);
    T slope = 0;
    for (std::size_t c = 0; c < k; ++c) {
      down_[c] = -this->slope_after(free[c], h) / scale[free[c]];
      slope = std::hypot(slope, down_[c]);
    }
    whole_.assign(h.begin(), h.end());
    Model::whole_step(free, scale, whole_);
    T whole = 0;
    for (const std::size_t j : free) whole = std::hypot(whole, scale[j] * whole_[j]);
    if (whole <= radius) {
      for (const std::size_t j : free) h[j] = whole_[j];
      return;
    }
    direction_.assign(h.size(), 0);
    for (std::size_t c = 0; c < k; ++c) direction_[free[c]] = down_[c] / slope / scale[free[c]];
    const T bend = this->curvature(direction_),
            best = slope / bend;  // the length of steepest descent's best step
    const T first = detail::is_finite(best) && best < radius ? best : radius;
    T share = 0;  // of the way from there to the whole step
    if (first < radius && detail::is_finite(whole)) {
      T square = 0, product = 0;
      for (const std::size_t j : free) {
        const T way = scale[j] * (whole_[j] - first * direction_[j]);
        square += way * way;
        product += way * scale[j] * first * direction_[j];
      }
      const T rest = (radius - first) * (radius + first);
      const T root = std::sqrt(product * product + square * rest);
      share = product > 0 ? rest / (product + root) : (root - product) / square;
    }
    for (const std::size_t j : free) {
      h[j] = first * direction_[j];
      if (share > 0) h[j] += share * (whole_[j] - h[j]);
    }
  }

 private:
  std::vector<T> down_, whole_, direction_;
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
