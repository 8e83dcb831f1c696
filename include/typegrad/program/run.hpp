// SPDX-License-Identifier: BSL-1.0
// Straight-line evaluation. A program is a small tag type that stands for a finished graph, and it is run
// step by step (lower/steps.hpp). Nothing here has the whole graph among its template arguments, so symbols
// stay short.
#pragma once
#include "../support/compiler/begin.hpp"

#include "../formula/symbol.hpp"
#include "../lower/interleave.hpp"
#include "../lower/steps.hpp"
#include "../primitive/condition.hpp"
#include "../support/compiler/attributes.hpp"
#include "../support/select.hpp"
#include "constant.hpp"
#include "shared_calls.hpp"

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

template <class Tag, int I, class T>
constexpr auto as_number(const T* frame);

/// A condition: evaluated where it is used, as a bool or a mask.
template <class Tag, int I, class T>
TYPEGRAD_INLINE constexpr auto condition(const T* frame) {
  constexpr const auto& graph = code<Tag>::graph;
  if constexpr (graph.op[I]->what != kind::condition)
    return frame[number<code<Tag>::steps.place[I]>] != T(0);
  else if constexpr (std::same_as<operation_at<Tag, I>, op::logical_not>)
    return !condition<Tag, graph.arg(I, 0), T>(frame);
  else if constexpr (std::same_as<operation_at<Tag, I>, op::logical_and>)
    return condition<Tag, graph.arg(I, 0), T>(frame) && condition<Tag, graph.arg(I, 1), T>(frame);
  else if constexpr (std::same_as<operation_at<Tag, I>, op::logical_or>)
    return condition<Tag, graph.arg(I, 0), T>(frame) || condition<Tag, graph.arg(I, 1), T>(frame);
  else
    return operation_at<Tag, I>::value(as_number<Tag, graph.arg(I, 0)>(frame),
                                       as_number<Tag, graph.arg(I, 1)>(frame));
}

/// A node's value as a number; a condition, which has no place in the frame, counts as 1 where it holds and
/// as 0 elsewhere.
template <class Tag, int I, class T>
TYPEGRAD_INLINE constexpr auto as_number(const T* frame) {
  if constexpr (code<Tag>::graph.op[I]->what == kind::condition)
    return select(condition<Tag, I>(frame), T(1), T(0));
  else
    return frame[number<code<Tag>::steps.place[I]>];
}

/// What a program is run on.
template <class T, class Numbers>
struct state {
  const T* in;
  const Numbers& numbers;
};

template <class Tag, int Block, class T, class Numbers>
constexpr void run_block(T* frame, const state<T, Numbers>& s);

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

/// Choice I, and those that are made with it.
template <class Tag, int I>
struct choice_step {
  template <class T, class Numbers>
  TYPEGRAD_INLINE static constexpr void run(T* frame, T*, const state<T, Numbers>& s) {
    constexpr int side = code<Tag>::plan.side[I];
    const auto c = condition<Tag, code<Tag>::graph.arg(I, 0)>(static_cast<const T*>(frame));
    if constexpr (requires { c ? 1 : 0; }) {
      if (c) {
        run_block<Tag, side>(frame, s);
        take<I, 1>(frame);
      } else {
        run_block<Tag, side + 1>(frame, s);
        take<I, 2>(frame);
      }
    } else {  // a mask: both sides, lane by lane
      run_block<Tag, side>(frame, s);
      run_block<Tag, side + 1>(frame, s);
      blend<I>(frame, c);
    }
  }

 private:
  template <int Choice, int Side, class T>
  TYPEGRAD_INLINE static constexpr void take(T* frame) {
    frame[number<code<Tag>::steps.place[Choice]>] =
        as_number<Tag, code<Tag>::graph.arg(Choice, Side)>(static_cast<const T*>(frame));
    if constexpr (code<Tag>::plan.next[Choice] >= 0) take<code<Tag>::plan.next[Choice], Side>(frame);
  }
  template <int Choice, class T, class Mask>
  TYPEGRAD_INLINE static constexpr void blend(T* frame, const Mask& c) {
    const T* const values = frame;
    frame[number<code<Tag>::steps.place[Choice]>] =
        select(c, as_number<Tag, code<Tag>::graph.arg(Choice, 1)>(values),
               as_number<Tag, code<Tag>::graph.arg(Choice, 2)>(values));
    if constexpr (code<Tag>::plan.next[Choice] >= 0) blend<code<Tag>::plan.next[Choice]>(frame, c);
  }
};

/// Node I, which reads conditions as numbers or has more than two operands.
template <class Tag, int I>
struct frame_step {
  template <class T, class Numbers>
  TYPEGRAD_INLINE static constexpr void run(T* frame, T*, const state<T, Numbers>& s) {
    run(frame, s, std::make_integer_sequence < int,
        code<Tag>::graph.op[I]->what == kind::power ? 1 : code<Tag>::graph.count[I] > {});
  }

 private:
  using operation = operation_at<Tag, I>;
  static constexpr kind what = code<Tag>::graph.op[I]->what;
  template <class T, class Numbers, int... K>
  TYPEGRAD_INLINE static constexpr void run(T* frame, [[maybe_unused]] const state<T, Numbers>& s,
                                            std::integer_sequence<int, K...>) {
    const T operands[] = {as_number<Tag, code<Tag>::graph.arg(I, K)>(static_cast<const T*>(frame))...};
    T& out = frame[number<code<Tag>::steps.place[I]>];
    if constexpr (what == kind::add || what == kind::multiply) {
      out = operands[0];
      [[maybe_unused]] const char done[] = {
          (K > 0 ? step_at<Tag, I>::run(out, out, operands[K], s) : void(), '\0')...};
    } else if constexpr (sizeof...(K) <= 2) {
      step_at<Tag, I>::run(out, operands[0], operands[sizeof...(K) - 1], s);
    } else if constexpr (requires { operation::value(operands[K]...); }) {
      out = static_cast<T>(operation::value(operands[K]...));
    } else {
      out = static_cast<T>(operation::definition(operands[K]...));
    }
  }
};

/// Calls number Group that are made together.
template <class Tag, int Group>
struct shared_step {
  template <class T, class Numbers>
  TYPEGRAD_INLINE static constexpr void run(T* frame, T*, const state<T, Numbers>& s) {
    run(frame, s, std::make_integer_sequence<int, code<Tag>::plan.shared_end[Group] - first>{});
  }

 private:
  static constexpr int first = code<Tag>::plan.shared_begin[Group];
  template <int K>
  static constexpr int node = code<Tag>::plan.order[first + K];
  template <int K>
  static constexpr int from = code<Tag>::steps.place[code<Tag>::graph.arg(node<K>, 0)];
  template <int K>
  static constexpr int to = code<Tag>::steps.place[node<K>];

  template <class T, class Numbers, int... K>
  TYPEGRAD_INLINE static constexpr void run(T* frame, const state<T, Numbers>& s,
                                            std::integer_sequence<int, K...>) {
    if constexpr (std::same_as<T, float> || std::same_as<T, double>) {
      if (!std::is_constant_evaluated()) {
        shared_numbers<T, sizeof...(K)> values{{frame[from<K>]...}};
        values.template call<in_lanes<operation_at<Tag, node<0>>>>();
        ((frame[to<K>] = values.number[K]), ...);
        return;
      }
    }
    (step_at<Tag, node<K>>::run(frame[to<K>], frame[from<K>], frame[from<K>], s), ...);
  }
};

// A step that reads nothing gets its own result, which is not there yet, for its operands.
TYPEGRAD_STEPS_BEGIN

/// The steps from First on, which read the places in the table from Read on and write those from Written on.
template <class Tag, int First, int Read, int Written, class Reads, class Steps, class Writes>
struct steps_part;
template <class Tag, int First, int Read, int Written, int... I, int... K, int... O>
struct steps_part<Tag, First, Read, Written, std::integer_sequence<int, I...>,
                  std::integer_sequence<int, K...>, std::integer_sequence<int, O...>> {
  template <class T, class Numbers>
  TYPEGRAD_INLINE static constexpr void run([[maybe_unused]] T* frame, [[maybe_unused]] T* group_frame,
                                            const state<T, Numbers>& s) {
    T own[sizeof...(K) + sizeof...(I)];
    ((own[sizeof...(K) + I] =
          (number<code<Tag>::steps.from[Read + I]> < 0 ? group_frame
                                                       : frame)[within<code<Tag>::steps.from[Read + I]>]),
     ...);
    (step_at<Tag, code<Tag>::steps.node[First + K]>::run(own[K], own[number<code<Tag>::steps.x[First + K]>],
                                                         own[number<code<Tag>::steps.y[First + K]>], s),
     ...);
    (((number<code<Tag>::steps.to[Written + O]> < 0 ? group_frame
                                                    : frame)[within<code<Tag>::steps.to[Written + O]>] =
          own[number<code<Tag>::steps.kept[Written + O]>]),
     ...);
  }
};
TYPEGRAD_STEPS_END

/// Part number Part of a program; Alone is what the table of steps says of it.
template <class Tag, int Part, int Alone>
constexpr auto find_part() {
  if constexpr (Alone < -1)
    return std::type_identity<shared_step<Tag, -2 - Alone>>{};
  else if constexpr (Alone < 0)
    return std::type_identity<steps_part<
        Tag, code<Tag>::steps.begin[Part], code<Tag>::steps.reads[Part], code<Tag>::steps.writes[Part],
        std::make_integer_sequence<int, code<Tag>::steps.reads[Part + 1] - code<Tag>::steps.reads[Part]>,
        std::make_integer_sequence<int, code<Tag>::steps.begin[Part + 1] - code<Tag>::steps.begin[Part]>,
        std::make_integer_sequence<int,
                                   code<Tag>::steps.writes[Part + 1] - code<Tag>::steps.writes[Part]>>>{};
  else if constexpr (code<Tag>::graph.op[Alone]->what == kind::where)
    return std::type_identity<choice_step<Tag, Alone>>{};
  else
    return std::type_identity<frame_step<Tag, Alone>>{};
}
template <class Tag, int Part>
using part_at = typename decltype(find_part<Tag, Part, code<Tag>::steps.alone[Part]>())::type;

/// The parts of a block.
template <class Tag, int Block>
using parts_of =
    std::make_integer_sequence<int, code<Tag>::steps.block[Block + 1] - code<Tag>::steps.block[Block]>;

// clang's fold expressions stop at 256 terms; a list in braces does not.

template <class Tag, int First, class T, class Numbers, int... Part>
TYPEGRAD_INLINE constexpr void run_parts([[maybe_unused]] T* frame,
                                         [[maybe_unused]] const state<T, Numbers>& s,
                                         std::integer_sequence<int, Part...>) {
  [[maybe_unused]] const char done[] = {(part_at<Tag, First + Part>::run(frame, frame, s), '\0')..., '\0'};
}

template <class Tag, int Block, class T, class Numbers>
TYPEGRAD_INLINE constexpr void run_block(T* frame, const state<T, Numbers>& s) {
  run_parts<Tag, code<Tag>::steps.block[Block]>(frame, s, parts_of<Tag, Block>{});
}

}  // namespace detail

}  // namespace tg

#include "../support/compiler/end.hpp"
