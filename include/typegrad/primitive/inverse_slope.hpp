// SPDX-License-Identifier: BSL-1.0
// The derivatives of inverse functions that a quotient of their operands would compute badly. Those of asec,
// acsc and acsch are even functions whose short form |x| is for real numbers only; for complex numbers they
// are computed from x^2, and their own derivatives are one form for both. That of atan2 has squares that
// leave the range of numbers long before it does.
#pragma once
#include "../support/compiler/begin.hpp"

#include <cmath>

#include "../support/select.hpp"
#include "rules.hpp"

namespace tg {

namespace op {

/// The derivative of asec, 1/(x^2 sqrt(1 - 1/x^2)), for real numbers 1/(|x| sqrt(x^2 - 1)), which keeps its
/// digits near |x| = 1.
struct asec_slope : rules {
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
    if constexpr (Ordered<T>) {
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
    if constexpr (Ordered<T>)
      return static_cast<T>(T(-1) /
                            (abs(x) * sqrt(static_cast<T>(T(1) + x * x))));  // numbers that are in order
    else
      return static_cast<T>(T(-1) / (x * x * sqrt(T(1) + T(1) / (x * x))));
  }
  static constexpr auto partials(auto x, auto self) { return -self * (1 / x + x / (1 + x * x)); }
};

/// x/(x^2 + y^2): where inversion at the unit circle takes the x of the point (x, y), the derivative of
/// atan2. With that of y it is 1/(x + iy), and so the derivatives of every order are its powers, of the size
/// of the result. The smaller of the two is divided by the larger first, so that no square is formed.
struct inversion : rules {
  static constexpr std::string_view name = "inversion";
  static constexpr int arity = 2;
  static constexpr tg::facts facts{
      .at_zero = 0,
      .calls = 0,
      .infix = "$1/($1^2 + $2^2)",
      .latex = "\\frac{$1}{{$1}^2+{$2}^2}",
      .c = "(fabs($1) < fabs($2) ? $1 / $2 / ($2 + $1 * ($1 / $2)) : 1.0 / ($1 + $2 * ($2 / $1)))",
      .domain = "($1, $2) != (0, 0)"};
  template <class T>
  static constexpr T value(const T& x, const T& y) {
    using std::abs;
    if constexpr (Ordered<T>) {
      const auto flat = abs(x) < abs(y);
      const T large = select(flat, y, x), small = select(flat, x, y), ratio = static_cast<T>(small / large);
      return static_cast<T>(select(flat, ratio, T(1)) / static_cast<T>(large + small * ratio));
    } else {
      return static_cast<T>(x / (x * x + y * y));
    }
  }
  static constexpr auto partials(auto x, auto y, auto self) {
    const auto other = call<inversion>(y, x);
    return partials_of(other * other - self * self, -2 * self * other);
  }
};

}  // namespace op

}  // namespace tg

#include "../support/compiler/end.hpp"
