// SPDX-License-Identifier: BSL-1.0
// Differentiation: forward (tangents, one direction a sweep) and reverse (adjoints, one output a sweep), as passes that add nodes
// to a graph. Both take the rules from the records of the primitives.
#pragma once

#include "../graph/handle.hpp"
#include "needed.hpp"

namespace tg {

namespace detail {

/// Which of the nodes below `end` depend on one of the given nodes.
constexpr void mark_dependent(const builder& b, int end, const buffer<int>& sources, buffer<char>& depends) {
  depends.assign(end, 0);
  for (int s : sources)
    if (s >= 0 && s < end) depends[s] = 1;
  for (int i = 0; i < end; ++i)
    for (int k = 0; k < b.count(i) && depends[i] == 0; ++k)
      if (depends[b.operand(i, k)] != 0) depends[i] = 1;
}

/// The partial derivatives of one node by its operands.
class partials {
 public:
  constexpr void of(builder& b, int i, const buffer<char>& active) {
    const int n = b.count(i);
    args_.clear();
    wanted_.clear();
    out_.clear();
    for (int k = 0; k < n; ++k) {
      args_.push_back(b.operand(i, k));
      wanted_.push_back(active[args_[k]] != 0);
      out_.push_back(-1);
    }
    b[i].op->partials(b, {args_.begin(), n, i, wanted_.begin(), out_.begin()});
  }
  constexpr int operator[](int k) const { return out_[k]; }
  constexpr int operand(int k) const { return args_[k]; }
  constexpr bool wanted(int k) const { return wanted_[k]; }
  constexpr int size() const { return args_.size(); }

 private:
  buffer<int> args_, out_;
  buffer<bool> wanted_;
};

/// The sum of several nodes as one node.
constexpr int sum_of(builder& b, const int* terms, int n) {
  if (n == 0) return zero_node;
  if (n == 1) return terms[0];
  return b.intern(known<op::add>(), terms, n);
}

}  // namespace detail

/// Reverse: for the output `root` with adjoint `seed`, the adjoints of `inputs`. Cost: a small multiple of the nodes between them.
/// A primitive with a definition instead of a rule must have been expanded.
constexpr void reverse(builder& b, const buffer<int>& outputs, const buffer<int>& seeds, const buffer<int>& inputs, buffer<int>& adjoints) {
  const int end = b.size();
  buffer<char> active, needed;
  detail::mark_dependent(b, end, inputs, active);
  detail::mark_needed(b, end, outputs.begin(), outputs.size(), needed);
  // The contributions to each adjoint, as a list in reverse order of their making.
  struct contribution {
    int node, next;
  };
  buffer<contribution> pool;
  buffer<int> head(end, -1), terms, adjoint(end, -1);
  const auto contribute = [&](int to, int node) {
    if (node == zero_node) return;
    pool.push_back({node, head[to]});
    head[to] = pool.size() - 1;
  };
  for (int r = 0; r < outputs.size(); ++r)
    if (active[outputs[r]] != 0) contribute(outputs[r], seeds[r]);
  detail::partials partial;
  for (int i = end - 1; i >= 0; --i) {
    if (active[i] == 0 || needed[i] == 0 || head[i] < 0) continue;
    terms.clear();
    for (int at = head[i]; at >= 0; at = pool[at].next) terms.push_back(pool[at].node);
    const int total = detail::sum_of(b, terms.begin(), terms.size());
    adjoint[i] = total;
    if (b.count(i) == 0) continue;
    partial.of(b, i, active);
    for (int k = 0; k < partial.size(); ++k)
      if (partial.wanted(k) && partial[k] >= 0) contribute(partial.operand(k), multiply(b, total, partial[k]));
  }
  adjoints.clear();
  for (int x : inputs) adjoints.push_back(x >= 0 && x < end && adjoint[x] >= 0 ? adjoint[x] : zero_node);
}

/// Forward: the tangents of `outputs` for the tangent seeds of `inputs`. `limit`: gives up, and returns false, once the
/// graph has more nodes than that.
constexpr bool forward(builder& b, const buffer<int>& inputs, const buffer<int>& seeds, const buffer<int>& outputs, buffer<int>& tangents,
                       int limit = 1 << 30) {
  int end = 0;
  for (int r : outputs)
    if (r >= end) end = r + 1;
  buffer<char> active, needed;
  detail::mark_dependent(b, end, inputs, active);
  detail::mark_needed(b, end, outputs.begin(), outputs.size(), needed);
  buffer<int> tangent(end, -1), terms;
  for (int k = 0; k < inputs.size(); ++k)
    if (inputs[k] >= 0 && inputs[k] < end) tangent[inputs[k]] = seeds[k];
  detail::partials partial;
  for (int i = 0; i < end; ++i) {
    if (tangent[i] >= 0 || active[i] == 0 || needed[i] == 0) continue;
    partial.of(b, i, active);
    terms.clear();
    for (int k = 0; k < partial.size(); ++k) {
      if (!partial.wanted(k) || partial[k] < 0 || tangent[partial.operand(k)] < 0) continue;
      const int t = multiply(b, partial[k], tangent[partial.operand(k)]);
      if (t != zero_node) terms.push_back(t);
    }
    if (terms.size() > 0) tangent[i] = detail::sum_of(b, terms.begin(), terms.size());
    if (b.size() > limit) return false;
  }
  tangents.clear();
  for (int r : outputs) tangents.push_back(tangent[r] >= 0 ? tangent[r] : zero_node);
  return true;
}

}  // namespace tg
