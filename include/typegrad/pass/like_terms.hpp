// SPDX-License-Identifier: BSL-1.0
// The terms of a sum with their coefficients, or the factors of a product with their exponents, while it is
// brought into canonical form.
#pragma once
#include "../support/compiler/begin.hpp"

#include <initializer_list>

#include "../graph/builder.hpp"

namespace tg::detail {

struct term {
  int node;
  exact factor;  // the coefficient in a sum, the exponent in a product
};

class like_terms {
 protected:
  constexpr explicit like_terms(builder& graph) : graph_{graph} {}

  constexpr void start(const exact& constant) {
    terms_.clear();
    choices_ = sums_ = false;
    numbers_ = 0;
    constant_ = constant;
  }

  constexpr void push(int node, const exact& factor) {
    switch (graph_.vertices.items[node].op->what) {
      case kind::where:
        choices_ = true;
        break;
      case kind::add:
        sums_ = true;
        break;
      case kind::constant:
        ++numbers_;
        break;
      default:
        break;
    }
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

  /// Joins the coefficients of equal terms.
  constexpr void collect_terms() {
    collect([](int, const exact&, const exact&, const exact&) { return true; });
  }

  struct exact_term {
    term value{};
    bool valid = false;
  };

  /// c*(x + y) + d*(x - y) where one term is left of the two, as in (1 - x) - (1 + x) = -2x: takes both away
  /// and returns what is left. For that alone sums are taken apart that others use, too: it is exact, and
  /// cheaper.
  constexpr exact_term take_joined() {
    bool any = false;
    for (int i = 0; i < terms_.used && !any; ++i)
      for (int j = i + 1; j < terms_.used && !any; ++j) any = may_take(i, j);
    if (!any) return {};
    sort_terms();
    for (int i = 0; i < terms_.used; ++i)
      for (int j = i + 1; j < terms_.used; ++j) {
        if (!may_take(i, j)) continue;
        const exact_term left = joined(terms_.items[i], terms_.items[j]);
        if (!left.valid) continue;
        terms_.items[i] = terms_.items[j] = {};
        return left;
      }
    return {};
  }

  /// So that what is done does not depend on the order in which the terms were written.
  constexpr void sort_terms() {
    sort(terms_.items, terms_.used,
         [&](const term& t, const term& u) { return before(graph_, t.node, u.node); });
  }

  constexpr bool is_sum(int x) const { return graph_.vertices.items[x].op->what == kind::add; }
  /// Whether two sums have addends in common, all but one.
  constexpr bool may_join(int x, int y) const {
    const int m = addends(x), n = addends(y);
    if (m - n > 1 || n - m > 1) return false;
    graph_.limited = graph_.limited || m + n > most_addends;
    if (m + n > most_addends) return false;
    int common = 0;
    for (int k = 0; k < m; ++k)
      for (int l = 0; l < n; ++l)
        common += without_coefficient(addend(x, k)) == without_coefficient(addend(y, l));
    return common >= (m < n ? n : m) - 1;
  }

  buffer<term> terms_;
  exact constant_{};
  bool choices_ = false, sums_ = false;  // whether a term is a choice; a sum
  int numbers_ = 0;                      // how many are exact numbers: in a product, roots of them

 private:
  static constexpr int most_addends = budgets::joined_addends;
  constexpr bool may_take(int i, int j) const {
    const term &t = terms_.items[i], &u = terms_.items[j];
    return is_sum(t.node) && is_sum(u.node) && t.factor.n != 0 && u.factor.n != 0 && may_join(t.node, u.node);
  }
  constexpr int addends(int x) const { return graph_.vertices.items[x].count; }
  constexpr int addend(int x, int k) const {
    return graph_.operands.items[graph_.vertices.items[x].first + k];
  }
  constexpr bool has_coefficient(int x) const {
    const vertex& v = graph_.vertices.items[x];
    return v.op->what == kind::multiply && v.count == 2 && graph_.is_constant(graph_.operands.items[v.first]);
  }
  /// The x of c*x and -x; of a number, 1.
  constexpr int without_coefficient(int x) const {
    const vertex& v = graph_.vertices.items[x];
    return v.op->what == kind::constant ? one_node
           : v.op->what == kind::negate ? graph_.operands.items[v.first]
           : has_coefficient(x)         ? graph_.operands.items[v.first + 1]
                                        : x;
  }

  /// The one term that is left of two.
  constexpr exact_term joined(const term& t, const term& u) const {
    term parts[most_addends]{};
    int size = 0, count = 0;
    for (const term* whole : {&t, &u})
      for (int k = 0; k < addends(whole->node); ++k) {
        const int x = addend(whole->node, k), node = without_coefficient(x);
        int at = 0;
        while (at < size && parts[at].node != node) ++at;
        if (at == size) parts[size++].node = node;
        const exact_result part = (graph_.is_constant(x) ? graph_.value(x)
                                   : has_coefficient(x)  ? graph_.value(graph_.operand(x, 0))
                                                         : exact{node == x ? 1 : -1, 1}) *
                                  whole->factor;
        const exact_result sum = parts[at].factor + part.value;
        if (!part.valid || !sum.valid) return {};
        parts[at].factor = sum.value;
      }
    exact_term left{{}, true};
    for (int at = 0; at < size; ++at)
      if (parts[at].factor.n != 0) left.value = parts[at], ++count;
    left.valid = count <= 1;
    return left;
  }

  builder& graph_;
  buffer<int> slots_;  // where a node is in terms_, counted from 1, if there are many
  bool indexed_ = false;
};

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
