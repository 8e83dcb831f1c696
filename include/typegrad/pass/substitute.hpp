// SPDX-License-Identifier: BSL-1.0
// Replaces symbols by other nodes of the same graph, all at once.
#pragma once
#include "../support/compiler/begin.hpp"

#include "../graph/algebra.hpp"
#include "rewrite.hpp"

namespace tg::detail {

/// Brings what takes the place of array symbols that the roots need into their shapes; false, with the
/// sentence, where a shape does not fit.
constexpr bool take_shapes(builder& b, const buffer<int>& roots, const buffer<int>& from, buffer<int>& to) {
  buffer<char> needed;
  mark_needed(b, b.size(), roots, needed);
  for (int k = 0; k < from.size(); ++k) {
    const int shape = b.shape(from[k]), given = b.shape(to[k]);
    if (needed[from[k]] == 0 || shape == given) continue;
    if (b.arrays->join_shapes(b, shape, given) != shape) {
      b.refuse_shapes("substitute", shape, given);
      return false;
    }
    to[k] = b.arrays->broadcast(b, to[k], shape);
  }
  return true;
}

/// Rebuilds what `roots` need with each `from[k]` replaced by `to[k]`; `roots` moves along. The replacements
/// are not replaced again.
constexpr void substitute(builder& b, buffer<int>& roots, const buffer<int>& from, buffer<int>& to) {
  buffer<int> shapes;
  for (int r : roots) shapes.push_back(b.shape(r));
  if (b.arrays != nullptr && !take_shapes(b, roots, from, to)) return;
  rewrite(b, roots, [&](int i, const buffer<int>& args, bool moved) {
    for (int k = 0; k < from.size(); ++k)
      if (from[k] == i) return to[k];
    return moved ? remake(b, i, args) : i;
  });
  if (b.arrays != nullptr)
    for (int k = 0; k < roots.size(); ++k) roots[k] = b.arrays->broadcast(b, roots[k], shapes[k]);
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
