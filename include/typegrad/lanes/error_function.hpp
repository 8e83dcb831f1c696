// SPDX-License-Identifier: BSL-1.0
// erf, and gelu, x times the normal distribution function: odd polynomials near 0, and elsewhere exponentials
// with a slowly changing factor.
#pragma once
#include "../support/compiler/begin.hpp"

#include "exponential.hpp"
#include "vector.hpp"

namespace tg::lanes {

/// erf z = z + z p(z^2) for |z| <= 1; p by tools/fit_lanes.py.
template <class T>
struct erf_fit;
template <>
struct erf_fit<float> {
  static constexpr float c[] = {0x1.06eba8p-3f, -0x1.81273ep-2f,  0x1.ce2cf4p-4f, -0x1.b7f8dcp-6f,
                                0x1.540416p-8f, -0x1.a3ea9ap-11f, 0x1.494686p-14f};
};
template <>
struct erf_fit<double> {
  static constexpr double c[] = {0x1.06eba8214db68p-3,   -0x1.812746b0379bcp-2,  0x1.ce2f21a040cc9p-4,
                                 -0x1.b82ce311f9585p-6,  0x1.565bccf90188ep-8,   -0x1.c02db0377138ep-11,
                                 0x1.f9a2ba0c88ea9p-14,  -0x1.f4ca43dba8b05p-17, 0x1.b97f73a91a5a8p-20,
                                 -0x1.5c04d02e26d5bp-23, 0x1.d70aa22269ddap-27,  -0x1.ab7c8e0bc10a7p-31};
};

/// erfc z = e^(-z p(z)) for 1 <= z, up to `end`, where erf is 1; p by tools/fit_lanes.py.
template <class T>
struct erfc_fit;
template <>
struct erfc_fit<float> {
  static constexpr float c[] = {0x1.20e3c6p+0f,  0x1.458da8p-1f, 0x1.ae79d8p-4f,
                                -0x1.7553c8p-6f, 0x1.a137b4p-9f, -0x1.b8c8acp-13f};
  static constexpr float end = 4;
};
template <>
struct erfc_fit<double> {
  static constexpr double c[] = {0x1.20dd740741252p+0,   0x1.45f317cc20296p-1,   0x1.a4f2e9ccc3ca2p-4,
                                 -0x1.3956c2e96c82fp-6,  -0x1.bdb8f0f66fd29p-13, 0x1.bbe1b92db6a5bp-10,
                                 -0x1.2da3a960b5724p-11, -0x1.e29919b5edf5ap-22, 0x1.8f26a6a9796fbp-14,
                                 -0x1.d4c8d902b09b9p-15, 0x1.547369b594f65p-16,  -0x1.68387806d5db1p-18,
                                 0x1.2052ad31f4a68p-20,  -0x1.5c933f9b397a6p-23, 0x1.35eecba1e638ep-26,
                                 -0x1.7f4e2d4248b9cp-30, 0x1.26bbdb3fe9368p-34,  -0x1.a87267a180fa9p-40};
  static constexpr double end = 6;
};

/// erf(x/sqrt(2)) = 7/8 x + x p(x^2) for -1 <= x <= sqrt(2); p by tools/fit_lanes.py.
template <class T>
struct normal_fit;
template <>
struct normal_fit<float> {
  static constexpr float c[] = {-0x1.3bdd68p-4f, -0x1.10582ap-3f,  0x1.46cdbap-6f, -0x1.370dfp-9f,
                                0x1.e027fap-13f, -0x1.26b482p-16f, 0x1.c6cefap-21f};
};
template <>
struct normal_fit<double> {
  static constexpr double c[] = {-0x1.3bdd6615e4d7cp-4,  -0x1.1058377e2cedep-3,  0x1.46d0429769093p-6,
                                 -0x1.37403f6b9b756p-9,  0x1.e42b0d506198p-13,   -0x1.3ce8fa980eb4bp-16,
                                 0x1.658a1c528a066p-20,  -0x1.6221fa2e41cf7p-24, 0x1.3872155bade62p-28,
                                 -0x1.f07bcaab92971p-33, 0x1.63cae144e5cbdp-37,  -0x1.b7e02b2b1fdc8p-42,
                                 0x1.6cccd8c467001p-47};
};

/// erfc(t/sqrt(2)) = e^(-t^2/2) m(t), m (Mills ratio) a quotient of polynomials in t - 1 for t >= 1, up to
/// `end`, where t erfc(t/sqrt(2)) is 0; by tools/fit_lanes.py. The bits of a number whose first half is kept
/// to be squared without error.
template <class T>
struct mills_numerator;
template <class T>
struct mills_denominator;
template <>
struct mills_numerator<float> {
  static constexpr float c[] = {0x1.0bdb2ep-1f, 0x1.d08164p-2f, 0x1.5bca46p-3f, 0x1.052238p-5f,
                                0x1.4ef748p-9f};
  static constexpr float end = 14.5f;
  static constexpr std::int32_t first_half = ~0xfff;
};
template <>
struct mills_denominator<float> {
  static constexpr float c[] = {0x1p+0f,        0x1.646838p+0f, 0x1.a2f4d2p-1f,
                                0x1.061fd8p-2f, 0x1.618648p-5f, 0x1.a3d10ep-9f};
};
template <>
struct mills_numerator<double> {
  static constexpr double c[] = {0x1.0bdb2e039df32p-1, 0x1.9ca2ef7a9b413p-1,  0x1.2d8f3b329065bp-1,
                                 0x1.104e2d61d0d4p-2,  0x1.4da22a427867dp-4,  0x1.1f4d4c65fbb75p-6,
                                 0x1.5c18c9ef5388fp-9, 0x1.1ee7118c25782p-12, 0x1.255d81d204325p-16,
                                 0x1.1dd499216b27ap-21};
  static constexpr double end = 38.6;
  static constexpr std::int64_t first_half = ~std::int64_t{0x7ffffff};
};
template <>
struct mills_denominator<double> {
  static constexpr double c[] = {0x1p+0,
                                 0x1.08673afb92e1ep+1,
                                 0x1.f91faf15f9b61p+0,
                                 0x1.26611b1a4fd2bp+0,
                                 0x1.d0ad92c91e9b7p-2,
                                 0x1.0428ffb768bd2p-3,
                                 0x1.a3dcc366084bcp-6,
                                 0x1.e401d1303b66ep-9,
                                 0x1.7f423a7318feep-12,
                                 0x1.7adfa9d8b00cbp-16,
                                 0x1.663c407269986p-21};
};

/// y = factor e^-(half t^2) m(scale t), half 1 or 1/2, for scale t <= mills_numerator<T>::end. The rounding
/// error of t^2 would be magnified by t^2, so the square is taken as a sum of two numbers, of which the first
/// is exact.
template <class V>
TYPEGRAD_LANES void mills_tail(const V& t, element<V> half, element<V> scale, const V& factor, V& y) {
  using T = element<V>;
  using E = exponential_fit<T>;
  const V first = reinterpret_cast<V>(reinterpret_cast<integers<V>>(t) & mills_numerator<T>::first_half);
  const V square = first * first * -half, more = (t - first) * (t + first) * half;
  const V shifted = (square - more) * T(1.4426950408889634) + rounder<T>, n = shifted - rounder<T>;
  const V high = square - n * E::log_2_high, low = n * E::log_2_low + more, r = high - low;
  V p, numerator, denominator, power, other_power;
  polynomial<exponential_fit>(r, p);
  polynomial<mills_numerator, V>(t * scale - T(1), numerator);
  polynomial<mills_denominator, V>(t * scale - T(1), denominator);
  const V ratio = numerator / denominator, growth = (p * (r * r) + ((high - r) - low)) + r;
  halves_of_power(shifted, power, other_power);
  y = (ratio * growth + ratio) * factor * power * other_power;
}
/// y = factor erfc(t/sqrt(2)) for 0 <= t <= mills_numerator<T>::end.
template <class V>
TYPEGRAD_LANES void normal_tail(const V& t, const V& factor, V& y) {
  mills_tail<V>(t, element<V>(0.5), element<V>(1), factor, y);
}

/// erf(x); from |x| = 1 on 1 - e^(-|x| p(|x|)), with the sign of x. Error: float 1.5, double 1.3 units in the
/// last place.
struct erf {
  template <class V>
  TYPEGRAD_LANES static void value(const V& x, V& y) {
    using T = element<V>;
    V size, p, t, r, rest, power;
    absolute(x, size);
    polynomial<erf_fit, V>(x * x, p);
    const V near = size * p + size;
    size = size > V{} + erfc_fit<T>::end ? V{} + erfc_fit<T>::end : size;
    polynomial<erfc_fit>(size, p);
    exponential_parts<V>(-size * p, t, r, rest, p);
    power_of_two(t, power);
    V result = size < V{} + T(1) ? near : T(1) - power * ((p * r + T(1)) * r + T(1));
    take_sign(x, result);
    y = result;
  }
};

/// 1 - erf(x); from |x| = 0.75 on by the tail e^-x^2 m(x sqrt(2)), and 2 less it below 0. Error: 2 units in
/// the last place up to x = 0.75, 7 above: there the quotient collects that of each step of its polynomials.
struct erfc {
  template <class V>
  TYPEGRAD_LANES static void value(const V& x, V& y) {
    using T = element<V>;
    constexpr T end = mills_numerator<T>::end / T(1.4142135623730951);
    V size, p, tail;
    absolute(x, size);
    size = size > V{} + end ? V{} + end : size;
    mills_tail<V>(size, T(1), T(1.4142135623730951), V{} + T(1), tail);
    polynomial<erf_fit, V>(x * x, p);
    const V near = T(1) - (x * p + x), far = x < V{} ? T(2) - tail : tail;
    y = size < V{} + T(0.75) ? near : far;
  }
};

/// x Phi(x), Phi the normal distribution function: x/2 (1 + erf(x/sqrt(2))) between -1 and sqrt(2), elsewhere
/// by the tail Phi(-|x|). Between -1 and -1/2, where erf is near -1, the large terms are added first, without
/// error. Error: 2.0 units in the last place down to x = -0.8, 8 below: at large t the quotient collects that
/// of each step of its polynomials.
struct gelu {
  template <class V>
  TYPEGRAD_LANES static void value(const V& x, V& y) {
    using T = element<V>;
    constexpr T end = mills_numerator<T>::end;
    V size, from_middle, p, tail;
    absolute(x, size);
    size = size > V{} + end ? V{} + end : size;
    normal_tail<V>(size, size * T(0.5), tail);
    polynomial<normal_fit, V>(x * x, p);
    const V below = x * p + ((x + T(1)) - x * T(0.125)), above = x * (p + T(0.875)) + T(1);
    const V far = x < V{} ? -tail : x - tail;
    absolute<V>(x - T(0.207), from_middle);
    V result = x < V{} - T(0.5) ? below : above;
    result = from_middle < V{} + T(1.207) ? x * T(0.5) * result : far;
    take_sign(x, result);
    y = result;
  }
};

}  // namespace tg::lanes

#include "../support/compiler/end.hpp"
