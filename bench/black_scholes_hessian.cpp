// SPDX-License-Identifier: BSL-1.0
//
// Black-Scholes call value, its 5 first and its 25 second derivatives together: by hand and by typegrad.
#include "compile/black_scholes.hpp"
#include "problems/black_scholes.hpp"

#include <cmath>
#include <span>

namespace {

/// By hand from the closed forms of the greeks (Haug, The Complete Guide to Option Pricing Formulas, chapter
/// 2), everything expressed by n(d1), the partials of d1 and d2, and K exp(-rT) N(d2). Four divisions;
/// symmetric entries computed once.
struct hand {
  static void evaluate(const double* point, double* result) {
    constexpr double inverse_sqrt2 = 0.70710678118654752440;
    constexpr double inverse_sqrt_2pi = 0.39894228040143267794;
    const double spot = point[0], strike = point[1], rate = point[2], sigma = point[3], time = point[4];
    const double root_time = std::sqrt(time);
    const double deviation = sigma * root_time;
    const double inverse_deviation = 1.0 / deviation;
    const double inverse_strike = 1.0 / strike;
    const double moneyness = spot * inverse_strike;
    const double drift = rate + 0.5 * sigma * sigma;
    const double drift_part = drift * time;
    const double d1 = (std::log(moneyness) + drift_part) * inverse_deviation;
    const double d2 = d1 - deviation;
    const double z1 = inverse_sqrt2 * d1;
    const double z2 = inverse_sqrt2 * d2;
    const double cdf1 = 0.5 * std::erfc(-z1);
    const double cdf2 = 0.5 * std::erfc(-z2);
    const double density = inverse_sqrt_2pi * std::exp(-z1 * z1);
    const double discounted_cdf2 = std::exp(-rate * time) * cdf2;
    const double strike_part = strike * discounted_cdf2;
    const double spot_density = spot * density;

    const double inverse_sigma = root_time * inverse_deviation;
    const double inverse_root_time = sigma * inverse_deviation;
    const double half_inverse_time = 0.5 * inverse_root_time * inverse_root_time;
    const double d1_rate = root_time * inverse_sigma;  // and of d2
    const double d1_time = (2.0 * drift_part * inverse_deviation - d1) * half_inverse_time;
    const double half_sigma_over_root = 0.5 * sigma * inverse_root_time;
    const double d2_time = d1_time - half_sigma_over_root;
    const double vega = spot_density * root_time;
    const double time_density =
        spot_density * half_sigma_over_root;               // the part of theta that comes from n(d1)
    const double moneyness_density = density * moneyness;  // exp(-rT) n(d2)

    const double spot_strike = -density * inverse_deviation * inverse_strike;
    const double spot_rate = density * d1_rate;
    const double spot_sigma = -density * d2 * inverse_sigma;
    const double spot_time = density * d1_time;
    const double strike_rate = time * discounted_cdf2 - moneyness_density * d1_rate;
    const double strike_sigma = moneyness_density * d1 * inverse_sigma;
    const double strike_time = rate * discounted_cdf2 - moneyness_density * d2_time;
    const double time_spot_density = time * spot_density;
    const double rate_rate = time_spot_density * d1_rate - time * time * strike_part;
    const double rate_sigma = -time_spot_density * d1 * inverse_sigma;
    const double rate_time = (1.0 - rate * time) * strike_part + time_spot_density * d2_time;
    const double sigma_sigma = vega * d1 * d2 * inverse_sigma;
    const double sigma_time = vega * (half_inverse_time - d1 * d1_time);
    const double time_time = rate * (spot_density * d2_time - rate * strike_part) -
                             time_density * (d1 * d1_time + half_inverse_time);

    result[0] = spot * cdf1 - strike_part;
    result[1] = cdf1;
    result[2] = -discounted_cdf2;
    result[3] = time * strike_part;
    result[4] = vega;
    result[5] = time_density + rate * strike_part;
    double* row = result + 6;
    row[0] = -spot_strike / moneyness, row[1] = spot_strike, row[2] = spot_rate, row[3] = spot_sigma,
    row[4] = spot_time;
    row[5] = spot_strike, row[6] = -spot_strike * moneyness, row[7] = strike_rate, row[8] = strike_sigma,
    row[9] = strike_time;
    row[10] = spot_rate, row[11] = strike_rate, row[12] = rate_rate, row[13] = rate_sigma,
    row[14] = rate_time;
    row[15] = spot_sigma, row[16] = strike_sigma, row[17] = rate_sigma, row[18] = sigma_sigma,
    row[19] = sigma_time;
    row[20] = spot_time, row[21] = strike_time, row[22] = rate_time, row[23] = sigma_time,
    row[24] = time_time;
  }
};

struct with_typegrad {
  static void evaluate(const double* point, double* result) {
    constexpr auto call = black_scholes_call();
    constexpr auto program = tg::function(
        tg::inputs(S, K, r, sigma, T),
        tg::outputs(call, tg::gradient(call, S, K, r, sigma, T), tg::hessian(call, S, K, r, sigma, T)));
    program(std::span<const double, 5>(point, 5), std::span<double, 31>(result, 31));
  }
};

const bool added = bench::add<bench::black_scholes_hessian, hand>("hand") &&
                   bench::add<bench::black_scholes_hessian, with_typegrad>("typegrad");

}  // namespace
