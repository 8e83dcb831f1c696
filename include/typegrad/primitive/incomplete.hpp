// SPDX-License-Identifier: BSL-1.0
// The inverse of the error function and the incomplete gamma and beta functions. Their values come from
// Boost.Math, and so this file is brought by <typegrad/special.hpp> alone.
#pragma once
#include "../support/compiler/begin.hpp"

#include "gamma.hpp"
#include "without_formula.hpp"

namespace tg {

namespace op {

/// The x with erf(x) = y, for -1 < y < 1; infinite at both ends.
struct erfinv : rules {
  static constexpr std::string_view name = "erfinv";
  static constexpr tg::facts facts{.keeps_sign = true,
                                   .parity = -1,
                                   .at_zero = 0,
                                   .latex = "\\operatorname{erf}^{-1}\\left($1\\right)",
                                   .domain = "-1 < $1 < 1"};
  using undoes = op::erf;
  template <class T>
  static constexpr T value(const T& y) {
    return special_functions<T>::erfinv(y);
  }
  static constexpr auto partials(auto y, auto self) { return sqrt(pi(y)) / 2 * exp(self * self); }
};

/// The derivative of gamma_p(a, x) by x, x^(a-1) e^-x / gamma(a), DLMF 8.8.14.
struct gamma_p_slope : rules {
  static constexpr std::string_view name = "gamma_p_slope";
  static constexpr int arity = 2;
  static constexpr tg::facts facts{.range = tg::facts::not_negative, .domain = "$1 > 0, $2 > 0"};
  template <class T>
  static constexpr T value(const T& a, const T& x) {
    return special_functions<T>::gamma_p_slope(a, x);
  }
  static constexpr auto partials(auto a, auto x, auto self) {
    return partials_of(self * (log(x) - digamma(a)), self * ((a - 1) / x - 1));
  }
};

/// The regularized lower incomplete gamma function P(a, x), DLMF 8.2.4, for a > 0 and x >= 0.
struct gamma_p : rules {
  static constexpr std::string_view name = "gamma_p";
  static constexpr int arity = 2;
  static constexpr tg::facts facts{
      .range = tg::facts::not_negative, .latex = "P\\left($1, $2\\right)", .domain = "$1 > 0, $2 > 0"};
  template <class T>
  static constexpr T value(const T& a, const T& x) {
    return special_functions<T>::gamma_p(a, x);
  }
  template <int>
  static constexpr auto mixed(auto a, auto x) {
    return call<gamma_p_slope>(a, x) * (log(x) - digamma(a));
  }
  static constexpr auto partials(auto a, auto x) {
    return partials_of(call<without_formula<gamma_p, 0>>(a, x), call<gamma_p_slope>(a, x));
  }
};

/// The regularized upper incomplete gamma function Q(a, x) = 1 - P(a, x), accurate where it is small.
struct gamma_q : rules {
  static constexpr std::string_view name = "gamma_q";
  static constexpr int arity = 2;
  static constexpr tg::facts facts{
      .range = tg::facts::not_negative, .latex = "Q\\left($1, $2\\right)", .domain = "$1 > 0, $2 > 0"};
  template <class T>
  static constexpr T value(const T& a, const T& x) {
    return special_functions<T>::gamma_q(a, x);
  }
  template <int>
  static constexpr auto mixed(auto a, auto x) {
    return call<gamma_p_slope>(a, x) * (digamma(a) - log(x));
  }
  static constexpr auto partials(auto a, auto x) {
    return partials_of(call<without_formula<gamma_q, 0>>(a, x), -call<gamma_p_slope>(a, x));
  }
};

/// The derivative of ibeta(a, b, x) by x, x^(a-1) (1-x)^(b-1) / B(a, b), DLMF 8.17.
struct ibeta_slope : rules {
  static constexpr std::string_view name = "ibeta_slope";
  static constexpr int arity = 3;
  static constexpr tg::facts facts{.range = tg::facts::not_negative, .domain = "$1 > 0, $2 > 0, 0 < $3 < 1"};
  template <class T>
  static constexpr T value(const T& a, const T& b, const T& x) {
    return special_functions<T>::ibeta_slope(a, b, x);
  }
  static constexpr auto partials(auto a, auto b, auto x, auto self) {
    return partials_of(self * (log(x) - digamma(a) + digamma(a + b)),
                       self * (log(1 - x) - digamma(b) + digamma(a + b)),
                       self * ((a - 1) / x - (b - 1) / (1 - x)));
  }
};

/// The regularized incomplete beta function I_x(a, b), DLMF 8.17.2, for a, b > 0 and 0 <= x <= 1.
struct ibeta : rules {
  static constexpr std::string_view name = "ibeta";
  static constexpr int arity = 3;
  static constexpr tg::facts facts{.range = tg::facts::not_negative,
                                   .latex = "I_{$3}\\left($1, $2\\right)",
                                   .domain = "$1 > 0, $2 > 0, 0 < $3 < 1"};
  template <class T>
  static constexpr T value(const T& a, const T& b, const T& x) {
    return special_functions<T>::ibeta(a, b, x);
  }
  template <int operand>
  static constexpr auto mixed(auto a, auto b, auto x) {
    const auto slope = call<ibeta_slope>(a, b, x), both = digamma(a + b);
    if constexpr (operand == 0)
      return slope * (log(x) - digamma(a) + both);
    else
      return slope * (log(1 - x) - digamma(b) + both);
  }
  static constexpr auto partials(auto a, auto b, auto x) {
    return partials_of(call<without_formula<ibeta, 0>>(a, b, x), call<without_formula<ibeta, 1>>(a, b, x),
                       call<ibeta_slope>(a, b, x));
  }
};

}  // namespace op

// clang-format off
template <Symbolic Y> constexpr auto erfinv(const Y& y) { return apply<op::erfinv>(y); }
template <class A, class X> requires AnySymbolic<A, X> constexpr auto gamma_p(const A& a, const X& x) { return apply<op::gamma_p>(a, x); }
template <class A, class X> requires AnySymbolic<A, X> constexpr auto gamma_q(const A& a, const X& x) { return apply<op::gamma_q>(a, x); }
template <class A, class B, class X> requires AnySymbolic<A, B, X> constexpr auto ibeta(const A& a, const B& b, const X& x) { return apply<op::ibeta>(a, b, x); }
// clang-format on

}  // namespace tg

#include "../support/compiler/end.hpp"
