// SPDX-License-Identifier: BSL-1.0
// log(x), log(1 + x), and log(1 + e^x). All begin with x = 2^n (1 + f), where 1 + f lies between sqrt(1/2)
// and sqrt(2), and log(1 + f) = log((1 + s)/(1 - s)) with s = f/(2 + f).
#pragma once
#include "../support/compiler/begin.hpp"

#include "../support/compiler/finite.hpp"
#include "exponential.hpp"
#include "vector.hpp"

namespace tg::lanes {

/// log((1 + s)/(1 - s)) = 2s + s z p(z), z = s^2; p by tools/fit_lanes.py. The bits of sqrt(1/2), and the
/// smallest normal number.
template <class T>
struct logarithm_fit;
template <>
struct logarithm_fit<float> {
  static constexpr float c[] = {0x1.55557ap-1f, 0x1.995eccp-2f, 0x1.31e138p-2f};
  static constexpr std::int32_t root_of_half = 0x3f3504f3;
  static constexpr float smallest = 0x1p-126f;
};
template <>
struct logarithm_fit<double> {
  static constexpr double c[] = {0x1.5555555555592p-1, 0x1.999999997fea9p-2, 0x1.24924941e4959p-2,
                                 0x1.c71c5212f982cp-3, 0x1.74663d0ce77aep-3, 0x1.39a1e7e1c56bap-3,
                                 0x1.2f03b693587f3p-3};
  static constexpr std::int64_t root_of_half = 0x3fe6a09e667f3bcd;
  static constexpr double smallest = 0x1p-1022;
};

/// x = 2^n (1 + f) for a normal number x > 0.
template <class V>
TYPEGRAD_LANES void logarithm_parts(const V& x, V& n, V& f) {
  using T = element<V>;
  using F = format<T>;
  using I = integers<V>;
  using U = vector<std::make_unsigned_t<typename F::integer>, width<V>>;
  constexpr T shift = T(std::int64_t{1} << F::fraction);
  constexpr auto root = logarithm_fit<T>::root_of_half;
  const I above = reinterpret_cast<I>(x) + (F::one - root);  // has the exponent n
  const V raised = reinterpret_cast<V>(reinterpret_cast<I>(reinterpret_cast<U>(above) >> F::fraction) |
                                       reinterpret_cast<I>(V{} + shift));
  n = raised - (shift + T(F::one >> F::fraction));
  f = reinterpret_cast<V>((above & ((typename F::integer{1} << F::fraction) - 1)) + root) - T(1);
}

/// y = n log(2) + log(1 + f) + rest.
template <class V>
TYPEGRAD_LANES void logarithm_of_parts(const V& n, const V& f, const V& rest, V& y) {
  using T = element<V>;
  using E = exponential_fit<T>;
  const V s = f / (f + T(2)), z = s * s, half_square = f * f * T(0.5);
  V p;
  polynomial<logarithm_fit>(z, p);
  y = n * E::log_2_high - ((half_square - (s * (p * z + half_square) + (n * E::log_2_low + rest))) - f);
}

/// log(x); -inf at 0, NaN below. Error: float 0.9, double 0.8 units in the last place.
struct log {
  template <class V>
  TYPEGRAD_LANES static void value(const V& x, V& y) {
    using T = element<V>;
    using F = format<T>;
    constexpr T more = F::fraction + 1;
    const auto small = x < V{} + logarithm_fit<T>::smallest;
    const V zero{}, infinity = zero + detail::infinite<T>();
    V n, f, normal;
    logarithm_parts<V>(small ? x * T(std::int64_t{1} << (F::fraction + 1)) : x, n, f);
    logarithm_of_parts<V>(small ? n - more : n, f, zero, normal);
    const V outside = x == zero ? -infinity : zero + detail::not_a_number<T>();
    const V above = x < infinity ? normal : x;
    y = x > zero ? above : outside;
  }
};

/// log(1 + x) for x > -1: of u, the rounded 1 + x, and what rounding took away, which is added to f.
template <class V>
TYPEGRAD_LANES void logarithm_of_sum(const V& x, V& y) {
  using T = element<V>;
  const V u = x + T(1), from_x = u - x, lost = (x - (u - from_x)) + (T(1) - from_x), hundred = V{} + T(100);
  V n, f, power;
  logarithm_parts(u, n, f);
  power_of_two<V>(rounder<T> - (n < hundred ? n : hundred), power);
  const V whole = f + lost * power, rest = lost * power - (whole - f);
  logarithm_of_parts(n, whole, rest, y);
}

/// log(1 + x); -inf at -1, NaN below. Error: float 1.0, double 0.9 units in the last place.
struct log1p {
  template <class V>
  TYPEGRAD_LANES static void value(const V& x, V& y) {
    using T = element<V>;
    const V zero{}, one = zero + T(1), infinity = zero + detail::infinite<T>();
    V normal;
    logarithm_of_sum(x, normal);
    take_sign(x, normal);  // of a zero
    const V outside = x == -one ? -infinity : zero + detail::not_a_number<T>();
    const V above = x < infinity ? normal : x;
    y = x > -one ? above : outside;
  }
};

/// log(1 + e^x) = max(x, 0) + log(1 + e^-|x|). Error: float 1.7, double 1.7 units in the last place.
struct softplus {
  template <class V>
  TYPEGRAD_LANES static void value(const V& x, V& y) {
    V e, small;
    exponential_decay(x, e);
    logarithm_of_sum(e, small);
    y = (x < V{} ? V{} : x) + small;
  }
};

}  // namespace tg::lanes

#include "../support/compiler/end.hpp"
