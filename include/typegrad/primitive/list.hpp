// SPDX-License-Identifier: BSL-1.0
// The one list of built-in primitives, a line for each family. From it come the declarations, so that rules
// can refer to one another in circles, the nested spellings for tg::tree_t, and the table of tests, so that a
// primitive without a tested derivative cannot exist.
#pragma once
#include "../support/compiler/begin.hpp"

// clang-format off
#define TYPEGRAD_PRIMITIVES(first, each, constant) \
  /* algebra */ first(add) each(multiply) each(divide) each(negate) each(power) each(sqrt) each(where) \
  /* condition */ each(less) each(less_equal) each(equal) each(logical_and) each(logical_or) \
      each(logical_not) \
  /* constants */ constant(pi) constant(e) \
  /* exponential */ each(exp) each(exp2) each(expm1) each(log) each(log2) each(log10) each(log1p) \
      each(cbrt) each(pow) each(exprel) \
  /* trigonometric */ each(sin) each(cos) each(tan) each(sec) each(csc) each(cot) each(asin) each(acos) \
      each(atan) each(atan2) each(asec) each(acsc) each(acot) each(sinpi) each(cospi) \
  /* hyperbolic */ each(sinh) each(cosh) each(tanh) each(tanh_slope) each(sech) each(csch) each(coth) \
      each(asinh) each(acosh) each(atanh) each(asech) each(acsch) each(acoth) \
  /* inverse_slope */ each(asec_slope) each(acsch_slope) each(inversion) \
  /* piecewise */ each(abs) each(abs_slope) each(corner) each(sign) each(min) each(max) each(floor) \
      each(ceil) each(round) each(trunc) each(fmod) each(relu) each(copysign) each(fma) \
  /* gamma */ each(erf) each(erfc) each(tgamma) each(lgamma) each(digamma) \
  /* activation */ each(hypot) each(hypot_slope) each(sigmoid) each(sigmoid_slope) each(softplus) \
      each(silu) each(gelu) each(mish) each(log_sigmoid) each(sinc) \
  /* logsumexp */ each(logsumexp) each(logsumexp_weight) each(pair_weight) each(pair_slope)

#define TYPEGRAD_DECLARE(name) struct name;
#define TYPEGRAD_SPELL(name) template <class... Operands> struct name;
#define TYPEGRAD_FIRST(name) name
#define TYPEGRAD_NEXT(name) , name
#define TYPEGRAD_TREE(name) template <class... X> struct tree_of_primitive<op::name, X...> { using type = tree::name<X...>; };
#define TYPEGRAD_TREE_OF_CONSTANT(name) template <> struct tree_of_primitive<op::name> { using type = tree::name; };
// clang-format on

namespace tg::op {

TYPEGRAD_PRIMITIVES(TYPEGRAD_DECLARE, TYPEGRAD_DECLARE, TYPEGRAD_DECLARE)
// Families whose members are counted.
template <int N>
struct polygamma;
template <int N>
struct sinc_derivative;
template <int N>
struct exprel_derivative;

template <class... Op>
struct primitives {};
using all = primitives<TYPEGRAD_PRIMITIVES(TYPEGRAD_FIRST, TYPEGRAD_NEXT, TYPEGRAD_NEXT), polygamma<1>,
                       sinc_derivative<1>, exprel_derivative<1>>;

}  // namespace tg::op

namespace tg::tree {

TYPEGRAD_PRIMITIVES(TYPEGRAD_SPELL, TYPEGRAD_SPELL, TYPEGRAD_DECLARE)
/// A primitive that is not in the list, as a user's.
template <class Op, class... Operands>
struct apply;

}  // namespace tg::tree

namespace tg::detail {

/// The nested spelling of a primitive applied to operands.
template <class Op, class... Operands>
struct tree_of_primitive {
  using type = tree::apply<Op, Operands...>;
};
TYPEGRAD_PRIMITIVES(TYPEGRAD_TREE, TYPEGRAD_TREE, TYPEGRAD_TREE_OF_CONSTANT)

}  // namespace tg::detail

#undef TYPEGRAD_DECLARE
#undef TYPEGRAD_SPELL
#undef TYPEGRAD_FIRST
#undef TYPEGRAD_NEXT
#undef TYPEGRAD_TREE
#undef TYPEGRAD_TREE_OF_CONSTANT
#undef TYPEGRAD_PRIMITIVES

#include "../support/compiler/end.hpp"
