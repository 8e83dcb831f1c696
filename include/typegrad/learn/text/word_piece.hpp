// SPDX-License-Identifier: BSL-1.0
// WordPiece, the tokens of models of BERT's kind, as Hugging Face's tokenizers 0.23 make them: token for
// token, place for place.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bert_words.hpp"
#include "encoding.hpp"
#include "token_file.hpp"
#include "token_table.hpp"

namespace tg::language {

/// Tells texts as tokens. Copies may be used in several threads at once, and so may one.
///     const tg::language::word_piece tokens("vocab.txt");
class word_piece {
 public:
  /// Reads vocab.txt, or tokenizer.json with its own options. Throws tg::bad_file.
  explicit word_piece(const std::string& path, const word_piece_options& options = {})
      : word_piece(detail::read_token_file(path, options)) {}
  /// Of tokens in the order of their numbers.
  explicit word_piece(std::vector<std::string> tokens, const word_piece_options& options = {})
      : word_piece(detail::token_file{"the vocabulary", options, std::move(tokens), {}}) {}

  std::size_t size() const { return tokens_.size(); }  ///< how many tokens there are
  const word_piece_options& options() const { return options_; }
  int unknown() const { return unknown_; }  ///< the number of [UNK]
  int padding() const { return padding_; }  ///< that of [PAD]
  int mask() const { return mask_; }        ///< that of [MASK]; -1 if there is none
  /// The number of a token; that of [UNK] if there is none of that text.
  int id(std::string_view token) const {
    const int found = table_.find(tokens_, token);
    return found < 0 ? unknown_ : found;
  }
  /// The text of a token.
  const std::string& token(int id) const {
    if (id < 0 || static_cast<std::size_t>(id) >= tokens_.size())
      detail::unfit_text("token", "there is no number " + std::to_string(id) + " among " +
                                      std::to_string(tokens_.size()) + " tokens");
    return tokens_[static_cast<std::size_t>(id)];
  }
  std::vector<std::string> tokens(const encoding& of) const {
    std::vector<std::string> all;
    for (const int each : of.ids) all.push_back(token(each));
    return all;
  }

  // ---- texts to tokens ----

  /// The tokens of a text: [CLS] ... [SEP]. Bytes that are no UTF-8 are left out, as U+FFFD is.
  encoding encode(std::string_view text, const encode_options& options = {}) const {
    return finished(pieces_of(text), nullptr, options);
  }
  /// Those of two: [CLS] ... [SEP] ... [SEP].
  encoding encode(std::string_view first, std::string_view second, const encode_options& options = {}) const {
    encoding other = pieces_of(second);
    return finished(pieces_of(first), &other, options);
  }
  /// The tokens of words that are told apart already; places are within each word.
  template <class Words>
  encoding encode_words(const Words& words, const encode_options& options = {}) const {
    encoding all;
    scratch space;
    int number = 0;
    for (const auto& word : words) {
      const std::size_t begin = all.size();
      append(std::string_view(word), all, space);
      std::fill(all.words.begin() + static_cast<std::ptrdiff_t>(begin), all.words.end(), number++);
    }
    all.types.resize(all.size());
    return finished(std::move(all), nullptr, options);
  }
  /// A long text as pieces of at most `longest` tokens with their marks, of which neighbours have `overlap`
  /// tokens in common.
  std::vector<encoding> windows(std::string_view text, std::size_t longest, std::size_t overlap = 0) const {
    const std::size_t room = room_of({.longest = longest}, 2);
    if (overlap >= room)
      detail::unfit_text("windows", "an overlap of " + std::to_string(overlap) + " leaves nothing of the " +
                                        std::to_string(room) + " tokens of a piece; give less");
    const encoding whole = pieces_of(text);
    std::vector<encoding> all;
    for (std::size_t begin = 0;; begin += room - overlap) {
      const std::size_t end = std::min(begin + room, whole.size());
      all.push_back(finished(slice(whole, begin, end), nullptr, {}));
      if (end == whole.size()) return all;
    }
  }
  /// Texts, or pairs of texts, as rows of one length.
  template <class Texts>
  token_batch batch(const Texts& texts, const batch_options& options = {}) const {
    std::vector<encoding> rows;
    const encode_options each{.longest = options.longest, .which = options.which};
    for (const auto& text : texts) {
      if constexpr (requires { text.first, text.second; })
        rows.push_back(encode(text.first, text.second, each));
      else
        rows.push_back(encode(text, each));
    }
    return batch_of(std::move(rows), padding_, options);
  }

  // ---- tokens to texts ----

  /// A text of tokens, without marks: pieces are put together, and spaces before punctuation are taken away.
  template <class Ids>
  std::string decode(const Ids& ids, bool with_marks = false) const {
    std::string all;
    bool is_first = true;
    for (const auto& each : ids) {
      const int id = static_cast<int>(each);
      std::string text = token(id);
      if (!with_marks && std::ranges::find(special_, id) != special_.end()) continue;
      if (!is_first) text = text.starts_with("##") ? text.substr(2) : " " + text;
      is_first = false;
      all += tidy(std::move(text));
    }
    return all;
  }

 private:
  struct scratch {
    detail::bert_word word;
    std::vector<std::uint64_t> hashes;
    encoding pieces;
  };

  explicit word_piece(detail::token_file file)
      : options_(std::move(file.options)),
        tokens_(std::move(file.tokens)),
        table_(file.path, tokens_),
        rules_{options_.lower_case, options_.strip_accents.value_or(options_.lower_case), options_.clean_text,
               options_.ideographs} {
    if (tokens_.empty()) detail::refuse_bytes(file.path, "has no tokens");
    const auto needed = [&](const std::string& token, const char* option) {
      const int found = token.empty() ? -1 : table_.find(tokens_, token);
      if (found < 0 && (!token.empty() || option != std::string_view("mask")))
        detail::refuse_bytes(file.path, "has no token " + detail::in_quotes(token) +
                                            "; name the one that stands for it in the option ." + option);
      return found;
    };
    unknown_ = needed(options_.unknown, "unknown");
    begin_ = needed(options_.begin, "begin");
    separator_ = needed(options_.separator, "separator");
    padding_ = needed(options_.padding, "padding");
    mask_ = needed(options_.mask, "mask");
    if (file.special.empty())
      file.special = {options_.unknown, options_.begin, options_.separator, options_.padding, options_.mask};
    for (const std::string& each : file.special) {
      if (each.empty()) continue;
      special_.push_back(table_.find(tokens_, each));
      begins_special_[static_cast<unsigned char>(each[0])] = true;
    }
  }

  // ---- pieces ----

  encoding pieces_of(std::string_view text) const {
    encoding all;
    scratch space;
    append(text, all, space);
    all.types.resize(all.size());
    return all;
  }
  /// Appends the pieces of a text, in which special tokens are recognised before anything else.
  void append(std::string_view text, encoding& to, scratch& space) const {
    if (text.size() >= std::numeric_limits<std::uint32_t>::max())
      detail::unfit_text("encode", "the text has more than 4 GiB; cut it");
    to.reserve(to.size() + text.size() / 4);
    int word = 0;
    detail::bert_splitter splitter(rules_, space.word,
                                   [&](const detail::bert_word& each) { split(each, word++, to, space); });
    std::size_t begin = 0;
    std::uint32_t character = 0;
    for (std::size_t at = 0; at < text.size();) {
      const int found = begins_special_[static_cast<unsigned char>(text[at])] ? special_at(text, at) : -1;
      if (found < 0) {
        ++at;
        continue;
      }
      character = splitter.split(text, begin, at, character);
      const std::string& token = tokens_[static_cast<std::size_t>(found)];
      std::uint32_t more = 0;
      for (const char each : token) more += (static_cast<unsigned char>(each) & 0xc0U) != 0x80;
      begin = at + token.size();
      put(to, found, word++, {static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(begin)},
          {character, character + more});
      character += more;
      at = begin;
    }
    splitter.split(text, begin, text.size(), character);
  }
  /// The longest special token at this place.
  int special_at(std::string_view text, std::size_t at) const {
    int best = -1;
    std::size_t length = 0;
    for (const int each : special_) {
      const std::string& token = tokens_[static_cast<std::size_t>(each)];
      if (token.size() > length && text.substr(at).starts_with(token)) best = each, length = token.size();
    }
    return best;
  }
  /// The longest piece, and of what is left again, until nothing is; unknown if there is none.
  void split(const detail::bert_word& word, int number, encoding& to, scratch& space) const {
    const std::string_view text = word.text();
    const std::size_t before = to.size();
    bool is_known = word.characters() <= options_.longest_word;
    for (std::size_t at = 0; is_known && at < text.size();) {
      const auto [id, length] = table_.longest(tokens_, at == 0 ? "" : "##", text.substr(at), space.hashes);
      is_known = id >= 0;
      if (is_known) put(to, id, number, word, at, at + length);
      at += length;
    }
    if (is_known) return;
    cut_to(to, before);
    put(to, unknown_, number, word, 0, text.size());
  }
  static void put(encoding& to, int id, int word, const detail::bert_word& of, std::size_t begin,
                  std::size_t end) {
    const detail::text_place first = of.origin(begin), last = of.origin(end - 1);
    put(to, id, word, {first.byte, last.byte_end}, {first.character, last.character + 1});
  }
  static void put(encoding& to, int id, int word, part bytes, part characters) {
    to.ids.push_back(id), to.words.push_back(word);
    to.bytes.push_back(bytes), to.characters.push_back(characters);
  }
  static void cut_to(encoding& all, std::size_t size) {
    all.ids.resize(size), all.words.resize(size), all.bytes.resize(size), all.characters.resize(size);
    all.types.resize(std::min(all.types.size(), size));
  }
  static encoding slice(const encoding& of, std::size_t begin, std::size_t end) {
    const auto part_of = [&](const auto& all) {
      return std::remove_cvref_t<decltype(all)>(all.begin() + static_cast<std::ptrdiff_t>(begin),
                                                all.begin() + static_cast<std::ptrdiff_t>(end));
    };
    return {part_of(of.ids), part_of(of.types), part_of(of.words), part_of(of.characters), part_of(of.bytes)};
  }

  // ---- marks and lengths ----

  static std::size_t room_of(const encode_options& options, std::size_t marks) {
    if (options.longest == 0) return std::numeric_limits<std::size_t>::max();
    if (!options.marks) marks = 0;
    if (options.longest <= marks)
      detail::unfit_text("encode", "longest is " + std::to_string(options.longest) +
                                       ", which leaves no room " + "beside " + std::to_string(marks) +
                                       " marks; give more");
    return options.longest - marks;
  }
  static void cut_one(encoding& text, std::size_t too_many) {
    if (too_many >= text.size() && too_many > 0)
      detail::unfit_text("encode", "the text to cut has " + std::to_string(text.size()) +
                                       " tokens of which " + std::to_string(too_many) +
                                       " are too many; give a larger longest, or cut::longest_first");
    cut_to(text, text.size() - too_many);
  }
  static void cut_both(encoding& first, encoding& second, const encode_options& options) {
    const std::size_t room = room_of(options, 3), all = first.size() + second.size();
    if (all <= room) return;
    if (options.which == cut::first_only) return cut_one(first, all - room);
    if (options.which == cut::second_only) return cut_one(second, all - room);
    encoding &shorter = first.size() > second.size() ? second : first,
             &longer = first.size() > second.size() ? first : second;
    std::size_t less = shorter.size(), more = less > room ? less : std::max(less, room - less);
    if (less + more > room) less = room / 2, more = less + room % 2;
    cut_to(shorter, std::min(shorter.size(), less)), cut_to(longer, std::min(longer.size(), more));
  }
  encoding finished(encoding first, encoding* second, const encode_options& options) const {
    if (second != nullptr)
      cut_both(first, *second, options);
    else if (const std::size_t room = room_of(options, 2); first.size() > room)
      cut_to(first, room);
    encoding all;
    const auto mark = [&](int id, int type) {
      if (options.marks) put(all, id, -1, {}, {}), all.types.push_back(type);
    };
    const auto text = [&](const encoding& of, int type) {
      const auto join = [](auto& to, const auto& from) { to.insert(to.end(), from.begin(), from.end()); };
      join(all.ids, of.ids), join(all.words, of.words);
      join(all.characters, of.characters), join(all.bytes, of.bytes);
      all.types.resize(all.ids.size(), type);
      mark(separator_, type);
    };
    mark(begin_, 0);
    text(first, 0);
    if (second != nullptr) text(*second, 1);
    return all;
  }

  /// What decoders of BERT's kind do to each token.
  static std::string tidy(std::string text) {
    constexpr std::pair<std::string_view, std::string_view> shorter[] = {
        {" .", "."},   {" ?", "?"},           {" !", "!"},   {" ,", ","},     {" ' ", "'"},   {" n't", "n't"},
        {" 'm", "'m"}, {" do not", " don't"}, {" 's", "'s"}, {" 've", "'ve"}, {" 're", "'re"}};
    for (const auto& [from, to] : shorter)
      for (std::size_t at = text.find(from); at != text.npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
    return text;
  }

  word_piece_options options_;
  std::vector<std::string> tokens_;
  detail::token_table table_;
  detail::bert_rules rules_;
  std::vector<int> special_;
  bool begins_special_[256] = {};
  int unknown_ = -1, begin_ = -1, separator_ = -1, padding_ = -1, mask_ = -1;
};

}  // namespace tg::language

#include "../../support/compiler/end.hpp"
