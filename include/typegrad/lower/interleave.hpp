// SPDX-License-Identifier: BSL-1.0
// The order of evaluation that lets calls overlap. A processor begins a second call of sin while the first is
// still on its way if it need not wait for its result and if it sees it in time, a few hundred instructions
// ahead. Depth first, which is the order of the graph, is the worst order for that: what is called next needs
// what was called last. Here calls that need the same number of calls before them follow each other, and the
// arithmetic in between goes before or after all of them. In a network of 36 hyperbolic tangents that takes a
// quarter of the time away, in a program of 1,000 mixed operations a tenth. And where so many of them are
// calls of one function that it is faster to make them in the lanes of a register, they are brought together.
#pragma once
#include "../support/compiler/begin.hpp"

#include "../support/compiler/shares_calls.hpp"
#include "blocks.hpp"
#include "shared_functions.hpp"

namespace tg::detail {

/// Of the nodes `first`, next[first], ... the calls that are made together go to `order` from `at` on.
template <class Packed, class Blocks>
constexpr void share_calls(const Packed& p, Blocks& plan, int& first, buffer<int>& next, int& at) {
  for (const shared_function& f : shared_functions::all) {
    const auto is_call = [&](int i) { return p.op[i]->key == f.key && p.op[i]->built_in; };
    int count = 0;
    for (int i = first; i >= 0; i = next.items[i]) count += is_call(i);
    if (count < f.calls) continue;
    plan.shared_begin[plan.shared] = at;
    for (int *link = &first, i = first; i >= 0; i = *link)
      if (is_call(i))
        plan.order[at++] = i, *link = next.items[i];
      else
        link = &next.items[i];
    plan.shared_end[plan.shared++] = at;
  }
}

/// Reorders the nodes of each block, between its choices, by the largest number of calls on a way to them;
/// ties stay as they are, but for the calls that are made together. Linear.
template <class Packed, class Blocks>
constexpr void interleave_calls(const Packed& p, Blocks& plan) {
  buffer<int> calls(p.nodes);     // on the way to a node of the window, itself included
  buffer<int> next(p.nodes, -1);  // node with as many
  buffer<int> first(budgets::interleaved + 1, -1), last(budgets::interleaved + 1, -1);
  buffer<int> with(budgets::interleaved + 1);  // calls that have so many before them, themselves included
  for (int b = 0; b < plan.count; ++b)
    for (int begin = plan.begin[b], end = begin;
         begin<plan.begin[b + 1]; begin = end> begin ? end : end + 1) {
      int most = 0;
      for (end = begin; end < plan.begin[b + 1] && end < begin + budgets::interleaved; ++end) {
        const int i = plan.order[end];
        if (p.op[i]->what == kind::where || reads_condition(p, i)) break;  // these stay where they are
        int n = 0;
        for (int k = 0; k < p.count[i]; ++k)
          if (const int before = calls.items[p.operand[p.first[i] + k]]; before > n) n = before;
        if (const kind what = p.op[i]->what;
            (what == kind::function || what == kind::pow) && p.op[i]->calls > 0)
          ++with.items[++n];
        if (n > most) most = n;
        calls.items[i] = n;
        plan.limited = plan.limited || end == begin + budgets::interleaved - 1;
        (first.items[n] < 0 ? first.items[n] : next.items[last.items[n]]) = i;
        last.items[n] = i;
      }
      int at = begin;
      for (int n = 0; n <= most; ++n) {
        if (shares_calls && with.items[n] >= fewest_shared) share_calls(p, plan, first.items[n], next, at);
        for (int i = first.items[n]; i >= 0; i = next.items[i]) plan.order[at++] = i, calls.items[i] = 0;
        first.items[n] = -1, with.items[n] = 0;
      }
    }
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
