// SPDX-License-Identifier: BSL-1.0
// Adam and its nearest kin: AdamW (decoupled decay), AMSGrad (an option of both), Adamax.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <cmath>
#include <cstddef>
#include <string_view>

#include "../tool/option_check.hpp"
#include "rule.hpp"

namespace tg {

namespace detail {

/// The options that all methods with two averages share.
template <class Method>
void check_averages(const option_check& options, const Method& method) {
  options.share("beta1", method.beta1).share("beta2", method.beta2).not_negative("epsilon", method.epsilon);
}

/// Adam's update for one step, with the parameter shrunk before it.
template <bool keeps_largest, class R, class Method>
auto adam_update(const Method& method, const step_moment<R>& now, R shrink) {
  const R keep1 = R(method.beta1), take1 = 1 - R(method.beta1), keep2 = R(method.beta2),
          take2 = 1 - R(method.beta2);
  const R rate_now = now.rate / (1 - std::pow(keep1, now.step)),
          root2 = std::sqrt(1 - std::pow(keep2, now.step));
  const R floor = R(method.epsilon);
  return [=](auto& parameter_now, const auto& slope_now, auto& state_now) TYPEGRAD_LAMBDA_INLINE {
    auto &mean_now = state_now[0], &square_now = state_now[1];
    mean_now = keep1 * mean_now + take1 * slope_now;
    square_now = keep2 * square_now + take2 * slope_now * slope_now;
    auto largest_now = square_now;
    if constexpr (keeps_largest) largest_now = state_now[2] = greater(state_now[2], square_now);
    parameter_now = shrink * parameter_now + -rate_now * mean_now / (sqrt(largest_now) / root2 + floor);
  };
}

}  // namespace detail

/// Adam. For each parameter x with gradient g (L2 decay: g + weight_decay x), in step t = 1, 2, ...:
///
///     m <- beta1 m + (1 - beta1) g
///     v <- beta2 v + (1 - beta2) g^2
///     x <- x - rate / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon)
///
/// AMSGrad takes the largest v so far in place of v, before the bias is corrected. Conventions: epsilon
/// outside the root and after the correction of the bias (the paper's algorithm 1, not its "epsilon hat");
/// decay coupled (L2): tg::adamw has it decoupled. Defaults: PyTorch's, which are the paper's. Sources:
/// Kingma and Ba, ICLR 2015; Reddi, Kale and Kumar, ICLR 2018 (AMSGrad); torch.optim.Adam.
struct adam {
  double rate = 1e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0;
  bool amsgrad = false;
  bool maximize = false;

  static constexpr std::string_view name = "adam";
  static constexpr bool couples_decay = true;
  static constexpr std::size_t variants = 2;

  void check(const detail::option_check& options) const { detail::check_averages(options, *this); }
  std::size_t variant(std::size_t) const { return amsgrad ? 1 : 0; }
  static constexpr std::size_t states(std::size_t form) { return 2 + form; }

  template <std::size_t form, class R>
  auto update(const step_moment<R>& now) const {
    return detail::adam_update<form == 1, R>(*this, now, R(1));
  }
};

/// AdamW: Adam whose decay does not pass through the averages. Each step begins with
///
///     x <- (1 - rate weight_decay) x
///
/// and goes on as Adam's with the bare gradient. Convention: the decay is multiplied by the rate, and so
/// follows the schedule (PyTorch; the paper multiplies it by the schedule's factor only). Defaults:
/// PyTorch's.
/// Source: Loshchilov and Hutter, ICLR 2019; torch.optim.AdamW.
struct adamw {
  double rate = 1e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 1e-2;
  bool amsgrad = false;
  bool maximize = false;

  static constexpr std::string_view name = "adamw";
  static constexpr bool couples_decay = false;
  static constexpr std::size_t variants = 2;

  void check(const detail::option_check& options) const { detail::check_averages(options, *this); }
  std::size_t variant(std::size_t) const { return amsgrad ? 1 : 0; }
  static constexpr std::size_t states(std::size_t form) { return 2 + form; }

  template <std::size_t form, class R>
  auto update(const step_moment<R>& now) const {
    return detail::adam_update<form == 1, R>(*this, now, 1 - now.rate * R(weight_decay));
  }
};

/// Adamax: Adam with the largest decayed gradient in place of the root of the mean square. For each parameter
/// x with gradient g (L2 decay: g + weight_decay x), in step t = 1, 2, ...:
///
///     m <- beta1 m + (1 - beta1) g
///     u <- max(beta2 u, |g| + epsilon)
///     x <- x - rate / (1 - beta1^t) * m / u
///
/// Convention: epsilon is added to |g| (PyTorch; the paper has none). Defaults: PyTorch's, which are the
/// paper's. Source: Kingma and Ba, ICLR 2015, section 7.1; torch.optim.Adamax.
struct adamax {
  double rate = 2e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0;
  bool maximize = false;

  static constexpr std::string_view name = "adamax";
  static constexpr bool couples_decay = true;
  static constexpr std::size_t variants = 1;

  void check(const detail::option_check& options) const { detail::check_averages(options, *this); }
  std::size_t variant(std::size_t) const { return 0; }
  static constexpr std::size_t states(std::size_t) { return 2; }

  template <std::size_t, class R>
  auto update(const step_moment<R>& now) const {
    const R keep1 = R(beta1), take1 = 1 - R(beta1), keep2 = R(beta2), floor = R(epsilon);
    const R rate_now = now.rate / (1 - std::pow(keep1, now.step));
    return [=](auto& parameter_now, const auto& slope_now, auto& state_now) TYPEGRAD_LAMBDA_INLINE {
      auto &mean_now = state_now[0], &largest_now = state_now[1];
      mean_now = keep1 * mean_now + take1 * slope_now;
      largest_now = greater(keep2 * largest_now, abs(slope_now) + floor);
      parameter_now = parameter_now + -rate_now * mean_now / largest_now;
    };
  }
};

}  // namespace tg

#include "../../support/compiler/end.hpp"
