// SPDX-License-Identifier: BSL-1.0
// An image as the bytes of a PNG file, without compression, which needs no library.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <algorithm>
#include <boost/crc.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tg::detail {

/// Rows from the top, in each the pixels from the left, of 1 (grey), 2 (grey, opacity), 3 (red, green, blue)
/// or 4 bytes (with opacity).
inline std::string png_bytes(std::string_view pixels, std::size_t width, std::size_t height,
                             std::size_t channels) {
  const auto big_endian = [](std::size_t number) {
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(number >> shift & 0xff);
    return bytes;
  };
  std::string png = "\x89PNG\r\n\x1a\n";
  const auto chunk = [&](const std::string& kind, const std::string& data) {
    boost::crc_32_type sum;
    sum.process_bytes(kind.data(), kind.size());
    sum.process_bytes(data.data(), data.size());
    png += big_endian(data.size()) + kind + data + big_endian(sum.checksum());
  };
  constexpr char colours[] = {0, 0, 4, 2, 6};
  chunk("IHDR", big_endian(width) + big_endian(height) + '\x08' + colours[channels] + std::string(3, '\0'));
  std::string rows;  // each behind a byte 0: its pixels as they are
  for (std::size_t row = 0; row < height; ++row)
    (rows += '\0') += pixels.substr(row * width * channels, width * channels);
  std::uint32_t a = 1, b = 0;  // Adler's sums
  for (const char byte : rows) {
    a = (a + static_cast<unsigned char>(byte)) % 65521;
    b = (b + a) % 65521;
  }
  std::string data = "\x78\x01";
  for (std::size_t at = 0; at < rows.size();) {  // blocks that are stored: their length, and its complement
    const std::size_t length = std::min<std::size_t>(rows.size() - at, 65535), other = ~length;
    data += at + length == rows.size() ? '\1' : '\0';
    for (const std::size_t word : {length, other})
      (data += static_cast<char>(word & 0xff)) += static_cast<char>(word >> 8 & 0xff);
    data += rows.substr(at, length);
    at += length;
  }
  chunk("IDAT", data + big_endian(std::size_t{b} << 16 | a));
  chunk("IEND", {});
  return png;
}

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
