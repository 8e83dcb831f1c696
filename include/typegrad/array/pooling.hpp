// SPDX-License-Identifier: BSL-1.0
// The largest element over axes as pooling has it: of equal ones the first has the derivative. Whoever wants
// them to share it has reduce_max.
#pragma once
#include "../support/compiler/begin.hpp"

#include <limits>

#include "window.hpp"

namespace tg::detail {

constexpr int keep_declared_shape(builder&, const structural_call& call) { return call.declared[0]; }
/// Of equal elements everywhere nobody asks: a reduction of them is a number.
constexpr int build_first_largest(builder& b, const structural_call& call) {
  buffer<int> args;
  args.push_back(broadcast(b, call.args[0], call.declared[0]));
  return b.intern_structural(call.op, call.attribute, call.declared[0], args);
}
constexpr int pull_nothing(builder&, const structural_call&, int, int, int) { return zero_node; }
constexpr int pull_first_max(builder& b, const structural_call& call, int self, int k, int adjoint);
constexpr int push_first_max(builder& b, const structural_call& call, int self, int k, int tangent);

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
                                            .infer = &detail::infer_reduction,
                                            .construct = &detail::build_extremum,
                                            .pull = &detail::pull_first_max,
                                            .push = &detail::push_first_max};
};
/// 1 at the first of the largest elements over the axes, 0 elsewhere.
template <auto... Axes>
struct first_largest : attributes_in_type {
  static constexpr std::string_view name = "first_largest";
};
template <>
struct first_largest<> {
  static constexpr std::string_view name = "first_largest";
  static constexpr bool built_in = true;
  static constexpr tg::facts facts{.range = tg::facts::not_negative, .calls = 0};
  static constexpr detail::structure shaped{.algebra = &detail::arrays_of_formulas,
                                            .infer = &detail::keep_declared_shape,
                                            .construct = &detail::build_first_largest,
                                            .pull = &detail::pull_nothing,
                                            .push = &detail::pull_nothing};
};
/// What is larger than every number: the padding of max_pool has it, with a minus.
struct infinity : rules {
  static constexpr std::string_view name = "infinity";
  static constexpr tg::facts facts{
      .range = tg::facts::positive, .calls = 0, .latex = "\\infty", .c = "(1.0 / 0.0)"};
  static constexpr int arity = 0;
  template <class T>
  static constexpr T value() {
    if constexpr (requires { typename T::value_type; })
      return T(value<typename T::value_type>());
    else
      return std::numeric_limits<T>::infinity();
  }
};

}  // namespace tg::op

namespace tg::detail {

constexpr int first_largest_of(builder& b, const structural_call& call) {
  return build_first_largest(b, {known<op::first_largest<>>, call.attribute, call.args, call.declared});
}
constexpr int pull_first_max(builder& b, const structural_call& call, int, int, int adjoint) {
  return multiply(b, first_largest_of(b, call), beside_operand(b, call, adjoint));
}
constexpr int push_first_max(builder& b, const structural_call& call, int, int, int tangent) {
  return sum_over_axes(b, call, multiply(b, first_largest_of(b, call), tangent));
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
