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

namespace detail {

/// The kind, for the choice of its step, of a node that computes with conditions, such as (x < y) * z.
inline constexpr kind reads_conditions{255};

/// What a tag stands for: its graph, and the order of evaluation.
template <class Tag>
struct code {
  using request = noted<Tag>;
  static constexpr auto& graph = result<request>::graph;
  static constexpr auto plan = find_blocks<graph.nodes>(graph);
  /// The operands once more, because a program reads them and the name of `graph` is long.
  struct operand_table {
    int at[graph.operands + 1];
  };
  static constexpr operand_table operands = [] {
    operand_table filled{};
    for (int entry_id = 0; entry_id < graph.operands; ++entry_id) filled.at[entry_id] = graph.operand[entry_id];
    return filled;
  }();
  /// Each node's first two operands; the node itself where it has none, and the first one twice where it has no second.
  struct operand_pairs {
    int x[graph.nodes + 1], y[graph.nodes + 1];
  };
  static constexpr operand_pairs pairs = [] {
    operand_pairs filled{};
    for (int node_id = 0; node_id < graph.nodes; ++node_id) {
      filled.x[node_id] = graph.count[node_id] > 0 ? graph.operand[graph.first[node_id]] : node_id;
      filled.y[node_id] = graph.count[node_id] > 1 ? graph.operand[graph.first[node_id] + 1] : filled.x[node_id];
    }
    return filled;
  }();
  /// Which step a node takes: that of its kind, or `reads_conditions`.
  struct step_kinds {
    kind at[graph.nodes + 1];
  };
  static constexpr step_kinds kinds = [] {
    step_kinds filled{};
    for (int node_id = 0; node_id < graph.nodes; ++node_id) {
      const kind own_kind = filled.at[node_id] = graph.op[node_id]->what;
      if (own_kind == kind::where || own_kind == kind::condition) continue;
      for (int operand_place = 0; operand_place < graph.count[node_id]; ++operand_place)
        if (graph.op[graph.arg(node_id, operand_place)]->what == kind::condition) filled.at[node_id] = reads_conditions;
    }
    return filled;
  }();
};

template <class Tag, int I>
using operation_at = operation_of<code<Tag>::graph.op[I]>;

template <class Tag, int I, class T>
constexpr auto as_number(const T* frame);

/// A condition: evaluated where it is used, as a bool or a mask.
template <class Tag, int I, class T>
TYPEGRAD_INLINE constexpr auto condition(const T* frame) {
  constexpr const auto& graph = code<Tag>::graph;
  if constexpr (graph.op[I]->what != kind::condition) return frame[I] != T(0);
  else if constexpr (std::same_as<operation_at<Tag, I>, op::logical_not>) return !condition<Tag, graph.arg(I, 0), T>(frame);
  else if constexpr (std::same_as<operation_at<Tag, I>, op::logical_and>)
    return condition<Tag, graph.arg(I, 0), T>(frame) && condition<Tag, graph.arg(I, 1), T>(frame);
  else if constexpr (std::same_as<operation_at<Tag, I>, op::logical_or>)
    return condition<Tag, graph.arg(I, 0), T>(frame) || condition<Tag, graph.arg(I, 1), T>(frame);
  else return operation_at<Tag, I>::value(as_number<Tag, graph.arg(I, 0)>(frame), as_number<Tag, graph.arg(I, 1)>(frame));
}

/// A node's value as a number; a condition, which has no place in the frame, counts as 1 where it holds and as 0 elsewhere.
template <class Tag, int I, class T>
TYPEGRAD_INLINE constexpr auto as_number(const T* frame) {
  if constexpr (code<Tag>::graph.op[I]->what == kind::condition) return select(condition<Tag, I>(frame), T(1), T(0));
  else return frame[I];
}

/// What a program is run on.
template <class T, class Numbers>
struct state {
  T* frame;             // the value of each node
  const int* operands;  // of all nodes, see `code`
  const T* in;
  const Numbers& numbers;
};

template <class Tag, int Block, class T, class Numbers>
constexpr void run_block(const state<T, Numbers>& s);

// Places and offsets go through `number`, a constant in a template argument: as plain expressions they would make g++ 12 copy the
// whole graph for each of them.
template <int V>
inline constexpr int number = V;

// One step per node. A step is a struct that depends on the primitive, or on a constant's value, but not on the node: the same few
// functions serve all nodes, and the node's place `out` and its operands are arguments that the optimizer knows: `x` is the first one and
// `y` the second; the places of all are listed in the state's `operands` from `first` on. A function per node would take most of the compile time, and so would
// every further function that is called on the way.

/// A primitive. Written out per operand: a loop that stays a loop would index the frame by a variable, and g++ would keep the whole frame
/// in memory; and loops take both optimizers long.
template <class Op, class K>
struct plain_step;
template <class Op, int... K>
struct plain_step<Op, std::integer_sequence<int, K...>> {
  template <class T, class Numbers>
  TYPEGRAD_INLINE static constexpr void run(T& out, [[maybe_unused]] const T& x, [[maybe_unused]] const T& y, [[maybe_unused]] int first,
                                            [[maybe_unused]] const state<T, Numbers>& s) {
    if constexpr (sizeof...(K) == 0) out = Op::template value<T>();
    else if constexpr (HasDefinition<Op> && !requires { Op::value((static_cast<void>(K), x)...); })
      out = static_cast<T>(Op::definition(static_cast<const T&>(s.frame[s.operands[first + K]])...));
    else if constexpr (sizeof...(K) == 1) out = static_cast<T>(Op::value(x));
    else if constexpr (sizeof...(K) == 2) out = static_cast<T>(Op::value(x, y));
    else out = static_cast<T>(Op::value(static_cast<const T&>(s.frame[s.operands[first + K]])...));
  }
};
template <int First, int Second, int... K>
struct plain_step<op::add, std::integer_sequence<int, First, Second, K...>> {
  template <class T, class Numbers>
  TYPEGRAD_INLINE static constexpr void run(T& out, const T& x, const T& y, [[maybe_unused]] int first, [[maybe_unused]] const state<T, Numbers>& s) {
    if constexpr (sizeof...(K) == 0) {
      out = static_cast<T>(x + y);
    } else {
      T sum = static_cast<T>(x + y);
      [[maybe_unused]] const char done[] = {(static_cast<void>(sum = static_cast<T>(sum + s.frame[s.operands[first + K]])), '\0')...};
      out = sum;
    }
  }
};
template <int First, int Second, int... K>
struct plain_step<op::multiply, std::integer_sequence<int, First, Second, K...>> {
  template <class T, class Numbers>
  TYPEGRAD_INLINE static constexpr void run(T& out, const T& x, const T& y, [[maybe_unused]] int first, [[maybe_unused]] const state<T, Numbers>& s) {
    if constexpr (sizeof...(K) == 0) {
      out = static_cast<T>(x * y);
    } else {
      T product = static_cast<T>(x * y);
      [[maybe_unused]] const char done[] = {(static_cast<void>(product = static_cast<T>(product * s.frame[s.operands[first + K]])), '\0')...};
      out = product;
    }
  }
};
template <>
struct plain_step<op::divide, std::integer_sequence<int, 0, 1>> {
  template <class T, class Numbers>
  TYPEGRAD_INLINE static constexpr void run(T& out, const T& x, const T& y, int, const state<T, Numbers>&) {
    out = static_cast<T>(x / y);
  }
};
template <>
struct plain_step<op::negate, std::integer_sequence<int, 0>> {
  template <class T, class Numbers>
  TYPEGRAD_INLINE static constexpr void run(T& out, const T& x, const T&, int, const state<T, Numbers>&) {
    out = static_cast<T>(-x);
  }
};

template <std::int64_t N, std::int64_t D, int E>
struct constant_step {
  template <class T, class Numbers>
  TYPEGRAD_INLINE static constexpr void run(T& out, const T&, const T&, int, const state<T, Numbers>&) {
    out = constant_as<T, N, D, E>();
  }
};

template <std::int64_t N, std::int64_t D, int E>
struct power_step {
  template <class T, class Numbers>
  TYPEGRAD_INLINE static constexpr void run(T& out, const T& x, const T&, int, const state<T, Numbers>&) {
    out = power_as<T, N, D, E>(x);
  }
};

template <int Position>
struct input_step {
  template <class T, class Numbers>
  TYPEGRAD_INLINE static constexpr void run(T& out, const T&, const T&, int, const state<T, Numbers>& s) {
    out = s.in[Position];
  }
};

template <int Slot>
struct captured_step {
  template <class T, class Numbers>
  TYPEGRAD_INLINE static constexpr void run(T& out, const T&, const T&, int, const state<T, Numbers>& s) {
    out = number_as<T>(Numbers::template at<Slot>(s.numbers));
  }
};

/// Choice I, and those that are made with it.
template <class Tag, int I>
struct choice_step {
  template <class T, class Numbers>
  TYPEGRAD_INLINE static constexpr void run(T&, const T&, const T&, int, const state<T, Numbers>& s) {
    constexpr int side = code<Tag>::plan.side[I];
    const auto c = condition<Tag, code<Tag>::graph.arg(I, 0)>(static_cast<const T*>(s.frame));
    if constexpr (requires { c ? 1 : 0; }) {
      if (c) {
        run_block<Tag, side>(s);
        take<I, 1>(s.frame);
      } else {
        run_block<Tag, side + 1>(s);
        take<I, 2>(s.frame);
      }
    } else {  // a mask: both sides, lane by lane
      run_block<Tag, side>(s);
      run_block<Tag, side + 1>(s);
      blend<I>(s.frame, c);
    }
  }

 private:
  template <int Choice, int Side, class T>
  TYPEGRAD_INLINE static constexpr void take(T* frame) {
    frame[Choice] = as_number<Tag, code<Tag>::graph.arg(Choice, Side)>(static_cast<const T*>(frame));
    if constexpr (code<Tag>::plan.next[Choice] >= 0) take<code<Tag>::plan.next[Choice], Side>(frame);
  }
  template <int Choice, class T, class Mask>
  TYPEGRAD_INLINE static constexpr void blend(T* frame, const Mask& c) {
    const T* const values = frame;
    frame[Choice] = select(c, as_number<Tag, code<Tag>::graph.arg(Choice, 1)>(values), as_number<Tag, code<Tag>::graph.arg(Choice, 2)>(values));
    if constexpr (code<Tag>::plan.next[Choice] >= 0) blend<code<Tag>::plan.next[Choice]>(frame, c);
  }
};

template <kind What>
struct step_maker {
  template <class Tag, int I>
  using type = plain_step<operation_at<Tag, I>, std::make_integer_sequence<int, code<Tag>::graph.count[I]>>;
};
template <template <std::int64_t, std::int64_t, int> class Step, class Tag, int Constant>
using step_with_constant = Step<code<Tag>::graph.numerator[Constant], code<Tag>::graph.denominator[Constant], code<Tag>::graph.exponent[Constant]>;
template <>
struct step_maker<kind::constant> {
  template <class Tag, int I>
  using type = step_with_constant<constant_step, Tag, code<Tag>::graph.first[I]>;
};
template <>
struct step_maker<kind::power> {
  template <class Tag, int I>
  using type = step_with_constant<power_step, Tag, code<Tag>::graph.first[code<Tag>::graph.operand[code<Tag>::graph.first[I] + 1]]>;
};
template <>
struct step_maker<kind::variable> {
  template <class Tag, int I>
  using type = input_step<code<Tag>::request::position(code<Tag>::graph.op[I]->name)>;
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

/// Writes the conditions among the operands of node I into their places, then takes the step of the node's own kind.
template <class Tag, int I>
struct step_on_conditions {
  template <int Operand, class T>
  TYPEGRAD_INLINE static constexpr void write(T* frame) {
    if constexpr (code<Tag>::graph.op[Operand]->what == kind::condition) frame[Operand] = as_number<Tag, Operand>(static_cast<const T*>(frame));
  }
  template <class T, class Numbers>
  TYPEGRAD_INLINE static constexpr void run(T& out, const T& x, const T& y, int first, const state<T, Numbers>& s) {
    [&]<int... K>(std::integer_sequence<int, K...>) TYPEGRAD_LAMBDA_INLINE {
      (write<code<Tag>::graph.arg(I, K)>(s.frame), ...);
    }(std::make_integer_sequence<int, code<Tag>::graph.count[I]>{});
    step_maker<code<Tag>::graph.op[I]->what>::template type<Tag, I>::run(out, x, y, first, s);
  }
};
template <>
struct step_maker<reads_conditions> {
  template <class Tag, int I>
  using type = step_on_conditions<Tag, I>;
};

template <class Tag, int I>
using step_at = typename step_maker<code<Tag>::kinds.at[I]>::template type<Tag, I>;

// clang's fold expressions stop at 256 terms; a list in braces does not.

template <class Tag, int First, class T, class Numbers, int... K>
TYPEGRAD_INLINE constexpr void run_steps([[maybe_unused]] T* frame, [[maybe_unused]] const state<T, Numbers>& s,
                                         std::integer_sequence<int, K...>) {
  [[maybe_unused]] const char done[] = {
      (step_at<Tag, code<Tag>::plan.order[First + K]>::run(
           frame[number<code<Tag>::plan.order[First + K]>], frame[number<code<Tag>::pairs.x[code<Tag>::plan.order[First + K]]>],
           frame[number<code<Tag>::pairs.y[code<Tag>::plan.order[First + K]]>],
           number<code<Tag>::graph.first[code<Tag>::plan.order[First + K]]>, s),
       '\0')...,
      '\0'};
}

// The steps become one function, but through functions of 64 steps each: the time that g++ takes to inline into a function, and to
// look for the store that a load reads, grows faster than the number of its steps.
inline constexpr int part_size = 64;

template <class Tag, int First, int End, class T, class Numbers, int... K>
TYPEGRAD_INLINE constexpr void run_parts([[maybe_unused]] const state<T, Numbers>& s, std::integer_sequence<int, K...>) {
  [[maybe_unused]] const char done[] = {
      (run_steps<Tag, First + part_size * K>(
           s.frame, s, std::make_integer_sequence<int, (End - First - part_size * K < part_size ? End - First - part_size * K : part_size)>{}),
       '\0')...,
      '\0'};
}

template <class Tag, int Block, class T, class Numbers>
TYPEGRAD_INLINE constexpr void run_block(const state<T, Numbers>& s) {
  constexpr int first = code<Tag>::plan.begin[Block], end = code<Tag>::plan.begin[Block + 1];
  run_parts<Tag, first, end>(s, std::make_integer_sequence<int, (end - first + part_size - 1) / part_size>{});
}

}  // namespace detail

}  // namespace tg
