// SPDX-License-Identifier: BSL-1.0
// Exponentials and logarithms, powers with a symbolic exponent and the cube root.
#pragma once
#include "../support/compiler/begin.hpp"

#include "condition.hpp"
#include "rules.hpp"

namespace tg {

namespace op {

/// e^x.
struct exp : rules {
  static constexpr std::string_view name = "exp";
  static constexpr tg::facts facts{.range = tg::facts::positive, .at_zero = 1, .latex = "e^{$1}"};
  template <class T>
  static constexpr T value(const T& x) {
    using std::exp;
    return static_cast<T>(exp(x));
  }
  static constexpr auto partials(auto, auto self) { return self; }
};

/// 2^x.
struct exp2 : rules {
  static constexpr std::string_view name = "exp2";
  static constexpr tg::facts facts{.range = tg::facts::positive, .at_zero = 1, .latex = "2^{$1}"};
  template <class T>
  static constexpr T value(const T& x) {
    using std::exp2;
    return static_cast<T>(exp2(x));
  }
  static constexpr auto partials(auto x, auto self) { return self * log(0 * x + 2); }
};

/// e^x - 1, accurate near 0.
struct expm1 : rules {
  static constexpr std::string_view name = "expm1";
  static constexpr tg::facts facts{.keeps_sign = true, .at_zero = 0, .latex = "\\left(e^{$1}-1\\right)"};
  template <class T>
  static constexpr T value(const T& x) {
    using std::exp;
    using std::expm1;
    if constexpr (requires { expm1(x); })
      return static_cast<T>(expm1(x));
    else  // complex numbers and intervals
      return static_cast<T>(exp(x) - T(1));
  }
  static constexpr auto partials(auto x) { return exp(x); }
};

/// The natural logarithm, for x > 0.
struct log : rules {
  static constexpr std::string_view name = "log";
  static constexpr tg::facts facts{.at_one = 0, .latex = "\\ln\\left($1\\right)", .domain = "$1 > 0"};
  using undoes = op::exp;
  template <class T>
  static constexpr T value(const T& x) {
    using std::log;
    return static_cast<T>(log(x));
  }
  static constexpr auto partials(auto x) { return 1 / x; }
};

/// The logarithm to base 2, for x > 0.
struct log2 : rules {
  static constexpr std::string_view name = "log2";
  static constexpr tg::facts facts{.at_one = 0, .latex = "\\log_2\\left($1\\right)", .domain = "$1 > 0"};
  using undoes = op::exp2;
  template <class T>
  static constexpr T value(const T& x) {
    using std::log2;
    return static_cast<T>(log2(x));
  }
  static constexpr auto partials(auto x) { return 1 / (x * log(0 * x + 2)); }
};

/// The logarithm to base 10, for x > 0.
struct log10 : rules {
  static constexpr std::string_view name = "log10";
  static constexpr tg::facts facts{.at_one = 0, .latex = "\\log_{10}\\left($1\\right)", .domain = "$1 > 0"};
  template <class T>
  static constexpr T value(const T& x) {
    using std::log10;
    return static_cast<T>(log10(x));
  }
  static constexpr auto partials(auto x) { return 1 / (x * log(0 * x + 10)); }
};

/// log(1 + x), accurate near 0, for x > -1.
struct log1p : rules {
  static constexpr std::string_view name = "log1p";
  static constexpr tg::facts facts{
      .keeps_sign = true, .at_zero = 0, .latex = "\\ln\\left(1+$1\\right)", .domain = "$1 > -1"};
  using undoes = op::expm1;
  template <class T>
  static constexpr T value(const T& x) {
    using std::log;
    using std::log1p;
    if constexpr (requires { log1p(x); })
      return static_cast<T>(log1p(x));
    else  // complex numbers and intervals
      return static_cast<T>(log(T(1) + x));
  }
  static constexpr auto partials(auto x) { return 1 / (1 + x); }
};

/// The real cube root, of negative numbers too; the derivative is infinite at 0.
struct cbrt : rules {
  static constexpr std::string_view name = "cbrt";
  static constexpr tg::facts facts{.keeps_sign = true,
                                   .parity = -1,
                                   .at_zero = 0,
                                   .at_one = 1,
                                   .latex = "\\sqrt[3]{$1}",
                                   .domain = "$1 != 0"};
  template <class T>
  static constexpr T value(const T& x) {
    using std::cbrt;
    return static_cast<T>(cbrt(x));
  }
  static constexpr auto partials(auto, auto self) { return 1 / (3 * self * self); }
};

/// x^y for a symbolic exponent: x > 0, or x = 0 and y > 0. An exponent that is (or becomes) an exact constant
/// makes a `power`. d/dy is 0 at x = 0, the limit for y > 0, where x^y log(x) alone would be 0 times
/// infinity; d/dx is 0 at (0, 0), for x^0 is 1, where y x^(y-1) would be that. The guard asks for both: where
/// y alone is 0, that derivative still changes with y. Of a norm to the power y it is that for y < 2 alone
/// (pass/derive.hpp).
struct pow : rules {
  static constexpr std::string_view name = "pow";
  static constexpr detail::kind what = detail::kind::pow;
  static constexpr int arity = 2;
  static constexpr tg::facts facts{.infix = "^", .latex = "{$1}^{$2}", .domain = "$1 > 0"};
  template <class T>
  static constexpr T value(const T& x, const T& y) {
    using std::pow;
    return static_cast<T>(pow(x, y));
  }
  static constexpr auto partials(auto x, auto y, auto self) {
    auto by_x = where(both(equal(x, 0), equal(y, 0)), 0, y * call<pow>(x, y - 1));
    if constexpr (Handle<decltype(x)>)
      if ((*x.graph)[x.id].op->norm) by_x = where(less(y, 2), by_x, 0);
    return partials_of(by_x, where(equal(x, 0), 0, self * log(x)));
  }
};

}  // namespace op

// clang-format off
template <Symbolic X> constexpr auto exp(const X& x) { return apply<op::exp>(x); }
template <Symbolic X> constexpr auto exp2(const X& x) { return apply<op::exp2>(x); }
template <Symbolic X> constexpr auto expm1(const X& x) { return apply<op::expm1>(x); }
template <Symbolic X> constexpr auto log(const X& x) { return apply<op::log>(x); }
template <Symbolic X> constexpr auto log2(const X& x) { return apply<op::log2>(x); }
template <Symbolic X> constexpr auto log10(const X& x) { return apply<op::log10>(x); }
template <Symbolic X> constexpr auto log1p(const X& x) { return apply<op::log1p>(x); }
template <Symbolic X> constexpr auto cbrt(const X& x) { return apply<op::cbrt>(x); }
template <class X, class Y> requires AnySymbolic<X, Y> constexpr auto pow(const X& x, const Y& y) { return apply<op::pow>(x, y); }
// clang-format on

}  // namespace tg

#include "../support/compiler/end.hpp"
