// SPDX-License-Identifier: BSL-1.0
//
// ADOL-C: the formula is recorded once on a tape, and the tape is interpreted forward and backward at each
// point. It is recorded anew where a comparison comes out otherwise than on the tape.
#include "../problems/all.hpp"

// The header declares erf only under this macro; the Debian library is built with it.
#define ATRIG_ERF 1
#include <adolc/adolc.h>

#include <cmath>

/// ADOL-C has no complementary error function.
inline adouble erfc(const adouble& x) { return 1.0 - erf(x); }

namespace {

short new_tag() {
  static short last = 0;
  return ++last;
}

template <class P>
struct tape {
  static constexpr int n = P::active;
  static constexpr int m = P::values;

  static void record(short tag, const double* point) {
    adouble x[n], y[m];
    double value = 0.0;
    trace_on(tag);
    for (int i = 0; i < n; ++i) x[i] <<= point[i];
    if constexpr (P::passive == 0) {
      P::formula(x, point, y);
    } else {
      static_assert(P::passive == 2);
      const pdouble passive[2] = {mkparam(point[n]), mkparam(point[n + 1])};
      P::formula(x, passive, y);
    }
    for (int k = 0; k < m; ++k) y[k] >>= value;
    trace_off();
  }

  static void evaluate(const double* point, double* result) {
    static const short tag = new_tag();
    static bool recorded = false;
    if (!recorded) record(tag, point);
    recorded = true;
    if constexpr (P::passive > 0) {
      double passive[P::passive];
      for (int i = 0; i < P::passive; ++i) passive[i] = point[n + i];
      set_param_vec(tag, P::passive, passive);
    }
    double x[n];
    for (int i = 0; i < n; ++i) x[i] = point[i];
    if (zos_forward(tag, m, n, 1, x, result) < 0) {
      record(tag, point);
      zos_forward(tag, m, n, 1, x, result);
    }
    if constexpr (m == 1) {
      double weight = 1.0;
      fos_reverse(tag, 1, n, &weight, result + 1);
    } else {
      double identity[m][m] = {};
      double* weights[m];
      double* rows[m];
      for (int k = 0; k < m; ++k) {
        identity[k][k] = 1.0;
        weights[k] = identity[k];
        rows[k] = result + m + k * n;
      }
      fov_reverse(tag, m, n, m, weights, rows);
    }
    if constexpr (P::order == 2) {
      double lower[n][n];
      double* rows[n];
      for (int i = 0; i < n; ++i) rows[i] = lower[i];
      hessian(tag, n, x, rows);
      for (int i = 0; i < n; ++i)
        for (int j = 0; j <= i; ++j) result[1 + n + i * n + j] = result[1 + n + j * n + i] = lower[i][j];
    }
  }
};

const bool added = bench::add_to_all_problems<tape>("ADOL-C");

}  // namespace
