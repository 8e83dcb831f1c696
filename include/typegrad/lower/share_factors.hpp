// SPDX-License-Identifier: BSL-1.0
// Factors that several products share, multiplied once: a*b*c and a*b*d become t = a*b, t*c and t*d. Part of
// what is done before a program is emitted; a compiler must not do it, because it changes the rounding. The
// most frequent pair is taken first (the greedy rule of Breuer, "Generation of optimal code for expressions
// via factorization", Communications of the ACM 12, 1969).
#pragma once
#include "../support/compiler/begin.hpp"

#include "../graph/algebra.hpp"
#include "../pass/rewrite.hpp"

namespace tg::detail {

class factor_sharing {
 public:
  constexpr factor_sharing(builder& graph, const buffer<int>& in_block, const buffer<char>& kept_whole)
      : b{graph}, size_{graph.size()}, block_{in_block}, whole_{kept_whole} {}

  /// Rewrites what `roots` need; `roots` moves along.
  constexpr void run(buffer<int>& roots) {
    collect_products(roots);
    if (products_.size() < 2) return;
    int pairs = 0;
    for (const product& p : products_) pairs += p.count * (p.count - 1) / 2;
    b.limited = b.limited || pairs > most_pairs;
    if (pairs > most_pairs) return;
    int room = 64;
    while (room < 4 * pairs) room *= 2;
    table_.resize(room);
    mask_ = room - 1;
    int most = 0;
    last_with_.assign(size_, -1);
    for (int i = 0; i < products_.size(); ++i) {
      const product& p = products_[i];
      for (int k = 0; k < p.count; ++k) {
        note_occurrence(i, factors_[p.first + k]);
        for (int j = 0; j < k; ++j)
          if (const int uses = add(factors_[p.first + j], factors_[p.first + k], block_[p.node], 1);
              uses > most)
            most = uses;
      }
    }
    if (most < 2) return;
    for (int uses = most; uses > 1; --uses)
      for (int k = 0; k < entries_.used && made_.used < most_made; ++k)
        if (const pair& p = table_.items[entries_.items[k]]; p.uses > uses) share(p.x, p.y, p.block);
    b.limited = b.limited || made_.used == most_made;
    rebuild(roots);
  }

 private:
  struct product {
    int node, first, count;
  };
  struct occurrence {
    int product, previous;  // which product has the factor or had it; the factor's occurrence before, or -1
  };
  struct pair {
    int x, y, block, uses;
  };
  struct made_factor {
    int x, y, node;  // -1 until it is built
  };
  static constexpr int most_made = budgets::shared_factors, most_pairs = budgets::shared_pairs;

  /// The products that are no factor of one other product alone, taken apart.
  constexpr void collect_products(const buffer<int>& roots) {
    uses_.assign(size_, 0);
    for (int r : roots) uses_[r] += 2;
    for (int i = size_ - 1; i >= 0; --i) {
      if (uses_[i] == 0) continue;
      const int step = b.what(i) == kind::multiply ? 1 : 2;  // a product that one product uses has 1 here
      for (int k = 0; k < b.count(i); ++k) uses_[b.operand(i, k)] += whole_[b.operand(i, k)] != 0 ? 2 : step;
    }
    for (int i = 0; i < size_; ++i) {
      if (uses_[i] < 2 || b.what(i) != kind::multiply || block_[i] < 0) continue;
      const int first = factors_.size();
      take_apart(i);
      products_.push_back({i, first, factors_.size() - first});
    }
  }
  constexpr void take_apart(int i) {
    for (int k = 0; k < b.count(i); ++k) {
      const int x = b.operand(i, k);
      if (uses_[x] == 1 && b.what(x) == kind::multiply)
        take_apart(x);
      else
        factors_.push_back(x);
    }
  }

  constexpr void note_occurrence(int product_index, int factor) {
    occurrences_.push_back({product_index, last_with_.items[factor]});
    last_with_.items[factor] = occurrences_.used - 1;
  }

  /// Counts a pair of factors up or down; returns how many products have it.
  constexpr int add(int x, int y, int block, int change) {
    if (x == y) return 0;
    if (x > y) return add(y, x, block, change);
    int at = static_cast<int>(7919u * static_cast<unsigned>(x) + 104729u * static_cast<unsigned>(y) +
                              31u * static_cast<unsigned>(block)) &
             mask_;
    while (table_.items[at].uses != 0 &&
           (table_.items[at].x != x || table_.items[at].y != y || table_.items[at].block != block))
      at = (at + 1) & mask_;
    pair& p = table_.items[at];
    if (p.uses == 0) {
      if (change < 0 || 4 * entries_.used > 3 * mask_) return 0;
      entries_.push_back(at);
      p.x = x;
      p.y = y;
      p.block = block;
      p.uses = 1;  // 1 more than there are, so that an entry that is counted down stays
    }
    return (p.uses += change) - 1;
  }

  constexpr bool has(const product& p, int x, int y) const {
    bool has_x = false, has_y = false;
    for (int k = p.first; k < p.first + p.count; ++k) {
      has_x = has_x || factors_.items[k] == x;
      has_y = has_y || factors_.items[k] == y;
    }
    return has_x && has_y;
  }

  /// Makes x*y a factor of its own wherever both are.
  constexpr void share(int x, int y, int block) {
    for (const made_factor& m : made_)
      if (m.x == x && m.y == y) {  // made for another block; one node would be both, in front of the two
        add(x, y, block, -1000000);
        return;
      }
    const int together = size_ + made_.size();
    made_.push_back({x, y, -1});
    last_with_.push_back(-1);
    for (int at = last_with_[x]; at >= 0; at = occurrences_[at].previous) {
      product& p = products_[occurrences_[at].product];
      if (block_[p.node] != block || !has(p, x, y)) continue;
      int kept = p.first;
      bool dropped_x = false, dropped_y = false;
      for (int k = p.first; k < p.first + p.count; ++k) {
        const int factor = factors_[k];
        const bool drop = (factor == x && !dropped_x) || (factor == y && !dropped_y);
        dropped_x = dropped_x || factor == x;
        dropped_y = dropped_y || factor == y;
        if (!drop) {
          add(factor, x, block, -1);
          add(factor, y, block, -1);
          add(factor, together, block, 1);
          factors_[kept++] = factor;
        }
      }
      factors_[kept++] = together;
      note_occurrence(occurrences_[at].product, together);
      p.count = kept - p.first;
    }
    add(x, y, block, -1000000);
  }

  constexpr void rebuild(buffer<int>& roots) {
    buffer<int> factors;
    int next = 0;
    rewrite(b, roots, image_, [&](int i, const buffer<int>& args, bool moved) {
      if (next < products_.size() && products_[next].node == i) {
        const product& p = products_[next++];
        factors.clear();
        for (int k = 0; k < p.count; ++k) factors.push_back(built(factors_[p.first + k]));
        return factors.size() == 1 ? factors[0] : b.intern(b[i].op, factors);
      }
      if (uses_[i] == 1 && b.what(i) == kind::multiply) return -1;  // taken apart
      return moved ? b.intern(b[i].op, args) : i;
    });
  }
  constexpr int built(int factor) {
    if (factor < size_) return image_[factor];
    const int at = factor - size_;
    if (made_[at].node < 0) {
      const int x = built(made_[at].x);
      made_[at].node = b.intern(known<op::multiply>, x, built(made_[at].y));
    }
    return made_[at].node;
  }

  builder& b;
  int size_;
  const buffer<int>& block_;
  const buffer<char>& whole_;
  buffer<int> uses_, factors_, image_;
  buffer<product> products_;
  buffer<pair> table_;
  buffer<made_factor> made_;
  buffer<int> entries_;    // of the table: those in use
  buffer<int> last_with_;  // for each factor, the last of its occurrences
  buffer<occurrence> occurrences_;
  int mask_ = 0;
};

/// Shares factors among the products of a graph that is about to be emitted; `roots` moves along. Products of
/// different blocks (`in_block` has each node's, lower/blocks.hpp) share nothing: what two sides of a choice
/// share would be computed in front of both. Products that `whole` marks are factors, never taken apart.
constexpr void share_factors(builder& b, buffer<int>& roots, const buffer<int>& in_block,
                             const buffer<char>& whole) {
  factor_sharing sharing(b, in_block, whole);
  sharing.run(roots);
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
