// SPDX-License-Identifier: BSL-1.0
// Where in the workspace each array lies: from the step that writes it to the last one that reads it. Arrays
// whose sizes are multiples of one product of run-time extents share a region, in which they are placed first
// fit; an array may take the place of one that its loop reads for the last time.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "lowering.hpp"

namespace tg::detail {

/// The loop at a place in the order of steps may write `written` where it reads `read`, element by element.
struct in_place_chance {
  int place, written, read;
};

/// Of every buffer in the workspace its region and its place there, in units of the region.
class memory_plan {
 public:
  constexpr memory_plan(const array_lowering& lowering, const buffer<int>& place_of_step,
                        const buffer<int>& last_use, const buffer<in_place_chance>& chances)
      : a{lowering}, place_{place_of_step}, last_use_{last_use}, chances_{chances} {
    const int n = a.size_of.used;
    region.assign(n, -1), offset.assign(n, 0), size_.assign(n, 0);
    buffer<int> by_step, first(a.kernel_of.used + 2);
    list_planned();
    for (int step : first_) ++first[step + 1];
    for (int step = 0; step <= a.kernel_of.used; ++step) first[step + 1] += first[step];
    by_step.zeros(first.back());
    buffer<int> end;
    for (int place : first) end.push_back(place);
    for (int k = 0; k < planned_.used; ++k) by_step[end[first_[k]]++] = planned_[k];
    for (int step = 0; step < a.kernel_of.used; ++step) {
      for (int k = first[step]; k < first[step + 1]; ++k) place(by_step[k], step);
      for (int r = 0; r < product_of.used; ++r) note_live(r);
      release(step);
    }
  }

  buffer<int> region;  // of a buffer; -1: not in the workspace
  buffer<std::int64_t> offset;
  buffer<int> product_of;               // of a region
  buffer<std::int64_t> size_of_region;  // in units of the product
  buffer<std::int64_t> live_in_region;  // the most that is needed at one step: less would not do

 private:
  constexpr void list_planned() {
    for (int k = 0; k < a.early.used; k += 2)
      if (const int own = a.early.items[k]; a.output_of.items[own] < 0 && !a.is_moving(own))
        list(own, a.early.items[k + 1]);
    for (int i = 0; i < a.b.size(); ++i) {
      const int step = a.step_of.items[i], own = a.buffer_of.items[i];
      if (step >= 0 && own >= 0 && a.output_of.items[own] < 0 && !a.is_moving(own) && !a.is_early(own) &&
          (a.pinned.items[i] != 0 || a.is_stored(i)))
        list(own, step);
    }
  }
  constexpr void list(int own, int step) {
    planned_.push_back(own);
    first_.push_back(place_.items[step]);
  }
  constexpr void place(int own, int step) {
    const length size = a.lengths.entries.items[a.size_of.items[own]];
    int r = 0;
    while (r < product_of.used && product_of[r] != size.product) ++r;
    if (r == product_of.used)
      product_of.push_back(size.product), size_of_region.push_back(0), live_in_region.push_back(0);
    region[own] = r;
    // Full cache lines, so that arrays do not share one.
    size_[own] = size.factor < 16 || size.product != 0 ? size.factor : (size.factor + 15) / 16 * 16;
    if (!place_in(own, step)) place_first_fit(own);
    live_.push_back(own);
    if (offset[own] + size_[own] > size_of_region[r]) size_of_region[r] = offset[own] + size_[own];
  }
  constexpr bool place_in(int own, int step) {
    for (const in_place_chance& c : chances_) {
      if (c.place != step || c.written != own) continue;
      for (int k = 0; k < live_.used; ++k)
        if (live_[k] == c.read && last_use_.items[c.read] == step && region[c.read] == region[own] &&
            size_[c.read] == size_[own]) {
          offset[own] = offset[c.read];
          live_[k] = live_.back();
          live_.pop_back();
          return true;
        }
    }
    return false;
  }
  constexpr void place_first_fit(int own) {
    for (bool moved = true; moved;) {
      moved = false;
      for (int other : live_)
        if (region[other] == region[own] && offset[own] < offset[other] + size_[other] &&
            offset[other] < offset[own] + size_[own]) {
          offset[own] = offset[other] + size_[other];
          moved = true;
        }
    }
  }
  constexpr void note_live(int r) {
    std::int64_t all = 0;
    for (int own : live_)
      if (region[own] == r) all += size_[own];
    if (all > live_in_region[r]) live_in_region[r] = all;
  }
  constexpr void release(int step) {
    int kept = 0;
    for (int k = 0; k < live_.used; ++k)
      if (last_use_.items[live_[k]] > step) live_[kept++] = live_[k];
    live_.used = kept;
  }

  const array_lowering& a;
  const buffer<int>&place_, &last_use_;  // of steps, and of buffers the place of the last step
  const buffer<in_place_chance>& chances_;
  buffer<int> planned_, first_;  // the buffers in the workspace, and from the place of which step on
  buffer<std::int64_t> size_;
  buffer<int> live_;
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
