// SPDX-License-Identifier: BSL-1.0
// The loop as a node. A scan has as operands what it begins with, its sequences, its body (the carried arrays
// after a step, and what a step gives out), and what the body reads from outside. Its results are nodes of
// their own: the last value of a carried array, and what the steps gave out, the steps first.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "body.hpp"

namespace tg::detail {

extern const structure scan_structure;
extern const structure result_structure;

}  // namespace tg::detail

namespace tg::op {

/// scan<level, carried, sequences, outputs, flags, steps>.
template <auto... Attributes>
struct scan : attributes_in_type {
  static constexpr std::string_view name = "scan";
};
template <>
struct scan<> {
  static constexpr std::string_view name = "scan";
  static constexpr bool built_in = true;
  static constexpr tg::facts facts{.calls = 0};
  static constexpr const detail::structure& shaped = detail::scan_structure;
};
/// One result of a loop, by its number: carried arrays at the end, then outputs.
template <auto... Number>
struct result : attributes_in_type {
  static constexpr std::string_view name = "result";
};
template <>
struct result<> {
  static constexpr std::string_view name = "result";
  static constexpr bool built_in = true;
  static constexpr tg::facts facts{.calls = 0};
  static constexpr const detail::structure& shaped = detail::result_structure;
};
/// The adjoint of one result as a part of the adjoint of its loop, while a reverse sweep runs.
struct result_adjoint {
  static constexpr std::string_view name = "result_adjoint";
  static constexpr bool built_in = true;
  static constexpr tg::facts facts{.calls = 0};
  static constexpr detail::structure shaped{.algebra = &detail::arrays_of_formulas};
};

}  // namespace tg::op

namespace tg::detail {

/// The last one: adjoints of what the body reads are summed from step to step, not by one product afterwards,
/// which would keep its factors of all steps.
enum scan_flags : int { runs_backwards = 1, recomputes = 2, sums_as_it_runs = 4 };

/// The operands of a scan by what they are, and its attributes.
struct scan_parts {
  constexpr scan_parts() = default;
  constexpr scan_parts(const builder& b, int attribute)
      : level{b.lists.at(attribute, 0).size},
        carries{b.lists.at(attribute, 1).size},
        sequences{b.lists.at(attribute, 2).size},
        emitted{b.lists.at(attribute, 3).size},
        flags{b.lists.at(attribute, 4).size},
        steps{b.lists.at(attribute, 5)} {}

  constexpr int sequence(int k) const { return carries + k; }
  constexpr int root(int k) const { return carries + sequences + k; }
  constexpr int output(int k) const { return 2 * carries + sequences + k; }
  constexpr int reads() const { return 2 * carries + sequences + emitted; }
  constexpr int results() const { return carries + emitted; }

  constexpr int attribute(builder& b) const {
    buffer<extent> list;
    for (int each : {level, carries, sequences, emitted, flags}) list.push_back(as_extent(each));
    list.push_back(steps);
    return b.lists.find(list);
  }

  int level = 0, carries = 0, sequences = 0, emitted = 0, flags = 0;
  extent steps{};
};
constexpr bool is_scan(const builder& b, int i) { return b[i].op == known<op::scan<>>; }
constexpr bool is_result(const builder& b, int i) { return b[i].op == known<op::result<>>; }

/// A scan as a whole has no elements.
constexpr int shape_of_scan(builder& b) {
  buffer<extent> none;
  none.push_back(as_extent(0));
  return b.lists.find(none);
}
constexpr int infer_scan(builder& b, const structural_call&) { return shape_of_scan(b); }
/// What the body reads is found anew, since algebra may have changed it.
constexpr int build_scan(builder& b, const structural_call& call) {
  const scan_parts s(b, call.attribute);
  buffer<int> args, roots;
  for (int k = 0; k < s.reads(); ++k) args.push_back(broadcast(b, call.args[k], call.declared[k]));
  for (int k = s.root(0); k < s.reads(); ++k) roots.push_back(args[k]);
  open_nodes open(b, s.level);
  find_reads(b, roots, open, args);
  return b.intern_structural(call.op, call.attribute, shape_of_scan(b), args);
}

/// The shape with the steps before.
constexpr int shape_of_steps(builder& b, extent steps, int shape) {
  buffer<extent> all, own;
  all.push_back(steps);
  b.lists.read(shape, own);
  for (const extent& e : own) all.push_back(e);
  return b.lists.find(all);
}
/// The shape without its first axis.
constexpr int shape_of_step(builder& b, int shape) {
  buffer<extent> all, own;
  b.lists.read(shape, all);
  for (int k = 1; k < all.used; ++k) own.push_back(all[k]);
  return b.lists.find(own);
}

constexpr int infer_result(builder& b, const structural_call& call) {
  const int scan = call.args[0], k = b.lists.at(call.attribute, 0).size;
  const scan_parts s(b, b.attribute(scan));
  return k < s.carries ? b.shape(b.operand(scan, k))
                       : shape_of_steps(b, s.steps, b.shape(b.operand(scan, s.output(k - s.carries))));
}
/// What the steps give out as it came in is the sequence; what is the same in all is given out at once.
constexpr int build_result(builder& b, const structural_call& call) {
  const int scan = call.args[0], k = b.lists.at(call.attribute, 0).size;
  const scan_parts s(b, b.attribute(scan));
  const int shape = infer_result(b, call);
  if (k >= s.carries) {
    const int x = b.operand(scan, s.output(k - s.carries));
    bool steady = b.is_constant(x);
    for (int read = s.reads(); read < b.count(scan); ++read) steady = steady || b.operand(scan, read) == x;
    if (steady) return broadcast(b, x, shape);
    if (is_bound(b, x) && b.lists.at(b.attribute(x), 1).is(step_symbol))
      return b.operand(scan, s.sequence(b.lists.at(b.attribute(x), 2).size));
  }
  return b.intern_structural(known<op::result<>>, call.attribute, shape, call.args);
}
constexpr int number_attribute(builder& b, int k) {
  buffer<extent> list;
  list.push_back(as_extent(k));
  return b.lists.find(list);
}
constexpr int result_of(builder& b, int scan, int k) {
  buffer<int> args, declared;
  args.push_back(scan), declared.push_back(b.shape(scan));
  return build_result(b, {known<op::result<>>, number_attribute(b, k), args, declared});
}
constexpr int pull_result(builder& b, const structural_call& call, int self, int, int adjoint) {
  buffer<int> args;
  args.push_back(broadcast(b, adjoint, b.shape(self)));
  return b.intern_structural(known<op::result_adjoint>, call.attribute, shape_of_scan(b), args);
}
/// The tangent of a loop is a loop with the tangents of its results.
constexpr int push_result(builder& b, const structural_call& call, int, int, int tangent) {
  return result_of(b, tangent, b.lists.at(call.attribute, 0).size);
}
inline constexpr structure result_structure{.algebra = &arrays_of_formulas,
                                            .infer = &infer_result,
                                            .construct = &build_result,
                                            .pull = &pull_result,
                                            .push = &push_result};

/// A scan with these operands, the reads excepted.
constexpr int make_scan(builder& b, const scan_parts& s, const buffer<int>& args) {
  buffer<int> declared;
  for (int x : args) declared.push_back(b.shape(x));
  return build_scan(b, {known<op::scan<>>, s.attribute(b), args, declared});
}

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
