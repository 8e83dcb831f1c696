// SPDX-License-Identifier: BSL-1.0
// Any vector of numbers as a span: what the optimizers take from std::vector, std::array, std::span, Eigen's
// vectors and whatever else has data() and size(); and its Euclidean norm.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <limits>
#include <span>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include "../../support/batch.hpp"
#include "../../support/compiler/exceptions.hpp"
#include "../../support/compiler/finite.hpp"

namespace tg::detail {

/// A vector whose numbers lie one after the other in memory.
template <class V>
concept DenseVector = requires(V& vector) {
  { *vector.data() } -> std::convertible_to<long double>;
  { vector.size() } -> std::convertible_to<std::ptrdiff_t>;
};

/// The number type of a dense vector, without const.
template <class V>
using number_of = std::remove_cvref_t<decltype(*std::declval<V&>().data())>;

/// The numbers of a vector. Throws std::invalid_argument where they have gaps in memory, as in a row of an
/// Eigen matrix.
template <DenseVector V>
auto view(V& vector) {
  if constexpr (requires {
                  vector.innerStride();
                  vector.outerStride();
                  vector.innerSize();
                }) {
    const bool gaps = (vector.innerStride() != 1 && vector.size() > 1) ||
                      (vector.outerStride() != vector.innerSize() && vector.innerSize() != vector.size());
    if (gaps)
      detail::raise(std::invalid_argument(
          "an optimizer was given a vector whose numbers have gaps in memory; copy it to a vector of its own "
          "first."));
  }
  return std::span(vector.data(), static_cast<std::size_t>(vector.size()));
}

/// The sum of the squares, in registers; those of 512 numbers are added in T.
template <class T>
std::common_type_t<T, double> sum_of_squares(std::span<const T> numbers) {
  constexpr std::size_t width = batch_width<T>, block = 512;
  std::common_type_t<T, double> sum = 0;
  std::size_t at = 0;
  for (std::size_t begin = 0; begin < numbers.size(); begin += block) {
    const T* const all = numbers.data();
    const std::size_t end = std::min(begin + block, numbers.size());
    const auto square = [&](std::size_t from) TYPEGRAD_LAMBDA_INLINE {
      const auto some = batch<T>::load(all + from);
      return some * some;
    };
    batch<T> a{}, b{}, c{}, d{};  // none waits for another
    for (at = begin; at + 4 * width <= end; at += 4 * width) {
      a = a + square(at), b = b + square(at + width);
      c = c + square(at + 2 * width), d = d + square(at + 3 * width);
    }
    T lanes[width];
    ((a + b) + (c + d)).store(lanes);
    T rest = 0;
    for (const T lane : lanes) rest += lane;
    for (; at < end; ++at) rest += all[at] * all[at];
    sum += rest;
  }
  return sum;
}

/// The Euclidean norm, without overflow or underflow of the squares; NaN where a number is NaN.
template <class T>
std::common_type_t<T, double> norm(std::span<const T> numbers) {
  using real = std::common_type_t<T, double>;
  constexpr T epsilon = std::numeric_limits<T>::epsilon();
  real sum = sum_of_squares(numbers);
  const bool safe = sum > static_cast<real>(std::numeric_limits<T>::min()) / (epsilon * epsilon) &&
                    sum < detail::infinite<real>();
  if (safe) return std::sqrt(sum);
  real largest = 0;
  for (const T number : numbers) {
    if (detail::is_nan(number)) return detail::not_a_number<real>();
    largest = std::max(largest, static_cast<real>(std::abs(number)));
  }
  if (!(largest > 0) || !detail::is_finite(largest)) return largest;
  sum = 0;
  for (const T number : numbers)
    sum += (static_cast<real>(number) / largest) * (static_cast<real>(number) / largest);
  return largest * std::sqrt(sum);
}

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
