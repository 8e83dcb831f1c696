// SPDX-License-Identifier: BSL-1.0
// The error function, the gamma function and their derivatives. The standard library lacks digamma and
// polygamma: their values come from Boost.Math, in the opt-in header <typegrad/special.hpp>.
#pragma once
#include "../support/compiler/begin.hpp"

#include "rules.hpp"

namespace tg {

/// The values of digamma and polygamma for numbers of type T; defined by <typegrad/special.hpp>.
template <class T>
struct special_functions;

namespace op {

/// The error function, DLMF 7.2.1.
struct erf : rules {
  static constexpr std::string_view name = "erf";
  static constexpr tg::facts facts{
      .keeps_sign = true, .parity = -1, .at_zero = 0, .latex = "\\operatorname{erf}\\left($1\\right)"};
  template <class T>
  static constexpr T value(const T& x) {
    using std::erf;
    return static_cast<T>(erf(x));
  }
  static constexpr auto partials(auto x) { return 2 / sqrt(pi(x)) * exp(-x * x); }
};

/// 1 - erf(x), accurate for large x, DLMF 7.2.2.
struct erfc : rules {
  static constexpr std::string_view name = "erfc";
  static constexpr tg::facts facts{
      .range = tg::facts::positive, .at_zero = 1, .latex = "\\operatorname{erfc}\\left($1\\right)"};
  template <class T>
  static constexpr T value(const T& x) {
    using std::erfc;
    return static_cast<T>(erfc(x));
  }
  static constexpr auto partials(auto x) { return -2 / sqrt(pi(x)) * exp(-x * x); }
};

/// The gamma function, DLMF 5.2.1; poles at 0, -1, -2, ...
struct tgamma : rules {
  static constexpr std::string_view name = "tgamma";
  static constexpr tg::facts facts{
      .at_one = 1, .latex = "\\Gamma\\left($1\\right)", .domain = "$1 is no integer below 1"};
  template <class T>
  static constexpr T value(const T& x) {
    using std::tgamma;
    return static_cast<T>(tgamma(x));
  }
  static constexpr auto partials(auto x, auto self) { return self * digamma(x); }
};

/// log |gamma(x)|; poles at 0, -1, -2, ...
struct lgamma : rules {
  static constexpr std::string_view name = "lgamma";
  static constexpr tg::facts facts{.at_one = 0,
                                   .latex = "\\ln\\left|\\Gamma\\left($1\\right)\\right|",
                                   .domain = "$1 is no integer below 1"};
  template <class T>
  static constexpr T value(const T& x) {
    using std::lgamma;
    return static_cast<T>(lgamma(x));
  }
  static constexpr auto partials(auto x) { return digamma(x); }
};

/// The N-th derivative of digamma, DLMF 5.15; N up to 9, because every primitive brings the one that its rule
/// names.
template <int N>
struct polygamma : rules {
  static constexpr auto spelled =
      detail::join(text{"polygamma_"}, text<2>{{static_cast<char>('0' + N % 10), 0}});
  static constexpr std::string_view name = spelled.view();
  static constexpr tg::facts facts{.domain = "$1 is no integer below 1"};
  template <class T>
  static constexpr T value(const T& x) {
    if constexpr (requires { sizeof(special_functions<T>); })
      return special_functions<T>::polygamma(N, x);
    else
      return refuse<text{"polygamma takes its value from Boost.Math; include <typegrad/special.hpp>."}, T>(),
             x;
  }
  static constexpr auto partials(auto x) requires(N < 9) { return call<polygamma<N + 1>>(x); }
};

/// The derivative of log gamma, DLMF 5.2.2; poles at 0, -1, -2, ...
struct digamma : rules {
  static constexpr std::string_view name = "digamma";
  static constexpr tg::facts facts{.latex = "\\psi\\left($1\\right)", .domain = "$1 is no integer below 1"};
  template <class T>
  static constexpr T value(const T& x) {
    if constexpr (requires { sizeof(special_functions<T>); })
      return special_functions<T>::digamma(x);
    else
      return refuse<text{"digamma takes its value from Boost.Math; include <typegrad/special.hpp>."}, T>(), x;
  }
  static constexpr auto partials(auto x) { return call<polygamma<1>>(x); }
};

}  // namespace op

// clang-format off
template <Symbolic X> constexpr auto erf(const X& x) { return apply<op::erf>(x); }
template <Symbolic X> constexpr auto erfc(const X& x) { return apply<op::erfc>(x); }
template <Symbolic X> constexpr auto tgamma(const X& x) { return apply<op::tgamma>(x); }
template <Symbolic X> constexpr auto lgamma(const X& x) { return apply<op::lgamma>(x); }
template <Symbolic X> constexpr auto digamma(const X& x) { return apply<op::digamma>(x); }
/// The N-th derivative of digamma, N from 1 to 9.
template <int N, Symbolic X> requires(N >= 1 && N <= 9) constexpr auto polygamma(const X& x) { return apply<op::polygamma<N>>(x); }
// clang-format on

}  // namespace tg

#include "../support/compiler/end.hpp"
