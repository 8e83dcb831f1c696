// SPDX-License-Identifier: BSL-1.0
// The steps of Levenberg-Marquardt on a linear model: damped, by a damping that is given or by the one that
// makes them as long as a radius.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "../../support/compiler/finite.hpp"
#include "../loop/step_control.hpp"
#include "linear_model.hpp"

namespace tg::detail {

/// Either model with the steps of Levenberg-Marquardt. Where a radius keeps them short, the damping is found
/// by Newton's method on 1/|scaled h|, which is nearly linear in it; two or three factorisations, to a tenth
/// of the radius. Source: Moré 1978, algorithm 5.5.
template <class Model>
class marquardt_model : public Model {
 public:
  using T = typename Model::number;

  void step(const std::vector<std::size_t>& free, std::span<const T> scale, const step_control<T>& control,
            std::span<T> h) {
    if (!control.is_radius()) return Model::damped_step(free, scale, control.value, h);
    const T radius = control.value;
    Model::whole_step(free, scale, h);
    T length = scaled_length(free, scale, h);
    if (length <= radius * static_cast<T>(1.1)) return;
    T slope = 0;
    for (const std::size_t j : free) slope = std::hypot(slope, this->gradient[j] / scale[j]);
    T low = detail::is_finite(length) ? correction(length, radius) : T(0), high = slope / radius;
    T damping = detail::is_finite(length) ? slope / length : high / 1000;
    for (int round = 0; round < 20; ++round) {
      if (!(damping > low && damping < high)) damping = std::max(high / 1000, std::sqrt(low * high));
      Model::damped_step(free, scale, damping, h);
      length = scaled_length(free, scale, h);
      if (std::abs(length - radius) <= radius / 10 || !(low < high)) return;
      (length > radius ? low : high) = damping;
      damping += correction(length, radius);
    }
  }

 private:
  static T scaled_length(const std::vector<std::size_t>& free, std::span<const T> scale,
                         std::span<const T> h) {
    T length = 0;
    for (const std::size_t j : free) length = std::hypot(length, scale[j] * h[j]);
    return length;
  }

  /// Newton's correction of the damping, from the factor R of the last step: (|s| - radius) / radius / |R^-T
  /// s/|s||^2.
  T correction(T length, T radius) {
    const dense<T>& root = this->factor();
    work_.assign(this->scaled_step().begin(), this->scaled_step().end());
    T square = 0;
    for (std::size_t i = 0; i < work_.size(); ++i) {
      work_[i] /= length;
      for (std::size_t j = 0; j < i; ++j) work_[i] -= root(at(j), at(i)) * work_[j];
      work_[i] /= root(at(i), at(i));
      square += work_[i] * work_[i];
    }
    const T change = (length - radius) / radius / square;
    return detail::is_finite(change) ? change : T(0);
  }

  std::vector<T> work_;
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
