// SPDX-License-Identifier: BSL-1.0
// Several loops that carry the same as one, which gives out what any of them does and somebody reads: so
// those of a function and of its derivatives are one.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../derive.hpp"
#include "../rewrite.hpp"
#include "scan.hpp"

namespace tg::detail {

class loop_joiner {
 public:
  constexpr loop_joiner(builder& graph, buffer<int>& roots) : b{graph}, roots_{roots} {
    while (join_next()) joined_ = true;
  }
  constexpr bool joined() const { return joined_; }

 private:
  /// Joins the first loop that is not yet as it is run with those like it; false if there is none.
  constexpr bool join_next() {
    buffer<char> needed;
    buffer<int> alike;
    mark_needed(b, b.size(), roots_, needed);
    for (int first = 0; first < b.size(); ++first) {
      if (needed[first] == 0 || !is_scan(b, first)) continue;
      alike.clear();
      find_alike(first, needed, alike);
      if (join(alike, needed)) return true;
    }
    return false;
  }
  constexpr void find_alike(int first, const buffer<char>& needed, buffer<int>& alike) const {
    alike.push_back(first);
    const scan_parts s(b, b.attribute(first));
    for (int i = first + 1; i < b.size(); ++i) {
      if (needed.items[i] == 0 || !is_scan(b, i)) continue;
      const scan_parts other(b, b.attribute(i));
      bool same = s.level == other.level && s.carries == other.carries && s.sequences == other.sequences &&
                  s.flags == other.flags && s.steps == other.steps;
      for (int k = 0; same && k < s.output(0); ++k) same = b.operand(first, k) == b.operand(i, k);
      if (same && !depends(i, first)) alike.push_back(i);
    }
  }
  constexpr bool depends(int i, int on) const {
    buffer<int> source;
    buffer<char> marks;
    source.push_back(on);
    mark_dependent(b, i + 1, source, marks);
    return marks[i] != 0;
  }
  constexpr bool join(const buffer<int>& alike, const buffer<char>& needed) {
    scan_parts s(b, b.attribute(alike.items[0]));
    const int carries = s.carries, n = b.size();
    buffer<int> outputs, args;
    const auto place = [&](int x) {
      for (int k = 0; k < outputs.used; ++k)
        if (outputs[k] == x) return k;
      outputs.push_back(x);
      return outputs.used - 1;
    };
    const auto output_of = [&](int result) {  // the node that a result is of; -1: of a carried array
      const int k = b.lists.at(b.attribute(result), 0).size;
      return k < carries ? -1 : b.operand(b.operand(result, 0), s.output(k - carries));
    };
    const auto is_of_alike = [&](int i) {
      if (!is_result(b, i)) return false;
      for (int each : alike)
        if (b.operand(i, 0) == each) return true;
      return false;
    };
    for (int i = 0; i < n; ++i)
      if (needed.items[i] != 0 && is_of_alike(i))
        if (const int x = output_of(i); x >= 0) place(x);
    if (alike.used == 1 && outputs.used == s.emitted) return false;
    for (int k = 0; k < s.output(0); ++k) args.push_back(b.operand(alike.items[0], k));
    for (int x : outputs) args.push_back(x);
    s.emitted = outputs.used;
    const int joined = make_scan(b, s, args);
    buffer<int> shapes;
    for (int r : roots_) shapes.push_back(b.shape(r));
    rewrite(b, roots_, [&](int i, const buffer<int>& moved_args, bool moved) {
      if (i < n && is_of_alike(i)) {
        const int x = output_of(i);
        return result_of(b, joined, x < 0 ? b.lists.at(b.attribute(i), 0).size : carries + place(x));
      }
      return moved ? remake(b, i, moved_args) : i;
    });
    for (int k = 0; k < roots_.used; ++k) roots_[k] = broadcast(b, roots_[k], shapes[k]);
    return true;
  }

  bool joined_ = false;
  builder& b;
  buffer<int>& roots_;
};

/// Whether something has changed; `roots` moves along.
constexpr bool join_loops(builder& b, buffer<int>& roots) { return loop_joiner(b, roots).joined(); }

/// Gives the loops that the roots need bound symbols of a level of their own, from the outermost inwards; in
/// a body those that are open in it. `roots` moves along.
constexpr void separate_loops(builder& b, buffer<int>& roots, open_nodes* body, int& level) {
  const int n = b.size();
  buffer<char> needed(n);
  buffer<int> image(n), args, from, to;
  for (int r : roots) needed[r] = 1;
  for (int i = n - 1; i >= 0; --i) {
    image.items[i] = i;
    if (needed[i] == 0 || (body != nullptr && (*body)[i] == 0)) continue;
    const body_operands own(b, i);
    for (int k = 0; k < b.count(i); ++k)
      if (!own.contains(k)) needed[b.operand(i, k)] = 1;
  }
  for (int i = 0; i < n; ++i) {
    if (needed[i] == 0 || (body != nullptr && (*body)[i] == 0)) continue;
    bool moved = false;
    args.clear();
    for (int k = 0; k < b.count(i); ++k) {
      args.push_back(image[b.operand(i, k)]);
      moved = moved || args.back() != b.operand(i, k);
    }
    if (!is_scan(b, i)) {
      if (moved) image[i] = remake(b, i, args);
      continue;
    }
    scan_parts s(b, b.attribute(i));
    buffer<int> of_body;
    for (int k = 0; k < s.root(0); ++k)  // a broadcast whose operand has moved is gone
      args[k] = broadcast(b, args[k], b.shape(b.operand(i, k)));
    from.clear(), to.clear();
    for (int k = s.root(0); k < s.reads(); ++k) of_body.push_back(b.operand(i, k));
    for (int k = s.reads(); k < b.count(i); ++k) from.push_back(b.operand(i, k)), to.push_back(args[k]);
    give_level(b, of_body, s.level, ++level, from, to);
    s.level = level;
    open_nodes open(b, level);
    separate_loops(b, of_body, &open, level);
    for (int k = 0; k < of_body.used; ++k) args[s.root(k)] = of_body[k];
    args.used = s.reads();
    image[i] = make_scan(b, s, args);
  }
  for (int& r : roots) r = broadcast(b, image[r], b.shape(r));
}
/// So that no two bodies share a node.
constexpr void separate_loops(builder& b, buffer<int>& roots) {
  int level = 1000;
  separate_loops(b, roots, nullptr, level);
}

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
