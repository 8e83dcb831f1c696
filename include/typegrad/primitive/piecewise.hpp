// SPDX-License-Identifier: BSL-1.0
// Functions with corners and steps. At a corner the derivative is the one that the table in docs/edges.md
// names; a step has derivative zero everywhere.
#pragma once
#include "../support/compiler/begin.hpp"

#include "../support/select.hpp"
#include "condition.hpp"
#include "rules.hpp"

namespace tg {

namespace op {

/// |x|; the derivative at 0 is 0, and NaN from the second one on, unless x has no other sign. |x^k| is |x|^k,
/// and the derivative of that is k x |x|^(k-2), right at 0 too (pass/derive.hpp).
struct abs : rules {
  static constexpr std::string_view name = "abs";
  static constexpr tg::facts facts{.range = tg::facts::not_negative,
                                   .keeps_sign = true,
                                   .parity = 1,
                                   .norm = true,
                                   .at_zero = 0,
                                   .at_one = 1,
                                   .calls = 0,
                                   .latex = "\\left|$1\\right|",
                                   .c = "fabs($1)"};
  template <class T>
  static constexpr T value(const T& x) {
    using std::abs;
    if constexpr (requires { abs_with_corner(x); })  // of a power series
      return abs_with_corner(x);
    else
      return static_cast<T>(abs(x));
  }
  static constexpr auto partials(auto x) {
    if constexpr (Handle<decltype(x)>)
      if (x.graph != nullptr && is_never_negative(*x.graph, x.id)) return decltype(x)(1);
    return call<abs_slope>(x);
  }
};

/// The derivative of |x|: the sign of x, but with a derivative that is NaN at 0.
struct abs_slope : rules {
  static constexpr std::string_view name = "abs_slope";
  static constexpr tg::facts facts{.keeps_sign = true,
                                   .parity = -1,
                                   .at_zero = 0,
                                   .at_one = 1,
                                   .calls = 0,
                                   .infix = "sign($1)",
                                   .latex = "\\operatorname{sgn}\\left($1\\right)",
                                   .c = "($1 > 0.0 ? 1.0 : $1 < 0.0 ? -1.0 : $1 == 0.0 ? 0.0 : $1)"};
  template <class T>
  static constexpr T value(const T& x) {
    return select(less::value(T(0), x), T(1),
                  select(less::value(x, T(0)), T(-1), select(x == T(0), T(0), x)));
  }
  /// A choice, so that elsewhere nothing is multiplied by 0.
  static constexpr auto partials(auto x) { return where(equal(x, 0), call<corner>(x), 0); }
};

/// 0/x, which is NaN at 0: what a derivative is where there is none. So is its derivative.
struct corner : rules {
  static constexpr std::string_view name = "corner";
  static constexpr tg::facts facts{.parity = 1,
                                   .calls = 0,
                                   .infix = "0/$1",
                                   .latex = "\\frac{0}{$1}",
                                   .c = "(0.0 / $1)",
                                   .domain = "$1 != 0"};
  template <class T>
  static constexpr T value(const T& x) {
    return static_cast<T>(T(0) / x);
  }
  static constexpr auto partials(auto, auto self) { return self; }
};

/// -1, 0 or 1; NaN for NaN. The derivative is 0, at 0 too.
struct sign : rules {
  static constexpr std::string_view name = "sign";
  static constexpr tg::facts facts{.parity = -1,
                                   .at_zero = 0,
                                   .at_one = 1,
                                   .calls = 0,
                                   .latex = "\\operatorname{sgn}\\left($1\\right)",
                                   .c = "($1 > 0.0 ? 1.0 : $1 < 0.0 ? -1.0 : $1 == 0.0 ? 0.0 : $1)"};
  template <class T>
  static constexpr T value(const T& x) {
    return abs_slope::value(x);
  }
  static constexpr auto partials(auto) { return 0; }
};

/// The smaller of x and y; where they are equal, y, and with it its derivative.
struct min : rules {
  static constexpr std::string_view name = "min";
  static constexpr int arity = 2;
  static constexpr tg::facts facts{
      .calls = 0, .latex = "\\min\\left($1, $2\\right)", .c = "($1 < $2 ? $1 : $2)"};
  template <class T>
  static constexpr T value(const T& x, const T& y) {
    return select(less::value(x, y), x, y);
  }
  static constexpr auto partials(auto x, auto y) {
    return partials_of(where(less(x, y), 1, 0), where(less(x, y), 0, 1));
  }
};

/// The larger of x and y; where they are equal, y, and with it its derivative.
struct max : rules {
  static constexpr std::string_view name = "max";
  static constexpr int arity = 2;
  static constexpr tg::facts facts{
      .calls = 0, .latex = "\\max\\left($1, $2\\right)", .c = "($2 < $1 ? $1 : $2)"};
  template <class T>
  static constexpr T value(const T& x, const T& y) {
    return select(less::value(y, x), x, y);
  }
  static constexpr auto partials(auto x, auto y) {
    return partials_of(where(less(y, x), 1, 0), where(less(y, x), 0, 1));
  }
};

/// The largest integer not above x.
struct floor : rules {
  static constexpr std::string_view name = "floor";
  static constexpr tg::facts facts{
      .at_zero = 0, .at_one = 1, .calls = 0, .latex = "\\left\\lfloor $1\\right\\rfloor"};
  template <class T>
  static constexpr T value(const T& x) {
    using std::floor;
    return static_cast<T>(floor(x));
  }
  static constexpr auto partials(auto) { return 0; }
};

/// The smallest integer not below x.
struct ceil : rules {
  static constexpr std::string_view name = "ceil";
  static constexpr tg::facts facts{
      .at_zero = 0, .at_one = 1, .calls = 0, .latex = "\\left\\lceil $1\\right\\rceil"};
  template <class T>
  static constexpr T value(const T& x) {
    using std::ceil;
    return static_cast<T>(ceil(x));
  }
  static constexpr auto partials(auto) { return 0; }
};

/// The nearest integer, halves away from 0.
struct round : rules {
  static constexpr std::string_view name = "round";
  static constexpr tg::facts facts{
      .parity = -1, .at_zero = 0, .at_one = 1, .calls = 0, .latex = "\\operatorname{round}\\left($1\\right)"};
  template <class T>
  static constexpr T value(const T& x) {
    using std::round;
    return static_cast<T>(round(x));
  }
  static constexpr auto partials(auto) { return 0; }
};

/// x without its fraction.
struct trunc : rules {
  static constexpr std::string_view name = "trunc";
  static constexpr tg::facts facts{
      .parity = -1, .at_zero = 0, .at_one = 1, .calls = 0, .latex = "\\operatorname{trunc}\\left($1\\right)"};
  template <class T>
  static constexpr T value(const T& x) {
    using std::trunc;
    return static_cast<T>(trunc(x));
  }
  static constexpr auto partials(auto) { return 0; }
};

/// The remainder x - y trunc(x/y), with the sign of x.
struct fmod : rules {
  static constexpr std::string_view name = "fmod";
  static constexpr int arity = 2;
  static constexpr tg::facts facts{.latex = "\\left($1 \\bmod $2\\right)", .domain = "$2 != 0"};
  template <class T>
  static constexpr T value(const T& x, const T& y) {
    using std::fmod;
    return static_cast<T>(fmod(x, y));
  }
  static constexpr auto partials(auto x, auto y) { return partials_of(1, -call<trunc>(x / y)); }
};

/// max(x, 0); the derivative at 0 is 0.
struct relu : rules {
  static constexpr std::string_view name = "relu";
  static constexpr tg::facts facts{.range = tg::facts::not_negative,
                                   .at_zero = 0,
                                   .at_one = 1,
                                   .calls = 0,
                                   .latex = "\\operatorname{ReLU}\\left($1\\right)",
                                   .c = "($1 > 0.0 ? $1 : $1 == $1 ? 0.0 : $1)"};
  template <class T>
  static constexpr T value(const T& x) {
    return select(less::value(T(0), x), x, select(x == x, T(0), x));
  }
  static constexpr auto partials(auto x) { return where(less(0, x), 1, 0); }
};

/// |x| with the sign of y, that of -0 too. The derivative by x at 0 is 0, as that of abs, and NaN from the
/// second one on.
struct copysign : rules {
  static constexpr std::string_view name = "copysign";
  static constexpr int arity = 2;
  static constexpr tg::facts facts{
      .calls = 0, .latex = "\\operatorname{copysign}\\left($1, $2\\right)", .c = "copysign($1, $2)"};
  template <class T>
  static constexpr T value(const T& x, const T& y) {
    using std::copysign;
    if constexpr (requires { static_cast<T>(copysign(x, y)); })
      return static_cast<T>(copysign(x, y));
    else  // of numbers without a signed zero
      return select(y < T(0), static_cast<T>(-abs::value(x)), abs::value(x));
  }
  static constexpr auto partials(auto x, auto y) {
    return partials_of(call<abs_slope>(x) * call<copysign>(0 * x + 1, y), 0);
  }
};

/// x y + z, rounded once.
struct fma : rules {
  static constexpr std::string_view name = "fma";
  static constexpr int arity = 3;
  static constexpr tg::facts facts{.latex = "\\left($1 \\cdot $2 + $3\\right)", .c = "fma($1, $2, $3)"};
  template <class T>
  static constexpr T value(const T& x, const T& y, const T& z) {
    using std::fma;
    if constexpr (requires { static_cast<T>(fma(x, y, z)); })
      return static_cast<T>(fma(x, y, z));
    else
      return static_cast<T>(x * y + z);
  }
  static constexpr auto partials(auto x, auto y, auto) { return partials_of(y, x, 1); }
};

}  // namespace op

// clang-format off
template <Symbolic X> constexpr auto abs(const X& x) { return apply<op::abs>(x); }
/// The same by its name in C.
template <Symbolic X> constexpr auto fabs(const X& x) { return apply<op::abs>(x); }
template <Symbolic X> constexpr auto sign(const X& x) { return apply<op::sign>(x); }
template <class X, class Y> requires AnySymbolic<X, Y> constexpr auto min(const X& x, const Y& y) { return apply<op::min>(x, y); }
template <class X, class Y> requires AnySymbolic<X, Y> constexpr auto max(const X& x, const Y& y) { return apply<op::max>(x, y); }
template <Symbolic X> constexpr auto floor(const X& x) { return apply<op::floor>(x); }
template <Symbolic X> constexpr auto ceil(const X& x) { return apply<op::ceil>(x); }
template <Symbolic X> constexpr auto round(const X& x) { return apply<op::round>(x); }
template <Symbolic X> constexpr auto trunc(const X& x) { return apply<op::trunc>(x); }
template <class X, class Y> requires AnySymbolic<X, Y> constexpr auto fmod(const X& x, const Y& y) { return apply<op::fmod>(x, y); }
template <Symbolic X> constexpr auto relu(const X& x) { return apply<op::relu>(x); }
template <class X, class Y> requires AnySymbolic<X, Y> constexpr auto copysign(const X& x, const Y& y) { return apply<op::copysign>(x, y); }
template <class X, class Y, class Z> requires AnySymbolic<X, Y, Z> constexpr auto fma(const X& x, const Y& y, const Z& z) { return apply<op::fma>(x, y, z); }
// clang-format on

/// x kept between low and high.
template <class X, class L, class H>
requires AnySymbolic<X, L, H>
constexpr auto clamp(const X& x, const L& low, const H& high) { return min(max(x, low), high); }

}  // namespace tg

#include "../support/compiler/end.hpp"
