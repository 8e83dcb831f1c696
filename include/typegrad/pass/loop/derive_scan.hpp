// SPDX-License-Identifier: BSL-1.0
// Derivatives of loops. Tangents and adjoints of a loop are loops themselves, linear ones, whose bodies are
// made by the sweeps of pass/derive.hpp over new bound symbols. What they need of the loop's own steps it
// gives out, as sequences for them; or, where it is to recompute, they compute it again from the carried
// arrays.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../../array/arg_max.hpp"
#include "../../array/differentiate.hpp"
#include "../../primitive/activation.hpp"
#include "../../primitive/hyperbolic.hpp"
#include "../derive.hpp"
#include "join_loops.hpp"

namespace tg::detail {

/// A loop that is made from the steps of another one and runs beside it or backwards.
class linear_loop {
 public:
  constexpr linear_loop(builder& graph, const structural_call& call, int scan)
      : b{graph},
        s{graph, call.attribute},
        scan_{scan},
        level_{free_level(graph)},
        open_{graph, s.level, level_} {
    parts.level = s.level, parts.steps = s.steps, parts.flags = s.flags;
    for (int k = 0; k < s.emitted; ++k) given_.push_back(b.operand(scan_, s.output(k)));
  }

  /// A new carried array that begins with a node, and a new sequence; what stands for them.
  constexpr int add_carry(int shape, int first) {
    firsts_.push_back(broadcast(b, first, shape));
    from_.push_back(bound_symbol(b, level_, carry_symbol, parts.carries, shape));
    to_.push_back(bound_symbol(b, s.level, carry_symbol, parts.carries++, shape));
    return from_.back();
  }
  constexpr int add_sequence(int sequence) {
    const int shape = shape_of_step(b, b.shape(sequence));
    sequences_.push_back(sequence);
    from_.push_back(bound_symbol(b, level_, step_symbol, parts.sequences, shape));
    to_.push_back(bound_symbol(b, s.level, step_symbol, parts.sequences++, shape));
    return from_.back();
  }
  /// The symbol of the loop itself for a carried array, and for a sequence.
  constexpr int own_carry(int k) {
    return bound_symbol(b, s.level, carry_symbol, k, b.shape(b.operand(scan_, k)));
  }
  constexpr int own_step(int k) {
    return bound_symbol(b, s.level, step_symbol, k,
                        shape_of_step(b, b.shape(b.operand(scan_, s.sequence(k)))));
  }

  constexpr void add_root(int x, int shape) { roots_.push_back(broadcast(b, x, shape)); }
  /// The sum of a node over the steps, carried from step to step; its number among the results.
  constexpr int add_sum(int x, int shape) {
    const int before = add_carry(shape, zero_node);
    add_root(add(b, before, x), shape);
    return roots_.used - 1;
  }
  /// Something that the steps give out; its number among the results.
  constexpr int add_output(int x) {
    roots_.push_back(x);
    ++parts.emitted;
    return roots_.used - 1;
  }

  /// The number of a node of the new loop among its results.
  constexpr int output_of(int x) {
    for (int k = 0; k < outputs_.used; ++k)
      if (outputs_[k] == x) return output_number_[k];
    outputs_.push_back(x);
    output_number_.push_back(add_output(x));
    return output_number_.back();
  }

  /// The loop. What it needs of the other one's steps become sequences.
  constexpr int build() {
    buffer<int> saved;
    if ((s.flags & recomputes) == 0) write_slopes_by_values();
    find_saved(saved);
    for (int x : saved) {
      from_.push_back(x);
      to_.push_back(bound_symbol(b, s.level, step_symbol, parts.sequences++, b.shape(x)));
      give_out(x);
    }
    make_other();
    for (int x : saved) sequences_.push_back(values_of(x));
    rebind(b, roots_, open_, from_, to_);
    buffer<int> args;
    for (const buffer<int>* part : {&firsts_, &sequences_, &roots_})
      for (int x : *part) args.push_back(x);
    return made_ = make_scan(b, parts, args);
  }

  builder& b;
  const scan_parts s;
  scan_parts parts;

  /// A node of the body summed over the steps. The factors of a product are given out by the steps and
  /// multiplied at once. To be called twice: before build(), which notes what is to be given out, and after
  /// it.
  constexpr int summed(int x) {
    if (open_[x] == 0) return multiply(b, length_node(b, s.steps), x);
    switch (b.what(x)) {
      case kind::negate:
        return negate(b, summed(b.operand(x, 0)));
      case kind::add: {
        int sum = zero_node;
        for (int k = 0; k < b.count(x); ++k) sum = add(b, sum, summed_in(b.operand(x, k), b.shape(x)));
        return sum;
      }
      case kind::multiply: {
        int steady = one_node, inner = -1, count = 0;
        for (int k = 0; k < b.count(x); ++k)
          if (const int y = b.operand(x, k); open_[y] == 0)
            steady = multiply(b, steady, y);
          else
            inner = y, ++count;
        if (count == 1 && steady != one_node) return multiply(b, steady, summed_in(inner, b.shape(x)));
        break;
      }
      default:
        break;
    }
    return is_contraction(b, x) ? summed_product(x) : summed_array(x);
  }

 private:
  constexpr int summed_product(int x) {
    const call_of_node call(b, x);
    const contraction_labels l(b, b.attribute(x));
    contraction c(b, l, call.declared);
    const int time = c.add_label(s.steps);
    for (int axis = 0; axis < l.rank(-1); ++axis) c.add_result(l.at(-1, axis));
    for (int k = 0; k < l.operands(); ++k) {
      buffer<int> own;
      if (open_[call.args[k]] != 0) own.push_back(time);
      for (int axis = 0; axis < l.rank(k); ++axis) own.push_back(l.at(k, axis));
      add_factor(c, call.args[k], own);
    }
    return made_ < 0 ? int{zero_node} : c.build();
  }
  constexpr int summed_array(int x) {
    contraction c(b);
    buffer<int> own;
    own.push_back(c.add_label(s.steps));
    for (int axis = 0; axis < b.lists.rank(b.shape(x)); ++axis) {
      own.push_back(c.add_label(b.lists.at(b.shape(x), axis)));
      c.add_result(own.back());
    }
    add_factor(c, x, own);
    return made_ < 0 ? int{zero_node} : c.build();
  }
  constexpr int summed_in(int x, int shape) {
    const int sum = summed(x);
    return sum == zero_node ? sum : broadcast(b, sum, shape);
  }
  /// Multiplies by all values of a node; before the loop is made, notes that they are to be given out.
  constexpr void add_factor(contraction& c, int x, const buffer<int>& labels) {
    const bool own = open_[x] > 1 || (open_[x] == 1 && !is_bound(b, x) && (s.flags & recomputes) != 0);
    if (made_ < 0)
      open_[x] == 0 ? void() : own ? void(output_of(x)) : give_out(x);
    else
      c.add(open_[x] == 0 ? x : own ? result_of(b, made_, output_of(x)) : values_of(x), labels);
  }
  /// Nodes of the other loop's body are computed there, but for what costs nothing, and for indices, which
  /// as numbers that were given out would be none.
  constexpr bool is_saved(int x) const {
    if (is_bound(b, x)) return true;
    const record* const op = b[x].op;
    return (s.flags & recomputes) == 0 && b.what(x) != kind::condition && b.what(x) != kind::negate &&
           op != known<op::broadcast<>> && !is_scan(b, x) &&
           b[without_reshapes(b, x)].op != known<op::argmax<>> && (x >= again_.used || again_.items[x] == 0);
  }
  /// Slopes by what their functions give, which is kept anyway: s (1 - s) of a sigmoid, 1 - t^2 of tanh.
  constexpr void write_slopes_by_values() {
    buffer<int> from, to;
    for (int x = open_.first(), n = b.size(); x < n; ++x) {
      if (open_[x] != 1) continue;
      const int before = b.size();
      if (b[x].op == known<op::tanh_slope>) {
        const int t = b.operand(x, 1);
        from.push_back(x), to.push_back(add(b, one_node, negate(b, multiply(b, t, t))));
      } else if (b[x].op == known<op::sigmoid_slope>) {
        if (const int v = make<op::sigmoid>(b, b.operand(x, 0)); v < before)
          from.push_back(x), to.push_back(multiply(b, v, add(b, one_node, negate(b, v))));
      }
    }
    if (from.used > 0) rebind(b, roots_, open_, from, to);
  }
  /// What is to be given out; of that nothing that a few additions and multiplications make of the rest.
  constexpr void find_saved(buffer<int>& saved) {
    again_.clear();
    list_saved(saved);
    buffer<char> at_hand(b.size());
    for (const buffer<int>* part : {&saved, &given_})
      for (int x : *part) at_hand[x] = 1;
    for (int k = 0; k < s.carries; ++k)  // states whose values before each step are kept
      for (int x : saved)
        if (is_carry(x, k)) at_hand[b.operand(scan_, s.root(k))] = 1;
    again_.zeros(b.size());
    bool any = false;
    for (int k = saved.used; k-- > 0;)
      if (can_be_made(saved[k], at_hand, 0)) make_again(saved[k], at_hand, 0), any = true;
    if (any) saved.clear(), list_saved(saved);
  }
  constexpr bool is_carry(int x, int k) const {
    return is_bound(b, x) && b.lists.at(b.attribute(x), 1).is(carry_symbol) &&
           b.lists.at(b.attribute(x), 2).is(k);
  }
  constexpr bool can_be_made(int x, const buffer<char>& at_hand, int depth) {
    if (open_[x] == 0 || is_step(x) || (depth > 0 && at_hand.items[x] != 0)) return true;
    const kind what = b.what(x);
    const bool cheap =
        what == kind::add || what == kind::multiply || what == kind::negate ||
        (what == kind::power && b.is_constant(b.operand(x, 1)) && b.value(b.operand(x, 1)).is(2));
    if (!cheap || open_[x] != 1 || depth > 3) return false;
    for (int k = 0; k < b.count(x); ++k)
      if (!can_be_made(b.operand(x, k), at_hand, depth + 1)) return false;
    return true;
  }
  constexpr void make_again(int x, const buffer<char>& at_hand, int depth) {
    if (open_[x] == 0 || (depth > 0 && at_hand.items[x] != 0)) return;
    again_[x] = 1;
    for (int k = 0; k < b.count(x); ++k) make_again(b.operand(x, k), at_hand, depth + 1);
  }
  constexpr void list_saved(buffer<int>& saved) {
    const int n = b.size();
    buffer<char> needed(n);
    for (int r : roots_) needed[r] = 1;
    for (int i = n - 1; i >= 0; --i) {
      if (needed[i] == 0 || open_[i] == 0) continue;
      if (open_[i] == 1 && is_saved(i)) {
        saved.push_back(i);
        continue;
      }
      const body_operands body(b, i);
      for (int k = 0; k < b.count(i); ++k)
        if (!body.contains(k)) needed[b.operand(i, k)] = 1;
    }
  }
  constexpr bool is_step(int x) const {
    return is_bound(b, x) && b.lists.at(b.attribute(x), 1).is(step_symbol);
  }
  constexpr void give_out(int x) {
    if (is_step(x)) return;
    for (int each : given_)
      if (each == x) return;
    given_.push_back(x);
  }
  /// The other loop with all that it gives out now.
  constexpr void make_other() {
    if (given_.used == s.emitted) return;
    scan_parts more = s;
    more.emitted = given_.used;
    buffer<int> args;
    for (int k = 0; k < s.output(0); ++k) args.push_back(b.operand(scan_, k));
    for (int x : given_) args.push_back(x);
    scan_ = make_scan(b, more, args);
  }
  constexpr int values_of(int x) const {
    if (is_step(x)) return b.operand(scan_, s.sequence(b.lists.at(b.attribute(x), 2).size));
    int k = 0;
    while (given_.items[k] != x) ++k;
    return result_of(b, scan_, s.carries + k);
  }

  int scan_, level_, made_ = -1;
  open_nodes open_;
  buffer<char> again_;  // nodes of the other loop's body that are computed here once more
  buffer<int> given_;   // of the other loop: what its steps give out
  buffer<int> firsts_, sequences_, roots_, from_, to_, outputs_, output_number_;
};

/// The adjoints of results, from those of a loop.
constexpr void take_apart(const builder& b, int adjoint, buffer<int>& of_result) {
  if (b[adjoint].op == known<op::result_adjoint>)
    of_result[b.lists.at(b.attribute(adjoint), 0).size] = b.operand(adjoint, 0);
  else
    for (int k = 0; k < b.count(adjoint); ++k) take_apart(b, b.operand(adjoint, k), of_result);
}

/// Backwards: carries the adjoints of the carried arrays.
constexpr void pull_scan(builder& b, const structural_call& call, int self, int adjoint,
                         const buffer<char>& active, buffer<int>& contributions) {
  linear_loop loop(b, call, self);
  const scan_parts& s = loop.s;
  loop.parts.flags ^= runs_backwards;
  buffer<int> of_result(s.results(), zero_node), outputs, seeds, inputs, adjoints;
  take_apart(b, adjoint, of_result);
  for (int k = 0; k < s.carries; ++k) {
    outputs.push_back(call.args[s.root(k)]);
    seeds.push_back(loop.add_carry(call.declared[k], of_result[k]));
  }
  for (int k = 0; k < s.emitted; ++k)
    if (of_result[s.carries + k] != zero_node) {
      outputs.push_back(call.args[s.output(k)]);
      seeds.push_back(loop.add_sequence(of_result[s.carries + k]));
    }
  const auto is_active = [&](int k) { return active.items[call.args[k]] != 0; };
  for (int k = 0; k < s.carries; ++k) inputs.push_back(loop.own_carry(k));
  for (int k = 0; k < s.sequences; ++k) inputs.push_back(is_active(s.sequence(k)) ? loop.own_step(k) : -1);
  for (int k = s.reads(); k < call.args.used; ++k) inputs.push_back(is_active(k) ? call.args[k] : -1);
  reverse(b, outputs, seeds, inputs, adjoints);

  contributions.assign(call.args.used, zero_node);
  for (int k = 0; k < s.carries; ++k) loop.add_root(adjoints[k], call.declared[k]);
  const int before = s.carries + s.sequences - s.reads();
  const bool as_it_runs = (s.flags & sums_as_it_runs) != 0;
  buffer<int> sum(call.args.used, -1), number(s.sequences, -1);
  for (int k = s.reads(); k < call.args.used; ++k)
    if (is_active(k) && as_it_runs) sum[k] = loop.add_sum(adjoints[before + k], call.declared[k]);
  for (int k = 0; k < s.sequences; ++k)
    if (const int x = adjoints[s.sequence(k)]; is_active(s.sequence(k)) && x != zero_node)
      number[k] = loop.output_of(broadcast(b, x, b.shape(loop.own_step(k))));
  for (int k = s.reads(); k < call.args.used; ++k)
    if (is_active(k) && !as_it_runs) loop.summed(adjoints[before + k]);
  const int made = loop.build();
  for (int k = 0; k < s.carries; ++k) contributions[k] = result_of(b, made, k);
  for (int k = 0; k < s.sequences; ++k)
    if (number[k] >= 0) contributions[s.sequence(k)] = result_of(b, made, number[k]);
  for (int k = s.reads(); k < call.args.used; ++k)
    if (is_active(k))
      contributions[k] = as_it_runs ? result_of(b, made, sum[k]) : loop.summed(adjoints[before + k]);
}

/// Beside the loop: carries the tangents of the carried arrays. Its results are those of the loop.
constexpr int push_scan(builder& b, const structural_call& call, int self, const buffer<int>& tangent) {
  linear_loop loop(b, call, self);
  const scan_parts& s = loop.s;
  buffer<int> inputs, seeds, outputs, tangents;
  const auto tangent_of = [&](int k) {
    return call.args[k] < tangent.used ? tangent.items[call.args[k]] : -1;
  };
  for (int k = 0; k < s.carries; ++k) {
    inputs.push_back(loop.own_carry(k));
    seeds.push_back(loop.add_carry(call.declared[k], tangent_of(k) < 0 ? int{zero_node} : tangent_of(k)));
  }
  for (int k = 0; k < s.sequences; ++k)
    if (const int t = tangent_of(s.sequence(k)); t >= 0) {
      inputs.push_back(loop.own_step(k));
      seeds.push_back(loop.add_sequence(broadcast(b, t, call.declared[s.sequence(k)])));
    }
  for (int k = s.reads(); k < call.args.used; ++k)
    if (const int t = tangent_of(k); t >= 0) inputs.push_back(call.args[k]), seeds.push_back(t);
  for (int k = s.root(0); k < s.reads(); ++k) outputs.push_back(call.args[k]);
  forward(b, inputs, seeds, outputs, tangents);
  for (int k = 0; k < s.carries; ++k) loop.add_root(tangents[k], call.declared[k]);
  for (int k = 0; k < s.emitted; ++k)
    loop.add_output(broadcast(b, tangents[s.carries + k], call.declared[s.output(k)]));
  return loop.build();
}

inline constexpr structure scan_structure{.algebra = &arrays_of_formulas,
                                          .infer = &infer_scan,
                                          .construct = &build_scan,
                                          .pull_all = &pull_scan,
                                          .push_all = &push_scan,
                                          .join = &join_loops,
                                          .separate = &separate_loops};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
