// SPDX-License-Identifier: BSL-1.0
// Contractions of several operands as contractions of two, in the order that costs the fewest
// multiplications. Formulas keep products flat, where the order is not yet a question; a part that the graph
// has anyway, as the scores of attention, is taken from there.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../../array/contraction_rules.hpp"
#include "../../pass/rewrite.hpp"

namespace tg::detail {

/// Elements along an extent, for comparing orders; a run-time extent counts as a nominal number.
constexpr double nominal_length(const extent& e) { return e.name != nullptr ? 256 : e.size; }

/// One contraction on the way to pairs. Labels are bits.
class contraction_split {
 public:
  constexpr contraction_split(builder& graph, int id, const buffer<int>& args)
      : b{graph}, own_{graph, graph.attribute(id)} {
    length_.resize(own_.labels);
    for (int axis = 0; axis < own_.rank(-1); ++axis) result_.push_back(own_.at(-1, axis));
    for (int k = 0; k < own_.operands(); ++k) {
      buffer<int> l;
      for (int axis = 0; axis < own_.rank(k); ++axis) {
        l.push_back(own_.at(k, axis));
        length_[own_.at(k, axis)] = b.lists.at(b.shape(args[k]), axis);
      }
      add(args[k], l);
      original_.push_back(b.operand(id, k));
    }
  }

  /// Takes a part from the graph: the operands of the contraction `part`, whose image is `image`.
  constexpr void take(int part, int image) {
    const contraction_labels l(b, b.attribute(part));
    if (l.operands() >= original_.used) return;
    buffer<int> moved(l.labels, -1), place;
    for (int k = 0; k < l.operands(); ++k) {
      int at = 0;
      while (at < original_.used && !stands_for(at, b.operand(part, k), place, l, k, moved)) ++at;
      if (at == original_.used) return;
      place.push_back(at);
      for (int axis = 0; axis < l.rank(k); ++axis) moved[l.at(k, axis)] = label(at, axis);
    }
    std::uint64_t inside = 0, outside = bits_of(result_), kept = 0;
    for (int k = 0; k < original_.used; ++k) (contains(place, k) ? inside : outside) |= bits_[k];
    for (int axis = 0; axis < l.rank(-1); ++axis) kept |= bit(moved[l.at(-1, axis)]);
    if ((inside & outside & ~kept) != 0) return;
    buffer<int> result;
    for (int axis = 0; axis < l.rank(-1); ++axis) result.push_back(moved[l.at(-1, axis)]);
    replace(place, image, result);
  }

  constexpr int build() {
    if (node_.used < 2) return combined(result_);
    for (int k = 0; k < node_.used; ++k) sum_alone(k);
    while (node_.used > 6) join_cheapest_pair();
    find_order();
    return built((1 << node_.used) - 1, result_);
  }

 private:
  static constexpr std::uint64_t bit(int label) { return std::uint64_t{1} << label; }
  static constexpr std::uint64_t bits_of(const buffer<int>& labels) {
    std::uint64_t bits = 0;
    for (int l : labels) bits |= bit(l);
    return bits;
  }
  static constexpr bool contains(const buffer<int>& list, int value) {
    for (int each : list)
      if (each == value) return true;
    return false;
  }
  constexpr int label(int k, int axis) const { return labels_.items[first_.items[k] + axis]; }
  constexpr void add(int x, const buffer<int>& l) {
    node_.push_back(x);
    first_.push_back(labels_.used);
    for (int each : l) labels_.push_back(each);
    bits_.push_back(bits_of(l));
  }

  /// Whether operand `at` is x with labels that agree with what is known.
  constexpr bool stands_for(int at, int x, const buffer<int>& place, const contraction_labels& l, int k,
                            const buffer<int>& moved) const {
    if (original_.items[at] != x || contains(place, at)) return false;
    for (int axis = 0; axis < l.rank(k); ++axis) {
      const int to = moved.items[l.at(k, axis)];
      if (to >= 0 && to != label(at, axis)) return false;
      for (int other = 0; to < 0 && other < l.labels; ++other)
        if (moved.items[other] == label(at, axis)) return false;
      for (int earlier = 0; earlier < axis; ++earlier)
        if ((l.at(k, earlier) == l.at(k, axis)) != (label(at, earlier) == label(at, axis))) return false;
    }
    return true;
  }
  /// A node in the place of several operands.
  constexpr void replace(const buffer<int>& place, int x, const buffer<int>& l) {
    int kept = 0;
    for (int k = 0; k < node_.used; ++k) {
      if (contains(place, k)) continue;
      node_[kept] = node_[k], first_[kept] = first_[k], bits_[kept] = bits_[k];
      original_[kept++] = original_[k];
    }
    node_.used = first_.used = bits_.used = original_.used = kept;
    add(x, l);
    original_.push_back(-1);
  }

  /// Sums operand k over what no other operand and not the result has.
  constexpr void sum_alone(int k) {
    std::uint64_t others = bits_of(result_);
    for (int other = 0; other < node_.used; ++other)
      if (other != k) others |= bits_[other];
    if ((bits_[k] & ~others) == 0) return;
    buffer<int> left;
    for (int axis = 0; axis < rank(k); ++axis)
      if ((others & bit(label(k, axis))) != 0 && !contains(left, label(k, axis)))
        left.push_back(label(k, axis));
    buffer<int> which;
    which.push_back(k);
    const int sum = node_of(which, left);
    node_[k] = sum;
    first_[k] = labels_.used;
    for (int l : left) labels_.push_back(l);
    bits_[k] = bits_of(left);
  }
  constexpr int rank(int k) const { return b.lists.rank(b.shape(node_.items[k])); }

  /// The contraction of some operands. Beside others an identity matrix only says that two labels are one.
  constexpr int node_of(const buffer<int>& which, const buffer<int>& result) {
    buffer<int> number(own_.labels, -1), same(own_.labels, -1), args, others;
    buffer<extent> attribute, extents;
    int next = 0;
    const auto first_name = [&](int l) {
      while (same[l] >= 0) l = same[l];
      return l;
    };
    for (int k : which) {
      const bool last = others.used == 0 && k == which[which.used - 1];
      const bool unit = b[node_[k]].op == known<op::identity<>> && !last;
      const int p = unit ? first_name(label(k, 0)) : 0, q = unit ? first_name(label(k, 1)) : 0;
      p == q ? others.push_back(k) : void(same[q] = p);
    }
    const auto put = [&](int l) {
      l = first_name(l);
      if (number[l] < 0) number[l] = next++;
      attribute.push_back(as_extent(number[l]));
    };
    attribute.push_back(as_extent(result.used));
    for (int l : result) put(l), extents.push_back(length_[l]);
    for (int k : others) {
      args.push_back(node_[k]);
      attribute.push_back(as_extent(rank(k)));
      for (int axis = 0; axis < rank(k); ++axis) put(label(k, axis));
    }
    return b.intern_structural(known<op::contraction>, b.lists.find(attribute), b.lists.find(extents), args);
  }
  constexpr int combined(const buffer<int>& result) {
    buffer<int> all;
    for (int k = 0; k < node_.used; ++k) all.push_back(k);
    return node_of(all, result);
  }

  /// The labels that a set of operands shares with the others or the result.
  constexpr std::uint64_t open(int set) const {
    std::uint64_t inside = 0, outside = bits_of(result_);
    for (int k = 0; k < count_; ++k) ((set >> k & 1) != 0 ? inside : outside) |= bits_.items[k];
    return inside & outside;
  }
  constexpr double elements(std::uint64_t labels) const {
    double product = 1;
    for (int l = 0; l < own_.labels; ++l)
      if ((labels & bit(l)) != 0) product *= nominal_length(length_.items[l]);
    return product;
  }
  /// The cheapest way to halve every set of operands.
  constexpr void find_order() {
    count_ = node_.used;
    const int sets = 1 << count_;
    buffer<std::uint64_t> kept(sets);
    buffer<double> cost(sets);
    half_.zeros(sets);
    for (int set = 1; set < sets; ++set) {
      kept[set] = (set & (set - 1)) == 0 ? bits_[place_of(set)] : open(set);
      const int lowest = set & -set;
      for (int half = (set - 1) & set; half > 0; half = (half - 1) & set) {
        if ((half & lowest) == 0) continue;
        const double all = cost[half] + cost[set ^ half] + elements(kept[half] | kept[set ^ half]);
        if (half_[set] == 0 || all < cost[set]) half_[set] = half, cost[set] = all;
      }
    }
  }
  static constexpr int place_of(int set) {
    int k = 0;
    while ((set >> k & 1) == 0) ++k;
    return k;
  }
  /// Makes the node of a set, with the result's labels given.
  constexpr int built(int set, const buffer<int>& result) {
    if ((set & (set - 1)) == 0) return node_[place_of(set)];
    buffer<int> pair;
    for (const int half : {half_[set], set ^ half_[set]}) {
      if ((half & (half - 1)) == 0) {
        pair.push_back(place_of(half));
        continue;
      }
      buffer<int> own;
      order_labels(half, own);
      const int part = built(half, own);
      pair.push_back(node_.used);
      add(part, own);
    }
    if (node_[pair[0]] > node_[pair[1]]) {
      const int first = pair[0];
      pair[0] = pair[1], pair[1] = first;
    }
    return node_of(pair, result);
  }
  /// The labels of a part: those of both halves, then those of each.
  constexpr void order_labels(int set, buffer<int>& own) const {
    const std::uint64_t all = open(set), x = open(half_.items[set]), y = open(set ^ half_.items[set]);
    for (const std::uint64_t group : {all & x & y, all & x & ~y, all & y & ~x})
      for (int l = 0; l < own_.labels; ++l)
        if ((group & bit(l)) != 0) own.push_back(l);
  }
  constexpr void join_cheapest_pair() {
    int best = 0;
    double least = 0;
    count_ = node_.used;
    for (int j = 0; j < node_.used; ++j)
      for (int k = 0; k < j; ++k)
        if (const double cost = elements(bits_[j] | bits_[k]); best == 0 || cost < least)
          best = 1 << j | 1 << k, least = cost;
    buffer<int> pair, own;
    for (int k = 0; k < node_.used; ++k)
      if ((best >> k & 1) != 0) pair.push_back(k);
    for (int l = 0; l < own_.labels; ++l)
      if ((open(best) & bit(l)) != 0) own.push_back(l);
    replace(pair, node_of(pair, own), own);
  }

  builder& b;
  contraction_labels own_;
  buffer<extent> length_;  // by label
  buffer<int> result_, node_, first_, labels_, original_;
  buffer<std::uint64_t> bits_;
  int count_ = 0;     // of operands when the order is sought
  buffer<int> half_;  // of a set of operands, the half that it is made of
};

/// Rewrites the graph so that no contraction has more than two operands; `roots` moves along.
constexpr void split_contractions(builder& b, buffer<int>& roots) {
  const int n = b.size();
  buffer<int> image, seen;  // seen: contractions of several operands
  rewrite(b, roots, image, [&](int i, const buffer<int>& args, bool moved) {
    if (is_contraction(b, i) && args.used > 1) {
      contraction_split split(b, i, args);
      for (int part : seen) split.take(part, image[part]);
      if (i < n) seen.push_back(i);
      return split.build();
    }
    if (!moved) return i;
    if (b.attribute(i) == 0) return b.intern(b[i].op, args);
    return b.intern_structural(b[i].op, b.attribute(i), b.shape(i), args);
  });
}

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
