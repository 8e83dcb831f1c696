// SPDX-License-Identifier: BSL-1.0
// Broadcasting, by NumPy's rule: shapes are aligned at their last axes, and an extent of 1 or an axis that is
// missing fits every other. And the structural primitives that only rearrange: broadcast, reshape, identity.
#pragma once
#include "../support/compiler/begin.hpp"

#include "../graph/algebra.hpp"

namespace tg::detail {

/// The shape of element-wise operands together; -1 where they do not fit.
constexpr int join_shapes(builder& b, int x, int y) {
  if (x == 0 || y == 0) return x + y;
  const int m = b.lists.rank(x), n = b.lists.rank(y), rank = m > n ? m : n;
  buffer<extent> joined;
  for (int k = 0; k < rank; ++k) {
    const int i = k - (rank - m), j = k - (rank - n);
    const extent p = i < 0 ? as_extent(1) : b.lists.at(x, i), q = j < 0 ? as_extent(1) : b.lists.at(y, j);
    if (!(p == q) && !p.is(1) && !q.is(1)) return -1;
    joined.push_back(p.is(1) ? q : p);
  }
  return b.lists.find(joined);
}

/// The length of an axis as a node.
constexpr int length_node(builder& b, const extent& e) {
  return e.name != nullptr ? b.intern(e.name) : b.constant(e.size);
}

/// The shape, and the node, of a primitive whose attributes end with its shape, from place First on.
template <int First>
constexpr int infer_from_attributes(builder& b, const structural_call& call) {
  buffer<extent> shape;
  for (int k = First; k < b.lists.rank(call.attribute); ++k) shape.push_back(b.lists.at(call.attribute, k));
  return b.lists.find(shape);
}
template <int First>
constexpr int build_of_attributes(builder& b, const structural_call& call) {
  return b.intern_structural(call.op, call.attribute, infer_from_attributes<First>(b, call), call.args);
}

/// A call with two operands, each taken in a shape.
struct call_of_two {
  constexpr call_of_two(const record* primitive, int list, int x, int in, int y, int y_in)
      : op{primitive}, attribute{list} {
    args.push_back(x), args.push_back(y);
    declared.push_back(in), declared.push_back(y_in);
  }
  constexpr operator structural_call() const { return {op, attribute, args, declared}; }

  const record* op;
  int attribute;
  buffer<int> args, declared;
};

constexpr int broadcast(builder& b, int x, int shape);
constexpr int reshape(builder& b, int x, int shape);
constexpr int identity_matrix(builder& b, extent length);
/// How formulas calculate with arrays; in array/table.hpp, where all of it is known.
extern const array_algebra arrays_of_formulas;

constexpr int keep_shape(builder&, const structural_call& call) { return call.attribute; }
constexpr int build_broadcast(builder&, const structural_call& call) { return call.args[0]; }
constexpr int pull_broadcast(builder& b, const structural_call& call, int self, int, int adjoint) {
  return b.arrays->sum_to(b, adjoint, b.shape(self), call.declared[0]);
}
constexpr int push_same(builder&, const structural_call&, int, int, int tangent) { return tangent; }
constexpr int build_reshape(builder& b, const structural_call& call) {
  const int x = call.args[0];
  return reshape(b, b.shape(x) == 0 ? x : broadcast(b, x, call.declared[0]), call.attribute);
}
constexpr int pull_reshape(builder& b, const structural_call& call, int self, int, int adjoint) {
  return reshape(b, b.shape(adjoint) == 0 ? adjoint : broadcast(b, adjoint, b.shape(self)), call.declared[0]);
}
constexpr int push_reshape(builder& b, const structural_call& call, int self, int, int tangent) {
  return reshape(b, b.shape(tangent) == 0 ? tangent : broadcast(b, tangent, call.declared[0]), b.shape(self));
}
/// Of what depends on nothing continuously.
constexpr int no_adjoint(builder&, const structural_call&, int, int, int) { return zero_node; }
constexpr int build_identity(builder& b, const structural_call& call) {
  return identity_matrix(b, b.lists.at(call.attribute, 0));
}

}  // namespace tg::detail

namespace tg::op {

/// What marks a structural primitive whose attributes are template arguments.
struct attributes_in_type {
  static constexpr bool structural = true;
};

/// x in a larger shape, its values repeated along the axes that it lacks.
template <auto... Extents>
struct broadcast : attributes_in_type {
  static constexpr std::string_view name = "broadcast";
};
/// The values of x, in row-major order, in another shape.
template <auto... Extents>
struct reshape : attributes_in_type {
  static constexpr std::string_view name = "reshape";
};
/// The identity matrix: 1 where both indices are equal, 0 elsewhere.
template <auto... Extents>
struct identity : attributes_in_type {
  static constexpr std::string_view name = "identity";
};

/// A structural primitive as its record sees it; the attributes are on the node.
template <>
struct broadcast<> {
  static constexpr std::string_view name = "broadcast";
  static constexpr bool built_in = true;
  static constexpr tg::facts facts{.calls = 0};
  static constexpr detail::structure shaped{.algebra = &detail::arrays_of_formulas,
                                            .infer = &detail::keep_shape,
                                            .construct = &detail::build_broadcast,
                                            .pull = &detail::pull_broadcast,
                                            .push = &detail::push_same};
};
template <>
struct reshape<> {
  static constexpr std::string_view name = "reshape";
  static constexpr bool built_in = true;
  static constexpr tg::facts facts{.calls = 0};
  static constexpr detail::structure shaped{.algebra = &detail::arrays_of_formulas,
                                            .infer = &detail::keep_shape,
                                            .construct = &detail::build_reshape,
                                            .pull = &detail::pull_reshape,
                                            .push = &detail::push_reshape};
};
template <>
struct identity<> {
  static constexpr std::string_view name = "identity";
  static constexpr int arity = 0;
  static constexpr bool built_in = true;
  static constexpr tg::facts facts{.range = tg::facts::not_negative, .calls = 0};
  static constexpr detail::structure shaped{.algebra = &detail::arrays_of_formulas,
                                            .infer = &detail::keep_shape,
                                            .construct = &detail::build_identity};
};

}  // namespace tg::op

namespace tg::detail {

/// Takes a product of numbers and one array apart; `array` is -1 if it is no such product.
struct scaled_array {
  constexpr scaled_array(builder& b, int x) {
    if (b.what(x) != kind::multiply) return;
    buffer<int> factors;
    for (int k = 0; k < b.count(x); ++k)
      b.shape(b.operand(x, k)) == 0 ? factors.push_back(b.operand(x, k)) : void(array = b.operand(x, k));
    if (factors.used == 0 || factors.used + 1 != b.count(x))
      array = -1;
    else
      number = factors.used == 1 ? factors[0] : b.intern(known<op::multiply>, factors);
  }
  int number = -1, array = -1;
};

/// map(x) of a linear map, where x is a number times an array or a quotient by one: the number leaves. -1
/// where there is none.
template <class Map>
constexpr int with_number_outside(builder& b, int x, const Map& map) {
  if (b.what(x) == kind::negate) return negate(b, map(b.operand(x, 0)));
  if (const scaled_array scaled(b, x); scaled.array >= 0)
    return multiply(b, scaled.number, map(scaled.array));
  if (b.what(x) == kind::divide && b.shape(b.operand(x, 1)) == 0)
    return divide(b, map(b.operand(x, 0)), b.operand(x, 1));
  return -1;
}

/// x in the full shape; repaired where a pass has left something smaller.
constexpr int broadcast(builder& b, int x, int shape) {
  if (b.shape(x) == shape) return x;
  if (b[x].op == known<op::broadcast<>>) return broadcast(b, b.operand(x, 0), shape);
  buffer<int> args;
  args.push_back(x);
  return b.intern_structural(known<op::broadcast<>>, shape, shape, args);
}

/// The elements of x in another shape, which may be that of a number.
constexpr int reshape(builder& b, int x, int shape) {
  if (b.shape(x) == shape || b.shape(x) == 0) return x;
  if (b[x].op == known<op::reshape<>> || (b[x].op == known<op::broadcast<>> && b.shape(b.operand(x, 0)) == 0))
    return reshape(b, b.operand(x, 0), shape);
  if (shape == 0) return b.arrays->sum_to(b, x, b.shape(x), 0);  // of one element
  const int linear = with_number_outside(b, x, [&](int array) { return reshape(b, array, shape); });
  if (linear >= 0) return linear;
  buffer<int> args;
  args.push_back(x);
  return b.intern_structural(known<op::reshape<>>, shape, shape, args);
}

constexpr int identity_matrix(builder& b, extent length) {
  buffer<extent> both;
  both.push_back(length), both.push_back(length);
  const int square = b.lists.find(both);
  return b.intern_structural(known<op::identity<>>, square, square, buffer<int>{});
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
