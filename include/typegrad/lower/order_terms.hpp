// SPDX-License-Identifier: BSL-1.0
// The order in which a program adds the terms of a sum: the one that is known last is added last, so that
// only one addition waits for it. (Compilers keep the order that they are given, because another one rounds
// differently.) Canonical order is as good as random here: in t + y + z it may put first a t that is the end
// of a long chain, and then all additions wait. In the Jacobian of a reprojection error, whose sums mostly
// have three terms or four, that takes a tenth of the time away with clang 19.
#pragma once
#include "../support/compiler/begin.hpp"

#include "../pass/pack.hpp"

namespace tg::detail {

/// Reorders the terms of the sums of three or more in a finished graph by the time at which they are known,
/// in the units of the cost model (pass/cost.hpp). A subtraction comes first only if there is no addition
/// next to it. One sweep.
template <class Packed>
constexpr void order_terms(Packed& p) {
  buffer<int> known_at(p.nodes), terms;
  const auto& time = known_at.items;
  for (int i = 0; i < p.nodes; ++i) {
    const kind what = p.op[i]->what;
    const int first = p.first[i], count = p.count[i];
    int last = 0;
    bool in_order = true;
    for (int k = first; k < first + count; ++k)
      if (const int at = time[p.operand[k]]; at >= last)
        last = at;
      else
        in_order = false;
    if (what != kind::add || count < 3) {
      const bool is_free = count == 0 || what == kind::negate || what == kind::where;
      known_at.items[i] = last + (is_free                                        ? 0
                                  : what == kind::divide                         ? 4
                                  : what == kind::function || what == kind::root ? 20
                                                                                 : 1);
      continue;
    }
    if (!in_order) {
      terms.clear();
      for (int k = first; k < first + count; ++k) terms.push_back(p.operand[k]);
      sort(terms.items, count, [&](int first_term, int second_term) {
        return time[first_term] != time[second_term] ? time[first_term] < time[second_term]
                                                     : first_term < second_term;
      });
      for (int k = 0; k < count; ++k) p.operand[first + k] = terms.items[k];
    }
    if (const int first_term = p.operand[first], second_term = p.operand[first + 1];
        p.op[first_term]->what == kind::negate && p.op[second_term]->what != kind::negate) {
      p.operand[first] = second_term;
      p.operand[first + 1] = first_term;
    }
    int sum = 0;
    for (int k = first; k < first + count; ++k) {
      const int at = time[p.operand[k]];
      sum = (sum > at ? sum : at) + (k > first ? 1 : 0);
    }
    known_at.items[i] = sum;
  }
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
