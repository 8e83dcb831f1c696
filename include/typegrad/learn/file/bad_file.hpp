// SPDX-License-Identifier: BSL-1.0
// What is thrown for files that cannot be used, and how their own text is shown in its sentence.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

#include "../../support/compiler/exceptions.hpp"

namespace tg {

/// A file cannot be opened or written, is damaged, or is not what was asked for; what() is one sentence.
struct bad_file : std::runtime_error {
  using std::runtime_error::runtime_error;
};

namespace detail {

/// Text from a file as it may be shown: short, and without characters that would disturb a terminal.
inline std::string in_quotes(std::string_view text) {
  constexpr std::size_t longest = 60;
  std::string all = "'";
  for (const char letter : text.substr(0, longest)) all += letter >= ' ' && letter <= '~' ? letter : '?';
  return all + (text.size() > longest ? "...'" : "'");
}
/// "'a', 'b', 'c' and 5 more".
template <class Names>
std::string list_in_quotes(const Names& names) {
  std::string all;
  std::size_t count = 0;
  for (const auto& name : names)
    if (count++ < 5) all += (all.empty() ? "" : ", ") + in_quotes(name);
  if (count > 5) all += " and " + std::to_string(count - 5) + " more";
  return count == 0 ? "nothing" : all;
}

/// Throws "'path' what.", without the stop behind a question.
[[noreturn]] inline void refuse_bytes(const std::string& path, const std::string& what) {
  raise(bad_file("'" + path + "' " + what + (what.ends_with('?') ? "" : ".")));
}

}  // namespace detail

}  // namespace tg

#include "../../support/compiler/end.hpp"
