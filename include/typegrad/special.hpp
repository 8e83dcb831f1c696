// SPDX-License-Identifier: BSL-1.0
// Opt-in: special functions whose values come from Boost.Math: digamma and polygamma, which the derivatives
// of tgamma and lgamma need, erfinv, the incomplete gamma and beta functions, Bessel functions. The umbrella
// header leaves them out because Boost.Math takes longer to compile than typegrad.
#pragma once
#include "support/compiler/begin.hpp"

#include <boost/math/special_functions/bessel.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/special_functions/polygamma.hpp>
#include <cmath>
#include <cstddef>
#include <limits>

#include "primitive/bessel.hpp"
#include "primitive/gamma.hpp"
#include "primitive/incomplete.hpp"
#include "support/select.hpp"

namespace tg {

namespace detail {

/// A pole gives NaN or infinity, as in <cmath>, not an exception.
using quiet = boost::math::policies::policy<
    boost::math::policies::domain_error<boost::math::policies::ignore_error>,
    boost::math::policies::pole_error<boost::math::policies::ignore_error>,
    boost::math::policies::overflow_error<boost::math::policies::ignore_error>,
    boost::math::policies::evaluation_error<boost::math::policies::ignore_error>>;

}  // namespace detail

/// NaN at the poles, the integers below 1. Far out every number is one; Boost.Math, which makes an integer of
/// what it gets, would throw there.
template <class T>
struct special_functions {
  static T digamma(const T& x) {
    return is_pole(x) ? std::numeric_limits<T>::quiet_NaN() : boost::math::digamma(x, detail::quiet{});
  }
  static T polygamma(int n, const T& x) {
    if (is_pole(x)) return std::numeric_limits<T>::quiet_NaN();
    return x < T(-100000) ? far_polygamma(n, x) : boost::math::polygamma(n, x, detail::quiet{});
  }
  static T erfinv(const T& y) {
    return y == T(1) || y == T(-1) ? static_cast<T>(y * std::numeric_limits<T>::infinity())
                                   : boost::math::erf_inv(y, detail::quiet{});
  }
  static T gamma_p(const T& a, const T& x) { return boost::math::gamma_p(a, x, detail::quiet{}); }
  static T gamma_q(const T& a, const T& x) { return boost::math::gamma_q(a, x, detail::quiet{}); }
  static T gamma_p_slope(const T& a, const T& x) {
    return boost::math::gamma_p_derivative(a, x, detail::quiet{});
  }
  static T ibeta(const T& a, const T& b, const T& x) { return boost::math::ibeta(a, b, x, detail::quiet{}); }
  static T ibeta_slope(const T& a, const T& b, const T& x) {
    return boost::math::ibeta_derivative(a, b, x, detail::quiet{});
  }
  static T bessel_j(const T& order, const T& x) {
    return boost::math::cyl_bessel_j(order, x, detail::quiet{});
  }
  static T bessel_y(const T& order, const T& x) {
    return x == T(0) ? -std::numeric_limits<T>::infinity()
                     : boost::math::cyl_neumann(order, x, detail::quiet{});
  }
  static T bessel_i(const T& order, const T& x) {
    return boost::math::cyl_bessel_i(order, x, detail::quiet{});
  }
  static T bessel_k(const T& order, const T& x) {
    return boost::math::cyl_bessel_k(order, x, detail::quiet{});
  }

 private:
  /// The reflection, DLMF 5.15.6, whose cotangent has the period 1 and so is that of the reflection between 0
  /// and 1. Boost.Math has the wrong sign at -1e10.
  static T far_polygamma(int n, const T& x) {
    using std::floor;
    const T inside = static_cast<T>(x - floor(x)), sign = n % 2 == 0 ? T(1) : T(-1);
    return static_cast<T>(sign * polygamma(n, static_cast<T>(1 - x)) + polygamma(n, inside) -
                          sign * polygamma(n, static_cast<T>(1 - inside)));
  }
  static bool is_pole(const T& x) {
    using std::floor;
    return x <= T(0) && floor(x) == x;
  }
};
template <Batch T>
struct special_functions<T> {
  using one = special_functions<typename T::value_type>;
  static T digamma(const T& x) { return lane_by_lane(x, one::digamma); }
  static T polygamma(int n, const T& x) {
    return lane_by_lane(x, [n](const auto& lane) { return one::polygamma(n, lane); });
  }
  static T erfinv(const T& y) { return lane_by_lane(y, one::erfinv); }
  static T gamma_p(const T& a, const T& x) { return each(one::gamma_p, a, x); }
  static T gamma_q(const T& a, const T& x) { return each(one::gamma_q, a, x); }
  static T gamma_p_slope(const T& a, const T& x) { return each(one::gamma_p_slope, a, x); }
  static T bessel_j(const T& a, const T& x) { return each(one::bessel_j, a, x); }
  static T bessel_y(const T& a, const T& x) { return each(one::bessel_y, a, x); }
  static T bessel_i(const T& a, const T& x) { return each(one::bessel_i, a, x); }
  static T bessel_k(const T& a, const T& x) { return each(one::bessel_k, a, x); }
  static T ibeta(const T& a, const T& b, const T& x) { return each(one::ibeta, a, b, x); }
  static T ibeta_slope(const T& a, const T& b, const T& x) { return each(one::ibeta_slope, a, b, x); }

 private:
  template <class F, class... U>
  static T each(F f, const T& first, const U&... more) {
    using number = typename T::value_type;
    T r = first;
    for (std::size_t lane = 0; lane < first.size(); ++lane)
      r[lane] = f(static_cast<number>(first[lane]), static_cast<number>(more[lane])...);
    return r;
  }
};

}  // namespace tg

#include "support/compiler/end.hpp"
