// SPDX-License-Identifier: BSL-1.0
// Which nodes a choice may skip. A node that is needed only if one side of a `where` is taken belongs to the block of that side;
// all others are in block 0. A program runs block 0, and inside it the blocks of the sides that are taken.
#pragma once

#include "pack.hpp"

namespace tg {

/// For Nodes nodes: `order` lists the nodes block by block, each block in evaluation order; block k is order[begin[k] .. begin[k+1]).
/// The sides of the choice that is node i are the blocks side[i] (taken) and side[i] + 1 (not taken).
template <int Nodes>
struct blocks {
  int count = 1;
  int order[Nodes]{};
  int begin[2 * Nodes + 2]{};
  int side[Nodes]{};
};

/// Conditions and the exponents of exact powers are evaluated where they are used and get no place of their own.
template <class Packed>
constexpr bool is_inline(const Packed& p, int i) {
  return p.op[i]->what == kind::condition;
}

template <int Nodes, class Packed>
constexpr auto find_blocks(const Packed& p) {
  blocks<Nodes> r;
  const int n = p.nodes;
  buffer<int> block(n, -1), parent, depth;  // block[i] = -1: not used (yet)
  parent.push_back(-1);
  depth.push_back(0);
  const auto use = [&](int operand, int in) {
    int& old_block = block[operand];
    if (old_block < 0) {
      old_block = in;
      return;
    }
    int new_block = in;
    while (new_block != old_block)
      if (depth[new_block] >= depth[old_block]) new_block = parent[new_block];
      else old_block = parent[old_block];
  };
  for (int k = 0; k < p.roots; ++k) use(p.root[k], 0);
  for (int i = n - 1; i >= 0; --i) {
    if (block[i] < 0) continue;
    if (p.op[i]->what == kind::where) {
      r.side[i] = parent.size();
      for (int s = 0; s < 2; ++s) {
        parent.push_back(block[i]);
        depth.push_back(depth[block[i]] + 1);
      }
      use(p.arg(i, 0), block[i]);
      use(p.arg(i, 1), r.side[i]);
      use(p.arg(i, 2), r.side[i] + 1);
    } else {
      for (int k = 0; k < p.count[i]; ++k) use(p.arg(i, k), block[i]);
    }
  }
  r.count = parent.size();
  buffer<int> size(r.count, 0);
  for (int i = 0; i < n; ++i)
    if (block[i] >= 0 && !is_inline(p, i)) ++size[block[i]];
  for (int k = 0; k < r.count; ++k) r.begin[k + 1] = r.begin[k] + size[k], size[k] = r.begin[k];
  for (int i = 0; i < n; ++i)
    if (block[i] >= 0 && !is_inline(p, i)) r.order[size[block[i]]++] = i;
  return r;
}

}  // namespace tg
