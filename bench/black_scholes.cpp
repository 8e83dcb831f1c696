// SPDX-License-Identifier: BSL-1.0
//
// Black-Scholes call value and its 5 first derivatives (by S, K, r, sigma, T): by hand and by typegrad.
#include "compile/black_scholes.hpp"
#include "problems/black_scholes.hpp"

#include <cmath>
#include <span>

namespace {

/// By hand, with the identity S n(d1) = K exp(-rT) n(d2), so that one density serves all greeks; every factor
/// is shared. One logarithm, one square root, two exponentials, two erfc, two divisions.
struct hand {
  static void evaluate(const double* point, double* result) {
    constexpr double inverse_sqrt2 = 0.70710678118654752440;
    constexpr double inverse_sqrt_2pi = 0.39894228040143267794;
    const double spot = point[0], strike = point[1], rate = point[2], sigma = point[3], time = point[4];
    const double root_time = std::sqrt(time);
    const double deviation = sigma * root_time;
    const double inverse_deviation = 1.0 / deviation;
    const double variance_rate = sigma * sigma;
    const double d1 = (std::log(spot / strike) + (rate + 0.5 * variance_rate) * time) * inverse_deviation;
    const double z1 = inverse_sqrt2 * d1;
    const double z2 = inverse_sqrt2 * (d1 - deviation);
    const double cdf1 = 0.5 * std::erfc(-z1);
    const double cdf2 = 0.5 * std::erfc(-z2);
    const double discounted_cdf2 = std::exp(-rate * time) * cdf2;
    const double strike_part = strike * discounted_cdf2;
    const double spot_density = inverse_sqrt_2pi * spot * std::exp(-z1 * z1);
    result[0] = spot * cdf1 - strike_part;
    result[1] = cdf1;
    result[2] = -discounted_cdf2;
    result[3] = time * strike_part;
    result[4] = spot_density * root_time;
    result[5] = 0.5 * spot_density * variance_rate * inverse_deviation + rate * strike_part;
  }
};

struct with_typegrad {
  static void evaluate(const double* point, double* result) {
    constexpr auto call = black_scholes_call();
    constexpr auto program =
        tg::function(tg::inputs(S, K, r, sigma, T), tg::outputs(call, tg::gradient(call, S, K, r, sigma, T)));
    program(std::span<const double, 5>(point, 5), std::span<double, 6>(result, 6));
  }
};

const bool added = bench::add<bench::black_scholes, hand>("hand") &&
                   bench::add<bench::black_scholes, with_typegrad>("typegrad");

}  // namespace
