// SPDX-License-Identifier: BSL-1.0
// What kind a character is, its small letter and what is left of it without its marks: unicode_tables.hpp,
// unpacked once.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "unicode_tables.hpp"

namespace tg::detail::unicode {

/// What a character may be, as bits.
enum kind : unsigned {
  is_mark = 1,
  is_punctuation = 2,
  is_dropped = 4,
  is_white_space = 8,
  has_small_letter = 16,
  has_bases = 32
};

class facts {
 public:
  facts() : dense_(dense_end) {
    const std::pair<const char*, kind> sets[] = {{marks, is_mark},
                                                 {punctuation, is_punctuation},
                                                 {dropped, is_dropped},
                                                 {white_space, is_white_space}};
    for (const auto& [packed, what] : sets) {
      char32_t code = 0;
      for (reader in{packed}; in.more();) {
        const char32_t begin = code + in.number();
        code = begin + in.number();
        add(begin, code, what);
      }
    }
    char32_t code = 0;
    for (reader in{mark_orders}; in.more();) {
      code += in.number();
      const char32_t end = code + in.number();
      add(code, end, static_cast<std::uint16_t>(in.number() / 2 << 8));
    }
    code = 0;
    for (reader in{small_letters}; in.more();) {
      code += in.number();
      const char32_t count = in.number(), step = in.number();
      const std::int32_t distance = in.signed_number();
      for (char32_t k = 0; k < count; ++k) {
        const char32_t each = code + k * step;
        small_.emplace_back(each, each + static_cast<char32_t>(distance));
        add(each, each + 1, has_small_letter);
      }
    }
    std::sort(small_.begin(), small_.end());
    code = 0;
    std::int32_t last = 0;
    for (reader in{bases}; in.more();) {
      const char32_t head = in.number();
      code += head / 4;
      base_places_.emplace_back(code, base_.size());
      for (char32_t k = 0; k < head % 4; ++k)
        base_.push_back(static_cast<char32_t>(last += in.signed_number()));
      add(code, code + 1, has_bases);
    }
    base_places_.emplace_back(0x110000, base_.size());
    add(0xac00, 0xac00 + 11172, has_bases);
  }

  /// The kinds of a character, and above them in the second byte its canonical combining class.
  unsigned of(char32_t code) const {
    if (code < dense_end) return dense_[code];
    unsigned all = 0;
    for (const auto& each : sparse_)
      if (code >= each.begin && code < each.end) all |= each.what;
    return all;
  }
  /// The small letter of one that has_small_letter.
  char32_t small_letter(char32_t code) const {
    return std::lower_bound(small_.begin(), small_.end(), std::pair{code, char32_t{0}})->second;
  }
  /// What is left of a character that has_bases when it is decomposed and its marks are dropped.
  template <class Put>
  void for_bases(char32_t code, Put put) const {
    if (code >= 0xac00 && code < 0xac00 + 11172) {  // Unicode 15.0, section 3.12
      const char32_t place = code - 0xac00;
      put(0x1100 + place / 588), put(0x1161 + place % 588 / 28);
      if (place % 28 != 0) put(0x11a7 + place % 28);
      return;
    }
    const auto at =
        std::lower_bound(base_places_.begin(), base_places_.end(), std::pair{code, std::size_t{0}});
    for (std::size_t k = at->second; k < at[1].second; ++k) put(base_[k]);
  }

 private:
  static constexpr char32_t dense_end = 0x20000;
  struct range {
    char32_t begin, end;
    std::uint16_t what;
  };
  struct reader {
    const char* at;
    bool more() const { return *at != '\0'; }
    char32_t number() {
      char32_t value = 0;
      for (; *at <= 'Z'; ++at) value = 26 * (value + static_cast<char32_t>(*at - 'A'));
      return value + static_cast<char32_t>(*at++ - 'a');
    }
    std::int32_t signed_number() {
      const auto value = static_cast<std::int32_t>(number());
      return value % 2 == 0 ? value / 2 : -(value / 2) - 1;
    }
  };

  void add(char32_t begin, char32_t end, unsigned what) {
    const auto bits = static_cast<std::uint16_t>(what);
    for (; begin < std::min(end, dense_end); ++begin)
      dense_[begin] = static_cast<std::uint16_t>(dense_[begin] | bits);
    if (begin >= end) return;
    if (!sparse_.empty() && sparse_.back().end == begin && sparse_.back().what == bits)
      sparse_.back().end = end;
    else
      sparse_.push_back({begin, end, bits});
  }

  std::vector<std::uint16_t> dense_;
  std::vector<range> sparse_;
  std::vector<std::pair<char32_t, char32_t>> small_;
  std::vector<std::pair<char32_t, std::size_t>> base_places_;
  std::vector<char32_t> base_;
};

inline const facts& known() {
  static const facts all;
  return all;
}

/// The scripts without spaces between words whose characters are words: CJK ideographs, of which the
/// tokenizers leave out U+2B820 to U+2B91F.
inline bool is_ideograph(char32_t code) {
  constexpr std::pair<char32_t, char32_t> blocks[] = {
      {0x3400, 0x4dbf},   {0x4e00, 0x9fff},   {0xf900, 0xfaff},  {0x20000, 0x2a6df},
      {0x2a700, 0x2b81f}, {0x2b920, 0x2ceaf}, {0x2f800, 0x2fa1f}};
  for (const auto& [first, last] : blocks)
    if (code >= first && code <= last) return true;
  return false;
}

}  // namespace tg::detail::unicode

#include "../../support/compiler/end.hpp"
