// SPDX-License-Identifier: BSL-1.0
// sin and cos: x = n pi/2 + r, |r| <= pi/4, and the sine or cosine of r by the last two bits of n. Up to |x|
// = 2^20, pi/2 is the sum of numbers so short that n times each is exact; beyond that a lane is computed by
// the C library.
#pragma once
#include "../support/compiler/begin.hpp"

#include <cmath>
#include <utility>

#include "vector.hpp"

namespace tg::lanes {

/// sin r = r - r s p(s), s = r^2; p by tools/fit_lanes.py.
template <class T>
struct sine_fit;
template <>
struct sine_fit<float> {
  static constexpr float c[] = {0x1.55553ap-3f, -0x1.11032cp-7f, 0x1.97fb48p-13f};
};
template <>
struct sine_fit<double> {
  static constexpr double c[] = {0x1.5555555555531p-3,   -0x1.111111110d50fp-7, 0x1.a01a0197e4e64p-13,
                                 -0x1.71de320f252f2p-19, 0x1.ae5be35ea4137p-26, -0x1.5ce3a3e8be2f6p-33};
};
/// cos r = 1 - s/2 + s^2 p(s); p by tools/fit_lanes.py.
template <class T>
struct cosine_fit;
template <>
struct cosine_fit<float> {
  static constexpr float c[] = {0x1.555544p-5f, -0x1.6c085ep-10f, 0x1.98df7p-16f};
};
template <>
struct cosine_fit<double> {
  static constexpr double c[] = {0x1.555555555553ap-5,   -0x1.6c16c16c12d47p-10, 0x1.a01a019953cedp-16,
                                 -0x1.27e4f5ba8a248p-22, 0x1.1ee86ec01bba4p-29,  -0x1.8ef3a7ffc5afcp-37};
};

/// r + rest = x - n pi/2, with pi/2 of 118 bits.
template <class V>
TYPEGRAD_LANES void without_quarter_turns(const V& x, const V& n, V& r, V& rest) {
  if constexpr (std::is_same_v<element<V>, double>) {
    constexpr double first = 0x1.921fb544p+0, second = 0x1.0b4611a6p-34, third = 0x1.3198a2e037073p-69;
    const V one = x - n * first, part = n * second, two = one - part;
    const V lost = ((one - two) - part) - n * third;
    r = two + lost;
    rest = (two - r) + lost;
  } else {
    constexpr double first = 0x1.921fb544p+0, second = 0x1.0b4611a626331p-34;
    using W = vector<double, width<V>>;
    const W exact = __builtin_convertvector(x, W), turns = __builtin_convertvector(n, W);
    const W found = (exact - turns * first) - turns * second;
    r = __builtin_convertvector(found, V);
    rest = V{};
  }
}

/// sin(x + quarters pi/2) for 0 <= x <= 2^20.
template <class V>
TYPEGRAD_LANES void sine(const V& x, int quarters, V& y) {
  using T = element<V>;
  const V t = x * T(0.63661977236758138) + rounder<T>, n = t - rounder<T>;
  const integers<V> quadrant = reinterpret_cast<integers<V>>(t) + quarters;
  V r, rest, p;
  without_quarter_turns(x, n, r, rest);
  const V s = r * r;
  polynomial<sine_fit>(s, p);
  const V odd = (rest - r * s * p) + r;
  polynomial<cosine_fit>(s, p);
  const V even = (s * s * p - (r * rest + s * T(0.5))) + T(1);
  y = (quadrant & 1) == 0 ? odd : even;
  y = reinterpret_cast<V>(reinterpret_cast<integers<V>>(y) ^ ((quadrant & 2) << (8 * int(sizeof(T)) - 2)));
}

/// f of the lanes in which x is too large for `sine`; what it is when no lane is costs little.
template <class V, class F>
TYPEGRAD_LANES void beyond(const V& x, const F& f, V& y) {
  using T = element<V>;
  V size;
  absolute(x, size);
  const integers<V> far = size > V{} + T(1 << 20);
  if (any(far)) [[unlikely]]
    for (int i = 0; i < width<V>; ++i)
      if (far[i]) y[i] = f(x[i]);
}

/// sin(x). Error: float 1.6, double 1.3 units in the last place.
struct sin {
  template <class V>
  TYPEGRAD_LANES static void value(const V& x, V& y) {
    using T = element<V>;
    V size, result;
    absolute(x, size);
    sine(size, 0, result);
    result = reinterpret_cast<V>(reinterpret_cast<integers<V>>(result) ^
                                 (reinterpret_cast<integers<V>>(x) & format<T>::sign));
    beyond(
        x, [](T one) { return std::sin(one); }, result);
    y = result;
  }
};

/// cos(x). Error: float 1.6, double 1.3 units in the last place.
struct cos {
  template <class V>
  TYPEGRAD_LANES static void value(const V& x, V& y) {
    V size, result;
    absolute(x, size);
    sine(size, 1, result);
    beyond(
        x, [](element<V> one) { return std::cos(one); }, result);
    y = result;
  }
};

}  // namespace tg::lanes

#include "../support/compiler/end.hpp"
