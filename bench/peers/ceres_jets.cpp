// SPDX-License-Identifier: BSL-1.0
//
// Ceres Jets: dual numbers with all derivatives carried forward; for second order, Jets of Jets.
#include "../problems/all.hpp"

#include <ceres/jet.h>

namespace ceres {

/// Ceres multiplies a Jet of Jets by a Jet or by an int, but not by a double.
template <int N, int M>
Jet<Jet<double, M>, N> operator*(double factor, const Jet<Jet<double, M>, N>& x) {
  return Jet<double, M>(factor) * x;
}

}  // namespace ceres

namespace {

template <class P>
struct jets {
  static constexpr int n = P::active;

  static void evaluate(const double* point, double* result) {
    if constexpr (P::order == 1) {
      using jet = ceres::Jet<double, n>;
      jet x[n], y[P::values];
      for (int i = 0; i < n; ++i) x[i] = jet(point[i], i);
      P::formula(x, point + n, y);
      for (int k = 0; k < P::values; ++k) {
        result[k] = y[k].a;
        for (int i = 0; i < n; ++i) result[P::values + k * n + i] = y[k].v[i];
      }
    } else {
      static_assert(P::values == 1);
      using inner = ceres::Jet<double, n>;
      using jet = ceres::Jet<inner, n>;
      jet x[n], y;
      for (int i = 0; i < n; ++i) x[i] = jet(inner(point[i], i), i);
      P::formula(x, point + n, &y);
      result[0] = y.a.a;
      for (int i = 0; i < n; ++i) {
        result[1 + i] = y.a.v[i];
        for (int j = 0; j < n; ++j) result[1 + n + i * n + j] = y.v[i].v[j];
      }
    }
  }
};

const bool added = bench::add_to_all_problems<jets>("Ceres Jets");

}  // namespace
