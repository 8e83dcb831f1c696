// SPDX-License-Identifier: BSL-1.0
// The formula: a graph in a type. This file is the bridge between the two: `load` copies the nodes of a type
// into a graph, and `formula_t` makes the type of a finished graph. Everything a user does with formulas is a
// request: a struct whose `build` adds nodes to a graph.
#pragma once

#include "../pass/simplify.hpp"
#include "../support/list.hpp"
#include "stored.hpp"

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
template <text Name>
inline constexpr bool is_variable<node::variable<Name>> = true;
template <class... Nodes>
consteval int count_variables() {
  int count = 0;
  for (bool variable : {is_variable<Nodes>..., false}) count += variable;
  return count;
}

// A node of a type as a node of a graph; `image` holds where the earlier ones went.

template <text Name>
constexpr int load_node(builder& b, const buffer<int>&, int, node::variable<Name>*) {
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

enum class node_form { variable, constant, captured, unary, binary, nary };

constexpr node_form form_of(const record* op, int count) {
  switch (op->what) {
    case kind::variable:
      return node_form::variable;
    case kind::constant:
      return node_form::constant;
    case kind::captured:
      return node_form::captured;
    default:
      return count == 1 ? node_form::unary : count == 2 ? node_form::binary : node_form::nary;
  }
}

template <class Op>
struct leaf_type;
template <text Name>
struct leaf_type<op::variable<Name>> {
  using type = node::variable<Name>;
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

template <class Result, int I>
using node_t =
    typename node_maker<form_of(Result::graph.op[I], Result::graph.count[I])>::template type<Result, I>;

/// A formula's graph: with its fingerprint, if it is large.
template <int Nodes, int Operands, int Roots>
constexpr auto pack_with_print(const builder& b, const buffer<int>& roots) {
  auto p = pack<Nodes, Operands, Roots>(b, roots);
  if (p.nodes >= stored_from) p.print = fingerprint_of(b, roots);
  return p;
}

/// Whether a request only chooses derivatives from graphs that are in canonical form.
template <class Request>
constexpr bool is_canonical = [] {
  if constexpr (requires { Request::is_canonical; })
    return Request::is_canonical;
  else
    return false;
}();

// The unnamed texts among the template parameters of the next three are there for clang, whose error about a
// formula that is too large for its allowance of steps names these functions, and no flag. (g++ names its
// flag.)

/// Builds what a request asks for; returns whether it is in canonical form.
template <class Request>
constexpr bool build(builder& b, buffer<int>& roots) {
  if constexpr (requires { Request::is_program; } || is_canonical<Request>) {
    Request::build(b, roots);
    return true;
  } else if constexpr (std::same_as<decltype(Request::build(b, roots)), bool>) {
    return Request::build(b, roots);
  } else {
    Request::build(b, roots);
    return false;
  }
}

/// What was shared in between only may be dissolved by a second sweep, which is made only if the first has
/// changed something.
constexpr bool simplify_again(const builder& from, const buffer<int>& old_roots, const builder& to,
                              const buffer<int>& roots) {
  for (int k = 0; k < roots.size(); ++k)
    if (from[old_roots[k]].hash != to[roots[k]].hash) return true;
  return false;
}

/// The graph that a request builds: in canonical form; or, for a program, whose sources are canonical
/// already, in the form in which it is evaluated.
template <class Request, int Nodes, int Operands, text = "if the steps run out, give it ",
          text = "-fconstexpr-steps=100000000">
constexpr auto compute() {
  builder b(Request::guess());
  buffer<int> roots;
  const bool done = build<Request>(b, roots);
  if constexpr (requires { Request::is_program; }) {
    return Request::template lower<Nodes, Operands>(b, roots);
  } else {
    if (done) {
      auto p = pack_with_print<Nodes, Operands, Request::roots()>(b, roots);
      p.derived = is_canonical<Request>;
      return p;
    }
    builder canonical(8);
    buffer<int> old_roots;
    for (int r : roots) old_roots.push_back(r);
    simplify(b, canonical, roots);
    if constexpr (requires { Request::simplified_twice; }) {
      if (simplify_again(b, old_roots, canonical, roots)) {
        builder again(8);
        simplify(canonical, again, roots);
        return pack_with_print<Nodes, Operands, Request::roots()>(again, roots);
      }
    }
    return pack_with_print<Nodes, Operands, Request::roots()>(canonical, roots);
  }
}

/// The same in two evaluations, each of which has the compiler's whole allowance of steps: first what the
/// request builds,
template <class Request, int Nodes, int Operands, text = "if the steps run out, give it ",
          text = "-fconstexpr-steps=100000000">
constexpr auto compute_raw() {
  builder b(Nodes / 2);
  buffer<int> roots;
  build<Request>(b, roots);
  return pack<Nodes, Operands, Request::roots()>(b, roots);
}
/// and then its canonical form.
template <int Nodes, int Operands, int Roots, text = "if the steps run out, give it ",
          text = "-fconstexpr-steps=100000000", class Packed>
constexpr auto compute_canonical(const Packed& raw) {
  const builder b(raw);
  builder canonical(8);
  buffer<int> roots;
  for (int k = 0; k < raw.roots; ++k) roots.push_back(raw.root[k]);
  simplify(b, canonical, roots);
  return pack_with_print<Nodes, Operands, Roots>(canonical, roots);
}

/// A step of a computation as a constant of its own. (A local constexpr variable would be computed anew by
/// clang whenever its function is evaluated.)
template <class Request, int Nodes, int Operands>
struct direct {
  static constexpr auto graph = compute<Request, Nodes, Operands>();
};
template <class Request, int Nodes, int Operands>
struct built {
  static constexpr auto graph = compute_raw<Request, Nodes, Operands>();
};
template <class Built, int Nodes, int Operands, int Roots>
struct canonical {
  static constexpr auto graph = compute_canonical<Nodes, Operands, Roots>(Built::graph);
};

/// A step with the room that was guessed, or once more with the room that it turned out to need.
template <template <int, int> class Step, class First, bool Fits = First::graph.fits>
struct fitted {
  using type = First;
};
template <template <int, int> class Step, class First>
struct fitted<Step, First, false> {
  using type = Step<First::graph.nodes, First::graph.operands>;
};
/// Room in few sizes, so that the graphs of many formulas are of one type.
constexpr int room_for(int nodes) {
  int room = 32;
  while (room < nodes) room *= 2;
  return room;
}
template <template <int, int> class Step, int Guess>
using fitted_t = typename fitted<Step, Step<room_for(Guess), 2 * room_for(Guess)>>::type;

constexpr int one_step_limit =
    400;  // nodes; about a third of what clang's default allowance of steps does in one evaluation

/// The second time that a graph is simplified, where it is.
template <bool Twice, template <int, int> class Step, class Once>
struct last_step {
  using type = fitted_t<Step, Once::graph.nodes>;
};
template <template <int, int> class Step, class Once>
struct last_step<false, Step, Once> {
  using type = Once;
};

/// A request's graph as a constant. `Request::guess` is the room tried first.
template <class Request, bool InOneStep = is_canonical<Request> || requires { Request::is_program; }
|| (Request::guess() < one_step_limit) > struct result_steps {
  template <int Nodes, int Operands>
  using step = direct<Request, Nodes, Operands>;
  using type = fitted_t<step, Request::guess()>;
};
template <class Request>
struct result_steps<Request, false> {
  template <int Nodes, int Operands>
  using first_step = built<Request, Nodes, Operands>;
  using raw = fitted_t<first_step, Request::guess()>;
  template <int Nodes, int Operands>
  using second_step = canonical<raw, Nodes, Operands, Request::roots()>;
  using second = fitted_t<second_step, raw::graph.nodes>;
  template <int Nodes, int Operands>
  using third_step = canonical<second, Nodes, Operands, Request::roots()>;
  using type = typename last_step < requires { Request::simplified_twice; }
  , third_step, second > ::type;
};
template <class Request>
using result = typename result_steps<Request>::type;

template <class Result, int... I>
auto formula_of(std::integer_sequence<int, I...>) -> formula<node_t<Result, I>...>;

}  // namespace detail

/// The formula of a request with one output.
template <class Request, class Result = detail::result<Request>>
using formula_t = typename detail::store<decltype(detail::formula_of<Result>(
                                             std::make_integer_sequence<int, Result::graph.nodes>{})),
                                         Result>::type;

namespace detail {

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

}  // namespace detail

/// A value for a symbol, or a formula for it: what `x = 2.0` and `x = g` make.
template <text Name, class T>
struct [[nodiscard("a symbol is not assigned to: x = 2.0 is an argument, as in f(x = 2.0)")]] binding {
  T value;
};

/// A formula with the nodes Nodes..., in topological order; the last one is the result. Numbers that are
/// known only at run time are held by value, so a formula refers to nothing outside itself.
template <class... Nodes>
struct formula {
  using symbolic = formula;
  using is_formula = formula;
  using numbers_type = typename detail::captured_numbers<list<>, Nodes...>::type;
  static consteval int size() { return static_cast<int>(sizeof...(Nodes)); }
  static consteval int slots() { return detail::length_of<numbers_type>; }
  static consteval int outputs() { return 1; }
  static consteval int symbols() { return detail::count_variables<Nodes...>(); }

  [[no_unique_address]] numbers_type numbers;

  /// Refused: there is a value only once the symbols have theirs.
  constexpr explicit operator bool() const {
    return refuse<text{"a formula has no value that 'if' could ask for: write where(condition, a, b), or "
                       "give the symbols values first, f(x = 2.0)."},
                  formula>();
  }

  /// Copies the graph into b, its captured numbers to the slots from `first_slot` on; the root is added to
  /// `roots`.
  static constexpr void load(builder& b, buffer<int>& roots, int first_slot = 0) {
    buffer<int> image;
    detail::load_nodes<Nodes...>(b, image, first_slot);
    roots.push_back(image[size() - 1]);
  }

  /// The value: `f(x = 2.0, y = 1.0)`. Every symbol must be bound once; the number type is that of the
  /// values. See program/function.hpp.
  template <class... Bindings>
  constexpr auto operator()(const Bindings&... bindings) const;
};

/// A symbol is a formula of one node, and can be bound.
template <text Name>
struct formula<node::variable<Name>> {
  using symbolic = formula;
  using is_formula = formula;
  using numbers_type = list<>;
  static consteval int size() { return 1; }
  static consteval int slots() { return 0; }
  static consteval int outputs() { return 1; }
  static consteval int symbols() { return 1; }
  static constexpr text name = Name;
  static_assert(!Name.view().empty(), "typegrad: symbol: the name is empty; write tg::symbol<\"x\">.");

  [[no_unique_address]] numbers_type numbers;

  /// Refused: there is a value only once the symbols have theirs.
  constexpr explicit operator bool() const {
    return refuse<text{"a formula has no value that 'if' could ask for: write where(condition, a, b), or "
                       "give the symbols values first, f(x = 2.0)."},
                  formula>();
  }

  static constexpr void load(builder& b, buffer<int>& roots, int = 0) {
    roots.push_back(b.intern(known<op::variable<Name>>));
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
