// SPDX-License-Identifier: BSL-1.0
// The symbols that a derivative is taken by: which a formula has, and the sentence about one that it lacks.
#pragma once
#include "../support/compiler/begin.hpp"

#include "formulas.hpp"

namespace tg {

/// As the last argument of a derivative: a symbol that the formula lacks gives a zero instead of an error.
struct allow_zero_t {};
inline constexpr allow_zero_t allow_zero{};

namespace detail {

/// The symbols of a source.
template <class F>
constexpr void load_symbols_of(builder& b) {
  if constexpr (requires { F::graph; }) {
    for (int i = 0; i < F::graph.nodes; ++i)
      if (F::graph.op[i]->what == kind::variable) b.intern(F::graph.op[i]);
  } else {
    buffer<int> all;
    F::load(b, all);
  }
}

/// How many of the symbols are in one of the formulas.
template <class... F, class... S>
constexpr int count_held(symbol_list<S...> symbols) {
  builder b;
  buffer<int> all;
  (load_symbols_of<F>(b), ...);
  const int size = b.size();
  load_symbols(b, all, symbols);
  int count = 0;
  for (int symbol_node : all) count += symbol_node < size;
  return count;
}
/// Whether each of the symbols is in one of the formulas.
template <class... F, class... S>
constexpr bool hold_symbols(symbol_list<S...> symbols) {
  return count_held<F...>(symbols) == static_cast<int>(sizeof...(S));
}

/// The names of the symbols of F as "x, y, z".
template <class... F>
inline constexpr auto symbol_names = [] {
  text<512> names;
  builder b;
  (load_symbols_of<F>(b), ...);
  std::size_t end = 0;
  for (int i = 0; i < b.size(); ++i)
    if (b.what(i) == kind::variable && end + b[i].op->name.size() + 3 < 512) {
      if (end > 0) names.data[end++] = ',', names.data[end++] = ' ';
      for (char c : b[i].op->name) names.data[end++] = c;
    }
  if (end == 0)
    for (char c : std::string_view{"no symbol"}) names.data[end++] = c;
  return std::pair{names, end};
}();
template <class... F>
constexpr auto symbol_names_text() {
  return text_of([] { return symbol_names<F...>.first.view().substr(0, symbol_names<F...>.second); });
}

/// Refuses a symbol that none of the formulas holds.
template <const called& Call, class S, class... F>
constexpr void require_symbol() {
  if constexpr (!hold_symbols<F...>(symbol_list<S>{}))
    refuse<join(name_of<Call>(), text{": variable '"}, S::name,
                text{"' does not occur in the formula; it has "}, symbol_names_text<F...>(),
                text{". Write tg::allow_zero where a zero is meant."})>();
}
template <const called& Call, class Symbols, class... F>
struct symbols_required;
template <const called& Call, class... S, class... F>
struct symbols_required<Call, symbol_list<S...>, F...> {
  static constexpr bool check() {
    if constexpr (!hold_symbols<F...>(symbol_list<S...>{})) {
      [[maybe_unused]] const char each[] = {(require_symbol<Call, S, F...>(), '\0')...};
    }
    return true;
  }
};

/// The symbols that a derivative is taken by, and whether each has to occur in the formula.
template <class S>
struct derivative_by {
  using symbols = symbols_of_t<S>;
};
template <>
struct derivative_by<allow_zero_t> {
  using symbols = symbol_list<>;
};
template <class... S>
using derivative_symbols_t = typename joined_lists<typename derivative_by<S>::symbols...>::type;
/// Whether a symbol holds indices, by which nothing is differentiated.
template <class S>
inline constexpr bool is_index = false;
template <const called& Call, class S>
constexpr void refuse_index() {
  if constexpr (is_index<S>)
    refuse<join(name_of<Call>(), text{": '"}, S::name,
                text{"' is an index and holds integers; nothing is differentiated by it."})>();
}
template <const called& Call, class Sources, class... S>
constexpr bool symbols_found() {
  if constexpr (some<is_index<S>...>()) (refuse_index<Call, S>(), ...);
  if constexpr (!some<std::same_as<S, allow_zero_t>...>())
    return []<class... F>(std::type_identity<symbol_list<F...>>) {
      return symbols_required<Call, derivative_symbols_t<S...>, F...>::check();
    }(std::type_identity<Sources>{});
  else
    return true;
}

/// The same for a Jacobian, where a symbol that no output has is a column of zeros; one of them has to occur.
template <const called& Call, class Sources, class... S>
constexpr bool some_symbol_found() {
  constexpr bool some = []<class... F>(std::type_identity<symbol_list<F...>>) {
    return count_held<F...>(derivative_symbols_t<S...>{}) > 0;
  }(std::type_identity<Sources>{});
  if constexpr (some)
    return symbols_found<Call, Sources, S..., allow_zero_t>();
  else
    return symbols_found<Call, Sources, S...>();
}

/// What follows the formula: symbols, groups where they make sense, and perhaps tg::allow_zero.
template <class S>
concept ByOne = Symbol<S> || std::same_as<S, allow_zero_t>;
template <class S>
concept ByAny = SymbolOrGroup<S> || std::same_as<S, allow_zero_t>;

}  // namespace detail

}  // namespace tg

#include "../support/compiler/end.hpp"
