// SPDX-License-Identifier: BSL-1.0
// Which nodes a choice may skip. A node that is needed only if one side of a `where` is taken belongs to the
// block of that side; all others are in block 0. A program runs block 0, and inside it the blocks of the
// sides that are taken. Choices by one condition are made together where that is possible: one branch, and
// what their sides share is skipped with them.
#pragma once
#include "../support/compiler/begin.hpp"

#include "../pass/pack.hpp"

namespace tg::detail {

/// The fewest calls of one function that are made together, of whatever function.
inline constexpr int fewest_shared = 4;

/// For Nodes nodes: `order` lists the nodes block by block, each block in evaluation order; block k is
/// order[begin[k] .. begin[k+1]). The sides of the choice that is node i are the blocks side[i] (taken) and
/// side[i] + 1 (not taken). Of choices that are made together only the first is in `order`; next[i] is the
/// one after i, or -1. The calls of one function order[shared_begin[g] .. shared_end[g]) do not need each
/// other and may be made together.
template <int Nodes>
struct blocks {
  int count = 1;
  int order[Nodes]{};
  int begin[2 * Nodes + 2]{};
  int side[Nodes]{};
  int next[Nodes]{};
  int shared = 0, shared_begin[Nodes / fewest_shared + 1]{}, shared_end[Nodes / fewest_shared + 1]{};
  bool limited = false;  // a budget kept choices from being joined, or calls from being ordered together
};

/// Conditions and the exponents of exact powers are evaluated where they are used and get no place of their
/// own.
template <class Packed>
constexpr bool is_inline(const Packed& p, int i) {
  return p.op[i]->what == kind::condition;
}

/// Whether node i has a condition among its operands, so that it reads what the condition compares.
template <class Packed>
constexpr bool reads_condition(const Packed& p, int i) {
  for (int k = p.first[i]; k < p.first[i] + p.count[i]; ++k)
    if (is_inline(p, p.operand[k])) return true;
  return false;
}

template <class Packed>
class block_finder {
 public:
  constexpr explicit block_finder(const Packed& packed)
      : p{packed}, n{packed.nodes}, first_(n, -1), next(n, -1), side(n, 0) {
    for (int i = 0; i < n; ++i) order.push_back(i);
    assign();
    if (join()) assign();
  }

  const Packed& p;
  int n;
  bool limited = false;

 private:
  buffer<int> first_;  // of the choices that are made together; -1 for a choice that is made alone, and for
                       // what is no choice

 public:
  buffer<int> order;          // all nodes, so that choices that are made together follow each other
  buffer<int> block, parent;  // block[i] = -1: not used
  buffer<int> next, side;

  /// Whether node i is a choice that is made with an earlier one.
  constexpr bool follows(int i) const { return first_[i] >= 0 && first_[i] != i; }

 private:
  constexpr bool is_choice(int i) const { return p.op[i]->what == kind::where; }

  /// The innermost block that holds both.
  constexpr int common(int x, int y) const {
    while (x != y)
      if (depth_[x] >= depth_[y])
        x = parent[x];
      else
        y = parent[y];
    return x;
  }
  constexpr void use(int i, int in) { block[i] = block[i] < 0 ? in : common(block[i], in); }

  /// Finds each node's block; what uses a node comes later in `order`.
  constexpr void assign() {
    block.assign(n, -1);
    parent.clear();
    depth_.clear();
    parent.push_back(-1);
    depth_.push_back(0);
    for (int k = 0; k < p.roots; ++k) use(p.root[k], 0);
    for (int at = n - 1; at >= 0; --at) {
      const int i = order[at];
      if (!is_choice(i)) {
        if (block[i] >= 0)
          for (int k = 0; k < p.count[i]; ++k) use(p.arg(i, k), block[i]);
        continue;
      }
      const int first = first_[i] >= 0 ? first_[i] : i;
      int all = -1;
      for (int c = first; c >= 0; c = next[c])
        if (block[c] >= 0) all = all < 0 ? block[c] : common(all, block[c]);
      while (order[at] != first) --at;
      if (all < 0) continue;
      side[first] = parent.size();
      for (int s = 0; s < 2; ++s) {
        parent.push_back(all);
        depth_.push_back(depth_[all] + 1);
      }
      use(p.arg(first, 0), all);
      for (int c = first; c >= 0; c = next[c]) {
        block[c] = all;
        use(p.arg(c, 1), side[first]);
        use(p.arg(c, 2), side[first] + 1);
      }
    }
  }

  /// Brings choices of one block by one condition together, and what they need in front of them, as long as
  /// none needs another; false if there is nothing to join, or too much to look at.
  constexpr bool join() {
    buffer<int> choices(n);  // by condition: how many
    int shared = 0;
    for (int i = 0; i < n; ++i)
      if (is_choice(i) && block[i] >= 0 && ++choices[p.arg(i, 0)] == 2) ++shared;
    limited = shared > budgets::block_looks / n;
    if (shared == 0 || limited) return false;
    buffer<char> done(n);
    order.clear();
    for (int i = 0; i < n; ++i) {
      if (done[i] != 0) continue;
      if (is_choice(i) && block[i] >= 0 && choices[p.arg(i, 0)] > 1)
        join_to(i, done);
      else
        order.push_back(i), done[i] = 1;
    }
    return true;
  }
  constexpr void join_to(int first, buffer<char>& done) {
    buffer<char> depends(n), needed(n);  // on one of the joined choices; by them
    int last = first;
    depends[first] = needed[first] = 1;
    for (int i = first + 1; i < n; ++i) {
      for (int k = 0; k < p.count[i] && depends[i] == 0; ++k) depends[i] = depends[p.arg(i, k)];
      if (depends[i] != 0 || done[i] != 0 || !is_choice(i) || block[i] != block[first] ||
          p.arg(i, 0) != p.arg(first, 0))
        continue;
      depends[i] = needed[i] = 2;  // joined
      next[last] = i;
      last = i;
    }
    if (last != first)
      for (int c = first; c >= 0; c = next[c]) first_[c] = first;
    for (int i = last; i > first; --i)
      if (needed[i] != 0)
        for (int k = 0; k < p.count[i]; ++k) needed[p.arg(i, k)] |= 1;
    for (int i = first + 1; i < last; ++i)
      if (needed[i] != 0 && first_[i] != first && done[i] == 0) order.push_back(i), done[i] = 1;
    for (int c = first; c >= 0; c = next[c]) order.push_back(c), done[c] = 1;
  }

  buffer<int> depth_;
};

template <int Nodes, class Packed>
constexpr auto find_blocks(const Packed& p) {
  blocks<Nodes> r;
  bool choices = false;
  for (int i = 0; i < p.nodes; ++i) choices = choices || p.op[i]->what == kind::where;
  if (!choices) {  // one block
    for (int i = 0; i < p.nodes; ++i)
      if (!is_inline(p, i)) r.order[r.begin[1]++] = i;
    return r;
  }
  const detail::block_finder<Packed> found(p);
  r.count = found.parent.size();
  r.limited = found.limited;
  buffer<int> size(r.count);
  const auto has_step = [&](int node_id) {
    return found.block[node_id] >= 0 && !is_inline(p, node_id) && !found.follows(node_id);
  };
  for (int i = 0; i < p.nodes; ++i) {
    r.side[i] = found.side[i];
    r.next[i] = found.next[i];
    if (has_step(i)) ++size[found.block[i]];
  }
  for (int k = 0; k < r.count; ++k) r.begin[k + 1] = r.begin[k] + size[k], size[k] = r.begin[k];
  for (int i : found.order)
    if (has_step(i)) r.order[size[found.block[i]]++] = i;
  return r;
}

/// The block of every node of an unfinished graph; 0 for all if there are no choices, -1 if it is not known
/// or would take too long.
template <int Nodes, int Operands, int Roots>
constexpr void find_block_of_each(builder& b, const buffer<int>& roots, buffer<int>& block) {
  block.assign(b.size(), 0);
  int choices = 0;
  for (int i = 0; i < b.size(); ++i) choices += b.what(i) == kind::where;
  if (choices == 0) return;
  block.assign(b.size(), -1);
  b.limited = b.limited || choices * b.size() > budgets::early_block_looks;
  if (choices * b.size() > budgets::early_block_looks) return;
  const auto finished = pack<Nodes, Operands, Roots>(b, roots);
  if (!finished.fits) return;
  const detail::block_finder found(finished);
  buffer<int> order;
  evaluation_order(b, roots, order, block);
  for (int& k : block)
    if (k >= 0) k = found.block[k];
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
