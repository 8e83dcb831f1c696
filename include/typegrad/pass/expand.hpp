// SPDX-License-Identifier: BSL-1.0
// Before differentiation, a primitive that is given by a definition instead of a derivative rule is replaced
// by its definition.
#pragma once

#include "../graph/handle.hpp"

namespace tg {

/// Replaces composed primitives by their definitions in what `roots` need; `roots` moves along. Costs nothing
/// where there are none. A definition may use composed primitives in turn; then there is another round.
constexpr void expand_definitions(builder& b, buffer<int>& roots, int from = 0) {
  const int n = b.size();
  bool any = false;
  for (int i = from; i < n && !any; ++i) any = b[i].op->define != nullptr;
  if (!any) return;
  buffer<int> image(n, -1), args, definition;
  buffer<bool> wanted;
  for (int i = 0; i < n; ++i) {
    if (b.count(i) == 0) {
      image[i] = i;
      continue;
    }
    args.clear();
    for (int k = 0; k < b.count(i); ++k) args.push_back(image[b.operand(i, k)]);
    if (b[i].op->define == nullptr) {
      image[i] = make_node(b, b[i].op, args);
      continue;
    }
    definition.assign(1, -1);
    b[i].op->define(b, {args.items, args.used, i, wanted.items, definition.items});
    image[i] = definition[0];
  }
  for (int& r : roots) r = image[r];
  expand_definitions(b, roots, n);
}

}  // namespace tg
