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

/// The words: the number of steps; the body; whether it runs backwards; how many copies go before the first
/// step, how many places move, how many copies end a step, how many places are exchanged after a step. Then
/// the copies; for each carried array that is not kept where a step reads and writes it, two places for it,
/// and whether the one that is written is a result's; for each place that moves where it begins, and by how
/// much it does; the copies that end a step, and those of what is carried at last.
template <>
struct kernel_of<op::scan<>> {
  using primitive = op::scan<>;
  static constexpr bool runs_steps = true;

  static constexpr void lower(array_lowering& a, int node) { scan_lowering(a, node).run(); }
  static constexpr void count(auto& c, const int* words) {
    const int* next = words + 8;
    for (int k = 0; k < words[4]; ++k) next = c.copy(next);
    next += 5 * words[7] + 4 * words[5];
    for (int k = 0; k < words[6]; ++k) next = c.copy(next);
  }
  /// The buffers through which the steps move or between which they change, and those of results.
  template <class Use>
  static void each_buffer(const int* words, Use use) {
    const int* next = words + 8;
    for (int k = 0; k < words[4]; ++k, next += 5 + 3 * next[4]) use(next[0]), use(next[2]);
    for (int k = 0; k < words[7]; ++k, next += 5) use(next[2]), use(next[3]);
    for (int k = 0; k < words[5]; ++k, next += 4) use(next[1]);
    for (int k = 0; k < words[6]; ++k) next += 5 + 3 * next[4];
    for (int k = 0; k < next[0]; ++k) use(next[2 + 3 * k]);
  }
  static void write_c(auto& c, const int* words) {
    const int* exchanged = words + 8;
    for (int k = 0; k < words[4]; ++k) exchanged = c.copy(exchanged);
    const int *const moving = exchanged + 5 * words[7], *last = moving + 4 * words[5];
    const auto name = [&](int buffer) { return c.names.buffer(buffer); };
    for (int k = 0; k < words[7]; ++k) {
      const int* const x = exchanged + 5 * k;
      c.line("double* ", name(x[0]), " = ", name(x[2]), ";");
      if (x[4] == 0) c.line("double* ", name(x[1]), " = ", name(x[3]), ";");
    }
    c.steps(c.length(words[0]), words[3] != 0, moving, words[5], [&] {
      for (int k = 0; k < words[2]; ++k) c.write_step(words[1] + k);
      for (int k = 0; k < words[6]; ++k) last = c.copy(last);
      for (int k = 0; k < words[7]; ++k) {
        const int* const x = exchanged + 5 * k;
        if (x[4] != 0)
          c.line(name(x[0]), " = ", name(x[1]), ";");
        else
          c.line("double* const read", c.number(k), " = ", name(x[0]), ";"),
              c.line(name(x[0]), " = ", name(x[1]), ";"), c.line(name(x[1]), " = read", c.number(k), ";");
      }
    });
    for (int k = 0; k < last[0]; ++k) {
      const int* const r = last + 1 + 3 * k;
      const int axis[] = {r[2], length_table::one, length_table::one};
      c.copy(axis, 1, {c.at(r[0], length_table::zero), c.at(r[1], length_table::zero)});
    }
  }
  template <class T>
  static void run(const array_machine<T>& m, const int* words) {
    const std::ptrdiff_t steps = m.length[words[0]];
    const int moves = words[5], copies = words[6], carries = words[7];
    const int* carried = words + 8;
    for (int k = 0; k < words[4]; ++k) carried = copy_elements(m, carried);
    const int *const moving = carried + 5 * carries, *const copied = moving + 4 * moves;
    T** const at = m.buffer;
    for (int k = 0; k < carries; ++k) {
      const int* const c = carried + 5 * k;
      at[c[0]] = at[c[2]], at[c[1]] = at[c[3]];
    }
    for (int k = 0; k < moves; ++k) {
      const int* const p = moving + 4 * k;
      at[p[0]] = m.place(p + 1);
      if (words[3] != 0 && steps > 0) at[p[0]] += (steps - 1) * m.length[p[3]];
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
        const int* const p = moving + 4 * k;
        at[p[0]] += (words[3] != 0 ? -1 : 1) * m.length[p[3]];
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
        : a{lowering},
          node_{node},
          s{a.b, a.b.attribute(node)},
          backwards_{(s.flags & runs_backwards) != 0} {}

    constexpr void run() {
      find_results();
      define_symbols();
      const int region = a.lower_body(node_), begin = a.region_first[region - 1];
      buffer<array_view> firsts;
      for (int k = 0; k < s.carries; ++k) firsts.push_back(a.view(a.b.operand(node_, k)));
      for (bool views : {false, true})
        for (int k = 0; k < s.emitted; ++k) write_output(k, views);
      for (int k = 0; k < s.carries; ++k) write_carry(k);
      a.begin_call_alone(node_);
      const int step = a.kernel_of.used - 1;
      a.put(a.lengths.of(s.steps));
      a.set_body_of_step(step, region);
      a.put(0), a.put(0);
      for (int each : {int{backwards_}, s.carries, moves_.used / 4, copy_to_.used, exchanged_.used / 5})
        a.put(each);
      for (int k = 0; k < s.carries; ++k) a.put_copy(firsts[k], first_[k]);
      for (int each : exchanged_) a.put(each);
      for (int each : moves_) a.put(each);
      for (int k = 0; k < copy_to_.used; ++k)
        a.put_copy(a.view(copy_from_[k]), contiguous(copy_to_[k], copy_from_[k]));
      put_results();
      for (int each : held_)
        if (!a.is_early(each)) a.place_early(each, begin), a.note_use(each, step);
      for (int k = 0; k < s.sequences; ++k)
        a.note_use(a.view(a.b.operand(node_, s.sequence(k))).buffer, step);
      for (int each : own_results_) a.finish_call(each, step);
      for (int k = 0; k < seen_.used; ++k) a.define(seen_result_[k], node_, seen_[k]);
    }

   private:
    constexpr array_view contiguous(int buffer_number, int node) {
      return a.contiguous(buffer_number, a.b.shape(node));
    }
    constexpr int size_of_state(int k) { return a.elements_of(contiguous(0, a.b.operand(node_, k))); }
    constexpr int steps() { return a.lengths.of(s.steps); }
    /// The carried array that a symbol of this loop is of; -1: none.
    constexpr int carry_of(int x) {
      return is_bound(a.b, x) && level_of(a.b, x) == s.level &&
                     a.b.lists.at(a.b.attribute(x), 1).is(carry_symbol)
                 ? a.b.lists.at(a.b.attribute(x), 2).size
                 : -1;
    }
    constexpr void move(int what, int begin, int offset, int by) {
      for (int each : {what, begin, offset, by}) moves_.push_back(each);
    }
    constexpr void find_results() {
      result_.assign(s.results(), -1);
      for (int i = node_ + 1; i < a.b.size(); ++i)
        if (is_result(a.b, i) && a.b.operand(i, 0) == node_)
          result_[a.b.lists.at(a.b.attribute(i), 0).size] = i;
    }
    /// The bound symbols, as far as the body has them. Where what a step reads of a carried array is given
    /// out, all states are kept behind each other, the first one included: the steps walk along them.
    constexpr void define_symbols() {
      kept_.assign(s.carries, -1);
      for (int k = 0; k < s.emitted; ++k)
        if (const int carry = carry_of(a.b.operand(node_, s.output(k)));
            carry >= 0 && result_[s.carries + k] >= 0) {
          const int one = size_of_state(carry), all = a.lengths.plus(a.lengths.times(steps(), one), one);
          if (a.lengths.entries[all].more == length_table::zero)
            held_.push_back(kept_[carry] = a.new_buffer(all));
        }
      for (int k = 0; k < s.carries; ++k) {
        read_.push_back(a.set_moving(a.new_buffer(length_table::zero)));
        if (kept_[k] >= 0)
          move(read_[k], kept_[k], backwards_ ? size_of_state(k) : length_table::zero, size_of_state(k));
      }
      for (int k = 0; k < s.sequences; ++k) {
        const array_view v = a.view(a.b.operand(node_, s.sequence(k)));
        step_.push_back(a.set_moving(a.new_buffer(length_table::zero)));
        move(step_[k], v.buffer, length_table::zero, v.stride[0]);
      }
      for (int i = 0; i < node_; ++i) {
        if (!is_bound(a.b, i) || level_of(a.b, i) != s.level) continue;
        const int k = a.b.lists.at(a.b.attribute(i), 2).size;
        if (carry_of(i) >= 0) {
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
    /// Whether a node of the body is computed into a buffer of its own, which then can be where it goes.
    constexpr bool is_computed(int x) {
      const array_view v = a.view(x);
      return a.is_in_body_of(x, node_) && a.step_of[x] >= 0 && v.buffer == a.buffer_of[x] &&
             a.elements_of(contiguous(0, x)) == a.size_of[v.buffer];
    }
    constexpr void see(int result, const array_view& v) {
      seen_result_.push_back(result), seen_.push_back(v);
    }
    /// What a result sees whose steps give out v of a buffer: those lie behind each other from `offset` on.
    constexpr array_view all_steps(const array_view& v, int own, int offset, int size) {
      array_view all{.buffer = own, .offset = a.lengths.plus(v.offset, offset), .rank = v.rank + 1};
      all.extent[0] = steps(), all.stride[0] = size;
      for (int axis = 0; axis < v.rank; ++axis)
        all.extent[axis + 1] = v.extent[axis], all.stride[axis + 1] = v.stride[axis];
      return all;
    }
    /// Gives the result of an output its memory; of those that see what another one is, after all others.
    constexpr void write_output(int k, bool views) {
      const int x = a.b.operand(node_, s.output(k)), result = result_[s.carries + k];
      if (result < 0) return;
      const array_view v = a.view(x);
      if (const int carry = carry_of(x); carry >= 0 && kept_[carry] >= 0) {
        const int size = size_of_state(carry);
        if (!views) see(result, all_steps(v, kept_[carry], backwards_ ? size : length_table::zero, size));
        return;
      }
      int owner = x;
      while (a.is_in_body_of(owner, node_) && a.step_of[owner] < 0 && a.b.count(owner) > 0)
        owner = a.b.operand(owner, 0);
      const bool whole = is_computed(owner) && v.buffer == a.buffer_of[owner] &&
                         a.elements_of(contiguous(0, x)) == a.size_of[v.buffer];
      if ((whole && owner != x) != views) return;
      int place = 0;
      while (place < given_.used && given_[place] != v.buffer) ++place;
      if (whole && place == given_.used) give_out(owner, v.buffer, owner == x ? result : -1);
      if (!whole) {
        const array_view all = own_memory(result);
        copy_from_.push_back(x), copy_to_.push_back(a.set_moving(a.new_buffer(length_table::zero)));
        move(copy_to_.back(), all.buffer, length_table::zero, all.stride[0]);
      } else if (given_result_[place] != result) {
        see(result, all_steps(v, given_in_[place], given_offset_[place], a.size_of[v.buffer]));
      }
    }
    constexpr array_view own_memory(int result) {
      a.pin_result(result);
      own_results_.push_back(result);
      held_.push_back(a.buffer_of[result]);
      return contiguous(a.buffer_of[result], result);
    }
    /// Of the buffer of a node all steps are kept: among the states, where that is a carried one, as the
    /// result, or elsewhere.
    constexpr void give_out(int owner, int own, int result) {
      given_.push_back(a.set_moving(own));
      given_offset_.push_back(length_table::zero), given_result_.push_back(-1);
      for (int k = 0; k < s.carries; ++k)
        if (kept_[k] >= 0 && a.b.operand(node_, s.root(k)) == owner) {
          if (!backwards_) given_offset_.back() = a.size_of[own];
          given_in_.push_back(kept_[k]);
          return move(own, kept_[k], given_offset_.back(), a.size_of[own]);
        }
      given_result_.back() = result;
      if (result < 0) held_.push_back(a.new_buffer(a.lengths.times(steps(), a.size_of[own])));
      given_in_.push_back(result < 0 ? held_.back() : own_memory(result).buffer);
      move(own, given_in_.back(), length_table::zero, a.size_of[own]);
    }
    constexpr void write_carry(int k) {
      const int x = a.b.operand(node_, s.root(k)), size = size_of_state(k);
      int place = 0, write = 0;
      while (place < given_.used && !(is_computed(x) && given_[place] == a.buffer_of[x])) ++place;
      const bool given_out = place < given_.used;
      if (given_out && (kept_[k] < 0 || given_in_[place] == kept_[k])) {
        write = given_[place];
      } else if (!given_out && is_computed(x) && !a.is_moving(a.buffer_of[x])) {
        write = a.set_moving(a.buffer_of[x]);
      } else {
        write = a.set_moving(a.new_buffer(length_table::zero));
        copy_from_.push_back(x), copy_to_.push_back(write);
      }
      if (kept_[k] >= 0) {
        const int last = a.lengths.times(steps(), size);
        array_view first = contiguous(kept_[k], x);
        if (backwards_) first.offset = last;
        first_.push_back(first);
        if (!given_out || write != given_[place])
          move(write, kept_[k], backwards_ ? length_table::zero : size, size);
        if (const int r = result_[k]; r >= 0) {
          first.offset = backwards_ ? length_table::zero : last;
          see(r, first);
        }
        return;
      }
      const int first = a.new_buffer(size), spare = given_out ? first : a.new_buffer(size);
      held_.push_back(first), held_.push_back(spare);
      first_.push_back(contiguous(first, x));
      for (int each : {read_[k], write, first, spare, int{given_out}}) exchanged_.push_back(each);
      if (result_[k] >= 0) {
        last_.push_back(read_[k]), last_.push_back(own_memory(result_[k]).buffer), last_.push_back(size);
      }
    }
    constexpr void put_results() {
      a.put(last_.used / 3);
      for (int each : last_) a.put(each);
    }

    array_lowering& a;
    const int node_;
    const scan_parts s;
    const bool backwards_;
    buffer<int> kept_, read_, step_;  // buffers: of carried arrays all states, -1: not kept
    buffer<int> given_, given_in_, given_offset_, given_result_;  // of what is given out as it is computed
    buffer<array_view> first_, seen_;
    buffer<int> seen_result_, result_, own_results_, held_, exchanged_, moves_, copy_from_, copy_to_, last_;
  };
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
