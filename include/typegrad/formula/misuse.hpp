// SPDX-License-Identifier: BSL-1.0
// What the functions of formulas say to arguments that they cannot take, one sentence each. Every overload here takes its first
// arguments by a conversion, so that it is chosen only where nothing else fits, a user's function of the same name included.
#pragma once

#include "directional.hpp"
#include "inspect.hpp"

namespace tg {

namespace detail {

/// The functions whose arguments are checked here, of the program's layer too; and how each is written. Numbers stand for them in the types below,
/// because a text in a template argument costs compile time even where nothing is wrong.
enum class call { diff, gradient, jacobian, hessian, jvp, hvp, vjp, along, substitute, taylor, simplify, to_string, to_latex, to_dot, to_c, domain, cost,
                  symbols_of, depends_on, sparsity, nonzeros, outputs, inputs, function, rows, sum_over };
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
    {"outputs", "outputs(f, g) with at least one formula"},
    {"inputs", "inputs(x, y)"},
    {"function", "function(inputs(x, y), outputs(f, g))"},
    {"rows", "rows(t = times, y = values)"},
    {"sum_over", "sum_over(rows(t = times), f, x)"}};

template <call C, int Word>
constexpr auto call_text() {
  constexpr std::string_view word = call_words[static_cast<int>(C)][Word];
  text<word.size() + 1> letters;
  for (std::size_t at = 0; at < word.size(); ++at) letters.data[at] = word[at];
  return letters;
}

/// "gradient: what is wrong."
template <call C, text Wrong, class... Dependent>
constexpr void refuse_call() {
  refuse<join(call_text<C, 0>(), text{": "}, Wrong), Dependent...>();
}
/// "gradient: an argument of type 'double' is no symbol."
template <call C, text Sort, class T>
constexpr void refuse_type() {
  refuse_call<C, join(text{"an argument of type '"}, operand_spelling<T>(), text{"' is "}, Sort)>();
}
/// "gradient: what is wrong; write gradient(f, x)."
template <call C, text Wrong>
constexpr void refuse_and_show() {
  refuse_call<C, join(Wrong, text{"; write "}, call_text<C, 1>(), text{"."})>();
}

/// What a refused call returns. A call that is given one in its turn says nothing more.
struct refused_call {};
/// Stands for an argument that was left out.
struct nothing {};

template <class T>
concept CompiledFunction = requires { T::output_size; };

/// The place of a formula or of several, a list of outputs included.
template <call C>
struct formulas_place {
  template <class T>
  constexpr formulas_place(const T&) {
    if constexpr (Inspectable<T> || std::same_as<T, refused_call>) return;
    else if constexpr (std::same_as<T, nothing>) refuse_and_show<C, "the formula is missing">();
    else if constexpr (CompiledFunction<T>) refuse_call<C, "a compiled function is no formula; use the formula that it was made of.">();
    else refuse_type<C, "no formula; a number is written as 2_c, and several formulas as tg::outputs(f, g).", T>();
  }
};

/// The place of a formula or of several in one graph.
template <call C>
struct graph_place : formulas_place<C> {
  template <class T>
  constexpr graph_place(const T& given) : formulas_place<C>(given) {
    if constexpr (Inspectable<T> && !FormulaOrFormulas<T>) refuse_call<C, "it takes a formula, a gradient, a Jacobian or a Hessian, not tg::outputs(...).">();
  }
};

/// The place of one formula.
template <call C>
struct formula_place : formulas_place<C> {
  template <class T>
  constexpr formula_place(const T& given) : formulas_place<C>(given) {
    if constexpr (Inspectable<T> && !Formula<T>) refuse_call<C, "it takes one formula, and several were given; the derivatives of several are tg::jacobian.">();
  }
};

/// The place of a symbol, or of a group of them.
template <call C, bool Groups = true>
struct symbol_place {
  template <class T>
  constexpr symbol_place(const T&) {
    if constexpr (Symbol<T> || (Groups && SymbolOrGroup<T>)) return;
    else if constexpr (std::same_as<T, nothing> || std::same_as<T, allow_zero_t>) refuse_and_show<C, "no symbol is given">();
    else if constexpr (SymbolOrGroup<T>) refuse_call<C, "a group stands for several symbols; take gradient(f, p), or one of them, p[0_c].">();
    else if constexpr (Formula<T>) refuse_call<C, "a formula was given in the place of a symbol; put a symbol there, and its formula in afterwards, by substitute.">();
    else if constexpr (std::integral<T> && C == call::diff) refuse_call<C, "the order is written before the arguments, diff<2>(f, x).">();
    else if constexpr (std::convertible_to<const T&, std::string_view>) refuse_call<C, "the name of a symbol is no symbol; write tg::symbol<\"x\">.">();
    else refuse_type<C, "no symbol.", T>();
  }
};
/// The same for the arguments that follow.
template <call C, bool Groups, class... T>
constexpr refused_call refuse_symbols(const T&... given) {
  [[maybe_unused]] const auto check = []<class One>(const One& one) {
    if constexpr (!std::same_as<One, allow_zero_t>) symbol_place<C, Groups>{one};
  };
  (check(given), ...);
  return {};
}

template <class T>
inline constexpr int bound_in = 0;
template <text Name, class T>
inline constexpr int bound_in<binding<Name, T>> = 1;
template <text Stem, int N, class T>
inline constexpr int bound_in<group_binding<Stem, N, T>> = 2;

/// The place of `x = g`.
template <call C>
struct binding_place {
  template <class T>
  constexpr binding_place(const T&) {
    if constexpr (bound_in<T> == 2) refuse_call<C, "a group is bound one symbol at a time here, p[0_c] = 1.0.">();
    else if constexpr (bound_in<T> == 0) refuse_and_show<C, "it is not said what a symbol stands for">();
  }
};
template <call C, class... T>
constexpr refused_call refuse_bindings(const T&... given) {
  (static_cast<void>(binding_place<C>{given}), ...);
  return {};
}

/// An argument that has to be of the form that the call's example shows.
template <call C, template <class> class Right>
struct place_as_shown {
  template <class T>
  constexpr place_as_shown(const T&) {
    if constexpr (!Right<T>::value && !std::same_as<T, refused_call>) refuse_and_show<C, "the arguments are not what it takes">();
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
struct is_text : std::is_convertible<const T&, std::string_view> {};
template <class T>
struct is_several : std::bool_constant<requires { typename T::is_formulas; }> {};

/// What a formula is compared with by ==, if not with a formula.
struct no_formula {
  template <class T>
    requires(!Formula<T>)
  constexpr no_formula(const T&) {
    refuse<text{"operator ==: it tells whether two formulas are the same; a condition is equal(x, 2.0), and a value for a symbol x = 2.0."}, T>();
  }
};

template <class... Dependent>
constexpr void refuse_in_place() {
  refuse<text{"a formula is not changed in place, because what it computes is its type; write auto g = f + h, or trace a function with loops."}, Dependent...>();
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

// Nothing = detail::nothing, so that a default argument is converted, and its sentence said, only where it is used.

template <class Nothing = detail::nothing, class... More>
constexpr auto diff(detail::formula_place<detail::call::diff>, detail::symbol_place<detail::call::diff, false> = Nothing{}, const More&... more) { return detail::refuse_symbols<detail::call::diff, false>(more...); }
template <int N, class Nothing = detail::nothing, class... More>
constexpr auto diff(detail::formula_place<detail::call::diff>, detail::symbol_place<detail::call::diff, false> = Nothing{}, const More&...) {
  if constexpr (sizeof...(More) > 0) detail::refuse_call<detail::call::diff, "the order is that of one symbol, diff<2>(f, x); for several write diff(f, x, y).", More...>();
  return detail::refused_call{};
}
template <class Nothing = detail::nothing, class... More>
constexpr auto gradient(detail::formula_place<detail::call::gradient>, detail::symbol_place<detail::call::gradient> = Nothing{}, const More&... more) { return detail::refuse_symbols<detail::call::gradient, true>(more...); }
template <class Nothing = detail::nothing, class... More>
constexpr auto jacobian(detail::formulas_place<detail::call::jacobian>, detail::symbol_place<detail::call::jacobian> = Nothing{}, const More&... more) { return detail::refuse_symbols<detail::call::jacobian, true>(more...); }
template <class Nothing = detail::nothing, class... More>
constexpr auto hessian(detail::formula_place<detail::call::hessian>, detail::symbol_place<detail::call::hessian> = Nothing{}, const More&... more) { return detail::refuse_symbols<detail::call::hessian, true>(more...); }

template <class Nothing = detail::nothing>
constexpr auto outputs(detail::place_as_shown<detail::call::outputs, detail::is_never> = Nothing{}) { return detail::refused_call{}; }
template <class Nothing = detail::nothing>
constexpr auto jvp(detail::formulas_place<detail::call::jvp>, detail::place_as_shown<detail::call::jvp, detail::is_direction> = Nothing{}) { return detail::refused_call{}; }
template <class Nothing = detail::nothing>
constexpr auto hvp(detail::formula_place<detail::call::hvp>, detail::place_as_shown<detail::call::hvp, detail::is_direction> = Nothing{}) { return detail::refused_call{}; }
template <class Nothing = detail::nothing, class... More>
constexpr auto vjp(detail::formulas_place<detail::call::vjp>, detail::place_as_shown<detail::call::vjp, detail::is_weight_list> = Nothing{}, detail::symbol_place<detail::call::vjp> = Nothing{}, const More&... more) { return detail::refuse_symbols<detail::call::vjp, true>(more...); }
template <class Nothing = detail::nothing, class... More>
constexpr auto along(detail::binding_place<detail::call::along> = Nothing{}, const More&... more) { return detail::refuse_bindings<detail::call::along>(more...); }
template <class Nothing = detail::nothing, class... More>
constexpr auto substitute(detail::graph_place<detail::call::substitute>, detail::binding_place<detail::call::substitute> = Nothing{}, const More&... more) { return detail::refuse_bindings<detail::call::substitute>(more...); }
template <int N, class Nothing = detail::nothing>
constexpr auto taylor(detail::formula_place<detail::call::taylor>, detail::symbol_place<detail::call::taylor, false> = Nothing{}, detail::place_as_shown<detail::call::taylor, detail::is_operand> = Nothing{}) { return detail::refused_call{}; }
template <class Nothing = detail::nothing, class... More>
constexpr auto taylor(detail::place_as_shown<detail::call::taylor, detail::is_never>, const More&...) { return detail::refused_call{}; }

constexpr auto simplify(detail::graph_place<detail::call::simplify>) { return detail::refused_call{}; }
constexpr auto to_string(detail::formulas_place<detail::call::to_string>) { return detail::refused_call{}; }
constexpr auto to_latex(detail::formulas_place<detail::call::to_latex>) { return detail::refused_call{}; }
constexpr auto to_dot(detail::formulas_place<detail::call::to_dot>) { return detail::refused_call{}; }
template <class Nothing = detail::nothing>
constexpr auto to_c(detail::formulas_place<detail::call::to_c>, detail::place_as_shown<detail::call::to_c, detail::is_text> = Nothing{}) { return detail::refused_call{}; }
constexpr auto domain(detail::formulas_place<detail::call::domain>) { return detail::refused_call{}; }
constexpr auto cost(detail::formulas_place<detail::call::cost>) { return detail::refused_call{}; }
constexpr auto symbols_of(detail::formulas_place<detail::call::symbols_of>) { return detail::refused_call{}; }
template <class Nothing = detail::nothing>
constexpr auto depends_on(detail::graph_place<detail::call::depends_on>, detail::symbol_place<detail::call::depends_on> = Nothing{}) { return detail::refused_call{}; }
constexpr auto sparsity(detail::place_as_shown<detail::call::sparsity, detail::is_several>) { return detail::refused_call{}; }
constexpr auto nonzeros(detail::place_as_shown<detail::call::nonzeros, detail::is_several>) { return detail::refused_call{}; }
// clang-format on

}  // namespace tg
