// SPDX-License-Identifier: BSL-1.0
// What the functions of formulas say to arguments that they cannot take, one sentence each. Every function
// here is a template and takes its first arguments by a conversion, so that it is chosen only where nothing
// else fits, a user's function of the same name included.
#pragma once
#include "../support/compiler/begin.hpp"

#include "directional.hpp"
#include "inspect.hpp"
#include "taylor_polynomial.hpp"

namespace tg {

namespace detail {

/// The functions whose arguments are checked here, those of the program's layer too, and how each is written.
/// Numbers stand for them in the types below, because a text in a template argument costs compile time even
/// where nothing is wrong.
enum class called {
  diff,
  gradient,
  jacobian,
  hessian,
  jvp,
  hvp,
  vjp,
  along,
  substitute,
  taylor,
  simplify,
  to_string,
  to_latex,
  to_dot,
  to_c,
  domain,
  cost,
  symbols_of,
  depends_on,
  sparsity,
  nonzeros,
  inputs,
  function,
  rows,
  sum_over
};
inline constexpr const char* call_words[][2] = {
    {"diff", "diff(f, x)"},
    {"gradient", "gradient(f, x, y)"},
    {"jacobian", "jacobian(outputs(f, g), x, y)"},
    {"hessian", "hessian(f, x, y)"},
    {"jvp", "jvp(f, along(x = 1.0))"},
    {"hvp", "hvp(f, along(x = 1.0))"},
    {"vjp", "vjp(f, weights(1.0), x, y)"},
    {"along", "along(x = 1.0)"},
    {"substitute", "substitute(f, x = g)"},
    {"taylor", "taylor<2>(f, x, a) with a number or a formula for a"},
    {"simplify", "simplify(f)"},
    {"to_string", "to_string(f)"},
    {"to_latex", "to_latex(f)"},
    {"to_dot", "to_dot(f)"},
    {"to_c", "to_c(f, \"name\") with the name as a literal"},
    {"domain", "domain(f)"},
    {"cost", "cost(f)"},
    {"symbols_of", "symbols_of(f)"},
    {"depends_on", "depends_on(f, x)"},
    {"sparsity", "sparsity(J) with a gradient, a Jacobian or a Hessian"},
    {"nonzeros", "nonzeros(J) with a gradient, a Jacobian or a Hessian"},
    {"inputs", "inputs(x, y)"},
    {"function", "function(inputs(x, y), outputs(f, g))"},
    {"rows", "rows(t = times, y = values)"},
    {"sum_over", "sum_over(rows(t = times), f, x)"}};

template <called C, int Word>
constexpr auto call_text() {
  constexpr std::string_view word = call_words[static_cast<int>(C)][Word];
  text<word.size() + 1> letters;
  for (std::size_t at = 0; at < word.size(); ++at) letters.data[at] = word[at];
  return letters;
}

/// "gradient: what is wrong."
template <called C, text Wrong, class... Dependent>
constexpr void refuse_call() {
  refuse<join(call_text<C, 0>(), text{": "}, Wrong), Dependent...>();
}
/// "gradient: an argument of type 'double' is no symbol."
template <called C, text Sort, class T>
constexpr void refuse_type() {
  refuse_call<C, join(text{"an argument of type '"}, operand_spelling<T>(), text{"' "}, Sort)>();
}
/// "gradient: what is wrong; write gradient(f, x)."
template <called C, text Wrong>
constexpr void refuse_and_show() {
  refuse_call<C, join(Wrong, text{"; write "}, call_text<C, 1>(), text{"."})>();
}

/// Stands for an argument that was left out.
struct absent {};

template <class T>
concept CompiledFunction = requires {
  T::output_size;
};

/// The place of a formula or of several, a list of outputs included.
template <called C>
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
};

/// The place of a formula or of several in one graph.
template <called C>
struct graph_place : formulas_place<C> {
  template <class T>
  constexpr graph_place(const T& given) : formulas_place<C>(given) {
    if constexpr (Inspectable<T> && !FormulaOrFormulas<T>)
      refuse_call<C, "it takes a formula, a gradient, a Jacobian or a Hessian, not tg::outputs(...).">();
  }
};

/// The place of one formula.
template <called C>
struct formula_place : formulas_place<C> {
  template <class T>
  constexpr formula_place(const T& given) : formulas_place<C>(given) {
    if constexpr (Inspectable<T> && !Formula<T>)
      refuse_call<
          C, "it takes one formula, and several were given; the derivatives of several are tg::jacobian.">();
  }
};

/// The place of a symbol, or of a group of them.
template <called C, bool Groups = true>
struct symbol_place {
  template <class T>
  constexpr symbol_place(const T&) {
    if constexpr (Symbol<T> || (Groups && SymbolOrGroup<T>))
      return;
    else if constexpr (std::same_as<T, absent> || std::same_as<T, allow_zero_t>)
      refuse_and_show<C, "no symbol is given">();
    else if constexpr (SymbolOrGroup<T>)
      refuse_call<C, "a group stands for several symbols; take gradient(f, p), or one of them, p[0_c].">();
    else if constexpr (Formula<T>)
      refuse_call<C,
                  "a formula was given in the place of a symbol; put a symbol there, and its formula in "
                  "afterwards, by substitute.">();
    else if constexpr (std::integral<T> && C == called::diff)
      refuse_call<C, "the order is written before the arguments, diff<2>(f, x).">();
    else if constexpr (std::convertible_to<const T&, std::string_view>)
      refuse_call<C, "the name of a symbol is no symbol; write tg::symbol<\"x\">.">();
    else
      refuse_type<C, "is no symbol.", T>();
  }
};
/// The same for the arguments that follow.
template <called C, bool Groups, class... T>
constexpr refused_call refuse_symbols(const T&... given) {
  [[maybe_unused]] const auto check = []<class One>(const One& one) {
    constexpr bool allows_zero = C == called::diff || C == called::gradient || C == called::jacobian ||
                                 C == called::hessian || C == called::vjp || C == called::sum_over;
    if constexpr (!std::same_as<One, allow_zero_t>)
      symbol_place<C, Groups>{one};
    else if constexpr (!allows_zero)
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
template <called C>
struct binding_place {
  template <class T>
  constexpr binding_place(const T&) {
    if constexpr (bound_in<T> == 2)
      refuse_call<C, "a group is bound one symbol at a time here, p[0_c] = 1.0.">();
    else if constexpr (bound_in<T> == 0)
      refuse_and_show<C, "it is not said what a symbol stands for">();
  }
};
template <called C, class... T>
constexpr refused_call refuse_bindings(const T&... given) {
  (static_cast<void>(binding_place<C>{given}), ...);
  return {};
}

/// An argument that has to be of the form that the call's example shows.
template <called C, template <class> class Right>
struct place_as_shown {
  template <class T>
  constexpr place_as_shown(const T&) {
    if constexpr (!Right<T>::value && !std::same_as<T, refused_call>)
      refuse_and_show<C, "the arguments are not what it takes">();
  }
};
template <class T>
struct is_direction : std::false_type {};
template <class... B>
struct is_direction<direction<B...>> : std::true_type {};
template <class T>
struct is_weight_list : std::false_type {};
template <class... W>
struct is_weight_list<weight_list<W...>> : std::true_type {};
template <class T>
struct is_operand : std::bool_constant<Formula<T> || Numeric<T>> {};
template <class T>
struct is_never : std::false_type {};
template <class T>
struct is_literal : std::false_type {};
template <std::size_t N>
struct is_literal<char[N]> : std::true_type {};
template <class T>
    struct is_several : std::bool_constant < requires {
  typename T::is_formulas;
} > {};

/// What a formula is compared with by ==, if not with a formula.
struct no_formula {
  template <class T>
  requires(!Formula<T>) constexpr no_formula(const T&) {
    refuse<text{"operator ==: it tells whether two formulas are the same; a condition is equal(x, 2.0), and "
                "a value for a symbol x = 2.0."},
           T>();
  }
};

template <class... Dependent>
constexpr void refuse_in_place() {
  refuse<text{"a formula is not changed in place, because what it computes is its type; write auto g = f + "
              "h, or trace a function with loops."},
         Dependent...>();
}

}  // namespace detail

// clang-format off
template <class X, class Y> requires FormulaAnd<X, Y>
constexpr auto operator^(const X&, const Y&) { return refuse<text{"operator ^: this is no power in C++; write pow(x, 2_c)."}, X>(); }
template <class X, class Y> requires FormulaAnd<X, Y>
constexpr auto operator%(const X&, const Y&) { return refuse<text{"operator %: a formula has no such operator; write fmod(x, y)."}, X>(); }
template <Formula X, class Y> constexpr void operator+=(const X&, const Y&) { detail::refuse_in_place<X, Y>(); }
template <Formula X, class Y> constexpr void operator-=(const X&, const Y&) { detail::refuse_in_place<X, Y>(); }
template <Formula X, class Y> constexpr void operator*=(const X&, const Y&) { detail::refuse_in_place<X, Y>(); }
template <Formula X, class Y> constexpr void operator/=(const X&, const Y&) { detail::refuse_in_place<X, Y>(); }
template <Formula X> constexpr X operator<(const X& x, detail::no_operand<"<">) { return x; }
template <Formula X> constexpr X operator<=(const X& x, detail::no_operand<"<=">) { return x; }
template <Formula X> constexpr X operator>(const X& x, detail::no_operand<">">) { return x; }
template <Formula X> constexpr X operator>=(const X& x, detail::no_operand<">=">) { return x; }
template <Formula X> constexpr bool operator==(const X&, detail::no_formula) { return false; }

// Absent = detail::absent, so that a default argument is converted, and its sentence said, only where it is
// used.

template <class Absent = detail::absent, class... More>
constexpr auto diff(detail::formula_place<detail::called::diff>, detail::symbol_place<detail::called::diff, false> = Absent{}, const More&... more) { return detail::refuse_symbols<detail::called::diff, false>(more...); }
template <int N, class Absent = detail::absent, class... More>
constexpr auto diff(detail::formula_place<detail::called::diff>, detail::symbol_place<detail::called::diff, false> = Absent{}, const More&...) {
  if constexpr (sizeof...(More) > 0) detail::refuse_call<detail::called::diff, "the order is that of one symbol, diff<2>(f, x); for several write diff(f, x, y).", More...>();
  return detail::refused_call{};
}
template <class Absent = detail::absent, class... More>
constexpr auto gradient(detail::formula_place<detail::called::gradient>, detail::symbol_place<detail::called::gradient> = Absent{}, const More&... more) { return detail::refuse_symbols<detail::called::gradient, true>(more...); }
template <class Absent = detail::absent, class... More>
constexpr auto jacobian(detail::formulas_place<detail::called::jacobian>, detail::symbol_place<detail::called::jacobian> = Absent{}, const More&... more) { return detail::refuse_symbols<detail::called::jacobian, true>(more...); }
template <class Absent = detail::absent, class... More>
constexpr auto hessian(detail::formula_place<detail::called::hessian>, detail::symbol_place<detail::called::hessian> = Absent{}, const More&... more) { return detail::refuse_symbols<detail::called::hessian, true>(more...); }

template <class Absent = detail::absent, std::same_as<allow_zero_t>... Allow>
constexpr auto jvp(detail::formulas_place<detail::called::jvp>, detail::place_as_shown<detail::called::jvp, detail::is_direction> = Absent{}, const Allow&...) { return detail::refused_call{}; }
template <class Absent = detail::absent, std::same_as<allow_zero_t>... Allow>
constexpr auto hvp(detail::formula_place<detail::called::hvp>, detail::place_as_shown<detail::called::hvp, detail::is_direction> = Absent{}, const Allow&...) { return detail::refused_call{}; }
template <class Absent = detail::absent, class... More>
constexpr auto vjp(detail::formulas_place<detail::called::vjp>, detail::place_as_shown<detail::called::vjp, detail::is_weight_list> = Absent{}, detail::symbol_place<detail::called::vjp> = Absent{}, const More&... more) { return detail::refuse_symbols<detail::called::vjp, true>(more...); }
template <class Absent = detail::absent, class... More>
constexpr auto along(detail::binding_place<detail::called::along> = Absent{}, const More&... more) { return detail::refuse_bindings<detail::called::along>(more...); }
template <class Absent = detail::absent, class... More>
constexpr auto substitute(detail::graph_place<detail::called::substitute>, detail::binding_place<detail::called::substitute> = Absent{}, const More&... more) { return detail::refuse_bindings<detail::called::substitute>(more...); }
template <int N, class Absent = detail::absent, std::same_as<allow_zero_t>... Allow>
constexpr auto taylor(detail::formula_place<detail::called::taylor>, detail::symbol_place<detail::called::taylor, false> = Absent{}, detail::place_as_shown<detail::called::taylor, detail::is_operand> = Absent{}, const Allow&...) { return detail::refused_call{}; }
template <class Absent = detail::absent, class... More>
constexpr auto taylor(detail::place_as_shown<detail::called::taylor, detail::is_never>, const More&...) { return detail::refused_call{}; }

template <class = void>
constexpr auto simplify(detail::graph_place<detail::called::simplify>) { return detail::refused_call{}; }
template <class = void>
constexpr auto to_string(detail::formulas_place<detail::called::to_string>) { return detail::refused_call{}; }
template <class = void>
constexpr auto to_latex(detail::formulas_place<detail::called::to_latex>) { return detail::refused_call{}; }
template <class = void>
constexpr auto to_dot(detail::formulas_place<detail::called::to_dot>) { return detail::refused_call{}; }
template <class Absent = detail::absent>
constexpr auto to_c(detail::formulas_place<detail::called::to_c>, detail::place_as_shown<detail::called::to_c, detail::is_literal> = Absent{}) { return detail::refused_call{}; }
template <class = void>
constexpr auto domain(detail::formulas_place<detail::called::domain>) { return detail::refused_call{}; }
template <class = void>
constexpr auto cost(detail::formulas_place<detail::called::cost>) { return detail::refused_call{}; }
template <class = void>
constexpr auto symbols_of(detail::formulas_place<detail::called::symbols_of>) { return detail::refused_call{}; }
template <class Absent = detail::absent>
constexpr auto depends_on(detail::graph_place<detail::called::depends_on>, detail::symbol_place<detail::called::depends_on> = Absent{}) { return detail::refused_call{}; }
template <class = void>
constexpr auto sparsity(detail::place_as_shown<detail::called::sparsity, detail::is_several>) { return detail::refused_call{}; }
template <class = void>
constexpr auto nonzeros(detail::place_as_shown<detail::called::nonzeros, detail::is_several>) { return detail::refused_call{}; }
// clang-format on

}  // namespace tg

#include "../support/compiler/end.hpp"
