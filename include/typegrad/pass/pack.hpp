// SPDX-License-Identifier: BSL-1.0
// The finished graph as a plain value: what is left after pruning, in the order in which it is evaluated. A type is made from it,
// and a program is emitted from it.
#pragma once

#include "../graph/builder.hpp"

namespace tg {

/// A node of a finished graph; `first` is where its operands begin, or a captured number's slot.
struct packed_node {
  const record* op = nullptr;
  int first = 0;
  int count = 0;
  exact value{};  // of a constant
};

/// 128 bits that tell one request for a program from every other.
struct fingerprint {
  std::uint64_t high = 0, low = 0;
};

namespace detail {

/// The fingerprint of what was asked for, before it is simplified: every node, with the identity of its primitive, and the outputs.
constexpr fingerprint fingerprint_of(const builder& b, const buffer<int>& roots) {
  fingerprint f{0x243f6a8885a308d3u, 0x13198a2e03707344u};
  const auto add = [&](std::uint64_t v) {
    f.high = mix(f.high, v);
    f.low = mix(f.low, v ^ 0xa4093822299f31d0u) * 0x9e3779b97f4a7c15u;
  };
  for (int i = 0; i < b.size(); ++i) {
    add(b[i].hash);
    add(b[i].op->identity);
  }
  for (int r : roots) add(static_cast<std::uint64_t>(r));
  return f;
}

}  // namespace detail

/// A finished graph with room for Nodes nodes, Operands operands and Roots outputs. `fits` is false if that was not enough; the counts
/// then say what is needed.
template <int Nodes, int Operands, int Roots>
struct packed {
  int nodes = 0, operands = 0, roots = 0;
  fingerprint print{};
  packed_node node[Nodes > 0 ? Nodes : 1]{};
  int operand[Operands > 0 ? Operands : 1]{};
  int root[Roots > 0 ? Roots : 1]{};

  constexpr bool fits() const { return nodes <= Nodes && operands <= Operands && roots <= Roots; }
  constexpr int arg(int i, int k) const { return operand[node[i].first + k]; }
};

/// The nodes that `roots` need: captured numbers first, then each node after its operands (depth first, operands from left to right).
constexpr void evaluation_order(const builder& b, const buffer<int>& roots, buffer<int>& order, buffer<int>& position) {
  position.assign(b.size(), -1);
  buffer<char> needed(b.size(), 0);
  for (int r : roots) needed[r] = 1;
  for (int i = b.size() - 1; i >= 0; --i)
    if (needed[i] != 0)
      for (int k = 0; k < b.count(i); ++k) needed[b.operand(i, k)] = 1;
  for (int i = 0; i < b.size(); ++i)
    if (needed[i] != 0 && b.what(i) == kind::captured) {
      position[i] = order.size();
      order.push_back(i);
    }
  struct visit {
    int node, next;
  };
  buffer<visit> stack;
  for (int r : roots) {
    if (position[r] >= 0) continue;
    stack.push_back({r, 0});
    while (stack.size() > 0) {
      visit& top = stack.back();
      if (top.next < b.count(top.node)) {
        const int x = b.operand(top.node, top.next++);
        if (position[x] < 0) stack.push_back({x, 0});
        continue;
      }
      if (position[top.node] < 0) {
        position[top.node] = order.size();
        order.push_back(top.node);
      }
      stack.pop_back();
    }
  }
}

template <int Nodes, int Operands, int Roots>
constexpr auto pack(const builder& b, const buffer<int>& roots) {
  packed<Nodes, Operands, Roots> p;
  buffer<int> order, position;
  evaluation_order(b, roots, order, position);
  p.nodes = order.size();
  p.roots = roots.size();
  for (int i : order) p.operands += b.count(i);
  if (!p.fits()) return p;
  int end = 0;
  for (int at = 0; at < order.size(); ++at) {
    const int i = order[at];
    packed_node& v = p.node[at];
    v.op = b[i].op;
    v.count = b.count(i);
    v.first = b.what(i) == kind::captured ? b[i].first : end;
    if (b.is_constant(i)) v.value = b.value(i);
    for (int k = 0; k < v.count; ++k) p.operand[end++] = position[b.operand(i, k)];
  }
  for (int r = 0; r < roots.size(); ++r) p.root[r] = position[roots[r]];
  return p;
}

}  // namespace tg
