// SPDX-License-Identifier: BSL-1.0
// Parts of arrays and arrays of parts: slice and pad, each the other's transpose, and concatenate.
#pragma once
#include "../support/compiler/begin.hpp"

#include "contraction_rules.hpp"

namespace tg::detail {

constexpr int slice(builder& b, int x, int rank, int axis, int first, extent length);
constexpr int pad(builder& b, int x, int axis, int before, extent total);

/// The shape with another length of one axis.
constexpr int with_length(builder& b, int shape, int axis, extent length) {
  buffer<extent> all;
  b.lists.read(shape, all);
  all[axis] = length;
  return b.lists.find(all);
}

constexpr int infer_part(builder& b, const structural_call& call) {
  return with_length(b, call.declared[0], b.lists.at(call.attribute, 0).size, b.lists.at(call.attribute, 2));
}
constexpr int build_slice(builder& b, const structural_call& call) {
  return slice(b, call.args[0], b.lists.rank(call.declared[0]), b.lists.at(call.attribute, 0).size,
               b.lists.at(call.attribute, 1).size, b.lists.at(call.attribute, 2));
}
constexpr int pull_slice(builder& b, const structural_call& call, int self, int, int adjoint) {
  const int axis = b.lists.at(call.attribute, 0).size;
  if (adjoint == zero_node) return zero_node;
  return pad(b, broadcast(b, adjoint, b.shape(self)), axis, b.lists.at(call.attribute, 1).size,
             b.lists.at(call.declared[0], axis));
}
constexpr int push_slice(builder& b, const structural_call& call, int, int, int tangent) {
  return slice(b, tangent, b.lists.rank(call.declared[0]), b.lists.at(call.attribute, 0).size,
               b.lists.at(call.attribute, 1).size, b.lists.at(call.attribute, 2));
}
constexpr int build_pad(builder& b, const structural_call& call) {
  if (call.args[0] == zero_node) return zero_node;
  return pad(b, broadcast(b, call.args[0], call.declared[0]), b.lists.at(call.attribute, 0).size,
             b.lists.at(call.attribute, 1).size, b.lists.at(call.attribute, 2));
}
constexpr int pull_pad(builder& b, const structural_call& call, int self, int, int adjoint) {
  const int axis = b.lists.at(call.attribute, 0).size;
  return slice(b, adjoint, b.lists.rank(b.shape(self)), axis, b.lists.at(call.attribute, 1).size,
               b.lists.at(call.declared[0], axis));
}
constexpr int push_pad(builder& b, const structural_call& call, int, int, int tangent) {
  buffer<int> args;
  args.push_back(tangent);
  return build_pad(b, {call.op, call.attribute, args, call.declared});
}

constexpr int infer_concatenation(builder& b, const structural_call& call) {
  const int axis = b.lists.at(call.attribute, 0).size;
  int length = 0;
  for (int shape : call.declared) length += b.lists.at(shape, axis).size;
  return with_length(b, call.declared[0], axis, as_extent(length));
}
constexpr int build_concatenation(builder& b, const structural_call& call) {
  buffer<int> args;
  bool same = b.shape(call.args[0]) == 0;
  for (int k = 0; k < call.args.used; ++k) {
    same = same && call.args[k] == call.args[0];
    args.push_back(broadcast(b, call.args[k], call.declared[k]));
  }
  if (same) return call.args[0];  // one number everywhere
  if (args.used == 1) return args[0];
  return b.intern_structural(call.op, call.attribute, infer_concatenation(b, call), args);
}
constexpr int pull_concatenation(builder& b, const structural_call& call, int self, int k, int adjoint) {
  const int axis = b.lists.at(call.attribute, 0).size;
  int first = 0;
  for (int j = 0; j < k; ++j) first += b.lists.at(call.declared[j], axis).size;
  return slice(b, adjoint, b.lists.rank(b.shape(self)), axis, first, b.lists.at(call.declared[k], axis));
}
constexpr int push_concatenation(builder& b, const structural_call& call, int self, int k, int tangent) {
  const int axis = b.lists.at(call.attribute, 0).size;
  int first = 0;
  for (int j = 0; j < k; ++j) first += b.lists.at(call.declared[j], axis).size;
  return pad(b, broadcast(b, tangent, call.declared[k]), axis, first, b.lists.at(b.shape(self), axis));
}

}  // namespace tg::detail

namespace tg::op {

/// A part of one axis: slice<axis, first, length>.
template <auto... Attributes>
struct slice : attributes_in_type {
  static constexpr std::string_view name = "slice";
};
template <>
struct slice<> {
  static constexpr std::string_view name = "slice";
  static constexpr bool built_in = true;
  static constexpr tg::facts facts{.calls = 0};
  static constexpr detail::structure shaped{.algebra = &detail::arrays_of_formulas,
                                            .infer = &detail::infer_part,
                                            .construct = &detail::build_slice,
                                            .pull = &detail::pull_slice,
                                            .push = &detail::push_slice};
};
/// Zeros around one axis: pad<axis, before, total>.
template <auto... Attributes>
struct pad : attributes_in_type {
  static constexpr std::string_view name = "pad";
};
template <>
struct pad<> {
  static constexpr std::string_view name = "pad";
  static constexpr bool built_in = true;
  static constexpr tg::facts facts{.calls = 0};
  static constexpr detail::structure shaped{.algebra = &detail::arrays_of_formulas,
                                            .infer = &detail::infer_part,
                                            .construct = &detail::build_pad,
                                            .pull = &detail::pull_pad,
                                            .push = &detail::push_pad};
};
/// Arrays one after the other along an axis: concatenate<axis>.
template <auto... Axis>
struct concatenate : attributes_in_type {
  static constexpr std::string_view name = "concatenate";
};
template <>
struct concatenate<> {
  static constexpr std::string_view name = "concatenate";
  static constexpr bool built_in = true;
  static constexpr tg::facts facts{.calls = 0};
  static constexpr detail::structure shaped{.algebra = &detail::arrays_of_formulas,
                                            .infer = &detail::infer_concatenation,
                                            .construct = &detail::build_concatenation,
                                            .pull = &detail::pull_concatenation,
                                            .push = &detail::push_concatenation};
};

}  // namespace tg::op

namespace tg::detail {

constexpr int part(builder& b, const record* op, int x, int axis, int first, extent length) {
  buffer<extent> attribute;
  buffer<int> args;
  args.push_back(x);
  attribute.push_back(as_extent(axis)), attribute.push_back(as_extent(first)), attribute.push_back(length);
  return b.intern_structural(op, b.lists.find(attribute), with_length(b, b.shape(x), axis, length), args);
}

/// The elements [first, first + length) along an axis of an array of that rank; x may have become smaller.
constexpr int slice(builder& b, int x, int rank, int axis, int first, extent length) {
  axis -= rank - b.lists.rank(b.shape(x));
  if (axis < 0 || (b.lists.at(b.shape(x), axis).is(1) && !length.is(1))) return x;  // the same everywhere
  if (b.lists.at(b.shape(x), axis) == length) return x;
  if (b.what(x) == kind::negate)
    return negate(b, slice(b, b.operand(x, 0), b.lists.rank(b.shape(x)), axis, first, length));
  const int from = b.attribute(x) == 0 ? -1 : b.lists.at(b.attribute(x), 0).size;
  if (b[x].op == known<op::pad<>> && from == axis) {
    const extent inner = b.lists.at(b.shape(b.operand(x, 0)), axis);
    if (b.lists.at(b.attribute(x), 1).is(first) && inner == length) return b.operand(x, 0);
  }
  if (b[x].op == known<op::slice<>> && from == axis)
    return slice(b, b.operand(x, 0), b.lists.rank(b.shape(x)), axis,
                 first + b.lists.at(b.attribute(x), 1).size, length);
  if (b[x].op == known<op::concatenate<>> && from == axis) {
    int begin = 0;
    for (int k = 0; k < b.count(x); ++k) {
      const extent own = b.lists.at(b.shape(b.operand(x, k)), axis);
      if (begin == first && own == length) return b.operand(x, k);
      begin += own.size;
    }
  }
  return part(b, known<op::slice<>>, x, axis, first, length);
}

constexpr int pad(builder& b, int x, int axis, int before, extent total) {
  if (b.lists.at(b.shape(x), axis) == total) return x;
  if (b.what(x) == kind::negate) return negate(b, pad(b, b.operand(x, 0), axis, before, total));
  return part(b, known<op::pad<>>, x, axis, before, total);
}

/// p*x + q*y as one node, where both are zeros around parts that are neighbours: zeros around both parts; -1
/// otherwise. So what is added up part by part, as the adjoints of slices are, is written part by part.
constexpr int join_parts(builder& b, int x, const exact& p, int y, const exact& q) {
  if (is_contraction(b, x) && b.count(x) == 1 && is_contraction(b, y) && b.attribute(x) == b.attribute(y)) {
    const int inner = join_parts(b, b.operand(x, 0), p, b.operand(y, 0), q);
    if (inner < 0) return -1;
    buffer<int> args, declared;
    args.push_back(inner), declared.push_back(b.shape(inner));
    return build_contraction(b, {b[x].op, b.attribute(x), args, declared});
  }
  if (b[x].op != known<op::pad<>> || b[y].op != known<op::pad<>> || b.shape(x) != b.shape(y)) return -1;
  const auto attribute = [&](int i, int k) { return b.lists.at(b.attribute(i), k); };
  const int axis = attribute(x, 0).size;
  if (attribute(y, 0).size != axis) return -1;
  const auto end = [&](int i) {
    return attribute(i, 1).size + b.lists.at(b.shape(b.operand(i, 0)), axis).size;
  };
  if (end(y) == attribute(x, 1).size) return join_parts(b, y, q, x, p);
  if (end(x) != attribute(y, 1).size) return -1;
  buffer<int> parts, declared;
  buffer<extent> list;
  list.push_back(as_extent(axis));
  const int axes = b.lists.find(list);
  for (const int each : {x, y}) {
    const int inner = b.operand(each, 0), number = b.constant(each == x ? p : q);
    const bool several = b[inner].op == known<op::concatenate<>> && b.attribute(inner) == axes;
    for (int k = 0; k < (several ? b.count(inner) : 1); ++k) {
      const int own = several ? b.operand(inner, k) : inner;
      declared.push_back(b.shape(own));
      parts.push_back(multiply(b, number, own));
    }
  }
  const int joined = build_concatenation(b, {known<op::concatenate<>>, axes, parts, declared});
  return pad(b, joined, axis, attribute(x, 1).size, attribute(x, 2));
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
