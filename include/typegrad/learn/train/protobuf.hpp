// SPDX-License-Identifier: BSL-1.0
// Messages of Protocol Buffers as bytes: fields one after the other, each with its number and kind. As much
// of the format as TensorBoard's files need.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

#include "../file/little_endian.hpp"

namespace tg::detail {

class protobuf {
 public:
  protobuf& whole(std::uint64_t field, std::uint64_t value) {
    key(field, 0);
    varint(value);
    return *this;
  }
  protobuf& number(std::uint64_t field, double value) {
    key(field, 1);
    append_little_endian(bytes_, std::bit_cast<std::uint64_t>(value), 8);
    return *this;
  }
  protobuf& single(std::uint64_t field, float value) {
    key(field, 5);
    append_little_endian(bytes_, std::bit_cast<std::uint32_t>(value), 4);
    return *this;
  }
  protobuf& text(std::uint64_t field, std::string_view value) {
    key(field, 2);
    varint(value.size());
    bytes_ += value;
    return *this;
  }
  protobuf& message(std::uint64_t field, const protobuf& value) { return text(field, value.bytes_); }
  /// Many numbers in one field.
  template <class Numbers>
  protobuf& packed(std::uint64_t field, const Numbers& values) {
    std::string all;
    for (const double value : values) append_little_endian(all, std::bit_cast<std::uint64_t>(value), 8);
    return text(field, all);
  }
  const std::string& bytes() const { return bytes_; }

 private:
  void key(std::uint64_t field, std::uint64_t kind) { varint(field << 3 | kind); }
  /// Seven bits in each byte, the lowest first.
  void varint(std::uint64_t value) {
    for (; value > 0x7f; value >>= 7) bytes_ += static_cast<char>((value & 0x7f) | 0x80);
    bytes_ += static_cast<char>(value);
  }

  std::string bytes_;
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
