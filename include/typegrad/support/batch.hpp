// SPDX-License-Identifier: BSL-1.0
// A few numbers that are computed with at once, in one register where the machine has one. Arithmetic over
// long vectors is written with it where the speed must not depend on what a compiler's optimisation level
// makes of a loop.
#pragma once
#include "../support/compiler/begin.hpp"

#include <cmath>
#include <cstddef>
#include <cstring>
#include <type_traits>

#include "compiler/attributes.hpp"

namespace tg {

namespace detail {

/// What holds the numbers of a batch: one number, and where the compiler knows vectors of this type, a
/// vector.
template <class T, std::size_t width>
struct batch_register;

template <class T>
struct batch_register<T, 1> {
  using type = T;
};

#if defined(__GNUC__)
template <>
struct batch_register<float, 4> {
  using type [[gnu::vector_size(16)]] = float;
};
template <>
struct batch_register<double, 2> {
  using type [[gnu::vector_size(16)]] = double;
};
template <class T>
inline constexpr std::size_t batch_width = std::is_same_v<T, float>    ? 4
                                           : std::is_same_v<T, double> ? 2
                                                                       : 1;
#else
template <class T>
inline constexpr std::size_t batch_width = 1;
#endif

}  // namespace detail

/// `width` numbers of type T, computed with lane by lane. An ordinary number beside a batch stands for all
/// lanes and is rounded to T first. Every lane is rounded as T is, so that results do not depend on the
/// width.
template <class T, std::size_t width = detail::batch_width<T>>
struct batch {
  typename detail::batch_register<T, width>::type lanes;

  TYPEGRAD_INLINE static batch load(const T* from) {
    batch result;
    std::memcpy(&result.lanes, from, sizeof result.lanes);
    return result;
  }
  TYPEGRAD_INLINE void store(T* to) const { std::memcpy(to, &lanes, sizeof lanes); }

  TYPEGRAD_INLINE friend batch operator+(batch a, batch b) { return {a.lanes + b.lanes}; }
  TYPEGRAD_INLINE friend batch operator-(batch a, batch b) { return {a.lanes - b.lanes}; }
  TYPEGRAD_INLINE friend batch operator*(batch a, batch b) { return {a.lanes * b.lanes}; }
  TYPEGRAD_INLINE friend batch operator/(batch a, batch b) { return {a.lanes / b.lanes}; }
  template <class R>
  requires std::is_floating_point_v<R> TYPEGRAD_INLINE friend batch operator+(batch a, R b) {
    return {a.lanes + static_cast<T>(b)};
  }
  template <class R>
  requires std::is_floating_point_v<R> TYPEGRAD_INLINE friend batch operator*(R a, batch b) {
    return {static_cast<T>(a) * b.lanes};
  }
  template <class R>
  requires std::is_floating_point_v<R> TYPEGRAD_INLINE friend batch operator/(batch a, R b) {
    return {a.lanes / static_cast<T>(b)};
  }
  template <class R>
  requires std::is_floating_point_v<R> TYPEGRAD_INLINE friend batch operator/(R a, batch b) {
    return {static_cast<T>(a) / b.lanes};
  }

  /// The greater of two in each lane; where one is NaN, b. Of this form one instruction is made.
  TYPEGRAD_INLINE friend batch greater(batch a, batch b) { return {a.lanes > b.lanes ? a.lanes : b.lanes}; }
  TYPEGRAD_INLINE friend batch abs(batch a) { return greater({-a.lanes}, a); }
  /// 1, -1, or the number itself where it is zero or NaN.
  TYPEGRAD_INLINE friend batch sign(batch a) {
    const auto one = batch{}.lanes + 1;
    return {a.lanes > 0 ? one : a.lanes < 0 ? -one : a.lanes};
  }
  TYPEGRAD_INLINE friend batch sqrt(batch a) {
    if constexpr (width == 1) {
      return {std::sqrt(a.lanes)};
    } else {
#if defined(__SSE2__)
      // g++ makes no vector instruction of std::sqrt, which has to set errno.
      if constexpr (std::is_same_v<T, float>)
        return {__builtin_ia32_sqrtps(a.lanes)};
      else
        return {__builtin_ia32_sqrtpd(a.lanes)};
#else
      for (std::size_t lane = 0; lane < width; ++lane) a.lanes[lane] = std::sqrt(a.lanes[lane]);
      return a;
#endif
    }
  }
};

}  // namespace tg

#include "../support/compiler/end.hpp"
