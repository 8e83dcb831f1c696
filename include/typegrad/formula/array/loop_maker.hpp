// SPDX-License-Identifier: BSL-1.0
// The loop that scan, iterate and repeat build of a body, of which they know its nodes over bound symbols.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../../pass/loop/derive_scan.hpp"
#include "calls.hpp"

namespace tg::detail {

/// A loop over bound symbols that are given their level when the whole body is known.
class loop_maker {
 public:
  constexpr loop_maker(builder& graph, const buffer<int>& args, int carries, int fixed_steps, int flags,
                       int save_every)
      : b{graph}, save_every_{save_every} {
    parts_.carries = carries, parts_.sequences = args.used - carries, parts_.flags = flags;
    parts_.steps = as_extent(fixed_steps);
    for (int x : args) args_.push_back(x);
    for (int k = 0; k < carries; ++k) shape_.push_back(b.shape(args[k]));
    for (int k = 0; k < parts_.sequences; ++k) read_sequence(parts_.sequence(k));
    if (parts_.steps.is(-1))
      b.refuse(
          "scan: there is no sequence, so the number of steps is not known; "
          "give it: tg::iterate<tg::steps<10>>(body, x).");
    if (save_every == 0) return;
    if (parts_.steps.name != nullptr)
      b.refuse(
          "scan: tg::save_every<n> needs a number of steps that the formula knows; give the sequence's "
          "first axis a number, or keep what is carried after each step by tg::recompute.");
    else if (parts_.steps.size % save_every != 0)
      b.refuse(
          "scan: the number of steps is no multiple of n in tg::save_every<n>; choose an n that divides "
          "it, or run the rest in a second loop.");
  }
  /// What the body is called with, for the shapes of carried arrays that are assumed so far.
  constexpr void symbols(buffer<int>& all) {
    level_ = free_level(b);
    all.clear();
    for (int k = 0; k < parts_.carries; ++k)
      all.push_back(bound_symbol(b, level_, carry_symbol, k, shape_[k]));
    for (int k = 0; k < parts_.sequences; ++k)
      all.push_back(
          bound_symbol(b, level_, step_symbol, k, shape_of_step(b, b.shape(args_[parts_.sequence(k)]))));
  }
  /// Whether the body keeps the shapes of what it carries. What a loop begins with may be smaller.
  constexpr bool keeps_shapes(const buffer<int>& roots, bool last_chance) {
    bool same = true;
    for (int k = 0; k < parts_.carries; ++k) {
      const int own = shape_[k], next = b.shape(roots[k]), joined = b.arrays->join_shapes(b, own, next);
      if (joined == own) continue;
      same = false;
      if (joined < 0 || last_chance) b.refuse_shapes("scan: what is carried changes its shape", own, next);
      shape_[k] = joined;
    }
    return same || !b.misfit.function.empty();
  }
  constexpr void build(buffer<int>& roots, const buffer<int>& outputs, buffer<int>& results) {
    const int count = outputs.used > 0 ? outputs.used : parts_.carries;
    if (!b.misfit.function.empty()) return results.assign(count, zero_node);
    for (int k = 0; k < parts_.carries; ++k) {
      args_[k] = broadcast(b, args_[k], shape_[k]);
      roots[k] = broadcast(b, roots[k], shape_[k]);
    }
    parts_.emitted = outputs.used;
    for (int x : outputs) roots.push_back(x);
    give_level(roots);
    for (int x : roots) args_.push_back(x);
    const int first = outputs.used > 0 ? parts_.carries : 0;
    if (save_every_ > 0) return build_in_blocks(first, count, results);
    const int scan = make_scan(b, parts_, args_);
    for (int k = 0; k < count; ++k) results.push_back(result_of(b, scan, first + k));
  }

 private:
  constexpr void read_sequence(int place) {
    const int shape = b.shape(args_[place]);
    if (shape == 0) return b.refuse_axis("scan: a sequence", shape, 0);
    if (b[args_[place]].op->shaped != nullptr && b[args_[place]].op->shaped->integers)
      b.refuse("scan: a sequence is an index; select with it before the loop.");
    const extent own = b.lists.at(shape, 0);
    if (parts_.steps.is(-1)) parts_.steps = own;
    if (!(own == parts_.steps))
      b.refuse_shapes("scan: the lengths of sequences", b.shape(args_[parts_.carries]), shape, parts_.steps,
                      own);
  }
  /// One more than that of the loops within.
  constexpr void give_level(buffer<int>& roots) {
    open_nodes open(b, level_);
    buffer<int> none, also_none;
    for (int i = open.first(); i < b.size(); ++i)
      if (open[i] != 0 && is_scan(b, i) && level_of(b, i) >= parts_.level) parts_.level = level_of(b, i) + 1;
    detail::give_level(b, roots, level_, parts_.level, none, also_none);
  }

  /// A loop over blocks of steps, which keeps what is carried into each, and the loop of a block in its body.
  constexpr void build_in_blocks(int first, int count, buffer<int>& results) {
    scan_parts blocks = parts_, block = parts_;
    blocks.level = parts_.level + 1, blocks.flags |= recomputes | sums_as_it_runs;
    blocks.steps = as_extent(parts_.steps.size / save_every_), block.steps = as_extent(save_every_);
    buffer<int> outer, inner;
    for (int k = 0; k < parts_.root(0); ++k) {
      const bool carried = k < parts_.carries;
      outer.push_back(carried ? args_[k] : in_blocks(args_[k], blocks.steps));
      const int shape = carried ? shape_[k] : shape_of_step(b, b.shape(outer[k]));
      inner.push_back(bound_symbol(b, blocks.level, carried ? carry_symbol : step_symbol,
                                   carried ? k : k - parts_.carries, shape));
    }
    for (int k = parts_.root(0); k < args_.used; ++k) inner.push_back(args_[k]);
    const int steps = make_scan(b, block, inner);
    for (int k = 0; k < parts_.results(); ++k) outer.push_back(result_of(b, steps, k));
    const int scan = make_scan(b, blocks, outer);
    for (int k = first; k < first + count; ++k) {
      const int x = result_of(b, scan, k);
      results.push_back(k < parts_.carries ? x : one_after_the_other(x));
    }
  }
  /// The steps of a sequence as blocks of them, and back.
  constexpr int in_blocks(int x, extent blocks) {
    const int of_block = shape_of_steps(b, as_extent(save_every_), shape_of_step(b, b.shape(x)));
    const int shape = shape_of_steps(b, blocks, of_block);
    return broadcast(b, reshape(b, x, shape), shape);
  }
  constexpr int one_after_the_other(int x) {
    const int shape = shape_of_steps(b, parts_.steps, shape_of_step(b, shape_of_step(b, b.shape(x))));
    return broadcast(b, reshape(b, x, shape), shape);
  }

  builder& b;
  int save_every_;
  scan_parts parts_;
  int level_ = 0;
  buffer<int> args_, shape_;
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
