// SPDX-License-Identifier: BSL-1.0
// Fixed text: a string that can be a template argument (the name of a symbol, the sentence of an error), and
// the hash and comparison of texts that the graph uses for its order.
#pragma once
#include "../support/compiler/begin.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tg {

/// A string literal as a template argument. `N` counts the closing zero.
template <std::size_t N>
struct text {
  char data[N]{};

  constexpr text() = default;
  constexpr text(const char (&literal)[N]) {
    for (std::size_t i = 0; i < N; ++i) data[i] = literal[i];
  }
  constexpr std::string_view view() const { return {data, N - 1}; }
  constexpr bool operator==(const text&) const = default;
};

namespace detail {

/// The texts written one after the other.
template <std::size_t... N>
constexpr auto join(const text<N>&... parts) {
  text<(N + ... + 1) - sizeof...(N)> all;
  std::size_t end = 0;
  auto append = [&](const auto& part) {
    for (char letter : part.view()) all.data[end++] = letter;
  };
  (append(parts), ...);
  return all;
}

/// What a function without captures gives, as a text.
template <class Words>
constexpr auto text_of(Words words) {
  constexpr std::string_view all = words();
  text<all.size() + 1> letters;
  for (std::size_t at = 0; at < all.size(); ++at) letters.data[at] = all[at];
  return letters;
}

/// FNV-1a, the usual constants; good enough to order and find nodes. `h`: the hash of what stands before.
constexpr std::uint64_t hash_of(std::string_view s, std::uint64_t h = 0xcbf29ce484222325u) {
  for (char c : s) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return h;
}

}  // namespace detail

}  // namespace tg

#include "../support/compiler/end.hpp"
