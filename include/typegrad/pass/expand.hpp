// SPDX-License-Identifier: BSL-1.0
// Before differentiation, a primitive that is given by a definition instead of a derivative rule is replaced
// by its definition.
#pragma once
#include "../support/compiler/begin.hpp"

#include "../graph/algebra.hpp"
#include "rewrite.hpp"

namespace tg::detail {

/// Replaces composed primitives by their definitions in what `roots` need; `roots` moves along. Costs nothing
/// where there are none. A definition may use composed primitives in turn; then there is another round.
constexpr void expand_definitions(builder& b, buffer<int>& roots, int from = 0) {
  const int n = b.size();
  bool any = false;
  for (int i = from; i < n && !any; ++i) any = b[i].op->define != nullptr;
  if (!any) return;
  buffer<int> definition;
  buffer<bool> wanted;
  rewrite(b, roots, [&](int i, const buffer<int>& args, bool moved) {
    const record* const op = b[i].op;
    if (op->define == nullptr) return moved ? remake(b, i, args) : i;
    definition.assign(1, -1);
    op->define(b, {args.items, args.used, i, wanted.items, definition.items});
    return definition[0];
  });
  expand_definitions(b, roots, n);
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
