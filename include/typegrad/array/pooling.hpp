// SPDX-License-Identifier: BSL-1.0
// The largest element over axes as pooling has it: of equal ones the first has the derivative. Whoever wants
// them to share it has reduce_max.
#pragma once
#include "../support/compiler/begin.hpp"

#include "masked.hpp"
#include "window.hpp"

namespace tg::detail {

constexpr int pull_first_max(builder& b, const structural_call& call, int self, int k, int adjoint);
constexpr int push_first_max(builder& b, const structural_call& call, int self, int k, int tangent);

// Of an array and its reduction: at_first_max puts the elements of the second operand where the first ones of
// the largest elements of the first operand are, among zeros; of_first_max takes elements of the second from
// there. Both are linear in the second operand, and each other's transpose.

template <bool Puts>
constexpr int infer_at_first_max(builder& b, const structural_call& call) {
  return Puts ? call.declared[0] : reduced_shape(b, call.declared[0], call.attribute, false);
}
template <bool Puts>
constexpr int build_at_first_max(builder& b, const structural_call& call) {
  if (call.args[1] == zero_node) return zero_node;
  buffer<int> args;
  for (int k = 0; k < 2; ++k) args.push_back(broadcast(b, call.args[k], call.declared[k]));
  return b.intern_structural(call.op, call.attribute, infer_at_first_max<Puts>(b, call), args);
}
template <bool Puts>
constexpr int pull_at_first_max(builder& b, const structural_call& call, int self, int k, int adjoint);
template <bool Puts>
constexpr int push_at_first_max(builder& b, const structural_call& call, int, int k, int tangent) {
  if (k == 0) return zero_node;
  return build_at_first_max<Puts>(
      b, call_of_two(call.op, call.attribute, call.args[0], call.declared[0], tangent, call.declared[1]));
}

}  // namespace tg::detail

namespace tg::op {

/// The largest element over the axes. The first of equal ones has the derivative.
template <auto... Axes>
struct first_max : attributes_in_type {
  static constexpr std::string_view name = "first_max";
};
template <>
struct first_max<> {
  static constexpr std::string_view name = "first_max";
  static constexpr bool built_in = true;
  static constexpr tg::facts facts{.calls = 0};
  static constexpr detail::structure shaped{.algebra = &detail::arrays_of_formulas,
                                            .reduces = true,
                                            .infer = &detail::infer_reduction,
                                            .construct = &detail::build_extremum,
                                            .pull = &detail::pull_first_max,
                                            .push = &detail::push_first_max};
};
/// The elements of y at the first of the largest elements of x over the axes, and 0 elsewhere.
template <auto... Axes>
struct at_first_max : attributes_in_type {
  static constexpr std::string_view name = "at_first_max";
};
template <>
struct at_first_max<> {
  static constexpr std::string_view name = "at_first_max";
  static constexpr bool built_in = true;
  static constexpr tg::facts facts{.calls = 0};
  static constexpr detail::structure shaped{.algebra = &detail::arrays_of_formulas,
                                            .attributes = detail::attributes_are::axes,
                                            .infer = &detail::infer_at_first_max<true>,
                                            .construct = &detail::build_at_first_max<true>,
                                            .pull = &detail::pull_at_first_max<true>,
                                            .push = &detail::push_at_first_max<true>};
};
/// The elements of y, which has the shape of x, at the first of the largest elements of x over the axes.
template <auto... Axes>
struct of_first_max : attributes_in_type {
  static constexpr std::string_view name = "of_first_max";
};
template <>
struct of_first_max<> {
  static constexpr std::string_view name = "of_first_max";
  static constexpr bool built_in = true;
  static constexpr tg::facts facts{.calls = 0};
  static constexpr detail::structure shaped{.algebra = &detail::arrays_of_formulas,
                                            .attributes = detail::attributes_are::axes,
                                            .infer = &detail::infer_at_first_max<false>,
                                            .construct = &detail::build_at_first_max<false>,
                                            .pull = &detail::pull_at_first_max<false>,
                                            .push = &detail::push_at_first_max<false>};
};

}  // namespace tg::op

namespace tg::detail {

template <bool Puts>
constexpr int pull_at_first_max(builder& b, const structural_call& call, int self, int k, int adjoint) {
  if (k == 0 || adjoint == zero_node) return zero_node;
  return build_at_first_max<!Puts>(
      b, call_of_two(Puts ? known<op::of_first_max<>> : known<op::at_first_max<>>, call.attribute,
                     call.args[0], call.declared[0], adjoint, b.shape(self)));
}
constexpr int pull_first_max(builder& b, const structural_call& call, int self, int, int adjoint) {
  return build_at_first_max<true>(b, call_of_two(known<op::at_first_max<>>, call.attribute, call.args[0],
                                                 call.declared[0], adjoint, b.shape(self)));
}
constexpr int push_first_max(builder& b, const structural_call& call, int, int, int tangent) {
  return build_at_first_max<false>(b, call_of_two(known<op::of_first_max<>>, call.attribute, call.args[0],
                                                  call.declared[0], tangent, call.declared[0]));
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
