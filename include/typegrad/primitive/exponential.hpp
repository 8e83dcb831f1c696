// SPDX-License-Identifier: BSL-1.0
// Exponentials and logarithms, powers with a symbolic exponent and the cube root.
#pragma once
#include "../support/compiler/begin.hpp"

#include "../support/select.hpp"
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

/// The derivatives of exprel in C.
inline constexpr std::string_view exprel_helper =
    "/* the n-th derivative of (exp(x) - 1)/x */\n"
    "static double exprel_derivative(int n, double x) {\n"
    "  if (fabs(x) < 3.0 * n || fabs(x) < 1e-300) {\n"
    "    double term = (x < 0.0 ? exp(x) : 1.0) / (n + 1), sum = 0.0, last = 1.0;\n"
    "    for (int j = 1; sum != last; ++j) {\n"
    "      last = sum;\n"
    "      sum += x < 0.0 ? term : term * (n + 1) / (n + j);\n"
    "      term *= x < 0.0 ? -x / (n + 1 + j) : x / j;\n"
    "    }\n"
    "    return sum;\n"
    "  }\n"
    "  const double half = exp(x / 2.0) / x * exp(x / 2.0);\n"
    "  double value = fabs(x) < 700.0 ? expm1(x) / x : half - 1.0 / x;\n"
    "  for (int k = 1; k <= n; ++k) value = half - k / x * value;\n"
    "  return value;\n"
    "}\n";

/// The n-th derivative of (e^x - 1)/x, the integral of t^n e^(xt) over t from 0 to 1. Near 0 it is a series
/// whose terms have one sign, DLMF 13.2.39 below 0; elsewhere x I_n = e^x - n I_(n-1).
struct derivatives_of_exprel {
  template <class T>
  constexpr T operator()(int n, const T& x) const {
    using std::abs;
    using std::exp;
    using std::expm1;
    if (abs(x) < T(3 * n) || x == T(0)) return series_of(n, x);
    if constexpr (requires { static_cast<T>(expm1(x)); }) {
      const T half = static_cast<T>(exp(static_cast<T>(x / T(2))));
      const T whole = static_cast<T>(half / x * half);  // e^x may be beyond the range where this is not
      if constexpr (Ordered<T>)
        if (T(1) < x && (x == x + x || whole == whole + whole)) return x == x + x ? x : whole;  // infinity
      T value = static_cast<T>(abs(x) < T(80) ? T(expm1(x) / x) : T(whole - T(1) / x));
      for (int k = 1; k <= n; ++k) value = static_cast<T>(whole - T(k) / x * value);
      return value;
    } else {
      T value = static_cast<T>((exp(x) - T(1)) / x);
      for (int k = 1; k <= n; ++k) value = static_cast<T>((exp(x) - T(k) * value) / x);
      return value;
    }
  }

 private:
  template <class T>
  static constexpr T series_of(int n, const T& x) {
    using std::exp;
    bool falling = false;
    if constexpr (Ordered<T>) falling = x < T(0);
    T sum = T(0), last = T(1), term = falling ? static_cast<T>(exp(x) / T(n + 1)) : T(1);
    for (int j = 1; !(sum == last); ++j) {
      last = sum;
      sum = static_cast<T>(sum + (falling ? term : static_cast<T>(term / T(n + j))));
      term = static_cast<T>(term * (falling ? static_cast<T>(-x / T(n + 1 + j)) : static_cast<T>(x / T(j))));
    }
    return sum;
  }
};

/// The N-th derivative of (e^x - 1)/x.
template <int N>
struct exprel_derivative : rules {
  static constexpr auto spelled =
      detail::join(text{"exprel_derivative_"}, text<2>{{static_cast<char>('0' + N % 10), 0}});
  static constexpr auto call_in_c =
      detail::join(text{"exprel_derivative("}, text<2>{{static_cast<char>('0' + N % 10), 0}}, text{", $1)"});
  static constexpr std::string_view name = spelled.view();
  static constexpr tg::facts facts{
      .range = tg::facts::positive, .c = call_in_c.view(), .c_helper = exprel_helper};
  template <Batch T>
  static constexpr T value(const T& x) {
    return lane_by_lane(x, [](const auto& one_lane) { return value(one_lane); });
  }
  template <class T>
  static constexpr T value(const T& x) {
    if constexpr (requires { x.composed_of_derivatives(N, derivatives_of_exprel{}); })
      return x.composed_of_derivatives(N, derivatives_of_exprel{});
    else
      return derivatives_of_exprel{}(N, x);
  }
  static constexpr auto partials(auto x) {
    if constexpr (N < 9)
      return call<exprel_derivative<N + 1>>(x);
    else
      return beyond_the_ninth_derivative(x);
  }
};

/// (e^x - 1)/x with the value 1 at 0.
struct exprel : rules {
  static constexpr std::string_view name = "exprel";
  static constexpr tg::facts facts{.range = tg::facts::positive,
                                   .at_zero = 1,
                                   .latex = "\\operatorname{exprel}\\left($1\\right)",
                                   .c = "exprel_derivative(0, $1)",
                                   .c_helper = exprel_helper};
  template <class T>
  static constexpr T value(const T& x) {
    return exprel_derivative<0>::value(x);
  }
  static constexpr auto partials(auto x) { return call<exprel_derivative<1>>(x); }
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
template <Symbolic X> constexpr auto exprel(const X& x) { return apply<op::exprel>(x); }
template <class X, class Y> requires AnySymbolic<X, Y> constexpr auto pow(const X& x, const Y& y) { return apply<op::pow>(x, y); }
// clang-format on

}  // namespace tg

#include "../support/compiler/end.hpp"
