// SPDX-License-Identifier: BSL-1.0
// The one channel for errors at compile time: `refuse<sentence, T...>()` fails with the sentence in the compiler's words. The sentence
// travels in pieces of 30 characters, because clang (16 to 19) abbreviates a text inside a template argument past 32.
#pragma once

#include <utility>

#include "text.hpp"

namespace tg {

template <text... Sentence>
inline constexpr bool error = false;

namespace detail {

template <auto Sentence, std::size_t Begin>
constexpr auto piece() {
  constexpr std::size_t rest = Sentence.view().size() - Begin, length = rest < 30 ? rest : 30;
  text<length + 1> t;
  for (std::size_t i = 0; i < length; ++i) t.data[i] = Sentence.data[Begin + i];
  return t;
}

template <text... Sentence>
constexpr bool refused() {
  static_assert(error<Sentence...>);
  return false;
}

}  // namespace detail

/// Fails to compile, and the compiler prints the sentence. The types only make the call depend on a template's parameters.
template <auto Sentence, class... Dependent>
constexpr bool refuse() {
  return []<std::size_t... I>(std::index_sequence<I...>) {
    return detail::refused<detail::piece<Sentence, 30 * I>()...>();
  }(std::make_index_sequence<(Sentence.view().size() + 29) / 30>{});
}

}  // namespace tg
