// SPDX-License-Identifier: BSL-1.0
// A pass over a graph that is about to be emitted: rewrites that are worth it only once all outputs are
// known. Divisions cost four multiplications: one by a constant becomes a multiplication with the reciprocal
// (which the compiler computes), and divisions by the same value share one reciprocal. The quotient may
// differ from the direct one in its last bit.
#pragma once
#include "../support/compiler/begin.hpp"

#include "../graph/algebra.hpp"
#include "../pass/rewrite.hpp"

namespace tg::detail {

/// Rewrites the graph for evaluation; `roots` moves along, and so do the products that `whole` marks. Cost:
/// one sweep.
constexpr void share_reciprocals(builder& b, buffer<int>& roots, buffer<char>& whole) {
  const int n = b.size();
  whole.resize(n);
  buffer<char> needed(n), fixed(n);  // fixed: no symbol and no captured number enters
  buffer<int> divisions(n);
  for (int r : roots) needed.items[r] = 1;
  bool any = false;
  for (int i = n - 1; i >= 0; --i) {
    const vertex& v = b.vertices.items[i];
    if (needed.items[i] == 0 || v.count == 0) continue;
    for (int k = v.first; k < v.first + v.count; ++k) needed.items[b.operands.items[k]] = 1;
    if (v.op->what == kind::divide) ++divisions.items[b.operands.items[v.first + 1]], any = true;
  }
  if (!any) return;
  any = false;
  for (int i = 0; i < n; ++i) {
    const vertex& v = b.vertices.items[i];
    bool all = v.op->what != kind::variable && v.op->what != kind::captured && v.op->what != kind::where;
    for (int k = v.first; k < v.first + v.count && all; ++k) all = fixed.items[b.operands.items[k]] != 0;
    fixed.items[i] = all;
    any = any || divisions.items[i] > 1 || (all && divisions.items[i] > 0);
  }
  if (!any) return;
  buffer<int> image;
  rewrite(b, roots, image, [&](int i, const buffer<int>& args, bool moved) {
    const record* const operation = b.vertices.items[i].op;
    if (operation->what == kind::divide && fixed.items[i] == 0) {
      const int below = b.operand(i, 1);
      if (divisions.items[below] > 1 || fixed.items[below] != 0) {
        const int reciprocal = b.intern(known<op::divide>, one_node, args.items[1]);
        return args.items[0] == one_node ? reciprocal
                                         : b.intern(known<op::multiply>, args.items[0], reciprocal);
      }
    }
    return moved ? b.intern(operation, args) : i;
  });
  move_marks(b, n, image, whole);
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
