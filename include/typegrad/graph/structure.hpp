// SPDX-License-Identifier: BSL-1.0
// What a graph knows of arrays, as tables of functions, so that a graph of numbers carries none of their
// code: of a structural primitive how its node is made and how adjoints and tangents go through it; of all
// arrays what broadcasting needs.
#pragma once
#include "../support/compiler/begin.hpp"

#include "extent.hpp"

namespace tg::detail {

/// What all array symbols and structural primitives share.
struct array_algebra {
  /// The shape of element-wise operands together, by NumPy's rule; -1 where they do not fit.
  int (*join_shapes)(builder&, int, int);
  /// A node in the full shape.
  int (*broadcast)(builder&, int node, int shape);
  /// The sum of a node, taken in the full shape `from`, over what an operand of shape `to` lacks.
  int (*sum_to)(builder&, int node, int from, int to);
  /// What becomes of two terms p*x + q*y of a sum that have a common factor; -1 if they have none.
  int (*join_terms)(builder&, int x, const exact& p, int y, const exact& q);
  /// The contributions of the structural node i to the adjoints of its operands; 0 for one that is not
  /// active.
  void (*pull)(builder&, int i, int adjoint, const buffer<char>& active, buffer<int>& contributions);
  /// The parts of the tangent of the structural node i; -1 is the tangent of an operand that has none.
  void (*push)(builder&, int i, const buffer<int>& tangent, buffer<int>& terms);
  /// The sentence about shapes that do not fit.
  void (*describe_misfit)(const builder&, buffer<int>& letters);
};

/// A call of a structural primitive: its node, or the node to be made.
struct structural_call {
  const record* op;
  int attribute;                // the list of its attributes
  const buffer<int>& args;      // the operands,
  const buffer<int>& declared;  // and the shapes in which they are taken; each may have become smaller
};

/// What the attributes of a structural primitive are, for who writes or moves them: an axis and other
/// numbers; axes alone; an axis, a length, stride and dilation; or a place of random numbers, which of its
/// arrays, and the shape.
enum class attributes_are { numbers, axes, windows, site };

/// The value-level description of an array symbol or a structural primitive.
struct structure {
  const array_algebra* algebra;
  const extent* extents = nullptr;  // of a symbol
  int rank = 0;
  bool symmetric = false;  // a symbol of a matrix that is equal to its transpose
  bool inverts = false;    // the inverse of its operand
  bool integers = false;   // a symbol of an array of indices
  bool selects = false;    // the second operand is an index, and says which elements are meant
  bool reduces = false;    // over the axes that are its attributes
  attributes_are attributes = attributes_are::numbers;
  /// The shape of the result.
  int (*infer)(builder&, const structural_call&) = nullptr;
  /// The node in canonical form.
  int (*construct)(builder&, const structural_call&) = nullptr;
  /// The adjoint of operand k, for the adjoint of the node.
  int (*pull)(builder&, const structural_call&, int self, int k, int adjoint) = nullptr;
  /// The part of the tangent that comes from the tangent of operand k.
  int (*push)(builder&, const structural_call&, int self, int k, int tangent) = nullptr;
  /// In the place of these two, of a loop: the adjoints of all operands, and the tangent.
  void (*pull_all)(builder&, const structural_call&, int self, int adjoint, const buffer<char>& active,
                   buffer<int>& contributions) = nullptr;
  int (*push_all)(builder&, const structural_call&, int self, const buffer<int>& tangent) = nullptr;
  /// Of loops, whose bodies are among their operands (pass/needed.hpp): makes one of several in a graph, and
  /// says whether there were some; gives each nodes of its own.
  bool (*join)(builder&, buffer<int>& roots) = nullptr;
  void (*separate)(builder&, buffer<int>& roots) = nullptr;
  constexpr bool loops() const { return join != nullptr; }
};

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
