// SPDX-License-Identifier: BSL-1.0
//
// Boost's autodiff. Its type for n variables holds 2^n numbers, so one direction (for second order, one pair
// of directions) is taken at a time, which is the fastest way to use it here.
#include "../problems/all.hpp"

#include <boost/math/differentiation/autodiff.hpp>

#include <tuple>

namespace {

namespace differentiation = boost::math::differentiation;

template <class P>
struct fvar {
  static constexpr int n = P::active;

  static void evaluate(const double* point, double* result) {
    if constexpr (P::order == 1) {
      using number = differentiation::autodiff_fvar<double, 1>;
      number x[n], y[P::values];
      for (int i = 0; i < n; ++i) x[i] = number(point[i]);
      for (int i = 0; i < n; ++i) {
        x[i] = differentiation::make_fvar<double, 1>(point[i]);
        P::formula(x, point + n, y);
        x[i] = number(point[i]);
        for (int k = 0; k < P::values; ++k) result[P::values + k * n + i] = y[k].derivative(1);
      }
      for (int k = 0; k < P::values; ++k) result[k] = y[k].derivative(0);
    } else {
      static_assert(P::values == 1);
      using number = differentiation::autodiff_fvar<double, 1, 1>;
      const auto directions = differentiation::make_ftuple<double, 1, 1>(0.0, 0.0);
      number x[n], y;
      for (int i = 0; i < n; ++i) x[i] = number(point[i]);
      for (int i = 0; i < n; ++i) {
        for (int j = i; j < n; ++j) {
          x[i] += std::get<0>(directions);
          x[j] += std::get<1>(directions);
          P::formula(x, point + n, &y);
          x[i] = number(point[i]);
          x[j] = number(point[j]);
          result[1 + n + i * n + j] = result[1 + n + j * n + i] = y.derivative(1, 1);
        }
        result[1 + i] = y.derivative(1, 0);
      }
      result[0] = y.derivative(0, 0);
    }
  }
};

const bool added = bench::add_to_all_problems<fvar>("Boost autodiff");

}  // namespace
