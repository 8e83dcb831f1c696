// SPDX-License-Identifier: BSL-1.0
// Points: what a callable of several numbers takes, as a copy that can be moved coordinate by coordinate.
#pragma once
#include "../support/compiler/begin.hpp"

#include <array>
#include <complex>
#include <concepts>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "../support/compiler/exceptions.hpp"

namespace tg::detail {

template <class P>
using number_t = std::remove_cvref_t<decltype(std::declval<const P&>()[0])>;

/// std::array, std::vector or std::span of floating-point numbers, or a container like them.
template <class P>
concept Point = requires(const P& p) {
  { std::size(p) } -> std::convertible_to<std::size_t>;
  p[0];
}
&&std::floating_point<number_t<P>>;

/// A copy of the numbers: arrays and vectors stay what they are, a span becomes a vector.
template <class P>
auto own_point(const P& point) {
  if constexpr (requires { P::extent; })
    return std::vector<number_t<P>>(point.begin(), point.end());
  else
    return point;
}

template <class T, std::size_t n>
std::array<std::complex<T>, n> complex_point(const std::array<T, n>& point) {
  std::array<std::complex<T>, n> z;
  for (std::size_t i = 0; i < n; ++i) z[i] = point[i];
  return z;
}
template <class T>
std::vector<std::complex<T>> complex_point(const std::vector<T>& point) {
  return {point.begin(), point.end()};
}

/// A difference of f along two diagonals, t -> f(x + t a, y + t b) - f(x + t a, y - t b) in the coordinates i
/// and j: its second derivative at 0 is 4 a b f_xy. The point is moved by it; what it was is for the caller
/// to restore.
template <class F, class P, class T>
auto diagonal_difference(F& f, P& moved, std::size_t i, std::size_t j, T a, T b) {
  const T along_i = moved[i], along_j = moved[j];
  return [&f, &moved, i, j, a, b, along_i, along_j](T way) {
    const auto on_diagonal = [&](T side) {
      moved[i] = along_i + way * a;
      moved[j] = along_j + side * way * b;
      return static_cast<T>(f(std::as_const(moved)));
    };
    return static_cast<T>(on_diagonal(1) - on_diagonal(-1));
  };
}

/// Whether one can ask what a callable takes: a generic lambda would have to be compiled for the answer, and
/// might not compile.
template <class F>
inline constexpr bool can_be_asked = requires {
  &std::remove_cvref_t<F>::operator();
}
|| std::is_pointer_v<std::decay_t<F>>;

inline void require(bool holds, const std::string& sentence) {
  if (!holds) detail::raise(std::invalid_argument(sentence));
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
