// SPDX-License-Identifier: BSL-1.0
// e^x, e^x - 1, and the functions that are quotients of these: tanh and the logistic function. All begin with
// x = n log(2) + r, n an integer and |r| <= log(2)/2, where log(2) is the sum of two numbers of which the
// first is short, so that n times it is exact.
#pragma once
#include "../support/compiler/begin.hpp"

#include "vector.hpp"

namespace tg::lanes {

/// e^r = 1 + r + r^2 p(r); p by tools/fit_lanes.py. Below `low` e^x is 0, above `high` infinite; at `one`
/// tanh is 1; e^x - 1 is x where |x| < tiny.
template <class T>
struct exponential_fit;
template <>
struct exponential_fit<float> {
  static constexpr float c[] = {0x1.fffffep-2f, 0x1.5554b4p-3f, 0x1.55566ep-5f, 0x1.12257cp-7f,
                                0x1.6bea7p-10f};
  static constexpr float log_2_high = 0x1.62e4p-1f, log_2_low = 0x1.7f7d1cp-20f;
  static constexpr float low = -105, high = 89, one = 9.1f, tiny = 0x1p-26f;
};
template <>
struct exponential_fit<double> {
  static constexpr double c[] = {0x1.0000000000004p-1,  0x1.555555555553bp-3,  0x1.5555555552858p-5,
                                 0x1.1111111118d19p-7,  0x1.6c16c17db9d2ap-10, 0x1.a01a0174a238fp-13,
                                 0x1.a019aa41b0f02p-16, 0x1.71de8b595ed66p-19, 0x1.289f7977d149cp-22,
                                 0x1.ae637f13b0313p-26};
  static constexpr double log_2_high = 0x1.62e42fefa38p-1, log_2_low = 0x1.ef35793c7673p-45;
  static constexpr double low = -746, high = 710, one = 19.1, tiny = 0x1p-55;
};

/// x = n log(2) + r + rest, t = n + rounder; p(r).
template <class V>
TYPEGRAD_LANES void exponential_parts(const V& x, V& t, V& r, V& rest, V& p) {
  using T = element<V>;
  using F = exponential_fit<T>;
  t = x * T(1.4426950408889634) + rounder<T>;
  const V n = t - rounder<T>, high = x - n * F::log_2_high;
  r = high - n * F::log_2_low;
  rest = (high - r) - n * F::log_2_low;
  polynomial<exponential_fit>(r, p);
}

/// y = x between two bounds, or the bound; NaN where x is.
template <class V>
TYPEGRAD_LANES void clamp(const V& x, element<V> low, element<V> high, V& y) {
  const V above = x < V{} + low ? V{} + low : x;
  y = above > V{} + high ? V{} + high : above;
}

/// e^x. It is multiplied by 2^n in two steps, so that a result below the normal numbers is rounded once.
/// Error: float 1.0, double 1.0 units in the last place.
struct exp {
  template <class V>
  TYPEGRAD_LANES static void value(const V& x, V& y) {
    using T = element<V>;
    V u, t, r, rest, p, first, second;
    clamp(x, exponential_fit<T>::low, exponential_fit<T>::high, u);
    exponential_parts(u, t, r, rest, p);
    halves_of_power(t, first, second);
    y = ((p * (r * r) + rest) + r + T(1)) * first * second;
  }
};

/// y = (e^x - 1)/2 = 2^(n-1) - 1/2 + 2^(n-1) (r + r^2 p(r)), the largest two terms added with their rounding
/// error.
template <class V>
TYPEGRAD_LANES void half_of_expm1(const V& x, V& y) {
  using T = element<V>;
  V t, r, rest, p, power;
  exponential_parts(x, t, r, rest, p);
  power_of_two<V>(t - T(1), power);
  const V first = power - T(0.5), sum = first + power * r, lost = power * r - (sum - first);
  y = power * (p * (r * r) + rest) + lost + sum;
}

/// e^x - 1. Error: float 1.2, double 1.2 units in the last place.
struct expm1 {
  template <class V>
  TYPEGRAD_LANES static void value(const V& x, V& y) {
    using T = element<V>;
    using F = exponential_fit<T>;
    V u, half, size;
    clamp(x, T(-64), F::high, u);
    half_of_expm1(u, half);
    absolute(x, size);
    y = size < V{} + F::tiny ? x : half + half;
  }
};

/// tanh(x) = h/(h + 1), h = (e^(2|x|) - 1)/2, with the sign of x; near 0, h - h tanh(x), where the rounding
/// error of h + 1 does not matter. Error: float 1.9, double 1.9 units in the last place.
struct tanh {
  template <class V>
  TYPEGRAD_LANES static void value(const V& x, V& y) {
    using T = element<V>;
    V size, half;
    absolute(x, size);
    size = size > V{} + exponential_fit<T>::one ? V{} + exponential_fit<T>::one : size;
    half_of_expm1<V>(size + size, half);
    const V ratio = half / (half + T(1));
    V result = half < V{} + T(0.5) ? half - half * ratio : ratio;
    take_sign(x, result);
    y = result;
  }
};

/// y = e^-|x| with a smaller error than exp has, as the argument of a further function.
template <class V>
TYPEGRAD_LANES void exponential_decay(const V& x, V& y) {
  using T = element<V>;
  V size, t, r, rest, p, first, second;
  absolute(x, size);
  size = size > V{} - exponential_fit<T>::low ? V{} - exponential_fit<T>::low : size;
  exponential_parts<V>(-size, t, r, rest, p);
  halves_of_power(t, first, second);
  y = ((p * (r * r) + rest) + r + T(1)) * first * second;
}

/// 1/(1 + e^-x), and below 0 e/(1 + e), e = e^x, which does not overflow; far below, e - e^2/(1 + e), where
/// the rounding error of 1 + e does not matter. Error: float 1.9, double 1.9 units in the last place.
struct sigmoid {
  template <class V>
  TYPEGRAD_LANES static void value(const V& x, V& y) {
    using T = element<V>;
    V e;
    exponential_decay(x, e);
    const V ratio = e / (e + T(1)), below = e < V{} + T(0.5) ? e - e * ratio : ratio;
    y = x < V{} ? below : T(1) - ratio;
  }
};

}  // namespace tg::lanes

#include "../support/compiler/end.hpp"
