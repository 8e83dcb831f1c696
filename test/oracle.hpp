// SPDX-License-Identifier: BSL-1.0
// Numbers that this library did not make: functions of 50 and 100 digits (Boost.Multiprecision, Boost.Math),
// and their derivatives by differences. No rule of differentiation is used here, so that a wrong rule in the
// library cannot be confirmed by the same mistake.
#pragma once

#include <array>
#include <boost/math/constants/constants.hpp>
#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/special_functions/polygamma.hpp>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <cstddef>
#include <limits>

namespace oracle {

namespace multiprecision = boost::multiprecision;
using digits50 = multiprecision::number<multiprecision::cpp_bin_float<50>, multiprecision::et_off>;
using digits100 = multiprecision::number<multiprecision::cpp_bin_float<100>, multiprecision::et_off>;

template <class T>
T pi() {
  return boost::math::constants::pi<T>();
}
template <class T>
T e() {
  return boost::math::constants::e<T>();
}

// Functions that Boost.Multiprecision lacks, as a textbook defines them. Callers are `using namespace
// oracle`.
template <class T>
T sec(const T& x) {
  return 1 / cos(x);
}
template <class T>
T csc(const T& x) {
  return 1 / sin(x);
}
template <class T>
T cot(const T& x) {
  return cos(x) / sin(x);
}
template <class T>
T sech(const T& x) {
  return 1 / cosh(x);
}
template <class T>
T csch(const T& x) {
  return 1 / sinh(x);
}
template <class T>
T coth(const T& x) {
  return cosh(x) / sinh(x);
}
template <class T>
T asec(const T& x) {
  return acos(T(1 / x));
}
template <class T>
T acsc(const T& x) {
  return asin(T(1 / x));
}
// The branch that is continuous through zero is atan(1/x) plus a step; SymPy, Mathematica and this library
// take atan(1/x).
template <class T>
T acot(const T& x) {
  return atan(T(1 / x));
}
template <class T>
T asech(const T& x) {
  return acosh(T(1 / x));
}
template <class T>
T acsch(const T& x) {
  return asinh(T(1 / x));
}
template <class T>
T acoth(const T& x) {
  return atanh(T(1 / x));
}
template <class T>
T sigmoid(const T& x) {
  return 1 / (1 + exp(T(-x)));
}
template <class T>
T softplus(const T& x) {
  return x > 0 ? T(x + log1p(exp(T(-x)))) : T(log1p(exp(x)));
}
template <class T>
T relu(const T& x) {
  return x > 0 ? x : T(0);
}
template <class T>
T silu(const T& x) {
  return x * sigmoid(x);
}
template <class T>
T erf(const T& x) {
  return boost::math::erf(x);
}
template <class T>
T erfc(const T& x) {
  return boost::math::erfc(x);
}
template <class T>
T gelu(const T& x) {
  return x * erfc(T(-x / sqrt(T(2)))) / 2;
}
template <class T>
T tgamma(const T& x) {
  return boost::math::tgamma(x);
}
template <class T>
T lgamma(const T& x) {
  return boost::math::lgamma(x);
}
// Boost 1.74 gives digamma(1/2) for digamma(-1/2) in multiprecision; below zero the recurrence leads to
// arguments that are right.
template <class T>
T digamma(const T& x) {
  return x < 0 ? T(digamma(T(x + 1)) - 1 / x) : T(boost::math::digamma(x));
}
template <class T>
T polygamma1(const T& x) {
  return boost::math::polygamma(1, x);
}
template <class T>
T sinc(const T& x) {
  return x == 0 ? T(1) : T(sin(x) / x);
}
template <class T>
T exprel(const T& x) {  // differences are taken of some points near 0, where the series keeps the digits
  T sum = 0, term = 1;
  if (abs(x) >= 1) return (exp(x) - 1) / x;
  for (int k = 2; abs(term) > abs(sum) * std::numeric_limits<T>::epsilon(); ++k) sum += term, term *= x / k;
  return sum;
}
template <class T>
T exprel_slope(const T& x) {
  T sum = 0, term = 1;
  if (abs(x) >= 1) return (exp(x) * (x - 1) + 1) / (x * x);
  for (int k = 1; abs(term) > abs(sum) * std::numeric_limits<T>::epsilon(); ++k)
    sum += term / (k + 1), term *= x / k;
  return sum;
}
template <class T>
T sign(const T& x) {
  return x > 0 ? T(1) : x < 0 ? T(-1) : x;
}
template <class T>
T min(const T& x, const T& y) {
  return x < y ? x : y;
}
template <class T>
T max(const T& x, const T& y) {
  return y < x ? x : y;
}
template <class T>
T hypot(const T& x, const T& y) {
  return sqrt(T(x * x + y * y));
}
template <class T>
T sigmoid_slope(const T& x) {
  return sigmoid(x) * sigmoid(T(-x));
}
template <class T>
T inversion(const T& x, const T& y) {
  return x / (x * x + y * y);
}
/// The derivative of log(e^x + e^y + e^(xy)) by y.
template <class T>
T slope_of_three(const T& x, const T& y) {
  const T all = exp(x) + exp(y) + exp(T(x * y));
  return (exp(y) + x * exp(T(x * y))) / all;
}
template <class T>
T logsumexp(const T& x, const T& y) {
  return x > y ? T(x + log1p(exp(T(y - x)))) : T(y + log1p(exp(T(x - y))));
}

/// The mixed partial derivative of `f` (T f(const T*)) of order `orders[i]` in its i-th argument, at `at`.
///
/// Central differences of step h = scale * 10^(-digits/(k+4)) for the k-th derivative, improved once by
/// Richardson's extrapolation: both the truncation error (h/scale)^4 and the rounding error stay near 10^(-4
/// digits/(k+4)), relative to f/scale^k; with 100 digits that is 80, 66 and 57 digits for k = 1, 2, 3.
/// `scale[i]` is the distance over which f changes its character in the i-th argument: the distance to a pole
/// or a branch point, or 1. No sample is further than (k+1)/2 steps from `at`.
template <class T, std::size_t N, class F>
T derivative(const F& f, const T* at, const std::array<int, N>& orders, const std::array<T, N>& scale) {
  int total = 0;
  for (int order : orders) total += order;
  if (total == 0) return f(at);
  const T exponent = T(-std::numeric_limits<T>::digits10) / (total + 4);
  const T step = pow(T(10), exponent);

  const auto differences = [&](const T& relative_step) {
    std::array<T, N> point{};
    // The sum over all corners of the stencil, one argument after the other.
    const auto sum = [&](const auto& self, std::size_t argument) -> T {
      if (argument == N) return f(point.data());
      const int order = orders[argument];
      if (order == 0) {
        point[argument] = at[argument];
        return self(self, argument + 1);
      }
      const T h = relative_step * scale[argument];
      T result = 0;
      T binomial = 1;
      for (int i = 0; i <= order; ++i) {
        point[argument] = at[argument] + h * (order - 2 * i) / 2;
        const T term = binomial * self(self, argument + 1);
        result += i % 2 == 0 ? term : T(-term);
        binomial = binomial * (order - i) / (i + 1);
      }
      return result / pow(h, T(order));
    };
    return sum(sum, 0);
  };
  return (4 * differences(step / 2) - differences(step)) / 3;
}

template <class T, std::size_t N, class F>
T derivative(const F& f, const T* at, const std::array<int, N>& orders) {
  std::array<T, N> scale;
  scale.fill(T(1) / 16);
  return derivative<T, N>(f, at, orders, scale);
}

}  // namespace oracle
