// SPDX-License-Identifier: BSL-1.0
// Goes through the headers of files of tensors, JSON in safetensors and a dictionary of Python in npy:
// braces, texts and whole numbers. What else these languages have cannot occur there, so it is refused, and
// nothing is nested deeper than the reader asks for.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "bad_file.hpp"

namespace tg::detail {

class text_scanner {
 public:
  text_scanner(std::string path, std::string_view text) : path_(std::move(path)), text_(text) {}

  [[noreturn]] void refuse(const std::string& wanted) const {
    refuse_bytes(path_, "is damaged: byte " + std::to_string(at_) + " of its header should begin " + wanted +
                            ", and is " + in_quotes(text_.substr(at_, 10)));
  }
  /// Whether this letter comes next, behind spaces; if so it is passed.
  bool accept(char letter) {
    skip();
    const bool is_next = at_ < text_.size() && text_[at_] == letter;
    at_ += is_next;
    return is_next;
  }
  void expect(char letter) {
    if (!accept(letter)) refuse(std::string("'") + letter + "'");
  }
  bool accept_word(std::string_view word) {
    skip();
    const bool is_next = text_.substr(at_).starts_with(word);
    at_ += is_next ? word.size() : 0;
    return is_next;
  }
  /// Whether all has been read but spaces.
  bool at_end() {
    skip();
    return at_ == text_.size();
  }
  std::uint64_t number() {
    skip();
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
    if (error != std::errc{}) refuse("a whole number below 2^64");
    at_ = static_cast<std::size_t>(end - text_.data());
    return value;
  }
  /// Numbers between brackets; Python has a comma behind the last, too.
  std::vector<std::size_t> numbers(char open, char close, bool comma_at_end) {
    constexpr std::size_t most = 64;
    std::vector<std::size_t> all;
    expect(open);
    if (accept(close)) return all;
    do {
      if (comma_at_end && !all.empty() && accept(close)) return all;
      if (all.size() == most) refuse("the end of a list of at most 64 numbers");
      all.push_back(number());
    } while (accept(','));
    expect(close);
    return all;
  }
  /// A text between `quote`s, with the escapes of JSON.
  std::string word(char quote) {
    expect(quote);
    std::string all;
    for (; at_ < text_.size() && text_[at_] != quote; ++at_) {
      const char letter = text_[at_];
      if (static_cast<unsigned char>(letter) < ' ') refuse("a letter of a text");
      if (letter != '\\') {
        all += letter;
        continue;
      }
      ++at_;
      constexpr std::string_view escaped = "\"\\/bfnrt'", meant = "\"\\/\b\f\n\r\t'";
      const std::size_t which = at_ < text_.size() ? escaped.find(text_[at_]) : escaped.npos;
      if (which != escaped.npos)
        all += meant[which];
      else
        append_utf8(all, code_point());
    }
    if (at_ == text_.size()) refuse(std::string("'") + quote + "'");
    ++at_;
    return all;
  }

 private:
  void skip() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos)
      ++at_;
  }
  /// The four digits behind `\u`.
  unsigned unit() {
    unsigned value = 0;
    const char* const first = text_.data() + at_ + 1;
    if (text_.size() - at_ < 5 || text_[at_] != 'u' ||
        std::from_chars(first, first + 4, value, 16).ptr != first + 4)
      refuse("an escape such as \\u00e9");
    at_ += 4;
    return value;
  }
  unsigned code_point() {
    const unsigned high = unit();
    if (high < 0xd800 || high > 0xdfff) return high;
    if (high > 0xdbff || text_.substr(at_ + 1, 1) != "\\") refuse("the first half of a pair");
    at_ += 2;
    const unsigned low = unit();
    if (low < 0xdc00 || low > 0xdfff) refuse("the second half of a pair");
    return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
  }
  static void append_utf8(std::string& to, unsigned code) {
    const auto put = [&](unsigned byte) { to += static_cast<char>(byte); };
    if (code < 0x80) return put(code);
    if (code < 0x800) return put(0xc0 | code >> 6), put(0x80 | (code & 63));
    if (code < 0x10000)
      put(0xe0 | code >> 12);
    else
      put(0xf0 | code >> 18), put(0x80 | (code >> 12 & 63));
    put(0x80 | (code >> 6 & 63)), put(0x80 | (code & 63));
  }

  std::string path_;
  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
