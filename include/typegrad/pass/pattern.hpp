// SPDX-License-Identifier: BSL-1.0
// The notation of rewrites, and the table that they stand in. A row says that a pattern is the same as a
// result, both written as formulas of the variables u, v, w, which stand for anything:
//
//   t.row(log(sigmoid(u)), -softplus(-u));
//   t.row(pow(sin(u), 2) + pow(cos(u), 2), 1);
//
// A row whose pattern is a sum applies wherever its terms occur: inside a longer sum, with a common factor,
// be it a number or anything else. Functions are named, not included: a program pays for no primitive that
// only patterns name. Matching is in pass/match.hpp.
#pragma once

#include <string_view>

#include "../graph/record.hpp"

namespace tg {

class row_table;

/// A part of a row while it is written: a node in the table, or a number.
struct pattern {
  row_table* table = nullptr;
  int id = 0;  // or the number
  constexpr pattern(row_table& t, int node) : table{&t}, id{node} {}
  constexpr pattern(int n) : id{n} {}
};

/// What has to hold for a row besides its pattern.
struct row_condition {
  enum class asks : unsigned char {
    none,
    before,      // x comes before y in the canonical order
    difference,  // x - y is an exact constant, not zero, and z stands for it
    opposite,    // x + y is zero
    alone,       // the terms are the whole sum, and the common factor is positive
  };
  asks kind = asks::none;
  int x = 0, y = 0, z = 0;
};

/// Rows, with an index by what their patterns begin with. Plain arrays: compilers read them fastest.
class row_table {
 public:
  static constexpr int node_room = 320, row_room = 32, term_room = 3, variables = 4;

  // The nodes of patterns and results; a variable is kind::variable, its number in `first`.
  kind what[node_room]{};
  std::uint64_t key[node_room]{};  // the hash of the primitive's name
  int first[node_room]{}, count[node_room]{}, operand[2 * node_room]{};
  int value[node_room]{};  // of a constant; the exponent of a power
  int nodes = 0, operands = 0;

  // The rows. The terms of a sum are apart: the first, by which a row is found, is no number.
  int rows = 0;
  int root[row_room]{}, result[row_room]{}, price[row_room]{}, terms[row_room]{};
  int term[row_room][term_room]{}, coefficient[row_room][term_room]{};
  row_condition condition[row_room]{};

  // The index. What a row begins with: the root of one that is no sum; the first term of a sum, or the
  // function that this is a power of. The same for all rows, as bits of `bit_of`.
  std::uint64_t head[row_room]{};
  std::uint64_t roots = 0, first_terms = 0, first_powers = 0;
  static constexpr std::uint64_t bit_of(std::uint64_t of_key) {
    return std::uint64_t{1} << (of_key >> 20 & 63);
  }

  /// pattern = result. `operations`: by how much the result may be dearer, in the weights of the cost model.
  constexpr void row(const pattern& left, const pattern& right, int operations = 0,
                     const row_condition& when = {}) {
    const int here = rows++;
    root[here] = left.id;
    result[here] = node_of(right);
    price[here] = operations;
    condition[here] = when;
    int begin = left.id;
    if (is_sum(here)) {
      for (int k = 0; k < count[left.id]; ++k) add_term(here, operand[first[left.id] + k]);
      begin = term[here][0];
      if (what[begin] == kind::power && what[operand[first[begin]]] == kind::function)
        begin = operand[first[begin]];
    }
    head[here] = key[begin];
    (!is_sum(here) ? roots : begin == term[here][0] ? first_terms : first_powers) |= bit_of(key[begin]);
  }
  constexpr bool is_sum(int row_number) const { return what[root[row_number]] == kind::add; }
  constexpr void row(const pattern& left, const pattern& right, const row_condition& when) {
    row(left, right, 0, when);
  }

  constexpr pattern any(int variable) {
    const int id = add_node(kind::variable, 0, 0, 0);
    first[id] = variable;
    return {*this, id};
  }
  constexpr int node_of(const pattern& p) {
    return p.table != nullptr ? p.id : add_node(kind::constant, 0, p.id, 0);
  }
  constexpr int add_node(kind of_kind, std::uint64_t of_key, int v, int operand_count) {
    what[nodes] = of_kind;
    key[nodes] = of_key;
    value[nodes] = v;
    first[nodes] = operands;
    count[nodes] = operand_count;
    operands += operand_count;
    return nodes++;
  }
  /// x + y or x * y; the operands of a sum in a sum, or a product in a product, are its own.
  constexpr pattern join(kind of_kind, std::uint64_t of_key, int x, int y) {
    const int more_x = what[x] == of_kind ? count[x] : 1, more_y = what[y] == of_kind ? count[y] : 1;
    const int id = add_node(of_kind, of_key, 0, more_x + more_y);
    for (int k = 0; k < more_x; ++k) operand[first[id] + k] = what[x] == of_kind ? operand[first[x] + k] : x;
    for (int k = 0; k < more_y; ++k)
      operand[first[id] + more_x + k] = what[y] == of_kind ? operand[first[y] + k] : y;
    return {*this, id};
  }
  /// c for c*x and -x, otherwise 1; x becomes what c is the coefficient of. A number is its own.
  constexpr int take_coefficient(int& x) const {
    if (what[x] == kind::constant) return value[x];
    int c = 1;
    if (what[x] == kind::negate) c = -1, x = operand[first[x]];
    if (what[x] == kind::multiply && count[x] == 2 && what[operand[first[x]]] == kind::constant)
      c *= value[operand[first[x]]], x = operand[first[x] + 1];
    return c;
  }

 private:
  constexpr void add_term(int row_number, int x) {
    const int c = take_coefficient(x);
    int at = terms[row_number]++;
    if (at > 0 && what[term[row_number][0]] == kind::constant) {  // a number stays behind
      term[row_number][at] = term[row_number][0];
      coefficient[row_number][at] = coefficient[row_number][0];
      at = 0;
    }
    term[row_number][at] = x;
    coefficient[row_number][at] = c;
  }
};

namespace row_notation {

constexpr std::uint64_t add_key = hash_of("add"), multiply_key = hash_of("multiply"),
                        divide_key = hash_of("divide"), negate_key = hash_of("negate"),
                        power_key = hash_of("power"), root_key = hash_of("sqrt");

/// The primitive of this name.
struct function_name {
  std::uint64_t key;
  constexpr function_name(std::string_view name) : key{hash_of(name)} {}

  constexpr pattern operator()(const pattern& x) const { return of(x, 1); }
  constexpr pattern operator()(const pattern& x, const pattern& y) const {
    const pattern f = of(x, 2);
    f.table->operand[f.table->first[f.id] + 1] = y.id;
    return f;
  }
  constexpr pattern operator()(const pattern& x, const pattern& y, const pattern& z) const {
    const pattern f = of(x, 3);
    f.table->operand[f.table->first[f.id] + 1] = y.id;
    f.table->operand[f.table->first[f.id] + 2] = z.id;
    return f;
  }

 private:
  constexpr pattern of(const pattern& x, int count) const {
    row_table& t = *x.table;
    const int id = t.add_node(kind::function, key, 0, count);
    t.operand[t.first[id]] = x.id;
    return {t, id};
  }
};

constexpr row_table& table_of(const pattern& x, const pattern& y) {
  return x.table != nullptr ? *x.table : *y.table;
}
constexpr pattern unary(kind what, std::uint64_t key, const pattern& x, int value = 0) {
  row_table& t = *x.table;
  const int id = t.add_node(what, key, value, 1);
  t.operand[t.first[id]] = x.id;
  return {t, id};
}
constexpr pattern operator+(const pattern& x, const pattern& y) {
  row_table& t = table_of(x, y);
  const int left = t.node_of(x);
  return t.join(kind::add, add_key, left, t.node_of(y));
}
constexpr pattern operator-(const pattern& x) {
  return x.table != nullptr ? unary(kind::negate, negate_key, x) : pattern(-x.id);
}
constexpr pattern operator-(const pattern& x, const pattern& y) { return x + -y; }
constexpr pattern operator*(const pattern& x, const pattern& y) {
  row_table& t = table_of(x, y);
  const int left = t.node_of(x);
  return t.join(kind::multiply, multiply_key, left, t.node_of(y));
}
constexpr pattern operator/(const pattern& x, const pattern& y) {
  row_table& t = table_of(x, y);
  const int above = t.node_of(x), below = t.node_of(y);
  const int id = t.add_node(kind::divide, divide_key, 0, 2);
  t.operand[t.first[id]] = above;
  t.operand[t.first[id] + 1] = below;
  return {t, id};
}
constexpr pattern sqrt(const pattern& x) { return unary(kind::root, root_key, x); }
constexpr pattern pow(const pattern& x, int exponent) { return unary(kind::power, power_key, x, exponent); }

constexpr row_condition before(const pattern& x, const pattern& y) {
  return {row_condition::asks::before, x.id, y.id, 0};
}
/// d stands for x - y, which has to be an exact constant.
constexpr row_condition difference(const pattern& d, const pattern& x, const pattern& y) {
  return {row_condition::asks::difference, x.id, y.id, d.id};
}
constexpr row_condition opposite(const pattern& x, const pattern& y) {
  return {row_condition::asks::opposite, x.id, y.id, 0};
}
constexpr row_condition alone() { return {row_condition::asks::alone, 0, 0, 0}; }

}  // namespace row_notation

}  // namespace tg
