// SPDX-License-Identifier: BSL-1.0
// Black-Scholes gradient with Sacado's SFad.
#include "peer.hpp"

#define SACADO_NEW_FAD_DESIGN_IS_DEFAULT
#include <Sacado_No_Kokkos.hpp>

void greeks(const double* in, double* out) {
  using number = Sacado::Fad::Exp::SFad<double, 5>;
  number x[5];
  for (int i = 0; i < 5; ++i) x[i] = number(5, i, in[i]);
  const number y = black_scholes_call(x);
  out[0] = y.val();
  for (int i = 0; i < 5; ++i) out[1 + i] = y.dx(i);
}
