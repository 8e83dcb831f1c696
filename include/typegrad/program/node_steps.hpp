// SPDX-License-Identifier: BSL-1.0
// What a program is: its graph, where it finds its inputs, and the order of evaluation; and the steps that
// compute its nodes.
#pragma once
#include "../support/compiler/begin.hpp"

#include "../formula/symbol.hpp"
#include "../lower/interleave.hpp"
#include "../lower/steps.hpp"
#include "../support/compiler/attributes.hpp"
#include "constant.hpp"

namespace tg {

namespace detail {

template <int Nodes, class Packed>
constexpr auto find_order(const Packed& graph) {
  auto plan = find_blocks<Nodes>(graph);
  interleave_calls(graph, plan);
  return plan;
}

/// Where the values of a graph's symbols are among the inputs, by node.
template <int Nodes>
struct input_places {
  int of[Nodes > 0 ? Nodes : 1]{};
};
template <class Symbols, int Nodes, class Packed>
constexpr auto find_inputs(const Packed& graph) {
  input_places<Nodes> place;
  builder b;
  buffer<int> inputs;
  const int first = b.size();
  load_symbols(b, inputs, Symbols{});
  for (int i = 0; i < graph.nodes; ++i)
    if (graph.op[i]->what == kind::variable) place.of[i] = b.intern(graph.op[i]) - first;
  return place;
}

/// What a tag stands for: its graph, where it finds its inputs, and the order of evaluation.
template <class Tag>
struct code {
  using request = noted<Tag>;
  static constexpr auto& graph = result<request>::graph;
  static constexpr auto inputs = find_inputs<typename request::symbols, graph.nodes>(graph);
  static constexpr auto plan = find_order<graph.nodes>(graph);
  static constexpr auto steps = find_steps<graph.nodes, graph.nodes + graph.operands>(graph, plan);
};

// Places go through `number`, a constant in a template argument: as plain expressions they would make g++ 12
// copy the whole graph for each of them.
template <int V>
inline constexpr int number = V;
/// Where a place is in its frame.
template <int Place>
inline constexpr int within = Place < 0 ? ~Place : Place;

template <class Tag, int I>
using operation_at = operation_of<code<Tag>::graph.op[I]>;

/// What a program is run on.
template <class T, class Numbers>
struct state {
  const T* in;
  const Numbers& numbers;
};

// One step per node, and per further operand of a sum or product. A step is a struct that depends on the
// primitive, or on a constant's value, but not on the node: the same few functions serve all nodes, and the
// result and the operands are arguments whose places the optimizer knows. A function per node would take most
// of the compile time, and so would every further function that is called on the way.

/// What a call gets: g++ sees into it only later, and with the address of a number of the part it could do
/// nothing about any of them.
template <class T>
using operand_t = std::conditional_t<std::is_arithmetic_v<T>, const T, const T&>;

/// A primitive of Count operands.
template <class Op, int Count>
struct plain_step {
  template <class T, class Numbers>
  TYPEGRAD_INLINE static constexpr void run(T& out, [[maybe_unused]] const T& x, [[maybe_unused]] const T& y,
                                            const state<T, Numbers>&) {
    if constexpr (Count == 0) {
      out = Op::template value<T>();
    } else if constexpr (Count == 1) {
      operand_t<T> only = x;
      if constexpr (requires { Op::value(only); })
        out = static_cast<T>(Op::value(only));
      else
        out = static_cast<T>(Op::definition(only));
    } else {
      operand_t<T> first = x, second = y;
      if constexpr (requires { Op::value(first, second); })
        out = static_cast<T>(Op::value(first, second));
      else
        out = static_cast<T>(Op::definition(first, second));
    }
  }
};
template <>
struct plain_step<op::add, 2> {
  template <class T, class Numbers>
  TYPEGRAD_INLINE static constexpr void run(T& out, const T& x, const T& y, const state<T, Numbers>&) {
    out = static_cast<T>(x + y);
  }
};
template <>
struct plain_step<op::multiply, 2> {
  template <class T, class Numbers>
  TYPEGRAD_INLINE static constexpr void run(T& out, const T& x, const T& y, const state<T, Numbers>&) {
    out = static_cast<T>(x * y);
  }
};
template <>
struct plain_step<op::divide, 2> {
  template <class T, class Numbers>
  TYPEGRAD_INLINE static constexpr void run(T& out, const T& x, const T& y, const state<T, Numbers>&) {
    out = static_cast<T>(x / y);
  }
};
template <>
struct plain_step<op::negate, 1> {
  template <class T, class Numbers>
  TYPEGRAD_INLINE static constexpr void run(T& out, const T& x, const T&, const state<T, Numbers>&) {
    out = static_cast<T>(-x);
  }
};

template <std::int64_t N, std::int64_t D, int E>
struct constant_step {
  template <class T, class Numbers>
  TYPEGRAD_INLINE static constexpr void run(T& out, const T&, const T&, const state<T, Numbers>&) {
    out = constant_as<T, N, D, E>();
  }
};

template <std::int64_t N, std::int64_t D, int E>
struct power_step {
  template <class T, class Numbers>
  TYPEGRAD_INLINE static constexpr void run(T& out, const T& x, const T&, const state<T, Numbers>&) {
    operand_t<T> base = x;
    out = power_as<T, N, D, E>(base);
  }
};

template <int Position>
struct input_step {
  template <class T, class Numbers>
  TYPEGRAD_INLINE static constexpr void run(T& out, const T&, const T&, const state<T, Numbers>& s) {
    out = s.in[Position];
  }
};

template <int Slot>
struct captured_step {
  template <class T, class Numbers>
  TYPEGRAD_INLINE static constexpr void run(T& out, const T&, const T&, const state<T, Numbers>& s) {
    out = number_as<T>(Numbers::template at<Slot>(s.numbers));
  }
};

template <kind What>
struct step_maker {
  template <class Tag, int I>
  using type =
      plain_step<operation_at<Tag, I>, (code<Tag>::graph.count[I] < 2 ? code<Tag>::graph.count[I] : 2)>;
};
template <template <std::int64_t, std::int64_t, int> class Step, class Tag, int Constant>
using step_with_constant = Step<code<Tag>::graph.numerator[Constant], code<Tag>::graph.denominator[Constant],
                                code<Tag>::graph.exponent[Constant]>;
template <>
struct step_maker<kind::constant> {
  template <class Tag, int I>
  using type = step_with_constant<constant_step, Tag, code<Tag>::graph.first[I]>;
};
template <>
struct step_maker<kind::power> {
  template <class Tag, int I>
  using type =
      step_with_constant<power_step, Tag,
                         code<Tag>::graph.first[code<Tag>::graph.operand[code<Tag>::graph.first[I] + 1]]>;
};
template <>
struct step_maker<kind::variable> {
  template <class Tag, int I>
  using type = input_step<code<Tag>::inputs.of[I]>;
};
template <>
struct step_maker<kind::captured> {
  template <class Tag, int I>
  using type = captured_step<I>;
};
template <class Tag, int I>
using step_at = typename step_maker<code<Tag>::graph.op[I]->what>::template type<Tag, I>;

}  // namespace detail

}  // namespace tg

#include "../support/compiler/end.hpp"
