// SPDX-License-Identifier: BSL-1.0
// Several numbers in one register as a number type, on which a program runs as it does on one number.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <cmath>
#include <cstring>

#include "../../lanes/error_function.hpp"
#include "../../lanes/exponential.hpp"
#include "../../lanes/logarithm.hpp"
#include "../../lanes/trigonometric.hpp"
#include "../../support/compiler/square_root.hpp"

namespace tg::detail {

/// The bytes of a register, by what the compiler was told of the machine.
#if defined(__AVX512F__) && defined(__AVX512VL__) && defined(__AVX512DQ__)
inline constexpr int register_bytes = 64;
#elif defined(__AVX2__)
inline constexpr int register_bytes = 32;
#else
inline constexpr int register_bytes = 16;
#endif
/// What loops go through memory in: of the vectors with which they may run, the widest.
#if defined(__x86_64__)
inline constexpr int block_bytes = register_bytes < 32 ? 32 : register_bytes;
#else
inline constexpr int block_bytes = register_bytes;
#endif

/// What a comparison gives: all bits set in the lanes where it holds.
template <class T, int N>
struct lane_mask {
  lanes::integers<lanes::vector<T, N>> bits;
  TYPEGRAD_INLINE friend lane_mask operator&&(const lane_mask& x, const lane_mask& y) {
    return {x.bits & y.bits};
  }
  TYPEGRAD_INLINE friend lane_mask operator||(const lane_mask& x, const lane_mask& y) {
    return {x.bits | y.bits};
  }
  TYPEGRAD_INLINE friend lane_mask operator!(const lane_mask& x) { return {~x.bits}; }
  TYPEGRAD_INLINE friend bool any_of(const lane_mask& x) { return lanes::any(x.bits); }
};

/// N numbers of type float or double.
template <class T, int N>
struct lane_numbers {
  using value_type = T;
  using mask_type = lane_mask<T, N>;
  lanes::vector<T, N> all;

  lane_numbers() = default;
  // Not trivial, so that it is passed in memory between functions for different sets of instructions: it
  // would else be passed in a register where the set has one of its size.
  TYPEGRAD_INLINE lane_numbers(const lane_numbers& x) : all{x.all} {}
  TYPEGRAD_INLINE lane_numbers& operator=(const lane_numbers& x) { return all = x.all, *this; }
  TYPEGRAD_INLINE explicit lane_numbers(const lanes::vector<T, N>& given) : all{given} {}
  /// The same number in all lanes; -0 too.
  template <class Number>
  requires std::is_arithmetic_v<Number> TYPEGRAD_INLINE lane_numbers(Number number)
      : all(static_cast<T>(number) - lanes::vector<T, N>{}) {}

  static constexpr std::size_t size() { return N; }
  T operator[](std::size_t lane) const { return all[lane]; }
  struct one_lane {
    lane_numbers& of;
    std::size_t lane;
    void operator=(T value) const { of.all[lane] = value; }
    operator T() const { return of.all[lane]; }
  };
  one_lane operator[](std::size_t lane) { return {*this, lane}; }

  // clang-format off
  TYPEGRAD_INLINE friend lane_numbers operator+(const lane_numbers& x, const lane_numbers& y) { return lane_numbers{x.all + y.all}; }
  TYPEGRAD_INLINE friend lane_numbers operator-(const lane_numbers& x, const lane_numbers& y) { return lane_numbers{x.all - y.all}; }
  TYPEGRAD_INLINE friend lane_numbers operator*(const lane_numbers& x, const lane_numbers& y) { return lane_numbers{x.all * y.all}; }
  TYPEGRAD_INLINE friend lane_numbers operator/(const lane_numbers& x, const lane_numbers& y) { return lane_numbers{x.all / y.all}; }
  TYPEGRAD_INLINE friend lane_numbers operator-(const lane_numbers& x) { return lane_numbers{-x.all}; }
  TYPEGRAD_INLINE lane_numbers& operator+=(const lane_numbers& y) { return all += y.all, *this; }
  TYPEGRAD_INLINE lane_numbers& operator-=(const lane_numbers& y) { return all -= y.all, *this; }
  TYPEGRAD_INLINE lane_numbers& operator*=(const lane_numbers& y) { return all *= y.all, *this; }
  TYPEGRAD_INLINE lane_numbers& operator/=(const lane_numbers& y) { return all /= y.all, *this; }
  TYPEGRAD_INLINE friend mask_type operator<(const lane_numbers& x, const lane_numbers& y) { return {x.all < y.all}; }
  TYPEGRAD_INLINE friend mask_type operator>(const lane_numbers& x, const lane_numbers& y) { return {x.all > y.all}; }
  TYPEGRAD_INLINE friend mask_type operator<=(const lane_numbers& x, const lane_numbers& y) { return {x.all <= y.all}; }
  TYPEGRAD_INLINE friend mask_type operator>=(const lane_numbers& x, const lane_numbers& y) { return {x.all >= y.all}; }
  TYPEGRAD_INLINE friend mask_type operator==(const lane_numbers& x, const lane_numbers& y) { return {x.all == y.all}; }
  TYPEGRAD_INLINE friend mask_type operator!=(const lane_numbers& x, const lane_numbers& y) { return {x.all != y.all}; }

  TYPEGRAD_INLINE friend lane_numbers exp(const lane_numbers& x) { return in_lanes<lanes::exp>(x); }
  TYPEGRAD_INLINE friend lane_numbers expm1(const lane_numbers& x) { return in_lanes<lanes::expm1>(x); }
  TYPEGRAD_INLINE friend lane_numbers tanh(const lane_numbers& x) { return in_lanes<lanes::tanh>(x); }
  TYPEGRAD_INLINE friend lane_numbers log(const lane_numbers& x) { return in_lanes<lanes::log>(x); }
  TYPEGRAD_INLINE friend lane_numbers log1p(const lane_numbers& x) { return in_lanes<lanes::log1p>(x); }
  TYPEGRAD_INLINE friend lane_numbers sin(const lane_numbers& x) { return in_lanes<lanes::sin>(x); }
  TYPEGRAD_INLINE friend lane_numbers cos(const lane_numbers& x) { return in_lanes<lanes::cos>(x); }
  TYPEGRAD_INLINE friend lane_numbers erf(const lane_numbers& x) { return in_lanes<lanes::erf>(x); }
  TYPEGRAD_INLINE friend lane_numbers erfc(const lane_numbers& x) { return in_lanes<lanes::erfc>(x); }
  TYPEGRAD_INLINE friend lane_numbers abs(const lane_numbers& x) { lane_numbers y; lanes::absolute(x.all, y.all); return y; }
  TYPEGRAD_INLINE friend lane_numbers fabs(const lane_numbers& x) { return abs(x); }
  TYPEGRAD_INLINE friend lane_numbers sqrt(const lane_numbers& x) { lane_numbers y; square_root<T>(x.all, y.all); return y; }
  friend lane_numbers cbrt(const lane_numbers& x) { return one_by_one(x, [](T p) { return std::cbrt(p); }); }
  friend lane_numbers exp2(const lane_numbers& x) { return one_by_one(x, [](T p) { return std::exp2(p); }); }
  friend lane_numbers log2(const lane_numbers& x) { return one_by_one(x, [](T p) { return std::log2(p); }); }
  friend lane_numbers log10(const lane_numbers& x) { return one_by_one(x, [](T p) { return std::log10(p); }); }
  friend lane_numbers tan(const lane_numbers& x) { return one_by_one(x, [](T p) { return std::tan(p); }); }
  friend lane_numbers asin(const lane_numbers& x) { return one_by_one(x, [](T p) { return std::asin(p); }); }
  friend lane_numbers acos(const lane_numbers& x) { return one_by_one(x, [](T p) { return std::acos(p); }); }
  friend lane_numbers atan(const lane_numbers& x) { return one_by_one(x, [](T p) { return std::atan(p); }); }
  friend lane_numbers sinh(const lane_numbers& x) { return one_by_one(x, [](T p) { return std::sinh(p); }); }
  friend lane_numbers cosh(const lane_numbers& x) { return one_by_one(x, [](T p) { return std::cosh(p); }); }
  friend lane_numbers asinh(const lane_numbers& x) { return one_by_one(x, [](T p) { return std::asinh(p); }); }
  friend lane_numbers acosh(const lane_numbers& x) { return one_by_one(x, [](T p) { return std::acosh(p); }); }
  friend lane_numbers atanh(const lane_numbers& x) { return one_by_one(x, [](T p) { return std::atanh(p); }); }
  friend lane_numbers tgamma(const lane_numbers& x) { return one_by_one(x, [](T p) { return std::tgamma(p); }); }
  friend lane_numbers lgamma(const lane_numbers& x) { return one_by_one(x, [](T p) { return std::lgamma(p); }); }
  friend lane_numbers floor(const lane_numbers& x) { return one_by_one(x, [](T p) { return std::floor(p); }); }
  friend lane_numbers ceil(const lane_numbers& x) { return one_by_one(x, [](T p) { return std::ceil(p); }); }
  friend lane_numbers round(const lane_numbers& x) { return one_by_one(x, [](T p) { return std::round(p); }); }
  friend lane_numbers trunc(const lane_numbers& x) { return one_by_one(x, [](T p) { return std::trunc(p); }); }
  friend lane_numbers pow(const lane_numbers& x, const lane_numbers& y) { return two_by_two(x, y, [](T p, T q) { return std::pow(p, q); }); }
  friend lane_numbers atan2(const lane_numbers& x, const lane_numbers& y) { return two_by_two(x, y, [](T p, T q) { return std::atan2(p, q); }); }
  friend lane_numbers hypot(const lane_numbers& x, const lane_numbers& y) { return two_by_two(x, y, [](T p, T q) { return std::hypot(p, q); }); }
  friend lane_numbers fmod(const lane_numbers& x, const lane_numbers& y) { return two_by_two(x, y, [](T p, T q) { return std::fmod(p, q); }); }
  friend lane_numbers copysign(const lane_numbers& x, const lane_numbers& y) { return two_by_two(x, y, [](T p, T q) { return std::copysign(p, q); }); }
  // clang-format on

  /// where(c, r) = x: x in the lanes where c holds.
  struct chosen_lanes {
    const mask_type& mask;
    lane_numbers& of;
    TYPEGRAD_INLINE void operator=(const lane_numbers& x) const { of.all = mask.bits != 0 ? x.all : of.all; }
  };
  TYPEGRAD_INLINE friend chosen_lanes where(const mask_type& mask, lane_numbers& of) { return {mask, of}; }

 private:
  template <class F>
  TYPEGRAD_INLINE static lane_numbers in_lanes(const lane_numbers& x) {
    lane_numbers y;
    F::value(x.all, y.all);
    return y;
  }
  template <class F>
  static lane_numbers one_by_one(const lane_numbers& x, F f) {
    lane_numbers y;
    for (int lane = 0; lane < N; ++lane) y.all[lane] = f(x.all[lane]);
    return y;
  }
  template <class F>
  static lane_numbers two_by_two(const lane_numbers& x, const lane_numbers& y, F f) {
    lane_numbers z;
    for (int lane = 0; lane < N; ++lane) z.all[lane] = f(x.all[lane], y.all[lane]);
    return z;
  }
};

/// The elements x[0], x[stride], ... in lanes; those after the first `count` are 0.
template <class T, int N>
TYPEGRAD_INLINE void load_lanes(const T* x, std::ptrdiff_t stride, std::ptrdiff_t count,
                                lane_numbers<T, N>& to) {
  if (stride == 0) {
    to = lane_numbers<T, N>(*x);
  } else if (stride == 1 && count >= N) {
    std::memcpy(&to.all, x, sizeof to.all);
  } else {
    to.all = lanes::vector<T, N>{};
    for (int lane = 0; lane < N && lane < count; ++lane) to.all[lane] = x[lane * stride];
  }
}
template <class T, int N>
TYPEGRAD_INLINE void store_lanes(const lane_numbers<T, N>& from, T* x, std::ptrdiff_t stride,
                                 std::ptrdiff_t count) {
  if (stride == 1 && count >= N)
    std::memcpy(x, &from.all, sizeof from.all);
  else
    for (int lane = 0; lane < N && lane < count; ++lane) x[lane * stride] = from.all[lane];
}

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
