// SPDX-License-Identifier: BSL-1.0
// The Black-Scholes call for the number types of other libraries. A logistic curve stands for the normal
// distribution function, as most of them lack erfc; for compile time that is all the same.
#pragma once

#include <cmath>

template <class T>
T logistic_cdf(const T& x) {
  using std::exp;
  const T e = exp(-x);
  return T(1.0) / (T(1.0) + e);
}

template <class T>
T black_scholes_call(const T* x) {
  using std::exp;
  using std::log;
  using std::sqrt;
  const T deviation = x[3] * sqrt(x[4]);
  const T d1 = (log(x[0] / x[1]) + (x[2] + 0.5 * x[3] * x[3]) * x[4]) / deviation;
  const T d2 = d1 - deviation;
  const T discount = exp(-x[2] * x[4]);
  return x[0] * logistic_cdf(d1) - x[1] * discount * logistic_cdf(d2);
}
