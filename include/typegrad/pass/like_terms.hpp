// SPDX-License-Identifier: BSL-1.0
// The terms of a sum with their coefficients, or the factors of a product with their exponents, while it is brought into canonical form.
#pragma once

#include "../graph/builder.hpp"

namespace tg::detail {

struct term {
  int node;
  exact factor;  // the coefficient in a sum, the exponent in a product
};

class like_terms {
 protected:
  constexpr explicit like_terms(const builder& graph) : graph_{graph} {}

  constexpr void start(const exact& constant) {
    terms_.clear();
    choices_ = false;
    constant_ = constant;
  }

  constexpr void push(int node, const exact& factor) {
    if (graph_.vertices.items[node].op->what == kind::where) choices_ = true;
    terms_.push_back({node, factor});
  }

  /// Joins the factors of equal nodes; a pair whose sum of factors is not exact stays apart.
  template <class Accept>
  constexpr void collect(Accept accept) {
    if (terms_.used < 2 || (terms_.used == 2 && terms_.items[0].node != terms_.items[1].node)) return;
    int size = 0;
    for (int i = 0; i < terms_.used; ++i) {
      const term t = terms_.items[i];
      int j = 0;
      if (size < 16) {
        while (j < size && terms_.items[j].node != t.node) ++j;
      } else {
        slots_.resize(graph_.size() + 1);
        if (!indexed_) {
          for (int q = 0; q < size; ++q) slots_.items[terms_.items[q].node] = q + 1;
          indexed_ = true;
        }
        j = slots_.items[t.node] != 0 ? slots_.items[t.node] - 1 : size;
      }
      if (j < size) {
        const exact_result r = terms_.items[j].factor + t.factor;
        if (r.valid && accept(t.node, terms_.items[j].factor, t.factor, r.value)) {
          terms_.items[j].factor = r.value;
          continue;
        }
      }
      if (indexed_) slots_.items[t.node] = size + 1;
      terms_.items[size++] = t;
    }
    if (indexed_)
      for (int q = 0; q < size; ++q) slots_.items[terms_.items[q].node] = 0;
    indexed_ = false;
    terms_.resize(size);
  }

  buffer<term> terms_;
  exact constant_{};
  bool choices_ = false;  // a term is a choice

 private:
  const builder& graph_;
  buffer<int> slots_;  // where a node is in terms_, counted from 1, if there are many
  bool indexed_ = false;
};

}  // namespace tg::detail
