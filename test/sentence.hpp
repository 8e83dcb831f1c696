// SPDX-License-Identifier: BSL-1.0
// The sentence with which a call is refused, by an exception of a kind that is named.
#pragma once

#include <string>
#include <string_view>

/// What the exception of a call says; nothing if there is none.
template <class Exception>
std::string sentence_of(auto call) {
  try {
    call();
  } catch (const Exception& refused) {
    return refused.what();
  }
  return "";
}
inline bool has(const std::string& text, std::string_view part) { return text.find(part) != text.npos; }
