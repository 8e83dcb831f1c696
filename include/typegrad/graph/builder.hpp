// SPDX-License-Identifier: BSL-1.0
// The builder: a growing graph, and the only place where a node is added. A node that is there already is found again
// (hash-consing), so common subexpressions are shared by construction.
#pragma once

#include "../support/buffer.hpp"
#include "node.hpp"

namespace tg {

class builder {
 public:
  constexpr int size() const { return vertices_.size(); }
  constexpr const vertex& operator[](int id) const { return vertices_[id]; }
  constexpr kind what(int id) const { return vertices_[id].op->what; }
  constexpr int operand(int id, int k) const { return operands_[vertices_[id].first + k]; }
  constexpr int count(int id) const { return vertices_[id].count; }
  constexpr const int* operands(int id) const { return operands_.begin() + vertices_[id].first; }

  /// The value of a constant node.
  constexpr const exact& value(int id) const { return constants_[vertices_[id].first]; }
  constexpr bool is_constant(int id) const { return what(id) == kind::constant; }
  constexpr bool is(int id, std::int64_t v) const { return is_constant(id) && value(id).is(v); }

  /// The node of a primitive applied to operands that are in the graph.
  constexpr int intern(const record* op, const int* args, int n) {
    std::uint64_t h = op->key;
    for (int i = 0; i < n; ++i) h = mix(h, vertices_[args[i]].hash);
    for (int at = slot(h);; at = (at + 1) & (table_.size() - 1)) {
      const int id = table_[at] - 1;
      if (id < 0) {
        const int first = operands_.size();
        for (int i = 0; i < n; ++i) operands_.push_back(args[i]);
        return insert({op, first, n, h}, at);
      }
      if (vertices_[id].hash == h && vertices_[id].op == op && same_operands(id, args, n)) return id;
    }
  }

  constexpr int constant(const exact& v) {
    const record* op = known<op::constant>();
    const std::uint64_t h = mix(mix(mix(op->key, static_cast<std::uint64_t>(v.n)), static_cast<std::uint64_t>(v.d)), static_cast<std::uint64_t>(v.e));
    for (int at = slot(h);; at = (at + 1) & (table_.size() - 1)) {
      const int id = table_[at] - 1;
      if (id < 0) {
        constants_.push_back(v);
        return insert({op, constants_.size() - 1, 0, h}, at);
      }
      if (vertices_[id].hash == h && is_constant(id) && value(id) == v) return id;
    }
  }
  constexpr int constant(std::int64_t v) { return constant(exact{v, 1, 0}); }

  /// The number of a captured slot; `op` is the record of op::captured<T>.
  constexpr int captured(const record* op, int slot_number) {
    const std::uint64_t h = mix(op->key, static_cast<std::uint64_t>(slot_number));
    for (int at = slot(h);; at = (at + 1) & (table_.size() - 1)) {
      const int id = table_[at] - 1;
      if (id < 0) return insert({op, slot_number, 0, h}, at);
      if (vertices_[id].hash == h && vertices_[id].op == op && vertices_[id].first == slot_number) return id;
    }
  }

  /// The node of another graph whose operands have been copied already: `image[old]` is where they are here.
  constexpr int copy(const builder& from, int id, const int* image) {
    const vertex& v = from[id];
    switch (v.op->what) {
      case kind::constant: return constant(from.value(id));
      case kind::captured: return captured(v.op, v.first);
      default: break;
    }
    scratch_.clear();
    for (int k = 0; k < v.count; ++k) scratch_.push_back(image[from.operand(id, k)]);
    return intern(v.op, scratch_.begin(), v.count);
  }

  constexpr void reserve(int nodes) {
    vertices_.reserve(nodes);
    operands_.reserve(2 * nodes);
    if (table_.size() < 2 * nodes) rehash(2 * nodes);
  }

 private:
  constexpr bool same_operands(int id, const int* args, int n) const {
    if (vertices_[id].count != n) return false;
    for (int i = 0; i < n; ++i)
      if (operand(id, i) != args[i]) return false;
    return true;
  }

  constexpr int slot(std::uint64_t h) {
    if (table_.size() < 2 * (vertices_.size() + 1)) rehash(4 * (vertices_.size() + 8));
    return static_cast<int>(h & static_cast<std::uint64_t>(table_.size() - 1));
  }

  constexpr void rehash(int least) {
    int size = 32;
    while (size < least) size *= 2;
    table_.assign(size, 0);
    for (int id = 0; id < vertices_.size(); ++id) {
      int at = static_cast<int>(vertices_[id].hash & static_cast<std::uint64_t>(size - 1));
      while (table_[at] != 0) at = (at + 1) & (size - 1);
      table_[at] = id + 1;
    }
  }

  constexpr int insert(const vertex& v, int at) {
    vertices_.push_back(v);
    table_[at] = vertices_.size();
    return vertices_.size() - 1;
  }

  buffer<vertex> vertices_;
  buffer<int> operands_;
  buffer<exact> constants_;
  buffer<int> table_;  // position + 1 of a node, by hash; 0 where empty
  buffer<int> scratch_;
};

/// The canonical order of operands: constants, captured numbers by slot, symbols by name (short ones first), then the rest by primitive and
/// content. It does not depend on how or when the nodes were made.
constexpr bool before(const builder& b, int x, int y) {
  if (x == y) return false;
  const vertex &u = b[x], &v = b[y];
  const auto rank = [](const vertex& w) {
    const kind what = w.op->what;
    return what == kind::constant ? 0 : what == kind::captured ? 2 : what == kind::variable ? 3 : w.count == 0 ? 1 : 4;
  };
  const int p = rank(u), q = rank(v);
  if (p != q) return p < q;
  if (p == 0) return less(b.value(x), b.value(y));
  if (p == 2) return u.first < v.first;
  if (u.op != v.op) {
    if (p == 3 && u.op->name.size() != v.op->name.size()) return u.op->name.size() < v.op->name.size();  // p2 before p10
    if (u.op->name != v.op->name) return u.op->name < v.op->name;
  }
  return u.hash < v.hash;
}

}  // namespace tg
