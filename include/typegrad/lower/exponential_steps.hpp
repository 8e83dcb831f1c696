// SPDX-License-Identifier: BSL-1.0
// What lower/scale_exponentials.hpp computes exponentials with: in units of the largest one of several. Of
// numbers without an order the last one counts as the largest.
#pragma once
#include "../support/compiler/begin.hpp"

#include "../primitive/exponential.hpp"
#include "../support/select.hpp"

namespace tg::detail::scaled {

struct step : rules {
  static constexpr tg::facts facts{.calls = 0};
  static constexpr void graph_partials(builder&, const rule_call&) {}  // made after the last derivative
};

/// The largest operand.
struct top : step {
  static constexpr std::string_view name = "largest";
  template <class T, class... U>
  static constexpr T value(const T& first, const U&... rest) {
    T largest = first;
    if constexpr (Ordered<T>)
      ((largest = select(largest < rest, rest, largest)), ...);
    else
      ((largest = rest), ...);
    return largest;
  }
};

/// e^(x - m). The rounding error of x - m is put back, of which e^(x - m) would have |x - m| times as much.
struct shifted : step {
  static constexpr std::string_view name = "exp_from";
  static constexpr tg::facts facts{.calls = 1};
  static constexpr int arity = 2;
  template <class T>
  static constexpr T value(const T& x, const T& m) {
    const T difference = static_cast<T>(x - m), e = op::exp::value(difference);
    if constexpr (Ordered<T>) {
      const T back = static_cast<T>(difference - x);  // Knuth's two-sum
      const T error = static_cast<T>((x - (difference - back)) - (m + back));
      return select(error - error == T(0), static_cast<T>(e + e * error), e);
    } else {
      return e;
    }
  }
};

/// The smaller of e^x and e^y.
struct smaller : step {
  static constexpr std::string_view name = "exp_gap";
  static constexpr tg::facts facts{.calls = 1};
  static constexpr int arity = 2;
  template <class T>
  static constexpr T value(const T& x, const T& y) {
    if constexpr (Ordered<T>)
      return shifted::value(select(x < y, x, y), select(x < y, y, x));
    else
      return shifted::value(x, y);
  }
};

/// e^x, which is the smaller one of two, s, or else the largest, e^m.
struct part : step {
  static constexpr std::string_view name = "part";
  static constexpr int arity = 3;
  template <class T>
  static constexpr T value(const T& x, const T& m, const T& s) {
    return select(x == m, T(1), s);
  }
};

/// e^x - e^y, with its digits where x is nearly y.
struct rise : step {
  static constexpr std::string_view name = "exp_rise";
  static constexpr tg::facts facts{.calls = 1};
  static constexpr int arity = 2;
  template <class T>
  static constexpr T value(const T& x, const T& y) {
    const T gap = static_cast<T>(x - y);
    if constexpr (Ordered<T>) {
      const T size = op::expm1::value(select(x < y, gap, static_cast<T>(-gap)));
      return select(x < y, size, static_cast<T>(-size));
    } else {
      return op::expm1::value(gap);
    }
  }
};

}  // namespace tg::detail::scaled

#include "../support/compiler/end.hpp"
