// SPDX-License-Identifier: BSL-1.0
// Opt-in: the values of digamma and polygamma, from Boost.Math. Include it where a formula with tgamma,
// lgamma or digamma is differentiated and evaluated; the umbrella header leaves it out because Boost.Math
// takes longer to compile than typegrad.
#pragma once

#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/polygamma.hpp>

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

template <class T>
struct special_functions {
  static T digamma(const T& x) { return boost::math::digamma(x, detail::quiet{}); }
  static T polygamma(int n, const T& x) { return boost::math::polygamma(n, x, detail::quiet{}); }
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
