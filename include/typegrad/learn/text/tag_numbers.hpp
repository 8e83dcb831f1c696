// SPDX-License-Identifier: BSL-1.0
// Tags as numbers, and labels of words as labels of the pieces that they are read in.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <algorithm>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "encoding.hpp"

namespace tg::language {

/// Numbers of tags, 0, 1, ... in a given order.
///     const tg::language::tag_numbers numbers({"O", "B-PER", "I-PER"});
class tag_numbers {
 public:
  explicit tag_numbers(std::vector<std::string> tags) : tags_(std::move(tags)) {
    for (std::size_t k = 0; k < tags_.size(); ++k)
      if (std::find(tags_.begin(), tags_.begin() + static_cast<std::ptrdiff_t>(k), tags_[k]) !=
          tags_.begin() + static_cast<std::ptrdiff_t>(k))
        detail::unfit_text("tag_numbers", "the tag '" + tags_[k] + "' is there twice");
  }
  /// Those of sentences: O first, then the others in rising order.
  static tag_numbers of(const std::vector<std::vector<std::string>>& sentences) {
    std::set<std::string> all;
    for (const auto& each : sentences) all.insert(each.begin(), each.end());
    all.erase("O");
    std::vector<std::string> tags{"O"};
    tags.insert(tags.end(), all.begin(), all.end());
    return tag_numbers(std::move(tags));
  }

  std::size_t size() const { return tags_.size(); }
  const std::vector<std::string>& tags() const { return tags_; }
  int number(std::string_view tag) const {
    const auto at = std::find(tags_.begin(), tags_.end(), tag);
    if (at == tags_.end())
      detail::unfit_text("tag_numbers", "there is no tag '" + std::string(tag) + "' among " +
                                            std::to_string(tags_.size()) + "; list it as well");
    return static_cast<int>(at - tags_.begin());
  }
  template <class Tags>
  std::vector<int> numbers(const Tags& tags) const {
    std::vector<int> all;
    for (const auto& each : tags) all.push_back(number(each));
    return all;
  }
  const std::string& tag(int number) const {
    if (number < 0 || static_cast<std::size_t>(number) >= tags_.size())
      detail::unfit_text("tag_numbers", "there is no number " + std::to_string(number) + " among " +
                                            std::to_string(tags_.size()) + " tags");
    return tags_[static_cast<std::size_t>(number)];
  }

 private:
  std::vector<std::string> tags_;
};

/// The labels of words as labels of their tokens: the first token of each word has its word's, others and
/// marks have `ignored`, which tg::loss::ignore_index leaves out.
template <class Labels>
std::vector<int> labels_of_tokens(const encoding& tokens, const Labels& of_words, int ignored = -100) {
  std::vector<int> all(tokens.size(), ignored);
  int last = -1;
  for (std::size_t k = 0; k < tokens.size(); ++k) {
    const int word = tokens.words[k];
    if (word >= 0 && word != last) {
      if (static_cast<std::size_t>(word) >= std::size(of_words))
        detail::unfit_text("labels_of_tokens", "word " + std::to_string(word) + " has no label; there are " +
                                                   std::to_string(std::size(of_words)));
      all[k] = static_cast<int>(of_words[static_cast<std::size_t>(word)]);
    }
    last = word;
  }
  return all;
}

/// The labels of `words` words from those of their tokens: that of the first token of each. Words without a
/// token, because the text was cut, have `missing`, such as the number of O.
template <class Labels>
std::vector<int> labels_of_words(const encoding& tokens, const Labels& of_tokens, std::size_t words,
                                 int missing = 0) {
  if (std::size(of_tokens) < tokens.size())
    detail::unfit_text("labels_of_words", std::to_string(std::size(of_tokens)) + " labels for " +
                                              std::to_string(tokens.size()) + " tokens; give as many");
  std::vector<int> all(words, missing);
  int last = -1;
  for (std::size_t k = 0; k < tokens.size(); ++k) {
    const int word = tokens.words[k];
    if (word >= 0 && word != last && static_cast<std::size_t>(word) < words)
      all[static_cast<std::size_t>(word)] = static_cast<int>(of_tokens[k]);
    last = word;
  }
  return all;
}

}  // namespace tg::language

#include "../../support/compiler/end.hpp"
