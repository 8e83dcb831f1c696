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
#include "utf8.hpp"

namespace tg::detail {

class text_scanner {
 public:
  text_scanner(std::string path, std::string_view text, const char* part = "its header")
      : path_(std::move(path)), part_(part), text_(text) {}

  [[noreturn]] void refuse(const std::string& wanted) const {
    refuse_bytes(path_, "is damaged: byte " + std::to_string(at_) + " of " + part_ + " should begin " +
                            wanted + ", and is " + in_quotes(text_.substr(at_, 10)));
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
  /// Passes over a value of JSON, which may be anything.
  void pass_value(int deepest = 64) {
    if (deepest == 0) refuse("something nested less deeply");
    skip();
    const char next = at_ < text_.size() ? text_[at_] : '\0';
    if (next == '"') {
      word('"');
    } else if (next == '{' || next == '[') {
      const char close = next == '{' ? '}' : ']';
      expect(next);
      if (accept(close)) return;
      do {
        if (next == '{') word('"'), expect(':');
        pass_value(deepest - 1);
      } while (accept(','));
      expect(close);
    } else if (!accept_word("true") && !accept_word("false") && !accept_word("null")) {
      double value = 0;
      const auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
      if (end == text_.data() + at_) refuse("a value");
      at_ = static_cast<std::size_t>(end - text_.data());
    }
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
  char32_t code_point() {
    const unsigned high = unit();
    if (high < 0xd800 || high > 0xdfff) return high;
    if (high > 0xdbff || text_.substr(at_ + 1, 1) != "\\") refuse("the first half of a pair");
    at_ += 2;
    const unsigned low = unit();
    if (low < 0xdc00 || low > 0xdfff) refuse("the second half of a pair");
    return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
  }

  std::string path_;
  const char* part_;
  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
