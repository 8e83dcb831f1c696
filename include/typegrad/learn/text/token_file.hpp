// SPDX-License-Identifier: BSL-1.0
// Files of vocabularies: vocab.txt, a token on each line, and Hugging Face's tokenizer.json as far as it
// describes a tokenizer of BERT's kind.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../file/byte_source.hpp"
#include "../file/text_scanner.hpp"
#include "../file/utf8.hpp"

namespace tg::language {

/// How a text is read. A file tokenizer.json says this itself.
struct word_piece_options {
  bool lower_case = true;             ///< as models called uncased want it
  std::optional<bool> strip_accents;  ///< whether marks are dropped; none given: as lower_case
  bool clean_text = true;             ///< whether control characters are left out
  bool ideographs = true;             ///< whether each CJK ideograph is a word
  std::size_t longest_word = 100;     ///< longer ones, in characters, are unknown
  std::string unknown = "[UNK]", begin = "[CLS]", separator = "[SEP]", padding = "[PAD]", mask = "[MASK]";
};

}  // namespace tg::language

namespace tg::detail {

/// What a file of a vocabulary has.
struct token_file {
  std::string path;
  language::word_piece_options options;
  std::vector<std::string> tokens;   ///< by number
  std::vector<std::string> special;  ///< those that are recognised in texts
};

inline std::string all_bytes_of(const std::string& path) {
  const byte_source_pointer in = open_bytes(path);
  constexpr std::size_t most = 1 << 28, piece = 1 << 18;
  std::string all;
  for (std::size_t got = piece; got == piece;) {
    if (all.size() >= most) in->refuse("is larger than 256 MiB; it is no vocabulary");
    all.resize(all.size() + piece);
    got = in->read(all.data() + all.size() - piece, piece);
    all.resize(all.size() - piece + got);
  }
  if (std::string_view(all).starts_with("\xEF\xBB\xBF")) all.erase(0, 3);
  return all;
}

inline std::vector<std::string> tokens_of_lines(const std::string& path, std::string_view text) {
  std::vector<std::string> all;
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\t'))
      line.remove_suffix(1);
    all.emplace_back(line);
    if (!is_utf8(line))
      refuse_bytes(path, "has a token on line " + std::to_string(all.size()) + " that is not in UTF-8");
  }
  return all;
}

/// Reads tokenizer.json; a kind of tokenizer that is not BERT's is refused by name.
class tokenizer_json : text_scanner {
 public:
  tokenizer_json(const std::string& path, std::string_view text)
      : text_scanner(path, text, "it"), file_{path, {}, {}, {}} {}

  token_file read() {
    bool has_model = false;
    each_member([&](const std::string& key) {
      if (key == "model")
        has_model = true, model();
      else if (key == "normalizer")
        normalizer();
      else if (key == "pre_tokenizer")
        of_type("pre_tokenizer", "BertPreTokenizer", [](const std::string&) { return false; });
      else if (key == "added_tokens")
        added_tokens();
      else
        pass_value();
    });
    if (!at_end()) text_scanner::refuse("the end");
    if (!has_model) refuse("has no model; it is no tokenizer.json");
    for (auto& [id, text] : added_) put(std::move(text), id);
    for (std::size_t id = 0; id < is_there_.size(); ++id)
      if (!is_there_[id]) refuse("has no token of the number " + std::to_string(id));
    return std::move(file_);
  }

 private:
  [[noreturn]] void refuse(const std::string& what) const { refuse_bytes(file_.path, what); }
  template <class Read>
  void each_member(Read read) {
    expect('{');
    if (accept('}')) return;
    do {
      const std::string key = word('"');
      expect(':');
      read(key);
    } while (accept(','));
    expect('}');
  }
  bool boolean() {
    if (accept_word("true")) return true;
    if (!accept_word("false")) text_scanner::refuse("true or false");
    return false;
  }
  /// An object whose member "type" must be as told; other members that `read` does not take are passed over.
  template <class Read>
  void of_type(const char* part, std::string_view type, Read read) {
    if (accept_word("null"))
      return refuse("has no " + std::string(part) + "; that of a model of BERT's kind is " +
                    std::string(type));
    each_member([&](const std::string& key) {
      if (key == "type") {
        if (const std::string found = word('"'); found != type)
          refuse("has the " + std::string(part) + " " + in_quotes(found) + "; only " + std::string(type) +
                 " can be read");
      } else if (!read(key)) {
        pass_value();
      }
    });
  }
  void normalizer() {
    of_type("normalizer", "BertNormalizer", [&](const std::string& key) {
      if (key == "lowercase")
        file_.options.lower_case = boolean();
      else if (key == "clean_text")
        file_.options.clean_text = boolean();
      else if (key == "handle_chinese_chars")
        file_.options.ideographs = boolean();
      else if (key == "strip_accents" && !accept_word("null"))
        file_.options.strip_accents = boolean();
      else
        return key == "strip_accents";
      return true;
    });
  }
  void model() {
    of_type("model", "WordPiece", [&](const std::string& key) {
      if (key == "unk_token")
        file_.options.unknown = word('"');
      else if (key == "max_input_chars_per_word")
        file_.options.longest_word = number();
      else if (key == "vocab")
        each_member([&](const std::string& token) { put(token, number()); });
      else if (key != "continuing_subword_prefix")
        return false;
      else if (word('"') != "##")
        refuse("has pieces that do not begin with ##, which cannot be read");
      return true;
    });
  }
  void added_tokens() {
    expect('[');
    if (accept(']')) return;
    do {
      std::string text;
      std::uint64_t id = 0;
      bool is_plain = true;
      each_member([&](const std::string& key) {
        if (key == "id")
          id = number();
        else if (key == "content")
          text = word('"');
        else if (key == "single_word" || key == "lstrip" || key == "rstrip" || key == "normalized")
          is_plain = !boolean() && is_plain;
        else
          pass_value();
      });
      if (!is_plain)
        refuse("adds the token " + in_quotes(text) +
               " by single_word, lstrip, rstrip or normalized, which cannot be read");
      if (text.empty()) refuse("adds a token without a text");
      file_.special.push_back(text);
      added_.emplace_back(id, std::move(text));
    } while (accept(','));
    expect(']');
  }
  void put(std::string token, std::uint64_t id) {
    constexpr std::uint64_t most = 1 << 22;
    if (id >= most) refuse("has the number " + std::to_string(id) + " for a token, which is too large");
    if (id >= file_.tokens.size()) file_.tokens.resize(id + 1), is_there_.resize(id + 1);
    if (is_there_[id] && file_.tokens[id] != token)
      refuse("has the number " + std::to_string(id) + " for two tokens, " + in_quotes(file_.tokens[id]) +
             " and " + in_quotes(token));
    is_there_[id] = true;
    file_.tokens[id] = std::move(token);
  }

  token_file file_;
  std::vector<bool> is_there_;
  std::vector<std::pair<std::uint64_t, std::string>> added_;
};

inline token_file read_token_file(const std::string& path, const language::word_piece_options& options) {
  const std::string text = all_bytes_of(path);
  if (path.ends_with(".json") || path.ends_with(".json.gz")) return tokenizer_json(path, text).read();
  return {path, options, tokens_of_lines(path, text), {}};
}

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
