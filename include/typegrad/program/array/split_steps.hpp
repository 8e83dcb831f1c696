// SPDX-License-Identifier: BSL-1.0
// The steps of a call of an array function in parts, for several threads. A step is split along an axis of
// its result, never along one that is summed, and into parts that compute each element as the whole does: the
// result has the same bits for any number of threads. What is too small stays whole.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "array_cost.hpp"
#include "bound_function.hpp"

namespace tg::detail {

/// Where the words of step k end; the words of the step that has most.
template <class Tables>
constexpr int end_of_words(const Tables& t, int k) {
  return k + 1 < t.steps ? t.first[k + 1] : t.words;
}
template <class Tables>
constexpr int most_words(const Tables& t) {
  int most = 0;
  for (int k = 0; k < t.steps; ++k)
    if (end_of_words(t, k) - t.first[k] > most) most = end_of_words(t, k) - t.first[k];
  return most;
}

/// A part of a step is the step with other words: the extent of one axis is shorter, and places begin later.
template <class Code, class T, int Most>
class split_steps {
  static constexpr auto& t = Code::tables;

 public:
  static constexpr int count = t.top_steps;

  /// `scratch` is how many numbers of scratch memory the machine has.
  split_steps(const array_steps<T, Most>& steps, const array_machine<T>& machine, std::ptrdiff_t scratch)
      : steps_{steps}, machine_{machine}, scratch_{scratch} {}

  /// Chooses the parts, and returns the most that a step has, at most `threads`. A part is to have so much
  /// work, in numbers that are read or written: here some ten microseconds.
  int split(std::ptrdiff_t threads, std::int64_t least_work = 50000) {
    int most = 1;
    for (int k = 0; k < count; ++k) {
      choice& c = chosen_[k] = {};
      const split_axes axes = axes_of(k);
      const auto wanted = static_cast<std::ptrdiff_t>(work_of(k) / least_work);
      double least = 1;  // the largest part
      for (int a = 0; a < axes.count; ++a) {
        const std::ptrdiff_t extent = machine_.length[word(k)[axes.axis[a]]], units = extent / axes.grain[a];
        const std::ptrdiff_t parts = lanes::smaller(units, lanes::smaller(threads, wanted));
        if (parts < 2) continue;
        const double largest = static_cast<double>((units + parts - 1) / parts) / static_cast<double>(units);
        if (largest < least) least = largest, c = {static_cast<int>(parts), axes.axis[a], axes.grain[a]};
      }
      if (c.parts > most) most = c.parts;
    }
    if (most > 1) {
      tables_ = table_memory_.room(static_cast<std::size_t>(most)).data();
      further_scratch_ = scratch_memory_.room(static_cast<std::size_t>((most - 1) * padded_scratch())).data();
      for (int part = 0; part < most; ++part)
        for (int k = 0; k < t.lengths; ++k) tables_[part].length[k] = machine_.length[k];
    }
    return most;
  }
  /// Into how many parts step k is split.
  int parts(int k) const { return chosen_[k].parts; }
  void run_all() const { steps_.run_all(machine_); }
  void run_whole(int k) const { steps_.run(machine_, k, word(k)); }
  /// Runs a part of step k. The parts of a step, and only these, may run at once.
  void run_part(int k, int part) {
    const choice& c = chosen_[k];
    std::ptrdiff_t* const length = tables_[part].length;
    int* const words = tables_[part].word;
    for (int j = t.first[k]; j < end_of_words(t, k); ++j) words[j - t.first[k]] = t.word[j];
    const int *const axis = words + c.axis, added = t.lengths;
    const std::ptrdiff_t extent = length[axis[0]], units = extent / c.grain;
    const std::ptrdiff_t first = units * part / c.parts * c.grain;
    length[added] = (part + 1 == c.parts ? extent : units * (part + 1) / c.parts * c.grain) - first;
    const split_axes axes = axes_of(k);
    for (int j = 0; j < axes.width; ++j) {
      int& offset = words[axes.places + 2 * j + 1];
      length[added + 1 + j] = length[offset] + first * length[axis[1 + j]];
      offset = added + 1 + j;
    }
    words[c.axis] = added;
    steps_.run({machine_.buffer, machine_.index, length,
                part == 0 ? machine_.scratch : further_scratch_ + (part - 1) * padded_scratch()},
               k, words);
  }

 private:
  struct choice {
    int parts = 1, axis = 0, grain = 1;
  };
  /// Those of one part, which end with a line of the cache that nobody else uses.
  struct own_tables {
    std::ptrdiff_t length[t.lengths + 1 + most_words(t) / 2];
    int word[most_words(t) + 16];
  };
  std::ptrdiff_t padded_scratch() const { return scratch_ + 16; }

  static const int* word(int k) { return t.word + t.first[k]; }
  split_axes axes_of(int k) const {
    const int runner = t.runner[k];
    if (runner >= 0) return Code::kernels::splits[runner](word(k));
    const int width = steps_.bodies[~runner].all;
    return split_axes{1 + word(k)[0] * (width + 1), width}.with_first(1, word(k)[0]);
  }
  std::int64_t work_of(int k) const {
    array_cost cost;
    step_counter counter(cost, machine_.length);
    count_step<Code>(counter, k);
    return cost.read + cost.written + 8 * cost.transcendental + cost.operations() / 8;
  }

  const array_steps<T, Most>& steps_;
  const array_machine<T>& machine_;
  std::ptrdiff_t scratch_;
  choice chosen_[t.steps + 1];
  own_memory<own_tables> table_memory_;
  own_memory<T> scratch_memory_;
  own_tables* tables_ = nullptr;
  T* further_scratch_ = nullptr;
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
