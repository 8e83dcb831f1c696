// SPDX-License-Identifier: BSL-1.0
// Whole numbers as bytes of files, the lowest byte first.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace tg::detail {

inline std::uint64_t little_endian(const char* bytes, std::size_t count) {
  std::uint64_t all = 0;
  for (std::size_t k = count; k-- > 0;) all = all << 8 | static_cast<unsigned char>(bytes[k]);
  return all;
}
inline void append_little_endian(std::string& to, std::uint64_t value, std::size_t count) {
  for (std::size_t k = 0; k < count; ++k) to += static_cast<char>(value >> 8 * k & 255);
}

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
