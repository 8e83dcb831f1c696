// SPDX-License-Identifier: BSL-1.0
// The derivatives of asec, acsc and acsch: even functions whose short form |x| is for real numbers only. For
// complex numbers they are computed from x^2; their own derivatives are one form for both.
#pragma once

#include <cmath>

#include "rules.hpp"

namespace tg {

// The nested spelling of each primitive, for tg::tree_t.
namespace tree {

template <class... Operands>
struct asec_slope;
template <class... Operands>
struct acsch_slope;

}  // namespace tree

namespace op {

/// The derivative of asec, 1/(x^2 sqrt(1 - 1/x^2)), for real numbers 1/(|x| sqrt(x^2 - 1)), which keeps its
/// digits near |x| = 1.
struct asec_slope : rules {
  template <class... Operands>
  using tree = tree::asec_slope<Operands...>;
  static constexpr std::string_view name = "asec_slope";
  static constexpr tg::facts facts{.parity = 1,
                                   .infix = "1/($1^2*sqrt(1 - 1/$1^2))",
                                   .latex = "\\left(\\frac{1}{$1^2\\sqrt{1-1/$1^2}}\\right)",
                                   .c = "(1.0 / (fabs($1) * sqrt((fabs($1) - 1.0) * (fabs($1) + 1.0))))",
                                   .domain = "|$1| > 1"};
  template <class T>
  static constexpr T value(const T& x) {
    using std::abs;
    using std::sqrt;
    if constexpr (requires { x < x; }) {  // numbers that are in order
      const T size = static_cast<T>(abs(x));
      return static_cast<T>(T(1) / (size * sqrt(static_cast<T>((size - T(1)) * (size + T(1))))));
    } else {
      return static_cast<T>(T(1) / (x * x * sqrt((x - T(1)) / x * ((x + T(1)) / x))));
    }
  }
  static constexpr auto partials(auto x, auto self) {
    return -self * (1 / x + (1 / (x - 1) + 1 / (x + 1)) / 2);
  }
};

/// The derivative of acsch, -1/(x^2 sqrt(1 + 1/x^2)), for real numbers -1/(|x| sqrt(1 + x^2)).
struct acsch_slope : rules {
  template <class... Operands>
  using tree = tree::acsch_slope<Operands...>;
  static constexpr std::string_view name = "acsch_slope";
  static constexpr tg::facts facts{.parity = 1,
                                   .infix = "-1/($1^2*sqrt(1 + 1/$1^2))",
                                   .latex = "\\left(-\\frac{1}{$1^2\\sqrt{1+1/$1^2}}\\right)",
                                   .c = "(-1.0 / (fabs($1) * sqrt(1.0 + $1 * $1)))",
                                   .domain = "$1 != 0"};
  template <class T>
  static constexpr T value(const T& x) {
    using std::abs;
    using std::sqrt;
    if constexpr (requires { x < x; })
      return static_cast<T>(T(-1) /
                            (abs(x) * sqrt(static_cast<T>(T(1) + x * x))));  // numbers that are in order
    else
      return static_cast<T>(T(-1) / (x * x * sqrt(T(1) + T(1) / (x * x))));
  }
  static constexpr auto partials(auto x, auto self) { return -self * (1 / x + x / (1 + x * x)); }
};

}  // namespace op

}  // namespace tg
