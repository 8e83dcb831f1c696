// SPDX-License-Identifier: BSL-1.0
// The builder: a growing graph, and the only place where a node is added. A node that is there already is
// found again (hash-consing), so common subexpressions are shared by construction.
//
// All of this runs in the compiler, and compilers count: clang stops after 2^20 statements, and g++ keeps
// every intermediate number in memory. So hot paths are written with few statements, few calls and few 64-bit
// intermediates.
#pragma once
#include "../support/compiler/begin.hpp"

#include "../support/budgets.hpp"
#include "../support/buffer.hpp"
#include "../support/compiler/overflow.hpp"
#include "node.hpp"

namespace tg::detail {

/// The nodes that every graph begins with: the constants 0, 1 and -1.
enum first_nodes : int { zero_node = 0, one_node = 1, minus_one_node = 2 };

class builder {
 public:
  constexpr explicit builder(int room = 40) {
    reserve(room);
    for (std::int64_t v : {0, 1, -1}) constant(exact{v, 1, 0});
  }

  /// A finished graph (pass/pack.hpp) as the source of a pass that rebuilds it: it can be read, but nothing
  /// can be added or found.
  template <class Packed>
  requires requires(const Packed& finished_graph) { finished_graph.numerator; }
  constexpr explicit builder(const Packed& finished_graph) {
    limited = finished_graph.limited;
    vertices.resize(finished_graph.nodes);
    operands.resize(finished_graph.operands);
    constants.resize(finished_graph.constants);
    for (int i = 0; i < vertices.size(); ++i)
      vertices.items[i] = {finished_graph.op[i], finished_graph.first[i], finished_graph.count[i], false, 0};
    for (int i = 0; i < operands.size(); ++i) operands.items[i] = finished_graph.operand[i];
    for (int i = 0; i < constants.size(); ++i)
      constants.items[i] = {finished_graph.numerator[i], finished_graph.denominator[i],
                            finished_graph.exponent[i]};
    if (finished_graph.lists > 0) load_lists(finished_graph);
  }

  constexpr int size() const { return vertices.used; }
  constexpr const vertex& operator[](int id) const { return vertices.items[id]; }
  constexpr kind what(int id) const { return vertices.items[id].op->what; }
  constexpr int count(int id) const { return vertices.items[id].count; }
  constexpr int operand(int id, int k) const { return operands.items[vertices.items[id].first + k]; }

  constexpr bool is_constant(int id) const { return vertices.items[id].op->what == kind::constant; }
  /// The value of a constant node.
  constexpr const exact& value(int id) const { return constants.items[vertices.items[id].first]; }

  /// The node of a primitive applied to operands that are in the graph.
  constexpr int intern(const record* op) {
    const std::uint64_t h = op->key;
    for (std::uint64_t at = h & mask_;; at = (at + 1) & mask_) {
      const int id = table_.items[at] - 1;
      if (id < 0) {
        if (op->shaped != nullptr) return insert_array(op, at);
        if (arrays != nullptr && op->what == kind::variable)
          if (const int other = symbol_named(op->name); other >= 0) refuse_shapes(op->name, shape(other), 0);
        return insert({op, 0, 0, op->what != kind::variable, h}, at);
      }
      if (vertices.items[id].op == op) return id;
    }
  }
  /// The symbol of that name, which may be that of an array although the record is that of a number.
  constexpr int intern_symbol(const record* op) {
    const int there = arrays != nullptr ? symbol_named(op->name) : -1;
    return there >= 0 ? there : intern(op);
  }
  constexpr int intern(const record* op, int x) {
    const std::uint64_t h = op->key * spread + vertices.items[x].hash;
    for (std::uint64_t at = h & mask_;; at = (at + 1) & mask_) {
      const int id = table_.items[at] - 1;
      if (id < 0) {
        const int first = operands.used;
        operands.push_back(x);
        return insert({op, first, 1, vertices.items[x].fixed, h}, at);
      }
      if (vertices.items[id].hash == h && vertices.items[id].op == op && vertices.items[id].count == 1 &&
          operands.items[vertices.items[id].first] == x)
        return id;
    }
  }
  constexpr int intern(const record* op, int x, int y) {
    const std::uint64_t h = (op->key * spread + vertices.items[x].hash) * spread + vertices.items[y].hash;
    for (std::uint64_t at = h & mask_;; at = (at + 1) & mask_) {
      const int id = table_.items[at] - 1;
      if (id < 0) {
        const int first = operands.used;
        operands.push_back(x);
        operands.push_back(y);
        return insert({op, first, 2, vertices.items[x].fixed && vertices.items[y].fixed, h}, at);
      }
      if (vertices.items[id].hash == h && vertices.items[id].op == op && vertices.items[id].count == 2 &&
          operands.items[vertices.items[id].first] == x && operands.items[vertices.items[id].first + 1] == y)
        return id;
    }
  }
  constexpr int intern(const record* op, const buffer<int>& args) {
    const int n = args.used;
    if (n <= 2)
      return n == 2   ? intern(op, args.items[0], args.items[1])
             : n == 1 ? intern(op, args.items[0])
                      : intern(op);
    std::uint64_t h = op->key;
    for (int i = 0; i < n; ++i) h = h * spread + vertices.items[args.items[i]].hash;
    for (std::uint64_t at = h & mask_;; at = (at + 1) & mask_) {
      const int id = table_.items[at] - 1;
      if (id < 0) {
        const int first = operands.used;
        for (int i = 0; i < n; ++i) operands.push_back(args.items[i]);
        return insert({op, first, n, false, h}, at);
      }
      if (vertices.items[id].hash == h && vertices.items[id].op == op && vertices.items[id].count == n &&
          same_operands(id, args))
        return id;
    }
  }

  /// The node of a structural primitive whose operands have the shapes that it needs; `shape` is its own.
  constexpr int intern_structural(const record* op, int attribute, int shape, const buffer<int>& args) {
    std::uint64_t h = op->key ^ lists.hash(attribute);
    for (int i = 0; i < args.used; ++i) h = h * spread + vertices.items[args.items[i]].hash;
    use_arrays(op->shaped->algebra);
    for (std::uint64_t at = h & mask_;; at = (at + 1) & mask_) {
      const int id = table_.items[at] - 1;
      if (id < 0) {
        const int first = operands.used;
        for (int i = 0; i < args.used; ++i) operands.push_back(args.items[i]);
        next_shape_ = shape, next_attribute_ = attribute;
        return insert({op, first, args.used, false, h}, at);
      }
      const vertex& v = vertices.items[id];
      if (v.hash == h && v.op == op && attributes_.items[id] == attribute && v.count == args.used &&
          same_operands(id, args))
        return id;
    }
  }

  constexpr int constant(const exact& v) {
    const record* op = known<op::constant>;
    const std::uint64_t h = op->key + static_cast<std::uint64_t>(v.n) * spread +
                            static_cast<std::uint64_t>(v.d - 1) * 0xbf58476d1ce4e5b9u +
                            static_cast<std::uint64_t>(v.e);
    for (std::uint64_t at = h & mask_;; at = (at + 1) & mask_) {
      const int id = table_.items[at] - 1;
      if (id < 0) {
        constants.push_back(v);
        return insert({op, constants.size() - 1, 0, true, h}, at);
      }
      if (vertices.items[id].hash == h && is_constant(id) && value(id) == v) return id;
    }
  }
  constexpr int constant(std::int64_t v) {
    return v == 0 ? zero_node : v == 1 ? one_node : constant(exact{v, 1, 0});
  }

  /// The number of a captured slot; `op` is the record of op::captured<T>.
  constexpr int captured(const record* op, int number) {
    const std::uint64_t h = op->key + static_cast<std::uint64_t>(number) * spread;
    for (std::uint64_t at = h & mask_;; at = (at + 1) & mask_) {
      const int id = table_.items[at] - 1;
      if (id < 0) return insert({op, number, 0, false, h}, at);
      if (vertices.items[id].hash == h && vertices.items[id].op == op && vertices.items[id].first == number)
        return id;
    }
  }

  /// The node of another graph whose operands have been copied already: `image[old]` is where they are here.
  constexpr int copy(const builder& from, int id, const buffer<int>& image) {
    const record* const op = from.vertices.items[id].op;
    if (from.arrays != nullptr && from.attributes_.items[id] != 0) return copy_structural(from, id, image);
    const int first = from.vertices.items[id].first, count = from.vertices.items[id].count;
    switch (count) {
      case 0:
        return op->what == kind::constant   ? constant(from.value(id))
               : op->what == kind::captured ? captured(op, first)
                                            : intern(op);
      case 1:
        return intern(op, image.items[from.operands.items[first]]);
      case 2:
        return intern(op, image.items[from.operands.items[first]],
                      image.items[from.operands.items[first + 1]]);
      default:
        scratch_.clear();
        for (int k = 0; k < count; ++k) scratch_.push_back(image.items[from.operands.items[first + k]]);
        return intern(op, scratch_);
    }
  }

  constexpr void reserve(int nodes) {
    vertices.reserve(nodes);
    operands.reserve(2 * nodes);
    if (table_.used < 2 * nodes) rehash(2 * nodes);
  }

  // For reading; a node is added by the functions above alone.
  buffer<vertex> vertices;
  buffer<int> operands;  // of all nodes, one list after the other
  buffer<exact> constants;

  /// Whether a budget kept a pass from trying something.
  bool limited = false;

  // Of graphs with arrays: their shapes and attributes, and how arrays are calculated with.
  extent_lists lists;
  const array_algebra* arrays = nullptr;
  /// The lists of a node; 0 is empty: a number, and no attribute.
  constexpr int shape(int id) const { return arrays == nullptr ? 0 : shapes_.items[id]; }
  constexpr int attribute(int id) const { return arrays == nullptr ? 0 : attributes_.items[id]; }

  /// Two shapes that do not fit, of the first primitive or function that met such; the answer to a request
  /// with one is a sentence.
  struct {
    std::string_view function{};
    int first = 0, second = 0;
    extent x{}, y{};
    int axis = 0;
    int branches = -1;  // how often a trace has asked for a symbol's value; -1: this is no trace
  } misfit;
  /// What stands in the place of the second shape where one alone is wrong.
  enum : int {
    missing_axis = -1,
    too_large = -2,
    open_axis = -3,
    short_axis = -4,
    indivisible_axis = -5,
    no_index = -6,
    an_index = -7,
    whole_sentence = -8
  };
  constexpr void refuse_shapes(std::string_view function, int first, int second, extent x = {},
                               extent y = {}) {
    if (misfit.function.empty()) misfit = {function, first, second, x, y};
  }
  /// An axis that the shape of an operand lacks.
  constexpr void refuse_axis(std::string_view function, int shape_list, int axis) {
    if (misfit.function.empty()) misfit = {function, shape_list, missing_axis, {}, {}, axis};
  }
  /// An axis whose length is known only in a call, where a number is needed.
  constexpr void refuse_open_axis(std::string_view function, int shape_list, int axis) {
    if (misfit.function.empty()) misfit = {function, shape_list, open_axis, {}, {}, axis};
  }
  /// An axis with fewer elements than are needed.
  constexpr void refuse_short_axis(std::string_view function, int shape_list, int axis, int needed) {
    if (misfit.function.empty()) misfit = {function, shape_list, short_axis, as_extent(needed), {}, axis};
  }
  /// An axis whose length is no multiple of a number.
  constexpr void refuse_indivisible_axis(std::string_view function, int shape_list, int axis, int parts) {
    if (misfit.function.empty())
      misfit = {function, shape_list, indivisible_axis, as_extent(parts), {}, axis};
  }
  /// An operand that is not the symbol of indices that it must be, or is one where it must not.
  constexpr void refuse_index(std::string_view function, int shape_list, bool is_one = false) {
    if (misfit.function.empty()) misfit = {function, shape_list, is_one ? an_index : no_index};
  }
  /// What is wrong is the whole sentence.
  constexpr void refuse(std::string_view sentence) {
    if (misfit.function.empty()) misfit = {sentence, 0, whole_sentence};
  }
  /// More than 8 axes, or more elements than there is memory for.
  constexpr void check_size(std::string_view function, int shape_list) {
    std::int64_t bytes = 8;
    bool fits = lists.rank(shape_list) <= 8;
    for (int k = 0; k < lists.rank(shape_list) && fits; ++k)
      if (const extent& e = lists.at(shape_list, k); e.name == nullptr) fits = times(bytes, e.size, bytes);
    if (!fits && misfit.function.empty()) misfit = {function, shape_list, too_large};
  }

  /// The shapes and attributes of a finished graph, whose nodes are the nodes here.
  template <class Packed>
  constexpr void load_lists(const Packed& finished_graph) {
    buffer<extent> list;
    buffer<int> moved;
    moved.push_back(0);
    for (int k = 0; k < finished_graph.lists; ++k) {
      finished_graph.read_list(k + 1, list);
      moved.push_back(lists.find(list));
    }
    for (int i = 0; i < vertices.used; ++i) {
      shapes_.push_back(moved[finished_graph.shape[i]]);
      attributes_.push_back(moved[finished_graph.attribute[i]]);
      if (vertices.items[i].op->shaped != nullptr) arrays = vertices.items[i].op->shaped->algebra;
    }
  }

 private:
  static constexpr std::uint64_t spread = 0x9e3779b97f4a7c15u;

  constexpr bool same_operands(int id, const buffer<int>& args) const {
    const int first = vertices.items[id].first;
    for (int i = 0; i < args.used; ++i)
      if (operands.items[first + i] != args.items[i]) return false;
    return true;
  }

  constexpr void rehash(int least) {
    int size = buffer<int>::free_zeros;
    while (size < least) size *= 2;
    mask_ = static_cast<std::uint64_t>(size - 1);
    table_.used == 0 ? table_.zeros(size) : table_.assign(size, 0);
    for (int id = 0; id < vertices.size(); ++id) {
      std::uint64_t at = vertices.items[id].hash & mask_;
      while (table_.items[at] != 0) at = (at + 1) & mask_;
      table_.items[at] = id + 1;
    }
  }

  constexpr int insert(const vertex& v, std::uint64_t at) {
    if (vertices.used == vertices.capacity) vertices.reserve(2 * vertices.used + 16);
    vertices.items[vertices.used++] = v;
    if (arrays != nullptr) put_shape(vertices.used - 1);
    table_.items[at] = vertices.used;
    if (table_.used <= 2 * vertices.used) rehash(4 * vertices.used + 32);
    return vertices.used - 1;
  }

  /// The symbol of an array.
  constexpr int insert_array(const record* op, std::uint64_t at) {
    const structure& array = *op->shaped;
    use_arrays(array.algebra);
    const int same_name = symbol_named(op->name);
    buffer<extent> extents;
    for (int k = 0; k < array.rank; ++k) extents.push_back(array.extents[k]);
    next_shape_ = lists.find(extents), next_attribute_ = 0;
    if (same_name >= 0) refuse_shapes(op->name, shape(same_name), next_shape_);
    return insert({op, 0, 0, false, op->key}, at);
  }
  constexpr int symbol_named(std::string_view name) const {
    for (int id = 0; id < vertices.used; ++id)
      if (vertices.items[id].op->what == kind::variable && vertices.items[id].op->name == name) return id;
    return -1;
  }
  /// Notes the shape of the last node: its own, or of an element-wise node that of its operands together.
  constexpr void put_shape(int id) {
    const vertex& v = vertices.items[id];
    const bool own = v.op->shaped != nullptr;
    int all = own ? next_shape_ : v.count == 0 ? 0 : shape(operands.items[v.first]);
    for (int k = 1; k < v.count && !own; ++k)
      if (const int next = shape(operands.items[v.first + k]); next != all) {
        const int joined = arrays->join_shapes(*this, all, next);
        if (joined < 0) refuse_shapes(v.op->name, all, next);
        all = joined < 0 ? all : joined;
      }
    check_size(v.op->name, all);
    shapes_.push_back(all);
    attributes_.push_back(own ? next_attribute_ : 0);
  }
  constexpr int copy_structural(const builder& from, int id, const buffer<int>& image) {
    buffer<int> args;
    for (int k = 0; k < from.count(id); ++k) args.push_back(image.items[from.operand(id, k)]);
    return intern_structural(from[id].op, lists.copy(from.lists, from.attribute(id)),
                             lists.copy(from.lists, from.shape(id)), args);
  }

  constexpr void use_arrays(const array_algebra* algebra) {
    if (arrays != nullptr) return;
    arrays = algebra;
    shapes_.zeros(vertices.used);
    attributes_.zeros(vertices.used);
  }
  buffer<int> shapes_, attributes_;
  int next_shape_ = 0, next_attribute_ = 0;  // of the structural node that is being added

  buffer<int> table_;       // position + 1 of a node, by hash; 0 where empty
  std::uint64_t mask_ = 0;  // the table's size - 1
  buffer<int> scratch_;
};

/// The canonical order of nodes of one rank: constants by value, captured numbers by slot, symbols by name,
/// the rest by content.
constexpr bool before_in_rank(const builder& b, int x, int y) {
  const vertex &u = b.vertices.items[x], &v = b.vertices.items[y];
  if (u.op->what == kind::constant) return less(b.value(x), b.value(y));
  if (u.op->what == kind::captured) return u.first < v.first;
  if (u.count > 0 && u.hash != v.hash) return u.hash < v.hash;
  return u.op->name.size() != v.op->name.size() ? u.op->name.size() < v.op->name.size()
                                                : u.op->name < v.op->name;
}

/// The canonical order of operands: constants, named constants, captured numbers by slot, symbols by name
/// (short ones first), then the rest by primitive and content. It does not depend on how or when the nodes
/// were made.
constexpr bool before(const builder& b, int x, int y) {
  const std::uint64_t p = b.vertices.items[x].op->order, q = b.vertices.items[y].op->order;
  return p != q ? p < q : x != y && before_in_rank(b, x, y);
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
