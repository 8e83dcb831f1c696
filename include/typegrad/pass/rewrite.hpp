// SPDX-License-Identifier: BSL-1.0
// The loop that rebuilds a graph: every node that some roots need, after its operands, may be replaced by
// another one. All passes that change a graph in its place are this loop with a function of their own; the
// canonical form alone, which sorts and collects over several nodes, has a sweep from graph to graph
// (pass/simplify.hpp).
#pragma once
#include "../support/compiler/begin.hpp"

#include "needed.hpp"

namespace tg::detail {

/// Rebuilds what `roots` need; `roots` moves along. For each node i, `replace(i, args, moved)` says which
/// node takes its place: `args` are the images of its operands, and `moved` is true where one of them is not
/// the operand itself. `image` has the images of the nodes so far; -1 for the others.
template <class Replace>
constexpr void rewrite(builder& b, buffer<int>& roots, buffer<int>& image, Replace replace) {
  const int n = b.size();
  buffer<char> needed;
  buffer<int> args;
  mark_needed(b, n, roots, needed);
  image.assign(n, -1);
  for (int i = 0; i < n; ++i) {
    if (needed.items[i] == 0) continue;
    args.used = 0;
    bool moved = false;
    const int first = b.vertices.items[i].first, end = first + b.vertices.items[i].count;
    for (int k = first; k < end; ++k) {
      const int from = b.operands.items[k], to = image.items[from];
      args.push_back(to);
      if (from != to) moved = true;
    }
    image.items[i] = replace(i, args, moved);
  }
  for (int& r : roots) r = image.items[r];
}
/// Marks of the first n nodes, on the nodes that took their places.
constexpr void move_marks(const builder& b, int n, const buffer<int>& image, buffer<char>& marks) {
  marks.resize(b.size());
  for (int i = 0; i < n; ++i)
    if (marks.items[i] != 0 && image.items[i] >= 0) marks.items[image.items[i]] = 1;
}
template <class Replace>
constexpr void rewrite(builder& b, buffer<int>& roots, Replace replace) {
  buffer<int> image;
  rewrite(b, roots, image, replace);
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
