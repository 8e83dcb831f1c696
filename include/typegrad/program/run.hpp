// SPDX-License-Identifier: BSL-1.0
// Straight-line evaluation. A program is a small tag type that stands for a finished graph; `run` expands into one step per node.
// Nothing here has the whole graph among its template arguments, so symbols stay short.
#pragma once

#include "../formula/formula.hpp"
#include "../pass/blocks.hpp"
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
  static constexpr const auto& graph = result<request>::graph;
  static constexpr auto plan = find_blocks<graph.nodes>(graph);
};

template <class Tag, int I>
using operation_at = operation_of<code<Tag>::graph.node[I].op>;

/// One primitive of Count operands on values in the frame.
template <class Op, int Count>
struct step {
  template <class T>
  TYPEGRAD_INLINE static constexpr T run(const T* frame, const int* args) {
    if constexpr (Count == 0) return Op::template value<T>();
    else if constexpr (Count == 1) return static_cast<T>(Op::value(frame[args[0]]));
    else if constexpr (Count == 2) return static_cast<T>(Op::value(frame[args[0]], frame[args[1]]));
    else return [&]<int... K>(std::integer_sequence<int, K...>) TYPEGRAD_LAMBDA_INLINE {
      return static_cast<T>(Op::value(frame[args[K]]...));
    }(std::make_integer_sequence<int, Count>{});
  }
};
template <int Count>
struct step<op::add, Count> {
  template <class T>
  TYPEGRAD_INLINE static constexpr T run(const T* frame, const int* args) {
    T sum = frame[args[0]];
    for (int k = 1; k < Count; ++k) sum = static_cast<T>(sum + frame[args[k]]);
    return sum;
  }
};
template <int Count>
struct step<op::multiply, Count> {
  template <class T>
  TYPEGRAD_INLINE static constexpr T run(const T* frame, const int* args) {
    T product = frame[args[0]];
    for (int k = 1; k < Count; ++k) product = static_cast<T>(product * frame[args[k]]);
    return product;
  }
};

/// A primitive whose value is its definition, or its value function.
template <class Op>
struct evaluate {};

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

/// Evaluates node I into its place in the frame.
template <class Tag, int I, class T, class Numbers>
TYPEGRAD_INLINE constexpr void run_node(T* frame, [[maybe_unused]] const T* in, [[maybe_unused]] const Numbers& numbers) {
  constexpr const auto& graph = code<Tag>::graph;
  constexpr auto& node = graph.node[I];
  if constexpr (node.op->what == kind::constant) frame[I] = constant_as<T, node.value.n, node.value.d, node.value.e>();
  else if constexpr (node.op->what == kind::captured) frame[I] = number_as<T>(Numbers::template at<I>(numbers));
  else if constexpr (node.op->what == kind::variable) frame[I] = in[code<Tag>::request::position(node.op->name)];
  else if constexpr (node.op->what == kind::power) {
    constexpr auto& k = graph.node[graph.arg(I, 1)].value;
    frame[I] = power_as<T, k.n, k.d, k.e>(frame[graph.arg(I, 0)]);
  } else {
    constexpr int side = code<Tag>::plan.side[I], x = graph.arg(I, 1), y = graph.arg(I, 2);
    const auto c = condition<Tag, graph.arg(I, 0)>(static_cast<const T*>(frame));
    if constexpr (requires { c ? 1 : 0; }) {
      if (c) {
        run_block<Tag, side>(frame, in, numbers);
        frame[I] = frame[x];
      } else {
        run_block<Tag, side + 1>(frame, in, numbers);
        frame[I] = frame[y];
      }
    } else {  // a mask: both sides, lane by lane
      run_block<Tag, side>(frame, in, numbers);
      run_block<Tag, side + 1>(frame, in, numbers);
      frame[I] = select(c, frame[x], frame[y]);
    }
  }
}

/// The nodes that need more than their operands' values to be evaluated.
constexpr bool is_special(const packed_node& v) {
  const kind what = v.op->what;
  return what == kind::constant || what == kind::captured || what == kind::variable || what == kind::power || what == kind::where;
}

template <bool Special>
struct runner {
  template <class Tag, int I, class T, class Numbers>
  TYPEGRAD_INLINE static constexpr void run(T* frame, const T*, const Numbers&) {
    frame[I] = step<operation_at<Tag, I>, code<Tag>::graph.node[I].count>::run(static_cast<const T*>(frame),
                                                                               code<Tag>::graph.operand + code<Tag>::graph.node[I].first);
  }
};
template <>
struct runner<true> {
  template <class Tag, int I, class T, class Numbers>
  TYPEGRAD_INLINE static constexpr void run(T* frame, const T* in, const Numbers& numbers) {
    run_node<Tag, I>(frame, in, numbers);
  }
};

// clang's fold expressions stop at 256 terms; a list in braces does not.
template <class Tag, int First, class T, class Numbers, int... K>
TYPEGRAD_INLINE constexpr void run_some(T* frame, const T* in, const Numbers& numbers, std::integer_sequence<int, K...>) {
  [[maybe_unused]] const char done[] = {
      (runner<is_special(code<Tag>::graph.node[code<Tag>::plan.order[First + K]])>::template run<Tag, code<Tag>::plan.order[First + K]>(frame, in, numbers),
       '\0')...,
      '\0'};
}

template <class Tag, int Block, class T, class Numbers>
TYPEGRAD_INLINE constexpr void run_block(T* frame, const T* in, const Numbers& numbers) {
  constexpr int first = code<Tag>::plan.begin[Block], end = code<Tag>::plan.begin[Block + 1];
  run_some<Tag, first>(frame, in, numbers, std::make_integer_sequence<int, end - first>{});
}

}  // namespace detail

}  // namespace tg
