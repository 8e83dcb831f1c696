// SPDX-License-Identifier: BSL-1.0
// Sentences with tags from files of columns, as those of CoNLL-2003: a word on each line with its tags, an
// empty line behind each sentence.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "../file/bad_file.hpp"
#include "tags.hpp"
#include "token_file.hpp"

namespace tg::language {

struct conll_options {
  int word = 0, tag = -1;  ///< which columns; those below 0 count from the last
  bool documents = true;   ///< whether lines that begin with -DOCSTART- are left out, with their empty line
};

/// Sentences: of each its words, and as many tags.
struct tagged_sentences {
  std::vector<std::vector<std::string>> words, tags;
  std::size_t size() const { return words.size(); }
};

/// Reads a file whose columns stand between spaces or tabs. Throws tg::bad_file, with the line.
inline tagged_sentences read_conll(const std::string& path, const conll_options& options = {}) {
  const std::string all = detail::all_bytes_of(path);
  tagged_sentences result;
  std::vector<std::string> words, tags;
  std::size_t number = 0;
  const auto finish = [&] {
    if (!words.empty()) result.words.push_back(words), result.tags.push_back(tags);
    words.clear(), tags.clear();
  };
  for (std::string_view text = all; !text.empty();) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    ++number;
    std::vector<std::string_view> cells;
    while (!line.empty()) {
      const std::size_t begin = line.find_first_not_of(" \t\r");
      if (begin == line.npos) break;
      line.remove_prefix(begin);
      cells.push_back(line.substr(0, line.find_first_of(" \t\r")));
      line.remove_prefix(cells.back().size());
    }
    if (cells.empty() || (options.documents && cells[0] == "-DOCSTART-")) {
      finish();
      continue;
    }
    const auto cell = [&](int column) {
      const std::size_t count = cells.size();
      const std::size_t at = column < 0 ? count - static_cast<std::size_t>(-static_cast<long>(column))
                                        : static_cast<std::size_t>(column);
      if (at >= count)
        detail::refuse_bytes(path, "has, on line " + std::to_string(number) + ", " + std::to_string(count) +
                                       " columns; column " + std::to_string(column) + " was asked for");
      return std::string(cells[at]);
    };
    if (cells.size() < 2 && options.word != options.tag)
      detail::refuse_bytes(path, "has, on line " + std::to_string(number) + ", the word " +
                                     detail::in_quotes(cells[0]) + " without a tag");
    words.push_back(cell(options.word)), tags.push_back(cell(options.tag));
  }
  finish();
  return result;
}

}  // namespace tg::language

#include "../../support/compiler/end.hpp"
