// SPDX-License-Identifier: BSL-1.0
// Texts as bags: how often each sequence of words or of letters occurs, in a fixed number of buckets by a
// hash that is the same everywhere, or by a vocabulary of those that occur often enough.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../../support/text.hpp"
#include "bert_words.hpp"
#include "encoding.hpp"

namespace tg::language {

/// The words of a text as models of BERT's kind have them before they are cut into pieces: in small letters
/// without accents, or as they are; punctuation and CJK ideographs are words of their own.
inline std::vector<std::string> words_of(std::string_view text, bool lower_case = true) {
  std::vector<std::string> all;
  detail::bert_word word;
  detail::bert_splitter splitter({lower_case, lower_case, true, true}, word,
                                 [&](const detail::bert_word& each) { all.push_back(each.text()); });
  splitter.split(text, 0, text.size(), 0);
  return all;
}

struct ngram_options {
  std::size_t words = 1;         ///< sequences of up to so many words; 0: none
  std::size_t letters_from = 0;  ///< sequences of so many letters, with ^ and $ around each word; 0: none
  std::size_t letters_to = 0;    ///< up to so many
  bool lower_case = true;        ///< as words_of
};

/// Calls `put(text)` for each sequence of words, joined by spaces, and each sequence of letters in a word.
template <class Put>
void for_ngrams(std::string_view text, const ngram_options& options, Put put) {
  const std::vector<std::string> words = words_of(text, options.lower_case);
  std::string all;
  for (std::size_t k = 0; k < words.size(); ++k) {
    all.clear();
    for (std::size_t n = 0; n < options.words && k + n < words.size(); ++n) {
      all += (n == 0 ? "" : " ") + words[k + n];
      put(std::string_view(all));
    }
  }
  if (options.letters_from == 0) return;
  std::vector<std::size_t> begins;
  for (const std::string& each : words) {
    all = "^" + each + "$";
    begins.clear();
    for (std::size_t at = 0; at < all.size(); at += detail::utf8_at(all, at).bytes) begins.push_back(at);
    begins.push_back(all.size());
    for (std::size_t n = options.letters_from; n <= options.letters_to; ++n)
      for (std::size_t k = 0; k + n < begins.size(); ++k)
        put(std::string_view(all).substr(begins[k], begins[k + n] - begins[k]));
  }
}

/// The hash by which sequences are put into buckets: FNV-1a of 64 bits of the bytes (Fowler, Noll, Vo), its
/// halves put together. Equal on every machine and in every version.
inline std::uint32_t ngram_hash(std::string_view text) {
  const std::uint64_t hash = detail::hash_of(text);
  return static_cast<std::uint32_t>(hash ^ hash >> 32);
}

/// Which buckets a text has something in, in rising order, and how much.
struct bag {
  std::vector<int> places;
  std::vector<float> counts;
  std::size_t size() const { return places.size(); }
  /// Divides by the Euclidean norm; of an empty bag nothing is left to do.
  void normalise() {
    float squares = 0;
    for (const float each : counts) squares += each * each;
    if (squares > 0)
      for (float& each : counts) each /= std::sqrt(squares);
  }
};

/// Counts of the sequences of a text in `buckets` buckets.
inline bag hashed_bag(std::string_view text, std::size_t buckets, const ngram_options& options = {}) {
  if (buckets == 0 || buckets > (std::size_t{1} << 31) - 1)
    detail::unfit_text("hashed_bag", "there are 1 to 2^31 - 1 buckets");
  std::map<int, float> counts;
  for_ngrams(text, options,
             [&](std::string_view each) { counts[static_cast<int>(ngram_hash(each) % buckets)] += 1; });
  bag all;
  for (const auto& [place, count] : counts) all.places.push_back(place), all.counts.push_back(count);
  return all;
}

struct vocabulary_options {
  std::size_t least = 1;  ///< how often something occurs at least
  std::size_t most = 0;   ///< how many there are at most, with `special`; 0: any number
  std::vector<std::string> special{"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"};  ///< which come first
};

/// Texts that occur most often, such as words, the first of equally frequent ones by their bytes; for
/// word_piece, or as the columns of bags.
template <class Texts>
std::vector<std::string> vocabulary(const Texts& texts, const vocabulary_options& options = {}) {
  std::map<std::string, std::size_t, std::less<>> counts;
  for (const auto& each : texts) {
    const std::string_view text(each);
    const auto at = counts.find(text);
    if (at != counts.end())
      ++at->second;
    else
      counts.emplace(text, 1);
  }
  for (const std::string& each : options.special) counts.erase(each);
  using counted = std::pair<std::string, std::size_t>;
  std::vector<counted> sorted;
  for (const auto& each : counts)
    if (each.second >= options.least) sorted.push_back(each);
  std::sort(sorted.begin(), sorted.end(), [](const counted& a, const counted& b) {
    return a.second != b.second ? b.second < a.second : a.first < b.first;
  });
  std::vector<std::string> all = options.special;
  for (auto& each : sorted) {
    if (options.most > 0 && all.size() >= options.most) break;
    all.push_back(std::move(each.first));
  }
  return all;
}

}  // namespace tg::language

#include "../../support/compiler/end.hpp"
