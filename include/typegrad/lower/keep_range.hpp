// SPDX-License-Identifier: BSL-1.0
// Operations whose parts leave the range of the number type before the whole does, in a form that does not:
// sqrt(1 + x^2), with which the derivatives of asinh are written, is |x| where x^2 is infinite, and in
// x^k exp(-x^2), with which those of erf are, the exponential comes first, so that it makes 0 of x before x^k
// is infinite. Part of what is done before a program is emitted.
#pragma once
#include "../support/compiler/begin.hpp"

#include "../pass/rewrite.hpp"
#include "../primitive/exponential.hpp"
#include "../support/select.hpp"

namespace tg {

namespace detail::evaluated {

/// The root of s = 1 + x^2, with x as second operand: never above 1 + |x|, which is what it is rounded to
/// where s is infinite.
struct far_root : rules {
  static constexpr std::string_view name = "far_root";
  static constexpr int arity = 2;
  /// None: it is made after the last derivative.
  static constexpr void graph_partials(detail::builder&, const detail::rule_call&) {}
  template <class T>
  static constexpr T value(const T& s, const T& x) {
    using std::abs;
    using std::sqrt;
    const T root = static_cast<T>(sqrt(s));
    if constexpr (Ordered<T>) {
      const T bound = static_cast<T>(T(1) + abs(x));
      return select(bound < root, bound, root);  // where they are equal, the root has the derivatives
    } else {
      return root;
    }
  }
};

}  // namespace detail::evaluated

namespace detail {

/// The x of the sum 1 + x^2; -1 if it is no such sum. `of` asks for one x, beside any positive constant and
/// next to any further terms.
constexpr int squared_beside_constant(const builder& b, int sum, int of = -1) {
  if (b.what(sum) != kind::add || !b.is_constant(b.operand(sum, 0)) ||
      b.value(b.operand(sum, 0)).is_negative())
    return -1;
  if (of < 0 && (b.count(sum) != 2 || b.operand(sum, 0) != one_node)) return -1;
  for (int k = 1; k < b.count(sum); ++k)
    if (const int square = b.operand(sum, k);
        b.what(square) == kind::power && b.value(b.operand(square, 1)).is(2))
      if (const int x = b.operand(square, 0); of < 0 || of == x) return x;
  return -1;
}

/// sqrt(s), where `original` is s before it was rewritten for evaluation.
constexpr int far_root_of(builder& b, int original, int s, const buffer<int>& image) {
  const int x = squared_beside_constant(b, original);
  return x < 0 ? root(b, s) : b.intern(known<evaluated::far_root>, s, image[x]);
}

/// Whether `inner` is in x, a few levels down.
constexpr bool has_node(const builder& b, int x, int inner, int levels = budgets::near_levels) {
  if (x == inner) return true;
  for (int k = 0; k < b.count(x) && levels > 0; ++k)
    if (has_node(b, b.operand(x, k), inner, levels - 1)) return true;
  return false;
}

/// The exponential in product i that has the square of a power's base in its exponent; the power's place is
/// `at`. -1 if there is none.
constexpr int damping_factor(const builder& b, int i, int& at) {
  if (b.what(i) != kind::multiply) return -1;
  for (int k = 0; k < b.count(i); ++k) {
    const int p = b.operand(i, k);
    if (b.what(p) != kind::power || !b.value(b.operand(p, 1)).is_integer() || b.value(b.operand(p, 1)).n > 4)
      continue;
    for (int j = 0; j < b.count(i); ++j)
      if (const int f = b.operand(i, j); b[f].op == known<op::exp>)
        for (int square = b.operand(p, 0) + 1; square < f; ++square)
          if (b.what(square) == kind::power && b.operand(square, 0) == b.operand(p, 0) &&
              b.value(b.operand(square, 1)).is(2) && has_node(b, b.operand(f, 0), square))
            return at = k, f;
  }
  return -1;
}

/// Rewrites the roots and products of a graph that is about to be emitted; `roots` moves along, and so do the
/// products that `whole` marks. One sweep.
constexpr void keep_range(builder& b, buffer<int>& roots, buffer<char>& whole) {
  const int n = b.size();
  int at = 0;
  const auto concerns = [&](int i) {
    return (b.what(i) == kind::root && squared_beside_constant(b, b.operand(i, 0)) >= 0) ||
           damping_factor(b, i, at) >= 0;
  };
  bool any = false;
  for (int i = 0; i < n && !any; ++i) any = concerns(i);
  if (!any) return;
  buffer<int> image, factors;
  rewrite(b, roots, image, [&](int i, const buffer<int>& args, bool moved) {
    if (b.what(i) == kind::root) return far_root_of(b, b.operand(i, 0), args.items[0], image);
    const int damping = damping_factor(b, i, at);
    if (damping < 0) return moved ? b.intern(b[i].op, args) : i;
    factors.clear();
    factors.push_back(image[damping]);
    for (int k = 0; k < b.count(i); ++k) {
      const int x = b.operand(i, k);
      if (k == at)
        for (std::int64_t j = 0; j < b.value(b.operand(x, 1)).n; ++j)
          factors.push_back(image[b.operand(x, 0)]);
      else if (x != damping)
        factors.push_back(image[x]);
    }
    return b.intern(b[i].op, factors);
  });
  move_marks(b, n, image, whole);
}

}  // namespace detail

}  // namespace tg

#include "../support/compiler/end.hpp"
