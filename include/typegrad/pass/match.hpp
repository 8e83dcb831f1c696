// SPDX-License-Identifier: BSL-1.0
// Finds the rows of a table (pass/pattern.hpp) in a graph. It only looks; what applies a row is the canonical
// form (pass/simplify.hpp), and before a program is emitted lower/keep_digits.hpp.
#pragma once
#include "../support/compiler/begin.hpp"

#include "../graph/algebra.hpp"
#include "like_terms.hpp"
#include "pattern.hpp"

namespace tg::detail {

/// x*cx + y*cy, where that is a number.
constexpr exact_result exact_sum(builder& b, int x, const exact& cx, int y, const exact& cy) {
  constexpr int most = budgets::weighed_terms;
  term parts[most]{};
  exact_result constant{{}, true};
  int size = 0;
  for (int side = 0; side < 2; ++side) {
    const int whole = side == 0 ? x : y;
    const bool sum = b.what(whole) == kind::add;
    for (int k = 0; k < (sum ? b.count(whole) : 1); ++k) {
      int node = sum ? b.operand(whole, k) : whole;
      exact_result c{side == 0 ? cx : cy, true};
      if (b.what(node) == kind::negate) c.value = -c.value, node = b.operand(node, 0);
      if (b.what(node) == kind::multiply && b.count(node) == 2 && b.is_constant(b.operand(node, 0)))
        c = c.value * b.value(b.operand(node, 0)), node = b.operand(node, 1);
      if (c.valid && b.is_constant(node)) {
        c = c.value * b.value(node);
        if (c.valid) constant = constant.value + c.value;
        if (!c.valid || !constant.valid) return {};
        continue;
      }
      int at = 0;
      while (at < size && parts[at].node != node) ++at;
      b.limited = b.limited || at == most;
      if (!c.valid || at == most) return {};
      if (at == size) parts[size++] = {node, {}};
      c = parts[at].factor + c.value;
      if (!c.valid) return {};
      parts[at].factor = c.value;
    }
  }
  for (int at = 0; at < size; ++at)
    if (parts[at].factor.n != 0) return {};
  return constant;
}

class matcher {
 public:
  constexpr matcher(builder& graph, const row_table& table) : t{table}, b{graph} {}

  /// The first row for op applied to args, -1 if there is none. What its variables stand for is in `bound`.
  constexpr int find(const record* op, const buffer<int>& args) {
    for (int row = t.first_row[row_table::place_of(op->key)] - 1; row >= 0; row = t.lines[row].next - 1) {
      const int p = t.lines[row].root;
      if (t.nodes[p].key != op->key || !op->built_in || t.nodes[p].count != args.used) continue;
      start();
      bool all = true;
      for (int k = 0; k < args.used && all; ++k) all = match(t.nodes[p].operand[k], args.items[k]);
      if (all && holds(row)) return row;
    }
    return -1;
  }
  constexpr bool may_begin(const record* op) const { return (t.roots & row_table::bit_of(op->key)) != 0; }

  /// What a row for a sum has found: scale * factor * pattern, the terms `used` of the sum, and `scale *
  /// constant` of its number.
  struct found_terms {
    int row = -1;
    exact scale{};
    int factor = one_node;
    int used[row_table::term_room]{}, count = 0;
    exact number{};
  };

  /// Whether a row for a sum may begin with x; where `deep`, or with a factor of x.
  constexpr bool may_hold_first(int x, bool deep = true) const {
    const vertex& v = b.vertices.items[x];
    const kind what = v.op->what;
    if (what == kind::variable || what == kind::constant || what == kind::captured || what == kind::add)
      return false;
    if (what == kind::negate) return may_hold_first(b.operands.items[v.first], deep);
    if (what == kind::divide && deep && may_hold_first(b.operands.items[v.first])) return true;
    if (what == kind::multiply) {
      if (!deep)
        return v.count == 2 && b.is_constant(b.operands.items[v.first]) &&
               is_first(b.operands.items[v.first + 1]);
      for (int k = v.first; k < v.first + v.count; ++k)
        if (const int y = b.operands.items[k];
            is_first(y) || (b.what(y) == kind::divide && may_hold_first(y)))
          return true;
      return false;
    }
    return is_first(x);
  }

  /// The first row for a sum of terms and a number; where `deep`, with common factors other than numbers.
  constexpr found_terms find_in_sum(const buffer<term>& terms, const exact& number, bool deep = true) {
    for (int i = 0; i < terms.used; ++i) {
      const term& first_one = terms.items[i];
      if (first_one.factor.n == 0 || !may_hold_first(first_one.node, deep)) continue;
      for (const part_of& one : parts(first_one.node, deep)) {
        const record* const op = b[one.node].op;
        if (op->what == kind::power)  // by the function that it is a power of
          if (const found_terms found = find_by(b[b.operand(one.node, 0)].op->key, one, i, terms, number);
              found.row >= 0)
            return found;
        if (const found_terms found = find_by(op->key, one, i, terms, number); found.row >= 0) return found;
      }
    }
    return {};
  }

  /// What the variables stand for.
  int bound[row_table::variables]{};
  const row_table& t;

 private:
  struct part_of;
  /// The first row with this head for a sum in which term i is seen as `one`.
  constexpr found_terms find_by(std::uint64_t head, const part_of& one, int i, const buffer<term>& terms,
                                const exact& number) {
    for (int row = t.first_sum[row_table::place_of(head)] - 1; row >= 0; row = t.lines[row].next - 1) {
      if (t.lines[row].head != head) continue;
      start();
      const exact_result inverse_coefficient = inverse(exact{t.lines[row].coefficient[0]});
      const exact_result scale = terms.items[i].factor * inverse_coefficient.value;
      if (!scale.valid || !match(t.lines[row].term[0], one.node)) continue;
      found_terms found{row, scale.value, one.factor, {i}, 1, {}};
      if (rest_found(found, terms, number) && holds(row)) return found;
    }
    return {};
  }

  /// A term as node * factor.
  struct part_of {
    int node, factor;
  };
  struct part_list {
    part_of items[8]{};
    int used = 0;
    constexpr const part_of* begin() const { return items; }
    constexpr const part_of* end() const { return items + used; }
  };

  constexpr bool is_first(int x) const {
    const vertex& v = b.vertices.items[x];
    return (t.first_terms & row_table::bit_of(v.op->key)) != 0 ||
           (v.op->what == kind::power &&
            (t.first_powers & row_table::bit_of(b.vertices.items[b.operands.items[v.first]].op->key)) != 0);
  }
  constexpr void start() {
    for (int& node : bound) node = -1;
  }

  /// Every way to see a term as one node that may belong to a row, and a common factor.
  constexpr part_list parts(int x, bool deep = true) {
    part_list list;
    list.items[list.used++] = {x, one_node};
    if (!deep) return list;
    const bool quotient = b.what(x) == kind::divide;
    const int above = quotient ? b.operand(x, 0) : x;
    if (b.what(above) != kind::multiply) {
      if (quotient && !b.is_constant(above))
        list.items[list.used++] = {above, divide(b, one_node, b.operand(x, 1))};
      return list;
    }
    for (int k = 0; k < b.count(above) && list.used < 8; ++k) {
      if (b.is_constant(b.operand(above, k)) || !may_hold_first_or_later(b.operand(above, k))) continue;
      buffer<int> rest;
      for (int j = 0; j < b.count(above); ++j)
        if (j != k) rest.push_back(b.operand(above, j));
      int factor = rest.size() == 1 ? rest[0] : b.intern(known<op::multiply>, rest);
      if (quotient) factor = divide(b, factor, b.operand(x, 1));
      list.items[list.used++] = {b.operand(above, k), factor};
    }
    return list;
  }
  constexpr bool may_hold_first_or_later(int x) const {
    const kind what = b.what(x);
    return what == kind::function || what == kind::power || what == kind::root;
  }

  /// Whether the attempt succeeds; what it has bound is undone otherwise.
  template <class Attempt>
  constexpr bool undone_unless(Attempt attempt) {
    int before_it[row_table::variables]{};
    for (int i = 0; i < row_table::variables; ++i) before_it[i] = bound[i];
    if (attempt()) return true;
    for (int i = 0; i < row_table::variables; ++i) bound[i] = before_it[i];
    return false;
  }
  /// Whether x is term k of the row, an instance of p. With the last term the condition is asked: where it
  /// does not hold, another term may do.
  constexpr bool fits(int p, int x, int row, int k) {
    return undone_unless([&] { return match(p, x) && (k + 1 < t.lines[row].terms || holds(row)); });
  }
  /// Finds the other terms of the row among those of the sum.
  constexpr bool rest_found(found_terms& found, const buffer<term>& terms, const exact& number) {
    const int row = found.row;
    const row_condition& c = t.lines[row].condition;
    const bool whole = c.kind == row_condition::asks::alone;
    if (whole && (found.scale.is_negative() || found.factor != one_node)) return false;
    for (int k = 1; k < t.lines[row].terms; ++k) {
      const exact_result factor = exact{t.lines[row].coefficient[k]} * found.scale;
      if (!factor.valid) return false;
      const int p = t.lines[row].term[k];
      const bool is_number = t.nodes[p].what == kind::constant;
      if (is_number && found.factor == one_node) {
        if (!(factor.value == number)) return false;
        found.number = number;
        continue;
      }
      bool any = false;
      for (int j = 0; j < terms.used && !any; ++j) {
        const term& other = terms.items[j];
        bool taken = other.factor.n == 0 || !(other.factor == factor.value);
        for (int m = 0; m < found.count; ++m) taken = taken || found.used[m] == j;
        if (taken) continue;
        if (is_number) {
          any = other.node == found.factor;
        } else if (found.factor == one_node) {
          any = fits(p, other.node, row, k);
        } else {
          for (const part_of& part : parts(other.node))
            if (!any && part.factor == found.factor) any = fits(p, part.node, row, k);
        }
        if (any) found.used[found.count++] = j;
      }
      if (!any && !matches_square(p, factor.value, number, found)) return false;
    }
    if (!whole) return true;
    int left = 0;
    for (int j = 0; j < terms.used; ++j) left += terms.items[j].factor.n != 0;
    const auto exact_value = [&](int p) { return b.count(bound[t.nodes[p].value]) == 0; };
    return left == found.count && found.number == number && exact_value(c.x) && exact_value(c.y);
  }
  /// The number of a sum as the square of an exact number.
  constexpr bool matches_square(int p, const exact& factor, const exact& number, found_terms& found) {
    if (t.nodes[p].what != kind::power || t.nodes[p].value != 2 || number.n == 0 ||
        !(found.number == exact{}))
      return false;
    const exact_result square = number * inverse(factor).value;
    if (!square.valid || square.value.e != 0) return false;
    const std::int64_t n = integer_root(square.value.n), d = integer_root(square.value.d);
    if (n < 0 || d <= 0) return false;
    found.number = number;
    return match(t.nodes[p].operand[0], b.constant(exact{n, d}));
  }

  /// Whether node x is an instance of the part p; binds variables.
  constexpr bool match(int p, int x) {
    const vertex& v = b.vertices.items[x];
    const row_table::node& n = t.nodes[p];
    switch (n.what) {
      case kind::variable:
        if (bound[n.value] < 0) bound[n.value] = x;
        return bound[n.value] == x;
      case kind::constant:
        return b.is_constant(x) && b.value(x).is(n.value);
      case kind::function:
        if (v.op->key != n.key || !v.op->built_in || v.count != n.count) return false;
        break;
      case kind::power:
        return v.op->what == kind::power && b.value(b.operand(x, 1)).is(n.value) &&
               match(n.operand[0], b.operand(x, 0));
      case kind::add:
      case kind::multiply:
        return v.op->what == n.what && v.count == n.count && match_any_order(p, x, 0, 0);
      default:
        if (v.op->what != n.what) return false;
    }
    for (int k = 0; k < n.count; ++k)
      if (!match(n.operand[k], b.operand(x, k))) return false;
    return true;
  }
  /// The operands of a sum or product from `next` on, each to one of x's that is not `taken`.
  constexpr bool match_any_order(int p, int x, int next, unsigned taken) {
    if (next == t.nodes[p].count) return true;
    for (int k = 0; k < b.count(x); ++k) {
      if ((taken >> k & 1u) != 0) continue;
      if (undone_unless([&] {
            return match(t.nodes[p].operand[next], b.operand(x, k)) &&
                   match_any_order(p, x, next + 1, taken | 1u << k);
          }))
        return true;
    }
    return false;
  }

  constexpr bool holds(int row) {
    const row_condition& c = t.lines[row].condition;
    const auto node = [&](int p) { return bound[t.nodes[p].value]; };
    switch (c.kind) {
      case row_condition::asks::before:
        return before(b, node(c.x), node(c.y));
      case row_condition::asks::difference: {
        const exact_result d = exact_sum(b, node(c.x), {1}, node(c.y), {-1});
        if (!d.valid || d.value.n == 0) return false;
        bound[t.nodes[c.z].value] = b.constant(d.value);
        return true;
      }
      case row_condition::asks::opposite: {
        const exact_result d = exact_sum(b, node(c.x), {1}, node(c.y), {1});
        return d.valid && d.value.n == 0;
      }
      default:
        return true;
    }
  }

  builder& b;
};

/// The node of a row's result. `host` makes nodes: function(key, args), sum(x, y), product(x, y), ...
template <class Host>
constexpr int build(Host& host, const matcher& m, int p) {
  const row_table& t = m.t;
  buffer<int> args;
  for (int k = 0; k < t.nodes[p].count; ++k) args.push_back(build(host, m, t.nodes[p].operand[k]));
  return t.nodes[p].what == kind::variable   ? host.variable(m.bound[t.nodes[p].value])
         : t.nodes[p].what == kind::function ? host.function(t.nodes[p].key, args)
                                             : host.algebra(t.nodes[p].what, t.nodes[p].value, args);
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
