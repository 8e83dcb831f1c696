// SPDX-License-Identifier: BSL-1.0
// The command line of the examples on data, [TABLE...] [--out SVG] [--seed NUMBER] [--full], and the frame of
// their main functions: an error is one sentence on standard error and status 1.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <string>
#include <utility>
#include <vector>

#include "reading.hpp"

namespace demo {

/// What an example is given; the defaults are its own tables and picture.
struct arguments {
  std::vector<std::string> tables;
  std::string picture;
  std::string usage;
  bool has_seed = false;  ///< whether there is an option --seed
  std::uint64_t seed = 1;
  bool has_full = false;  ///< whether there is an option --full
  bool full = false;      ///< all data, or all passes, rather than the short form that is tested
  bool shipped = true;    ///< whether the tables are those of the example
};

/// The command line over the defaults. Throws `unusable` for what is not understood.
inline arguments parse_arguments(int count, char** words, arguments result) {
  const auto wrong = [&](const std::string& what) {
    return unusable(what + "; usage: " + result.usage + ".");
  };
  std::vector<std::string> tables;
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    if (word == "--out" || (word == "--seed" && result.has_seed)) {
      if (++i == count)
        throw unusable(word + " needs " + (word == "--out" ? "the path of the picture" : "a whole number") +
                       " after it.");
      if (word == "--out") {
        result.picture = words[i];
      } else {
        const auto seed = parse<std::uint64_t>(words[i]);
        if (!seed) throw wrong("--seed takes a whole number, not " + demo::quoted(words[i]));
        result.seed = *seed;
      }
    } else if (word == "--full" && result.has_full) {
      result.full = true;
    } else if (word.starts_with("-")) {
      throw wrong("there is no option " + demo::quoted(word));
    } else {
      tables.push_back(word);
    }
  }
  if (!tables.empty()) {
    if (tables.size() != result.tables.size())
      throw wrong((result.tables.size() == 1 ? "one table is"
                                             : std::to_string(result.tables.size()) + " tables are") +
                  " taken at a time, not " + std::to_string(tables.size()));
    result.tables = std::move(tables);
    result.shipped = false;
  }
  if (std::ranges::count(result.tables, result.picture) > 0)
    throw unusable("the picture would overwrite the table; give --out another path.");
  return result;
}

/// Runs an example: its status, or 1 with the sentence of what it threw.
template <class Run>
int guarded(const char* program, Run run) {
  try {
    return run();
  } catch (const std::exception& error) {
    std::fflush(stdout);
    std::fprintf(stderr, "%s: %s\n", program, error.what());
    return 1;
  }
}

}  // namespace demo
