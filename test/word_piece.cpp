// SPDX-License-Identifier: BSL-1.0
// WordPiece against a table of Hugging Face's tokenizers (word_piece.py), vocabularies from files, what is
// refused, and bytes of any kind.
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <map>
#include <random>
#include <sstream>
#include <string>
#include <typegrad/language.hpp>
#include <vector>

#include "damage.hpp"
#include "sentence.hpp"

namespace {

namespace language = tg::language;
using integers = std::vector<int>;

std::string table_path() {
  const auto& suite = boost::unit_test::framework::master_test_suite();
  BOOST_REQUIRE(suite.argc > 1);
  return suite.argv[1];
}
std::string vocabulary_path() {
  const std::string path = table_path();
  return path.substr(0, path.size() - 3) + "txt";
}
const language::word_piece& tokens_of(const std::string& settings) {
  static std::map<std::string, language::word_piece> made;
  const auto has = [&](char each) { return settings.find(each) != settings.npos; };
  const auto found = made.find(settings);
  if (found != made.end()) return found->second;
  const language::word_piece_options options{
      .lower_case = has('l'), .strip_accents = has('s'), .clean_text = has('c'), .ideographs = has('i')};
  return made.emplace(settings, language::word_piece(vocabulary_path(), options)).first->second;
}

integers read(const std::string& text) {
  integers all;
  std::istringstream in(text == "-" ? "" : text);
  for (int each = 0; in >> each;) all.push_back(each);
  return all;
}
std::string unescaped(const std::string& text) {
  std::string all;
  for (std::size_t k = 0; k < text.size(); ++k)
    if (text[k] != '%')
      all += text[k];
    else if (k + 2 < text.size())
      all += static_cast<char>(std::stoi(text.substr(k + 1, 2), nullptr, 16)), k += 2;
  return all;
}
std::vector<std::string> texts_in(const std::string& cell) {
  std::vector<std::string> all;
  std::istringstream in(cell);
  for (std::string each; in >> each;) all.push_back(unescaped(each));
  return all;
}
integers places(const std::vector<language::part>& of) {
  integers all;
  for (const auto& each : of)
    all.push_back(static_cast<int>(each.begin)), all.push_back(static_cast<int>(each.end));
  return all;
}
/// Places in bytes are those in characters, of texts whose bytes are UTF-8.
bool places_agree(const language::encoding& all, const std::string& text) {
  std::vector<std::uint32_t> begins;
  for (std::uint32_t k = 0; k < text.size(); ++k)
    if ((static_cast<unsigned char>(text[k]) & 0xc0U) != 0x80) begins.push_back(k);
  begins.push_back(static_cast<std::uint32_t>(text.size()));
  for (std::size_t k = 0; k < all.size(); ++k)
    if (all.bytes[k] != language::part{begins.at(all.characters[k].begin), begins.at(all.characters[k].end)})
      return false;
  return true;
}

std::vector<language::encoding> encodings_of(const std::string& what, const language::word_piece& tokens,
                                             const integers& given, const std::vector<std::string>& texts) {
  const auto number = [&](std::size_t k) { return static_cast<std::size_t>(given.at(k)); };
  if (what == "one") return {tokens.encode(texts.at(0))};
  if (what == "pair")
    return {tokens.encode(texts.at(0), texts.at(1),
                          {.longest = number(0), .which = static_cast<language::cut>(given.at(1))})};
  if (what == "words") return {tokens.encode_words(texts, {.longest = number(0)})};
  BOOST_REQUIRE(what == "windows");
  return tokens.windows(texts.at(0), number(0), number(1));
}

}  // namespace

BOOST_AUTO_TEST_CASE(tokens_are_those_of_tokenizers) {
  std::ifstream table(table_path());
  std::map<std::string, int> seen;
  int wrong = 0;
  for (std::string line; std::getline(table, line) && wrong < 20;) {
    std::istringstream cells(line);
    std::vector<std::string> cell;
    for (std::string each; std::getline(cells, each, '\t');) cell.push_back(each);
    const language::word_piece& tokens = tokens_of(cell.at(1));
    const integers given = read(cell.at(2));
    const std::vector<std::string> texts = texts_in(cell.at(3));
    ++seen[cell[0]];
    bool is_right = true;
    if (cell[0] == "decode") {
      is_right =
          tokens.decode(integers(given.begin() + 1, given.end()), given[0] == 1) == unescaped(cell.at(4));
    } else {
      const auto got = encodings_of(cell[0], tokens, given, texts);
      is_right = cell.size() == 4 + 4 * got.size();
      for (std::size_t k = 0; k < got.size() && is_right; ++k) {
        const language::encoding& each = got[k];
        is_right = each.ids == read(cell[4 * k + 4]) && each.types == read(cell[4 * k + 5]) &&
                   each.words == read(cell[4 * k + 6]) && places(each.characters) == read(cell[4 * k + 7]);
        if (cell[0] == "one" && tg::detail::is_utf8(texts[0]))
          is_right = is_right && places_agree(each, texts[0]);
      }
    }
    if (!is_right) ++wrong;
    BOOST_TEST(is_right, line.substr(0, 600));
  }
  BOOST_TEST(seen["one"] > 100);
}

BOOST_AUTO_TEST_CASE(batches_are_filled_up_and_masked) {
  const language::word_piece& tokens = tokens_of("lsci");
  const auto batch = tokens.batch(std::vector<std::string>{"the bank", "a", "why is it pending"},
                                  {.longest = 5, .multiple_of = 4});
  BOOST_TEST((batch.rows == 3 && batch.length == 8 && batch.lengths == integers{4, 3, 5}));
  for (std::size_t row = 0; row < 3; ++row)
    for (std::size_t k = 0; k < 8; ++k) {
      const std::size_t at = 8 * row + k;
      const bool is_there = k < batch.encodings[row].size();
      BOOST_TEST(batch.mask[at] == (is_there ? 1.0f : 0.0f));
      BOOST_TEST(batch.ids[at] == (is_there ? batch.encodings[row].ids[k] : tokens.padding()));
    }
  BOOST_TEST(batch.encodings[0].ids[0] == tokens.id("[CLS]"));
  const auto pairs =
      tokens.batch(std::vector<std::pair<std::string, std::string>>{{"a", "the"}, {"is", ""}}, {.length = 6});
  BOOST_TEST((pairs.types == integers{0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 0, 0}));
  BOOST_TEST(
      (language::padded(std::vector<integers>{{1, 2, 3}, {4}}, 2, 0.0f) == std::vector<float>{1, 2, 4, 0}));
  BOOST_TEST(tokens.batch(std::vector<std::string>{}).ids.empty());
}

BOOST_AUTO_TEST_CASE(vocabularies_from_files) {
  const std::string lines = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nab\n##c\n",
                    path = "word_piece_vocabulary.txt";
  const auto ids = [](const language::word_piece& tokens) { return tokens.encode("ab abc x").ids; };
  const integers expected{2, 5, 5, 6, 1, 3};
  std::string windows = "\xEF\xBB\xBF";
  for (const char each : lines) windows += each == '\n' ? std::string("\r\n") : std::string(1, each);
  for (const std::string& each : {lines, windows, lines.substr(0, lines.size() - 1)}) {
    write_bytes(path, each);
    BOOST_TEST((ids(language::word_piece(path)) == expected));
  }
  const std::string json =
      R"({"version": "1.0", "truncation": {"max_length": 1.5e1, "x": [null, -1, true, []]},
    "added_tokens": [{"id": 4, "special": true, "content": "[MASK]", "single_word": false, "lstrip": false,
      "rstrip": false, "normalized": false}, {"id": 7, "content": "<new>"}],
    "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
      "strip_accents": null, "lowercase": false}, "pre_tokenizer": {"type": "BertPreTokenizer"},
    "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
      "max_input_chars_per_word": 3,
      "vocab": {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, "ab": 5, "##c": 6}}})";
  const std::string json_path = "word_piece_tokenizer.json";
  write_bytes(json_path, json);
  const language::word_piece read(json_path);
  BOOST_TEST((read.encode("ab abcc AB<new>[MASK]").ids == integers{2, 5, 1, 1, 7, 4, 3}));
  BOOST_TEST((read.size() == 8 && !read.options().lower_case && read.options().longest_word == 3));

  const auto replaced = [](std::string text, const std::string& from, const std::string& to) {
    return text.replace(text.find(from), from.size(), to);
  };
  const auto told = [](const std::string& of, const std::string& bytes) {
    write_bytes(of, bytes);
    return sentence_of<tg::bad_file>([&] { return language::word_piece(of).size(); });
  };
  const std::string name = "'" + path + "' ", json_name = "'" + json_path + "' ";
  BOOST_TEST(told(path, lines + "ab\n") == name + "has the token 'ab' twice, as number 5 and 7.");
  BOOST_TEST(told(path, "") == name + "has no tokens.");
  BOOST_TEST(told(path, replaced(lines, "[SEP]", "sep")) ==
             name + "has no token '[SEP]'; name the one that stands for it in the option .separator.");
  BOOST_TEST(told(path, lines + "\xff\n") == name + "has a token on line 8 that is not in UTF-8.");
  BOOST_TEST(told(json_path, replaced(json, "WordPiece", "Unigram")) ==
             json_name + "has the model 'Unigram'; only WordPiece can be read.");
  BOOST_TEST(
      told(json_path, replaced(json, "\"lstrip\": false", "\"lstrip\": true")) ==
      json_name +
          "adds the token '[MASK]' by single_word, lstrip, rstrip or normalized, which cannot be read.");
  BOOST_TEST(told(json_path, replaced(json, "\"ab\": 5", "\"ab\": 9")) ==
             json_name + "has no token of the number 5.");
  const int refused = refused_damages(
      json, json_path, 3000, [](const std::string& of) { language::word_piece(of).encode("ab abc <new>"); });
  BOOST_TEST(refused > 1000);
  const int lines_refused = refused_damages(
      lines, path, 1000, [](const std::string& of) { language::word_piece(of).encode("ab abc [MASK]"); });
  BOOST_TEST(lines_refused > 300);
}

BOOST_AUTO_TEST_CASE(misuse_is_refused) {
  const language::word_piece& tokens = tokens_of("lsci");
  const auto told = [](auto call) { return sentence_of<std::invalid_argument>(call); };
  BOOST_TEST(told([&] { return tokens.encode("a", {.longest = 2}).size(); }) ==
             "encode: longest is 2, which leaves no room beside 2 marks; give more.");
  BOOST_TEST(told([&] { return tokens.windows("a", 5, 3).size(); }) ==
             "windows: an overlap of 3 leaves nothing of the 3 tokens of a piece; give less.");
  BOOST_TEST(told([&] { return tokens.token(-1); }).starts_with("token: there is no number -1 among "));
  BOOST_TEST(told([&] { return tokens.batch(std::vector<std::string>{"a a a"}, {.length = 4}).rows; }) ==
             "batch: a text has 5 tokens and the rows have 4; give longest as well.");
  BOOST_TEST(told([&] {
               return tokens.encode("a", "b b b", {.longest = 5, .which = language::cut::first_only}).size();
             }) ==
             "encode: the text to cut has 1 tokens of which 2 are too many; give a larger longest, or "
             "cut::longest_first.");
}

BOOST_AUTO_TEST_CASE(bytes_of_any_kind_are_read) {
  std::mt19937 random(5);
  std::size_t found = 0;
  for (int k = 0; k < 3000; ++k) {
    std::string text;
    for (auto left = random() % 60; left > 0; --left) {
      const auto kind = random() % 4;
      if (kind == 0)
        text += static_cast<char>(random() % 256);
      else if (kind == 1)
        tg::detail::append_utf8(text, static_cast<char32_t>(random() % 0x110000));
      else
        text += " [CLS]a\xCC\x81\xE4\xB8"[random() % 11];
    }
    for (const char* settings : {"lsci", "ci", ""}) {
      const auto all = tokens_of(settings).encode(text);
      found += all.size();
      for (std::size_t i = 0; i < all.size(); ++i)
        if (all.bytes[i].end > text.size() || all.bytes[i].begin > all.bytes[i].end)
          BOOST_ERROR("seed 5, text " << k << ": token " << i << " is outside");
    }
  }
  BOOST_TEST(found > 30000);
}

// With a vocabulary in the environment variable TYPEGRAD_SPEED: megabytes a second.
BOOST_AUTO_TEST_CASE(speed) {
  if (std::getenv("TYPEGRAD_SPEED") == nullptr) return;
  const language::word_piece tokens(std::getenv("TYPEGRAD_SPEED"));
  const std::pair<const char*, std::string> texts[] = {
      {"English", "The customer asked why the payment was pending, and when it would be there. "},
      {"German",
       "Die Gr\xC3\xB6\xC3\x9F"
       "e der \xC3\x9C"
       "berweisung h\xC3\xA4ngt davon ab. "},
      {"Russian",
       "\xD0\xA0\xD0\xBE\xD1\x81\xD1\x81\xD0\xB8\xD1\x8F \xD0\xB8 \xD0\x9A\xD0\xB8\xD1\x97\xD0\xB2 "},
      {"Chinese", "\xE4\xB8\xAD\xE6\x96\x87\xE5\x8C\x97\xE4\xBA\xAC"}};
  for (const auto& [name, text] : texts) {
    std::string all;
    while (all.size() < 4'000'000) all += text;
    for (std::size_t count : {all.size(), std::size_t{80}}) {
      const auto begin = std::clock();
      std::size_t found = 0;
      for (std::size_t at = 0; at + count <= all.size(); at += count)
        found += tokens.encode(std::string_view(all).substr(at, count)).size();
      const double took = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
      BOOST_TEST_MESSAGE(name << ", texts of " << count
                              << " bytes: " << static_cast<double>(all.size()) / took / 1e6 << " MB/s, "
                              << found << " tokens");
    }
  }
}
