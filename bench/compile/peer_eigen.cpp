// SPDX-License-Identifier: BSL-1.0
// Black-Scholes gradient with Eigen's AutoDiffScalar.
#include "peer.hpp"

#include <Eigen/Core>
#include <unsupported/Eigen/AutoDiff>

void greeks(const double* in, double* out) {
  using number = Eigen::AutoDiffScalar<Eigen::Matrix<double, 5, 1>>;
  number x[5];
  for (int i = 0; i < 5; ++i) x[i] = number(in[i], 5, i);
  const number y = black_scholes_call(x);
  out[0] = y.value();
  for (int i = 0; i < 5; ++i) out[1 + i] = y.derivatives()[i];
}
