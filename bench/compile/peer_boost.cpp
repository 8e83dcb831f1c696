// SPDX-License-Identifier: BSL-1.0
// Black-Scholes gradient with Boost autodiff, in its natural form: one type for the five variables.
#include "peer.hpp"

#include <boost/math/differentiation/autodiff.hpp>

void greeks(const double* in, double* out) {
  namespace differentiation = boost::math::differentiation;
  const auto v = differentiation::make_ftuple<double, 1, 1, 1, 1, 1>(in[0], in[1], in[2], in[3], in[4]);
  using number = differentiation::autodiff_fvar<double, 1, 1, 1, 1, 1>;
  const number x[5] = {std::get<0>(v), std::get<1>(v), std::get<2>(v), std::get<3>(v), std::get<4>(v)};
  const number y = black_scholes_call(x);
  out[0] = y.derivative(0, 0, 0, 0, 0);
  out[1] = y.derivative(1, 0, 0, 0, 0);
  out[2] = y.derivative(0, 1, 0, 0, 0);
  out[3] = y.derivative(0, 0, 1, 0, 0);
  out[4] = y.derivative(0, 0, 0, 1, 0);
  out[5] = y.derivative(0, 0, 0, 0, 1);
}
