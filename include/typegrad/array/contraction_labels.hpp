// SPDX-License-Identifier: BSL-1.0
// The contraction: a product of arrays whose axes carry labels, summed over the labels that the result lacks.
// Sums over axes, traces, transposes, diagonals, outer and matrix products are all this one primitive.
#pragma once
#include "../support/compiler/begin.hpp"

#include "algebra.hpp"

namespace tg::detail {

extern const structure contraction_structure;

}  // namespace tg::detail

namespace tg::op {

/// The sum of products of operands over all labels that do not stand after the arrow: einsum<"ij,jk->ik"> is
/// the product of matrices.
template <auto Labels>
struct einsum {
  static constexpr std::string_view name = "einsum";
};

/// All of them, as their record sees them.
struct contraction {
  static constexpr std::string_view name = "einsum";
  static constexpr bool built_in = true;
  static constexpr tg::facts facts{.calls = 0};
  static constexpr const detail::structure& shaped = detail::contraction_structure;
};

}  // namespace tg::op

namespace tg::detail {

/// Whether a node is a contraction.
constexpr bool is_contraction(const builder& b, int x) { return b[x].op == known<op::contraction>; }
/// Whether a node is made element by element from operands that are.
constexpr bool is_elementwise(const builder& b, int x) { return b.attribute(x) == 0 && b.count(x) > 0; }

/// The labels of a contraction, read from its attribute: how many the result has, these, and the same for
/// each operand.
struct contraction_labels {
  constexpr contraction_labels(const builder& b, int attribute) {
    for (int at = 0; at < b.lists.rank(attribute);) {
      const int rank = b.lists.at(attribute, at++).size;
      first.push_back(label.used);
      for (int k = 0; k < rank; ++k) {
        label.push_back(b.lists.at(attribute, at++).size);
        if (label.back() >= labels) labels = label.back() + 1;
      }
    }
    first.push_back(label.used);
  }
  /// Of operand k, counted from 0; of the result: -1.
  constexpr int rank(int k) const { return first.items[k + 2] - first.items[k + 1]; }
  constexpr int at(int k, int axis) const { return label.items[first.items[k + 1] + axis]; }
  constexpr int operands() const { return first.used - 2; }

  int labels = 0;
  buffer<int> first, label;
};

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
