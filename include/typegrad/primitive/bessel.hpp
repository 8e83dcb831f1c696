// SPDX-License-Identifier: BSL-1.0
// Bessel functions of real order. Their values come from Boost.Math, and so this file is brought by
// <typegrad/special.hpp> alone. Derivatives by x are DLMF 10.6.1 and 10.29.1.
#pragma once
#include "../support/compiler/begin.hpp"

#include "without_formula.hpp"

namespace tg {

/// The values of special functions for numbers of type T; defined by <typegrad/special.hpp>.
template <class T>
struct special_functions;

namespace op {

/// The Bessel function J of the first kind, DLMF 10.2.2, for x >= 0; below 0 for whole orders.
struct bessel_j : rules {
  static constexpr std::string_view name = "bessel_j";
  static constexpr int arity = 2;
  static constexpr tg::facts facts{.latex = "J_{$1}\\left($2\\right)", .domain = "$2 > 0"};
  template <class T>
  static constexpr T value(const T& order, const T& x) {
    return special_functions<T>::bessel_j(order, x);
  }
  static constexpr auto partials(auto order, auto x) {
    return partials_of(call<without_formula<bessel_j, 0>>(order, x),
                       (call<bessel_j>(order - 1, x) - call<bessel_j>(order + 1, x)) / 2);
  }
};

/// The Bessel function Y of the second kind, DLMF 10.2.3, for x > 0.
struct bessel_y : rules {
  static constexpr std::string_view name = "bessel_y";
  static constexpr int arity = 2;
  static constexpr tg::facts facts{.latex = "Y_{$1}\\left($2\\right)", .domain = "$2 > 0"};
  template <class T>
  static constexpr T value(const T& order, const T& x) {
    return special_functions<T>::bessel_y(order, x);
  }
  static constexpr auto partials(auto order, auto x) {
    return partials_of(call<without_formula<bessel_y, 0>>(order, x),
                       (call<bessel_y>(order - 1, x) - call<bessel_y>(order + 1, x)) / 2);
  }
};

/// The modified Bessel function I of the first kind, DLMF 10.25.2, for x >= 0; below 0 for whole orders.
struct bessel_i : rules {
  static constexpr std::string_view name = "bessel_i";
  static constexpr int arity = 2;
  static constexpr tg::facts facts{.latex = "I_{$1}\\left($2\\right)", .domain = "$2 > 0"};
  template <class T>
  static constexpr T value(const T& order, const T& x) {
    return special_functions<T>::bessel_i(order, x);
  }
  static constexpr auto partials(auto order, auto x) {
    return partials_of(call<without_formula<bessel_i, 0>>(order, x),
                       (call<bessel_i>(order - 1, x) + call<bessel_i>(order + 1, x)) / 2);
  }
};

/// The modified Bessel function K of the second kind, DLMF 10.27.4, for x > 0.
struct bessel_k : rules {
  static constexpr std::string_view name = "bessel_k";
  static constexpr int arity = 2;
  static constexpr tg::facts facts{
      .range = tg::facts::positive, .latex = "K_{$1}\\left($2\\right)", .domain = "$2 > 0"};
  template <class T>
  static constexpr T value(const T& order, const T& x) {
    return special_functions<T>::bessel_k(order, x);
  }
  static constexpr auto partials(auto order, auto x) {
    return partials_of(call<without_formula<bessel_k, 0>>(order, x),
                       -(call<bessel_k>(order - 1, x) + call<bessel_k>(order + 1, x)) / 2);
  }
};

}  // namespace op

// clang-format off
template <class N, class X> requires AnySymbolic<N, X> constexpr auto bessel_j(const N& order, const X& x) { return apply<op::bessel_j>(order, x); }
template <class N, class X> requires AnySymbolic<N, X> constexpr auto bessel_y(const N& order, const X& x) { return apply<op::bessel_y>(order, x); }
template <class N, class X> requires AnySymbolic<N, X> constexpr auto bessel_i(const N& order, const X& x) { return apply<op::bessel_i>(order, x); }
template <class N, class X> requires AnySymbolic<N, X> constexpr auto bessel_k(const N& order, const X& x) { return apply<op::bessel_k>(order, x); }
// clang-format on

}  // namespace tg

#include "../support/compiler/end.hpp"
