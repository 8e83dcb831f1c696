// SPDX-License-Identifier: BSL-1.0
// The terms of a sum with their coefficients, or the factors of a product with their exponents, while it is brought into canonical form.
#pragma once

#include <initializer_list>

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
    choices_ = sums_ = false;
    constant_ = constant;
  }

  constexpr void push(int node, const exact& factor) {
    if (const kind what = graph_.vertices.items[node].op->what; what == kind::where || what == kind::add) (what == kind::add ? sums_ : choices_) = true;
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

  /// c*(x + y) + d*(x - y) where one term is left of the two, as in (1 - x) - (1 + x) = -2x. For that alone sums are taken apart that others
  /// use, too: it is exact, and cheaper.
  constexpr void join_sums() {
    for (int i = 0; i < terms_.used; ++i)
      for (int j = 0; j < terms_.used; ++j) {
        if (i == j || !is_sum(terms_.items[i].node) || terms_.items[i].factor.n == 0 || terms_.items[j].factor.n == 0 || !may_join(i, j)) continue;
        const exact_term left = joined(terms_.items[i], terms_.items[j]);
        if (!left.valid) continue;
        const exact_result number = left.value.node == one_node ? constant_ + left.value.factor : exact_result{constant_, true};
        if (!number.valid) continue;
        constant_ = number.value;
        terms_.items[i] = left.value.node == one_node ? term{} : left.value;
        terms_.items[j] = {};
        collect_terms();
      }
  }

  buffer<term> terms_;
  exact constant_{};
  bool choices_ = false, sums_ = false;  // whether a term is a choice, or a sum

 private:
  static constexpr int most_addends = 8;
  struct exact_term {
    term value{};
    bool valid = false;
  };
  constexpr bool is_sum(int x) const { return graph_.vertices.items[x].op->what == kind::add; }
  constexpr int addends(int x) const { return is_sum(x) ? graph_.vertices.items[x].count : 1; }
  constexpr int addend(int x, int k) const { return is_sum(x) ? graph_.operands.items[graph_.vertices.items[x].first + k] : x; }
  constexpr bool has_coefficient(int x) const {
    const vertex& v = graph_.vertices.items[x];
    return v.op->what == kind::multiply && v.count == 2 && graph_.is_constant(graph_.operands.items[v.first]);
  }
  /// The x of c*x and -x; of a number, 1.
  constexpr int without_coefficient(int x) const {
    const vertex& v = graph_.vertices.items[x];
    return v.op->what == kind::constant ? one_node : v.op->what == kind::negate ? graph_.operands.items[v.first] : has_coefficient(x) ? graph_.operands.items[v.first + 1] : x;
  }

  /// Whether two terms have addends in common, all but one.
  constexpr bool may_join(int i, int j) const {
    const int x = terms_.items[i].node, y = terms_.items[j].node, m = addends(x), n = addends(y);
    if (m + n > most_addends || m - n > 1 || n - m > 1) return false;
    int common = 0;
    for (int k = 0; k < m; ++k)
      for (int l = 0; l < n; ++l) common += without_coefficient(addend(x, k)) == without_coefficient(addend(y, l));
    return common >= (m < n ? n : m) - 1;
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
        const exact_result part = (graph_.is_constant(x) ? graph_.value(x) : has_coefficient(x) ? graph_.value(graph_.operand(x, 0)) : exact{node == x ? 1 : -1, 1}) * whole->factor;
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

  const builder& graph_;
  buffer<int> slots_;  // where a node is in terms_, counted from 1, if there are many
  bool indexed_ = false;
};

}  // namespace tg::detail
