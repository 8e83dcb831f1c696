// SPDX-License-Identifier: BSL-1.0
// What the functions of formulas say to arguments that they cannot take, one sentence each. Beside each
// function stands a constant that says how it is called, and an overload that refuses. That overload is a
// template and takes its first arguments by a conversion, so that it is chosen only where nothing else fits,
// a user's function of the same name included; a default argument is `Absent{}` of a template parameter, so
// that it is converted, and its sentence said, only where it is used.
#pragma once
#include "../support/compiler/begin.hpp"

#include "derivative_symbols.hpp"

namespace tg {

namespace detail {

template <const called& Call>
constexpr auto example_of() {
  if constexpr (Call.example == nullptr)
    return join(name_of<Call>(), text{"(f)"});
  else
    return text_of([] { return std::string_view(Call.example); });
}

/// "gradient: what is wrong."
template <const called& C, text Wrong, class... Dependent>
constexpr void refuse_call() {
  refuse<join(name_of<C>(), text{": "}, Wrong), Dependent...>();
}
/// "gradient: an argument of type 'double' is no symbol."
template <const called& C, text Sort, class T>
constexpr void refuse_type() {
  refuse_call<C, join(text{"an argument of type '"}, operand_spelling<T>(), text{"' "}, Sort)>();
}
/// "gradient: what is wrong; write gradient(f, x)."
template <const called& C, text Wrong>
constexpr void refuse_and_show() {
  refuse_call<C, join(Wrong, text{"; write "}, example_of<C>(), text{"."})>();
}

/// Stands for an argument that was left out.
struct absent {};

template <class T>
concept CompiledFunction = requires {
  T::output_size;
};

/// The place of a formula or of several, a list of outputs included.
template <const called& C>
struct formulas_place {
  template <class T>
  constexpr formulas_place(const T&) {
    if constexpr (Inspectable<T> || std::same_as<T, refused_call>)
      return;
    else if constexpr (std::same_as<T, absent>)
      refuse_and_show<C, "the formula is missing">();
    else if constexpr (CompiledFunction<T>)
      refuse_call<C, "a compiled function is no formula; use the formula that it was made of.">();
    else
      refuse_type<C, "is no formula; a number is written as 2_c, and several formulas as tg::outputs(f, g).",
                  T>();
  }
  template <class First, class Second, class... More>
  constexpr formulas_place(const First&, const Second&, const More&...) {
    refuse_and_show<C, "several formulas are given as tg::outputs(f, g), not in braces">();
  }
};

/// The place of a formula or of several in one graph.
template <const called& C>
struct graph_place : formulas_place<C> {
  template <class T>
  constexpr graph_place(const T& given) : formulas_place<C>(given) {
    if constexpr (Inspectable<T> && !FormulaOrFormulas<T>)
      refuse_call<C, "it takes a formula, a gradient, a Jacobian or a Hessian, not tg::outputs(...).">();
  }
};

/// The place of one formula.
template <const called& C>
struct formula_place : formulas_place<C> {
  template <class T>
  constexpr formula_place(const T& given) : formulas_place<C>(given) {
    if constexpr (Inspectable<T> && !Formula<T>)
      refuse_call<
          C, "it takes one formula, and several were given; the derivatives of several are tg::jacobian.">();
  }
};

/// The place of a symbol, or of a group of them.
template <const called& C>
struct symbol_place {
  template <class T>
  constexpr symbol_place(const T&) {
    if constexpr (Symbol<T> || (C.groups && SymbolOrGroup<T>))
      return;
    else if constexpr (std::same_as<T, absent> || std::same_as<T, allow_zero_t>)
      refuse_and_show<C, "no symbol is given">();
    else if constexpr (SymbolOrGroup<T>)
      refuse_call<C, "a group stands for several symbols; take gradient(f, p), or one of them, p[0_c].">();
    else if constexpr (Formula<T>)
      refuse_call<C,
                  "a formula was given in the place of a symbol; put a symbol there, and its formula in "
                  "afterwards, by substitute.">();
    else if constexpr (std::integral<T> && std::string_view(C.name) == "diff")
      refuse_call<C, "the order is written before the arguments, diff<2>(f, x).">();
    else if constexpr (std::convertible_to<const T&, std::string_view>)
      refuse_call<C, "the name of a symbol is no symbol; write tg::symbol<\"x\">.">();
    else
      refuse_type<C, "is no symbol.", T>();
  }
};
/// The same for the arguments that follow.
template <const called& C, class... T>
constexpr refused_call refuse_symbols(const T&... given) {
  [[maybe_unused]] const auto check = []<class One>(const One& one) {
    if constexpr (!std::same_as<One, allow_zero_t>)
      symbol_place<C>{one};
    else if constexpr (!C.allows_zero)
      refuse_call<C, "it does not take tg::allow_zero.", One>();
  };
  (check(given), ...);
  return {};
}

template <class T>
inline constexpr int bound_in = 0;
template <auto Name, class T>
inline constexpr int bound_in<binding<Name, T>> = 1;
template <auto Stem, int N, class T>
inline constexpr int bound_in<group_binding<Stem, N, T>> = 2;

/// The place of `x = g`.
template <const called& C>
struct binding_place {
  template <class T>
  constexpr binding_place(const T&) {
    if constexpr (bound_in<T> == 2)
      refuse_call<C, "a group is bound one symbol at a time here, p[0_c] = 1.0.">();
    else if constexpr (bound_in<T> == 0)
      refuse_and_show<C, "it is not said what a symbol stands for">();
  }
};
template <const called& C, class... T>
constexpr refused_call refuse_bindings(const T&... given) {
  (static_cast<void>(binding_place<C>{given}), ...);
  return {};
}

/// An argument that has to be of the form that the call's example shows.
template <const called& C, class Right>
struct place_as_shown {
  template <class T>
  constexpr place_as_shown(const T&) {
    if constexpr (!Right::template holds<T> && !std::same_as<T, refused_call>)
      refuse_and_show<C, "the arguments are not what it takes">();
  }
};
template <template <class...> class Template>
struct made_of {
  template <class... A>
  static constexpr bool test(const Template<A...>*) {
    return true;
  }
  static constexpr bool test(const void*) { return false; }
  template <class T>
  static constexpr bool holds = test(static_cast<const T*>(nullptr));
};
template <const called& C, template <class...> class Template>
using place_of = place_as_shown<C, made_of<Template>>;

}  // namespace detail

}  // namespace tg

#include "../support/compiler/end.hpp"
