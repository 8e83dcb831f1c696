// SPDX-License-Identifier: BSL-1.0
// Differentiation: forward (tangents, one direction a sweep) and reverse (adjoints, one output a sweep), as
// passes that add nodes to a graph. Both take the rules from the records of the primitives.
#pragma once
#include "../support/compiler/begin.hpp"

#include "../graph/rule.hpp"
#include "needed.hpp"

namespace tg::detail {

/// Which of the nodes below `end` depend on one of the given nodes.
constexpr void mark_dependent(const builder& b, int end, const buffer<int>& sources, buffer<char>& depends) {
  depends.zeros(end);
  for (int s : sources)
    if (s >= 0 && s < end) depends[s] = 1;
  for (int i = 0; i < end; ++i) {
    const int first = b.vertices.items[i].first, count = b.vertices.items[i].count;
    for (int k = first; k < first + count; ++k)
      if (depends.items[b.operands.items[k]] != 0) {
        depends.items[i] = 1;
        break;
      }
  }
}

/// The partial derivatives of one node by its operands; of a power of a norm, |u|^k or hypot(u, v)^k with k
/// >= 2, by those of the norm: k u |u|^(k-2), which is right where the norm has its corner.
class partials {
 public:
  constexpr void of(builder& b, int i, const buffer<char>& active) {
    const bool through = is_power_of_norm(b, i);
    const int node = through ? b.operand(i, 0) : i, first = b.vertices.items[node].first;
    count = b.vertices.items[node].count;
    operand.reserve(count), wanted.reserve(count), value.reserve(count);
    for (int k = 0; k < count; ++k) {
      operand.items[k] = b.operands.items[first + k];
      wanted.items[k] = active.items[operand.items[k]] != 0;
      value.items[k] = -1;
    }
    if (through) {
      const int slope = slope_of_power_of_norm(b, i);
      for (int k = 0; k < count; ++k)
        if (wanted.items[k]) value.items[k] = multiply(b, slope, operand.items[k]);
    } else {
      b.vertices.items[i].op->partials(b, {operand.items, count, i, wanted.items, value.items});
    }
  }

  int count = 0;
  buffer<int> operand, value;  // the value is -1 where there is none
  buffer<bool> wanted;
};

/// The sum of several nodes as one node.
constexpr int sum_of(builder& b, const buffer<int>& terms) {
  if (terms.used == 0) return zero_node;
  if (terms.used == 1) return terms.items[0];
  return b.intern(known<op::add>, terms);
}

/// The contribution of an element-wise node to the adjoint of an operand that may lack some of its axes.
constexpr int in_shape_of(builder& b, int node, int operand, int contribution) {
  return b.arrays == nullptr ? contribution
                             : b.arrays->sum_to(b, contribution, b.shape(node), b.shape(operand));
}

/// Reverse: for the output `root` with adjoint `seed`, the adjoints of `inputs`. Cost: a small multiple of
/// the nodes between them. A primitive with a definition instead of a rule must have been expanded.
constexpr void reverse(builder& b, const buffer<int>& outputs, const buffer<int>& seeds,
                       const buffer<int>& inputs, buffer<int>& adjoints) {
  const int end = b.size();
  buffer<char> active, needed;
  mark_dependent(b, end, inputs, active);
  mark_needed(b, end, outputs, needed);
  // The contributions to each adjoint, as a list in reverse order of their making, counted from 1.
  struct contribution {
    int node, next;
  };
  buffer<contribution> pool;
  buffer<int> head(end), terms, adjoint(end);
  const auto contribute = [&](int to, int node) {
    if (node == zero_node) return;
    pool.push_back({node, head.items[to]});
    head.items[to] = pool.used;
  };
  for (int r = 0; r < outputs.size(); ++r)
    if (active[outputs[r]] != 0) contribute(outputs[r], seeds[r]);
  partials partial;
  for (int i = end - 1; i >= 0; --i) {
    if (active.items[i] == 0 || needed.items[i] == 0 || head.items[i] == 0) continue;
    int total = pool.items[head.items[i] - 1].node;
    if (pool.items[head.items[i] - 1].next > 0) {
      terms.clear();
      for (int at = head.items[i]; at > 0; at = pool.items[at - 1].next)
        terms.push_back(pool.items[at - 1].node);
      total = sum_of(b, terms);
    }
    adjoint.items[i] = total;
    if (b.vertices.items[i].count == 0) continue;
    if (b.arrays != nullptr && b.attribute(i) != 0) {
      b.arrays->pull(b, i, total, active, terms);
      for (int k = 0; k < b.count(i); ++k) contribute(b.operand(i, k), terms.items[k]);
      continue;
    }
    partial.of(b, i, active);
    for (int k = 0; k < partial.count; ++k)
      if (partial.wanted.items[k] && partial.value.items[k] >= 0)
        contribute(partial.operand.items[k],
                   in_shape_of(b, i, partial.operand.items[k], multiply(b, total, partial.value.items[k])));
  }
  adjoints.clear();
  for (int x : inputs) adjoints.push_back(x >= 0 && x < end ? adjoint[x] : zero_node);
}

/// Forward: the tangents of `outputs` for the tangent seeds of `inputs`. `limit`: gives up, and returns
/// false, once the graph has more nodes than that.
constexpr bool forward(builder& b, const buffer<int>& inputs, const buffer<int>& seeds,
                       const buffer<int>& outputs, buffer<int>& tangents, int limit = 1 << 30) {
  int end = 0;
  for (int r : outputs)
    if (r >= end) end = r + 1;
  buffer<char> active, needed;
  mark_dependent(b, end, inputs, active);
  mark_needed(b, end, outputs, needed);
  buffer<int> tangent(end, -1), terms;
  for (int k = 0; k < inputs.size(); ++k)
    if (inputs[k] >= 0 && inputs[k] < end) tangent[inputs[k]] = seeds[k];
  partials partial;
  for (int i = 0; i < end; ++i) {
    if (tangent.items[i] >= 0 || active.items[i] == 0 || needed.items[i] == 0) continue;
    terms.clear();
    if (b.attribute(i) != 0) {
      b.arrays->push(b, i, tangent, terms);
      if (terms.used > 0) tangent.items[i] = sum_of(b, terms);
      continue;
    }
    partial.of(b, i, active);
    for (int k = 0; k < partial.count; ++k) {
      if (!partial.wanted.items[k] || partial.value.items[k] < 0 ||
          tangent.items[partial.operand.items[k]] < 0)
        continue;
      const int t = multiply(b, partial.value.items[k], tangent.items[partial.operand.items[k]]);
      if (t != zero_node) terms.push_back(t);
    }
    if (terms.used > 0) tangent.items[i] = sum_of(b, terms);
    if (b.size() > limit) return false;
  }
  tangents.clear();
  for (int r : outputs) tangents.push_back(tangent[r] >= 0 ? tangent[r] : zero_node);
  return true;
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
