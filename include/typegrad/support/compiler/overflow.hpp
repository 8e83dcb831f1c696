// SPDX-License-Identifier: BSL-1.0
// Whole numbers of 64 bits that are added and multiplied only where the result fits. By the builtins of g++
// and clang, which are one step of a constant evaluation; EDG's front end (nvcc 13) does not take them for
// constants, and gets numbers of 128 bits. That may go when it does.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <cstdint>

namespace tg::detail {

#if defined(__CUDACC__) || defined(__EDG__)
__extension__ using wide_integer = __int128;
constexpr bool keep(wide_integer value, std::int64_t& result) {
  if (value > INT64_MAX || value < -wide_integer{INT64_MAX}) return false;
  result = static_cast<std::int64_t>(value);
  return true;
}
/// result = a*b where that fits and its negative does; otherwise false, and the result is left as it was.
constexpr bool times(std::int64_t a, std::int64_t b, std::int64_t& result) {
  return keep(wide_integer{a} * b, result);
}
/// The same for a + b.
constexpr bool plus(std::int64_t a, std::int64_t b, std::int64_t& result) {
  return keep(wide_integer{a} + b, result);
}
#else
/// result = a*b where that fits and its negative does; otherwise false, and the result is left as it was.
constexpr bool times(std::int64_t a, std::int64_t b, std::int64_t& result) {
  std::int64_t product = 0;
  if (__builtin_mul_overflow(a, b, &product) || product == INT64_MIN) return false;
  result = product;
  return true;
}
/// The same for a + b.
constexpr bool plus(std::int64_t a, std::int64_t b, std::int64_t& result) {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(a, b, &sum) || sum == INT64_MIN) return false;
  result = sum;
  return true;
}
#endif

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
