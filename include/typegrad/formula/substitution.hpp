// SPDX-License-Identifier: BSL-1.0
// Formulas and numbers in the place of symbols: substitute. And simplify, for those who look for it.
#pragma once
#include "../support/compiler/begin.hpp"

#include "../pass/substitute.hpp"
#include "call.hpp"

namespace tg {

namespace detail {

/// A formula's type for what a binding or a weight gives: a formula itself, or a captured number.
template <class T>
using lifted_t = std::remove_cvref_t<decltype(lift(std::declval<const T&>()))>;

/// Loads the given formulas behind what is loaded already; `slots` is how many captured numbers are taken.
template <class... F>
constexpr void load_more(builder& b, buffer<int>& out, int& slots, symbol_list<F...>) {
  ((F::load(b, out, slots), slots += F::slots()), ...);
}

template <class Outputs, class Symbols, class Values>
struct substitute_request {
  using shape_type = typename shape_of_output<Outputs>::type;
  static consteval int roots() { return Outputs::outputs(); }
  static consteval int guess() { return Outputs::size() + 256; }
  static constexpr void build(builder& b, buffer<int>& out) {
    buffer<int> x, values;
    int slots = 0;
    load_more(b, out, slots, symbol_list<Outputs>{});
    load_more(b, values, slots, Values{});
    load_symbols(b, x, Symbols{});
    substitute(b, out, x, values);
  }
};

inline constexpr called simplify_call{"simplify"};
inline constexpr called substitute_call{"substitute", "substitute(f, x = g)"};

}  // namespace detail

/// f with symbols replaced by formulas or numbers, all at once: substitute(f, x = y, y = x) swaps. A symbol
/// that f lacks is ignored.
template <FormulaOrFormulas F, text... Names, class... T>
TYPEGRAD_NEVER_EMITTED constexpr auto substitute(const F& f, const binding<Names, T>&... b) {
  static_assert(detail::symbols_distinct<detail::substitute_call,
                                         detail::symbol_list<formula<node::variable<Names>>...>>::check());
  using request = detail::substitute_request<F, detail::symbol_list<formula<node::variable<Names>>...>,
                                             detail::symbol_list<detail::lifted_t<T>...>>;
  return detail::answer<request>(f.numbers, detail::lift(b.value).numbers...);
}

/// f in canonical form. Every formula is in that form from the start, so this is f; it is here for those who
/// look for it.
template <FormulaOrFormulas F>
constexpr F simplify(const F& f) {
  return f;
}

// What they say to other arguments.
// clang-format off
template <class = void> constexpr auto simplify(detail::graph_place<detail::simplify_call>) { return detail::said; }
template <class Absent = detail::absent, class... More>
constexpr auto substitute(detail::graph_place<detail::substitute_call>, detail::binding_place<detail::substitute_call> = Absent{}, const More&... more) { return detail::refuse_bindings<detail::substitute_call>(more...); }
// clang-format on

}  // namespace tg

#include "../support/compiler/end.hpp"
