// SPDX-License-Identifier: BSL-1.0
// A text as models of BERT's kind read it: clean, in small letters without marks if asked for, split at white
// space, around punctuation and around CJK ideographs. Normaliser and pre-tokeniser of Hugging Face's
// tokenizers (BertNormalizer, BertPreTokenizer), in one pass.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "../file/utf8.hpp"
#include "unicode.hpp"

namespace tg::detail {

/// How a text is prepared.
struct bert_rules {
  bool lower_case, strip_accents, clean_text, ideographs;
};

/// Where something stands in a text: bytes and characters.
struct text_place {
  std::uint32_t byte, byte_end, character;  ///< of one character: it has one
};

/// A word: its text, and for each of its bytes the character of the original that it comes from. Where that
/// is one byte after the other, it is enough to know the first.
class bert_word {
 public:
  const std::string& text() const { return text_; }
  std::size_t characters() const { return characters_; }
  bool empty() const { return text_.empty(); }
  text_place origin(std::size_t byte) const {
    if (!origins_.empty()) return origins_[byte];
    const auto k = static_cast<std::uint32_t>(byte);
    return {first_.byte + k, first_.byte_end + k, first_.character + k};
  }

  void clear() { text_.clear(), origins_.clear(), characters_ = 0; }
  void add(char32_t code, const text_place& from) {
    tell_origins();
    append_utf8(text_, code);
    origins_.resize(text_.size(), from);
    ++characters_;
  }
  /// Adds ASCII letters as `letter(k)` tells them, of a part of the original that begins at `from`.
  template <class Letter>
  void add_ascii(std::size_t count, const text_place& from, Letter letter) {
    const std::size_t before = text_.size();
    if (before > 0) tell_origins();
    text_.resize(before + count);
    for (std::size_t k = 0; k < count; ++k) text_[before + k] = letter(k);
    characters_ += count;
    if (before == 0)
      first_ = from;
    else
      for (std::uint32_t k = 0; k < count; ++k)
        origins_.push_back({from.byte + k, from.byte_end + k, from.character + k});
  }

 private:
  void tell_origins() {
    for (std::size_t k = origins_.size(); k < text_.size(); ++k) {
      const auto n = static_cast<std::uint32_t>(k);
      origins_.push_back({first_.byte + n, first_.byte_end + n, first_.character + n});
    }
  }

  std::string text_;
  std::vector<text_place> origins_;
  text_place first_{};
  std::size_t characters_ = 0;
};

/// Splits a text into words, one call of `done(word)` for each.
template <class Done>
class bert_splitter {
 public:
  bert_splitter(const bert_rules& rules, bert_word& word, Done done)
      : rules_(rules), known_(unicode::known()), word_(word), done_(done) {
    ascii_.fill(other);
    for (unsigned c = 0; c < 128; ++c) {
      const unsigned facts = known_.of(c);
      const bool drops = rules.clean_text && (facts & unicode::is_dropped) != 0;
      ascii_[c] = drops                                      ? drop
                  : (facts & unicode::is_white_space) != 0   ? space
                  : (facts & unicode::is_punctuation) != 0   ? punctuation
                  : rules.lower_case && c >= 'A' && c <= 'Z' ? static_cast<unsigned char>(c + 32)
                                                             : static_cast<unsigned char>(c);
    }
  }

  /// Splits bytes `begin` to `end` of the text, of which the first is character number `character`; gives the
  /// number of the character behind them.
  std::uint32_t split(std::string_view text, std::size_t begin, std::size_t end, std::uint32_t character) {
    for (std::size_t at = begin; at < end;) {
      const auto byte = static_cast<unsigned char>(text[at]);
      const auto place = static_cast<std::uint32_t>(at);
      const text_place here{place, place + 1, character};
      if (byte >= 0x80 || !marks_.empty()) {
        const utf8_character next = utf8_at(text.substr(0, end), at);
        at += next.bytes;
        read(next.code, {place, static_cast<std::uint32_t>(at), character++});
      } else if (const unsigned char what = ascii_[byte]; what < 128) {
        const std::size_t first = at;
        while (at < end && ascii_[static_cast<unsigned char>(text[at])] < 128) ++at;
        word_.add_ascii(at - first, here, [&](std::size_t k) {
          return static_cast<char>(ascii_[static_cast<unsigned char>(text[first + k])]);
        });
        character += static_cast<std::uint32_t>(at - first);
        const auto last = static_cast<std::uint32_t>(at - 1);
        last_ = {last, last + 1, character - 1};
      } else {
        if (what == space) finish();
        if (what == punctuation) alone(byte, here);
        last_ = here;
        ++at, ++character;
      }
    }
    sort_marks();
    finish();
    return character;
  }

 private:
  // What becomes of an ASCII character that is not part of a word; of others it is what stands in the word.
  static constexpr unsigned char space = 128, drop = 129, punctuation = 130, other = 131;
  struct mark {
    char32_t code;
    unsigned combining_class;
    std::size_t arrival;
    bool is_more;  ///< of the same character of the original as the one before
  };

  void read(char32_t code, const text_place& from) {
    const unsigned facts = known_.of(code);
    if (rules_.clean_text) {
      if ((facts & unicode::is_dropped) != 0) return;
      if ((facts & unicode::is_white_space) != 0) code = ' ';
    }
    if (rules_.ideographs && unicode::is_ideograph(code)) {
      sort_marks();
      finish();
      decompose(code, known_.of(code), from);
      sort_marks();
      finish();
    } else {
      decompose(code, code == ' ' ? unsigned{unicode::is_white_space} : facts, from);
    }
  }
  void decompose(char32_t code, unsigned facts, const text_place& from) {
    if (!rules_.strip_accents) return small(code, from);
    if ((facts & unicode::has_bases) == 0) return order(code, facts >> 8, from, false);
    bool is_more = false;
    known_.for_bases(code, [&](char32_t each) {
      order(each, known_.of(each) >> 8, from, is_more);
      is_more = true;
    });
  }
  /// Marks wait until all that follow each other are there; they are then sorted by their class.
  void order(char32_t code, unsigned order, const text_place& from, bool is_more) {
    if (order == 0) {
      sort_marks();
      last_ = from;
      return unmarked(code, from);
    }
    marks_.push_back({code, order, marks_.size(), is_more});
    if (!is_more) origins_.push_back(from);
  }
  void sort_marks() {
    if (marks_.empty()) return;
    std::sort(marks_.begin(), marks_.end(), [](const mark& a, const mark& b) {
      return a.combining_class != b.combining_class ? a.combining_class < b.combining_class
                                                    : a.arrival < b.arrival;
    });
    // The tokenizers then tell them the places of the original one after the other.
    auto origin = origins_.begin();
    for (const mark& each : marks_) {
      if (!each.is_more && origin != origins_.end()) last_ = *origin++;
      unmarked(each.code, last_);
    }
    marks_.clear(), origins_.clear();
  }
  void unmarked(char32_t code, const text_place& from) {
    if ((known_.of(code) & unicode::is_mark) == 0) small(code, from);
  }
  void small(char32_t code, const text_place& from) {
    if (rules_.lower_case) {
      if (code == 0x130) return put('i', from), put(0x307, from);
      if ((known_.of(code) & unicode::has_small_letter) != 0) code = known_.small_letter(code);
    }
    put(code, from);
  }
  void put(char32_t code, const text_place& from) {
    const unsigned facts = known_.of(code);
    if ((facts & unicode::is_white_space) != 0) return finish();
    if ((facts & unicode::is_punctuation) != 0) return alone(code, from);
    word_.add(code, from);
  }
  void alone(char32_t code, const text_place& from) {
    finish();
    word_.add(code, from);
    finish();
  }
  void finish() {
    if (word_.empty()) return;
    done_(word_);
    word_.clear();
  }

  bert_rules rules_;
  const unicode::facts& known_;
  bert_word& word_;
  Done done_;
  std::array<unsigned char, 256> ascii_;
  std::vector<mark> marks_;
  std::vector<text_place> origins_;
  text_place last_{};
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
