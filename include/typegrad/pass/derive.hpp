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

/// The partial derivatives of one node by its operands. Norms and their powers have theirs by what the
/// innermost norms are of: k u |u|^(k-2) is right where |u| has its corner, u/h where a norm in h has one. An
/// even function of |u| is that of u, and a power of a root is one of what the root is of.
template <class = void>
class partials {
 public:
  constexpr void of(builder& b, int i, const buffer<char>& active) {
    const record* const op = b.vertices.items[i].op;
    if ((op->what == kind::power || op->what == kind::pow || op->norm || op->parity == 1) &&
        sees_through(b, i, active))
      return;
    const int first = b.vertices.items[i].first;
    count = b.vertices.items[i].count;
    operand.reserve(count), wanted.reserve(count), value.reserve(count);
    for (int k = 0; k < count; ++k) {
      operand.items[k] = b.operands.items[first + k];
      wanted.items[k] = active.items[operand.items[k]] != 0;
      value.items[k] = -1;
    }
    op->partials(b, {operand.items, count, i, wanted.items, value.items});
  }

  int count = 0;
  buffer<int> operand, value;  // the value is -1 where there is none
  buffer<bool> wanted;

 private:
  int beside_ = one_node;

  /// The norm that is the only active factor of a product or quotient, whose rest is `beside_` then; else x.
  constexpr int only_factor(builder& b, int x, const buffer<char>& active) {
    const bool quotient = b.what(x) == kind::divide;
    int factor = -1;
    for (int k = 0; k < (quotient || b.what(x) == kind::multiply ? b.count(x) : 0); ++k)
      if (active.items[b.operand(x, k)] != 0) {
        if (factor >= 0 || (quotient && k == 1)) return x;
        factor = k;
      }
    const int norm = factor < 0 ? x : only_factor(b, b.operand(x, factor), active);
    if (norm == x || !b[norm].op->norm) return x;
    for (int k = 0; k < b.count(x); ++k)
      if (const int y = b.operand(x, k); k != factor)
        beside_ = quotient ? divide(b, beside_, y) : multiply(b, beside_, y);
    return norm;
  }
  constexpr bool sees_through(builder& b, int i, const buffer<char>& active) {
    const kind what = b.what(i);
    const bool power = what == kind::power || what == kind::pow;
    const int inner = b.operand(i, 0), exponent = power ? b.operand(i, 1) : -1;
    beside_ = one_node;
    operand.clear();
    const int norm = b[i].op->norm ? i : only_factor(b, inner, active);
    if (b[norm].op->norm && (what == kind::power ? !less(b.value(exponent), exact{2}) : power || norm == i)) {
      push_innermost(b, norm);
      if (what == kind::pow) operand.push_back(exponent);
      begin(active);
      of_norm(b, i, norm);
      return true;
    }
    if (power ? b.what(inner) != kind::root : !b[norm].op->norm || b.count(norm) != 1) return false;
    operand.push_back(b.operand(power ? inner : norm, 0));
    if (power) operand.push_back(exponent);
    begin(active);
    const int half = b.constant(exact{1, 2});
    const pair by =
        seen_as(b, i, multiply(b, beside_, operand.items[0]), power ? multiply(b, half, exponent) : -1);
    value.items[0] = multiply(b, beside_, by.x);
    if (power) value.items[1] = multiply(b, half, by.y);  // sqrt(s)^k = s^(k/2)
    return true;
  }
  constexpr void push_innermost(const builder& b, int norm) {
    for (int k = 0; k < b.count(norm); ++k)
      if (const int x = b.operand(norm, k); b[x].op->norm)
        push_innermost(b, x);
      else
        operand.push_back(x);
  }
  constexpr void begin(const buffer<char>& active) {
    count = operand.used;
    wanted.reserve(count), value.reserve(count);
    for (int k = 0; k < count; ++k) {
      wanted.items[k] = active.items[operand.items[k]] != 0;
      value.items[k] = -1;
    }
  }

  static constexpr int two_operands(builder& b, const record* op, int x, int y) {
    buffer<int> args;
    args.push_back(x), args.push_back(y);
    return make_node(b, op, args);
  }
  struct pair {
    int x, y;
  };
  /// The derivatives of node i by what stands in the places of its operands, one where y is negative.
  static constexpr pair seen_as(builder& b, int i, int x, int y) {
    buffer<int> args, out(2);
    const buffer<bool> all(2, true);
    args.push_back(x);
    if (y >= 0) args.push_back(y);
    b[i].op->partials(b, {args.items, args.used, i, all.items, out.items});
    return {out.items[0], out.items[1]};
  }
  /// Of a norm or a power of it. Where the exponent is no exact constant, the rule chooses what holds if it
  /// is less than 2 (primitive/exponential.hpp).
  constexpr void of_norm(builder& b, int i, int norm) {
    const bool pow = b.what(i) == kind::pow;
    const int places = count - pow;
    int lower = zero_node, is_steep = one_node, steep = one_node;
    if (i != norm) {
      const int base = b.operand(i, 0), k = b.operand(i, 1);
      lower = multiply(b, multiply(b, k, multiply(b, beside_, beside_)),
                       two_operands(b, b[i].op, base, add(b, k, b.constant(-2))));
      is_steep = zero_node;
      if (pow) {
        const pair by = seen_as(b, i, base, k);
        is_steep = b.operand(seen_as(b, i, norm, k).x, 0);
        steep = multiply(b, beside_, base == norm ? b.operand(by.x, 1) : by.x);
        value.items[places] = by.y;
      }
    }
    for (int at = 0; at < places; ++at)
      if (wanted.items[at])
        value.items[at] = make_where(
            b, is_steep, is_steep == zero_node ? zero_node : multiply(b, steep, slope(b, norm, at, places)),
            multiply(b, lower, operand.items[at]));
  }
  /// The derivative of a norm by one of its operands, beside the norm of the others.
  constexpr int slope(builder& b, int norm, int at, int places) const {
    int rest = -1;
    for (int k = 0; k < places; ++k)
      if (const int x = operand.items[k]; k != at) rest = rest < 0 ? x : two_operands(b, b[norm].op, rest, x);
    return seen_as(b, norm, operand.items[at], rest).x;
  }
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
template <class = void>
constexpr void reverse(builder& b, const buffer<int>& outputs, const buffer<int>& seeds,
                       const buffer<int>& inputs, buffer<int>& adjoints) {
  const int end = b.size();
  buffer<char> active, needed;
  mark_dependent(b, end, inputs, active);
  for (int x : inputs)
    if (x >= 0 && x < end) active[x] = 2;
  mark_needed_outside(b, end, outputs, needed);
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
  partials<> partial;
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
    if (b.vertices.items[i].count == 0 || active.items[i] == 2) continue;
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
template <class = void>
constexpr bool forward(builder& b, const buffer<int>& inputs, const buffer<int>& seeds,
                       const buffer<int>& outputs, buffer<int>& tangents, int limit = 1 << 30) {
  int end = 0;
  for (int r : outputs)
    if (r >= end) end = r + 1;
  buffer<char> active, needed;
  mark_dependent(b, end, inputs, active);
  mark_needed_outside(b, end, outputs, needed);
  buffer<int> tangent(end, -1), terms;
  for (int k = 0; k < inputs.size(); ++k)
    if (inputs[k] >= 0 && inputs[k] < end) tangent[inputs[k]] = seeds[k];
  partials<> partial;
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
