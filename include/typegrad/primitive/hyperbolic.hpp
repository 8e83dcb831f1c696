// SPDX-License-Identifier: BSL-1.0
// Hyperbolic functions, their reciprocals and their inverses. Derivatives after DLMF 4.34 and 4.40.
#pragma once
#include "../support/compiler/begin.hpp"

#include <cmath>
#include <limits>

#include "../support/select.hpp"
#include "inverse_slope.hpp"
#include "rules.hpp"

namespace tg {

namespace op {

/// sinh(x).
struct sinh : rules {
  static constexpr std::string_view name = "sinh";
  static constexpr tg::facts facts{
      .keeps_sign = true, .parity = -1, .at_zero = 0, .latex = "\\sinh\\left($1\\right)"};
  template <class T>
  static constexpr T value(const T& x) {
    using std::sinh;
    return static_cast<T>(sinh(x));
  }
  static constexpr auto partials(auto x) { return cosh(x); }
};

/// cosh(x).
struct cosh : rules {
  static constexpr std::string_view name = "cosh";
  static constexpr tg::facts facts{
      .range = tg::facts::positive, .parity = 1, .at_zero = 1, .latex = "\\cosh\\left($1\\right)"};
  template <class T>
  static constexpr T value(const T& x) {
    using std::cosh;
    return static_cast<T>(cosh(x));
  }
  static constexpr auto partials(auto x) { return sinh(x); }
};

/// tanh(x).
struct tanh : rules {
  static constexpr std::string_view name = "tanh";
  static constexpr tg::facts facts{
      .keeps_sign = true, .parity = -1, .at_zero = 0, .latex = "\\tanh\\left($1\\right)"};
  template <class T>
  static constexpr T value(const T& x) {
    using std::tanh;
    return static_cast<T>(tanh(x));
  }
  static constexpr auto partials(auto x, auto self) { return call<tanh_slope>(x, self); }
};

/// The derivative of tanh, 1 - t^2 with t = tanh(x): so computed while that keeps its digits, and from
/// exp(-2|x|) further out. The rule is that of a function of x alone. In canonical form every 1 - tanh(x)^2
/// is this node (pass/simplify.hpp).
struct tanh_slope : rules {
  static constexpr std::string_view name = "tanh_slope";
  static constexpr int arity = 2;
  static constexpr tg::facts facts{.at_zero = 1,
                                   .infix = "1 - $2^2",
                                   .latex = "\\left(1 - {$2}^2\\right)",
                                   .c = "(fabs($1) < 1.2 ? 1.0 - $2 * $2 : 1.0 / (cosh($1) * cosh($1)))"};
  template <class T>
  static constexpr T value(const T& x, const T& t) {
    using std::abs;
    using std::exp;
    const auto by_t = [&] { return static_cast<T>(T(1) - t * t); };
    if constexpr (Ordered<T>) {
      const T limit = T(6) / T(5);
      const auto by_x = [&] {
        const T u = static_cast<T>(exp(T(-2) * abs(x)));
        return static_cast<T>(T(4) * u / ((T(1) + u) * (T(1) + u)));
      };
      if constexpr (Batch<T>)
        return detail::may_hold(limit <= abs(x)) ? select(abs(x) < limit, by_t(), by_x()) : by_t();
      else
        return abs(x) < limit ? by_t() : by_x();
    } else {
      return by_t();
    }
  }
  static constexpr auto partials(auto, auto t, auto self) { return partials_of(-2 * t * self, 0); }
};

/// 1/cosh(x).
struct sech : rules {
  static constexpr std::string_view name = "sech";
  static constexpr tg::facts facts{.range = tg::facts::positive,
                                   .parity = 1,
                                   .at_zero = 1,
                                   .latex = "\\operatorname{sech}\\left($1\\right)",
                                   .c = "(1.0 / cosh($1))"};
  template <class T>
  static constexpr T value(const T& x) {
    using std::cosh;
    return static_cast<T>(T(1) / cosh(x));
  }
  static constexpr auto partials(auto x, auto self) { return -self * tanh(x); }
};

/// 1/sinh(x).
struct csch : rules {
  static constexpr std::string_view name = "csch";
  static constexpr tg::facts facts{.parity = -1,
                                   .latex = "\\operatorname{csch}\\left($1\\right)",
                                   .c = "(1.0 / sinh($1))",
                                   .domain = "$1 != 0"};
  template <class T>
  static constexpr T value(const T& x) {
    using std::sinh;
    return static_cast<T>(T(1) / sinh(x));
  }
  static constexpr auto partials(auto x, auto self) { return -self * coth(x); }
};

/// 1/tanh(x). The derivative -csch(x)^2 keeps its digits for large |x|, and no derivative of csch overflows
/// there.
struct coth : rules {
  static constexpr std::string_view name = "coth";
  static constexpr tg::facts facts{
      .parity = -1, .latex = "\\coth\\left($1\\right)", .c = "(1.0 / tanh($1))", .domain = "$1 != 0"};
  template <class T>
  static constexpr T value(const T& x) {
    using std::tanh;
    return static_cast<T>(T(1) / tanh(x));
  }
  static constexpr auto partials(auto x) { return -csch(x) * csch(x); }
};

/// The inverse of sinh.
struct asinh : rules {
  static constexpr std::string_view name = "asinh";
  static constexpr tg::facts facts{
      .keeps_sign = true, .parity = -1, .at_zero = 0, .latex = "\\operatorname{arsinh}\\left($1\\right)"};
  using undoes = op::sinh;
  template <class T>
  static constexpr T value(const T& x) {
    using std::asinh;
    return static_cast<T>(asinh(x));
  }
  static constexpr auto partials(auto x) { return 1 / sqrt(1 + x * x); }
};

/// The inverse of cosh, for x >= 1; the derivative is infinite at 1. One root of (x-1)(x+1) would have the
/// wrong sign at complex x with a negative real part, and overflow early.
struct acosh : rules {
  static constexpr std::string_view name = "acosh";
  static constexpr tg::facts facts{
      .at_one = 0, .latex = "\\operatorname{arcosh}\\left($1\\right)", .domain = "$1 > 1"};
  template <class T>
  static constexpr T value(const T& x) {
    using std::acosh;
    return static_cast<T>(acosh(x));
  }
  static constexpr auto partials(auto x) { return 1 / (sqrt(x - 1) * sqrt(x + 1)); }
};

/// The inverse of tanh, for |x| < 1.
struct atanh : rules {
  static constexpr std::string_view name = "atanh";
  static constexpr tg::facts facts{.parity = -1,
                                   .at_zero = 0,
                                   .latex = "\\operatorname{artanh}\\left($1\\right)",
                                   .domain = "-1 < $1 < 1"};
  using undoes = op::tanh;
  template <class T>
  static constexpr T value(const T& x) {
    using std::atanh;
    return static_cast<T>(atanh(x));
  }
  static constexpr auto partials(auto x) { return 1 / ((1 - x) * (1 + x)); }
};

/// asinh(leg/x); where x is so small that 1/x is infinite, its asymptote for leg = 1.
template <class T>
constexpr T acsch_of(const T& x, const T& leg) {
  constexpr T log_2 = static_cast<T>(0.693147180559945309417232121458176568L);
  if (x != 0 && 1 / x - 1 / x != 0 && x == x) return x < 0 ? std::log(-x) - log_2 : log_2 - std::log(x);
  return std::asinh(leg / x);
}

/// acosh(1/x), for 0 < x <= 1.
struct asech : rules {
  static constexpr std::string_view name = "asech";
  static constexpr tg::facts facts{.at_one = 0,
                                   .latex = "\\operatorname{arsech}\\left($1\\right)",
                                   .c = "(asinh(sqrt((1.0 - $1) * (1.0 + $1)) / $1) + 0.0 * sqrt($1))",
                                   .domain = "0 < $1 < 1"};
  template <class T>
  static constexpr T value(const T& x) {
    using std::acosh;
    if constexpr (std::floating_point<T>)  // acosh(1/x) magnifies the rounding of 1/x near 1
      return x < 0   ? std::numeric_limits<T>::quiet_NaN()
             : x < 1 ? acsch_of(x, std::sqrt((1 - x) * (1 + x)))
                     : std::asinh(std::sqrt((1 - x) * (1 + x)) / x);
    else
      return static_cast<T>(acosh(T(1) / x));
  }
  static constexpr auto partials(auto x) { return -1 / (x * sqrt((1 - x) * (1 + x))); }
};

/// asinh(1/x), for x != 0.
struct acsch : rules {
  static constexpr std::string_view name = "acsch";
  static constexpr tg::facts facts{.parity = -1,
                                   .latex = "\\operatorname{arcsch}\\left($1\\right)",
                                   .c = "asinh(1.0 / $1)",
                                   .domain = "$1 != 0"};
  template <class T>
  static constexpr T value(const T& x) {
    using std::asinh;
    if constexpr (std::floating_point<T>)
      return acsch_of(x, T(1));
    else
      return static_cast<T>(asinh(T(1) / x));
  }
  static constexpr auto partials(auto x) { return call<acsch_slope>(x); }
};

/// atanh(1/x), for |x| > 1.
struct acoth : rules {
  static constexpr std::string_view name = "acoth";
  static constexpr tg::facts facts{.parity = -1,
                                   .latex = "\\operatorname{arcoth}\\left($1\\right)",
                                   .c = "copysign(log1p(2.0 / (fabs($1) - 1.0)) / 2.0, $1)",
                                   .domain = "|$1| > 1"};
  template <class T>
  static constexpr T value(const T& x) {
    using std::atanh;
    if constexpr (std::floating_point<T>) {  // atanh(1/x) magnifies the rounding of 1/x near 1
      const T size = x < 0 ? -x : x, v = std::log1p(2 / (size - 1)) / 2;
      return x < 0 ? -v : v;
    } else {
      return static_cast<T>(atanh(T(1) / x));
    }
  }
  static constexpr auto partials(auto x) { return 1 / ((1 - x) * (1 + x)); }
};

}  // namespace op

// clang-format off
template <Symbolic X> constexpr auto sinh(const X& x) { return apply<op::sinh>(x); }
template <Symbolic X> constexpr auto cosh(const X& x) { return apply<op::cosh>(x); }
template <Symbolic X> constexpr auto tanh(const X& x) { return apply<op::tanh>(x); }
template <Symbolic X> constexpr auto sech(const X& x) { return apply<op::sech>(x); }
template <Symbolic X> constexpr auto csch(const X& x) { return apply<op::csch>(x); }
template <Symbolic X> constexpr auto coth(const X& x) { return apply<op::coth>(x); }
template <Symbolic X> constexpr auto asinh(const X& x) { return apply<op::asinh>(x); }
template <Symbolic X> constexpr auto acosh(const X& x) { return apply<op::acosh>(x); }
template <Symbolic X> constexpr auto atanh(const X& x) { return apply<op::atanh>(x); }
template <Symbolic X> constexpr auto asech(const X& x) { return apply<op::asech>(x); }
template <Symbolic X> constexpr auto acsch(const X& x) { return apply<op::acsch>(x); }
template <Symbolic X> constexpr auto acoth(const X& x) { return apply<op::acoth>(x); }
// clang-format on

}  // namespace tg

#include "../support/compiler/end.hpp"
