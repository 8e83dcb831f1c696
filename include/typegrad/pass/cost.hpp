// SPDX-License-Identifier: BSL-1.0
// The cost model: what one evaluation of a graph does, counted. It decides between forward and reverse, and
// it is what tg::cost shows.
#pragma once
#include "../support/compiler/begin.hpp"

#include "needed.hpp"

namespace tg {

/// What one evaluation does. `transcendental` counts calls of library functions (sqrt among them), `other`
/// comparisons and choices; `depth` is the longest chain of operations; `stack_bytes` the room for all
/// intermediate values in double. `limited`: a budget (support/budgets.hpp) kept a pass from trying
/// something, or a compiled function is several functions.
struct operation_count {
  int additions = 0, multiplications = 0, divisions = 0, transcendental = 0, other = 0;
  int depth = 0, nodes = 0, stack_bytes = 0;
  bool limited = false;

  /// One number for comparison: an addition is 1, a division 4, a library call 20.
  constexpr int weight() const {
    return additions + multiplications + other + 4 * divisions + 20 * transcendental;
  }
  constexpr bool operator==(const operation_count&) const = default;
};

namespace detail {

/// Multiplications for x^k by repeated squaring.
constexpr int squarings(std::int64_t k) {
  int n = 0;
  for (; k > 1; k /= 2) n += 1 + static_cast<int>(k % 2);
  return n;
}

/// Adds what the node (op, count) does; `exponent` is the exact exponent of a power.
constexpr void count_node(operation_count& c, const record* op, int count, const exact& exponent) {
  switch (op->what) {
    case kind::add:
      c.additions += count - 1;
      break;
    case kind::negate:
      c.additions += 1;
      break;
    case kind::multiply:
      c.multiplications += count - 1;
      break;
    case kind::divide:
      c.divisions += 1;
      break;
    case kind::power:
      if (exponent.is_integer() && exponent.n <= budgets::multiplied_power)
        c.multiplications += squarings(exponent.n);
      else if (exponent.d == 2 && exponent.e == 0)
        c.transcendental += 1, c.multiplications += squarings(exponent.n / 2) + 1;
      else
        c.transcendental += 1;
      break;
    default:
      c.transcendental += op->calls;
      c.other += op->calls == 0 && count > 0;
  }
}

/// The cost of the nodes that `roots` need. Free are the numbers that no symbol enters, such as sqrt(5),
/// which are known before the first call, and the minus of a term, x + (-y) being one subtraction.
constexpr operation_count count_operations(const builder& b, const buffer<int>& roots) {
  operation_count c;
  buffer<char> needed;
  mark_needed(b, b.size(), roots, needed);
  buffer<int> depth(b.size());
  buffer<char> number(b.size()), alone(b.size());  // alone: not only a term of sums
  for (int r : roots) alone.items[r] = 1;
  for (int i = 0; i < b.size(); ++i)
    for (int k = 0; k < b.count(i) && needed.items[i] != 0; ++k)
      if (b.what(i) != kind::add) alone.items[b.operand(i, k)] = 1;
  for (int i = 0; i < b.size(); ++i) {
    if (needed.items[i] == 0) continue;
    const kind what = b.what(i);
    ++c.nodes;
    bool known_before = what != kind::variable && what != kind::captured;
    for (int k = 0; k < b.count(i); ++k) {
      const int x = b.operand(i, k);
      known_before = known_before && number.items[x] != 0;
      if (depth.items[x] >= depth.items[i]) depth.items[i] = depth.items[x] + 1;
    }
    number.items[i] = known_before;
    if (known_before || (what == kind::negate && alone.items[i] == 0)) {
      depth.items[i] = known_before ? 0 : depth.items[b.operand(i, 0)];
      continue;
    }
    if (depth.items[i] > c.depth) c.depth = depth.items[i];
    count_node(c, b[i].op, b.count(i), what == kind::power ? b.value(b.operand(i, 1)) : exact{});
  }
  c.stack_bytes = 8 * c.nodes;
  c.limited = b.limited;
  return c;
}

constexpr int weight(const builder& b, const buffer<int>& roots) {
  return count_operations(b, roots).weight();
}

}  // namespace detail

}  // namespace tg

#include "../support/compiler/end.hpp"
