// SPDX-License-Identifier: BSL-1.0
// Entities in sentences, such as names, as tags of the words: B-PER I-PER O. Entities from tags, and tags
// from entities in any of the schemes in use.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <algorithm>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "../../support/compiler/exceptions.hpp"
#include "../file/bad_file.hpp"
#include "../file/utf8.hpp"

namespace tg::language {

/// How tags say where an entity begins and ends.
enum class tag_scheme {
  iob1,   ///< I of all words, B of the first where another of its type stands right before
  iob2,   ///< B of the first word, I of the others; also called BIO
  ioe1,   ///< I of all words, E of the last where another of its type follows at once
  ioe2,   ///< E of the last word, I of the others
  iobes,  ///< B of the first, E of the last, I of those between, S of the only one
  bilou,  ///< the same by the letters B, L, I and U
  bmes    ///< the same by the letters B, E, M and S
};

/// An entity of a sentence: its type, and its words from `begin` up to but without `end`.
struct entity {
  std::string type;
  std::size_t begin = 0, end = 0;
  bool operator==(const entity&) const = default;
  bool operator<(const entity& other) const {
    return std::tie(type, begin, end) < std::tie(other.type, other.begin, other.end);
  }
};

}  // namespace tg::language

namespace tg::detail {

/// A tag: its letter, one of B I O E S, and its type, '_' if it has none.
struct read_tag {
  char letter = 'O';
  std::string_view type = "_";

  explicit read_tag(std::string_view text) {
    constexpr std::string_view letters = "BIOESMLU", meant = "BIOESIES";
    const std::size_t which = text.empty() ? letters.npos : letters.find(text[0]);
    if (which == letters.npos)
      raise(std::invalid_argument("tags: " + in_quotes(text) +
                                  " is no tag; one begins with O, B, I, E, S, M, L or U, such as B-PER."));
    letter = meant[which];
    text.remove_prefix(1);
    if (text.starts_with('-')) text.remove_prefix(1);
    // As seqeval has it: what is behind the first hyphen.
    else if (const std::size_t hyphen = text.find('-'); hyphen != text.npos)
      text.remove_prefix(hyphen + 1);
    if (!text.empty()) type = text;
  }
};

}  // namespace tg::detail

namespace tg::language {

/// The entities that tags of any scheme tell, as conlleval and the default mode of seqeval read them: an I
/// behind O or behind another type begins an entity.
template <class Tags>
std::vector<entity> entities(const Tags& tags) {
  std::vector<entity> all;
  char before = 'O';
  std::string type;
  std::size_t begin = 0, at = 0;
  const auto close = [&] {
    if (before != 'O') all.push_back({type, begin, at});
  };
  for (const auto& each : tags) {
    const detail::read_tag tag{std::string_view(each)};
    const bool is_other = type != tag.type;
    const bool ends = before == 'E' || before == 'S' || tag.letter == 'B' || tag.letter == 'S' ||
                      tag.letter == 'O' || is_other;
    if (ends) close();
    if (tag.letter != 'O' && (ends || before == 'O')) begin = at;
    before = tag.letter, type = tag.type;
    ++at;
  }
  close();
  return all;
}

/// The tags of a sentence of `words` words that has these entities.
inline std::vector<std::string> tags_of(std::vector<entity> of, std::size_t words,
                                        tag_scheme scheme = tag_scheme::iob2) {
  std::sort(of.begin(), of.end(), [](const entity& a, const entity& b) { return a.begin < b.begin; });
  std::vector<std::string> all(words, "O");
  const char inside = scheme == tag_scheme::bmes ? 'M' : 'I';
  const char last = scheme == tag_scheme::bilou ? 'L' : 'E', only = scheme == tag_scheme::bilou ? 'U' : 'S';
  for (std::size_t k = 0; k < of.size(); ++k) {
    const entity& each = of[k];
    if (each.begin >= each.end || each.end > words || (k > 0 && each.begin < of[k - 1].end))
      detail::raise(std::invalid_argument("tags_of: the entity from word " + std::to_string(each.begin) +
                                          " to " + std::to_string(each.end) +
                                          " is empty, behind the sentence or meets another."));
    const auto touches = [&](const entity& other) { return other.type == each.type; };
    std::string letters(each.end - each.begin, inside);
    char &head = letters.front(), &tail = letters.back();
    switch (scheme) {
      case tag_scheme::iob1:
        if (k > 0 && of[k - 1].end == each.begin && touches(of[k - 1])) head = 'B';
        break;
      case tag_scheme::iob2:
        head = 'B';
        break;
      case tag_scheme::ioe1:
        if (k + 1 < of.size() && of[k + 1].begin == each.end && touches(of[k + 1])) tail = 'E';
        break;
      case tag_scheme::ioe2:
        tail = 'E';
        break;
      default:
        head = 'B', tail = letters.size() == 1 ? only : last;
    }
    for (std::size_t w = 0; w < letters.size(); ++w)
      all[each.begin + w] = std::string(1, letters[w]) + (each.type == "_" ? "" : "-" + each.type);
  }
  return all;
}

/// Tags of any scheme in another.
template <class Tags>
std::vector<std::string> converted(const Tags& tags, tag_scheme scheme) {
  return tags_of(entities(tags), static_cast<std::size_t>(std::size(tags)), scheme);
}

}  // namespace tg::language

#include "../../support/compiler/end.hpp"
