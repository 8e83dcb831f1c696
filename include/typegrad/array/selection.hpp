// SPDX-License-Identifier: BSL-1.0
// Elements chosen by an array of indices, a symbol or places that are known to be in range: gather takes
// those of a wide array, scatter_add adds to them; each is the other's transpose. The attributes are the axis
// of the wide array that is indexed, how many axes before and after it the index shares with the array, of
// scatter_add the length of the axis, and perhaps an index that selects nothing.
#pragma once
#include "../support/compiler/begin.hpp"

#include "arg_max.hpp"
#include "contraction_rules.hpp"
#include "selection_axes.hpp"

namespace tg::detail {

constexpr bool is_index_symbol(const builder& b, int x) {
  return b[x].op->shaped != nullptr && b[x].op->shaped->integers;
}
/// Whether x may be an index: the symbol of one, or places of largest elements.
constexpr bool is_index_node(const builder& b, int x) {
  return is_index_symbol(b, x) || b[without_reshapes(b, x)].op == known<op::argmax<>>;
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

/// Refuses an index that is none, or may be beyond the length of the axis that is indexed.
constexpr void check_index(builder& b, const structural_call& call) {
  const int index = call.args[1];
  if (is_index_symbol(b, index)) return;
  if (!is_index_node(b, index)) return b.refuse_index(call.op->name, b.shape(index));
  const extent counted = places_below(b, index),
               length = call.op->shaped->infer == &infer_scatter
                            ? b.lists.at(call.attribute, 3)
                            : b.lists.at(call.declared[0], b.lists.at(call.attribute, 0).size);
  if (!(counted == length) &&
      (counted.name != nullptr || length.name != nullptr || counted.size > length.size))
    b.refuse_shapes(call.op->name, b.shape(index), call.declared[0], counted, length);
}
/// A selection of x, which has its full shape; numbers leave it.
constexpr int select_elements(builder& b, const structural_call& call, int x) {
  check_index(b, call);
  const int linear = with_number_outside(b, x, [&](int array) { return select_elements(b, call, array); });
  if (linear >= 0) return linear;
  buffer<int> args;
  args.push_back(x), args.push_back(call.args[1]);
  return b.intern_structural(call.op, call.attribute, call.op->shaped->infer(b, call), args);
}
constexpr int build_gather(builder& b, const structural_call& call) {
  const int x = b[call.args[0]].op == known<op::broadcast<>> ? b.operand(call.args[0], 0) : call.args[0];
  // What lies behind the axis alone is the same for every index that selects.
  if (b.lists.rank(call.attribute) == 3 &&
      b.lists.rank(b.shape(x)) < b.lists.rank(call.declared[0]) - b.lists.at(call.attribute, 0).size)
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

/// The elements of x along an axis at the places that the index says: gather<axis, before, after>. A fourth
/// attribute is the index that gives 0.
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
/// scatter_add<axis, before, after, length>. A fifth attribute is the index that adds nothing.
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
  const extent length = b.lists.at(call.declared[0], attribute[0].size);
  if (attribute.size() > 3)
    attribute.push_back(attribute[3]), attribute[3] = length;
  else
    attribute.push_back(length);
  return build_scatter(b, call_of_two(known<op::scatter_add<>>, b.lists.find(attribute), adjoint,
                                      b.shape(self), call.args[1], b.shape(call.args[1])));
}
constexpr int pull_scatter(builder& b, const structural_call& call, int self, int k, int adjoint) {
  if (k > 0) return zero_node;
  buffer<extent> attribute;
  b.lists.read(call.attribute, attribute);
  if (attribute.size() > 4) attribute[3] = attribute[4];
  attribute.pop_back();
  return build_gather(b, call_of_two(known<op::gather<>>, b.lists.find(attribute), adjoint, b.shape(self),
                                     call.args[1], b.shape(call.args[1])));
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
