// SPDX-License-Identifier: BSL-1.0
// Opt-in: the values of digamma and polygamma, from Boost.Math. Include it where a formula with tgamma,
// lgamma or digamma is differentiated and evaluated; the umbrella header leaves it out because Boost.Math
// takes longer to compile than typegrad.
#pragma once
#include "support/compiler/begin.hpp"

#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/polygamma.hpp>
#include <cmath>
#include <limits>

#include "primitive/gamma.hpp"
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
};

}  // namespace tg

#include "support/compiler/end.hpp"
