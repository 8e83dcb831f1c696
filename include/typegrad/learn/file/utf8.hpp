// SPDX-License-Identifier: BSL-1.0
// UTF-8 (RFC 3629): shortest codes only, no surrogates, none above 10FFFF.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace tg::detail {

/// A character of a text: its code point, and how many bytes it has; whether they are UTF-8.
struct utf8_character {
  char32_t code = 0xfffd;
  std::size_t bytes = 1;
  bool is_good = false;
};

/// The character at byte `at`, which there is. Of bytes that are no UTF-8 it is U+FFFD: one for as many bytes
/// as begin a character, and one for each other byte (Unicode 15.0, section 3.9, U+FFFD substitution).
inline utf8_character utf8_at(std::string_view text, std::size_t at) {
  const auto first = static_cast<unsigned char>(text[at]);
  if (first < 0x80) return {first, 1, true};
  if (first < 0xc2 || first > 0xf4) return {};
  const std::size_t more = first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
  char32_t code = first & (0x3fU >> more);
  for (std::size_t k = 1; k <= more; ++k) {
    const auto next = at + k < text.size() ? static_cast<unsigned char>(text[at + k]) : 0U;
    const unsigned low = k > 1 ? 0x80 : first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    const unsigned high = k > 1 ? 0xbf : first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    if (next < low || next > high) return {0xfffd, k, false};
    code = code << 6 | (next & 0x3fU);
  }
  return {code, more + 1, true};
}

/// Whether a text is UTF-8.
inline bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const utf8_character next = utf8_at(text, at);
    if (!next.is_good) return false;
    at += next.bytes;
  }
  return true;
}

/// Appends a code point.
inline void append_utf8(std::string& to, char32_t code) {
  const auto put = [&](char32_t byte) { to += static_cast<char>(byte); };
  if (code < 0x80) return put(code);
  if (code < 0x800) return put(0xc0 | code >> 6), put(0x80 | (code & 63));
  if (code < 0x10000)
    put(0xe0 | code >> 12);
  else
    put(0xf0 | code >> 18), put(0x80 | (code >> 12 & 63));
  put(0x80 | (code >> 6 & 63)), put(0x80 | (code & 63));
}

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
