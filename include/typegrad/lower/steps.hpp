// SPDX-License-Identifier: BSL-1.0
// The steps of a program: one for each node, and one more for each further operand of a sum or product. They
// are run in parts. A part reads what it needs from the frame into numbers of its own, takes its steps on
// these, and writes to the frame what others need: the optimizer then finishes each part by itself, and the
// function that they become has little left to look through.
#pragma once
#include "../support/compiler/begin.hpp"

#include "blocks.hpp"

namespace tg::detail {

/// Of budgets::part_steps: g++ needs the more time for a step, the more statements the function has into
/// which it is inlined; clang's fold expressions stop at 256 terms, and two new operands for every step are
/// the most that a part reads. Of budgets::function_steps: what compilers do with a function of many thousand
/// steps takes them longer and longer for each, and the values are in memory either way.
static_assert(2 * budgets::part_steps <= 256);

/// Block b is the parts [block[b], block[b + 1]). Part p is the node alone[p], which works on the frame; or
/// the calls that are made together as number -2 - alone[p], which do too; or, where alone[p] is -1, the
/// steps [begin[p], begin[p + 1]), of which the k-th computes own[k] from own[x] and own[y] as its node does
/// it. Before them the part copies the numbers at from[i], i from reads[p] to reads[p + 1], to the own
/// numbers that follow those of its steps; after them own[kept[i]] to the place to[i], i from writes[p] to
/// writes[p + 1]. A place n >= 0 is frame[n]; a place n < 0 is group_frame[~n], which only the parts of one
/// group see, [group[g], group[g + 1]) of block 0 and what they run.
template <int Nodes, int Steps>
struct step_table {
  int groups = 1;
  int group[Steps / budgets::group_steps + 2]{}, block[2 * Nodes + 2]{};
  int alone[Steps + 1]{}, begin[Steps + 2]{}, reads[Steps + 2]{}, writes[Steps + 2]{};
  int node[Steps + 1]{}, x[Steps + 1]{}, y[Steps + 1]{};
  int from[2 * Steps + 1]{}, kept[Steps + 1]{}, to[Steps + 1]{};
  int place[Nodes + 1]{};  // of a node's number, if more than one part needs it
  int frame_size = 0, group_frame_size = 0;
};

/// Fills a table, in three sweeps.
template <class Packed, class Table>
class step_finder {
 public:
  template <class Blocks>
  constexpr step_finder(const Packed& packed, const Blocks& plan, Table& filled_table)
      : p{packed},
        r{filled_table},
        part_of_(p.nodes, -1),
        is_read_(p.nodes, 0),
        in_parts_(p.nodes, 0),
        in_frame_(p.nodes, 0),
        shared_(p.nodes, 0) {
    list_steps(plan);
    find_groups();
    find_places();
    find_own_numbers();
  }

 private:
  const Packed& p;
  Table& r;
  buffer<int> part_of_;                         // the last part that computes a node
  buffer<char> is_read_, in_parts_, in_frame_;  // whether a node is read as a number; by several parts; by
                                                // several groups, or from the frame
  buffer<char> shared_;                         // whether a node is a call that is made with others
  int parts_ = 0, steps_ = 0;

  /// A choice, what reads a condition, and three operands or more, except in a sum or product.
  constexpr bool works_on_frame(int i) const {
    const kind what = p.op[i]->what;
    return what == kind::where || shared_.items[i] != 0 ||
           (p.count[i] > 2 && what != kind::add && what != kind::multiply) || reads_condition(p, i);
  }
  /// The operands that are read; the exponent of an exact power is none.
  constexpr int operands(int i) const { return p.op[i]->what == kind::power ? 1 : p.count[i]; }
  constexpr int group_of(int part) const { return r.begin[part] / budgets::group_steps; }

  // The loops over nodes and steps are written without calls of their own: each would take g++ as long as the
  // rest of the loop.

  template <class Blocks>
  constexpr void list_steps(const Blocks& plan) {
    for (int k = 0; k < p.roots; ++k) is_read_.items[p.root[k]] = in_frame_.items[p.root[k]] = 1;
    for (int i = 0; i < p.nodes; ++i) {
      const int first = p.first[i], end = first + (p.op[i]->what == kind::power ? 1 : p.count[i]);
      for (int k = first; k < end; ++k) is_read_.items[p.operand[k]] = 1;
    }
    for (int g = 0; g < plan.shared; ++g)
      for (int at = plan.shared_begin[g]; at < plan.shared_end[g]; ++at) shared_.items[plan.order[at]] = 1;
    int group = 0;
    for (int b = 0; b < plan.count; ++b) {
      r.block[b] = parts_;
      int room = 0;  // steps that the open part may still take
      for (int at = plan.begin[b]; at < plan.begin[b + 1]; ++at) {
        const int i = plan.order[at];
        if (is_read_.items[i] == 0) continue;
        if (shared_.items[i] != 0) {
          begin_part(-2 - group);
          at = plan.shared_end[group++] - 1;
          room = 0;
          continue;
        }
        if (works_on_frame(i)) {
          begin_part(i);
          room = 0;
          continue;
        }
        const int n = operands(i), last = n < 2 ? 1 : n - 1, *const args = p.operand + p.first[i];
        for (int k = 1; k <= last;
             ++k) {  // the step that takes operand k, and the first one too if it is the first step
          if (room == 0) begin_part(-1), room = budgets::part_steps;
          --room;
          const int x = n == 0 ? -1 : k == 1 ? args[0] : i, y = n < 2 ? -1 : args[k], part = parts_ - 1;
          r.node[steps_] = i;
          r.x[steps_] = x;
          r.y[steps_++] = y;
          if (x >= 0 && part_of_.items[x] != part) note_reading(x, part, b == 0);
          if (y >= 0 && part_of_.items[y] != part) note_reading(y, part, b == 0);
          part_of_.items[i] = part;
        }
      }
    }
    r.block[plan.count] = parts_;
    r.begin[parts_] = steps_;
  }
  constexpr void begin_part(int node_alone) {
    r.alone[parts_] = node_alone;
    r.begin[parts_++] = steps_;
  }
  constexpr void note_reading(int node_id, int part, bool in_block_0) {
    const int from = part_of_.items[node_id];
    in_parts_.items[node_id] = 1;
    if (!in_block_0 || from < 0 || group_of(from) != group_of(part)) in_frame_.items[node_id] = 1;
  }

  constexpr void find_groups() {
    if (r.begin[r.block[1]] > budgets::function_steps) r.groups = group_of(r.block[1] - 1) + 1;
    r.group[r.groups] = r.block[1];
    if (r.groups > 1)
      for (int part = r.block[1] - 1; part >= 0; --part) r.group[group_of(part)] = part;
  }

  constexpr void find_places() {
    for (int i = 0; i < p.nodes; ++i)
      if (const bool condition = p.op[i]->what == kind::condition; condition || works_on_frame(i)) {
        if (!condition) in_frame_[i] = 1;
        for (int k = 0; k < p.count[i]; ++k) in_frame_[p.arg(i, k)] = 1;
      }
    buffer<int> sizes(r.groups);  // of each group's frame
    for (int i = 0; i < p.nodes; ++i)
      if (in_frame_[i] != 0 || (in_parts_[i] != 0 && r.groups == 1)) {
        in_parts_[i] = 1;
        r.place[i] = r.frame_size++;
      } else if (in_parts_[i] != 0) {
        int& size = sizes[group_of(part_of_[i])];
        r.place[i] = ~size++;
        if (size > r.group_frame_size) r.group_frame_size = size;
      }
  }

  constexpr void find_own_numbers() {
    part_of_.assign(p.nodes, -1);
    buffer<int> own(p.nodes);
    int reads = 0, writes = 0;
    for (int part = 0; part < parts_; ++part) {
      const int first = r.begin[part], end = r.begin[part + 1];
      const int further = end - first - reads;  // what the part reads comes after its own steps
      r.reads[part] = reads;
      r.writes[part] = writes;
      for (int s = first; s < end; ++s) {
        const int i = r.node[s], x = r.x[s], y = r.y[s];
        if (x >= 0 && part_of_.items[x] != part) {
          part_of_.items[x] = part;
          own.items[x] = further + reads;
          r.from[reads++] = r.place[x];
        }
        if (y >= 0 && part_of_.items[y] != part) {
          part_of_.items[y] = part;
          own.items[y] = further + reads;
          r.from[reads++] = r.place[y];
        }
        const int from_x = x < 0 ? s - first : own.items[x];
        r.x[s] = from_x;
        r.y[s] = y < 0 ? from_x : own.items[y];
        part_of_.items[i] = part;
        own.items[i] = s - first;
        if (in_parts_.items[i] != 0 && (s + 1 == end || r.node[s + 1] != i)) {
          r.kept[writes] = s - first;
          r.to[writes++] = r.place[i];
        }
      }
    }
    r.reads[parts_] = reads;
    r.writes[parts_] = writes;
  }
};

/// The steps of a program whose nodes are in the blocks of `plan`.
template <int Nodes, int Steps, class Packed, class Blocks>
constexpr auto find_steps(const Packed& p, const Blocks& plan) {
  step_table<Nodes, Steps> r;
  detail::step_finder<Packed, step_table<Nodes, Steps>>(p, plan, r);
  return r;
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
