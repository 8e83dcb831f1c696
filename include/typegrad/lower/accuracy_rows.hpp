// SPDX-License-Identifier: BSL-1.0
// Cancellation and overflow that have a known cure, as rows (pass/pattern.hpp says how they are written):
// what a formula computes is replaced by what keeps its digits, when a program is made of it. Formulas
// themselves, and derivatives, stay as they are. The sources are the lists of Herbie (Panchekha et al., PLDI
// 2015) and of the special functions that NumPy and SciPy have for this.
//
// For each row test/rewrites.cpp has the worst error with and without it over a sweep: with it the worst one
// is less, and at no point is the error more by over 2 units in the last place. The number after a result
// says by how much it is dearer, in the weights of the cost model.
#pragma once
#include "../support/compiler/begin.hpp"

#include "../pass/rows.hpp"
#include "../primitive/activation.hpp"
#include "../primitive/hyperbolic.hpp"
#include "../primitive/trigonometric.hpp"

namespace tg {

namespace detail::evaluated {

/// log(1 - e^x) for x < 0, by Maechler, "Accurately computing log(1 - exp(-|a|))" (2012).
struct log1mexp : rules {
  static constexpr std::string_view name = "log1mexp";
  static constexpr tg::facts facts{.calls = 2};
  template <class T>
  static constexpr T value(const T& x) {
    if constexpr (Ordered<T>)
      return select(T(-0.6931) < x, op::log::value(static_cast<T>(-op::expm1::value(x))),
                    op::log1p::value(static_cast<T>(-op::exp::value(x))));
    else
      return op::log::value(static_cast<T>(T(1) - op::exp::value(x)));
  }
};

/// log(cosh(x)), without overflow, accurate near 0.
struct log_cosh : rules {
  static constexpr std::string_view name = "log_cosh";
  static constexpr tg::facts facts{.calls = 2};
  template <class T>
  static constexpr T value(const T& x) {
    if constexpr (Ordered<T>) {
      const T size = select(x < T(0), static_cast<T>(-x), x),
              half = op::sinh::value(static_cast<T>(select(size < T(1), size, T(1)) / T(2)));
      return select(size < T(1), op::log1p::value(static_cast<T>(T(2) * half * half)),
                    static_cast<T>(size + (op::log1p::value(op::exp::value(static_cast<T>(T(-2) * size))) -
                                           op::log::value(T(2)))));
    } else {
      return op::log::value(op::cosh::value(x));
    }
  }
};

/// log(sinh(x)) for x > 0, without overflow.
struct log_sinh : rules {
  static constexpr std::string_view name = "log_sinh";
  static constexpr tg::facts facts{.calls = 2};
  template <class T>
  static constexpr T value(const T& x) {
    if constexpr (Ordered<T>)
      return select(x < T(1), op::log::value(op::sinh::value(select(x < T(1), x, T(1)))),
                    static_cast<T>(x + (log1mexp::value(static_cast<T>(T(-2) * x)) - op::log::value(T(2)))));
    else
      return op::log::value(op::sinh::value(x));
  }
};

}  // namespace detail::evaluated

namespace detail::row_notation {

inline constexpr function_name expm1{"expm1"}, log1mexp{"log1mexp"}, log_cosh{"log_cosh"},
    log_sinh{"log_sinh"}, cbrt{"cbrt"}, erf{"erf"}, erfc{"erfc"}, sec{"sec"}, hypot_slope{"hypot_slope"};

constexpr row_table accuracy_table() {
  row_table t;
  const pattern u = t.any(0), v = t.any(1), d = t.any(2);

  // Its derivative alone asks for the second operand, which may be a length of its own.
  t.row(hypot_slope(u, v, d), hypot_slope(u, d, d));

  // What is left of a number when nearly all of it is taken away.
  t.row(exp(u) - 1, expm1(u));
  t.row(1 - cos(u), 2 * pow(sin(u / 2), 2), 2);
  t.row(cosh(u) - 1, 2 * pow(sinh(u / 2), 2), 2);
  t.row(sec(u) - 1, 2 * pow(sin(u / 2), 2) / cos(u), 26);
  t.row(1 / cos(u) - 1, 2 * pow(sin(u / 2), 2) / cos(u), 22);
  t.row(1 - sigmoid(u), sigmoid(-u));
  t.row(1 - tanh(u), 2 * sigmoid(-2 * u), 1);
  t.row(1 + tanh(u), 2 * sigmoid(2 * u), 1);
  t.row(1 - erf(u), erfc(u));
  t.row(1 - erfc(u), erf(u));
  t.row(1 - pow(sin(u), 2), pow(cos(u), 2));
  t.row(1 - pow(cos(u), 2), pow(sin(u), 2));
  t.row(pow(cosh(u), 2) - 1, pow(sinh(u), 2));

  // Differences of neighbours. d is an exact number; where it depended on a symbol, it would have an error
  // too.
  t.row(exp(u) - exp(v), 2 * sinh(u), opposite(u, v));
  t.row(sqrt(u) - sqrt(v), d / (sqrt(u) + sqrt(v)), 4, difference(d, u, v));
  t.row(1 / sqrt(u) - 1 / sqrt(v), -d / (sqrt(u) * sqrt(v) * (sqrt(u) + sqrt(v))), 0, difference(d, u, v));
  t.row(1 / u - 1 / v, -d / (u * v), 0, difference(d, u, v));
  t.row(cbrt(u) - cbrt(v), d / (pow(cbrt(u), 2) + cbrt(u) * cbrt(v) + pow(cbrt(v), 2)), 8,
        difference(d, u, v));
  // Squares of symbols and numbers: the rounding of anything else would be larger than that of the squares.
  t.row(pow(u, 2) - pow(v, 2), (u - v) * (u + v), alone(u, v));
  t.row(-pow(v, 2) + pow(u, 2), (u - v) * (u + v), alone(u, v));  // where u^2 is a number

  // Logarithms of what is nearly 1, or too large.
  t.row(log(1 - exp(u)), log1mexp(u));
  t.row(log(1 + u), log1p(u));
  t.row(log(cosh(u)), log_cosh(u));
  t.row(log(sinh(u)), log_sinh(u));
  t.row(log(exp(u) - 1), u + log1mexp(-u), 1);
  return t;
}

}  // namespace detail::row_notation

namespace detail {

/// Made where a program is, not by including this.
template <class = void>
inline constexpr row_table accuracy_rows = row_notation::accuracy_table();

/// A primitive where nothing is differentiated any more.
template <class Op>
struct without_rule : Op {};

/// Directly, as those of symbols: without its rule, and without asking for everything that a primitive may
/// have.
template <class Op>
inline constexpr record record_of<without_rule<Op>> = [] {
  record plain;
  plain.name = Op::name;
  plain.key = hash_of(Op::name);
  plain.identity = plain.key + 1;
  plain.arity = 1;
  plain.partials = &no_partials;
  plain.built_in = true;
  return plain;
}();

/// The record of a function that a result names.
template <class... Op>
constexpr const record* evaluated_record(std::uint64_t key) {
  return record_with<without_rule<Op>...>(key);
}

}  // namespace detail

}  // namespace tg

#include "../support/compiler/end.hpp"
