// SPDX-License-Identifier: BSL-1.0
// Tagged sentences: entities scored as by seqeval (entities.py), tags in all schemes, files of columns,
// labels of tokens.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <fstream>
#include <map>
#include <random>
#include <sstream>
#include <string>
#include <typegrad/evaluation.hpp>
#include <typegrad/language.hpp>
#include <vector>

#include "damage.hpp"
#include "sentence.hpp"

namespace {

namespace language = tg::language;
namespace metric = tg::metric;
using language::tag_scheme;
using texts = std::vector<std::string>;
using integers = std::vector<int>;

texts split(const std::string& text, char at) {
  texts all;
  std::istringstream in(text);
  for (std::string each; std::getline(in, each, at);) all.push_back(each);
  return all;
}
std::vector<texts> sentences(const std::string& text) {
  std::vector<texts> all;
  for (const std::string& each : split(text, '|')) all.push_back(split(each, ' '));
  return all;
}
const std::map<std::string, tag_scheme> schemes{{"iob1", tag_scheme::iob1},   {"iob2", tag_scheme::iob2},
                                                {"ioe1", tag_scheme::ioe1},   {"ioe2", tag_scheme::ioe2},
                                                {"iobes", tag_scheme::iobes}, {"bilou", tag_scheme::bilou},
                                                {"bmes", tag_scheme::bmes}};

}  // namespace

BOOST_AUTO_TEST_CASE(entities_are_scored_as_by_seqeval) {
  const auto& suite = boost::unit_test::framework::master_test_suite();
  BOOST_REQUIRE(suite.argc > 1);
  std::ifstream table(suite.argv[1]);
  std::map<std::string, int> seen;
  for (std::string line; std::getline(table, line);) {
    const texts cells = split(line, '\t');
    BOOST_TEST_CONTEXT(line) {
      BOOST_REQUIRE(cells.size() == 7);
      ++seen[cells[0]];
      metric::entity_options options{.zero_division = std::stod(cells[1]), .digits = std::stoi(cells[2])};
      if (cells[0] != "-") options.strict = schemes.at(cells[0]);
      const auto truth = sentences(cells[3]), predicted = sentences(cells[4]);
      std::string report = metric::entity_report(truth, predicted, options);
      std::ranges::replace(report, '\n', '|');
      BOOST_TEST(report == cells[6]);
      const auto scores = metric::entity_scores(truth, predicted, options);
      std::istringstream numbers(cells[5]);
      for (const auto& mean : {scores.micro, scores.macro, scores.weighted})
        for (const double got : {mean.precision, mean.recall, mean.f}) {
          std::string expected;
          numbers >> expected;
          BOOST_TEST(std::abs(got - std::stod(expected)) <= 1e-15);  // sums of up to 4 in another order
        }
    }
  }
  BOOST_TEST(seen.size() == 7U);
}

BOOST_AUTO_TEST_CASE(tags_in_all_schemes) {
  // Adjacent entities of one type and of two, long and short.
  const texts tags = split("B-A I-A I-A B-A O B-A B-B I-B B-B O O B-A", ' ');
  const std::map<std::string, std::string> expected{{"iob1", "I-A I-A I-A B-A O I-A I-B I-B B-B O O I-A"},
                                                    {"iob2", "B-A I-A I-A B-A O B-A B-B I-B B-B O O B-A"},
                                                    {"ioe1", "I-A I-A E-A I-A O I-A I-B E-B I-B O O I-A"},
                                                    {"ioe2", "I-A I-A E-A E-A O E-A I-B E-B E-B O O E-A"},
                                                    {"iobes", "B-A I-A E-A S-A O S-A B-B E-B S-B O O S-A"},
                                                    {"bilou", "B-A I-A L-A U-A O U-A B-B L-B U-B O O U-A"},
                                                    {"bmes", "B-A M-A E-A S-A O S-A B-B E-B S-B O O S-A"}};
  for (const auto& [name, text] : expected) {
    BOOST_TEST_CONTEXT(name) {
      BOOST_TEST(language::converted(tags, schemes.at(name)) == split(text, ' '),
                 boost::test_tools::per_element());
      for (const auto& [other, back] : expected)
        BOOST_TEST(language::converted(split(text, ' '), schemes.at(other)) == split(back, ' '),
                   boost::test_tools::per_element());
      const std::vector<texts> all{split(text, ' ')};
      BOOST_TEST(metric::entity_scores(all, all, {.strict = schemes.at(name)}).micro.f == 1.0);
    }
  }
  // Random sentences of entities come back from each scheme.
  std::mt19937 random(3);
  for (int k = 0; k < 2000; ++k) {
    std::vector<language::entity> all;
    std::size_t at = random() % 3;
    while (at < 20) {
      const std::size_t end = at + 1 + random() % 3;
      all.push_back({random() % 2 == 0 ? "A" : "B-C", at, end});
      at = end + (random() % 2 == 0 ? 0 : random() % 3);
    }
    for (const auto& [name, scheme] : schemes)
      BOOST_TEST((language::entities(language::tags_of(all, 30, scheme)) == all), name << " " << k);
  }
}

BOOST_AUTO_TEST_CASE(files_of_columns) {
  const std::string path = "language_columns.txt";
  const std::string good =
      "-DOCSTART- -X- -X- O\n\nEU NNP I-NP I-ORG\nrejects VBZ I-VP O\r\n\r\n\nPeter\tNNP\tI-NP\tI-PER";
  write_bytes(path, good);
  const auto all = language::read_conll(path);
  BOOST_TEST((all.words == std::vector<texts>{{"EU", "rejects"}, {"Peter"}}));
  BOOST_TEST((all.tags == std::vector<texts>{{"I-ORG", "O"}, {"I-PER"}}));
  BOOST_TEST((language::read_conll(path, {.word = -3, .tag = 2}).tags[0] == texts{"I-NP", "I-VP"}));
  BOOST_TEST((language::read_conll(path, {.documents = false}).words[0] == texts{"-DOCSTART-"}));
  const auto told = [&](const std::string& bytes, language::conll_options options = {}) {
    write_bytes(path, bytes);
    return sentence_of<tg::bad_file>([&] { return language::read_conll(path, options).size(); });
  };
  BOOST_TEST(told("a O\nb\n") == "'" + path + "' has, on line 2, the word 'b' without a tag.");
  BOOST_TEST(told("a O\n", {.tag = 2}) ==
             "'" + path + "' has, on line 1, 2 columns; column 2 was asked for.");
  BOOST_TEST(told("a O\n", {.tag = -3}) ==
             "'" + path + "' has, on line 1, 2 columns; column -3 was asked for.");
  write_bytes(path, "");
  BOOST_TEST(language::read_conll(path).size() == 0U);
  refused_damages(good, path, 1000, [](const std::string& of) { language::read_conll(of); });
}

BOOST_AUTO_TEST_CASE(labels_of_pieces_and_back) {
  const language::word_piece tokens(
      {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "jim", "hen", "##son", "was"});
  const language::tag_numbers numbers({"O", "B-PER", "I-PER"});
  const texts words{"Jim", "Henson", "was"};
  const integers labels = numbers.numbers(texts{"B-PER", "I-PER", "O"});
  const auto read = tokens.encode_words(words);
  const integers of_tokens = language::labels_of_tokens(read, labels);
  BOOST_TEST((of_tokens == integers{-100, 1, 2, -100, 0, -100}));
  BOOST_TEST((language::labels_of_words(read, of_tokens, 3) == labels));
  // Cut behind "hen": the word that is cut off is O.
  const auto cut = tokens.encode_words(words, {.longest = 4});
  BOOST_TEST((language::labels_of_words(cut, integers{9, 1, 2, 9}, 3) == integers{1, 2, 0}));
  BOOST_TEST((language::padded(std::vector<integers>{of_tokens, {5}}, 7, -100) ==
              integers{-100, 1, 2, -100, 0, -100, -100, 5, -100, -100, -100, -100, -100, -100}));
  BOOST_TEST((language::tag_numbers::of({{"I-PER", "O"}, {"B-LOC"}}).tags() == texts{"O", "B-LOC", "I-PER"}));
}

BOOST_AUTO_TEST_CASE(bags_and_vocabularies) {
  BOOST_TEST((language::words_of("Caf\xC3\xA9, it's") == texts{"cafe", ",", "it", "'", "s"}));
  BOOST_TEST((language::words_of("Caf\xC3\xA9", false) == texts{"Caf\xC3\xA9"}));
  texts all;
  language::for_ngrams(
      "a \xC3\xA9"
      "b",
      {.words = 2, .letters_from = 2, .letters_to = 3, .lower_case = false},
      [&](std::string_view each) { all.emplace_back(each); });
  BOOST_TEST((all == texts{"a",
                           "a \xC3\xA9"
                           "b",
                           "\xC3\xA9"
                           "b",
                           "^a", "a$", "^a$", "^\xC3\xA9",
                           "\xC3\xA9"
                           "b",
                           "b$",
                           "^\xC3\xA9"
                           "b",
                           "\xC3\xA9"
                           "b$"}));
  // Published values of FNV-1a: of nothing, of "a" and of "foobar".
  const std::pair<std::string, std::uint64_t> hashes[] = {
      {"", 0xcbf29ce484222325}, {"a", 0xaf63dc4c8601ec8c}, {"foobar", 0x85944171f73967e8}};
  for (const auto& [text, hash] : hashes)
    BOOST_TEST(language::ngram_hash(text) == static_cast<std::uint32_t>(hash ^ hash >> 32));
  language::bag bag = language::hashed_bag("b a a a", 1000);
  const auto a = static_cast<int>(language::ngram_hash("a") % 1000),
             b = static_cast<int>(language::ngram_hash("b") % 1000);
  BOOST_TEST((bag.places == integers{std::min(a, b), std::max(a, b)}));
  BOOST_TEST((bag.counts == (a < b ? std::vector<float>{3, 1} : std::vector<float>{1, 3})));
  bag.normalise();
  BOOST_TEST(bag.counts[a < b ? 0 : 1] == 3 / std::sqrt(10.0f), boost::test_tools::tolerance(1e-6f));
  BOOST_TEST(language::hashed_bag("", 7).size() == 0U);
  BOOST_TEST((language::vocabulary(texts{"b", "c", "b", "a", "c", "d", "[PAD]"},
                                   {.least = 1, .most = 5, .special = {"[PAD]"}}) ==
              texts{"[PAD]", "b", "c", "a", "d"}));
  BOOST_TEST((language::vocabulary(texts{"b", "a", "b"}, {.least = 2, .special = {}}) == texts{"b"}));
  BOOST_TEST(sentence_of<std::invalid_argument>([] { language::hashed_bag("", 0); }) ==
             "hashed_bag: there are 1 to 2^31 - 1 buckets.");
}

BOOST_AUTO_TEST_CASE(perplexity_of_losses) {
  BOOST_TEST(metric::perplexity(std::vector<double>{std::log(4.0), std::log(4.0)}) == 4.0,
             boost::test_tools::tolerance(1e-15));
  BOOST_TEST(
      metric::perplexity(std::vector<double>{0.0, std::log(9.0), 7}, std::vector<double>{1, 1, 0}) == 3.0,
      boost::test_tools::tolerance(1e-15));
}

BOOST_AUTO_TEST_CASE(misuse_is_refused) {
  const auto told = [](auto call) { return sentence_of<std::invalid_argument>(call); };
  const std::vector<texts> one{{"O"}}, two{{"O", "O"}}, odd{{"x"}}, ended{{"E-A"}};
  const std::vector<std::pair<std::string, std::string>> cases{
      {told([&] { metric::entity_scores(one, std::vector<texts>{}); }),
       "entity_scores: 1 sentences are compared with 0; give as many of both."},
      {told([&] { metric::entity_scores(one, two); }),
       "entity_scores: sentence 0 has 1 tags and 2 predicted ones; give as many of both."},
      {told([&] { metric::entity_scores(odd, odd); }),
       "tags: 'x' is no tag; one begins with O, B, I, E, S, M, L or U, such as B-PER."},
      {told([&] { metric::entity_scores(ended, ended, {.strict = tag_scheme::iob2}); }),
       "entity_scores: the tag 'E-A' is none of the scheme, whose tags begin with one of OIB."},
      {told([&] {
         language::tags_of({{"A", 0, 2}, {"A", 1, 3}}, 3);
       }),
       "tags_of: the entity from word 1 to 3 is empty, behind the sentence or meets another."},
      {told([&] {
         language::tag_numbers({"O", "O"});
       }),
       "tag_numbers: the tag 'O' is there twice."},
      {told([&] { language::tag_numbers({"O"}).number("B-X"); }),
       "tag_numbers: there is no tag 'B-X' among 1; list it as well."},
      {told([&] { metric::perplexity(std::vector<double>{}); }),
       "perplexity: there are no rows; give at least one."}};
  for (const auto& [got, expected] : cases) BOOST_TEST(got == expected);
  BOOST_TEST(metric::entity_scores(one, one).micro.f == 0.0);
}
