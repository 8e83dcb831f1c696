// SPDX-License-Identifier: BSL-1.0
// Whether a number is finite, infinite or NaN, and the numbers that are not finite, also under -ffast-math.
// That flag promises the compiler that no such number occurs: g++ 12 makes std::isfinite the constant true,
// clang 19 also folds every comparison with an infinite constant, and takes away the branch that such a
// number would go through. So the bits are looked at there, behind a store that the optimizer does not see
// through. May go when a compiler keeps <cmath>'s classification under -ffast-math.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <bit>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>

namespace tg::detail {

#if defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__

/// The bits of |x|. A long double is looked at as a double: what is beyond the range of double counts as
/// infinite.
template <std::floating_point T>
constexpr std::uint64_t magnitude_bits(const T& x) {
  double seen = static_cast<double>(x);
  if (!std::is_constant_evaluated()) asm("" : "+m"(seen));
  return std::bit_cast<std::uint64_t>(seen) & ~(std::uint64_t{1} << 63);
}
inline constexpr std::uint64_t infinite_bits = std::uint64_t{0x7ff} << 52;

template <std::floating_point T>
constexpr bool is_finite(const T& x) {
  return magnitude_bits(x) < infinite_bits;
}
template <std::floating_point T>
constexpr bool is_infinite(const T& x) {
  return magnitude_bits(x) == infinite_bits;
}
template <std::floating_point T>
constexpr bool is_nan(const T& x) {
  return magnitude_bits(x) > infinite_bits;
}

template <std::floating_point T, std::uint64_t Bits>
constexpr T from_bits() {
  std::uint64_t bits = Bits;
  if (!std::is_constant_evaluated()) asm("" : "+m"(bits));
  return static_cast<T>(std::bit_cast<double>(bits));
}
template <std::floating_point T>
constexpr T infinite() {
  return from_bits<T, infinite_bits>();
}
template <std::floating_point T>
constexpr T not_a_number() {
  return from_bits<T, infinite_bits + (std::uint64_t{1} << 51)>();
}

#else

template <std::floating_point T>
bool is_finite(const T& x) {
  return std::isfinite(x);
}
template <std::floating_point T>
bool is_infinite(const T& x) {
  return std::isinf(x);
}
template <std::floating_point T>
bool is_nan(const T& x) {
  return std::isnan(x);
}
template <std::floating_point T>
constexpr T infinite() {
  return std::numeric_limits<T>::infinity();
}
template <std::floating_point T>
constexpr T not_a_number() {
  return std::numeric_limits<T>::quiet_NaN();
}

#endif

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
