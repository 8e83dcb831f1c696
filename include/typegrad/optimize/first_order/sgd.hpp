// SPDX-License-Identifier: BSL-1.0
// Gradient descent: plain, with momentum, with Nesterov's momentum; and Lion, which takes the sign of a
// momentum.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <cstddef>
#include <string_view>

#include "../tool/option_check.hpp"
#include "rule.hpp"

namespace tg {

/// Gradient descent with momentum. For each parameter x with gradient g (L2 decay: g + weight_decay x):
///
///     v <- momentum v + (1 - dampening) g        (v <- g in the first step)
///     x <- x - rate v                            Nesterov: x <- x - rate (g + momentum v)
///
/// momentum 0 is plain descent and keeps no state. Convention: the rate multiplies v when it is used and not
/// when it is accumulated (PyTorch), so that a change of the rate acts at once; Nesterov's form is that of
/// Sutskever et al. with the parameters at the look-ahead point. Defaults: PyTorch's; it has none for the
/// rate. Sources: Polyak 1964; Nesterov 1983; Sutskever, Martens, Dahl and Hinton, ICML 2013;
/// torch.optim.SGD.
struct sgd {
  double rate = 1e-3;
  double momentum = 0;
  double dampening = 0;
  double weight_decay = 0;
  bool nesterov = false;
  bool maximize = false;

  static constexpr std::string_view name = "sgd";
  static constexpr bool couples_decay = true;
  enum form : std::size_t { plain, with_momentum, look_ahead, variants };

  void check(const detail::option_check& options) const {
    options.not_negative("momentum", momentum)
        .that(dampening >= 0 && dampening <= 1, "dampening", dampening, "a number from 0 to 1")
        .that(!nesterov || (momentum > 0 && dampening == 0), "nesterov", 1,
              "it a momentum above 0 and no dampening");
  }
  std::size_t variant(std::size_t) const {
    return momentum == 0 ? plain : nesterov ? look_ahead : with_momentum;
  }
  static constexpr std::size_t states(std::size_t form) { return form == plain ? 0 : 1; }

  template <std::size_t form, class R>
  auto update(const step_moment<R>& now) const {
    const R rate_now = now.rate, keep = now.step == 1 ? R(0) : R(momentum),
            take = now.step == 1 ? R(1) : 1 - R(dampening);
    const R ahead = static_cast<R>(momentum);
    return [=](auto& parameter_now, const auto& slope_now, auto& state_now) TYPEGRAD_LAMBDA_INLINE {
      if constexpr (form == plain) {
        parameter_now = parameter_now + -rate_now * slope_now;
      } else {
        auto& velocity_now = state_now[0];
        velocity_now = keep * velocity_now + take * slope_now;
        parameter_now = parameter_now +
                        -rate_now * (form == look_ahead ? slope_now + ahead * velocity_now : velocity_now);
      }
    };
  }
};

/// Lion ("evolved sign momentum"). For each parameter x with gradient g and average m:
///
///     c <- beta1 m + (1 - beta1) g
///     x <- (1 - rate weight_decay) x - rate sign(c)
///     m <- beta2 m + (1 - beta2) g
///
/// Every parameter moves by the rate, whatever the gradient's size: take a rate 3 to 10 times below Adam's,
/// and a decay as many times above. sign(0) is 0, sign(NaN) is NaN. Convention: decay decoupled, before the
/// step, as in the authors' program. Source: Chen et al., "Symbolic discovery of optimization algorithms",
/// NeurIPS 2023; its program for PyTorch.
struct lion {
  double rate = 1e-4;
  double beta1 = 0.9;
  double beta2 = 0.99;
  double weight_decay = 0;
  bool maximize = false;

  static constexpr std::string_view name = "lion";
  static constexpr bool couples_decay = false;
  static constexpr std::size_t variants = 1;

  void check(const detail::option_check& options) const {
    options.share("beta1", beta1).share("beta2", beta2);
  }
  std::size_t variant(std::size_t) const { return 0; }
  static constexpr std::size_t states(std::size_t) { return 1; }

  template <std::size_t, class R>
  auto update(const step_moment<R>& now) const {
    const R rate_now = now.rate, shrink = 1 - now.rate * R(weight_decay);
    const R keep1 = R(beta1), take1 = 1 - R(beta1), keep2 = R(beta2), take2 = 1 - R(beta2);
    return [=](auto& parameter_now, const auto& slope_now, auto& state_now) TYPEGRAD_LAMBDA_INLINE {
      auto& mean_now = state_now[0];
      parameter_now = shrink * parameter_now + -rate_now * sign(keep1 * mean_now + take1 * slope_now);
      mean_now = keep2 * mean_now + take2 * slope_now;
    };
  }
};

}  // namespace tg

#include "../../support/compiler/end.hpp"
