// SPDX-License-Identifier: BSL-1.0
// The inverse and the determinant of square matrices, the last two axes of an array. An inverse of a product
// is never distributed; a determinant is, where all factors are square.
#pragma once
#include "../support/compiler/begin.hpp"

#include "common_factor.hpp"

namespace tg::detail {

constexpr int inverse_matrix(builder& b, int x);
constexpr int determinant_of(builder& b, const record* op, int x);

constexpr int keep_operand_shape(builder&, const structural_call& call) { return call.declared[0]; }
/// The shape without the last two axes.
constexpr int infer_determinant(builder& b, const structural_call& call) {
  buffer<extent> leading;
  for (int axis = 0; axis + 2 < b.lists.rank(call.declared[0]); ++axis)
    leading.push_back(b.lists.at(call.declared[0], axis));
  return b.lists.find(leading);
}
constexpr int build_inverse(builder& b, const structural_call& call) {
  return inverse_matrix(b, broadcast(b, call.args[0], call.declared[0]));
}
constexpr int build_determinant(builder& b, const structural_call& call) {
  return determinant_of(b, call.op, broadcast(b, call.args[0], call.declared[0]));
}
constexpr int pull_inverse(builder& b, const structural_call& call, int self, int, int adjoint);
constexpr int push_inverse(builder& b, const structural_call& call, int self, int, int tangent);

constexpr int pull_determinant(builder& b, const structural_call& call, int self, int, int adjoint);
constexpr int push_determinant(builder& b, const structural_call& call, int self, int, int tangent);
constexpr int pull_log_determinant(builder& b, const structural_call& call, int self, int, int adjoint);
constexpr int push_log_determinant(builder& b, const structural_call& call, int self, int, int tangent);

}  // namespace tg::detail

namespace tg::op {

struct inverse {
  static constexpr std::string_view name = "inverse";
  static constexpr bool built_in = true;
  static constexpr tg::facts facts{.domain = "det($1) != 0"};
  static constexpr detail::structure shaped{.algebra = &detail::arrays_of_formulas,
                                            .inverts = true,
                                            .infer = &detail::keep_operand_shape,
                                            .construct = &detail::build_inverse,
                                            .pull = &detail::pull_inverse,
                                            .push = &detail::push_inverse};
};
struct determinant {
  static constexpr std::string_view name = "determinant";
  static constexpr bool built_in = true;
  static constexpr tg::facts facts{};
  static constexpr detail::structure shaped{.algebra = &detail::arrays_of_formulas,
                                            .infer = &detail::infer_determinant,
                                            .construct = &detail::build_determinant,
                                            .pull = &detail::pull_determinant,
                                            .push = &detail::push_determinant};
};
/// The logarithm of the determinant's absolute value.
struct log_determinant {
  static constexpr std::string_view name = "log_determinant";
  static constexpr bool built_in = true;
  static constexpr tg::facts facts{.domain = "det($1) != 0"};
  static constexpr detail::structure shaped{.algebra = &detail::arrays_of_formulas,
                                            .infer = &detail::infer_determinant,
                                            .construct = &detail::build_determinant,
                                            .pull = &detail::pull_log_determinant,
                                            .push = &detail::push_log_determinant};
};

}  // namespace tg::op

namespace tg::detail {

/// A primitive of one square matrix has no attributes; the list says that by its one element.
constexpr int apply_to_matrix(builder& b, const record* op, int x) {
  buffer<int> args, declared;
  buffer<extent> attribute;
  args.push_back(x);
  declared.push_back(b.shape(x));
  attribute.push_back(as_extent(2));
  const int list = b.lists.find(attribute);
  return b.intern_structural(op, list, op->shaped->infer(b, {op, list, args, declared}), args);
}

/// x with its last two axes swapped.
constexpr int transposed_matrix(builder& b, int x) {
  contraction c(b);
  buffer<int> l;
  const int rank = b.lists.rank(b.shape(x));
  for (int axis = 0; axis < rank; ++axis) l.push_back(c.add_label(b.lists.at(b.shape(x), axis)));
  for (int axis = 0; axis < rank - 2; ++axis) c.add_result(axis);
  c.add_result(rank - 1), c.add_result(rank - 2);
  c.add(x, l);
  return c.build();
}

/// How many matrices in x are transposed.
constexpr int turns_in(const builder& b, int x) {
  if (is_contraction(b, x)) return b.count(x) == 1 ? 1 : 0;
  int turns = 0;
  for (int k = 0; is_elementwise(b, x) && k < b.count(x); ++k) turns += turns_in(b, b.operand(x, k));
  return turns;
}
/// Whether of a matrix and its transpose the transpose is kept: the one with fewer transposes in it, or the
/// one that comes first.
constexpr bool is_better_turned(builder& b, int x, int turned) {
  if (x == turned) return false;
  const int own = turns_in(b, x), other = turns_in(b, turned);
  return own != other ? other < own : before(b, turned, x);
}

constexpr int inverse_matrix(builder& b, int x) {
  if (b[x].op == known<op::inverse>) return b.operand(x, 0);
  if (b[x].op == known<op::identity<>>) return x;
  if (b.what(x) == kind::negate) return negate(b, inverse_matrix(b, b.operand(x, 0)));
  if (const scaled_array s(b, x); s.array >= 0 && b.shape(s.array) == b.shape(x))
    return divide(b, inverse_matrix(b, s.array), s.number);
  // Of a matrix and its transpose the one that comes first is inverted.
  if (const int turned = transposed_matrix(b, x); is_better_turned(b, x, turned))
    return transposed_matrix(b, apply_to_matrix(b, known<op::inverse>, turned));
  return apply_to_matrix(b, known<op::inverse>, x);
}

/// The square factors of a product of matrices; false where it is not one.
constexpr bool square_factors(builder& b, int x, buffer<int>& factors) {
  if (!is_contraction(b, x) || b.lists.rank(b.shape(x)) != 2) return false;
  const contraction_labels l(b, b.attribute(x));
  buffer<int> times(l.labels);
  for (int k = 0; k < l.operands(); ++k) {
    const int shape = b.shape(b.operand(x, k));
    if (l.rank(k) != 2 || l.at(k, 0) == l.at(k, 1) || !(b.lists.at(shape, 0) == b.lists.at(shape, 1)))
      return false;
    for (int axis = 0; axis < 2; ++axis) ++times[l.at(k, axis)];
    factors.push_back(b.operand(x, k));
  }
  for (int label = 0; label < l.labels; ++label)
    if (times[label] != (label == l.at(-1, 0) || label == l.at(-1, 1) ? 1 : 2)) return false;
  return l.labels == l.operands() + 1;
}

/// The determinant, or its logarithm.
constexpr int determinant_of(builder& b, const record* op, int x) {
  const bool logarithm = op == known<op::log_determinant>;
  if (b[x].op == known<op::identity<>>) return logarithm ? zero_node : one_node;
  if (b[x].op == known<op::inverse>) {
    const int inner = determinant_of(b, op, b.operand(x, 0));
    return logarithm ? negate(b, inner) : divide(b, one_node, inner);
  }
  const int rank = b.lists.rank(b.shape(x));
  const extent size = b.lists.at(b.shape(x), rank - 1);
  const bool minus = b.what(x) == kind::negate;
  if (const scaled_array s(b, x); size.name == nullptr && !logarithm && (minus || s.array >= 0)) {
    const int number = minus ? minus_one_node : s.number, array = minus ? b.operand(x, 0) : s.array;
    if (b.shape(array) == b.shape(x))
      return multiply(b, power(b, number, {size.size}), determinant_of(b, op, array));
  }
  if (buffer<int> factors; square_factors(b, x, factors)) {
    int all = logarithm ? zero_node : one_node;
    for (int f : factors) {
      const int of_factor = determinant_of(b, op, f);
      all = logarithm ? add(b, all, of_factor) : multiply(b, all, of_factor);
    }
    return all;
  }
  if (const int turned = transposed_matrix(b, x); is_better_turned(b, x, turned))
    return apply_to_matrix(b, op, turned);
  return apply_to_matrix(b, op, x);
}

/// The product of three arrays of matrices, each one perhaps transposed; of two if the last is 1.
constexpr int product_of_matrices(builder& b, int shape, int x, bool turn_x, int y, bool turn_y, int z,
                                  bool turn_z) {
  contraction c(b);
  const int rank = b.lists.rank(shape);
  const extent size = b.lists.at(shape, rank - 1);
  for (int axis = 0; axis < rank - 2; ++axis) c.add_result(c.add_label(b.lists.at(shape, axis)));
  const int first = rank - 2;
  for (int k = 0; k < 4; ++k) c.add_label(size);
  const auto put = [&](int node, int row, bool turn) {
    buffer<int> l;
    for (int axis = 0; axis < rank - 2; ++axis) l.push_back(axis);
    l.push_back(first + (turn ? row + 1 : row));
    l.push_back(first + (turn ? row : row + 1));
    c.add(node, l);
  };
  c.add_result(first), c.add_result(z == one_node ? first + 2 : first + 3);
  put(x, 0, turn_x), put(y, 1, turn_y);
  if (z != one_node) put(z, 2, turn_z);
  return c.build();
}

constexpr int pull_inverse(builder& b, const structural_call&, int self, int, int adjoint) {
  return negate(b, product_of_matrices(b, b.shape(self), self, true, adjoint, false, self, true));
}
constexpr int push_inverse(builder& b, const structural_call&, int self, int, int tangent) {
  return negate(b, product_of_matrices(b, b.shape(self), self, false, tangent, false, self, false));
}

/// The labels of arrays of square matrices: leading axes, then row and column.
struct matrix_labels {
  constexpr matrix_labels(builder& b, contraction& c, int shape) {
    for (int axis = 0; axis < b.lists.rank(shape); ++axis) {
      const int label = c.add_label(b.lists.at(shape, axis));
      straight.push_back(label);
      if (axis + 2 < b.lists.rank(shape)) leading.push_back(label);
    }
    for (int label : leading) turned.push_back(label);
    turned.push_back(straight[straight.used - 1]);
    turned.push_back(straight[straight.used - 2]);
  }
  buffer<int> leading, straight, turned;
};

constexpr int pull_log_determinant(builder& b, const structural_call& call, int, int, int adjoint) {
  contraction c(b);
  const matrix_labels l(b, c, call.declared[0]);
  c.add(adjoint, l.leading);
  c.add(inverse_matrix(b, call.args[0]), l.turned);
  for (int label : l.straight) c.add_result(label);
  return c.build();
}
constexpr int push_log_determinant(builder& b, const structural_call& call, int, int, int tangent) {
  contraction c(b);
  const matrix_labels l(b, c, call.declared[0]);
  c.add(inverse_matrix(b, call.args[0]), l.turned);
  c.add(tangent, l.straight);
  for (int label : l.leading) c.add_result(label);
  return c.build();
}
/// det(x)' = det(x) log(det(x))'.
constexpr int pull_determinant(builder& b, const structural_call& call, int self, int k, int adjoint) {
  return pull_log_determinant(b, call, self, k, multiply(b, adjoint, self));
}
constexpr int push_determinant(builder& b, const structural_call& call, int self, int k, int tangent) {
  return multiply(b, self, push_log_determinant(b, call, self, k, tangent));
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
