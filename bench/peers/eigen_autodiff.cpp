// SPDX-License-Identifier: BSL-1.0
//
// Eigen's AutoDiffScalar: dual numbers with all derivatives carried forward; for second order, one inside the
// other.
#include "../problems/all.hpp"

#include <Eigen/Core>
#include <unsupported/Eigen/AutoDiff>

#include <cmath>

namespace Eigen {

/// Eigen has no complementary error function for its AutoDiffScalar.
template <class Derivatives>
auto erfc(const AutoDiffScalar<Derivatives>& x) {
  using std::erfc;
  using std::exp;
  using scalar = typename AutoDiffScalar<Derivatives>::Scalar;
  constexpr double two_over_root_pi = 1.12837916709551257390;
  const scalar z = x.value();
  const scalar slope = exp(scalar(-z * z)) * scalar(-two_over_root_pi);
  return MakeAutoDiffScalar(scalar(erfc(z)), x.derivatives() * slope);
}

}  // namespace Eigen

namespace {

template <class P>
struct autodiff_scalar {
  static constexpr int n = P::active;
  using first = Eigen::AutoDiffScalar<Eigen::Matrix<double, n, 1>>;

  static void evaluate(const double* point, double* result) {
    if constexpr (P::order == 1) {
      first x[n], y[P::values];
      for (int i = 0; i < n; ++i) x[i] = first(point[i], n, i);
      P::formula(x, point + n, y);
      for (int k = 0; k < P::values; ++k) {
        result[k] = y[k].value();
        for (int i = 0; i < n; ++i) result[P::values + k * n + i] = y[k].derivatives()[i];
      }
    } else {
      static_assert(P::values == 1);
      using second = Eigen::AutoDiffScalar<Eigen::Matrix<first, n, 1>>;
      const Eigen::Matrix<double, n, 1> zero = Eigen::Matrix<double, n, 1>::Zero();
      second x[n], y;
      for (int i = 0; i < n; ++i) {
        x[i].value() = first(point[i], n, i);
        for (int j = 0; j < n; ++j) x[i].derivatives()[j] = first(i == j ? 1.0 : 0.0, zero);
      }
      P::formula(x, point + n, &y);
      result[0] = y.value().value();
      for (int i = 0; i < n; ++i) {
        result[1 + i] = y.value().derivatives()[i];
        for (int j = 0; j < n; ++j) result[1 + n + i * n + j] = y.derivatives()[i].derivatives()[j];
      }
    }
  }
};

const bool added = bench::add_to_all_problems<autodiff_scalar>("Eigen AutoDiffScalar");

}  // namespace
