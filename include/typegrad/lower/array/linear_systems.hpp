// SPDX-License-Identifier: BSL-1.0
// An inverse that is only multiplied by is not computed: each product with it is the solution of a system of
// linear equations. Formulas know inverses alone, which cancel and are differentiated by algebra.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../../array/contraction_rules.hpp"
#include "../../array/matrix.hpp"
#include "../../pass/rewrite.hpp"

namespace tg::op {

/// The inverse of the first operand times the second; its attribute is that of the contraction. Programs
/// alone have it.
struct solution {
  static constexpr std::string_view name = "solve";
  static constexpr int arity = 2;
  static constexpr bool built_in = true;
  static constexpr tg::facts facts{};
  static constexpr detail::structure shaped{.algebra = &detail::arrays_of_formulas};
};

}  // namespace tg::op

namespace tg::detail {

/// Whether the contraction i multiplies an inverse, its operand k, as a matrix by something else.
constexpr bool multiplies_inverse(const builder& b, int i, int k) {
  if (!is_contraction(b, i) || b.count(i) != 2 || b[b.operand(i, k)].op != known<op::inverse>) return false;
  const contraction_labels l(b, b.attribute(i));
  const int batch = l.rank(k) - 2, p = l.at(k, batch), q = l.at(k, batch + 1);
  buffer<int> beside(l.labels), result(l.labels);  // how often each label is there
  for (int axis = 0; axis < l.rank(1 - k); ++axis) ++beside[l.at(1 - k, axis)];
  for (int axis = 0; axis < l.rank(-1); ++axis) ++result[l.at(-1, axis)];
  for (int label = 0; label < l.labels; ++label)
    if (beside[label] > 1 || result[label] > 1 ||
        (beside[label] != result[label]) != (label == p || label == q))
      return false;
  return p != q && beside[p] != beside[q];
}
/// The attribute of the contraction with operand k first.
constexpr int labels_from(builder& b, int i, int k) {
  const contraction_labels l(b, b.attribute(i));
  buffer<extent> list;
  for (int operand : {-1, k, 1 - k}) {
    list.push_back(as_extent(l.rank(operand)));
    for (int axis = 0; axis < l.rank(operand); ++axis) list.push_back(as_extent(l.at(operand, axis)));
  }
  return b.lists.find(list);
}

/// Rewrites the graph of contractions in pairs; `roots` moves along. More than three solutions cost more than
/// one inverse.
constexpr void solve_systems(builder& b, buffer<int>& roots) {
  constexpr int most = 3;
  buffer<int> uses(b.size());
  buffer<char> needed;
  mark_needed(b, b.size(), roots, needed);
  for (int r : roots) uses[r] = most + 1;
  for (int i = 0; i < b.size(); ++i)
    for (int k = 0; needed[i] != 0 && k < b.count(i); ++k)
      uses[b.operand(i, k)] += multiplies_inverse(b, i, k) ? 1 : most + 1;
  rewrite(b, roots, [&](int i, const buffer<int>& args, bool moved) {
    for (int k = 0; k < args.used && i < uses.used; ++k)
      if (uses[b.operand(i, k)] <= most && multiplies_inverse(b, i, k)) {
        buffer<int> both;
        both.push_back(b.operand(args[k], 0)), both.push_back(args[1 - k]);
        return b.intern_structural(known<op::solution>, labels_from(b, i, k), b.shape(i), both);
      }
    if (!moved) return i;
    if (b.attribute(i) == 0) return b.intern(b[i].op, args);
    return b.intern_structural(b[i].op, b.attribute(i), b.shape(i), args);
  });
}

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
