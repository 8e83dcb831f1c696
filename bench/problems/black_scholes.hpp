// SPDX-License-Identifier: BSL-1.0
//
// The price of a European call after Black and Scholes, as a template in the number type for the libraries
// that overload operators. Inputs: spot S, strike K, rate r, volatility sigma, time to expiry T.
// Two problems: the value with its 5 first derivatives, and the same with the 5x5 Hessian.
#pragma once

#include "../harness.hpp"

#include <cmath>

namespace bench {

struct black_scholes {
  static constexpr const char* name = "black_scholes_greeks";
  static constexpr int active = 5;
  static constexpr int passive = 0;
  static constexpr int values = 1;
  static constexpr int order = 1;
  static constexpr int points = 1024;

  static void sample(random_numbers& random, double* point) {
    point[0] = random.uniform(80, 120);
    point[1] = random.uniform(80, 120);
    point[2] = random.uniform(0.01, 0.08);
    point[3] = random.uniform(0.1, 0.5);
    point[4] = random.uniform(0.2, 2.0);
  }

  template <class T, class Data>
  static void formula(const T* x, const Data* /*passive*/, T* y) {
    using std::erfc;
    using std::exp;
    using std::log;
    using std::sqrt;
    constexpr double inverse_sqrt2 = 0.70710678118654752440;
    const T &spot = x[0], &strike = x[1], &rate = x[2], &sigma = x[3], &time = x[4];
    const T deviation = sigma * sqrt(time);
    const T d1 = (log(spot / strike) + (rate + 0.5 * sigma * sigma) * time) / deviation;
    const T d2 = d1 - deviation;
    const T z1 = -inverse_sqrt2 * d1;
    const T z2 = -inverse_sqrt2 * d2;
    const T tail1 = erfc(z1);
    const T tail2 = erfc(z2);
    const T discount = exp(-rate * time);
    y[0] = 0.5 * (spot * tail1 - strike * discount * tail2);
  }
};

struct black_scholes_hessian : black_scholes {
  static constexpr const char* name = "black_scholes_hessian";
  static constexpr int order = 2;
};

}  // namespace bench
