// SPDX-License-Identifier: BSL-1.0
// The Black-Scholes call as a formula, as a user would write it.
#pragma once

#include <typegrad/typegrad.hpp>

inline constexpr auto S = tg::symbol<"S">;
inline constexpr auto K = tg::symbol<"K">;
inline constexpr auto r = tg::symbol<"r">;
inline constexpr auto sigma = tg::symbol<"sigma">;
inline constexpr auto T = tg::symbol<"T">;

constexpr auto black_scholes_call() {
  using namespace tg::literals;
  constexpr auto cdf = [](auto x) { return erfc(-x / sqrt(2_c)) / 2_c; };
  constexpr auto deviation = sigma * sqrt(T);
  constexpr auto d1 = (log(S / K) + (r + sigma * sigma / 2_c) * T) / deviation;
  constexpr auto d2 = d1 - deviation;
  return S * cdf(d1) - K * exp(-r * T) * cdf(d2);
}
