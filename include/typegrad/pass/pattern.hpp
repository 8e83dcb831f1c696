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
#include "../support/compiler/begin.hpp"

#include <string_view>

#include "../graph/record.hpp"

namespace tg::detail {

/// A namespace of its own, so that compilers do not try the operators of formulas on patterns.
namespace row_notation {

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
    alone,       // the terms are the whole sum, the common factor is positive, and x and y are not rounded
  };
  asks kind = asks::none;
  int x = 0, y = 0, z = 0;
};

/// Rows, with an index by what their patterns begin with. Nodes are written in one piece: every access
/// through a pointer costs g++ microseconds.
class row_table {
 public:
  static constexpr int node_room = 320, row_room = 32, term_room = 3, variables = 4;

  /// A node of a pattern or result. A variable is kind::variable, its number in `value`; a power has its
  /// exponent there.
  struct node {
    kind what = kind::constant;
    int value = 0;
    std::uint64_t key = 0;  // the hash of the primitive's name
    int count = 0;
    int operand[4]{};
  };
  node nodes[node_room]{};
  int size = 0;

  /// pattern = result. The terms of a sum are apart: the first, by which the row is found, is no number.
  struct line {
    int root = 0, result = 0, price = 0, terms = 0;
    int term[term_room]{}, coefficient[term_room]{};
    row_condition condition{};
    std::uint64_t head = 0;  // the key of what it begins with: the root, or the first term of a sum, or the
                             // function that this is a power of
    int next = 0;            // the next row of the same place, counted from 1
  };
  line lines[row_room]{};
  int rows = 0;
  int first_row[64]{}, first_sum[64]{};  // by place_of the head, counted from 1; of sums apart

  /// What rows begin with, as bits of `bit_of`: the root of one that is no sum; the first term of a sum; the
  /// function that this is a power of.
  std::uint64_t roots = 0, first_terms = 0, first_powers = 0;
  static constexpr std::uint64_t bit_of(std::uint64_t key) { return std::uint64_t{1} << place_of(key); }
  static constexpr int place_of(std::uint64_t key) { return static_cast<int>(key >> 20 & 63); }

  /// pattern = result. `price`: by how much the result may be dearer, in the weights of the cost model.
  constexpr void row(const pattern& left, const pattern& right, int price = 0,
                     const row_condition& when = {}) {
    line here{left.id, node_of(right), price, 0, {}, {}, when, 0, 0};
    const node whole = nodes[left.id];
    int begin = left.id;
    const bool sum = whole.what == kind::add;
    if (sum) {
      int number = -1;
      for (int k = 0; k < whole.count; ++k) {
        int x = whole.operand[k];
        const int c = take_coefficient(x);
        if (nodes[x].what == kind::constant) {
          number = x;
          continue;
        }
        here.term[here.terms] = x;
        here.coefficient[here.terms++] = c;
      }
      if (number >= 0) {
        here.term[here.terms] = number;
        here.coefficient[here.terms++] = nodes[number].value;
      }
      begin = here.term[0];
      if (nodes[begin].what == kind::power && nodes[nodes[begin].operand[0]].what == kind::function)
        begin = nodes[begin].operand[0];
    }
    here.head = nodes[begin].key;
    (!sum ? roots : begin == here.term[0] ? first_terms : first_powers) |= bit_of(here.head);
    lines[rows++] = here;
    int* last = sum ? &first_sum[place_of(here.head)] : &first_row[place_of(here.head)];
    while (*last != 0) last = &lines[*last - 1].next;
    *last = rows;
  }
  constexpr void row(const pattern& left, const pattern& right, const row_condition& when) {
    row(left, right, 0, when);
  }
  constexpr bool is_sum(int row_number) const { return lines[row_number].terms > 0; }

  constexpr pattern any(int variable) { return add({kind::variable, variable}); }
  constexpr pattern add(const node& n) {
    nodes[size] = n;
    return {*this, size++};
  }
  constexpr int node_of(const pattern& p) {
    return p.table != nullptr ? p.id : add({kind::constant, p.id}).id;
  }
  /// x + y or x * y; the operands of a sum in a sum, or a product in a product, are its own.
  constexpr pattern join(kind what, std::uint64_t key, int x, int y) {
    node all{what, 0, key};
    for (int side : {x, y}) {
      const node part = nodes[side];
      if (part.what == what)
        for (int k = 0; k < part.count; ++k) all.operand[all.count++] = part.operand[k];
      else
        all.operand[all.count++] = side;
    }
    return add(all);
  }
  /// c for c*x and -x, otherwise 1; x becomes what c is the coefficient of. A number is its own.
  constexpr int take_coefficient(int& x) const {
    node n = nodes[x];
    if (n.what == kind::constant) return n.value;
    int c = 1;
    if (n.what == kind::negate) c = -1, x = n.operand[0], n = nodes[x];
    if (n.what == kind::multiply && n.count == 2 && nodes[n.operand[0]].what == kind::constant)
      c *= nodes[n.operand[0]].value, x = n.operand[1];
    return c;
  }
};

constexpr std::uint64_t add_key = hash_of("add"), multiply_key = hash_of("multiply"),
                        divide_key = hash_of("divide"), negate_key = hash_of("negate"),
                        power_key = hash_of("power"), root_key = hash_of("sqrt");

/// The primitive of this name.
struct function_name {
  std::uint64_t key;
  constexpr function_name(std::string_view name) : key{hash_of(name)} {}
  constexpr pattern operator()(const pattern& x) const {
    return x.table->add({kind::function, 0, key, 1, {x.id}});
  }
  constexpr pattern operator()(const pattern& x, const pattern& y) const {
    return x.table->add({kind::function, 0, key, 2, {x.id, y.id}});
  }
  constexpr pattern operator()(const pattern& x, const pattern& y, const pattern& z) const {
    return x.table->add({kind::function, 0, key, 3, {x.id, y.id, z.id}});
  }
};

constexpr row_table& table_of(const pattern& x, const pattern& y) {
  return x.table != nullptr ? *x.table : *y.table;
}
constexpr pattern operator+(const pattern& x, const pattern& y) {
  row_table& t = table_of(x, y);
  const int left = t.node_of(x);
  return t.join(kind::add, add_key, left, t.node_of(y));
}
constexpr pattern operator-(const pattern& x) {
  return x.table != nullptr ? x.table->add({kind::negate, 0, negate_key, 1, {x.id}}) : pattern(-x.id);
}
constexpr pattern operator-(const pattern& x, const pattern& y) { return x + -y; }
constexpr pattern operator*(const pattern& x, const pattern& y) {
  row_table& t = table_of(x, y);
  const int left = t.node_of(x);
  return t.join(kind::multiply, multiply_key, left, t.node_of(y));
}
constexpr pattern operator/(const pattern& x, const pattern& y) {
  row_table& t = table_of(x, y);
  const int above = t.node_of(x);
  return t.add({kind::divide, 0, divide_key, 2, {above, t.node_of(y)}});
}
constexpr pattern sqrt(const pattern& x) { return x.table->add({kind::root, 0, root_key, 1, {x.id}}); }
constexpr pattern pow(const pattern& x, int exponent) {
  return x.table->add({kind::power, exponent, power_key, 1, {x.id}});
}

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
constexpr row_condition alone(const pattern& x, const pattern& y) {
  return {row_condition::asks::alone, x.id, y.id, 0};
}

}  // namespace row_notation

using row_notation::row_condition, row_notation::row_table;

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
