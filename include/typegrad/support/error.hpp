// SPDX-License-Identifier: BSL-1.0
// The one channel for errors at compile time: `refuse<sentence, T...>()` fails with the sentence in the
// compiler's words. The sentence travels in pieces of 30 characters, because clang (16 to 19) abbreviates a
// text inside a template argument past 32.
#pragma once
#include "../support/compiler/begin.hpp"

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
  t.data[length] =
      0;  // written, because clang (16 to 19) shows a text as numbers whose end it has not stored
  return t;
}

template <text... Sentence>
constexpr bool refused() {
  static_assert(error<Sentence...>);
  return false;
}

/// What a refused call may return: a call that is given it in its turn says nothing more.
inline constexpr struct refused_call {
} said;

/// A public call as its sentences show it: its name, how it is written if not as name(f), whether
/// tg::allow_zero may follow, and whether groups of symbols may stand for symbols. References to such
/// constants stand for the calls in types, because a text in a template argument costs compile time even
/// where nothing is wrong.
struct called {
  const char *name, *example = nullptr;
  bool allows_zero = false, groups = true;
};
template <const called& Call>
constexpr auto name_of() {
  return text_of([] { return std::string_view(Call.name); });
}

/// Not constexpr: a pass that calls it is no constant expression, and the compiler prints its name with the
/// sentence.
template <text... Sentence>
void refused_in_a_pass() {}

}  // namespace detail

/// Fails to compile, and the compiler prints the sentence. The types only make the call depend on a
/// template's parameters.
template <auto Sentence, class... Dependent>
constexpr bool refuse() {
  return []<std::size_t... I>(std::index_sequence<I...>) {
    return detail::refused<detail::piece<Sentence, 30 * I>()...>();
  }
  (std::make_index_sequence<(Sentence.view().size() + 29) / 30>{});
}

namespace detail {

/// The same for what only a running pass knows: it fails when it is reached in a constant evaluation, and not
/// before.
template <auto Sentence>
constexpr void refuse_when_reached() {
  []<std::size_t... I>(std::index_sequence<I...>) {
    detail::refused_in_a_pass<detail::piece<Sentence, 30 * I>()...>();
  }
  (std::make_index_sequence<(Sentence.view().size() + 29) / 30>{});
}

}  // namespace detail

}  // namespace tg

#include "../support/compiler/end.hpp"
