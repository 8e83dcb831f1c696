// SPDX-License-Identifier: BSL-1.0
// What becomes of texts: numbers of tokens with the places that they come from, cut to a length, and filled
// up to batches of one length with masks.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "../../support/compiler/exceptions.hpp"

namespace tg::detail {

/// Refuses the arguments of a function of texts by one sentence.
[[noreturn]] inline void unfit_text(const char* function, const std::string& what) {
  raise(std::invalid_argument(std::string(function) + ": " + what + "."));
}

}  // namespace tg::detail

namespace tg::language {

/// Part of a text: from `begin` up to, but without, `end`.
struct part {
  std::uint32_t begin = 0, end = 0;
  bool operator==(const part&) const = default;
};

/// The tokens of a text, or of two.
struct encoding {
  std::vector<int> ids;          ///< their numbers in the vocabulary
  std::vector<int> types;        ///< 0 for the first text and its marks, 1 for the second
  std::vector<int> words;        ///< which word of its text each is of; -1 of marks such as [CLS]
  std::vector<part> characters;  ///< where each stands in its text, in characters; 0 to 0 of marks
  std::vector<part> bytes;       ///< the same in bytes
  std::size_t size() const { return ids.size(); }
  void reserve(std::size_t count) {
    ids.reserve(count), types.reserve(count), words.reserve(count);
    characters.reserve(count), bytes.reserve(count);
  }
  bool operator==(const encoding&) const = default;
};

/// Which of two texts is cut if they are too long together.
enum class cut { longest_first, first_only, second_only };

struct encode_options {
  std::size_t longest = 0;  ///< how many tokens at most, with marks; 0: any number
  cut which = cut::longest_first;
  bool marks = true;  ///< whether [CLS] and [SEP] are put around
};

/// How long the rows of a batch are.
struct batch_options {
  std::size_t longest = 0;      ///< longer texts are cut; 0: none is
  std::size_t length = 0;       ///< of all rows; 0: that of the longest text
  std::size_t multiple_of = 1;  ///< what the length is rounded up to
  cut which = cut::longest_first;
};

/// Texts of one length: row after row, filled up at their ends.
struct token_batch {
  std::size_t rows = 0, length = 0;
  std::vector<int> ids, types;
  std::vector<float> mask;          ///< 1 of tokens, 0 of what fills up
  std::vector<int> lengths;         ///< how many tokens each row has
  std::vector<encoding> encodings;  ///< the rows before they were filled up
};

/// The numbers of rows of different length as rows of `length`, filled up at their ends; longer ones are cut.
///     padded(std::vector<std::vector<int>>{{1, 2}, {3}}, 3, 0);  // 1 2 0 3 0 0
template <class Rows, class Number>
std::vector<Number> padded(const Rows& rows, std::size_t length, Number fill) {
  std::vector<Number> all;
  for (const auto& row : rows) {
    const std::size_t end = all.size() + length;
    for (const auto& each : row) {
      if (all.size() == end) break;
      all.push_back(static_cast<Number>(each));
    }
    all.resize(end, fill);
  }
  return all;
}

/// Encodings as rows of one length; `fill` is the number of the token that fills up.
inline token_batch batch_of(std::vector<encoding> rows, int fill, const batch_options& options = {}) {
  if (options.multiple_of == 0) detail::unfit_text("batch", "multiple_of is at least 1");
  token_batch all;
  for (const encoding& each : rows) all.length = std::max(all.length, each.size());
  if (options.length > 0) {
    if (all.length > options.length)
      detail::unfit_text("batch", "a text has " + std::to_string(all.length) + " tokens and the rows have " +
                                      std::to_string(options.length) + "; give longest as well");
    all.length = options.length;
  }
  all.length = (all.length + options.multiple_of - 1) / options.multiple_of * options.multiple_of;
  all.rows = rows.size();
  for (const encoding& each : rows) {
    all.ids.insert(all.ids.end(), each.ids.begin(), each.ids.end());
    all.types.insert(all.types.end(), each.types.begin(), each.types.end());
    all.mask.resize(all.mask.size() + each.size(), 1);
    all.lengths.push_back(static_cast<int>(each.size()));
    const std::size_t end = all.lengths.size() * all.length;
    all.ids.resize(end, fill), all.types.resize(end, 0), all.mask.resize(end, 0);
  }
  all.encodings = std::move(rows);
  return all;
}

}  // namespace tg::language

#include "../../support/compiler/end.hpp"
