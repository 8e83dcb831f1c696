// SPDX-License-Identifier: BSL-1.0
// Straight-line evaluation. A program is a small tag type that stands for a finished graph; `run` expands into one step per node.
// Nothing here has the whole graph among its template arguments, so symbols stay short.
#pragma once

#include "../formula/formula.hpp"
#include "../pass/blocks.hpp"
#include "../primitive/condition.hpp"
#include "../support/config.hpp"
#include "../support/select.hpp"
#include "constant.hpp"

namespace tg {

/// Stands for a program: the hash of everything in it, and the user's primitives, whose types may be local to a file.
template <std::uint64_t High, std::uint64_t Low, class... Primitives>
struct program_tag {};

namespace detail {

#pragma GCC diagnostic push
#if !defined(__clang__)
#pragma GCC diagnostic ignored "-Wnon-template-friend"
#endif
template <class Tag>
struct program_of {
  friend constexpr auto program(program_of);
};
#pragma GCC diagnostic pop

template <class Tag, class Request>
struct bind_program {
  friend constexpr auto program(program_of<Tag>) { return std::type_identity<Request>{}; }
};

/// What a tag stands for: its graph, and the order of evaluation.
template <class Tag>
struct code {
  using request = typename decltype(program(program_of<Tag>{}))::type;
  static constexpr auto& graph = result<request>::graph;
  static constexpr auto plan = find_blocks<graph.nodes>(graph);
  /// The operands once more, because a program reads them and the name of `graph` is long.
  struct operand_table {
    int at[graph.operands + 1];
  };
  static constexpr operand_table operands = [] {
    operand_table table{};
    for (int entry = 0; entry < graph.operands; ++entry) table.at[entry] = graph.operand[entry];
    return table;
  }();
};

template <class Tag, int I>
using operation_at = operation_of<code<Tag>::graph.node[I].op>;

/// One primitive of Count operands on values in the frame.
template <class Op, int Count>
struct step {
  template <class T>
  TYPEGRAD_INLINE static constexpr T run(const T* frame, const int* args) {
    if constexpr (Count == 0) return Op::template value<T>();
    else return with(frame, args, std::make_integer_sequence<int, Count>{});
  }

 private:
  template <class T, int... K>
  TYPEGRAD_INLINE static constexpr T with(const T* frame, const int* args, std::integer_sequence<int, K...>) {
    if constexpr (HasDefinition<Op> && !requires { Op::value(frame[args[K]]...); }) return static_cast<T>(Op::definition(frame[args[K]]...));
    else return static_cast<T>(Op::value(frame[args[K]]...));
  }
};
// A loop that stays a loop would index the frame by a variable, and g++ would keep the whole frame in memory.
template <int Count>
struct step<op::add, Count> {
  template <class T>
  TYPEGRAD_INLINE static constexpr T run(const T* frame, const int* args) {
    T sum = frame[args[0]];
#pragma GCC unroll 65534
    for (int k = 1; k < Count; ++k) sum = static_cast<T>(sum + frame[args[k]]);
    return sum;
  }
};
template <int Count>
struct step<op::multiply, Count> {
  template <class T>
  TYPEGRAD_INLINE static constexpr T run(const T* frame, const int* args) {
    T product = frame[args[0]];
#pragma GCC unroll 65534
    for (int k = 1; k < Count; ++k) product = static_cast<T>(product * frame[args[k]]);
    return product;
  }
};

/// A condition: evaluated where it is used, as a bool or a mask.
template <class Tag, int I, class T>
TYPEGRAD_INLINE constexpr auto condition(const T* frame) {
  constexpr const auto& graph = code<Tag>::graph;
  constexpr auto& node = graph.node[I];
  if constexpr (node.op->what != kind::condition) return frame[I] != T(0);
  else if constexpr (std::same_as<operation_at<Tag, I>, op::logical_not>) return !condition<Tag, graph.arg(I, 0), T>(frame);
  else if constexpr (std::same_as<operation_at<Tag, I>, op::logical_and>)
    return condition<Tag, graph.arg(I, 0), T>(frame) && condition<Tag, graph.arg(I, 1), T>(frame);
  else if constexpr (std::same_as<operation_at<Tag, I>, op::logical_or>)
    return condition<Tag, graph.arg(I, 0), T>(frame) || condition<Tag, graph.arg(I, 1), T>(frame);
  else return operation_at<Tag, I>::value(frame[graph.arg(I, 0)], frame[graph.arg(I, 1)]);
}

template <class Tag, int Block, class T, class Numbers>
constexpr void run_block(T* frame, const T* in, const Numbers& numbers);

// One step per node. A step is a struct that depends on the primitive, or on a constant's value, but not on the node: the same few
// functions serve all nodes, and the node's place and operands are arguments that the optimizer knows. A function per node would
// take most of the compile time.

template <class Op, int Count>
struct plain_step {
  template <class T, class Numbers>
  TYPEGRAD_INLINE static constexpr void run(T* frame, int i, const int* args, const T*, const Numbers&) {
    frame[i] = step<Op, Count>::run(static_cast<const T*>(frame), args);
  }
};

template <std::int64_t N, std::int64_t D, int E>
struct constant_step {
  template <class T, class Numbers>
  TYPEGRAD_INLINE static constexpr void run(T* frame, int i, const int*, const T*, const Numbers&) {
    frame[i] = constant_as<T, N, D, E>();
  }
};

template <std::int64_t N, std::int64_t D, int E>
struct power_step {
  template <class T, class Numbers>
  TYPEGRAD_INLINE static constexpr void run(T* frame, int i, const int* args, const T*, const Numbers&) {
    frame[i] = power_as<T, N, D, E>(frame[args[0]]);
  }
};

template <int Position>
struct input_step {
  template <class T, class Numbers>
  TYPEGRAD_INLINE static constexpr void run(T* frame, int i, const int*, const T* in, const Numbers&) {
    frame[i] = in[Position];
  }
};

template <int Slot>
struct captured_step {
  template <class T, class Numbers>
  TYPEGRAD_INLINE static constexpr void run(T* frame, int i, const int*, const T*, const Numbers& numbers) {
    frame[i] = number_as<T>(Numbers::template at<Slot>(numbers));
  }
};

template <class Tag, int I>
struct choice_step {
  template <class T, class Numbers>
  TYPEGRAD_INLINE static constexpr void run(T* frame, int, const int* args, const T* in, const Numbers& numbers) {
    constexpr int side = code<Tag>::plan.side[I];
    const auto c = condition<Tag, code<Tag>::graph.arg(I, 0)>(static_cast<const T*>(frame));
    if constexpr (requires { c ? 1 : 0; }) {
      if (c) {
        run_block<Tag, side>(frame, in, numbers);
        frame[I] = frame[args[1]];
      } else {
        run_block<Tag, side + 1>(frame, in, numbers);
        frame[I] = frame[args[2]];
      }
    } else {  // a mask: both sides, lane by lane
      run_block<Tag, side>(frame, in, numbers);
      run_block<Tag, side + 1>(frame, in, numbers);
      frame[I] = select(c, frame[args[1]], frame[args[2]]);
    }
  }
};

template <kind What>
struct step_maker {
  template <class Tag, int I>
  using type = plain_step<operation_at<Tag, I>, code<Tag>::graph.node[I].count>;
};
template <>
struct step_maker<kind::constant> {
  template <class Tag, int I>
  using type = constant_step<code<Tag>::graph.node[I].value.n, code<Tag>::graph.node[I].value.d, code<Tag>::graph.node[I].value.e>;
};
template <>
struct step_maker<kind::power> {
  template <class Tag, int I>
  using type = power_step<code<Tag>::graph.node[code<Tag>::graph.operand[code<Tag>::graph.node[I].first + 1]].value.n,
                          code<Tag>::graph.node[code<Tag>::graph.operand[code<Tag>::graph.node[I].first + 1]].value.d,
                          code<Tag>::graph.node[code<Tag>::graph.operand[code<Tag>::graph.node[I].first + 1]].value.e>;
};
template <>
struct step_maker<kind::variable> {
  template <class Tag, int I>
  using type = input_step<code<Tag>::request::position(code<Tag>::graph.node[I].op->name)>;
};
template <>
struct step_maker<kind::captured> {
  template <class Tag, int I>
  using type = captured_step<I>;
};
template <>
struct step_maker<kind::where> {
  template <class Tag, int I>
  using type = choice_step<Tag, I>;
};

template <class Tag, int I>
using step_at = typename step_maker<code<Tag>::graph.node[I].op->what>::template type<Tag, I>;

// clang's fold expressions stop at 256 terms; a list in braces does not.
// Places and offsets go through `number`, a constant in a template argument: as plain expressions they would make g++ 12 copy the
// whole graph for each of them.
template <int V>
inline constexpr int number = V;

template <class Tag, int First, class T, class Numbers, int... K>
TYPEGRAD_INLINE constexpr void run_some([[maybe_unused]] T* frame, [[maybe_unused]] const int* operands, [[maybe_unused]] const T* in,
                                        [[maybe_unused]] const Numbers& numbers, std::integer_sequence<int, K...>) {
  [[maybe_unused]] const char done[] = {
      (step_at<Tag, code<Tag>::plan.order[First + K]>::run(frame, number<code<Tag>::plan.order[First + K]>,
                                                           operands + number<code<Tag>::graph.node[code<Tag>::plan.order[First + K]].first>, in, numbers),
       '\0')...,
      '\0'};
}

template <class Tag, int Block, class T, class Numbers>
TYPEGRAD_INLINE constexpr void run_block(T* frame, const T* in, const Numbers& numbers) {
  constexpr int first = code<Tag>::plan.begin[Block], end = code<Tag>::plan.begin[Block + 1];
  run_some<Tag, first>(frame, code<Tag>::operands.at, in, numbers, std::make_integer_sequence<int, end - first>{});
}

}  // namespace detail

}  // namespace tg
