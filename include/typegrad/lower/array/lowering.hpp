// SPDX-License-Identifier: BSL-1.0
// A graph of arrays as a list of steps: loops, whose bodies are scalar graphs, and calls of kernels. A
// structural primitive says in one struct how it becomes either a view of what is there already or a call
// (program/array/kernels.hpp); element-wise nodes of one shape share a loop where their operands allow it.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "bodies.hpp"
#include "length.hpp"
#include "split.hpp"

namespace tg::detail {

class array_lowering;

/// How the nodes of a structural primitive are lowered. The place in the table is the number of its kernel.
struct structural_rule {
  const record* op;
  void (*lower)(array_lowering&, int node);
  int adds_from = 0, adding = 0;  // the first word of a call that can add to its result, and of one that does
};

/// What a function has besides its graph.
struct array_signature {
  const structural_rule* rules;
  int rule_count;
  const record* const* inputs;  // the symbols, in the order of the arguments
  int input_count;
  std::uint64_t by_columns;  // bit k: array input k is stored by columns; the bits after those: outputs

  std::uint64_t added = 0;  // bit r: output r is added to what is there
  bool as_written = false;  // the order of the steps, to compare with

  constexpr bool is_added(int r) const { return r < 64 && (added >> r & 1) != 0; }
  constexpr bool is_by_columns(int k) const { return k < 64 && (by_columns >> k & 1) != 0; }
};

/// The buffers of a function in their order: the numbers (scalar inputs, captured numbers, run-time extents),
/// the array inputs, the outputs, and what lies in the workspace.
class array_lowering : public views_of_arrays, public loop_bodies_of_lowering {
 public:
  constexpr array_lowering(const builder& graph, const buffer<int>& roots, const array_signature& signature)
      : views_of_arrays{graph}, roots_{roots}, s{signature} {
    const int n = b.size();
    step_of.assign(n, -1), buffer_of.assign(n, -1), pinned.assign(n, 0), view_of_.assign(n, -1);
    ready_.assign(n, 0);
    list_inputs();
    list_users();
    find_bodies(b);
    for (int i = 0; i < n; ++i)
      if (!is_in_body(i)) lower_node(i);
    for (int r : roots_) pin(r);
    move_down();
    for (int i = 0; i < n; ++i)
      if (in_loop(i) && is_stored(i)) pin(i);
    place_outputs();
  }

  // For the lowering of structural primitives.

  /// The elements of a node, for the step that is being made or for a view of them.
  constexpr const array_view& view(int node) {
    if (view_of_[node] < 0) {
      pin(node);
      view_of_[node] = views_.used;
      views_.push_back(contiguous(buffer_of[node], b.shape(node)));
    }
    return views_[view_of_[node]];
  }
  /// The elements of `node` are those of `of`, seen otherwise.
  constexpr void define(int node, int of, const array_view& seen) {
    view_of_[node] = views_.used;
    views_.push_back(seen);
    ready_[node] = ready(of);
  }
  /// Where the integers of a symbol of indices are.
  constexpr array_view indices(int node) {
    int k = 0;
    while (s.inputs[array_inputs[k]] != b[node].op) ++k;
    array_view v = contiguous(1 + k, b.shape(node));
    if (s.is_by_columns(k)) turn(v);
    return v;
  }
  /// Whether a node has one reader, with that primitive.
  constexpr bool is_only_read_by(int node, const record* op) const {
    for (int r : roots_)
      if (r == node) return false;
    const int first = first_user_.items[node];
    return first_user_.items[node + 1] == first + 1 && b[user_.items[first]].op == op;
  }
  /// Begins the call of a kernel that computes `node`, and returns where the elements go. The views of the
  /// operands are asked for before. Of several kernels for a primitive it is the first one, or the last.
  constexpr array_view begin_call(int node, bool last = false) {
    return begin_call_alone(node, last), view(node);
  }
  constexpr void begin_call_alone(int node, bool last = false) {
    const record* const op = b[node].op;
    int kernel = last ? s.rule_count - 1 : 0;
    while (s.rules[kernel].op != op) kernel += last ? -1 : 1;
    step_of[node] = kernel_of.used;
    ready_[node] = kernel_of.used + 1;
    kernel_of.push_back(kernel);
    space_of.push_back(-1);
    first_word.push_back(words.used);
    node_of_step.push_back(node);
    region_of.push_back(region);
  }
  constexpr void put(int word) { words.push_back(word); }
  /// The place of an array; its strides are put by who knows the axes.
  constexpr void put_place(const array_view& v) {
    put(v.buffer), put(v.offset);
    note_use(v.buffer, kernel_of.used - 1);
  }
  constexpr void note_use(int own, int step) { use_step.push_back(step), use_buffer.push_back(own); }
  /// Axes that are walked along together, joined where that is possible: their number and the words of each,
  /// an extent and strides, `width` together.
  constexpr void put_axes(buffer<int>& axes, int width) {
    merge_axes(lengths, axes, width);
    put(axes.used / width);
    for (int each : axes) put(each);
  }
  /// A copy of elements from one place to another of the same extents.
  constexpr void put_copy(const array_view& from, const array_view& to) {
    buffer<int> axes;
    for (int axis = 0; axis < from.rank; ++axis)
      for (int each : {from.extent[axis], from.stride[axis], to.stride[axis]}) axes.push_back(each);
    put_place(from), put_place(to);
    put_axes(axes, 3);
  }
  // For the lowering of loops over steps.

  /// Lowers the body of a loop as a region, and returns its number.
  constexpr int lower_body(int loop) {
    const int outer = region, outer_begin = region_begin, own = ++regions;
    region = own, region_begin = kernel_of.used;
    region_first.push_back(region_begin);
    for (int i = 0; i < loop; ++i)
      if (is_in_body_of(i, loop)) lower_node(i);
    region = outer, region_begin = outer_begin;
    return own;
  }
  /// Whether an element-wise node of the body can be computed into a part of another one's memory.
  constexpr bool can_be_elsewhere(int node) const {
    return region > 0 && in_loop(node) && view_of_[node] < 0 && region_of[step_of[node]] == region;
  }
  constexpr bool compute_in(int node, const array_view& part) {
    if (!can_be_elsewhere(node)) return false;
    pinned[node] = 1, buffer_of[node] = part.buffer;
    define(node, node, part);
    place_early(part.buffer, step_of[node]);
    return true;
  }
  constexpr int new_buffer(int size) { return size_of.push_back(size), size_of.used - 1; }
  /// A result of a loop gets its memory before the loop's step is there, and is known after that.
  constexpr void pin_result(int node) { step_of[node] = kernel_of.used, view(node); }
  constexpr void finish_call(int node, int step) { step_of[node] = step, ready_[node] = step + 1; }

  // The result.

  /// Whether node i is computed in a loop.
  constexpr bool in_loop(int i) const { return step_of.items[i] >= 0 && b[i].op->shaped == nullptr; }
  /// Whether a node of a loop is read by other steps.
  constexpr bool is_stored(int i) const {
    if (pinned.items[i] != 0) return true;
    for (int k = first_user_.items[i]; k < first_user_.items[i + 1]; ++k)
      if (step_of.items[user_.items[k]] != step_of.items[i]) return true;
    return false;
  }
  /// How a loop over a space sees an operand.
  constexpr array_view seen_in(int node, int space) {
    const array_view own = view(node);
    array_view v{.buffer = own.buffer, .offset = own.offset, .rank = b.lists.rank(space)};
    for (int axis = 0; axis < v.rank; ++axis) {
      const int from = axis - (v.rank - own.rank);
      v.extent[axis] = lengths.of(b.lists.at(space, axis));
      v.stride[axis] =
          from < 0 || (own.extent[from] == length_table::one && v.extent[axis] != length_table::one)
              ? length_table::zero
              : own.stride[from];
    }
    return v;
  }

  buffer<int> step_of;    // of a node; -1: a view or an input
  buffer<int> buffer_of;  // of a node; -1: not yet stored
  buffer<char> pinned;    // read by more than loops
  buffer<int> kernel_of, space_of, first_word, node_of_step,
      words;                         // of steps; kernel -1: a loop over a space
  buffer<int> copy_to;               // of steps: the output to which a node is copied, -1: none
  buffer<int> size_of;               // of buffers, a length
  buffer<int> output_of;             // of buffers, the output as which they are written; -1: none
  buffer<char> adds;                 // of buffers, whether they are added to what is there
  buffer<int> use_step, use_buffer;  // each place of each call
  buffer<int> array_inputs, scalar_inputs, extents;  // by place in the list of inputs; the extents as words
  buffer<const record*> extent_names;
  int numbers = 0, captured = 0;
  int first_output = 0, first_temporary = 0;

 private:
  constexpr int ready(int node) const { return ready_.items[node]; }

  constexpr void list_inputs() {
    for (int k = 0; k < s.input_count; ++k)
      (s.inputs[k]->shaped != nullptr ? array_inputs : scalar_inputs).push_back(k);
    for (int k : array_inputs)
      for (int axis = 0; axis < s.inputs[k]->shaped->rank; ++axis)
        note_extent(s.inputs[k]->shaped->extents[axis]);
    while (captured < b.size() && b.what(captured) == kind::captured) ++captured;
    numbers = scalar_inputs.used + captured + extent_names.used;
    first_output = 1 + array_inputs.used;
    first_temporary = first_output + roots_.used;
    size_of.assign(first_temporary, length_table::zero);
  }
  constexpr void note_extent(const extent& e) {
    if (e.name == nullptr) return;
    for (const record* known_name : extent_names)
      if (known_name == e.name) return;
    extent_names.push_back(e.name);
  }
  constexpr void list_users() {
    first_user_.zeros(b.size() + 1);
    for (int i = 0; i < b.operands.used; ++i) ++first_user_[b.operands.items[i] + 1];
    for (int i = 0; i < b.size(); ++i) first_user_[i + 1] += first_user_[i];
    buffer<int> end;
    for (int first : first_user_) end.push_back(first);
    user_.zeros(b.operands.used);
    for (int i = 0; i < b.size(); ++i)
      for (int k = 0; k < b.count(i); ++k) user_[end[b.operand(i, k)]++] = i;
  }

  /// Node i gets a place in memory.
  constexpr void pin(int node) {
    if (view_of_[node] >= 0) return;
    pinned[node] = 1;
    const bool constant = step_of[node] < 0;
    if (constant) add_to_loop(node, 0, 0);
    if (buffer_of[node] >= 0) return;
    buffer_of[node] = new_buffer(elements_of(contiguous(size_of.used, b.shape(node))));
    if (constant && regions > 0) place_early(buffer_of[node], 0);  // also before bodies that are there
  }

  constexpr void number_view(int node, int place) {
    view_of_[node] = views_.used;
    views_.push_back({.buffer = 0, .offset = lengths.constant(place)});
  }
  constexpr void lower_node(int i) {
    const vertex& v = b[i];
    if (v.op->what == kind::constant) return;
    if (v.op->what == kind::captured) return number_view(i, scalar_inputs.used + i);
    if (v.op->what == kind::variable) return lower_symbol(i);
    if (b.attribute(i) != 0) return lower_structural(i);
    for (int k = 0; k < extent_names.used; ++k)
      if (extent_names[k] == v.op) return number_view(i, scalar_inputs.used + captured + k);
    int first_step = 0;
    for (int k = 0; k < v.count; ++k) {
      const int x = b.operand(i, k);
      const int from = in_loop(x) && b.shape(x) == b.shape(i) ? step_of[x] : ready(x);
      if (from > first_step) first_step = from;
    }
    add_to_loop(i, first_step > region_begin ? first_step : region_begin, region);
  }
  constexpr void lower_symbol(int i) {
    const record* const op = b[i].op;
    for (int k = 0; k < scalar_inputs.used; ++k)
      if (s.inputs[scalar_inputs[k]] == op) return number_view(i, k);
    if (!op->shaped->integers) {
      view_of_[i] = views_.used;
      views_.push_back(indices(i));
    } else if (is_read_as_numbers(i)) {
      lower_structural(i);
    }
  }
  /// Whether indices are read by more than selections.
  constexpr bool is_read_as_numbers(int i) const {
    for (int r : roots_)
      if (r == i) return true;
    for (int k = first_user_.items[i]; k < first_user_.items[i + 1]; ++k) {
      const record* const op = b[user_.items[k]].op;
      if (op->shaped == nullptr || !op->shaped->selects || b.operand(user_.items[k], 0) == i) return true;
    }
    return false;
  }
  /// Strides of what is stored by columns.
  constexpr void turn(array_view& v) {
    for (int axis = 0, size = length_table::one; axis < v.rank; ++axis) {
      v.stride[axis] = size;
      size = lengths.times(size, v.extent[axis]);
    }
  }
  constexpr void lower_structural(int i) {
    for (int k = s.rule_count - 1; k >= 0; --k)
      if (s.rules[k].op == b[i].op) return s.rules[k].lower(*this, i);
  }

  constexpr int new_loop(int space, int own_region = 0) {
    region_of.push_back(own_region);
    kernel_of.push_back(-1);
    space_of.push_back(space);
    first_word.push_back(words.used);
    node_of_step.push_back(-1);
    return kernel_of.used - 1;
  }
  /// The first loop of its shape that its operands allow.
  constexpr void add_to_loop(int i, int first_step, int own_region) {
    int step = first_step;
    while (step < space_of.used && (space_of[step] != b.shape(i) || region_of[step] != own_region)) ++step;
    if (step == space_of.used) new_loop(b.shape(i), own_region);
    step_of[i] = step;
    ready_[i] = step + 1;
  }

  /// A node that only later loops need is computed there, unless more arrays are stored then: 1 - t^2 where
  /// the derivative needs it, not where t is made.
  constexpr void move_down() {
    for (int i = b.size() - 1; i >= 0; --i) {
      if (!in_loop(i) || pinned[i] != 0) continue;
      const int from = step_of[i];
      int to = kernel_of.used;
      for (int k = first_user_[i]; k < first_user_[i + 1]; ++k)
        if (const int user = user_[k]; in_loop(user) && step_of[user] < to)
          to = b.shape(user) == b.shape(i) ? step_of[user] : from;
      if (to == from || to == kernel_of.used || region_of[to] != region_of[from]) continue;
      const int before = stored_around(i);
      step_of[i] = to;
      if (stored_around(i) > before) step_of[i] = from;
    }
  }
  constexpr int stored_around(int i) const {
    int count = is_stored(i);
    for (int k = 0; k < b.count(i); ++k) count += in_loop(b.operand(i, k)) && is_stored(b.operand(i, k));
    return count;
  }

  /// Whether a node's step may add to an output, where others then do not find the node's elements: a loop,
  /// or a kernel that adds where its first word is `adding` instead of `adds_from`.
  constexpr bool can_add(int node) {
    int readers = 0;
    for (int r : roots_) readers += r == node;
    if (readers > 1) return false;
    for (int k = first_user_[node]; k < first_user_[node + 1]; ++k)
      if (!in_loop(node) || step_of[user_[k]] != step_of[node]) return false;
    if (in_loop(node)) return true;
    const structural_rule& rule = s.rules[kernel_of[step_of[node]]];
    int& word = words[first_word[step_of[node]]];
    if (rule.adding == 0 || word != rule.adds_from) return false;
    word = rule.adding;
    return true;
  }
  /// An output that is computed by a step is written where it goes; others are copied.
  constexpr void place_outputs() {
    buffer<char> placed(b.size());
    const int steps = kernel_of.used;
    copy_to.assign(steps, -1);
    output_of.assign(size_of.used, -1), adds.assign(size_of.used, 0);
    for (int r = 0; r < roots_.used; ++r) {
      const int node = roots_.items[r];
      const bool by_columns = s.is_by_columns(array_inputs.used + r);
      const bool is_added = s.is_added(r);
      if (step_of[node] >= 0 && placed[node] == 0 && !by_columns && (!is_added || can_add(node))) {
        placed[node] = 1;
        output_of[buffer_of[node]] = r;
        adds[buffer_of[node]] = is_added;
        continue;
      }
      const int step = new_loop(b.shape(node));
      node_of_step[step] = node;
      copy_to.push_back(r);
    }
  }

 public:
  /// Where output r is written as a whole.
  constexpr array_view output_view(int r) {
    array_view v = contiguous(first_output + r, b.shape(roots_.items[r]));
    if (s.is_by_columns(array_inputs.used + r)) turn(v);
    return v;
  }

 private:
  const buffer<int>& roots_;
  const array_signature& s;
  buffer<int> first_user_, user_, ready_, view_of_;
  buffer<array_view> views_;
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
