// SPDX-License-Identifier: BSL-1.0
// The finished graph as a plain value: what is left after pruning, in the order in which it is evaluated. A
// type is made from it, and a program is emitted from it.
#pragma once
#include "../support/compiler/begin.hpp"

#include "../graph/builder.hpp"

namespace tg::detail {

/// 128 bits that tell a graph from every other.
struct fingerprint {
  std::uint64_t high = 0, low = 0;
};

/// The fingerprint of a graph: every node, with the identity of its primitive, and the outputs.
constexpr fingerprint fingerprint_of(const builder& b, const buffer<int>& roots) {
  std::uint64_t high = 0x243f6a8885a308d3u, low = 0x13198a2e03707344u;
  for (int i = 0; i < b.vertices.used + roots.used; ++i) {
    const std::uint64_t v = i < b.vertices.used
                                ? b.vertices.items[i].hash ^ b.vertices.items[i].op->identity
                                : static_cast<std::uint64_t>(roots.items[i - b.vertices.used]);
    high = (high ^ v) * 0xbf58476d1ce4e5b9u;  // the finaliser of splitmix64
    low = (low ^ v ^ 0xa4093822299f31d0u) * 0xbf58476d1ce4e5b9u;
    high ^= high >> 29;
    low = (low ^ low >> 29) * 0x9e3779b97f4a7c15u;
  }
  return {high, low};
}

/// A finished graph with room for Nodes nodes, Operands operands and Roots outputs. `fits` is false if that
/// was not enough; the counts then say what is needed. Arrays of plain numbers, which cost a compiler nothing
/// where they are not used: an array of structs takes g++ several times the memory and time.
template <int Nodes, int Operands, int Roots>
struct packed {
  int nodes = 0, operands = 0, roots = 0, constants = 0;
  fingerprint print{};
  const record* op[Nodes > 0 ? Nodes : 1]{};
  int first[Nodes > 0 ? Nodes : 1]{};  // where a node's operands begin, or a constant's place, or a captured
                                       // number's slot
  int count[Nodes > 0 ? Nodes : 1]{};
  std::int64_t numerator[Nodes > 0 ? Nodes : 1]{}, denominator[Nodes > 0 ? Nodes : 1]{};  // of the constants
  int exponent[Nodes > 0 ? Nodes : 1]{};
  int operand[Operands > 0 ? Operands : 1]{};
  int root[Roots > 0 ? Roots : 1]{};
  bool fits = false, limited = false;  // limited: a budget kept a rewrite from being tried
  // Of arrays: the lists that are their shapes and attributes, and of each node which ones.
  int lists = 0, entries = 0;
  int shape[Nodes > 0 ? Nodes : 1]{}, attribute[Nodes > 0 ? Nodes : 1]{};
  int list_first[2 * Nodes + 1]{}, list_count[2 * Nodes + 1]{};
  int entry[8 * Nodes + 8]{};
  const record* entry_name[8 * Nodes + 8]{};
  bool derived = false;  // derivatives, which may share what a formula as it was written may not

  constexpr int arg(int i, int k) const { return operand[first[i] + k]; }
  constexpr exact value(int i) const {
    return {numerator[first[i]], denominator[first[i]], exponent[first[i]]};
  }
  constexpr int rank(int list) const { return list == 0 ? 0 : list_count[list - 1]; }
  constexpr extent element(int list, int k) const {
    return {entry[list_first[list - 1] + k], entry_name[list_first[list - 1] + k]};
  }
  constexpr void read_list(int list, buffer<extent>& to) const {
    to.clear();
    for (int k = 0; k < rank(list); ++k) to.push_back(element(list, k));
  }
};

/// The nodes that `roots` need: captured numbers first, then each node after its operands (depth first,
/// operands from left to right). `position` becomes the inverse of `order`, -1 for nodes that are not needed.
constexpr void evaluation_order(const builder& b, const buffer<int>& roots, buffer<int>& order,
                                buffer<int>& position) {
  const int n = b.size();
  position.assign(n, -1);
  order.reserve(n);
  buffer<int> path(n + 1), next(n);  // the path from a root down, and each node's next operand to visit
  bool numbers = false;
  for (int i = 0; i < n && !numbers; ++i) numbers = b.vertices.items[i].op->what == kind::captured;
  for (int only_numbers = numbers ? 1 : 0; only_numbers >= 0; --only_numbers) {
    for (int r : roots) {
      int depth = 0;
      for (path.items[0] = r; depth >= 0;) {
        const int i = path.items[depth];
        if (next.items[i] < b.vertices.items[i].count)
          path.items[++depth] = b.operands.items[b.vertices.items[i].first + next.items[i]++];
        else if (--depth, position.items[i] < 0 &&
                              (only_numbers == 0 || b.vertices.items[i].op->what == kind::captured))
          position.items[i] = order.used, order.push_back(i);
      }
    }
    if (only_numbers == 1) {  // by slot, so that their order does not depend on that of the roots
      sort(order.items, order.used,
           [&](int x, int y) { return b.vertices.items[x].first < b.vertices.items[y].first; });
      for (int k = 0; k < order.used; ++k) position.items[order.items[k]] = k;
      next.assign(n, 0);
    }
  }
}

/// The shapes and attributes of the nodes, numbered in the order of the nodes.
template <class Packed>
constexpr void pack_lists(const builder& b, const buffer<int>& order, Packed& p) {
  buffer<int> place;
  const auto put = [&](int list) {
    if (list == 0) return 0;
    for (int k = 0; k < place.size(); ++k)
      if (place[k] == list) return k + 1;
    place.push_back(list);
    p.list_first[p.lists] = p.entries;
    p.list_count[p.lists] = b.lists.rank(list);
    for (int k = 0; k < b.lists.rank(list); ++k) {
      p.entry[p.entries] = b.lists.at(list, k).size;
      p.entry_name[p.entries++] = b.lists.at(list, k).name;
    }
    return ++p.lists;
  };
  for (int at = 0; at < order.size(); ++at) {
    p.shape[at] = put(b.shape(order[at]));
    p.attribute[at] = put(b.attribute(order[at]));
  }
}

template <int Nodes, int Operands, int Roots>
constexpr auto pack(const builder& b, const buffer<int>& roots) {
  packed<Nodes, Operands, Roots> p;
  buffer<int> order, position;
  evaluation_order(b, roots, order, position);
  p.limited = b.limited;
  p.nodes = order.size();
  p.roots = roots.size();
  for (int i : order) p.operands += b.vertices.items[i].count;
  p.fits = p.nodes <= Nodes && p.operands <= Operands && p.roots <= Roots;
  if (!p.fits) return p;
  int end = 0, at = 0;
  for (int i : order) {
    const int count = b.vertices.items[i].count, first = b.vertices.items[i].first;
    p.op[at] = b.vertices.items[i].op;
    p.count[at] = count;
    p.first[at] = count == 0 ? first : end;
    if (count == 0 && p.op[at]->what == kind::constant) {
      const exact& value = b.value(i);
      p.numerator[p.constants] = value.n;
      p.denominator[p.constants] = value.d;
      p.exponent[p.constants] = value.e;
      p.first[at] = p.constants++;
    }
    for (int k = 0; k < count; ++k) p.operand[end++] = position.items[b.operands.items[first + k]];
    ++at;
  }
  for (int r = 0; r < roots.size(); ++r) p.root[r] = position[roots[r]];
  if (b.arrays != nullptr) pack_lists(b, order, p);
  return p;
}

/// An answer that is none: its entries are the letters of the sentence that says what was wrong.
template <int Nodes, int Operands, int Roots>
constexpr auto pack_refusal(const builder& b) {
  packed<Nodes, Operands, Roots> p;
  p.fits = true;
  buffer<int> letters;
  if (b.misfit.second == builder::whole_sentence)
    for (char letter : b.misfit.function) letters.push_back(letter);
  else
    b.arrays->describe_misfit(b, letters);
  for (int letter : letters) p.entry[p.entries++] = letter;
  return p;
}

/// The same once more.
template <int Nodes, int Operands, int Roots, class Packed>
requires requires(const Packed& refused) { refused.entries; }
constexpr auto pack_refusal(const Packed& refused) {
  packed<Nodes, Operands, Roots> p;
  p.fits = true;
  for (; p.entries < refused.entries; ++p.entries) p.entry[p.entries] = refused.entry[p.entries];
  return p;
}

/// Node i of a finished graph, a structural one whose operands are in b already.
template <class Packed>
constexpr int load_structural(const Packed& p, builder& b, int i, const buffer<int>& image) {
  buffer<int> args;
  for (int k = 0; k < p.count[i]; ++k) args.push_back(image.items[p.arg(i, k)]);
  buffer<extent> attribute, extents;
  p.read_list(p.attribute[i], attribute);
  p.read_list(p.shape[i], extents);
  return b.intern_structural(p.op[i], b.lists.find(attribute), b.lists.find(extents), args);
}

/// Adds the nodes of a finished graph; `slot_of` has the slot of the captured number that is node i. The
/// roots are added to `roots`.
template <class Packed, class SlotOf>
constexpr void load_packed(const Packed& p, builder& b, buffer<int>& roots, SlotOf slot_of) {
  buffer<int> image, args;
  b.limited = b.limited || p.limited;
  image.resize(p.nodes);
  b.reserve(b.size() + p.nodes + p.nodes / 4);
  for (int i = 0; i < p.nodes; ++i) {
    const record* const op = p.op[i];
    const int first = p.first[i], count = p.count[i];
    if (p.attribute[i] != 0) {
      image.items[i] = load_structural(p, b, i, image);
      continue;
    }
    switch (count) {
      case 0:
        image.items[i] = op->what == kind::constant   ? b.constant(p.value(i))
                         : op->what == kind::captured ? b.captured(op, slot_of(i))
                                                      : b.intern(op);
        break;
      case 1:
        image.items[i] = b.intern(op, image.items[p.operand[first]]);
        break;
      case 2:
        image.items[i] = b.intern(op, image.items[p.operand[first]], image.items[p.operand[first + 1]]);
        break;
      default:
        args.clear();
        for (int k = 0; k < count; ++k) args.push_back(image.items[p.operand[first + k]]);
        image.items[i] = b.intern(op, args);
    }
  }
  for (int r = 0; r < p.roots; ++r) roots.push_back(image.items[p.root[r]]);
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
