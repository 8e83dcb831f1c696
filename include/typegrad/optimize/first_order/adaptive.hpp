// SPDX-License-Identifier: BSL-1.0
// Rates adapted to each coordinate by its squared gradients: AdaGrad, RMSProp, AdaDelta.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <cstddef>
#include <string_view>

#include "../tool/option_check.hpp"
#include "rule.hpp"

namespace tg {

/// AdaGrad. For each parameter x with gradient g (L2 decay: g + weight_decay x), in step t = 1, 2, ...:
///
///     s <- s + g^2                               (s begins at initial_accumulator)
///     x <- x - rate / (1 + (t - 1) rate_decay) * g / (sqrt(s) + epsilon)
///
/// For sparse gradients; the rates only ever shrink. Convention: epsilon outside the root. Defaults:
/// PyTorch's. Source: Duchi, Hazan and Singer, JMLR 12, 2011; torch.optim.Adagrad (whose lr_decay is
/// rate_decay).
struct adagrad {
  double rate = 1e-2;
  double rate_decay = 0;
  double weight_decay = 0;
  double initial_accumulator = 0;
  double epsilon = 1e-10;
  bool maximize = false;

  static constexpr std::string_view name = "adagrad";
  static constexpr bool couples_decay = true;
  static constexpr std::size_t variants = 1;

  void check(const detail::option_check& options) const {
    options.not_negative("rate_decay", rate_decay)
        .not_negative("initial_accumulator", initial_accumulator)
        .not_negative("epsilon", epsilon);
  }
  std::size_t variant(std::size_t) const { return 0; }
  static constexpr std::size_t states(std::size_t) { return 1; }
  double initial_state() const { return initial_accumulator; }

  template <std::size_t, class R>
  auto update(const step_moment<R>& now) const {
    const R rate_now = now.rate / (1 + (now.step - 1) * R(rate_decay)), floor = R(epsilon);
    return [=](auto& parameter_now, const auto& slope_now, auto& state_now) TYPEGRAD_LAMBDA_INLINE {
      auto& sum_now = state_now[0];
      sum_now = sum_now + slope_now * slope_now;
      parameter_now = parameter_now + -rate_now * slope_now / (sqrt(sum_now) + floor);
    };
  }
};

/// RMSProp. For each parameter x with gradient g (L2 decay: g + weight_decay x):
///
///     s <- alpha s + (1 - alpha) g^2
///     a <- alpha a + (1 - alpha) g               (centred only)
///     d <- sqrt(s) + epsilon                     centred: sqrt(s - a^2) + epsilon
///     x <- x - rate g / d                        with momentum: v <- momentum v + g / d,  x <- x - rate v
///
/// Conventions: epsilon outside the root (TensorFlow 1 has it inside); the rate multiplies v when it is used.
/// Where rounding makes s - a^2 negative, 0 is taken (PyTorch gives NaN). Defaults: PyTorch's. Sources:
/// Tieleman and Hinton, lecture 6.5, 2012; Graves, arXiv:1308.0850 (centred); torch.optim.RMSprop.
struct rmsprop {
  double rate = 1e-2;
  double alpha = 0.99;
  double epsilon = 1e-8;
  double weight_decay = 0;
  double momentum = 0;
  bool centred = false;
  bool maximize = false;

  static constexpr std::string_view name = "rmsprop";
  static constexpr bool couples_decay = true;
  enum form : std::size_t { plain, with_centre, with_momentum, with_both, variants };

  void check(const detail::option_check& options) const {
    options.fraction("alpha", alpha).not_negative("epsilon", epsilon).not_negative("momentum", momentum);
  }
  std::size_t variant(std::size_t) const {
    return (centred ? with_centre : plain) + (momentum > 0 ? with_momentum : plain);
  }
  static constexpr std::size_t states(std::size_t form) {
    return form == plain ? 1 : form == with_both ? 3 : 2;
  }

  template <std::size_t form, class R>
  auto update(const step_moment<R>& now) const {
    const R rate_now = now.rate, keep = R(alpha), take = 1 - R(alpha), floor = R(epsilon),
            speed = R(momentum);
    return [=](auto& parameter_now, const auto& slope_now, auto& state_now) TYPEGRAD_LAMBDA_INLINE {
      auto& square_now = state_now[0];
      square_now = keep * square_now + take * slope_now * slope_now;
      auto variance_now = square_now;
      if constexpr (form == with_centre || form == with_both) {
        auto& mean_now = state_now[1];
        mean_now = keep * mean_now + take * slope_now;
        variance_now = square_now - mean_now * mean_now;
        variance_now = greater(decltype(variance_now){}, variance_now);
      }
      const auto scale_now = sqrt(variance_now) + floor;
      if constexpr (form >= with_momentum) {
        auto& velocity_now = state_now[states(form) - 1];
        velocity_now = speed * velocity_now + slope_now / scale_now;
        parameter_now = parameter_now + -rate_now * velocity_now;
      } else {
        parameter_now = parameter_now + -rate_now * slope_now / scale_now;
      }
    };
  }
};

/// AdaDelta. For each parameter x with gradient g (L2 decay: g + weight_decay x):
///
///     s <- rho s + (1 - rho) g^2
///     d <- sqrt(u + epsilon) / sqrt(s + epsilon) * g
///     u <- rho u + (1 - rho) d^2
///     x <- x - rate d
///
/// The steps have the parameters' units, so a rate of 1 is meant; the first ones are about sqrt(epsilon)
/// long. Convention: epsilon inside both roots, as in the paper. Defaults: PyTorch's. Source: Zeiler,
/// arXiv:1212.5701; torch.optim.Adadelta.
struct adadelta {
  double rate = 1;
  double rho = 0.9;
  double epsilon = 1e-6;
  double weight_decay = 0;
  bool maximize = false;

  static constexpr std::string_view name = "adadelta";
  static constexpr bool couples_decay = true;
  static constexpr std::size_t variants = 1;

  void check(const detail::option_check& options) const {
    options.fraction("rho", rho).not_negative("epsilon", epsilon);
  }
  std::size_t variant(std::size_t) const { return 0; }
  static constexpr std::size_t states(std::size_t) { return 2; }

  template <std::size_t, class R>
  auto update(const step_moment<R>& now) const {
    const R rate_now = now.rate, keep = R(rho), take = 1 - R(rho), floor = R(epsilon);
    return [=](auto& parameter_now, const auto& slope_now, auto& state_now) TYPEGRAD_LAMBDA_INLINE {
      auto &square_now = state_now[0], &travelled_now = state_now[1];
      square_now = keep * square_now + take * slope_now * slope_now;
      const auto change_now = sqrt(travelled_now + floor) / sqrt(square_now + floor) * slope_now;
      travelled_now = keep * travelled_now + take * change_now * change_now;
      parameter_now = parameter_now + -rate_now * change_now;
    };
  }
};

}  // namespace tg

#include "../../support/compiler/end.hpp"
