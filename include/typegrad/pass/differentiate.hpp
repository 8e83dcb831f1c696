// SPDX-License-Identifier: BSL-1.0
// The derivatives of a graph's outputs in their final form: both modes of pass/derive.hpp where both apply,
// the cheaper kept, what cancels cancelled, related exponentials related.
#pragma once
#include "../support/compiler/begin.hpp"

#include "../primitive/exponential.hpp"
#include "cancel.hpp"
#include "cost.hpp"
#include "derive.hpp"
#include "expand.hpp"
#include "relate.hpp"
#include "simplify.hpp"

namespace tg {

namespace detail {

/// d out[r] / d x[c] for all r and c, row-major, by one reverse sweep per row.
template <class = void>
constexpr void jacobian_reverse(builder& b, const buffer<int>& out, const buffer<int>& x,
                                buffer<int>& entries) {
  buffer<int> row, one, adjoints;
  one.push_back(one_node);
  entries.clear();
  for (int r : out) {
    row.clear();
    row.push_back(r);
    reverse(b, row, one, x, adjoints);
    for (int a : adjoints) entries.push_back(a);
  }
}

/// The same by one forward sweep per column; false if the graph gets larger than `limit`.
template <class = void>
constexpr bool jacobian_forward(builder& b, const buffer<int>& out, const buffer<int>& x,
                                buffer<int>& entries, int limit) {
  buffer<int> input, one, tangents;
  one.push_back(one_node);
  entries.assign(out.size() * x.size(), 0);
  for (int c = 0; c < x.size(); ++c) {
    input.clear();
    input.push_back(x[c]);
    if (!forward(b, input, one, out, tangents, limit)) return false;
    for (int r = 0; r < out.size(); ++r) entries[r * x.size() + c] = tangents[r];
  }
  return true;
}

/// Copies what `keep` needs; both lists move along.
constexpr void copy_graph(const builder& from, builder& to, buffer<int>& keep) {
  to.limited = to.limited || from.limited;
  buffer<int> image(from.size());
  buffer<char> needed;
  mark_needed(from, from.size(), keep, needed);
  for (int i = 0; i < from.size(); ++i)
    if (needed[i] != 0) image.items[i] = to.copy(from, i, image);
  for (int& k : keep) k = image[k];
}

/// The Jacobian by one mode, in canonical form in a graph of its own.
class one_mode {
 public:
  template <class Rows>
  constexpr bool run(const builder& b, const buffer<int>& out, const buffer<int>& x, bool forward_mode,
                     int limit) {
    builder derived;
    buffer<int> keep, outputs, inputs;
    for (int o : out) keep.push_back(o);
    for (int v : x) keep.push_back(v);
    copy_graph(b, derived, keep);
    for (int k = 0; k < keep.size(); ++k) (k < out.size() ? outputs : inputs).push_back(keep[k]);
    if (!forward_mode)
      jacobian_reverse(derived, outputs, inputs, entries);
    else if (!jacobian_forward(derived, outputs, inputs, entries, limit))
      return false;
    size = derived.size();
    simplify<Rows>(derived, graph, entries);
    return true;
  }

  builder graph;
  buffer<int> entries;
  int size = 0;  // before it was simplified
};

/// The Jacobian by the cheaper of the two modes; returns whether it is in canonical form. With one output
/// reverse is at most a small multiple of the function, and forward is tried only as long as it stays below
/// that.
template <class Rows = void>
constexpr bool jacobian_cheaper(builder& b, const buffer<int>& out, const buffer<int>& x,
                                buffer<int>& entries) {
  const bool few_outputs = x.size() > 3 * out.size();
  const bool either = x.size() == 1 || few_outputs;
  if (either || b.size() > budgets::both_modes) {
    b.limited = b.limited || !either;
    // Decided by the number of sweeps; above 250 nodes it is too much to build both ways in one evaluation.
    if (x.size() > 1 && x.size() >= out.size())
      jacobian_reverse(b, out, x, entries);
    else
      jacobian_forward(b, out, x, entries, 1 << 30);
    return false;
  }
  one_mode by_reverse, by_forward;
  by_reverse.template run<Rows>(b, out, x, false, 0);
  const bool take_forward =
      by_forward.template run<Rows>(b, out, x, true, 4 * by_reverse.size + 64) &&
      weight(by_forward.graph, by_forward.entries) < weight(by_reverse.graph, by_reverse.entries);
  one_mode& taken = take_forward ? by_forward : by_reverse;
  copy_graph(taken.graph, b, taken.entries);
  entries.clear();
  for (int v : taken.entries) entries.push_back(v);
  return true;
}

/// Runs a pass; returns whether it has moved one of the roots.
template <class Pass>
constexpr bool changes(buffer<int>& roots, Pass pass) {
  buffer<int> old_roots;
  for (int r : roots) old_roots.push_back(r);
  pass();
  for (int k = 0; k < roots.size(); ++k)
    if (roots[k] != old_roots[k]) return true;
  return false;
}

template <class Rows>
constexpr void simplify_in_place(builder& b, buffer<int>& roots) {
  builder simple(b.size());
  simplify<Rows>(b, simple, roots);
  copy_graph(simple, b, roots);
}

constexpr bool too_long_to_shorten(builder& b) {
  b.limited = b.limited || b.size() >= budgets::shortened;
  return b.size() >= budgets::shortened;
}

/// Relates the exponentials of the derivatives among the outputs of a program, all in canonical form. Within
/// one derivative that has been done; but two of them may each hold one of a pair.
template <class Rows = void>
constexpr void relate_derivatives(builder& b, buffer<int>& roots, const buffer<bool>& derived) {
  if (too_long_to_shorten(b)) return;
  buffer<int> some;
  for (int k = 0; k < roots.size(); ++k)
    if (derived[k]) some.push_back(roots[k]);
  if (!changes(some, [&] { relate_exponentials(b, some, known<op::exp>, known<op::log>); })) return;
  int next = 0;
  for (int k = 0; k < roots.size(); ++k)
    if (derived[k]) roots[k] = some[next++];
  simplify_in_place<Rows>(b, roots);
  cancel(b, roots);
}

/// The derivatives of one output by `x`, where there are arrays: of a number in the shapes of the symbols, of
/// an array by numbers in its own. (An array is not differentiated by an array here; nothing chooses those
/// entries.)
constexpr void differentiate_arrays(builder& b, const buffer<int>& out, const buffer<int>& x,
                                    buffer<int>& entries) {
  const int shape = b.shape(out[0]);
  if (shape == 0) {
    jacobian_reverse(b, out, x, entries);
    for (int k = 0; k < x.size(); ++k) entries[k] = b.arrays->broadcast(b, entries[k], b.shape(x[k]));
    return;
  }
  buffer<int> input, one, tangents;
  one.push_back(one_node);
  for (int symbol : x) {
    input.clear(), tangents.clear();
    input.push_back(symbol);
    if (b.shape(symbol) == 0) forward(b, input, one, out, tangents);
    entries.push_back(b.arrays->broadcast(b, tangents.size() == 0 ? int{zero_node} : tangents[0], shape));
  }
}

/// The derivatives of `out` by `x`, row by row; returns whether they are in canonical form. What cancels is
/// cancelled before the next derivative is taken: afterwards its parts are no longer alike.
template <class Rows = void>
constexpr bool differentiate(builder& b, const buffer<int>& out, const buffer<int>& x, buffer<int>& entries) {
  const bool canonical = jacobian_cheaper<Rows>(b, out, x, entries);
  if (too_long_to_shorten(b)) return canonical;
  if (changes(entries, [&] { relate_exponentials(b, entries, known<op::exp>, known<op::log>); }) ||
      !canonical)
    simplify_in_place<Rows>(b, entries);
  return !changes(entries, [&] { cancel(b, entries); });
}

}  // namespace detail

}  // namespace tg

#include "../support/compiler/end.hpp"
