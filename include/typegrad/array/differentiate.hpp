// SPDX-License-Identifier: BSL-1.0
// Derivatives through structural primitives: adjoints pulled back, tangents pushed forward, by the functions
// in the primitives' records.
#pragma once
#include "../support/compiler/begin.hpp"

#include "algebra.hpp"

namespace tg::detail {

/// The operands of the structural node i and their shapes.
struct call_of_node {
  constexpr call_of_node(const builder& b, int i) {
    for (int k = 0; k < b.count(i); ++k) {
      args.push_back(b.operand(i, k));
      declared.push_back(b.shape(b.operand(i, k)));
    }
  }
  buffer<int> args, declared;
};

constexpr void pull_structural(builder& b, int i, int adjoint, const buffer<char>& active,
                               buffer<int>& contributions) {
  const call_of_node node(b, i);
  const record* const op = b[i].op;
  const int attribute = b.attribute(i), count = b.count(i);
  contributions.clear();
  if (op->shaped->pull_all != nullptr)
    return op->shaped->pull_all(b, {op, attribute, node.args, node.declared}, i, adjoint, active,
                                contributions);
  for (int k = 0; k < count; ++k)
    contributions.push_back(
        active[node.args[k]] != 0 && adjoint != zero_node
            ? op->shaped->pull(b, {op, attribute, node.args, node.declared}, i, k, adjoint)
            : int{zero_node});
}

constexpr void push_structural(builder& b, int i, const buffer<int>& tangent, buffer<int>& terms) {
  const call_of_node node(b, i);
  const record* const op = b[i].op;
  const int attribute = b.attribute(i), count = b.count(i);
  if (op->shaped->push_all != nullptr)
    return terms.push_back(op->shaped->push_all(b, {op, attribute, node.args, node.declared}, i, tangent));
  for (int k = 0; k < count; ++k) {
    const int t = node.args[k] < tangent.used ? tangent[node.args[k]] : -1;
    if (t <= zero_node) continue;
    const int pushed = op->shaped->push(b, {op, attribute, node.args, node.declared}, i, k, t);
    if (pushed != zero_node) terms.push_back(pushed);
  }
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
