// SPDX-License-Identifier: BSL-1.0
// Black-Scholes gradient with ADOL-C: the recording and the sweep.
#include "peer.hpp"

#include <adolc/adolc.h>

void greeks(double* in, double* out) {
  adouble x[5];
  trace_on(1);
  for (int i = 0; i < 5; ++i) x[i] <<= in[i];
  adouble y = black_scholes_call(x);
  y >>= out[0];
  trace_off();
  gradient(1, 5, in, out + 1);
}
