// SPDX-License-Identifier: BSL-1.0
// Straight-line evaluation. A program is a small tag type that stands for a finished graph, and it is run
// step by step (lower/steps.hpp). Nothing here has the whole graph among its template arguments, so symbols
// stay short.
#pragma once
#include "../support/compiler/begin.hpp"

#include "../primitive/condition.hpp"
#include "../support/select.hpp"
#include "shared_calls.hpp"

namespace tg {

namespace detail {

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

template <class Tag, int Block, class T, class Numbers>
constexpr void run_block(T* frame, const state<T, Numbers>& s);

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
