// SPDX-License-Identifier: BSL-1.0
// The operands of a contraction with the labels of their axes, and the order in which they come.
#pragma once
#include "../support/compiler/begin.hpp"

#include "contraction_labels.hpp"

namespace tg::detail {

class labelled_operands {
 protected:
  constexpr explicit labelled_operands(builder& graph) : b{graph} {}

  constexpr void push(int x, const buffer<int>& l) {
    node_.push_back(x);
    first_.push_back(labels_.used);
    for (int label : l) labels_.push_back(label);
    rank_.push_back(l.used);
  }

  constexpr bool in_result(int label) const {
    for (int r : result_)
      if (r == label) return true;
    return false;
  }
  constexpr int& label(int k, int axis) { return labels_.items[first_.items[k] + axis]; }
  constexpr void rename(int from, int to) {
    for (int& l : labels_)
      if (l == from) l = to;
  }
  constexpr void drop(int k) {
    for (int j = k; j + 1 < node_.used; ++j) {
      node_[j] = node_[j + 1];
      first_[j] = first_[j + 1];
      rank_[j] = rank_[j + 1];
    }
    node_.pop_back(), first_.pop_back(), rank_.pop_back();
  }
  constexpr int times(int l) {
    int count = 0;
    for (int k = 0; k < node_.used; ++k)
      for (int axis = 0; axis < rank_[k]; ++axis) count += label(k, axis) == l;
    return count;
  }
  constexpr bool is_absent(int l) {
    for (int k = 0; k < node_.used; ++k)
      for (int axis = 0; axis < rank_[k]; ++axis)
        if (label(k, axis) == l) return false;
    return true;
  }

  /// Whether operand k has the label.
  constexpr bool has(int k, int l) {
    for (int axis = 0; axis < rank_[k]; ++axis)
      if (label(k, axis) == l) return true;
    return false;
  }
  /// The order of operands that does not depend on how they were written: along the chain of their labels,
  /// from the result's first one on. `number`: of the labels, in the order in which they are met.
  constexpr void order_from(int start, buffer<int>& sequence, buffer<int>& number) {
    sequence.clear();
    number.assign(length_.used, -1);
    int next_number = 0, results = 0;
    for (int r : result_) number[r] = next_number++;
    results = next_number;
    buffer<char> done(node_.used);
    while (sequence.used < node_.used) {
      int open = -1;  // the label that is followed: the last summed one, or the first of the result
      for (int k = 0; k < node_.used; ++k) {
        if (done[k] != 0) continue;
        for (int axis = 0; axis < rank_[k]; ++axis) {
          const int l = label(k, axis), n = number[l], m = open < 0 ? -1 : number[open];
          if (n < 0) continue;
          if (open < 0 || (n >= results ? m < results || n > m : m < results && n < m)) open = l;
        }
      }
      int best = -1;
      for (int k = 0; k < node_.used; ++k) {
        if (done[k] != 0 || (open >= 0 && !has(k, open))) continue;
        if (best < 0 || precedes(k, best, number)) best = k;
      }
      if (sequence.used == 0 && start >= 0) best = start;
      done[best] = 1;
      sequence.push_back(best);
      for (int axis = 0; axis < rank_[best]; ++axis)
        if (number[label(best, axis)] < 0) number[label(best, axis)] = next_number++;
    }
  }
  /// The number of a label; of a symmetric matrix the known or smaller one comes first.
  constexpr int number_at(int k, int axis, const buffer<int>& number) {
    const int own = number[label(k, axis)];
    if (symmetric_[k] == 0) return own;
    const int other = number[label(k, 1 - axis)];
    const bool in_order = other < 0 || (own >= 0 && own < other);
    return in_order == (axis == 0) ? own : other;
  }
  constexpr bool precedes(int j, int k, const buffer<int>& number) {
    for (int axis = 0; axis < rank_[j] && axis < rank_[k]; ++axis) {
      const int p = number_at(j, axis, number), q = number_at(k, axis, number);
      if (p != q) return q < 0 || (p >= 0 && p < q);
    }
    return rank_[j] != rank_[k] ? rank_[j] < rank_[k] : before(b, node_[j], node_[k]);
  }
  /// The best order; where the result is a number and several operands may come first, the one whose labels
  /// come out smallest.
  constexpr void order(buffer<int>& sequence, buffer<int>& number) {
    if (result_.used > 0) return order_from(-1, sequence, number);
    int first = 0;
    for (int k = 1; k < node_.used; ++k)
      if (before(b, node_[k], node_[first])) first = k;
    order_from(first, sequence, number);
    for (int k = 0; k < node_.used; ++k) {
      if (k == first || node_[k] != node_[first]) continue;
      buffer<int> other, numbers;
      order_from(k, other, numbers);
      int sign = 0;
      for (int j = 0; j < other.used && sign == 0; ++j) {
        const int p = other[j], q = sequence[j];
        if (node_[p] != node_[q]) sign = before(b, node_[p], node_[q]) ? -1 : 1;
        for (int axis = 0; axis < rank_[p] && axis < rank_[q] && sign == 0; ++axis)
          sign = numbers[label(p, axis)] - number[label(q, axis)];
      }
      if (sign >= 0) continue;
      sequence.clear();
      for (int j : other) sequence.push_back(j);
      for (int l = 0; l < number.used; ++l) number[l] = numbers[l];
    }
  }

  builder& b;
  buffer<extent> length_;  // by label
  buffer<int> result_, node_, first_, rank_, labels_;
  buffer<char> symmetric_;  // the operands whose labels may be swapped
};

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
