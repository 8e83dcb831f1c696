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

/// Which operands of a node are the body of a loop, a graph of what stands for the arrays of one step
/// (pass/loop/body.hpp). From outside a loop reads its other operands alone.
struct body_operands {
  constexpr body_operands(const builder& b, int i) {
    const structure* const shaped = b.vertices.items[i].op->shaped;
    if (shaped == nullptr || !shaped->loops()) return;
    const auto attribute = [&](int k) { return b.lists.at(b.attribute(i), k).size; };
    first = attribute(1) + attribute(2);
    end = first + attribute(1) + attribute(3);
  }
  constexpr bool contains(int k) const { return k >= first && k < end; }
  int first = 0, end = 0;
};

/// A loop of the graph; null if it has none.
constexpr const structure* find_loop(const builder& b) {
  for (int i = 0; b.arrays != nullptr && i < b.size(); ++i)
    if (const structure* const shaped = b.vertices.items[i].op->shaped; shaped != nullptr && shaped->loops())
      return shaped;
  return nullptr;
}

/// Which of the nodes below `end` the roots need outside of bodies of loops.
constexpr void mark_needed_outside(const builder& b, int end, const buffer<int>& roots,
                                   buffer<char>& needed) {
  if (b.arrays == nullptr) return mark_needed(b, end, roots, needed);
  needed.zeros(end);
  for (int r : roots) needed.items[r] = 1;
  for (int i = end - 1; i >= 0; --i) {
    if (needed.items[i] == 0) continue;
    const body_operands body(b, i);
    for (int k = 0; k < b.count(i); ++k)
      if (!body.contains(k)) needed.items[b.operand(i, k)] = 1;
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
