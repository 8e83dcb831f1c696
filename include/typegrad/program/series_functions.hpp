// SPDX-License-Identifier: BSL-1.0
// Functions of power series: the coefficients of the function at the constant term, composed with the rest.
// What has no series is refused.
#pragma once
#include "../support/compiler/begin.hpp"

#include <cmath>

#include "../primitive/constants.hpp"
#include "../support/error.hpp"
#include "series.hpp"

namespace tg {

// Series of one displacement, as lists of coefficients of one length.
namespace detail::one_symbol {

/// The powers a + b t + c t^2 of a displacement t.
template <class T>
std::vector<T> quadratic(std::size_t size, const T& a, const T& b, const T& c) {
  std::vector<T> r(size, T(0));
  r[0] = a;
  if (size > 1) r[1] = b;
  if (size > 2) r[2] = c;
  return r;
}
/// value * (f/f_0)^p, by f r' = p f' r; f has at most the power 2.
template <class T>
std::vector<T> power_of(const std::vector<T>& f, const T& p, const T& value) {
  std::vector<T> r(f.size(), T(0));
  r[0] = value;
  for (std::size_t k = 1; k < f.size(); ++k) {
    T sum(0);
    for (std::size_t j = 1; j <= k && j <= 2; ++j)
      sum = sum + (p * T(static_cast<int>(j)) - T(static_cast<int>(k - j))) * f[j] * r[k - j];
    r[k] = sum / (T(static_cast<int>(k)) * f[0]);
  }
  return r;
}
/// value * exp(f - f_0).
template <class T>
std::vector<T> exponential_of(const std::vector<T>& f, const T& value) {
  std::vector<T> r(f.size(), T(0));
  r[0] = value;
  for (std::size_t k = 1; k < f.size(); ++k) {
    for (std::size_t j = 1; j <= k; ++j) r[k] = r[k] + T(static_cast<int>(j)) * f[j] * r[k - j];
    r[k] = r[k] / T(static_cast<int>(k));
  }
  return r;
}
/// The function with that value and that derivative.
template <class T>
std::vector<T> integral_of(const std::vector<T>& slope, const T& value) {
  std::vector<T> r(slope.size(), T(0));
  r[0] = value;
  for (std::size_t k = 1; k < slope.size(); ++k) r[k] = slope[k - 1] / T(static_cast<int>(k));
  return r;
}
/// The function with that value and the derivative 1 + sign f^2.
template <class T>
std::vector<T> tangent_like(std::size_t size, const T& value, const T& sign) {
  std::vector<T> r(size, T(0));
  r[0] = value;
  for (std::size_t k = 1; k < size; ++k) {
    T square(0);
    for (std::size_t j = 0; j < k; ++j) square = square + r[j] * r[k - 1 - j];
    r[k] = (T(k == 1 ? 1 : 0) + sign * square) / T(static_cast<int>(k));
  }
  return r;
}
/// Two functions of which each is the other's derivative, the second with a sign: sine and cosine.
template <class T>
std::vector<T> in_turn(std::size_t size, const T& value, const T& slope, const T& sign) {
  std::vector<T> r(size, value);
  T factorial(1);
  for (std::size_t k = 1; k < size; ++k) {
    factorial = factorial * T(static_cast<int>(k));
    r[k] = (k % 2 == 1 ? slope : value) * (k % 4 >= 2 ? sign : T(1)) / factorial;
  }
  return r;
}

}  // namespace detail::one_symbol

namespace detail {

/// f(x), where make(c, size) gives the first coefficients of f at c.
template <class T, int... N, class F>
series<T, N...> composed(const series<T, N...>& x, F make) {
  return x.composed(make(x.constant(), x.length()));
}

template <text Name, class T, int... N>
const series<T, N...>& refuse_series(const series<T, N...>& x) {
  refuse<join(text{"taylor: the primitive '"}, Name,
              text{"' has no series in several symbols; differentiate it by diff."}),
         T>();
  return x;
}

}  // namespace detail

// clang-format off
template <class T, int... N> series<T, N...> exp(const series<T, N...>& x) { using std::exp; return detail::composed(x, [](const T& c, std::size_t size) { return detail::one_symbol::exponential_of(detail::one_symbol::quadratic<T>(size, c, T(1), T(0)), T(exp(c))); }); }
template <class T, int... N> series<T, N...> expm1(const series<T, N...>& x) { using std::exp; using std::expm1; return detail::composed(x, [](const T& c, std::size_t size) { return detail::one_symbol::integral_of(detail::one_symbol::exponential_of(detail::one_symbol::quadratic<T>(size, c, T(1), T(0)), T(exp(c))), T(expm1(c))); }); }
template <class T, int... N> series<T, N...> exp2(const series<T, N...>& x) { using std::exp2; using std::log; return detail::composed(x, [](const T& c, std::size_t size) { return detail::one_symbol::exponential_of(detail::one_symbol::quadratic<T>(size, c, T(log(T(2))), T(0)), T(exp2(c))); }); }
template <class T, int... N> series<T, N...> log(const series<T, N...>& x) { using std::log; return detail::composed(x, [](const T& c, std::size_t size) { return detail::one_symbol::integral_of(detail::one_symbol::power_of(detail::one_symbol::quadratic<T>(size, c, T(1), T(0)), T(-1), T(T(1) / c)), T(log(c))); }); }
template <class T, int... N> series<T, N...> log2(const series<T, N...>& x) { using std::log; using std::log2; return detail::composed(x, [](const T& c, std::size_t size) { return detail::one_symbol::integral_of(detail::one_symbol::power_of(detail::one_symbol::quadratic<T>(size, c, T(1), T(0)), T(-1), T(T(1) / (c * log(T(2))))), T(log2(c))); }); }
template <class T, int... N> series<T, N...> log10(const series<T, N...>& x) { using std::log; using std::log10; return detail::composed(x, [](const T& c, std::size_t size) { return detail::one_symbol::integral_of(detail::one_symbol::power_of(detail::one_symbol::quadratic<T>(size, c, T(1), T(0)), T(-1), T(T(1) / (c * log(T(10))))), T(log10(c))); }); }
template <class T, int... N> series<T, N...> log1p(const series<T, N...>& x) { using std::log1p; return detail::composed(x, [](const T& c, std::size_t size) { return detail::one_symbol::integral_of(detail::one_symbol::power_of(detail::one_symbol::quadratic<T>(size, T(T(1) + c), T(1), T(0)), T(-1), T(T(1) / (T(1) + c))), T(log1p(c))); }); }
template <class T, int... N> series<T, N...> sqrt(const series<T, N...>& x) { using std::sqrt; return detail::composed(x, [](const T& c, std::size_t size) { return detail::one_symbol::power_of(detail::one_symbol::quadratic<T>(size, c, T(1), T(0)), T(T(1) / T(2)), T(sqrt(c))); }); }
template <class T, int... N> series<T, N...> cbrt(const series<T, N...>& x) { using std::cbrt; return detail::composed(x, [](const T& c, std::size_t size) { return detail::one_symbol::power_of(detail::one_symbol::quadratic<T>(size, c, T(1), T(0)), T(T(1) / T(3)), T(cbrt(c))); }); }
template <class T, int... N> series<T, N...> sin(const series<T, N...>& x) { using std::sin; using std::cos; return detail::composed(x, [](const T& c, std::size_t size) { return detail::one_symbol::in_turn<T>(size, T(sin(c)), T(cos(c)), T(-1)); }); }
template <class T, int... N> series<T, N...> cos(const series<T, N...>& x) { using std::sin; using std::cos; return detail::composed(x, [](const T& c, std::size_t size) { return detail::one_symbol::in_turn<T>(size, T(cos(c)), T(-sin(c)), T(-1)); }); }
template <class T, int... N> series<T, N...> sinh(const series<T, N...>& x) { using std::sinh; using std::cosh; return detail::composed(x, [](const T& c, std::size_t size) { return detail::one_symbol::in_turn<T>(size, T(sinh(c)), T(cosh(c)), T(1)); }); }
template <class T, int... N> series<T, N...> cosh(const series<T, N...>& x) { using std::sinh; using std::cosh; return detail::composed(x, [](const T& c, std::size_t size) { return detail::one_symbol::in_turn<T>(size, T(cosh(c)), T(sinh(c)), T(1)); }); }
template <class T, int... N> series<T, N...> tan(const series<T, N...>& x) { using std::tan; return detail::composed(x, [](const T& c, std::size_t size) { return detail::one_symbol::tangent_like<T>(size, T(tan(c)), T(1)); }); }
template <class T, int... N> series<T, N...> tanh(const series<T, N...>& x) { using std::tanh; return detail::composed(x, [](const T& c, std::size_t size) { return detail::one_symbol::tangent_like<T>(size, T(tanh(c)), T(-1)); }); }
template <class T, int... N> series<T, N...> asin(const series<T, N...>& x) { using std::asin; using std::sqrt; return detail::composed(x, [](const T& c, std::size_t size) { return detail::one_symbol::integral_of(detail::one_symbol::power_of(detail::one_symbol::quadratic<T>(size, T((T(1) - c) * (T(1) + c)), T(T(-2) * c), T(-1)), T(T(-1) / T(2)), T(T(1) / sqrt(T((T(1) - c) * (T(1) + c))))), T(asin(c))); }); }
template <class T, int... N> series<T, N...> acos(const series<T, N...>& x) { using std::acos; using std::sqrt; return detail::composed(x, [](const T& c, std::size_t size) { return detail::one_symbol::integral_of(detail::one_symbol::power_of(detail::one_symbol::quadratic<T>(size, T((T(1) - c) * (T(1) + c)), T(T(-2) * c), T(-1)), T(T(-1) / T(2)), T(T(-1) / sqrt(T((T(1) - c) * (T(1) + c))))), T(acos(c))); }); }
template <class T, int... N> series<T, N...> atan(const series<T, N...>& x) { using std::atan; return detail::composed(x, [](const T& c, std::size_t size) { return detail::one_symbol::integral_of(detail::one_symbol::power_of(detail::one_symbol::quadratic<T>(size, T(T(1) + c * c), T(T(2) * c), T(1)), T(-1), T(T(1) / (T(1) + c * c))), T(atan(c))); }); }
template <class T, int... N> series<T, N...> asinh(const series<T, N...>& x) { using std::asinh; using std::sqrt; return detail::composed(x, [](const T& c, std::size_t size) { return detail::one_symbol::integral_of(detail::one_symbol::power_of(detail::one_symbol::quadratic<T>(size, T(T(1) + c * c), T(T(2) * c), T(1)), T(T(-1) / T(2)), T(T(1) / sqrt(T(T(1) + c * c)))), T(asinh(c))); }); }
template <class T, int... N> series<T, N...> acosh(const series<T, N...>& x) { using std::acosh; using std::sqrt; return detail::composed(x, [](const T& c, std::size_t size) { return detail::one_symbol::integral_of(detail::one_symbol::power_of(detail::one_symbol::quadratic<T>(size, T((c - T(1)) * (c + T(1))), T(T(2) * c), T(1)), T(T(-1) / T(2)), T(T(1) / sqrt(T((c - T(1)) * (c + T(1)))))), T(acosh(c))); }); }
template <class T, int... N> series<T, N...> atanh(const series<T, N...>& x) { using std::atanh; return detail::composed(x, [](const T& c, std::size_t size) { return detail::one_symbol::integral_of(detail::one_symbol::power_of(detail::one_symbol::quadratic<T>(size, T((T(1) - c) * (T(1) + c)), T(T(-2) * c), T(-1)), T(-1), T(T(1) / ((T(1) - c) * (T(1) + c)))), T(atanh(c))); }); }
template <class T, int... N> series<T, N...> erf(const series<T, N...>& x) { using std::erf; using std::exp; using std::sqrt; return detail::composed(x, [](const T& c, std::size_t size) { return detail::one_symbol::integral_of(detail::one_symbol::exponential_of(detail::one_symbol::quadratic<T>(size, T(-c * c), T(T(-2) * c), T(-1)), T(T(2) / sqrt(op::pi::value<T>()) * exp(T(-c * c)))), T(erf(c))); }); }
template <class T, int... N> series<T, N...> erfc(const series<T, N...>& x) { using std::erfc; using std::exp; using std::sqrt; return detail::composed(x, [](const T& c, std::size_t size) { return detail::one_symbol::integral_of(detail::one_symbol::exponential_of(detail::one_symbol::quadratic<T>(size, T(-c * c), T(T(-2) * c), T(-1)), T(T(-2) / sqrt(op::pi::value<T>()) * exp(T(-c * c)))), T(erfc(c))); }); }
template <class T, int... N> series<T, N...> floor(const series<T, N...>& x) { using std::floor; return T(floor(x.constant())); }
template <class T, int... N> series<T, N...> ceil(const series<T, N...>& x) { using std::ceil; return T(ceil(x.constant())); }
template <class T, int... N> series<T, N...> round(const series<T, N...>& x) { using std::round; return T(round(x.constant())); }
template <class T, int... N> series<T, N...> trunc(const series<T, N...>& x) { using std::trunc; return T(trunc(x.constant())); }
template <class T, int... N> series<T, N...> tgamma(const series<T, N...>& x) { return detail::refuse_series<"tgamma">(x); }
template <class T, int... N> series<T, N...> lgamma(const series<T, N...>& x) { return detail::refuse_series<"lgamma">(x); }
// clang-format on

/// From the side on which x lies; at 0 the upper one, for functions that are smooth there but are computed
/// from |x|.
template <class T, int... N>
series<T, N...> abs(const series<T, N...>& x) {
  return x.constant() < T(0) ? -x : x;
}
/// The primitive, which has a corner at 0.
template <class T, int... N>
series<T, N...> abs_with_corner(const series<T, N...>& x) {
  return x.constant() == T(0) ? x.without_derivative() : abs(x);
}
template <class T, int... N>
series<T, N...> fmod(const series<T, N...>& x, const series<T, N...>& y) {
  using std::trunc;
  return x - y * series<T, N...>(T(trunc(T(x.constant() / y.constant()))));
}
/// x^y: below x = 0 only for an exponent that is a whole number, as the value; at 0 by products alone.
template <class T, int... N>
series<T, N...> pow(const series<T, N...>& x, const series<T, N...>& y) {
  using std::pow;
  if (!y.is_constant()) return exp(y * log(x));
  return detail::composed(x, [p = y.constant()](const T& c, std::size_t size) {
    return detail::one_symbol::power_of(detail::one_symbol::quadratic<T>(size, c, T(1), T(0)), p,
                                        T(pow(c, p)));
  });
}
/// By the angle to the constant terms, which is small.
template <class T, int... N>
series<T, N...> atan2(const series<T, N...>& y, const series<T, N...>& x) {
  using std::atan2;
  const series<T, N...> y0(y.constant()), x0(x.constant());
  return series<T, N...>(T(atan2(y.constant(), x.constant()))) +
         atan((y * x0 - x * y0) / (x * x0 + y * y0)).displacement();
}

/// The functions of <typegrad/special.hpp> are not expanded in several symbols.
template <class T>
struct special_functions;
template <class T, int... N>
struct special_functions<series<T, N...>> {
  using number = series<T, N...>;
  // clang-format off
  template <class... X> static number digamma(const number& x, const X&...) { return detail::refuse_series<"digamma">(x); }
  template <class... X> static number erfinv(const number& x, const X&...) { return detail::refuse_series<"erfinv">(x); }
  template <class... X> static number gamma_p(const number& x, const X&...) { return detail::refuse_series<"gamma_p">(x); }
  template <class... X> static number gamma_q(const number& x, const X&...) { return detail::refuse_series<"gamma_q">(x); }
  template <class... X> static number gamma_p_slope(const number& x, const X&...) { return detail::refuse_series<"gamma_p_slope">(x); }
  template <class... X> static number ibeta(const number& x, const X&...) { return detail::refuse_series<"ibeta">(x); }
  template <class... X> static number ibeta_slope(const number& x, const X&...) { return detail::refuse_series<"ibeta_slope">(x); }
  template <class... X> static number bessel_j(const number& x, const X&...) { return detail::refuse_series<"bessel_j">(x); }
  template <class... X> static number bessel_y(const number& x, const X&...) { return detail::refuse_series<"bessel_y">(x); }
  template <class... X> static number bessel_i(const number& x, const X&...) { return detail::refuse_series<"bessel_i">(x); }
  template <class... X> static number bessel_k(const number& x, const X&...) { return detail::refuse_series<"bessel_k">(x); }
  // clang-format on
  static number polygamma(int, const number& x) { return digamma(x); }
};

}  // namespace tg

#include "../support/compiler/end.hpp"
