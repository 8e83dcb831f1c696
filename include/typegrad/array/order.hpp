// SPDX-License-Identifier: BSL-1.0
// Axes in the opposite order, and sums up to each element of an axis, whose derivative needs that.
#pragma once
#include "../support/compiler/begin.hpp"

#include "algebra.hpp"

namespace tg::detail {

/// x, taken in that shape, with the axes of a list reversed.
constexpr int flip(builder& b, int x, int shape, int axes);
/// The sums along the axis of a list of x, taken in that shape.
constexpr int cumsum(builder& b, int x, int shape, int axis);

constexpr int same_shape(builder&, const structural_call& call) { return call.declared[0]; }
constexpr int build_flip(builder& b, const structural_call& call) {
  return flip(b, call.args[0], call.declared[0], call.attribute);
}
constexpr int pull_flip(builder& b, const structural_call& call, int self, int, int adjoint) {
  return flip(b, adjoint, b.shape(self), call.attribute);
}
constexpr int push_flip(builder& b, const structural_call& call, int, int, int tangent) {
  return flip(b, tangent, call.declared[0], call.attribute);
}
constexpr int build_cumsum(builder& b, const structural_call& call) {
  return cumsum(b, call.args[0], call.declared[0], call.attribute);
}
constexpr int pull_cumsum(builder& b, const structural_call& call, int self, int, int adjoint) {
  const int shape = b.shape(self), axis = call.attribute;
  return flip(b, cumsum(b, flip(b, adjoint, shape, axis), shape, axis), shape, axis);
}
constexpr int push_cumsum(builder& b, const structural_call& call, int, int, int tangent) {
  return cumsum(b, tangent, call.declared[0], call.attribute);
}

}  // namespace tg::detail

namespace tg::op {

/// The elements along the axes in the opposite order.
template <auto... Axes>
struct flip : attributes_in_type {
  static constexpr std::string_view name = "flip";
};
template <>
struct flip<> {
  static constexpr std::string_view name = "flip";
  static constexpr bool built_in = true;
  static constexpr tg::facts facts{.calls = 0};
  static constexpr detail::structure shaped{.algebra = &detail::arrays_of_formulas,
                                            .attributes = detail::attributes_are::axes,
                                            .infer = &detail::same_shape,
                                            .construct = &detail::build_flip,
                                            .pull = &detail::pull_flip,
                                            .push = &detail::push_flip};
};
/// The sum of the elements up to each one along the axis.
template <auto... Axis>
struct cumsum : attributes_in_type {
  static constexpr std::string_view name = "cumsum";
};
template <>
struct cumsum<> {
  static constexpr std::string_view name = "cumsum";
  static constexpr bool built_in = true;
  static constexpr tg::facts facts{.calls = 0};
  static constexpr detail::structure shaped{.algebra = &detail::arrays_of_formulas,
                                            .infer = &detail::same_shape,
                                            .construct = &detail::build_cumsum,
                                            .pull = &detail::pull_cumsum,
                                            .push = &detail::push_cumsum};
};

}  // namespace tg::op

namespace tg::detail {

/// A linear primitive of one operand that keeps the shape.
constexpr int apply_along(builder& b, const record* op, int x, int axes) {
  buffer<int> args;
  args.push_back(x);
  return b.intern_structural(op, axes, b.shape(x), args);
}
constexpr int flip(builder& b, int x, int shape, int axes) {
  if (b.shape(x) == 0) return x;  // the same everywhere
  x = broadcast(b, x, shape);
  const int linear = with_number_outside(b, x, [&](int array) { return flip(b, array, shape, axes); });
  if (linear >= 0) return linear;
  const bool again = b[x].op == known<op::flip<>>;
  buffer<char> turned(b.lists.rank(shape));
  for (int list : {axes, again ? b.attribute(x) : 0})
    for (int k = 0; k < b.lists.rank(list); ++k) turned[b.lists.at(list, k).size] ^= 1;
  buffer<extent> left;
  for (int axis = 0; axis < turned.used; ++axis)
    if (turned[axis] != 0 && !b.lists.at(shape, axis).is(1)) left.push_back(as_extent(axis));
  if (again) x = b.operand(x, 0);
  return left.used == 0 ? x : apply_along(b, known<op::flip<>>, x, b.lists.find(left));
}
constexpr int cumsum(builder& b, int x, int shape, int axis) {
  if (x == zero_node) return x;
  x = broadcast(b, x, shape);
  const int linear = with_number_outside(b, x, [&](int array) { return cumsum(b, array, shape, axis); });
  if (linear >= 0) return linear;
  return b.lists.at(shape, b.lists.at(axis, 0).size).is(1) ? x : apply_along(b, known<op::cumsum<>>, x, axis);
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
