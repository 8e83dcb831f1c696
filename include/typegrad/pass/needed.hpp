// SPDX-License-Identifier: BSL-1.0
// Which nodes of a graph some of its nodes need, and which are its symbols: the first things that passes ask.
#pragma once
#include "../support/compiler/begin.hpp"

#include "../graph/builder.hpp"

namespace tg::detail {

/// Which of the nodes below `end` one of the roots needs; `needed` is new.
constexpr void mark_needed(const builder& b, int end, const buffer<int>& roots, buffer<char>& needed) {
  needed.zeros(end);
  for (int r : roots) needed.items[r] = 1;
  for (int i = end - 1; i >= 0; --i) {
    if (needed.items[i] == 0) continue;
    const int first = b.vertices.items[i].first, count = b.vertices.items[i].count;
    for (int k = first; k < first + count; ++k) needed.items[b.operands.items[k]] = 1;
  }
}

/// The symbols of a graph, in canonical order: short names first, then by letters, so that p2 comes before
/// p10.
constexpr void find_symbols(const builder& b, buffer<int>& symbols) {
  for (int i = 0; i < b.size(); ++i)
    if (b.what(i) == kind::variable) symbols.push_back(i);
  sort(symbols.items, symbols.size(), [&](int p, int q) { return before(b, p, q); });
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
