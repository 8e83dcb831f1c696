// SPDX-License-Identifier: BSL-1.0
// The order in which the steps of a function run, for the least peak of memory: as written, but a step that
// sets twice as much memory free as it needs runs as soon as it can.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "lowering.hpp"

namespace tg::detail {

class step_order {
 public:
  constexpr step_order(array_lowering& lowering, buffer<int>& order, bool as_written)
      : a{lowering}, order_{order} {
    for (int step = 0; as_written && step < a.kernel_of.used; ++step) order_.push_back(step);
    if (as_written) return;
    const int steps = a.kernel_of.used;
    writer_.assign(a.size_of.used, -1), left_.assign(a.size_of.used, 0);
    waits_.assign(steps, 0), runs_.assign(steps, 0);
    uses_of_.assign(a.size_of.used, -1), uses_by_.assign(steps, -1);
    for (int i = 0; i < a.b.size(); ++i)
      if (a.step_of[i] >= 0 && a.buffer_of[i] >= 0 && (a.pinned[i] != 0 || a.is_stored(i)))
        writer_[a.buffer_of[i]] = a.step_of[i], note(a.step_of[i], a.buffer_of[i]);
    for (int k = 0; k < a.use_step.used; ++k) note(a.use_step[k], a.use_buffer[k]);
    for (int step = 0; step < steps; ++step)
      if (a.copy_to[step] >= 0) note(step, a.view(a.node_of_step[step]).buffer);
    for (int i = 0; i < a.b.size(); ++i)
      for (int k = 0; a.in_loop(i) && k < a.b.count(i); ++k)
        if (const int x = a.b.operand(i, k); !a.b.is_constant(x) && a.step_of[x] != a.step_of[i])
          note(a.step_of[i], a.view(x).buffer);
    for (int step = 0, seen = 0; step < steps; ++step) {
      if (runs_[step] == 0) run(step);
      for (; seen < order_.used; ++seen)
        for (int use = uses_by_[order_[seen]]; use >= 0; use = next_by_[use]) run_users(buffer_[use]);
    }
  }

 private:
  /// A step reads or writes a buffer.
  constexpr void note(int step, int own) {
    if (own < a.first_temporary) return;
    for (int use = uses_of_[own]; use >= 0; use = next_of_[use])
      if (step_[use] == step) return;
    next_of_.push_back(uses_of_[own]), next_by_.push_back(uses_by_[step]);
    uses_of_[own] = uses_by_[step] = step_.used;
    step_.push_back(step), buffer_.push_back(own);
    if (writer_[own] >= 0 && writer_[own] != step) ++left_[own], ++waits_[step];
  }
  constexpr void run(int step) {
    runs_[step] = 1;
    order_.push_back(step);
    for (int use = uses_by_[step]; use >= 0; use = next_by_[use])
      if (const int own = buffer_[use]; writer_[own] != step)
        --left_[own];
      else
        for (int other = uses_of_[own]; other >= 0; other = next_of_[other]) --waits_[step_[other]];
  }
  constexpr void run_users(int own) {
    for (int use = uses_of_[own]; use >= 0; use = next_of_[use])
      if (const int step = step_[use]; runs_[step] == 0 && waits_[step] == 0 && saves_memory(step)) run(step);
  }
  constexpr bool saves_memory(int step) const {
    double needed = 0, freed = 0;
    for (int use = uses_by_.items[step]; use >= 0; use = next_by_.items[use]) {
      const int own = buffer_.items[use];
      if (a.output_of.items[own] >= 0) continue;
      if (writer_.items[own] == step)
        needed += size(own);
      else if (left_.items[own] == 1)
        freed += size(own);
    }
    return freed > 2 * needed;
  }
  constexpr double size(int own) const {
    double all = 0;
    for (int l = a.size_of.items[own]; l != length_table::zero; l = a.lengths.entries.items[l].more) {
      const length& term = a.lengths.entries.items[l];
      double product = static_cast<double>(term.factor);
      for (int k = 0; k < a.lengths.products.rank(term.product); ++k)
        product *= nominal_length(a.lengths.products.at(term.product, k));
      all += product;
    }
    return all;
  }

  array_lowering& a;
  buffer<int>& order_;
  buffer<int> writer_, left_;  // of a buffer: the step that writes it, how many still read it
  buffer<int> waits_;          // of a step: for how many buffers
  buffer<char> runs_;
  buffer<int> step_, buffer_;      // of a use
  buffer<int> uses_of_, next_of_;  // of a buffer: its uses as a list
  buffer<int> uses_by_, next_by_;  // of a step
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
