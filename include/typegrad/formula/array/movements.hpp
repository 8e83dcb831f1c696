// SPDX-License-Identifier: BSL-1.0
// Other arrangements of the same elements: reshape, broadcast, slice, pad, concatenate, stack.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../../array/movement.hpp"
#include "calls.hpp"

namespace tg {

namespace detail {

template <auto... Extents>
constexpr int shape_list(builder& b) {
  buffer<extent> extents;
  (extents.push_back(as_extent(spelled_extent<Extents>())), ...);
  return b.lists.find(extents);
}
/// The product of the known extents; the run-time ones must be the same in both shapes, as often.
constexpr bool same_elements(const builder& b, int x, int y) {
  std::int64_t p = 1, q = 1;
  int named = 0;
  for (int k = 0; k < b.lists.rank(x); ++k)
    b.lists.at(x, k).name != nullptr ? void(++named) : void(p *= b.lists.at(x, k).size);
  for (int k = 0; k < b.lists.rank(y); ++k) {
    const extent e = b.lists.at(y, k);
    if (e.name == nullptr) {
      q *= e.size;
      continue;
    }
    bool there = false;
    for (int j = 0; j < b.lists.rank(x); ++j) there = there || b.lists.at(x, j) == e;
    if (!there) return false;
    --named;
  }
  return p == q && named == 0;
}

/// A length that the others imply.
constexpr extent implied{-1, nullptr};
template <auto Given>
constexpr extent reshaped_extent() {
  if constexpr (requires { requires Given == -1; })
    return implied;
  else
    return as_extent(spelled_extent<Given>());
}
/// Sets the implied length to what the other extents leave of a shape's elements: a number, or a run-time
/// extent; if they leave neither, it stays.
constexpr void imply(const builder& b, int shape, buffer<extent>& to) {
  std::int64_t before = 1, after = 1;
  buffer<extent> left;
  for (int k = 0; k < b.lists.rank(shape); ++k)
    if (const extent e = b.lists.at(shape, k); e.name != nullptr)
      left.push_back(e);
    else
      before *= e.size;
  extent* place = nullptr;
  for (extent& e : to)
    if (e == implied)
      place = &e;
    else if (e.name == nullptr)
      after *= e.size;
    else
      for (extent& own : left)
        if (own == e) own = left[--left.used];
  if (place == nullptr || before % after != 0) return;
  if (left.used == 0) *place = as_extent(static_cast<int>(before / after));
  if (left.used == 1 && before == after) *place = left[0];
}

template <auto... Extents>
struct reshape_call {
  static constexpr int build(builder& b, const buffer<int>& args) {
    const int from = b.shape(args[0]);
    buffer<extent> extents;
    (extents.push_back(reshaped_extent<Extents>()), ...);
    imply(b, from, extents);
    const int to = b.lists.find(extents);
    if (!same_elements(b, from, to)) return b.refuse_shapes("reshape", from, to), zero_node;
    return broadcast(b, reshape(b, args[0], to), to);
  }
};
template <auto... Extents>
struct broadcast_call {
  static constexpr int build(builder& b, const buffer<int>& args) {
    const int to = shape_list<Extents...>(b);
    if (join_shapes(b, b.shape(args[0]), to) != to)
      return b.refuse_shapes("broadcast", b.shape(args[0]), to), zero_node;
    return broadcast(b, args[0], to);
  }
};

/// An axis of an operand, counted from the front; -1 where it does not exist.
constexpr int axis_of(builder& b, std::string_view function, int shape, int axis) {
  const int rank = b.lists.rank(shape);
  if (axis < -rank || axis >= rank) return b.refuse_axis(function, shape, axis), -1;
  return axis < 0 ? axis + rank : axis;
}

template <int Axis, int First, int Last>
struct slice_call {
  static constexpr int build(builder& b, const buffer<int>& args) {
    const int axis = axis_of(b, "slice", b.shape(args[0]), Axis);
    if (axis < 0) return zero_node;
    const extent own = b.lists.at(b.shape(args[0]), axis);
    if (First < 0 || Last <= First || (own.name == nullptr && Last > own.size))
      return b.refuse_shapes("slice", b.shape(args[0]), b.shape(args[0]), own, as_extent(Last)), zero_node;
    return slice(b, args[0], b.lists.rank(b.shape(args[0])), axis, First, as_extent(Last - First));
  }
};
template <int Axis, int Before, int After>
struct pad_call {
  static constexpr int build(builder& b, const buffer<int>& args) {
    const int axis = axis_of(b, "pad", b.shape(args[0]), Axis);
    if (axis < 0) return zero_node;
    const extent own = b.lists.at(b.shape(args[0]), axis);
    if (own.name != nullptr) return b.refuse_open_axis("pad", b.shape(args[0]), Axis), zero_node;
    return pad(b, args[0], axis, Before, as_extent(Before + own.size + After));
  }
};

template <int Axis>
struct concatenate_call {
  static constexpr int build(builder& b, const buffer<int>& args) {
    const int axis = axis_of(b, "concatenate", b.shape(args[0]), Axis);
    if (axis < 0) return zero_node;
    buffer<int> declared;
    buffer<extent> attribute;
    for (int x : args) {
      const int shape = b.shape(x);
      declared.push_back(shape);
      if (axis < b.lists.rank(shape) && b.lists.at(shape, axis).name != nullptr)
        return b.refuse_open_axis("concatenate", shape, Axis), zero_node;
      if (b.lists.rank(shape) != b.lists.rank(b.shape(args[0])) ||
          with_length(b, shape, axis, as_extent(1)) != with_length(b, b.shape(args[0]), axis, as_extent(1)))
        return b.refuse_shapes("concatenate", b.shape(args[0]), shape), zero_node;
    }
    attribute.push_back(as_extent(axis));
    const structural_call call{known<op::concatenate<>>, b.lists.find(attribute), args, declared};
    return broadcast(b, build_concatenation(b, call), infer_concatenation(b, call));
  }
};
template <int Axis>
struct stack_call {
  static constexpr int build(builder& b, const buffer<int>& args) {
    const int rank = b.lists.rank(b.shape(args[0])), axis = Axis < 0 ? Axis + rank + 1 : Axis;
    if (axis < 0 || axis > rank) return b.refuse_axis("stack", b.shape(args[0]), Axis), zero_node;
    buffer<int> layers;
    for (int x : args) {
      if (b.shape(x) != b.shape(args[0]))
        return b.refuse_shapes("stack", b.shape(args[0]), b.shape(x)), zero_node;
      buffer<extent> extents;
      for (int k = 0; k < rank; ++k) {
        if (k == axis) extents.push_back(as_extent(1));
        extents.push_back(b.lists.at(b.shape(x), k));
      }
      if (axis == rank) extents.push_back(as_extent(1));
      const int shape = b.lists.find(extents);
      layers.push_back(broadcast(b, reshape(b, x, shape), shape));
    }
    return concatenate_call<Axis>::build(b, layers);
  }
};

}  // namespace detail

/// The elements of x in row-major order in another shape: reshape<2, 6>(x). One length may be -1, for what
/// the others leave: reshape<tg::rows, -1>(x).
template <auto... Extents, Symbolic X>
constexpr auto reshape(const X& x) {
  static_assert(((detail::reshaped_extent<Extents>() == detail::implied) + ... + 0) <= 1,
                "typegrad: reshape: only one length can be -1, which stands for what the others leave.");
  return detail::call_structural<detail::reshape_call<Extents...>>(x);
}
/// x in a larger shape, by NumPy's rule: broadcast<4, 3>(x) repeats a row of 3 four times.
template <auto... Extents, Symbolic X>
constexpr auto broadcast(const X& x) {
  return detail::call_structural<detail::broadcast_call<Extents...>>(x);
}
/// The elements [First, Last) along an axis.
template <int Axis, int First, int Last, Symbolic X>
constexpr auto slice(const X& x) {
  static_assert(0 <= First && First < Last,
                "typegrad: slice: the part [First, Last) has at least one element, and they count from 0.");
  return detail::call_structural<detail::slice_call<Axis, First, Last>>(x);
}
/// Zeros before and after the elements along an axis whose length is a number.
template <int Axis, int Before, int After, Symbolic X>
constexpr auto pad(const X& x) {
  static_assert(Before >= 0 && After >= 0, "typegrad: pad: the numbers of zeros must not be negative.");
  return detail::call_structural<detail::pad_call<Axis, Before, After>>(x);
}
/// Arrays one after the other along an axis, where their lengths are numbers; their other extents are equal.
template <int Axis, class... X>
requires AnySymbolic<X...>
constexpr auto concatenate(const X&... x) {
  return detail::call_structural<detail::concatenate_call<Axis>>(x...);
}
/// Arrays of one shape side by side along a new axis.
template <int Axis, class... X>
requires AnySymbolic<X...>
constexpr auto stack(const X&... x) { return detail::call_structural<detail::stack_call<Axis>>(x...); }

}  // namespace tg

#include "../../support/compiler/end.hpp"
