// SPDX-License-Identifier: BSL-1.0
// Exact constants and captured numbers in the number type of an evaluation.
#pragma once
#include "../support/compiler/begin.hpp"

#include <bit>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "../support/budgets.hpp"
#include "../support/decimal.hpp"

namespace tg::detail {

/// v as T; by way of the value type for complex numbers and batches, so that 2.0 becomes a float where T is
/// made of floats.
template <class T, class V>
constexpr T number_as(const V& v) {
  if constexpr (std::same_as<T, V>)
    return v;
  else if constexpr (std::floating_point<T> && (std::floating_point<V> || std::integral<V>))
    return static_cast<T>(v);
  else if constexpr (requires { requires std::floating_point<typename T::value_type>; } &&
                     (std::floating_point<V> || std::integral<V>))
    return T(static_cast<typename T::value_type>(v));
  else
    return T(v);
}

/// The exact number N/D * 10^E as T: correctly rounded for float and double, in T's own arithmetic for other
/// types.
template <class T, std::int64_t N, std::int64_t D, int E>
constexpr T constant_as() {
  if constexpr (std::floating_point<T>) {
    constexpr T value =
        E == 0 && N < (1LL << 53) && N > -(1LL << 53) && D < (1LL << 53) && sizeof(T) >= sizeof(double)
            ? static_cast<T>(N) / static_cast<T>(D)
            : static_cast<T>(detail::scale10(static_cast<long double>(N), E) / static_cast<long double>(D));
    return value;
  } else if constexpr (requires { requires std::floating_point<typename T::value_type>; }) {
    return T(constant_as<typename T::value_type, N, D, E>());
  } else {
    const auto whole = [](std::int64_t v) {  // in pieces that a double holds exactly
      constexpr std::int64_t unit = 1LL << 31;
      if (v > -unit && v < unit) return T(static_cast<int>(v));
      return static_cast<T>(T(static_cast<double>(v / unit)) * T(static_cast<double>(unit)) +
                            T(static_cast<double>(v % unit)));
    };
    T value = whole(N);
    for (int k = 0; k < E; ++k) value = static_cast<T>(value * T(10));
    T below = whole(D);
    for (int k = 0; k < -E; ++k) below = static_cast<T>(below * T(10));
    if constexpr (D != 1 || E < 0) value = static_cast<T>(value / below);
    return value;
  }
}

/// x^k for an integer k >= 1 by repeated squaring, unrolled.
template <std::int64_t K, class T>
constexpr T whole_power(const T& x) {
  if constexpr (K == 1)
    return x;
  else if constexpr (K % 2 == 0) {
    const T half = whole_power<K / 2>(x);
    return static_cast<T>(half * half);
  } else
    return static_cast<T>(whole_power<K - 1>(x) * x);
}

/// log(x) for x > 0, up to 0.03: the bits of x as an integer are nearly linear in its logarithm.
template <class T>
constexpr T roughly_log(T x) {
  using bits = std::conditional_t<sizeof(T) == 8, std::int64_t, std::int32_t>;
  constexpr T one = static_cast<T>(std::bit_cast<bits>(T(1))),
              unit = static_cast<T>(std::int64_t{1} << (std::numeric_limits<T>::digits - 1));
  return (static_cast<T>(std::bit_cast<bits>(x)) - one) / unit * T(0.6931) + T(0.03);
}

/// x^(N/D * 10^E) for an exact exponent > 0: products for integers, products and square roots for halves,
/// else pow. What the exponent loses when it is rounded to T is put back to first order, as the result
/// magnifies it by log(x).
template <class T, std::int64_t N, std::int64_t D, int E>
constexpr T power_as(const T& x) {
  using std::pow;
  using std::sqrt;
  if constexpr (D == 1 && E == 0 && N >= 1 && N <= budgets::multiplied_power)
    return whole_power<N>(x);
  else if constexpr (D == 1 && E == 0 && N < (1LL << 31) && requires { static_cast<T>(pow(x, 1)); })
    return static_cast<T>(pow(x, static_cast<int>(N)));
  else if constexpr (D == 2 && E == 0 && N >= 1 && N <= 128) {
    const T root = static_cast<T>(sqrt(x));
    if constexpr (N == 1)
      return root;
    else
      return static_cast<T>(whole_power<N / 2>(x) * root);
  } else if constexpr (std::same_as<T, double> || std::same_as<T, float>) {
    constexpr T exponent = constant_as<T, N, D, E>();
    constexpr T rounded_off = static_cast<T>(
        detail::scale10(static_cast<long double>(N), E) / static_cast<long double>(D) - exponent);
    if constexpr (rounded_off == 0)
      return pow(x, exponent);
    else
      return pow(x, exponent) * (1 + rounded_off * detail::roughly_log(x));
  } else
    return static_cast<T>(pow(x, constant_as<T, N, D, E>()));
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
