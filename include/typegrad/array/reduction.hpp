// SPDX-License-Identifier: BSL-1.0
// Reductions that are no sums: the largest and smallest element and the logarithm of a sum of exponentials,
// over axes that are their attributes.
#pragma once
#include "../support/compiler/begin.hpp"

#include "../primitive/all.hpp"
#include "contraction_rules.hpp"

namespace tg::detail {

/// Whether an axis is in a list of axes.
constexpr bool is_among(const builder& b, int axes, int axis) {
  for (int k = 0; k < b.lists.rank(axes); ++k)
    if (b.lists.at(axes, k).size == axis) return true;
  return false;
}
/// The shape without the axes of the attribute; with 1 in their places.
constexpr int reduced_shape(builder& b, int shape, int axes, bool keep) {
  buffer<extent> left;
  for (int axis = 0; axis < b.lists.rank(shape); ++axis) {
    if (!is_among(b, axes, axis))
      left.push_back(b.lists.at(shape, axis));
    else if (keep)
      left.push_back(as_extent(1));
  }
  return b.lists.find(left);
}
constexpr int infer_reduction(builder& b, const structural_call& call) {
  return reduced_shape(b, call.declared[0], call.attribute, false);
}
/// A result of a reduction, or what has its shape, beside its operand.
constexpr int beside_operand(builder& b, const structural_call& call, int x) {
  if (b.shape(x) == 0) return x;
  x = broadcast(b, x, reduced_shape(b, call.declared[0], call.attribute, false));
  return reshape(b, x, reduced_shape(b, call.declared[0], call.attribute, true));
}
/// The sum of x, which has the operand's shape, over the axes.
constexpr int sum_over_axes(builder& b, const structural_call& call, int x) {
  const int kept = reduced_shape(b, call.declared[0], call.attribute, true);
  const int sum = sum_to(b, x, call.declared[0], kept);
  return b.shape(sum) == 0
             ? sum
             : reshape(b, broadcast(b, sum, kept), reduced_shape(b, call.declared[0], call.attribute, false));
}

constexpr int intern_reduction(builder& b, const structural_call& call) {
  buffer<int> args;
  args.push_back(broadcast(b, call.args[0], call.declared[0]));
  return b.intern_structural(call.op, call.attribute, infer_reduction(b, call), args);
}
/// The largest of equal elements is that element.
constexpr int build_extremum(builder& b, const structural_call& call) {
  return b.shape(call.args[0]) == 0 ? call.args[0] : intern_reduction(b, call);
}
/// 1 where an element is the extremum.
constexpr int is_extremum(builder& b, const structural_call& call, int self) {
  buffer<int> sides;
  sides.push_back(call.args[0]), sides.push_back(beside_operand(b, call, self));
  return make_where(b, make_node(b, known<op::equal>, sides), one_node, zero_node);
}
/// Elements that are equal share the adjoint.
constexpr int pull_extremum(builder& b, const structural_call& call, int self, int, int adjoint) {
  const int mask = is_extremum(b, call, self), ties = sum_over_axes(b, call, mask);
  return multiply(b, mask, beside_operand(b, call, divide(b, adjoint, ties)));
}
constexpr int push_extremum(builder& b, const structural_call& call, int self, int, int tangent) {
  const int mask = is_extremum(b, call, self), ties = sum_over_axes(b, call, mask);
  return divide(b, sum_over_axes(b, call, multiply(b, mask, tangent)), ties);
}

inline constexpr structure extremum_structure{.algebra = &arrays_of_formulas,
                                              .reduces = true,
                                              .infer = &infer_reduction,
                                              .construct = &build_extremum,
                                              .pull = &pull_extremum,
                                              .push = &push_extremum};

/// The logarithm of a sum of n equal exponentials is their exponent and log(n).
constexpr int build_logsumexp(builder& b, const structural_call& call) {
  if (b.shape(call.args[0]) != 0) return intern_reduction(b, call);
  int terms = one_node;
  for (int k = 0; k < b.lists.rank(call.attribute); ++k)
    terms =
        multiply(b, terms, length_node(b, b.lists.at(call.declared[0], b.lists.at(call.attribute, k).size)));
  return add(b, call.args[0], make<op::log>(b, terms));
}
constexpr int weight_of(builder& b, const structural_call& call, int self);
constexpr int pull_logsumexp(builder& b, const structural_call& call, int self, int, int adjoint) {
  return multiply(b, beside_operand(b, call, adjoint), weight_of(b, call, self));
}
constexpr int push_logsumexp(builder& b, const structural_call& call, int self, int, int tangent) {
  return sum_over_axes(b, call, multiply(b, tangent, weight_of(b, call, self)));
}

}  // namespace tg::detail

namespace tg::op {

/// The largest element over the axes. Equal ones share the derivative.
template <auto... Axes>
struct reduce_max : attributes_in_type {
  static constexpr std::string_view name = "max";
};
template <>
struct reduce_max<> {
  static constexpr std::string_view name = "max";
  static constexpr bool built_in = true;
  static constexpr tg::facts facts{.calls = 0};
  static constexpr const detail::structure& shaped = detail::extremum_structure;
};
/// The smallest element over the axes. Equal ones share the derivative.
template <auto... Axes>
struct reduce_min : attributes_in_type {
  static constexpr std::string_view name = "min";
};
template <>
struct reduce_min<> {
  static constexpr std::string_view name = "min";
  static constexpr bool built_in = true;
  static constexpr tg::facts facts{.calls = 0};
  static constexpr const detail::structure& shaped = detail::extremum_structure;
};
/// log(sum(exp(x))) over the axes, without overflow; -infinity where all elements are.
template <auto... Axes>
struct reduce_logsumexp : attributes_in_type {
  static constexpr std::string_view name = "logsumexp";
};
template <>
struct reduce_logsumexp<> {
  static constexpr std::string_view name = "logsumexp";
  static constexpr bool built_in = true;
  static constexpr tg::facts facts{.calls = 2};
  static constexpr detail::structure shaped{.algebra = &detail::arrays_of_formulas,
                                            .reduces = true,
                                            .infer = &detail::infer_reduction,
                                            .construct = &detail::build_logsumexp,
                                            .pull = &detail::pull_logsumexp,
                                            .push = &detail::push_logsumexp};
};

/// exp(x - l) for an element x whose logsumexp is l: its weight in a softmax. 0 where all elements are
/// -infinity.
struct softmax_weight : rules {
  static constexpr std::string_view name = "softmax_weight";
  static constexpr int arity = 2;
  static constexpr tg::facts facts{.range = tg::facts::not_negative,
                                   .infix = "exp($1 - $2)",
                                   .latex = "e^{$1-$2}",
                                   .c = "($1 == $2 && $1 - $1 != 0.0 && $1 < 0.0 ? 0.0 : exp($1 - $2))"};
  template <class T>
  static constexpr T value(const T& x, const T& l) {
    using std::exp;
    const T ordinary = static_cast<T>(exp(static_cast<T>(x - l)));
    if constexpr (Ordered<T>)
      return select(x == l, select(x - x == T(0), ordinary, select(x < T(0), T(0), ordinary)), ordinary);
    else
      return ordinary;
  }
  static constexpr auto partials(auto, auto, auto self) { return partials_of(self, -self); }
};

}  // namespace tg::op

namespace tg::detail {

constexpr int weight_of(builder& b, const structural_call& call, int self) {
  return make<op::softmax_weight>(b, call.args[0], beside_operand(b, call, self));
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
