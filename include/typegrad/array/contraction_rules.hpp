// SPDX-License-Identifier: BSL-1.0
// How contractions are made, and how adjoints and tangents go through them: pulling an adjoint back to an
// operand is again a contraction, with that operand's labels.
#pragma once
#include "../support/compiler/begin.hpp"

#include "contraction.hpp"

namespace tg::detail {

/// Adds the operands of a call; operand `other` is replaced by a node of the same shape, or left out if that
/// is -1.
constexpr void add_operands(contraction& c, const contraction_labels& l, const structural_call& call,
                            int other, int in_its_place) {
  for (int k = 0; k < l.operands(); ++k) {
    if (k == other && in_its_place < 0) continue;
    c.add_operand(l, k, k == other ? in_its_place : call.args[k]);
  }
}

constexpr int build_contraction(builder& b, const structural_call& call) {
  const contraction_labels l(b, call.attribute);
  contraction c(b, l, call.declared);
  for (int axis = 0; axis < l.rank(-1); ++axis) c.add_result(l.at(-1, axis));
  add_operands(c, l, call, -1, 0);
  return c.build();
}

constexpr int push_contraction(builder& b, const structural_call& call, int, int k, int tangent) {
  const contraction_labels l(b, call.attribute);
  contraction c(b, l, call.declared);
  for (int axis = 0; axis < l.rank(-1); ++axis) c.add_result(l.at(-1, axis));
  add_operands(c, l, call, k, tangent);
  return c.build();
}

/// The adjoint of operand k: the product of all others and the adjoint of the result, with the labels of k.
constexpr int pull_contraction(builder& b, const structural_call& call, int, int k, int adjoint) {
  const contraction_labels l(b, call.attribute);
  contraction c(b, l, call.declared);
  buffer<int> of_result, both;
  for (int axis = 0; axis < l.rank(-1); ++axis) of_result.push_back(l.at(-1, axis));
  for (int axis = 0; axis < l.rank(k); ++axis) {
    int own = l.at(k, axis);
    for (int earlier = 0; earlier < axis; ++earlier)
      if (l.at(k, earlier) == own) {  // a diagonal
        const extent length = b.lists.at(call.declared[k], axis);
        both.clear();
        both.push_back(own);
        own = c.add_label(length);
        both.push_back(own);
        c.add(identity_matrix(b, length), both);
        break;
      }
    c.add_result(own);
  }
  c.add(adjoint, of_result);
  add_operands(c, l, call, k, -1);
  return c.build();
}

constexpr int infer_contraction(builder& b, const structural_call& call) {
  const contraction_labels l(b, call.attribute);
  buffer<extent> length(l.labels), extents;
  for (int k = 0; k < l.operands(); ++k)
    for (int axis = 0; axis < l.rank(k); ++axis) length[l.at(k, axis)] = b.lists.at(call.declared[k], axis);
  for (int axis = 0; axis < l.rank(-1); ++axis) extents.push_back(length[l.at(-1, axis)]);
  return b.lists.find(extents);
}

inline constexpr structure contraction_structure{.algebra = &arrays_of_formulas,
                                                 .infer = &infer_contraction,
                                                 .construct = &build_contraction,
                                                 .pull = &pull_contraction,
                                                 .push = &push_contraction};

/// The sum over the axes that an operand of shape `to` lacks, or has only once.
constexpr int sum_to(builder& b, int x, int from, int to) {
  if (from == to) return x;
  const int rank = b.lists.rank(from), missing = rank - b.lists.rank(to);
  contraction c(b);
  buffer<int> l;
  buffer<extent> kept;
  for (int k = 0; k < rank; ++k) {
    const extent e = b.lists.at(from, k);
    l.push_back(c.add_label(e));
    if (k < missing || (b.lists.at(to, k - missing).is(1) && !e.is(1))) continue;
    kept.push_back(e);
    c.add_result(k);
  }
  c.add(x, l);
  const int sum = c.build();
  const int kept_shape = b.lists.find(kept);
  return kept_shape == to || b.shape(sum) == 0 ? sum : reshape(b, broadcast(b, sum, kept_shape), to);
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
