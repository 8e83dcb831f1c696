// SPDX-License-Identifier: BSL-1.0
// Black-Scholes gradient with Ceres Jets.
#include "peer.hpp"

#include <ceres/jet.h>

void greeks(const double* in, double* out) {
  using jet = ceres::Jet<double, 5>;
  jet x[5];
  for (int i = 0; i < 5; ++i) x[i] = jet(in[i], i);
  const jet y = black_scholes_call(x);
  out[0] = y.a;
  for (int i = 0; i < 5; ++i) out[1 + i] = y.v[i];
}
