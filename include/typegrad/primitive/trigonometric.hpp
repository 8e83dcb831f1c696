// SPDX-License-Identifier: BSL-1.0
// Circular functions, their reciprocals and their inverses. Derivatives after DLMF 4.20 and 4.24.
#pragma once
#include "../support/compiler/begin.hpp"

#include <cmath>

#include "inverse_slope.hpp"
#include "rules.hpp"

namespace tg {

namespace op {

/// sin(x).
struct sin : rules {
  static constexpr std::string_view name = "sin";
  static constexpr tg::facts facts{.parity = -1, .at_zero = 0, .latex = "\\sin\\left($1\\right)"};
  template <class T>
  static constexpr T value(const T& x) {
    using std::sin;
    return static_cast<T>(sin(x));
  }
  static constexpr auto partials(auto x) { return cos(x); }
};

/// cos(x).
struct cos : rules {
  static constexpr std::string_view name = "cos";
  static constexpr tg::facts facts{.parity = 1, .at_zero = 1, .latex = "\\cos\\left($1\\right)"};
  template <class T>
  static constexpr T value(const T& x) {
    using std::cos;
    return static_cast<T>(cos(x));
  }
  static constexpr auto partials(auto x) { return -sin(x); }
};

/// tan(x).
struct tan : rules {
  static constexpr std::string_view name = "tan";
  static constexpr tg::facts facts{
      .parity = -1, .at_zero = 0, .latex = "\\tan\\left($1\\right)", .domain = "cos($1) != 0"};
  template <class T>
  static constexpr T value(const T& x) {
    using std::tan;
    return static_cast<T>(tan(x));
  }
  static constexpr auto partials(auto, auto self) { return 1 + self * self; }
};

/// 1/cos(x).
struct sec : rules {
  static constexpr std::string_view name = "sec";
  static constexpr tg::facts facts{.parity = 1,
                                   .at_zero = 1,
                                   .latex = "\\sec\\left($1\\right)",
                                   .c = "(1.0 / cos($1))",
                                   .domain = "cos($1) != 0"};
  template <class T>
  static constexpr T value(const T& x) {
    using std::cos;
    return static_cast<T>(T(1) / cos(x));
  }
  static constexpr auto partials(auto x, auto self) { return self * tan(x); }
};

/// 1/sin(x).
struct csc : rules {
  static constexpr std::string_view name = "csc";
  static constexpr tg::facts facts{
      .parity = -1, .latex = "\\csc\\left($1\\right)", .c = "(1.0 / sin($1))", .domain = "sin($1) != 0"};
  template <class T>
  static constexpr T value(const T& x) {
    using std::sin;
    return static_cast<T>(T(1) / sin(x));
  }
  static constexpr auto partials(auto x, auto self) { return -self * cot(x); }
};

/// 1/tan(x).
struct cot : rules {
  static constexpr std::string_view name = "cot";
  static constexpr tg::facts facts{
      .parity = -1, .latex = "\\cot\\left($1\\right)", .c = "(1.0 / tan($1))", .domain = "sin($1) != 0"};
  template <class T>
  static constexpr T value(const T& x) {
    using std::tan;
    return static_cast<T>(T(1) / tan(x));
  }
  static constexpr auto partials(auto, auto self) { return -(1 + self * self); }
};

/// The inverse sine, for |x| <= 1; the derivative is infinite at the ends. (1-x)(1+x) keeps its digits there,
/// 1-x^2 would not.
struct asin : rules {
  static constexpr std::string_view name = "asin";
  static constexpr tg::facts facts{
      .parity = -1, .at_zero = 0, .latex = "\\arcsin\\left($1\\right)", .domain = "-1 < $1 < 1"};
  template <class T>
  static constexpr T value(const T& x) {
    using std::asin;
    return static_cast<T>(asin(x));
  }
  static constexpr auto partials(auto x) { return 1 / sqrt((1 - x) * (1 + x)); }
};

/// The inverse cosine, for |x| <= 1; the derivative is infinite at the ends.
struct acos : rules {
  static constexpr std::string_view name = "acos";
  static constexpr tg::facts facts{
      .at_one = 0, .latex = "\\arccos\\left($1\\right)", .domain = "-1 < $1 < 1"};
  template <class T>
  static constexpr T value(const T& x) {
    using std::acos;
    return static_cast<T>(acos(x));
  }
  static constexpr auto partials(auto x) { return -1 / sqrt((1 - x) * (1 + x)); }
};

/// The inverse tangent.
struct atan : rules {
  static constexpr std::string_view name = "atan";
  static constexpr tg::facts facts{
      .keeps_sign = true, .parity = -1, .at_zero = 0, .latex = "\\arctan\\left($1\\right)"};
  template <class T>
  static constexpr T value(const T& x) {
    using std::atan;
    return static_cast<T>(atan(x));
  }
  static constexpr auto partials(auto x) { return 1 / (1 + x * x); }
};

/// The angle of the point (x, y), written atan2(y, x); no derivative at the origin.
struct atan2 : rules {
  static constexpr std::string_view name = "atan2";
  static constexpr int arity = 2;
  static constexpr tg::facts facts{.latex = "\\operatorname{atan2}\\left($1, $2\\right)",
                                   .domain = "($1, $2) != (0, 0)"};
  template <class T>
  static constexpr T value(const T& y, const T& x) {
    using std::atan2;
    return static_cast<T>(atan2(y, x));
  }
  static constexpr auto partials(auto y, auto x) {
    return partials_of(call<inversion>(x, y), -call<inversion>(y, x));
  }
};

/// sqrt(x^2 - 1), the leg of a right triangle with hypotenuse |x| and other leg 1, without loss of digits
/// near |x| = 1.
template <class T>
constexpr T secant_leg(const T& x) {
  const T size = x < 0 ? -x : x;
  return std::sqrt(size - 1) * std::sqrt(size + 1);
}

/// acos(1/x), for |x| >= 1.
struct asec : rules {
  static constexpr std::string_view name = "asec";
  static constexpr tg::facts facts{
      .at_one = 0,
      .latex = "\\operatorname{arcsec}\\left($1\\right)",
      .c = "atan2(sqrt(fabs($1) - 1.0) * sqrt(fabs($1) + 1.0), copysign(1.0, $1))",
      .domain = "|$1| > 1"};
  template <class T>
  static constexpr T value(const T& x) {
    using std::acos;
    if constexpr (std::floating_point<T>)
      return std::atan2(secant_leg(x), x < 0 ? T(-1) : T(1));
    else
      return static_cast<T>(acos(T(1) / x));
  }
  static constexpr auto partials(auto x) { return call<asec_slope>(x); }
};

/// asin(1/x), for |x| >= 1.
struct acsc : rules {
  static constexpr std::string_view name = "acsc";
  static constexpr tg::facts facts{
      .parity = -1,
      .latex = "\\operatorname{arccsc}\\left($1\\right)",
      .c = "atan2(copysign(1.0, $1), sqrt(fabs($1) - 1.0) * sqrt(fabs($1) + 1.0))",
      .domain = "|$1| > 1"};
  template <class T>
  static constexpr T value(const T& x) {
    using std::asin;
    if constexpr (std::floating_point<T>)
      return std::atan2(x < 0 ? T(-1) : T(1), secant_leg(x));
    else
      return static_cast<T>(asin(T(1) / x));
  }
  static constexpr auto partials(auto x) { return -call<asec_slope>(x); }
};

/// atan(1/x): the odd branch, with a jump at 0.
/// The n-th derivative of acot, in which nothing cancels near 0: with t = acot(x), -(n-1)! sin(t)^n sin(n (pi
/// - t)) of t in (0, pi).
struct derivatives_of_acot {
  template <class T>
  constexpr T operator()(int n, const T& x) const {
    using std::atan;
    using std::atan2;
    using std::sin;
    using std::sqrt;
    if (n == 0) return static_cast<T>(atan(T(1) / x));
    const T angle = atan2(T(1), x);
    T result = static_cast<T>((n % 2 == 0 ? T(1) : T(-1)) * sin(static_cast<T>(T(n) * angle)));
    const T radius = static_cast<T>(sqrt(static_cast<T>(T(1) + x * x)));
    for (int k = 1; k <= n; ++k) result = static_cast<T>(result * (k < n ? T(k) : T(1)) / radius);
    return result;
  }
};

/// atan(1/x): the odd branch, with a jump at 0.
struct acot : rules {
  static constexpr std::string_view name = "acot";
  static constexpr tg::facts facts{.parity = -1,
                                   .latex = "\\operatorname{arccot}\\left($1\\right)",
                                   .c = "atan(1.0 / $1)",
                                   .domain = "$1 != 0"};
  template <class T>
  static constexpr T value(const T& x) {
    using std::atan;
    if constexpr (requires { x.composed_of_derivatives(0, derivatives_of_acot{}); })
      return x.composed_of_derivatives(0, derivatives_of_acot{});
    else
      return static_cast<T>(atan(T(1) / x));
  }
  static constexpr auto partials(auto x) { return -1 / (1 + x * x); }
};

/// Sine and cosine of pi x in C, from |x| without whole turns, where 1 - r and 1/2 - r are exact.
inline constexpr std::string_view
    sinpi_helper =
        "/* sin(pi x) */\n"
        "static double tg_sinpi(double x) {\n"
        "  double r = fabs(x - 2.0 * round(x / 2.0));\n"
        "  if (r > 0.5) r = 1.0 - r;\n"
        "  r = r > 0.25 ? cos(3.14159265358979323846 * (0.5 - r)) : sin(3.14159265358979323846 * r);\n"
        "  return x - 2.0 * round(x / 2.0) < 0.0 ? -r : r;\n"
        "}\n",
    cospi_helper =
        "/* cos(pi x) */\n"
        "static double tg_cospi(double x) {\n"
        "  const double r = fabs(x - 2.0 * round(x / 2.0));\n"
        "  return r > 0.25 ? sin(3.14159265358979323846 * (0.5 - r)) : cos(3.14159265358979323846 * r);\n"
        "}\n";

/// x without whole turns of 2, from -1 to 1; exact.
template <class T>
constexpr T part_of_turn(const T& x) {
  using std::round;
  return static_cast<T>(x - T(2) * round(static_cast<T>(x / T(2))));
}

/// sin(pi x), 0 at every integer.
struct sinpi : rules {
  static constexpr std::string_view name = "sinpi";
  static constexpr tg::facts facts{.parity = -1,
                                   .at_zero = 0,
                                   .at_one = 0,
                                   .latex = "\\sin\\left(\\pi $1\\right)",
                                   .c = "tg_sinpi($1)",
                                   .c_helper = sinpi_helper};
  template <class T>
  static constexpr T value(const T& x) {
    using std::abs;
    using std::cos;
    using std::sin;
    const T half_turn = call_nullary<op::pi, T>();
    if constexpr (Ordered<T>) {
      const T part = part_of_turn(x), size = static_cast<T>(abs(part));
      const T r = select(size > T(1) / T(2), static_cast<T>(T(1) - size), size);
      const T s = select(r > T(1) / T(4), static_cast<T>(cos(static_cast<T>(half_turn * (T(1) / T(2) - r)))),
                         static_cast<T>(sin(static_cast<T>(half_turn * r))));
      return select(part < T(0), static_cast<T>(-s), s);
    } else {
      return static_cast<T>(sin(static_cast<T>(half_turn * x)));
    }
  }
  static constexpr auto partials(auto x) { return pi(x) * call<cospi>(x); }
};

/// cos(pi x), 0 at every half that is no integer.
struct cospi : rules {
  static constexpr std::string_view name = "cospi";
  static constexpr tg::facts facts{.parity = 1,
                                   .at_zero = 1,
                                   .at_one = -1,
                                   .latex = "\\cos\\left(\\pi $1\\right)",
                                   .c = "tg_cospi($1)",
                                   .c_helper = cospi_helper};
  template <class T>
  static constexpr T value(const T& x) {
    using std::abs;
    using std::cos;
    using std::sin;
    const T half_turn = call_nullary<op::pi, T>();
    if constexpr (Ordered<T>) {
      const T r = static_cast<T>(abs(part_of_turn(x)));
      return select(r > T(1) / T(4), static_cast<T>(sin(static_cast<T>(half_turn * (T(1) / T(2) - r)))),
                    static_cast<T>(cos(static_cast<T>(half_turn * r))));
    } else {
      return static_cast<T>(cos(static_cast<T>(half_turn * x)));
    }
  }
  static constexpr auto partials(auto x) { return -pi(x) * call<sinpi>(x); }
};

}  // namespace op

// clang-format off
template <Symbolic X> constexpr auto sin(const X& x) { return apply<op::sin>(x); }
template <Symbolic X> constexpr auto cos(const X& x) { return apply<op::cos>(x); }
template <Symbolic X> constexpr auto tan(const X& x) { return apply<op::tan>(x); }
template <Symbolic X> constexpr auto sec(const X& x) { return apply<op::sec>(x); }
template <Symbolic X> constexpr auto csc(const X& x) { return apply<op::csc>(x); }
template <Symbolic X> constexpr auto cot(const X& x) { return apply<op::cot>(x); }
template <Symbolic X> constexpr auto asin(const X& x) { return apply<op::asin>(x); }
template <Symbolic X> constexpr auto acos(const X& x) { return apply<op::acos>(x); }
template <Symbolic X> constexpr auto atan(const X& x) { return apply<op::atan>(x); }
template <class X, class Y> requires AnySymbolic<X, Y> constexpr auto atan2(const X& x, const Y& y) { return apply<op::atan2>(x, y); }
template <Symbolic X> constexpr auto asec(const X& x) { return apply<op::asec>(x); }
template <Symbolic X> constexpr auto acsc(const X& x) { return apply<op::acsc>(x); }
template <Symbolic X> constexpr auto acot(const X& x) { return apply<op::acot>(x); }
template <Symbolic X> constexpr auto sinpi(const X& x) { return apply<op::sinpi>(x); }
template <Symbolic X> constexpr auto cospi(const X& x) { return apply<op::cospi>(x); }
// clang-format on

}  // namespace tg

#include "../support/compiler/end.hpp"
