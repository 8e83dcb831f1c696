// SPDX-License-Identifier: BSL-1.0
// The builder: a growing graph, and the only place where a node is added. A node that is there already is found again
// (hash-consing), so common subexpressions are shared by construction.
//
// All of this runs in the compiler, and compilers count: clang stops after 2^20 statements, and g++ keeps every intermediate
// number in memory. So hot paths are written with few statements, few calls and few 64-bit intermediates.
#pragma once

#include "../support/buffer.hpp"
#include "node.hpp"

namespace tg {

/// The nodes that every graph begins with: the constants 0, 1 and -1.
enum first_nodes : int { zero_node = 0, one_node = 1, minus_one_node = 2 };

class builder {
 public:
  constexpr explicit builder(int room = 40) {
    reserve(room);
    for (std::int64_t v : {0, 1, -1}) constant(exact{v, 1, 0});
  }

  /// A finished graph (pass/pack.hpp) as the source of a pass that rebuilds it: it can be read, but nothing can be added or found.
  template <class Packed>
    requires requires(const Packed& finished_graph) { finished_graph.numerator; }
  constexpr explicit builder(const Packed& finished_graph) {
    vertices_.resize(finished_graph.nodes);
    operands_.resize(finished_graph.operands);
    constants_.resize(finished_graph.constants);
    for (int i = 0; i < vertices_.size(); ++i) vertices_.items[i] = {finished_graph.op[i], finished_graph.first[i], finished_graph.count[i], false, 0, 0};
    for (int i = 0; i < operands_.size(); ++i) operands_.items[i] = finished_graph.operand[i];
    for (int i = 0; i < constants_.size(); ++i) constants_.items[i] = {finished_graph.numerator[i], finished_graph.denominator[i], finished_graph.exponent[i]};
  }

  constexpr int size() const { return vertices_.size(); }
  /// All nodes; valid until the next one is added.
  constexpr const vertex* nodes() const { return vertices_.data(); }
  /// All lists of operands, one after the other; valid until the next node is added.
  constexpr const int* operand_lists() const { return operands_.data(); }
  constexpr const vertex& operator[](int id) const { return vertices_.items[id]; }
  constexpr kind what(int id) const { return vertices_.items[id].op->what; }
  constexpr int count(int id) const { return vertices_.items[id].count; }
  constexpr int operand(int id, int k) const { return operands_.items[vertices_.items[id].first + k]; }

  constexpr bool is_constant(int id) const { return vertices_.items[id].op->what == kind::constant; }
  /// The value of a constant node.
  constexpr const exact& value(int id) const { return constants_.items[vertices_.items[id].first]; }

  /// The node of a primitive applied to operands that are in the graph.
  constexpr int intern(const record* op, const int* args, int n) {
    std::uint64_t h = op->key;
    for (int i = 0; i < n; ++i) h = h * 0x9e3779b97f4a7c15u + vertices_.items[args[i]].hash;
    for (int at = static_cast<int>(h >> 32) & mask_;; at = (at + 1) & mask_) {
      const int id = table_.items[at] - 1;
      if (id < 0) {
        const int first = operands_.size();
        operands_.resize(first + n);
        for (int i = 0; i < n; ++i) operands_.items[first + i] = args[i];
        const bool fixed = n == 0 ? op->what != kind::variable : n <= 2 && vertices_.items[args[0]].fixed && vertices_.items[args[n - 1]].fixed;
        return insert({op, first, n, fixed, h, n > 0 ? op->order | (h >> 28) : op->order}, at);
      }
      if (vertices_.items[id].hash == h && vertices_.items[id].op == op && vertices_.items[id].count == n && same_operands(id, args, n)) return id;
    }
  }

  constexpr int constant(const exact& v) {
    const record* op = known<op::constant>();
    const std::uint64_t h = op->key + static_cast<std::uint64_t>(v.n) * 0x9e3779b97f4a7c15u + static_cast<std::uint64_t>(v.d - 1) * 0xbf58476d1ce4e5b9u +
                            static_cast<std::uint64_t>(v.e);
    for (int at = static_cast<int>(h >> 32) & mask_;; at = (at + 1) & mask_) {
      const int id = table_.items[at] - 1;
      if (id < 0) {
        constants_.push_back(v);
        return insert({op, constants_.size() - 1, 0, true, h, op->order}, at);
      }
      if (vertices_.items[id].hash == h && is_constant(id) && value(id) == v) return id;
    }
  }
  constexpr int constant(std::int64_t v) { return v == 0 ? zero_node : v == 1 ? one_node : constant(exact{v, 1, 0}); }

  /// The number of a captured slot; `op` is the record of op::captured<T>.
  constexpr int captured(const record* op, int number) {
    const std::uint64_t h = op->key + static_cast<std::uint64_t>(number) * 0x9e3779b97f4a7c15u;
    for (int at = static_cast<int>(h >> 32) & mask_;; at = (at + 1) & mask_) {
      const int id = table_.items[at] - 1;
      if (id < 0) return insert({op, number, 0, false, h, op->order | static_cast<std::uint64_t>(number)}, at);
      if (vertices_.items[id].hash == h && vertices_.items[id].op == op && vertices_.items[id].first == number) return id;
    }
  }

  /// The node of another graph whose operands have been copied already: `image[old]` is where they are here.
  constexpr int copy(const builder& from, int id, const int* image) {
    const vertex& v = from.nodes()[id];
    if (v.count == 0) return v.op->what == kind::constant ? constant(from.value(id)) : v.op->what == kind::captured ? captured(v.op, v.first) : intern(v.op, nullptr, 0);
    const int* const old = from.operand_lists() + v.first;
    scratch_.clear();
    for (int k = 0; k < v.count; ++k) scratch_.push_back(image[old[k]]);
    return intern(v.op, scratch_.data(), v.count);
  }

  constexpr void reserve(int nodes) {
    vertices_.reserve(nodes);
    operands_.reserve(2 * nodes);
    if (mask_ + 1 < 2 * nodes) rehash(2 * nodes);
  }

 private:
  constexpr bool same_operands(int id, const int* args, int n) const {
    const int* const own = operands_.data() + vertices_.items[id].first;
    for (int i = 0; i < n; ++i)
      if (own[i] != args[i]) return false;
    return true;
  }

  constexpr void rehash(int least) {
    int size = 64;
    while (size < least) size *= 2;
    mask_ = size - 1;
    table_.assign(size, 0);
    for (int id = 0; id < vertices_.size(); ++id) {
      int at = static_cast<int>(vertices_.items[id].hash >> 32) & mask_;
      while (table_.items[at] != 0) at = (at + 1) & mask_;
      table_.items[at] = id + 1;
    }
  }

  constexpr int insert(const vertex& v, int at) {
    vertices_.push_back(v);
    table_.items[at] = vertices_.size();
    if (mask_ < 2 * vertices_.size()) rehash(4 * vertices_.size() + 32);
    return vertices_.size() - 1;
  }

  buffer<vertex> vertices_;
  buffer<int> operands_;
  buffer<exact> constants_;
  buffer<int> table_;  // position + 1 of a node, by hash; 0 where empty
  int mask_ = -1;
  buffer<int> scratch_;
};

namespace detail {

/// The canonical order where the order numbers are equal: constants by value, symbols by name, the rest by content.
constexpr bool before_in_detail(const builder& b, int x, int y) {
  const vertex &u = b[x], &v = b[y];
  if (u.op->what == kind::constant && v.op->what == kind::constant) return less(b.value(x), b.value(y));
  if (u.op->name != v.op->name) return u.op->name.size() != v.op->name.size() ? u.op->name.size() < v.op->name.size() : u.op->name < v.op->name;
  return u.hash < v.hash;
}

}  // namespace detail

/// The canonical order of operands: constants, named constants, captured numbers by slot, symbols by name (short ones first), then
/// the rest by primitive and content. It does not depend on how or when the nodes were made.
constexpr bool before(const builder& b, int x, int y) {
  const std::uint64_t p = b.nodes()[x].order, q = b.nodes()[y].order;
  return p != q ? p < q : x != y && detail::before_in_detail(b, x, y);
}

}  // namespace tg
