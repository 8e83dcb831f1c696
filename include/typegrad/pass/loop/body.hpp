// SPDX-License-Identifier: BSL-1.0
// Bodies of loops. A body is no graph of its own: its nodes stand among the others, over bound symbols, which
// are what a step has of a carried array or of a sequence. A node that depends on the symbols of a loop is
// open in it; what is not is read from outside, and computed once.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../../array/movement.hpp"
#include "../needed.hpp"

namespace tg::op {

/// What stands in a body for a carried array, or for one step of a sequence: the level of its loop (one more
/// than those of the loops within), whether it is a sequence's, its number, and its shape.
template <auto... Attributes>
struct bound : attributes_in_type {
  static constexpr std::string_view name = "bound";
};

template <>
struct bound<> {
  static constexpr std::string_view name = "bound";
  static constexpr int arity = 0;
  static constexpr bool built_in = true;
  static constexpr tg::facts facts{.calls = 0};
  static constexpr detail::structure shaped{.algebra = &detail::arrays_of_formulas,
                                            .infer = &detail::infer_from_attributes<3>,
                                            .construct = &detail::build_of_attributes<3>};
};

}  // namespace tg::op

namespace tg::detail {

enum bound_kind : int { carry_symbol = 0, step_symbol = 1 };

constexpr int bound_symbol(builder& b, int level, bound_kind what, int number, int shape) {
  buffer<extent> attribute, extents;
  for (int each : {level, static_cast<int>(what), number}) attribute.push_back(as_extent(each));
  b.lists.read(shape, extents);
  for (const extent& e : extents) attribute.push_back(e);
  return b.intern_structural(known<op::bound<>>, b.lists.find(attribute), shape, buffer<int>{});
}
constexpr bool is_bound(const builder& b, int i) { return b[i].op == known<op::bound<>>; }
constexpr int level_of(const builder& b, int i) { return b.lists.at(b.attribute(i), 0).size; }

/// A level that no node has, for symbols that are given their own when the whole body is known.
constexpr int free_level(const builder& b) {
  int level = 1000;
  for (int i = 0; i < b.size(); ++i)
    if (is_bound(b, i) && level_of(b, i) >= level) level = level_of(b, i) + 1;
  return level;
}

/// In which of two loops the nodes of a graph are open, as bits; kept up to date with a growing graph.
class open_nodes {
 public:
  constexpr open_nodes(const builder& graph, int level, int other_level = -1)
      : b{graph}, level_{level}, other_{other_level} {}
  constexpr int operator[](int x) {
    if (x >= bits_.used) extend();
    return bits_.items[x];
  }
  /// No node before that one is open.
  constexpr int first() {
    if (bits_.used == 0) extend();
    return first_;
  }

 private:
  constexpr void extend() {
    const int n = b.size();
    if (bits_.used == 0) {
      while (first_ < n && symbol_bits(first_) == 0) ++first_;
      bits_.resize(first_);
    }
    for (int i = bits_.used; i < n; ++i) {
      const vertex& v = b.vertices.items[i];
      int bits = 0;
      if (v.op->shaped == nullptr) {
        for (int k = v.first; k < v.first + v.count; ++k)
          if (const int x = b.operands.items[k]; x >= first_) bits |= bits_.items[x];
      } else if (v.count == 0) {
        bits = symbol_bits(i);
      } else {
        const body_operands body(b, i);
        for (int k = 0; k < v.count; ++k)
          if (const int x = b.operand(i, k); x >= first_ && !body.contains(k)) bits |= bits_.items[x];
      }
      bits_.push_back(static_cast<char>(bits));
    }
  }
  constexpr int symbol_bits(int i) const {
    if (b.vertices.items[i].op != known<op::bound<>>) return 0;
    const int level = level_of(b, i);
    return level == level_ ? 1 : level == other_ ? 2 : 0;
  }

  const builder& b;
  int level_, other_, first_ = 0;
  buffer<char> bits_;
};

/// What the open nodes that the roots need read from outside.
constexpr void find_reads(const builder& b, const buffer<int>& roots, open_nodes& open, buffer<int>& reads) {
  buffer<char> seen(b.size());
  buffer<int> stack;
  for (int k = roots.used; k-- > 0;) stack.push_back(roots[k]);
  while (stack.used > 0) {
    const int i = stack.back();
    stack.pop_back();
    if (seen[i] != 0 || b.is_constant(i)) continue;
    seen[i] = 1;
    if (open[i] == 0) {
      reads.push_back(i);
      continue;
    }
    const body_operands body(b, i);
    for (int k = b.count(i); k-- > 0;)
      if (!body.contains(k)) stack.push_back(b.operand(i, k));
  }
}

/// Rebuilds the open nodes that the roots need with each `from[k]` replaced by `to[k]`; `roots` moves along.
/// Where all that the roots read is among them, so is what is not open in the bodies of loops within: it may
/// read some `from[k]`.
constexpr void rebind(builder& b, buffer<int>& roots, open_nodes& open, const buffer<int>& from,
                      const buffer<int>& to, bool all_reads = false) {
  const int n = b.size();
  enum : char { not_needed, needed_only, within };
  buffer<char> needed(n);
  buffer<int> image(n, -1), args;
  for (int r : roots) needed[r] = needed_only;
  for (int k = 0; k < from.used; ++k) image[from[k]] = to[k];
  int first = open.first();
  for (int i = n - 1; i >= (all_reads ? 0 : first); --i) {
    const bool of_loop_within = needed.items[i] == within;
    if (needed.items[i] == not_needed || image.items[i] >= 0 || (open[i] == 0 && !of_loop_within)) continue;
    if (of_loop_within && i < first) first = i;
    const body_operands body(b, i);
    for (int k = 0; k < b.count(i); ++k) {
      char& x = needed.items[b.operand(i, k)];
      if (all_reads && (of_loop_within || body.contains(k)))
        x = within;
      else if (x == not_needed)
        x = needed_only;
    }
  }
  for (int i = first; i < n; ++i) {
    if (needed.items[i] == not_needed || image.items[i] >= 0 || (open[i] == 0 && needed.items[i] != within))
      continue;
    bool moved = false;
    args.clear();
    for (int k = 0; k < b.count(i); ++k) {
      const int x = b.operand(i, k), to_place = image.items[x];
      args.push_back(to_place < 0 ? x : to_place);
      moved = moved || args.back() != x;
    }
    if (moved) image.items[i] = remake(b, i, args);
  }
  for (int& r : roots)  // algebra may have made it smaller
    if (image[r] >= 0) r = broadcast(b, image[r], b.shape(r));
}

/// Gives the bound symbols of a body another level, and puts `to` in the place of what it reads, all of which
/// is in `from`, or nothing.
constexpr void give_level(builder& b, buffer<int>& roots, int old_level, int level, buffer<int>& from,
                          buffer<int>& to) {
  open_nodes open(b, old_level);
  const bool all_reads = from.used > 0;
  for (int i = open.first(), n = b.size(); i < n; ++i)
    if (is_bound(b, i) && level_of(b, i) == old_level) {
      const auto attribute = [&](int k) { return b.lists.at(b.attribute(i), k).size; };
      from.push_back(i);
      to.push_back(bound_symbol(b, level, static_cast<bound_kind>(attribute(1)), attribute(2), b.shape(i)));
    }
  rebind(b, roots, open, from, to, all_reads);
}

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
