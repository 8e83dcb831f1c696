// SPDX-License-Identifier: BSL-1.0
// Replaces symbols by other nodes of the same graph, all at once.
#pragma once
#include "../support/compiler/begin.hpp"

#include "../graph/algebra.hpp"
#include "rewrite.hpp"

namespace tg::detail {

/// Rebuilds what `roots` need with each `from[k]` replaced by `to[k]`; `roots` moves along. The replacements
/// are not replaced again.
constexpr void substitute(builder& b, buffer<int>& roots, const buffer<int>& from, const buffer<int>& to) {
  rewrite(b, roots, [&](int i, const buffer<int>& args, bool moved) {
    for (int k = 0; k < from.size(); ++k)
      if (from[k] == i) return to[k];
    return moved ? remake(b, i, args) : i;
  });
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
