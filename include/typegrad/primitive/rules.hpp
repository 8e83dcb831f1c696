// SPDX-License-Identifier: BSL-1.0
// The functions that the rules of built-in primitives are written with. A primitive's struct inherits them, because inside
// namespace op the name `cos` alone would be the struct; here it is the function, for numbers, handles and formulas alike.
#pragma once

#include "../graph/handle.hpp"

namespace tg {

namespace op {

struct pi;
struct pow;
struct where;
struct equal;
struct less;
struct sigmoid;
struct sin;
struct cos;
struct tan;
struct cot;
struct sinh;
struct cosh;
struct tanh;
struct coth;
struct exp;
struct log;
struct abs;
struct sign;
struct erfc;
struct digamma;
struct floor;

}  // namespace op

/// The language of built-in rules; a primitive outside namespace op needs no such base, argument-dependent look-up serves it.
struct rules {
  static constexpr bool built_in = true;

  template <class Op, class... X>
  static constexpr auto call(const X&... x) {
    if constexpr ((Symbolic<X> || ...)) return apply<Op>(x...);
    else return Op::value(x...);
  }
  template <class Op, class X>
  static constexpr X call_nullary() {
    return Op::template value<X>();
  }
  /// The number pi in the number system of x.
  template <class X>
  static constexpr auto pi(const X& x) {
    if constexpr (Symbolic<X>) return named<op::pi>(x);
    else return call_nullary<op::pi, X>();
  }
  static constexpr auto sqrt(const auto& x) { return call<op::sqrt>(x); }
  static constexpr auto pow(const auto& x, const auto& y) { return call<op::pow>(x, y); }
  static constexpr auto equal(const auto& x, const auto& y) { return call<op::equal>(x, y); }
  static constexpr auto less(const auto& x, const auto& y) { return call<op::less>(x, y); }
  static constexpr auto where(const auto& c, const auto& x, const auto& y) { return call<op::where>(c, x, y); }
  static constexpr auto logistic(const auto& x) { return call<op::sigmoid>(x); }
  static constexpr auto sin(const auto& x) { return call<op::sin>(x); }
  static constexpr auto cos(const auto& x) { return call<op::cos>(x); }
  static constexpr auto tan(const auto& x) { return call<op::tan>(x); }
  static constexpr auto cot(const auto& x) { return call<op::cot>(x); }
  static constexpr auto sinh(const auto& x) { return call<op::sinh>(x); }
  static constexpr auto cosh(const auto& x) { return call<op::cosh>(x); }
  static constexpr auto tanh(const auto& x) { return call<op::tanh>(x); }
  static constexpr auto coth(const auto& x) { return call<op::coth>(x); }
  static constexpr auto exp(const auto& x) { return call<op::exp>(x); }
  static constexpr auto log(const auto& x) { return call<op::log>(x); }
  static constexpr auto abs(const auto& x) { return call<op::abs>(x); }
  static constexpr auto sign(const auto& x) { return call<op::sign>(x); }
  static constexpr auto erfc(const auto& x) { return call<op::erfc>(x); }
  static constexpr auto digamma(const auto& x) { return call<op::digamma>(x); }
  static constexpr auto floor(const auto& x) { return call<op::floor>(x); }
};

}  // namespace tg
