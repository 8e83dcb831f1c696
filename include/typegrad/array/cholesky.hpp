// SPDX-License-Identifier: BSL-1.0
// The Cholesky factor of symmetric matrices, the last two axes of an array. With L' L^-T and so on for
// transposes and inverses, and P .* M for the lower triangle of P with half its diagonal, the derivative of
// L L' = A is dL = L ((L^-1 dA L^-T) .* M) (I. Murray, Differentiation of the Cholesky decomposition, 2016).
#pragma once
#include "../support/compiler/begin.hpp"

#include "arange.hpp"
#include "matrix.hpp"

namespace tg::detail {

constexpr int build_cholesky(builder& b, const structural_call& call);
constexpr int pull_cholesky(builder& b, const structural_call& call, int self, int, int adjoint);
constexpr int push_cholesky(builder& b, const structural_call& call, int self, int, int tangent);

}  // namespace tg::detail

namespace tg::op {

struct cholesky {
  static constexpr std::string_view name = "cholesky";
  static constexpr bool built_in = true;
  static constexpr tg::facts facts{};
  static constexpr detail::structure shaped{.algebra = &detail::arrays_of_formulas,
                                            .infer = &detail::keep_operand_shape,
                                            .construct = &detail::build_cholesky,
                                            .pull = &detail::pull_cholesky,
                                            .push = &detail::push_cholesky};
};

}  // namespace tg::op

namespace tg::detail {

constexpr int build_cholesky(builder& b, const structural_call& call) {
  const int x = broadcast(b, call.args[0], call.declared[0]);
  return b[x].op == known<op::identity<>> ? x : apply_to_matrix(b, known<op::cholesky>, x);
}
/// The lower triangle of x with half its diagonal.
constexpr int half_lower(builder& b, int shape, int x) {
  const extent length = b.lists.at(shape, b.lists.rank(shape) - 1);
  const int ones = make_where(b, in_triangle(b, length, length, 0, false), one_node, zero_node),
            half = divide(b, identity_matrix(b, length), b.constant(-2));
  return multiply(b, broadcast(b, x, shape), add(b, ones, half));
}
constexpr int half_symmetric(builder& b, int shape, int x) {
  x = broadcast(b, x, shape);
  return divide(b, add(b, x, transposed_matrix(b, x)), b.constant(2));
}
constexpr int pull_cholesky(builder& b, const structural_call&, int self, int, int adjoint) {
  const int shape = b.shape(self), inverse = inverse_matrix(b, self);
  const int product = product_of_matrices(b, shape, self, true, adjoint, false, one_node, false);
  return half_symmetric(
      b, shape,
      product_of_matrices(b, shape, inverse, true, half_lower(b, shape, product), false, inverse, false));
}
constexpr int push_cholesky(builder& b, const structural_call&, int self, int, int tangent) {
  const int shape = b.shape(self), inverse = inverse_matrix(b, self);
  const int product =
      product_of_matrices(b, shape, inverse, false, half_symmetric(b, shape, tangent), false, inverse, true);
  return product_of_matrices(b, shape, self, false, half_lower(b, shape, product), false, one_node, false);
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
