// SPDX-License-Identifier: BSL-1.0
// Several numbers in one register, by the vector extensions of g++ and clang, and what functions of them are
// made of. Everything takes vectors by reference and is inlined at every level of optimisation: so it may be
// called from a function that is compiled for a larger instruction set (dispatch.hpp), and no vector is ever
// passed in a register that the caller does not have.
#pragma once
#include "../support/compiler/begin.hpp"

#include <cstdint>
#include <cstring>
#include <type_traits>

#include "../support/compiler/attributes.hpp"

/// Operations on vectors of any width, from one lane on: a lane of a result depends on the same lane of the
/// operands alone, and has the same bits whatever the width is.
namespace tg::lanes {

template <class T, int N>
struct vector_type {
  using type [[gnu::vector_size(N * sizeof(T))]] = T;
};
/// N numbers of type float or double; N is a power of two. It has the operators of numbers, lane by lane, and
/// a choice by a comparison: x < 0 ? y : z.
template <class T, int N>
using vector = typename vector_type<T, N>::type;

/// The type of the numbers in a vector, and how many they are.
template <class V>
using element = std::remove_cvref_t<decltype(V{}[0])>;
template <class V>
inline constexpr int width = sizeof(V) / sizeof(element<V>);

/// The binary format of float and double: the integer of the same size, the bits of the fraction, and the
/// bits of 1 and of -0.
template <class T>
struct format;
template <>
struct format<float> {
  using integer = std::int32_t;
  static constexpr int fraction = 23;
  static constexpr integer one = 127 << 23, sign = integer(1u << 31);
};
template <>
struct format<double> {
  using integer = std::int64_t;
  static constexpr int fraction = 52;
  static constexpr integer one = std::int64_t{1023} << 52, sign = integer(std::uint64_t{1} << 63);
};
/// The vector of integers that a comparison of vectors gives, and whose bits are those of a vector.
template <class V>
using integers = vector<typename format<element<V>>::integer, width<V>>;
/// 1.5 times 2 to the number of bits of the fraction. A small number that is added to it is rounded to an
/// integer, which is then the sum's lowest bits.
template <class T>
inline constexpr T rounder = T(3) * T(std::int64_t{1} << (format<T>::fraction - 1));

/// y = 2^n, where t is n + rounder<T> and 2^n is a normal number.
template <class V>
TYPEGRAD_LANES void power_of_two(const V& t, V& y) {
  using F = format<element<V>>;
  y = reinterpret_cast<V>((reinterpret_cast<integers<V>>(t) << F::fraction) + F::one);
}

/// first * second = 2^n, likewise, where n may be twice as large.
template <class V>
TYPEGRAD_LANES void halves_of_power(const V& t, V& first, V& second) {
  using F = format<element<V>>;
  using U = vector<std::make_unsigned_t<typename F::integer>, width<V>>;
  const U all = reinterpret_cast<U>(t), half = all >> 1;
  first = reinterpret_cast<V>(reinterpret_cast<integers<V>>(half << F::fraction) + F::one);
  second = reinterpret_cast<V>(reinterpret_cast<integers<V>>((all - half) << F::fraction) + F::one);
}

/// y = c0 + c1 x + c2 x^2 + ..., by Horner's rule; of a long polynomial the even and the odd powers apart,
/// which the processor computes side by side. Fit<T>::c has the coefficients for numbers of type T.
template <template <class> class Fit, class V>
TYPEGRAD_LANES void polynomial(const V& x, V& y) {
  constexpr auto& c = Fit<element<V>>::c;
  constexpr int size = sizeof c / sizeof c[0];
  V sum = V{} + c[size - 1];
  if constexpr (size < 7) {
#pragma GCC unroll 32
    for (int i = size - 2; i >= 0; --i) sum = sum * x + c[i];
  } else {
    const V square = x * x;
    V other = V{} + c[size - 2];
#pragma GCC unroll 32
    for (int i = size - 3; i > 0; i -= 2) {
      sum = sum * square + c[i];
      other = other * square + c[i - 1];
    }
    if constexpr (size % 2 == 0)
      sum = sum * x + other;
    else
      sum = other * x + (sum * square + c[0]);
  }
  y = sum;
}

/// y = |x|, and y with the sign of x for y >= 0.
template <class V>
TYPEGRAD_LANES void absolute(const V& x, V& y) {
  y = reinterpret_cast<V>(reinterpret_cast<integers<V>>(x) & ~format<element<V>>::sign);
}
template <class V>
TYPEGRAD_LANES void take_sign(const V& x, V& y) {
  y = reinterpret_cast<V>(reinterpret_cast<integers<V>>(y) |
                          (reinterpret_cast<integers<V>>(x) & format<element<V>>::sign));
}

/// Whether a comparison holds in some lane: both halves together, until two lanes are left.
template <class I>
TYPEGRAD_LANES bool any(const I& mask) {
  if constexpr (width < I >> 2) {
    vector<element<I>, width<I> / 2> half[2];
    std::memcpy(half, &mask, sizeof mask);
    return any(half[0] | half[1]);
  } else {
    return (mask[0] | mask[width<I> - 1]) != 0;
  }
}

/// y = f(x), lane by lane, for a function f of one number that has no form in lanes.
template <class F, class V>
TYPEGRAD_LANES void each(const F& f, const V& x, V& y) {
  for (int i = 0; i < width<V>; ++i) y[i] = f(x[i]);
}

}  // namespace tg::lanes

#include "../support/compiler/end.hpp"
