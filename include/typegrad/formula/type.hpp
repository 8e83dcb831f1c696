// SPDX-License-Identifier: BSL-1.0
// The formula: a graph in a type. This file is the bridge between the two: `load` copies the nodes of a type
// into a graph, and `formula_t` makes the type of a finished graph.
#pragma once
#include "../support/compiler/begin.hpp"

#include "../support/list.hpp"
#include "request.hpp"

namespace tg {

template <class... Nodes>
struct formula;

namespace detail {

/// The list of the numbers that a formula carries; captured nodes come first in the list of nodes.
template <class Done, class... Nodes>
struct captured_numbers {
  using type = Done;
};
template <class... T, int Slot, class U, class... Rest>
struct captured_numbers<list<T...>, node::captured<Slot, U>, Rest...>
    : captured_numbers<list<T..., U>, Rest...> {};

template <class List>
inline constexpr int length_of = 0;
template <class... T>
inline constexpr int length_of<list<T...>> = static_cast<int>(sizeof...(T));

template <class Node>
inline constexpr bool is_variable = false;
template <auto Name>
inline constexpr bool is_variable<node::leaf::variable<Name>> = true;
template <class... Nodes>
consteval int count_variables() {
  int count = 0;
  for (bool variable : {is_variable<Nodes>..., false}) count += variable;
  return count;
}

// A node of a type as a node of a graph; `image` holds where the earlier ones went.

template <auto Name>
constexpr int load_node(builder& b, const buffer<int>&, int, node::leaf::variable<Name>*) {
  return b.intern(known<op::variable<Name>>);
}
template <std::int64_t N, std::int64_t D, int E>
constexpr int load_node(builder& b, const buffer<int>&, int, node::constant<N, D, E>*) {
  return b.constant(exact{N, D, E});
}
template <int Slot, class T>
constexpr int load_node(builder& b, const buffer<int>&, int slots, node::captured<Slot, T>*) {
  return b.captured(known<op::captured<T>>, Slot + slots);
}
template <class Op, int... Operands>
constexpr int load_node(builder& b, const buffer<int>& image, int, node::apply<Op, Operands...>*) {
  if constexpr (sizeof...(Operands) <= 2) {
    return b.intern(known<Op>, image.items[Operands]...);
  } else {
    buffer<int> args;
    (args.push_back(image.items[Operands]), ...);
    return b.intern(known<Op>, args);
  }
}

template <class... Nodes>
constexpr void load_nodes(builder& b, buffer<int>& image, int slots) {
  image.reserve(static_cast<int>(sizeof...(Nodes)));
  [[maybe_unused]] const int all[] = {
      (image.push_back(load_node(b, image, slots, static_cast<Nodes*>(nullptr))), 0)..., 0};
}

// A node of a finished graph as a type.

enum class node_form { variable, constant, captured, unary, binary, nary, structural };

constexpr node_form form_of(const record* op, int count) {
  switch (op->what) {
    case kind::variable:
      return node_form::variable;
    case kind::constant:
      return node_form::constant;
    case kind::captured:
      return node_form::captured;
    default:
      if (op->shaped != nullptr) return node_form::structural;
      return count == 1 ? node_form::unary : count == 2 ? node_form::binary : node_form::nary;
  }
}

template <class Op>
struct leaf_type;
template <auto Name>
struct leaf_type<op::variable<Name>> {
  using type = node::leaf::variable<Name>;
};
template <class T>
struct leaf_type<op::captured<T>> {
  template <int Slot>
  using at = node::captured<Slot, T>;
};

template <class Result, int I, class K>
struct nary_type;
template <class Result, int I, int... K>
struct nary_type<Result, I, std::integer_sequence<int, K...>> {
  using type =
      node::apply<operation_of<Result::graph.op[I]>, Result::graph.operand[Result::graph.first[I] + K]...>;
};

template <node_form Form>
struct node_maker {
  template <class Result, int I>
  using type = typename nary_type<Result, I, std::make_integer_sequence<int, Result::graph.count[I]>>::type;
};
template <>
struct node_maker<node_form::variable> {
  template <class Result, int I>
  using type = typename leaf_type<operation_of<Result::graph.op[I]>>::type;
};
template <>
struct node_maker<node_form::constant> {
  template <class Result, int I>
  using type = node::constant<Result::graph.numerator[Result::graph.first[I]],
                              Result::graph.denominator[Result::graph.first[I]],
                              Result::graph.exponent[Result::graph.first[I]]>;
};
template <>
struct node_maker<node_form::captured> {
  template <class Result, int I>
  using type = typename leaf_type<operation_of<Result::graph.op[I]>>::template at<I>;
};
template <>
struct node_maker<node_form::unary> {
  template <class Result, int I>
  using type = node::apply<operation_of<Result::graph.op[I]>, Result::graph.operand[Result::graph.first[I]]>;
};
template <>
struct node_maker<node_form::binary> {
  template <class Result, int I>
  using type = node::apply<operation_of<Result::graph.op[I]>, Result::graph.operand[Result::graph.first[I]],
                           Result::graph.operand[Result::graph.first[I] + 1]>;
};

/// A structural primitive with its attributes, from its record's struct; defined with the primitives of
/// arrays.
template <class Family>
struct structural_type;
template <>
struct node_maker<node_form::structural> {
  template <class Result, int I>
  using type = typename structural_type<operation_of<Result::graph.op[I]>>::template node<Result, I>;
};

template <class Result, int I>
using node_t =
    typename node_maker<form_of(Result::graph.op[I], Result::graph.count[I])>::template type<Result, I>;

template <class Result, class I = std::make_integer_sequence<int, Result::graph.nodes>>
struct formula_of;
template <class Result, int... I>
struct formula_of<Result, std::integer_sequence<int, I...>> {
  using type = formula<node_t<Result, I>...>;
};
/// A graph without nodes is one in which shapes did not fit; the sentence stands in its entries.
template <class F, class Result>
struct store<F, Result, formula_size::refused> {
  static constexpr auto sentence = [] {
    text<static_cast<std::size_t>(Result::graph.entries) + 1> letters;
    for (int k = 0; k < Result::graph.entries; ++k)
      letters.data[static_cast<std::size_t>(k)] = static_cast<char>(Result::graph.entry[k]);
    return letters;
  }();
  static_assert(refuse<sentence, Result>());
  using type = formula<node::constant<0>>;
};

/// The formula of a request with one output.
template <class Request, class Result = detail::result<Request>>
using formula_t = typename detail::store<typename detail::formula_of<Result>::type, Result>::type;

/// The captured numbers of a result: slot k holds what was in slot `graph.first[k]` of all the sources one
/// after the other.
template <int Slot, class First, class... Rest>
constexpr auto source_number(const First& first, const Rest&... rest) {
  if constexpr (Slot < length_of<First>)
    return First::template at<Slot>(first);
  else
    return source_number<Slot - length_of<First>>(rest...);
}

template <class Formula, class Result, class... Numbers>
TYPEGRAD_NEVER_EMITTED constexpr Formula with_numbers(const Numbers&... numbers) {
  constexpr int n = length_of<typename Formula::numbers_type>;
  if constexpr (n == 0)
    return Formula{};
  else
    return [&]<int... K>(std::integer_sequence<int, K...>) {
      return Formula{{source_number<Result::graph.first[K]>(numbers...)...}};
    }
  (std::make_integer_sequence<int, n>{});
}

/// The refusal of a formula as a condition.
template <class Formula>
constexpr bool no_condition() {
  return refuse<text{"a formula has no value that 'if' could ask for: write where(condition, a, b), or "
                     "give the symbols values first, f(x = 2.0)."},
                Formula>();
}

}  // namespace detail

/// A value for a symbol, or a formula for it: what `x = 2.0` and `x = g` make.
template <auto Name, class T>
struct [[nodiscard("a symbol is not assigned to: x = 2.0 is an argument, as in f(x = 2.0)")]] binding {
  T value;
};

/// A formula with the nodes Nodes..., in topological order; the last one is the result. Numbers that are
/// known only at run time are held by value, so a formula refers to nothing outside itself.
template <class... Nodes>
struct [[nodiscard(
    "nothing is done with this formula; it changes none, and what it computes is its type")]] formula {
  using symbolic = formula;
  using is_formula = formula;
  using numbers_type = typename detail::captured_numbers<list<>, Nodes...>::type;
  static constexpr int size() { return static_cast<int>(sizeof...(Nodes)); }
  static constexpr int slots() { return detail::length_of<numbers_type>; }
  static constexpr int outputs() { return 1; }
  static consteval int symbols() { return detail::count_variables<Nodes...>(); }

  [[no_unique_address]] numbers_type numbers;

  /// Refused: there is a value only once the symbols have theirs.
  constexpr explicit operator bool() const { return detail::no_condition<formula>(); }

  /// Copies the graph into b, its captured numbers to the slots from `first_slot` on; the root is added to
  /// `roots`.
  static constexpr void load(detail::builder & b, detail::buffer<int> & roots, int first_slot = 0) {
    detail::buffer<int> image;
    detail::load_nodes<Nodes...>(b, image, first_slot);
    roots.push_back(image[size() - 1]);
  }

  /// The value: `f(x = 2.0, y = 1.0)`. Every symbol must be bound once; the number type is that of the
  /// values. See program/function.hpp.
  template <class... Bindings>
  constexpr auto operator()(const Bindings&... bindings) const;
};

/// A symbol is a formula of one node, and can be bound.
template <auto Name>
struct formula<node::leaf::variable<Name>> {
  using symbolic = formula;
  using is_formula = formula;
  using numbers_type = list<>;
  static constexpr int size() { return 1; }
  static constexpr int slots() { return 0; }
  static constexpr int outputs() { return 1; }
  static consteval int symbols() { return 1; }
  static constexpr text name = Name;
  using primitive = op::variable<Name>;
  static_assert(!Name.view().empty(), "typegrad: symbol: the name is empty; write tg::symbol<\"x\">.");

  [[no_unique_address]] numbers_type numbers;

  /// Refused: there is a value only once the symbols have theirs.
  constexpr explicit operator bool() const { return detail::no_condition<formula>(); }

  static constexpr void load(detail::builder& b, detail::buffer<int>& roots, int = 0) {
    roots.push_back(b.intern(detail::known<op::variable<Name>>));
  }

  /// `x = 2.0` binds the symbol for an evaluation, `x = g` for a substitution; the symbol itself does not
  /// change.
  template <class T>
  constexpr binding<Name, T> operator=(const T& value) const {
    return {value};
  }
  constexpr formula() = default;
  constexpr formula(const formula&) = default;
  constexpr binding<Name, formula> operator=(const formula& value) const { return {value}; }

  template <class... Bindings>
  constexpr auto operator()(const Bindings&... bindings) const;
};

/// Whether T is a formula; asked by a member, because a variable template would be one more symbol with a
/// formula in its name.
template <class T>
concept Formula = requires {
  typename T::is_formula;
};

/// Whether T is a symbol.
template <class T>
concept Symbol = Formula<T> && requires {
  T::name;
};

}  // namespace tg

#include "../support/compiler/end.hpp"
