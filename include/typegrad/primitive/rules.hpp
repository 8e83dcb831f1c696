// SPDX-License-Identifier: BSL-1.0
// The functions that the rules of built-in primitives are written with. A primitive's struct inherits them,
// because inside namespace op the name `cos` alone would be the struct; here it is the function, for numbers,
// handles and formulas alike.
#pragma once
#include "../support/compiler/begin.hpp"

#include "../graph/rule.hpp"
#include "list.hpp"

namespace tg {

namespace detail {

/// The derivative of a family that ends at its ninth member; the name is the sentence that the compiler
/// prints.
inline int polygamma_sinc_and_exprel_have_derivatives_up_to_order_nine_only() { return 0; }

}  // namespace detail

/// The language of built-in rules; a primitive outside namespace op needs no such base, argument-dependent
/// look-up serves it.
struct rules {
  static constexpr bool built_in = true;

  /// A handle if any operand is one, else the operands' common number type. Named, not deduced: rules refer
  /// to one another in circles.
  template <class... X>
  using result = typename std::conditional_t<(Handle<X> || ...), std::type_identity<handle>,
                                             std::common_type<X...>>::type;

  template <class Op, class... X>
  static constexpr result<X...> call(const X&... x) {
    if constexpr ((Handle<X> || ...))
      return apply<Op>(x...);
    else
      return Op::value(x...);
  }
  template <class Op, class X>
  static constexpr X call_nullary() {
    return Op::template value<X>();
  }
  template <class X>
  static constexpr X beyond_the_ninth_derivative(const X& x) {
    if (x.graph != nullptr) detail::polygamma_sinc_and_exprel_have_derivatives_up_to_order_nine_only();
    return x;
  }
  /// The number pi in the number system of x.
  template <class X>
  static constexpr result<X> pi(const X& x) {
    if constexpr (Handle<X>)
      return named<op::pi>(x);
    else
      return call_nullary<op::pi, X>();
  }

  // clang-format off
  template <class X> static constexpr result<X> sqrt(const X& x) { return call<op::sqrt>(x); }
  template <class X, class Y> static constexpr result<X, Y> pow(const X& x, const Y& y) { return call<op::pow>(x, y); }
  template <class X, class Y> static constexpr result<X, Y> equal(const X& x, const Y& y) { return call<op::equal>(x, y); }
  template <class X, class Y> static constexpr result<X, Y> less(const X& x, const Y& y) { return call<op::less>(x, y); }
  template <class X, class Y> static constexpr result<X, Y> both(const X& x, const Y& y) { return call<op::logical_and>(x, y); }
  template <class C, class X, class Y> static constexpr result<C, X, Y> where(const C& c, const X& x, const Y& y) { return call<op::where>(c, x, y); }
  template <class X> static constexpr result<X> logistic(const X& x) { return call<op::sigmoid>(x); }
  template <class X> static constexpr result<X> sin(const X& x) { return call<op::sin>(x); }
  template <class X> static constexpr result<X> cos(const X& x) { return call<op::cos>(x); }
  template <class X> static constexpr result<X> tan(const X& x) { return call<op::tan>(x); }
  template <class X> static constexpr result<X> cot(const X& x) { return call<op::cot>(x); }
  template <class X> static constexpr result<X> sinh(const X& x) { return call<op::sinh>(x); }
  template <class X> static constexpr result<X> cosh(const X& x) { return call<op::cosh>(x); }
  template <class X> static constexpr result<X> tanh(const X& x) { return call<op::tanh>(x); }
  template <class X> static constexpr result<X> csch(const X& x) { return call<op::csch>(x); }
  template <class X> static constexpr result<X> coth(const X& x) { return call<op::coth>(x); }
  template <class X> static constexpr result<X> exp(const X& x) { return call<op::exp>(x); }
  template <class X> static constexpr result<X> log(const X& x) { return call<op::log>(x); }
  template <class X> static constexpr result<X> abs(const X& x) { return call<op::abs>(x); }
  template <class X> static constexpr result<X> sign(const X& x) { return call<op::sign>(x); }
  template <class X> static constexpr result<X> erfc(const X& x) { return call<op::erfc>(x); }
  template <class X> static constexpr result<X> digamma(const X& x) { return call<op::digamma>(x); }
  template <class X> static constexpr result<X> softplus(const X& x) { return call<op::softplus>(x); }
  template <class X> static constexpr result<X> floor(const X& x) { return call<op::floor>(x); }
  // clang-format on
};

}  // namespace tg

#include "../support/compiler/end.hpp"
