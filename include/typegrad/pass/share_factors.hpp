// SPDX-License-Identifier: BSL-1.0
// Factors that several products share, multiplied once: a*b*c and a*b*d become t = a*b, t*c and t*d. Part of what is done before a
// program is emitted; a compiler must not do it, because it changes the rounding. The most frequent pair is taken first (the greedy
// rule of Breuer, "Generation of optimal code for expressions via factorization", Communications of the ACM 12, 1969).
#pragma once

#include "../graph/algebra.hpp"
#include "needed.hpp"

namespace tg {

namespace detail {

class factor_sharing {
 public:
  constexpr explicit factor_sharing(builder& graph) : b{graph}, size_{graph.size()} {}

  /// Rewrites what `roots` need; `roots` moves along.
  constexpr void run(buffer<int>& roots) {
    collect_products(roots);
    if (products_.size() < 2) return;
    int pairs = 0;
    for (const product& p : products_) pairs += p.count * (p.count - 1) / 2;
    int room = 64;
    while (room < 4 * pairs) room *= 2;
    table_.resize(room);
    mask_ = room - 1;
    int most = 0;
    for (const product& p : products_)
      for (int k = 0; k < p.count; ++k)
        for (int j = 0; j < k; ++j)
          if (const int uses = add(factors_[p.first + j], factors_[p.first + k], 1); uses > most) most = uses;
    if (most < 2) return;
    for (int uses = most; uses > 1; --uses)
      for (int at = 0; at < room && made_.size() < most_made; ++at)
        if (table_.items[at].uses >= uses) share(table_.items[at].x, table_.items[at].y);
    rebuild(roots);
  }

 private:
  struct product {
    int node, first, count;
  };
  struct pair {
    int x, y, uses;
  };
  static constexpr int most_made = 200;

  /// The products that are no factor of one other product alone, taken apart.
  constexpr void collect_products(const buffer<int>& roots) {
    uses_.assign(size_, 0);
    for (int r : roots) uses_[r] += 2;
    for (int i = size_ - 1; i >= 0; --i) {
      if (uses_[i] == 0) continue;
      const int step = b.what(i) == kind::multiply ? 1 : 2;  // a product that one product uses has 1 here
      for (int k = 0; k < b.count(i); ++k) uses_[b.operand(i, k)] += step;
    }
    for (int i = 0; i < size_; ++i) {
      if (uses_[i] != 0 && b.what(i) == kind::where) return products_.clear();
      if (uses_[i] < 2 || b.what(i) != kind::multiply) continue;
      const int first = factors_.size();
      take_apart(i);
      products_.push_back({i, first, factors_.size() - first});
    }
  }
  constexpr void take_apart(int i) {
    for (int k = 0; k < b.count(i); ++k) {
      const int x = b.operand(i, k);
      if (uses_[x] == 1 && b.what(x) == kind::multiply) take_apart(x);
      else factors_.push_back(x);
    }
  }

  /// Counts a pair of factors up or down; returns how many products have it.
  constexpr int add(int x, int y, int change) {
    if (x == y) return 0;
    if (x > y) return add(y, x, change);
    int at = (31 * x + 17 * y) & mask_;
    while (table_.items[at].uses != 0 && (table_.items[at].x != x || table_.items[at].y != y)) at = (at + 1) & mask_;
    pair& p = table_.items[at];
    if (p.uses == 0) {
      if (change < 0 || 4 * ++entries_ > 3 * mask_) return 0;
      p.x = x;
      p.y = y;
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
  constexpr void share(int x, int y) {
    const int together = size_ + made_.size();
    made_.push_back({x, y, -1});
    for (product& p : products_) {
      if (!has(p, x, y)) continue;
      int kept = p.first;
      bool dropped_x = false, dropped_y = false;
      for (int k = p.first; k < p.first + p.count; ++k) {
        const int factor = factors_[k];
        const bool drop = (factor == x && !dropped_x) || (factor == y && !dropped_y);
        dropped_x = dropped_x || factor == x;
        dropped_y = dropped_y || factor == y;
        if (!drop) {
          add(factor, x, -1);
          add(factor, y, -1);
          add(factor, together, 1);
          factors_[kept++] = factor;
        }
      }
      factors_[kept++] = together;
      p.count = kept - p.first;
    }
    add(x, y, -1000000);
  }

  constexpr void rebuild(buffer<int>& roots) {
    image_.assign(size_, -1);
    buffer<int> args;
    int next = 0;
    for (int i = 0; i < size_; ++i) {
      if (uses_[i] == 0) continue;
      const bool is_product = next < products_.size() && products_[next].node == i;
      if (!is_product && uses_[i] == 1 && b.what(i) == kind::multiply) continue;  // taken apart
      args.clear();
      if (is_product) {
        const product& p = products_[next++];
        for (int k = 0; k < p.count; ++k) args.push_back(built(factors_[p.first + k]));
      } else {
        for (int k = 0; k < b.count(i); ++k) args.push_back(image_[b.operand(i, k)]);
      }
      bool moved = is_product;
      for (int k = 0; k < args.size() && !moved; ++k) moved = args[k] != b.operand(i, k);
      image_[i] = !moved ? i : args.size() == 1 && is_product ? args[0] : b.intern(b[i].op, args);
    }
    for (int& r : roots) r = image_[r];
  }
  constexpr int built(int factor) {
    if (factor < size_) return image_[factor];
    const int at = factor - size_;
    if (made_[at].uses < 0) {
      const int x = built(made_[at].x);
      made_[at].uses = b.intern(known<op::multiply>, x, built(made_[at].y));
    }
    return made_[at].uses;
  }

  builder& b;
  int size_;
  buffer<int> uses_, factors_, image_;
  buffer<product> products_;
  buffer<pair> table_, made_;  // of a made one, `uses` is its node once it is built
  int mask_ = 0, entries_ = 0;
};

}  // namespace detail

/// Shares factors among the products of a graph that is about to be emitted; `roots` moves along. A graph with choices stays as it is:
/// what two branches share would be computed in front of both.
constexpr void share_factors(builder& b, buffer<int>& roots) {
  detail::factor_sharing sharing(b);
  sharing.run(roots);
}

}  // namespace tg
