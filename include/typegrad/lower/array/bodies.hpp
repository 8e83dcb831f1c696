// SPDX-License-Identifier: BSL-1.0
// The bodies of loops over steps, in the list of steps that a function is: a body is a region of that list,
// which the step of its loop runs again and again.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../../pass/loop/body.hpp"

namespace tg::detail {

/// What a lowering knows of bodies; nothing where there are none.
class loop_bodies_of_lowering {
 public:
  constexpr bool is_in_body(int i) const { return body_of.used > 0 && body_of.items[i] >= 0; }
  constexpr bool is_in_body_of(int i, int loop) const { return is_in_body(i) && body_of.items[i] == loop; }
  /// A buffer whose place is another one in each step of a loop.
  constexpr int set_moving(int own) {
    mark(own, 1);
    return own;
  }
  constexpr bool is_moving(int own) const { return own < marks_.used && marks_.items[own] == 1; }
  /// A buffer that has its place from that step on, whoever writes it.
  constexpr void place_early(int own, int step) {
    for (int k = 0; k < early.used; k += 2)
      if (early[k] == own) {
        if (step < early[k + 1]) early[k + 1] = step;
        return;
      }
    mark(own, 2);
    early.push_back(own), early.push_back(step);
  }
  constexpr bool is_early(int own) const { return own < marks_.used && marks_.items[own] == 2; }
  /// The region that a step runs; 0: none.
  constexpr int body_of_step(int step) const { return step < runs_.used ? runs_.items[step] : 0; }
  constexpr void set_body_of_step(int step, int own_region) {
    runs_.resize(step + 1);
    runs_[step] = own_region;
  }

  buffer<int> region_of, region_first;  // of a step its region; of a region, counted from 1, its first step
  buffer<int> early;                    // buffers, each with the step from which on it has a place
  int regions = 0;

 protected:
  /// Of the nodes of bodies, the loop that has them; the innermost one.
  constexpr void find_bodies(const builder& b) {
    for (int loop = 0; loop < b.size(); ++loop) {
      const structure* const shaped = b[loop].op->shaped;
      if (shaped == nullptr || !shaped->loops()) continue;
      if (body_of.used == 0) body_of.assign(b.size(), -1);
      open_nodes open(b, level_of(b, loop));
      for (int i = open.first(); i < loop; ++i)
        if (body_of[i] < 0 && open[i] != 0) body_of[i] = loop;
    }
  }

  buffer<int> body_of;               // of a node
  int region = 0, region_begin = 0;  // that is being lowered; 0: outside of bodies

 private:
  constexpr void mark(int own, char value) {
    if (marks_.used <= own) marks_.resize(own + 1);
    marks_[own] = value;
  }
  buffer<char> marks_;
  buffer<int> runs_;  // of a step, the region that it runs
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
