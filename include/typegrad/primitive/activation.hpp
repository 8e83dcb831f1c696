// SPDX-License-Identifier: BSL-1.0
// Functions that a careless formula loses digits or overflows in: hypot, sinc, and the smooth activations of
// neural networks (for log-sum-exp see logsumexp.hpp). Each is evaluated stably, and so are its derivatives
// of every order.
#pragma once
#include "../support/compiler/begin.hpp"

#include <cmath>
#include <concepts>

#include "../support/select.hpp"
#include "condition.hpp"
#include "constants.hpp"
#include "exponential.hpp"
#include "gamma.hpp"
#include "hyperbolic.hpp"
#include "inverse_slope.hpp"

namespace tg {

namespace op {

/// sqrt(x^2 + y^2) without overflow. The derivative at (0, 0) is 0, the subgradient of least length, as for
/// abs; the second one is NaN there.
struct hypot : rules {
  static constexpr std::string_view name = "hypot";
  static constexpr tg::facts facts{.range = tg::facts::not_negative,
                                   .keeps_sign = true,
                                   .commutative = true,
                                   .norm = true,
                                   .latex = "\\sqrt{$1^2+$2^2}"};
  static constexpr int arity = 2;
  template <class T>
  static constexpr T value(const T& x, const T& y) {
    using std::hypot;
    using std::sqrt;
    if constexpr (requires { hypot(x, y); })
      return static_cast<T>(hypot(x, y));
    else
      return static_cast<T>(sqrt(x * x + y * y));
  }
  static constexpr auto partials(auto x, auto y, auto self) {
    return partials_of(call<hypot_slope>(x, y, self), call<hypot_slope>(y, x, self));
  }
};

/// The derivative of hypot(x, y) by x, x/h with h = hypot(x, y), and 0 where that is 0/0. Its own derivatives
/// y^2/h^3 and -x y/h^3 are not written as differences of terms, 1/h - x^2/h^3, of which nothing would be
/// left where y is small, nor with powers of h, which leave the range of numbers. The rule is that of a
/// function of x and y alone.
struct hypot_slope : rules {
  static constexpr std::string_view name = "hypot_slope";
  static constexpr tg::facts facts{.at_zero = 0,
                                   .calls = 0,
                                   .infix = "$1/$3",
                                   .latex = "\\left(\\frac{$1}{$3}\\right)",
                                   .c = "($3 == 0.0 ? 0.0 : $1 / $3)",
                                   .domain = "$3 != 0"};
  static constexpr int arity = 3;
  template <class T>
  static constexpr T value(const T& x, const T&, const T& h) {
    return select(h == T(0), T(0), static_cast<T>(x / h));
  }
  static constexpr auto partials(auto x, auto y, auto h, auto self) {
    const auto turn = call<inversion>(y, x);
    return partials_of(call<hypot_slope>(y, x, h) * turn, -self * turn, 0);
  }
};

/// 1/(1 + e^-x), without overflow.
struct sigmoid : rules {
  static constexpr tg::facts facts{.range = tg::facts::positive,
                                   .at_zero = {1, 2},
                                   .latex = "\\sigma\\left($1\\right)",
                                   .c = "(1.0 / (1.0 + exp(-($1))))"};
  static constexpr std::string_view name = "sigmoid";
  template <class T>
  static constexpr T value(const T& x) {
    using std::exp;
    return static_cast<T>(T(1) / (T(1) + exp(-x)));
  }
  static constexpr auto partials(auto x) { return call<sigmoid_slope>(x); }
};

/// The derivative of the sigmoid function, sigmoid(x) sigmoid(-x), by exp(-|x|). Its own derivative has a
/// factor that keeps its digits near 0, where sigmoid(-x) - sigmoid(x) would have none left.
struct sigmoid_slope : rules {
  static constexpr std::string_view name = "sigmoid_slope";
  static constexpr tg::facts facts{.range = tg::facts::positive,
                                   .parity = 1,
                                   .at_zero = {1, 4},
                                   .infix = "sigmoid($1)*sigmoid(-$1)",
                                   .latex = "\\sigma\\left($1\\right) \\sigma\\left(-$1\\right)",
                                   .c = "(1.0 / (1.0 + exp($1)) / (1.0 + exp(-($1))))"};
  template <class T>
  static constexpr T value(const T& x) {
    using std::abs;
    using std::exp;
    if constexpr (Ordered<T>) {
      const T u = static_cast<T>(exp(static_cast<T>(-abs(x))));
      return static_cast<T>(u / ((T(1) + u) * (T(1) + u)));
    } else {
      return static_cast<T>(sigmoid::value(x) * sigmoid::value(static_cast<T>(-x)));
    }
  }
  static constexpr auto partials(auto x, auto self) { return -self * tanh(x / 2); }
};

/// log(1 + e^x), without overflow.
struct softplus : rules {
  static constexpr std::string_view name = "softplus";
  static constexpr tg::facts facts{.range = tg::facts::positive,
                                   .latex = "\\operatorname{softplus}\\left($1\\right)",
                                   .c = "(fmax($1, 0.0) + log1p(exp(-fabs($1))))"};
  template <class T>
  static constexpr T value(const T& x) {
    using std::exp;
    using std::log1p;
    if constexpr (Ordered<T>)
      return static_cast<T>(select(T(0) < x, x, T(0)) + log1p(exp(select(T(0) < x, static_cast<T>(-x), x))));
    else
      return op::log1p::value(static_cast<T>(exp(x)));
  }
  static constexpr auto partials(auto x) { return logistic(x); }
};

/// x sigmoid(x), also called swish.
struct silu : rules {
  static constexpr std::string_view name = "silu";
  static constexpr tg::facts facts{
      .at_zero = 0, .latex = "\\operatorname{silu}\\left($1\\right)", .c = "($1 / (1.0 + exp(-($1))))"};
  template <class T>
  static constexpr T value(const T& x) {
    using std::abs;
    using std::exp;
    if constexpr (Ordered<T>) {  // below, x e^x is in range longer than 1 + e^-x
      const T u = static_cast<T>(exp(static_cast<T>(-abs(x))));
      return static_cast<T>(select(x < T(0), static_cast<T>(x * u), x) / (T(1) + u));
    } else {
      return static_cast<T>(x * sigmoid::value(x));
    }
  }
  static constexpr auto partials(auto x) { return logistic(x) + x * call<sigmoid_slope>(x); }
};

/// x tanh(softplus(x)) (Misra 2019). With w = e^x (e^x + 2) that is x w/(w + 2), from e^-|x|, so that nothing
/// overflows.
struct mish : rules {
  static constexpr std::string_view name = "mish";
  static constexpr tg::facts facts{.at_zero = 0,
                                   .latex = "\\operatorname{mish}\\left($1\\right)",
                                   .c = "($1 * tanh(fmax($1, 0.0) + log1p(exp(-fabs($1)))))"};
  template <class T>
  static constexpr T value(const T& x) {
    using std::abs;
    using std::exp;
    using std::tanh;
    if constexpr (Ordered<T>) {
      const T u = static_cast<T>(exp(static_cast<T>(-abs(x)))), w = static_cast<T>(u * (u + T(2)));
      return select(x < T(0), static_cast<T>(x * u * ((u + T(2)) / (w + T(2)))),
                    static_cast<T>(x * ((T(1) + T(2) * u) / (T(1) + T(2) * u * (T(1) + u)))));
    } else {
      return static_cast<T>(x * tanh(softplus::value(x)));
    }
  }
  static constexpr auto partials(auto x) {
    const auto gate = rules::softplus(x), t = tanh(gate);
    return t + x * call<tanh_slope>(gate, t) * logistic(x);
  }
};

/// log(1/(1 + e^-x)), without overflow: -softplus(-x).
struct log_sigmoid : rules {
  static constexpr std::string_view name = "log_sigmoid";
  static constexpr tg::facts facts{.latex = "\\ln\\sigma\\left($1\\right)",
                                   .c = "(fmin($1, 0.0) - log1p(exp(-fabs($1))))"};
  template <class T>
  static constexpr T value(const T& x) {
    return static_cast<T>(-softplus::value(static_cast<T>(-x)));
  }
  static constexpr auto partials(auto x) { return logistic(-x); }
};

/// x Phi(x) with the exact normal distribution function Phi (Hendrycks and Gimpel 2016); by erfc, so that the
/// lower tail keeps its digits.
struct gelu : rules {
  static constexpr std::string_view name = "gelu";
  static constexpr tg::facts facts{.at_zero = 0,
                                   .latex = "\\operatorname{gelu}\\left($1\\right)",
                                   .c = "(0.5 * $1 * erfc(-($1) * 0.70710678118654752440))"};
  template <class T>
  static constexpr T value(const T& x) {
    using std::sqrt;
    if constexpr (std::same_as<T, double> || std::same_as<T, float>)
      if (x < -1 && x > -40) return lower_tail(x);
    return static_cast<T>(x * (erfc::value(static_cast<T>(-x / sqrt(T(2)))) / T(2)));
  }
  /// erfc(z) magnifies the rounding error of z = -x/sqrt(2) by 2 z^2. So the error r is found, and erfc(z +
  /// r) = erfc(z) (1 - r g) to first order; g = -erfc'(z)/erfc(z) lies between z + sqrt(z^2 + 4/pi) and z +
  /// sqrt(z^2 + 2), DLMF 7.8.2.
  template <class T>
  static constexpr T lower_tail(T x) {
    constexpr long double root_of_half = 0.707106781186547524400844362104849039L;
    constexpr T high = static_cast<T>(root_of_half), low = static_cast<T>(root_of_half - high);
    const T z = -x * high, r = std::fma(-x, high, -z) - x * low;
    return x * std::erfc(z) / 2 * (1 - r * (z + std::sqrt(z * z + T(1.6))));
  }
  static constexpr auto partials(auto x) {
    return erfc(-x / sqrt(0 * x + 2)) / 2 + x * exp(-x * x / 2) / sqrt(2 * pi(x));
  }
};

/// The derivatives of sinc in C.
inline constexpr std::string_view sinc_helper =
    "/* the n-th derivative of sin(x)/x */\n"
    "static double sinc_derivative(int n, double x) {\n"
    "  if (fabs(x) < (2 + n) / 2.0) {\n"
    "    double power = n % 2 == 1 ? x : 1.0, sum = 0.0, last = 1.0;\n"
    "    for (int j = n % 2; sum != last || j < 4; j += 2) {\n"
    "      const double term = power / (j + n + 1);\n"
    "      last = sum;\n"
    "      sum += (j + n) / 2 % 2 == 0 ? term : -term;\n"
    "      power *= x * x / ((j + 1.0) * (j + 2.0));\n"
    "    }\n"
    "    return sum;\n"
    "  }\n"
    "  const double s = sin(x), c = cos(x), cycle[4] = {s, c, -s, -c};\n"
    "  double value = s / x;\n"
    "  for (int k = 1; k <= n; ++k) value = (cycle[k % 4] - k * value) / x;\n"
    "  return value;\n"
    "}\n";

/// The n-th derivative of sin(x)/x: its power series near 0, where the closed form would cancel; elsewhere x
/// s_n = sin^(n)(x) - n s_(n-1).
struct derivatives_of_sinc {
  template <class T>
  constexpr T operator()(int n, const T& x) const {
    using std::abs;
    using std::cos;
    using std::sin;
    if (abs(x) < T(2 + n) / T(2)) {  // sum over 2k >= n of (-1)^k x^(2k-n) / ((2k+1) (2k-n)!)
      int j = n % 2;                 // j = 2k - n
      T power = j == 1 ? x : T(1);   // x^j / j!
      T sum = T(0);
      for (T last = T(1); !(sum == last) || j < 4; j += 2) {
        last = sum;
        const T term = power / T(j + n + 1);
        sum = ((j + n) / 2) % 2 == 0 ? static_cast<T>(sum + term) : static_cast<T>(sum - term);
        power = power * x * x / T((j + 1) * (j + 2));
      }
      return sum;
    }
    const T s = sin(x), c = cos(x);
    const T cycle[4] = {s, c, static_cast<T>(-s), static_cast<T>(-c)};
    T value = s / x;
    for (int k = 1; k <= n; ++k) value = (cycle[k % 4] - T(k) * value) / x;
    return value;
  }
};

/// The N-th derivative of sin(x)/x.
template <int N>
struct sinc_derivative : rules {
  static constexpr auto spelled =
      detail::join(text{"sinc_derivative_"}, text<2>{{static_cast<char>('0' + N % 10), 0}});
  static constexpr auto call_in_c =
      detail::join(text{"sinc_derivative("}, text<2>{{static_cast<char>('0' + N % 10), 0}}, text{", $1)"});
  static constexpr std::string_view name = spelled.view();
  static constexpr tg::facts facts{
      .parity = N % 2 == 0 ? 1 : -1, .c = call_in_c.view(), .c_helper = sinc_helper};
  template <Batch T>
  static constexpr T value(const T& x) {
    return lane_by_lane(x, [](const auto& one_lane) { return value(one_lane); });
  }
  template <class T>
  static constexpr T value(const T& x) {
    if constexpr (requires { x.composed_of_derivatives(N, derivatives_of_sinc{}); })
      return x.composed_of_derivatives(N, derivatives_of_sinc{});
    else
      return derivatives_of_sinc{}(N, x);
  }
  static constexpr auto partials(auto x) {
    if constexpr (N < 9)
      return call<sinc_derivative<N + 1>>(x);
    else
      return beyond_the_ninth_derivative(x);
  }
};

/// sin(x)/x with the value 1 at 0.
struct sinc : rules {
  static constexpr std::string_view name = "sinc";
  static constexpr tg::facts facts{.parity = 1,
                                   .at_zero = 1,
                                   .latex = "\\operatorname{sinc}\\left($1\\right)",
                                   .c = "sinc_derivative(0, $1)",
                                   .c_helper = sinc_helper};
  template <Batch T>
  static constexpr T value(const T& x) {
    return lane_by_lane(x, [](const auto& one_lane) { return value(one_lane); });
  }
  template <class T>
  static constexpr T value(const T& x) {
    using std::sin;
    if constexpr (requires { x.composed_of_derivatives(0, derivatives_of_sinc{}); })
      return x.composed_of_derivatives(0, derivatives_of_sinc{});
    else
      return x == T(0) ? T(1) : static_cast<T>(sin(x) / x);
  }
  static constexpr auto partials(auto x) { return call<sinc_derivative<1>>(x); }
};

}  // namespace op

// clang-format off
template <class X, class Y> requires AnySymbolic<X, Y> constexpr auto hypot(const X& x, const Y& y) { return apply<op::hypot>(x, y); }
template <Symbolic X> constexpr auto sigmoid(const X& x) { return apply<op::sigmoid>(x); }
template <Symbolic X> constexpr auto softplus(const X& x) { return apply<op::softplus>(x); }
template <Symbolic X> constexpr auto silu(const X& x) { return apply<op::silu>(x); }
template <Symbolic X> constexpr auto gelu(const X& x) { return apply<op::gelu>(x); }
template <Symbolic X> constexpr auto mish(const X& x) { return apply<op::mish>(x); }
template <Symbolic X> constexpr auto log_sigmoid(const X& x) { return apply<op::log_sigmoid>(x); }
template <Symbolic X> constexpr auto sinc(const X& x) { return apply<op::sinc>(x); }
// clang-format on

}  // namespace tg

#include "../support/compiler/end.hpp"
