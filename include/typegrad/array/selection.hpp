// SPDX-License-Identifier: BSL-1.0
// Elements chosen by an array of indices, a symbol: gather takes those of a wide array, scatter_add adds to
// them; each is the other's transpose. The attributes are the axis of the wide array that is indexed, how
// many axes before and after it the index shares with the array, and of scatter_add the length of the axis.
#pragma once
#include "../support/compiler/begin.hpp"

#include "contraction_rules.hpp"
#include "selection_axes.hpp"

namespace tg::detail {

constexpr bool is_index_symbol(const builder& b, int x) {
  return b[x].op->shaped != nullptr && b[x].op->shaped->integers;
}
/// A shape with `count` axes from `axis` on replaced by others.
constexpr int with_axes(builder& b, int shape, int axis, int count, const buffer<extent>& others) {
  buffer<extent> all;
  for (int k = 0; k < axis; ++k) all.push_back(b.lists.at(shape, k));
  for (const extent& e : others) all.push_back(e);
  for (int k = axis + count; k < b.lists.rank(shape); ++k) all.push_back(b.lists.at(shape, k));
  return b.lists.find(all);
}
constexpr int infer_gather(builder& b, const structural_call& call) {
  const selection s(b, call.attribute, call.args[1]);
  buffer<extent> own;
  for (int k = 0; k < s.own; ++k) own.push_back(b.lists.at(b.shape(call.args[1]), s.before + k));
  return with_axes(b, call.declared[0], s.axis, 1, own);
}
constexpr int infer_scatter(builder& b, const structural_call& call) {
  const selection s(b, call.attribute, call.args[1]);
  buffer<extent> total;
  total.push_back(b.lists.at(call.attribute, 3));
  return with_axes(b, call.declared[0], s.axis, s.own, total);
}

/// A selection of x, which has its full shape; numbers leave it.
constexpr int select_elements(builder& b, const structural_call& call, int x) {
  if (!is_index_symbol(b, call.args[1])) b.refuse_index(call.op->name, b.shape(call.args[1]));
  if (b.what(x) == kind::negate) return negate(b, select_elements(b, call, b.operand(x, 0)));
  if (const scaled_array s(b, x); s.array >= 0 && b.shape(s.array) == b.shape(x))
    return multiply(b, s.number, select_elements(b, call, s.array));
  if (b.what(x) == kind::divide && b.shape(b.operand(x, 1)) == 0 && b.shape(b.operand(x, 0)) == b.shape(x))
    return divide(b, select_elements(b, call, b.operand(x, 0)), b.operand(x, 1));
  buffer<int> args;
  args.push_back(x), args.push_back(call.args[1]);
  return b.intern_structural(call.op, call.attribute, call.op->shaped->infer(b, call), args);
}
constexpr int build_gather(builder& b, const structural_call& call) {
  const int x = b[call.args[0]].op == known<op::broadcast<>> ? b.operand(call.args[0], 0) : call.args[0];
  // What lies behind the axis alone is the same for every index.
  if (b.lists.rank(b.shape(x)) < b.lists.rank(call.declared[0]) - b.lists.at(call.attribute, 0).size)
    return b.shape(x) == 0 ? x : broadcast(b, x, infer_gather(b, call));
  return select_elements(b, call, broadcast(b, x, call.declared[0]));
}
constexpr int build_scatter(builder& b, const structural_call& call) {
  if (call.args[0] == zero_node) return zero_node;
  return select_elements(b, call, broadcast(b, call.args[0], call.declared[0]));
}
constexpr int pull_gather(builder& b, const structural_call& call, int self, int k, int adjoint);
constexpr int push_gather(builder& b, const structural_call& call, int, int k, int tangent) {
  if (k > 0) return zero_node;
  return call.op->shaped->construct(
      b, call_of_two(call.op, call.attribute, tangent, call.declared[0], call.args[1], call.declared[1]));
}
constexpr int pull_scatter(builder& b, const structural_call& call, int self, int k, int adjoint);

}  // namespace tg::detail

namespace tg::op {

/// The elements of x along an axis at the places that the index says: gather<axis, before, after>.
template <auto... Attributes>
struct gather : attributes_in_type {
  static constexpr std::string_view name = "gather";
};
template <>
struct gather<> {
  static constexpr std::string_view name = "gather";
  static constexpr bool built_in = true;
  static constexpr tg::facts facts{.calls = 0};
  static constexpr detail::structure shaped{.algebra = &detail::arrays_of_formulas,
                                            .selects = true,
                                            .infer = &detail::infer_gather,
                                            .construct = &detail::build_gather,
                                            .pull = &detail::pull_gather,
                                            .push = &detail::push_gather};
};
/// Zeros, and the elements of x added along an axis at the places that the index says:
/// scatter_add<axis, before, after, length>.
template <auto... Attributes>
struct scatter_add : attributes_in_type {
  static constexpr std::string_view name = "scatter_add";
};
template <>
struct scatter_add<> {
  static constexpr std::string_view name = "scatter_add";
  static constexpr bool built_in = true;
  static constexpr tg::facts facts{.calls = 0};
  static constexpr detail::structure shaped{.algebra = &detail::arrays_of_formulas,
                                            .selects = true,
                                            .infer = &detail::infer_scatter,
                                            .construct = &detail::build_scatter,
                                            .pull = &detail::pull_scatter,
                                            .push = &detail::push_gather};
};

}  // namespace tg::op

namespace tg::detail {

constexpr int pull_gather(builder& b, const structural_call& call, int self, int k, int adjoint) {
  if (k > 0) return zero_node;
  buffer<extent> attribute;
  b.lists.read(call.attribute, attribute);
  attribute.push_back(b.lists.at(call.declared[0], attribute[0].size));
  return build_scatter(b, call_of_two(known<op::scatter_add<>>, b.lists.find(attribute), adjoint,
                                      b.shape(self), call.args[1], b.shape(call.args[1])));
}
constexpr int pull_scatter(builder& b, const structural_call& call, int self, int k, int adjoint) {
  if (k > 0) return zero_node;
  buffer<extent> attribute;
  b.lists.read(call.attribute, attribute);
  attribute.pop_back();
  return build_gather(b, call_of_two(known<op::gather<>>, b.lists.find(attribute), adjoint, b.shape(self),
                                     call.args[1], b.shape(call.args[1])));
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
