// SPDX-License-Identifier: BSL-1.0
// Adam's descendants that change its first steps or its momentum: NAdam, RAdam; and LAMB, which scales its
// step by layers.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string_view>
#include <vector>

#include "../tool/option_check.hpp"
#include "adam.hpp"
#include "rule.hpp"

namespace tg {

namespace detail {

/// What a decay that does not pass through the averages leaves of a parameter.
template <class Method, class R>
R decoupled_shrink(const Method& method, const step_moment<R>& now) {
  return method.decoupled_decay ? 1 - now.rate * R(method.weight_decay) : R(1);
}

}  // namespace detail

/// NAdam: Adam with Nesterov's momentum. For each parameter x with gradient g (L2 decay: g + weight_decay x),
/// in step t from 1:
///
///     mu_t = beta1 (1 - 0.96^(t momentum_decay) / 2),  p_t = mu_1 mu_2 ... mu_t
///     m <- beta1 m + (1 - beta1) g
///     v <- beta2 v + (1 - beta2) g^2
///     x <- x - rate (mu_(t+1) / (1 - p_(t+1)) * m + (1 - mu_t) / (1 - p_t) * g) / (sqrt(v / (1 - beta2^t)) +
///     epsilon)
///
/// Conventions: epsilon outside the root, after the correction of the bias; L2 decay, or with decoupled_decay
/// x <- (1 - rate weight_decay) x before the step, as adamw. Defaults: PyTorch's. Its version 1.13 has mu_t
/// twice in p_(t+1) where its loop over single tensors runs; this is the formula of its documentation and of
/// its other versions.
/// Source: Dozat, ICLR workshop 2016; torch.optim.NAdam.
struct nadam {
  double rate = 2e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0;
  double momentum_decay = 4e-3;
  bool decoupled_decay = false;
  bool maximize = false;

  static constexpr std::string_view name = "nadam";
  static constexpr bool couples_decay = true;
  static constexpr std::size_t variants = 1;

  void check(const detail::option_check& options) const {
    detail::check_averages(options, *this);
    options.not_negative("momentum_decay", momentum_decay);
  }
  std::size_t variant(std::size_t) const { return 0; }
  static constexpr std::size_t states(std::size_t) { return 2; }

  template <std::size_t, class R>
  auto update(const step_moment<R>& now) const {
    const R keep1 = R(beta1), take1 = 1 - R(beta1), keep2 = R(beta2), take2 = 1 - R(beta2),
            floor = R(epsilon);
    const R here = momentum(now.step), next = momentum(now.step + 1);
    now.carried *= here;
    const R rate_slope = now.rate * (1 - here) / (1 - now.carried),
            rate_mean = now.rate * next / (1 - now.carried * next);
    const R correction2 = 1 - std::pow(keep2, now.step), shrink = detail::decoupled_shrink(*this, now);
    return [=](auto& parameter_now, const auto& slope_now, auto& state_now) TYPEGRAD_LAMBDA_INLINE {
      auto &mean_now = state_now[0], &square_now = state_now[1];
      mean_now = keep1 * mean_now + take1 * slope_now;
      square_now = keep2 * square_now + take2 * slope_now * slope_now;
      const auto scale_now = sqrt(square_now / correction2) + floor;
      parameter_now =
          shrink * parameter_now + -rate_slope * slope_now / scale_now + -rate_mean * mean_now / scale_now;
    };
  }

 private:
  template <class R>
  R momentum(R step) const {
    return R(beta1) * (1 - std::pow(R(0.96), step * R(momentum_decay)) / 2);
  }
};

/// RAdam: Adam that waits with its adaptive rates until they rest on enough gradients. For each parameter x
/// with gradient g (L2 decay: g + weight_decay x), in step t = 1, 2, ...:
///
///     m <- beta1 m + (1 - beta1) g
///     v <- beta2 v + (1 - beta2) g^2
///     a = 2 / (1 - beta2) - 1,  b = a - 2 t beta2^t / (1 - beta2^t)
///     r = sqrt((b - 4) (b - 2) a / ((a - 4) (a - 2) b))
///     x <- x - rate m / (1 - beta1^t) * (b > 5 ? r sqrt(1 - beta2^t) / (sqrt(v) + epsilon) : 1)
///
/// Conventions: epsilon outside the root and before the correction of the bias; L2 decay, or with
/// decoupled_decay as adamw (all PyTorch's). Defaults: PyTorch's.
/// Source: Liu et al., ICLR 2020; torch.optim.RAdam.
struct radam {
  double rate = 1e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0;
  bool decoupled_decay = false;
  bool maximize = false;

  static constexpr std::string_view name = "radam";
  static constexpr bool couples_decay = true;
  enum form : std::size_t { plain, rectified, variants };

  void check(const detail::option_check& options) const { detail::check_averages(options, *this); }
  std::size_t variant(std::size_t step) const {
    return length(static_cast<double>(step)) > 5 ? rectified : plain;
  }
  static constexpr std::size_t states(std::size_t) { return 2; }

  template <std::size_t form, class R>
  auto update(const step_moment<R>& now) const {
    const R keep1 = R(beta1), take1 = 1 - R(beta1), keep2 = R(beta2), take2 = 1 - R(beta2),
            floor = R(epsilon);
    const R rate_now = now.rate, correction1 = 1 - std::pow(keep1, now.step),
            root2 = std::sqrt(1 - std::pow(keep2, now.step));
    const R longest = 2 / take2 - 1, now_long = length(now.step),
            shrink = detail::decoupled_shrink(*this, now);
    const R rectify = std::sqrt((now_long - 4) * (now_long - 2) * longest /
                                ((longest - 4) * (longest - 2) * now_long));  // NaN where plain
    return [=](auto& parameter_now, const auto& slope_now, auto& state_now) TYPEGRAD_LAMBDA_INLINE {
      auto &mean_now = state_now[0], &square_now = state_now[1];
      mean_now = keep1 * mean_now + take1 * slope_now;
      square_now = keep2 * square_now + take2 * slope_now * slope_now;
      const auto step_now = rate_now * (mean_now / correction1);
      if constexpr (form == rectified)
        parameter_now = shrink * parameter_now - rectify * (step_now * (root2 / (sqrt(square_now) + floor)));
      else
        parameter_now = shrink * parameter_now - step_now;
    };
  }

 private:
  /// The length of the average of squares, in gradients.
  template <class R>
  R length(R step) const {
    const R forgotten = std::pow(R(beta2), step);
    return 2 / (1 - R(beta2)) - 1 - 2 * step * forgotten / (1 - forgotten);
  }
};

/// LAMB: Adam's step with decoupled decay, made as long as the layer's parameters. For each layer with
/// parameters x and gradients g, in step t = 1, 2, ...:
///
///     m <- beta1 m + (1 - beta1) g
///     v <- beta2 v + (1 - beta2) g^2
///     u = (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon) + weight_decay x
///     x <- x - rate * min(max(|x|, lowest_norm), highest_norm) / |u| * u
///
/// where the factor before u is the bare rate if |x| = 0 or |u| = 0. `segments` holds the number of
/// parameters of each layer in order; without it the whole vector is one layer. Conventions: epsilon outside
/// the root, after the correction of the bias. It is not part of PyTorch; the defaults are those of the
/// paper's experiments. Source: You et al., ICLR 2020, algorithm 2.
struct lamb {
  double rate = 1e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-6;
  double weight_decay = 1e-2;
  double lowest_norm = 0;
  double highest_norm = std::numeric_limits<double>::max();
  std::vector<std::size_t> segments = {};
  bool maximize = false;

  static constexpr std::string_view name = "lamb";
  static constexpr bool couples_decay = false;
  static constexpr std::size_t variants = 1;

  void check(const detail::option_check& options) const {
    detail::check_averages(options, *this);
    options.not_negative("lowest_norm", lowest_norm)
        .that(highest_norm >= lowest_norm, "highest_norm", highest_norm,
              "a number that is not below lowest_norm");
  }
  std::size_t variant(std::size_t) const { return 0; }
  static constexpr std::size_t states(std::size_t) { return 3; }

  template <std::size_t, class R>
  auto update(const step_moment<R>& now) const {
    const R keep1 = R(beta1), take1 = 1 - R(beta1), keep2 = R(beta2), take2 = 1 - R(beta2),
            floor = R(epsilon);
    const R correction1 = 1 - std::pow(keep1, now.step), correction2 = 1 - std::pow(keep2, now.step),
            decay = R(weight_decay);
    return [=](const auto& parameter_now, const auto& slope_now, auto& state_now) TYPEGRAD_LAMBDA_INLINE {
      auto &mean_now = state_now[0], &square_now = state_now[1];
      mean_now = keep1 * mean_now + take1 * slope_now;
      square_now = keep2 * square_now + take2 * slope_now * slope_now;
      state_now[2] =
          mean_now / correction1 / (sqrt(square_now / correction2) + floor) + decay * parameter_now;
    };
  }

  /// What the rate of a layer is multiplied with.
  template <class R>
  R trust(R parameters, R step) const {
    return parameters > 0 && step > 0 ? std::clamp(parameters, R(lowest_norm), R(highest_norm)) / step : R(1);
  }
};

}  // namespace tg

#include "../../support/compiler/end.hpp"
