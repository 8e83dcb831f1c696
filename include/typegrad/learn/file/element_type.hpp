// SPDX-License-Identifier: BSL-1.0
// The types of numbers that files of tensors hold, by their names there, and how their bytes become numbers.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <algorithm>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <string_view>
#include <type_traits>

namespace tg {

/// What a tensor in a file holds; `unknown` is what cannot be read here, such as complex numbers.
enum class element_type { f64, f32, f16, bf16, i64, i32, i16, i8, u64, u32, u16, u8, boolean, unknown };

namespace detail {

/// A type's name in safetensors, in npy (for bytes in the order of this machine), its bytes, and how many
/// binary digits its numbers have at most.
struct element_row {
  std::string_view name, npy;
  std::size_t bytes;
  int digits;
  bool is_signed = true, is_floating = false;
};
inline constexpr element_row element_rows[] = {
    {"F64", "<f8", 8, 53, true, true},
    {"F32", "<f4", 4, 24, true, true},
    {"F16", "<f2", 2, 11, true, true},
    {"BF16", "", 2, 8, true, true},
    {"I64", "<i8", 8, 63},
    {"I32", "<i4", 4, 31},
    {"I16", "<i2", 2, 15},
    {"I8", "|i1", 1, 7},
    {"U64", "<u8", 8, 64, false},
    {"U32", "<u4", 4, 32, false},
    {"U16", "<u2", 2, 16, false},
    {"U8", "|u1", 1, 8, false},
    {"BOOL", "|b1", 1, 1, false},
    {"an unknown type", "", 0, 0},
};
constexpr const element_row& numbers_of(element_type type) { return element_rows[static_cast<int>(type)]; }

/// The type whose name is `name` in the column `Column`.
template <std::string_view element_row::*Column>
constexpr element_type type_named(std::string_view name) {
  int k = 0;
  while (k < static_cast<int>(element_type::unknown) && element_rows[k].*Column != name) ++k;
  return static_cast<element_type>(k);
}

template <class T>
constexpr element_type type_of() {
  static_assert(std::same_as<T, double> || std::same_as<T, float> || (std::integral<T> && sizeof(T) <= 8),
                "files of tensors hold float, double, whole numbers and bool.");
  if constexpr (std::floating_point<T>)
    return std::same_as<T, double> ? element_type::f64 : element_type::f32;
  else if constexpr (std::same_as<T, bool>)
    return element_type::boolean;
  else
    return static_cast<element_type>(
        static_cast<int>(std::is_signed_v<T> ? element_type::i64 : element_type::u64) + 3 -
        std::countr_zero(sizeof(T)));
}
/// Whether every number of `type` is one of T.
template <class T>
constexpr bool holds_all(element_type type) {
  const element_row& of = numbers_of(type);
  if constexpr (std::floating_point<T>)
    return of.digits > 0 && of.digits <= std::numeric_limits<T>::digits;
  else
    return of.digits > 0 && !of.is_floating && of.digits <= std::numeric_limits<T>::digits &&
           (std::is_signed_v<T> || !of.is_signed);
}

/// Turns the order of the bytes of each number around where the machine's is not that of the files.
inline void to_or_from_little(char* bytes, std::size_t count, std::size_t width) {
  if constexpr (std::endian::native != std::endian::little)
    for (std::size_t at = 0; at + width <= count; at += width) std::reverse(bytes + at, bytes + at + width);
}
inline float half_to_float(std::uint16_t half) {
  const std::uint32_t sign = static_cast<std::uint32_t>(half & 0x8000u) << 16, exponent = half >> 10 & 31u,
                      digits = half & 1023u;
  if (exponent == 0) {
    const float tiny = static_cast<float>(digits) * 0x1p-24f;
    return sign != 0 ? -tiny : tiny;
  }
  return std::bit_cast<float>(sign | (exponent == 31 ? 255u : exponent + 112u) << 23 | digits << 13);
}

/// Reads numbers of `type`, which T holds or is to be rounded to, from bytes.
template <class T>
void numbers_from(const char* bytes, element_type type, std::span<T> to) {
  const auto as = [&]<class Stored>(Stored, auto convert) {
    for (std::size_t k = 0; k < to.size(); ++k) {
      Stored stored;
      std::memcpy(&stored, bytes + k * sizeof stored, sizeof stored);
      to[k] = static_cast<T>(convert(stored));
    }
  };
  const auto plainly = [](auto number) { return number; };
  switch (type) {
    case element_type::f64:
      return as(double{}, plainly);
    case element_type::f32:
      return as(float{}, plainly);
    case element_type::f16:
      return as(std::uint16_t{}, half_to_float);
    case element_type::bf16:
      return as(std::uint16_t{}, [](std::uint16_t high) {
        return std::bit_cast<float>(static_cast<std::uint32_t>(high) << 16);
      });
    case element_type::i64:
      return as(std::int64_t{}, plainly);
    case element_type::i32:
      return as(std::int32_t{}, plainly);
    case element_type::i16:
      return as(std::int16_t{}, plainly);
    case element_type::i8:
      return as(std::int8_t{}, plainly);
    case element_type::u64:
      return as(std::uint64_t{}, plainly);
    case element_type::u32:
      return as(std::uint32_t{}, plainly);
    case element_type::u16:
      return as(std::uint16_t{}, plainly);
    case element_type::u8:
      return as(std::uint8_t{}, plainly);
    case element_type::boolean:
      return as(std::uint8_t{}, [](std::uint8_t byte) { return byte != 0; });
    case element_type::unknown:
      return;
  }
}

}  // namespace detail

}  // namespace tg

#include "../../support/compiler/end.hpp"
