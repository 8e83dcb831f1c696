// SPDX-License-Identifier: BSL-1.0
// The code of docs/language.md, compiled and run.
#include <fstream>
#include <iostream>
#include <string>
#include <typegrad/language.hpp>
#include <utility>
#include <vector>

#include "support/expect.hpp"

using example::expect;

int main() {
  std::ofstream("vocab.txt") << "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nwhy\nis\nmy\npay\n##ment\npending\n?\n";
  // [tokens]
  const tg::language::word_piece tokens("vocab.txt");
  const std::string text = "Why is my Payment pending?";
  const tg::language::encoding question = tokens.encode(text);
  for (std::size_t k = 0; k < question.size(); ++k) {
    const auto [begin, end] = question.bytes[k];
    std::cout << tokens.token(question.ids[k]) << " '" << text.substr(begin, end - begin) << "'\n";
  }
  // [tokens]
  expect((question.ids == std::vector<int>{2, 5, 6, 7, 8, 9, 10, 11, 3}));
  expect((question.words == std::vector<int>{-1, 0, 1, 2, 3, 3, 4, 5, -1}));
  expect((question.characters[5] == tg::language::part{13, 17}));
  expect(tokens.decode(question.ids) == "why is my payment pending?");

  // [batch]
  const std::vector<std::string> texts{"Why?", "Is my payment pending?"};
  const tg::language::token_batch batch = tokens.batch(texts, {.longest = 128, .multiple_of = 8});
  // batch.ids, batch.types and batch.mask are batch.rows x batch.length numbers
  // [batch]
  expect(batch.rows == 2 && batch.length == 8 && batch.mask[3] == 1 && batch.mask[4] == 0);

  // [pairs]
  const auto pair = tokens.encode("Is it pending?", "Why is my payment pending?", {.longest = 10});
  const auto pieces = tokens.windows(text, 6, 1);  // of 6 tokens with their marks, one in common
  // [pairs]
  expect(pair.size() == 10 && pair.types[9] == 1 && pieces.size() == 2 && pieces[1].size() == 6);

  std::ofstream("names.conll") << "-DOCSTART- -X- O\n\nMy NNP O\nPayment NNP I-PER\n\nis VBZ O\n";
  // [tags]
  const auto data = tg::language::read_conll("names.conll");  // the first column, and the last
  const auto numbers = tg::language::tag_numbers({"O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC"});
  const auto tags = tg::language::converted(data.tags[0], tg::language::tag_scheme::iob2);  // O B-PER
  const auto read = tokens.encode_words(data.words[0], {.longest = 128});
  const auto targets = tg::language::labels_of_tokens(read, numbers.numbers(tags), -100);
  // [tags]
  expect(data.size() == 2 && (tags == std::vector<std::string>{"O", "B-PER"}));
  expect((targets == std::vector<int>{-100, 0, 1, -100, -100}));
  // [tags back]
  const std::vector<int> told{0, 0, 1, 2, 0};  // for each token, the argmax of a model's scores
  const auto of_words = tg::language::labels_of_words(read, told, data.words[0].size(), numbers.number("O"));
  // [tags back]
  expect((of_words == std::vector<int>{0, 1}));

  // [bags]
  const auto bag = tg::language::hashed_bag("Not good, not good at all!", 1 << 16, {.words = 2});
  std::vector<std::string> words;
  for (const std::string& each : texts)
    for (const std::string& word : tg::language::words_of(each)) words.push_back(word);
  const tg::language::word_piece whole_words(tg::language::vocabulary(words, {.least = 1, .most = 30000}));
  // [bags]
  expect(bag.size() == 12 && whole_words.encode("Why?").ids[1] == whole_words.id("why"));
  return example::status();
}
