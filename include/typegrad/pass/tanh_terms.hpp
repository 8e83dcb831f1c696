// SPDX-License-Identifier: BSL-1.0
// 1 = tanh(x)^2 + tanh_slope(x, tanh(x)) in a sum: where two of the three stand with coefficients that allow
// it, the third takes their place. So 1 - tanh(x)^2 is one node however it was made, and keeps its digits
// where tanh(x) is nearly 1.
#pragma once

#include "../primitive/hyperbolic.hpp"
#include "like_terms.hpp"

namespace tg::detail {

class tanh_terms : public like_terms {
 protected:
  constexpr explicit tanh_terms(builder& graph) : like_terms{graph}, b_{graph} {}

  /// Does so for the terms and the constant of the sum.
  constexpr void collect_tanh() {
    bool any = false;
    for (int k = 0; k < terms_.used && !any; ++k) {
      const record* const operation = b_.vertices.items[terms_.items[k].node].op;
      any = operation == known<op::tanh_slope> ||
            (operation->what == kind::power && is_square(terms_.items[k].node));
    }
    if (!any) return;
    sort_terms();
    for (int i = 0; i < terms_.used; ++i) {
      term& t = terms_.items[i];
      const exact factor = t.factor;
      if (factor.n == 0) continue;
      if (is_slope(t.node)) {
        const int square = power(b_, b_.operand(t.node, 1), {2, 1});
        term* with = nullptr;
        for (term& u : terms_)
          if (u.node == square && u.factor == factor) with = &u;
        term* other = nullptr;  // slope(x) - tanh(y)^2 is slope(y) - tanh(x)^2: the first in the canonical
                                // order has the slope
        for (term& u : terms_)
          if (is_square(u.node) && u.factor == -factor &&
              before(b_, u.node, other == nullptr ? square : other->node))
            other = &u;
        const exact_result sum = constant_ + factor;
        if (with != nullptr && sum.valid)
          constant_ = sum.value, *with = t = {};
        else if (factor == -constant_)
          t = {square, -factor}, constant_ = {};
        else if (other != nullptr)
          t.node = slope_of(other->node), other->node = square;
        else
          continue;
      } else if (is_square(t.node) && factor == -constant_) {
        t = {slope_of(t.node), constant_};
        constant_ = {};
      } else {
        continue;
      }
      collect_terms();
      sort_terms();
      i = -1;  // each time there is one term less, or no constant any more, or an earlier one has the slope
    }
  }

  /// Whether x is tanh(u)^2 for some u, in canonical form.
  constexpr bool is_square(int x) const {
    const vertex& v = b_.vertices.items[x];
    return v.op->what == kind::power && b_[b_.operands.items[v.first]].op == known<op::tanh> &&
           b_.value(b_.operands.items[v.first + 1]).is(2);
  }

  constexpr bool is_slope(int x) const { return b_.vertices.items[x].op == known<op::tanh_slope>; }

 private:
  constexpr int slope_of(int square) {
    const int base = b_.operand(square, 0);
    return b_.intern(known<op::tanh_slope>, b_.operand(base, 0), base);
  }

  builder& b_;
};

}  // namespace tg::detail
