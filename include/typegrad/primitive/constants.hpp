// SPDX-License-Identifier: BSL-1.0
// Named constants: primitives without operands. Their value is exact to the last bit of any number type, and
// a formula shows their name.
#pragma once
#include "../support/compiler/begin.hpp"

#include "rules.hpp"

namespace tg {

namespace detail {

/// A real constant as T: by conversion from long double for the built-in types and what is made of them, else
/// by `compute`, in T's own arithmetic.
template <class T, class F>
constexpr T real_constant(long double v, F compute) {
  if constexpr (std::floating_point<T>)
    return static_cast<T>(v);
  else if constexpr (requires { requires std::floating_point<typename T::value_type>; })
    return T(static_cast<typename T::value_type>(v));
  else
    return compute(T(1));
}

}  // namespace detail

namespace op {

/// The ratio of a circle's circumference to its diameter.
struct pi : rules {
  static constexpr std::string_view name = "pi";
  static constexpr tg::facts facts{
      .range = tg::facts::positive, .calls = 0, .latex = "\\pi", .c = "3.14159265358979323846"};
  static constexpr int arity = 0;
  template <class T>
  static constexpr T value() {
    return detail::real_constant<T>(3.141592653589793238462643383279502884L, [](const auto& one) {
      using std::atan;
      return T(4 * atan(one));
    });
  }
};

/// Euler's number, the base of the natural logarithm.
struct e : rules {
  static constexpr std::string_view name = "e";
  static constexpr tg::facts facts{
      .range = tg::facts::positive, .calls = 0, .latex = "e", .c = "2.71828182845904523536"};
  static constexpr int arity = 0;
  template <class T>
  static constexpr T value() {
    return detail::real_constant<T>(2.718281828459045235360287471352662498L, [](const auto& one) {
      using std::exp;
      return T(exp(one));
    });
  }
};

}  // namespace op

}  // namespace tg

#include "../support/compiler/end.hpp"
