// SPDX-License-Identifier: BSL-1.0
// How loops over steps run: the steps of the body stand at the end of the table and are run again and again,
// while the places of what is carried, of sequences and of what is given out move.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../../pass/loop/scan.hpp"
#include "kernels.hpp"

namespace tg::detail {

/// What a step has of a carried array or of a sequence is a view in a moving buffer, which the loop defines.
template <>
struct kernel_of<op::bound<>> {
  using primitive = op::bound<>;
  static constexpr void lower(array_lowering&, int) {}
  template <class T>
  static void run(const array_machine<T>&, const int*) {}
};
/// Results are written by the loop.
template <>
struct kernel_of<op::result<>> {
  using primitive = op::result<>;
  static constexpr void lower(array_lowering&, int) {}
  template <class T>
  static void run(const array_machine<T>&, const int*) {}
};

/// The words: the number of steps; the body; whether it runs backwards; how many arrays are carried, how many
/// places move, how many copies end a step, how many arrays are results at the end. Then copies of what is
/// carried at first; for each carried array where a step reads and writes it, two places for it, and whether
/// the one that is written is a result's; for each place that moves the buffer in which it does, and by how
/// much; and the copies.
template <>
struct kernel_of<op::scan<>> {
  using primitive = op::scan<>;
  static constexpr bool runs_steps = true;

  static constexpr void lower(array_lowering& a, int node) { scan_lowering(a, node).run(); }
  static constexpr void count(auto& c, const int* words) {
    const int* next = words + 7;
    for (int k = 0; k < words[4]; ++k) next = c.copy(next);
    next += 5 * words[4] + 3 * words[5];
    for (int k = 0; k < words[6]; ++k) next = c.copy(next);
  }
  template <class T>
  static void run(const array_machine<T>& m, const int* words) {
    const std::ptrdiff_t steps = m.length[words[0]];
    const int carries = words[4], moves = words[5], copies = words[6];
    const int* carried = words + 7;
    for (int k = 0; k < carries; ++k) carried = copy_elements(m, carried);
    const int *const moving = carried + 5 * carries, *const copied = moving + 3 * moves;
    T** const at = m.buffer;
    for (int k = 0; k < carries; ++k) {
      const int* const c = carried + 5 * k;
      at[c[0]] = at[c[2]], at[c[1]] = at[c[3]];
    }
    for (int k = 0; k < moves; ++k) {
      const int* const p = moving + 3 * k;
      at[p[0]] = at[p[1]];
      if (words[3] != 0 && steps > 0) at[p[0]] += (steps - 1) * m.length[p[2]];
    }
    for (std::ptrdiff_t t = 0; t < steps; ++t) {
      m.run_steps(m.program, m, words[1], words[2]);
      const int* copy = copied;
      for (int k = 0; k < copies; ++k) copy = copy_elements(m, copy);
      for (int k = 0; k < carries; ++k) {
        const int* const c = carried + 5 * k;
        T* const read = at[c[0]];
        at[c[0]] = at[c[1]];
        if (c[4] == 0) at[c[1]] = read;
      }
      for (int k = 0; k < moves && t + 1 < steps; ++k) {
        const int* const p = moving + 3 * k;
        at[p[0]] += (words[3] != 0 ? -1 : 1) * m.length[p[2]];
      }
    }
    const int* last = copied;
    for (int k = 0; k < copies; ++k) last += 5 + 3 * last[4];
    for (int k = 0; k < last[0]; ++k) {
      const int* const r = last + 1 + 3 * k;
      for (std::ptrdiff_t i = 0; i < m.length[r[2]]; ++i) at[r[1]][i] = at[r[0]][i];
    }
  }

 private:
  class scan_lowering {
   public:
    constexpr scan_lowering(array_lowering& lowering, int node)
        : a{lowering}, node_{node}, s{a.b, a.b.attribute(node)} {}

    constexpr void run() {
      define_symbols();
      const int region = a.lower_body(node_), begin = a.region_first[region - 1];
      buffer<array_view> firsts, ends, copied;
      for (int k = 0; k < s.carries; ++k) firsts.push_back(a.view(a.b.operand(node_, k)));
      find_results();
      for (int k = 0; k < s.emitted; ++k) write_output(k);
      for (int k = 0; k < s.carries; ++k) write_carry(k);
      a.begin_call_alone(node_);
      a.put(a.lengths.of(s.steps));
      a.set_body_of_step(a.kernel_of.used - 1, region);
      a.put(0), a.put(0);
      for (int each : {s.flags & runs_backwards, s.carries, moves_.used / 3, copy_to_.used}) a.put(each);
      for (int k = 0; k < s.carries; ++k) {
        array_view own = contiguous(first_[k], a.b.operand(node_, k));
        a.put_copy(firsts[k], own);
      }
      for (int k = 0; k < s.carries; ++k)
        for (int each : {read_[k], write_[k], first_[k], spare_[k], stacked_[k]}) a.put(each);
      for (int each : moves_) a.put(each);
      for (int k = 0; k < copy_to_.used; ++k)
        a.put_copy(a.view(copy_from_[k]), contiguous(copy_to_[k], copy_from_[k]));
      put_results();
      const int step = a.kernel_of.used - 1;
      for (int k = 0; k < s.carries; ++k)
        for (int each : {first_[k], spare_[k]})
          if (!a.is_early(each)) hold(each, begin, step);
      for (int k = 0; k < s.sequences; ++k)
        a.note_use(a.view(a.b.operand(node_, s.sequence(k))).buffer, step);
      for (int k = 0; k < s.results(); ++k)
        if (result_[k] >= 0) {
          hold(a.buffer_of[result_[k]], begin, step);
          a.finish_call(result_[k], step);
        }
    }

   private:
    constexpr void hold(int buffer_number, int begin, int step) {
      a.place_early(buffer_number, begin);
      a.note_use(buffer_number, step);
    }
    constexpr array_view contiguous(int buffer_number, int node) {
      return a.contiguous(buffer_number, a.b.shape(node));
    }
    /// The bound symbols, as far as the body has them.
    constexpr void define_symbols() {
      for (int k = 0; k < s.carries; ++k) read_.push_back(a.set_moving(a.new_buffer(length_table::zero)));
      for (int k = 0; k < s.sequences; ++k) {
        const array_view& v = a.view(a.b.operand(node_, s.sequence(k)));
        step_.push_back(a.set_moving(a.new_buffer(length_table::zero)));
        for (int each : {step_[k], v.buffer, v.stride[0]}) moves_.push_back(each);
      }
      for (int i = 0; i < node_; ++i) {
        if (!is_bound(a.b, i) || level_of(a.b, i) != s.level) continue;
        const int k = a.b.lists.at(a.b.attribute(i), 2).size;
        if (a.b.lists.at(a.b.attribute(i), 1).is(carry_symbol)) {
          a.define(i, i, contiguous(read_[k], i));
          continue;
        }
        const array_view& v = a.view(a.b.operand(node_, s.sequence(k)));
        array_view part{.buffer = step_[k], .offset = v.offset, .rank = v.rank - 1};
        for (int axis = 0; axis < part.rank; ++axis)
          part.extent[axis] = v.extent[axis + 1], part.stride[axis] = v.stride[axis + 1];
        a.define(i, i, part);
      }
    }
    constexpr void find_results() {
      result_.assign(s.results(), -1);
      for (int i = node_ + 1; i < a.b.size(); ++i)
        if (is_result(a.b, i) && a.b.operand(i, 0) == node_) {
          result_[a.b.lists.at(a.b.attribute(i), 0).size] = i;
          a.pin_result(i);
        }
      claimed_.assign(s.emitted, -1);
    }
    /// Whether a node of the body is computed into a buffer of its own, which then can be where it goes.
    constexpr bool is_computed(int x) {
      const array_view v = a.view(x);
      return a.is_in_body_of(x, node_) && a.step_of[x] >= 0 && v.buffer == a.buffer_of[x] &&
             !a.is_moving(v.buffer);
    }
    constexpr void write_output(int k) {
      const int x = a.b.operand(node_, s.output(k)), result = result_[s.carries + k];
      if (result < 0) return;
      int to = 0;
      if (is_computed(x)) {
        to = a.set_moving(a.buffer_of[x]);
        claimed_[k] = to;
      } else {
        to = a.set_moving(a.new_buffer(length_table::zero));
        copy_from_.push_back(x), copy_to_.push_back(to);
      }
      const array_view all = contiguous(a.buffer_of[result], result);
      for (int each : {to, all.buffer, all.stride[0]}) moves_.push_back(each);
    }
    constexpr void write_carry(int k) {
      const int x = a.b.operand(node_, s.root(k));
      int given_out = -1;
      for (int out = 0; out < s.emitted; ++out)
        if (claimed_[out] >= 0 && a.b.operand(node_, s.output(out)) == x) given_out = claimed_[out];
      const int size = a.elements_of(contiguous(0, x));
      first_.push_back(a.new_buffer(size));
      spare_.push_back(given_out >= 0 ? first_[k] : a.new_buffer(size));
      stacked_.push_back(given_out >= 0);
      if (given_out >= 0) {
        write_.push_back(given_out);
      } else if (is_computed(x)) {
        write_.push_back(a.set_moving(a.buffer_of[x]));
      } else {
        write_.push_back(a.set_moving(a.new_buffer(length_table::zero)));
        copy_from_.push_back(x), copy_to_.push_back(write_[k]);
      }
    }
    constexpr void put_results() {
      int count = 0;
      for (int k = 0; k < s.carries; ++k) count += result_[k] >= 0;
      a.put(count);
      for (int k = 0; k < s.carries; ++k)
        if (const int r = result_[k]; r >= 0)
          for (int each : {read_[k], a.buffer_of[r], a.elements_of(contiguous(0, r))}) a.put(each);
    }

    array_lowering& a;
    const int node_;
    const scan_parts s;
    buffer<int> read_, write_, first_, spare_, stacked_, step_, moves_, copy_from_, copy_to_, result_,
        claimed_;
  };
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
