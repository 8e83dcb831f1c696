// SPDX-License-Identifier: BSL-1.0
// Comparisons and logic. A condition is a formula too: it chooses in `where`, and evaluates to a bool (to a
// mask for a batch of numbers). Its derivative is nowhere asked for. Operator == is kept for equality of
// formulas; `equal(x, y)` compares values.
#pragma once
#include "../support/compiler/begin.hpp"

#include "rules.hpp"

namespace tg {

namespace op {

/// What a comparison of numbers without an order says, complex ones.
template <class X>
constexpr bool refuse_order() {
  return refuse<detail::join(text{"evaluate: numbers of type '"}, detail::operand_spelling<X>(),
                             text{"' have no order, which <, <=, min, max, sign, relu and the derivative of "
                                  "abs need."}),
                X>();
}

/// x < y.
struct less : rules {
  static constexpr std::string_view name = "less";
  static constexpr int arity = 2;
  static constexpr tg::facts facts{
      .relation = tg::facts::below, .calls = 0, .infix = "<", .latex = "$1 < $2", .c = "($1 < $2)"};
  template <class X, class Y>
  static constexpr auto value(const X& x, const Y& y) {
    if constexpr (requires { x < y; })
      return x < y;
    else
      return refuse_order<X>();
  }
};

/// x <= y.
struct less_equal : rules {
  static constexpr std::string_view name = "less_equal";
  static constexpr int arity = 2;
  static constexpr tg::facts facts{
      .relation = tg::facts::at_most, .calls = 0, .infix = "<=", .latex = "$1 \\le $2", .c = "($1 <= $2)"};
  template <class X, class Y>
  static constexpr auto value(const X& x, const Y& y) {
    if constexpr (requires { x <= y; })
      return x <= y;
    else
      return refuse_order<X>();
  }
};

/// x == y, as values.
struct equal : rules {
  static constexpr std::string_view name = "equal";
  static constexpr int arity = 2;
  static constexpr tg::facts facts{
      .relation = tg::facts::equals, .calls = 0, .infix = "==", .latex = "$1 = $2", .c = "($1 == $2)"};
  static constexpr auto value(const auto& x, const auto& y) { return x == y; }
};

/// Both conditions.
struct logical_and : rules {
  static constexpr std::string_view name = "logical_and";
  static constexpr int arity = 2;
  static constexpr tg::facts facts{
      .relation = tg::facts::both, .calls = 0, .infix = "&&", .latex = "$1 \\wedge $2", .c = "($1 && $2)"};
  static constexpr auto value(const auto& x, const auto& y) { return x && y; }
};

/// Either condition.
struct logical_or : rules {
  static constexpr std::string_view name = "logical_or";
  static constexpr int arity = 2;
  static constexpr tg::facts facts{
      .relation = tg::facts::either, .calls = 0, .infix = "||", .latex = "$1 \\vee $2", .c = "($1 || $2)"};
  static constexpr auto value(const auto& x, const auto& y) { return x || y; }
};

/// The opposite condition.
struct logical_not : rules {
  static constexpr std::string_view name = "logical_not";
  static constexpr int arity = 1;
  static constexpr tg::facts facts{
      .relation = tg::facts::negation, .calls = 0, .infix = "!", .latex = "\\neg $1", .c = "(!$1)"};
  static constexpr auto value(const auto& x) { return !x; }
};

}  // namespace op

// clang-format off
template <class X, class Y> requires AnySymbolic<X, Y> constexpr auto equal(const X& x, const Y& y) { return apply<op::equal>(x, y); }
template <class X, class Y> requires SomeSymbolic<X, Y> constexpr auto operator<(const X& x, const Y& y) { return apply<op::less>(x, y); }
template <class X, class Y> requires SomeSymbolic<X, Y> constexpr auto operator<=(const X& x, const Y& y) { return apply<op::less_equal>(x, y); }
template <class X, class Y> requires SomeSymbolic<X, Y> constexpr auto operator>(const X& x, const Y& y) { return apply<op::less>(y, x); }
template <class X, class Y> requires SomeSymbolic<X, Y> constexpr auto operator>=(const X& x, const Y& y) { return apply<op::less_equal>(y, x); }
template <class X, class Y> requires SomeSymbolic<X, Y> constexpr auto operator&&(const X& x, const Y& y) { return apply<op::logical_and>(x, y); }
template <class X, class Y> requires SomeSymbolic<X, Y> constexpr auto operator||(const X& x, const Y& y) { return apply<op::logical_or>(x, y); }
template <Symbolic X> constexpr auto operator!(const X& x) { return apply<op::logical_not>(x); }
// clang-format on

/// c ? x : y. Only the chosen operand is evaluated, in the value and in every derivative; so sqrt(x) is safe
/// in where(x > 0, sqrt(x), 0).
template <class C, class X, class Y>
requires AnySymbolic<C, X, Y>
constexpr auto where(const C& c, const X& x, const Y& y) { return apply<op::where>(c, x, y); }

}  // namespace tg

#include "../support/compiler/end.hpp"
