// SPDX-License-Identifier: BSL-1.0
// Replaces symbols by other nodes of the same graph, all at once.
#pragma once

#include "../graph/handle.hpp"

namespace tg {

/// Rebuilds what `roots` need with each `from[k]` replaced by `to[k]`; `roots` moves along. The replacements
/// are not replaced again.
constexpr void substitute(builder& b, buffer<int>& roots, const buffer<int>& from, const buffer<int>& to) {
  const int n = b.size();
  buffer<int> image(n, -1), args;
  for (int i = 0; i < n; ++i) {
    image[i] = i;
    bool changed = false;
    args.clear();
    for (int k = 0; k < b.count(i); ++k) {
      args.push_back(image[b.operand(i, k)]);
      changed = changed || args[k] != b.operand(i, k);
    }
    if (changed) image[i] = make_node(b, b[i].op, args);
    for (int k = 0; k < from.size(); ++k)
      if (from[k] == i) image[i] = to[k];
  }
  for (int& r : roots) r = image[r];
}

}  // namespace tg
