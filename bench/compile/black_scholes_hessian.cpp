// SPDX-License-Identifier: BSL-1.0
// Black-Scholes value, gradient and Hessian, with the code that evaluates them.
#include "black_scholes.hpp"

void greeks(std::span<const double, 5> in, std::span<double, 31> out) {
  constexpr auto call = black_scholes_call();
  constexpr auto function = tg::function(
      tg::inputs(S, K, r, sigma, T),
      tg::outputs(call, tg::gradient(call, S, K, r, sigma, T), tg::hessian(call, S, K, r, sigma, T)));
  function(in, out);
}
