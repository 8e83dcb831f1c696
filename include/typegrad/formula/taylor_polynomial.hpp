// SPDX-License-Identifier: BSL-1.0
// The Taylor polynomial of a formula, from its derivatives: taylor.
#pragma once
#include "../support/compiler/begin.hpp"

#include "derivative.hpp"
#include "substitution.hpp"

namespace tg {

namespace detail {

/// Loads the K-th derivative of F by S: K derivatives by S, each of the one before.
template <int K, class F, class S, class... Chain>
constexpr void load_nth(builder& b, buffer<int>& out) {
  if constexpr (K > 0) {
    using next = result<diff_request<F, S>>;
    load_nth<K - 1, graph_source<next>, S, next, Chain...>(b, out);
  } else if constexpr (sizeof...(Chain) > 0) {
    load_result<Chain...>(b, out);
  } else {
    F::load(b, out);
  }
}

template <int N, class F, class S, class A>
struct taylor_request {
  static consteval int roots() { return 1; }
  static consteval int guess() { return 512; }
  static constexpr void build(builder& b, buffer<int>& out) {
    buffer<int> derivatives, x, at, terms;
    [&]<int... K>(std::integer_sequence<int, K...>) { (load_nth<K, F, S>(b, derivatives), ...); }
    (std::make_integer_sequence<int, N + 1>{});
    A::load(b, at, F::slots());
    S::load(b, x);
    substitute(b, derivatives, x, at);
    const int step = add(b, x[0], negate(b, at[0]));
    int factor = one_node;
    for (int k = 0; k <= N; ++k) {
      terms.push_back(multiply(b, derivatives[k], factor));
      factor = multiply(b, factor, divide(b, step, b.constant(k + 1)));
    }
    out.push_back(sum_of(b, terms));
  }
};

inline constexpr called taylor_call{"taylor", "taylor<2>(f, x, a) with a number or a formula for a", false,
                                    false};
struct operand {
  template <class T>
  static constexpr bool holds = Formula<T> || Numeric<T>;
};
struct without_order {
  template <class T>
  static constexpr bool holds = false;
};

}  // namespace detail

/// The Taylor polynomial of f in x of order N about x = a, a formula or a number: the sum of f^(k)(a) (x -
/// a)^k / k!.
template <int N, Formula F, Symbol S, class A, std::same_as<allow_zero_t>... Allow>
requires(Formula<A> || Numeric<A>) constexpr auto taylor(const F& f, const S&, const A& a, const Allow&...) {
  static_assert(N >= 0, "typegrad: taylor: the order must not be negative.");
  static_assert(detail::symbols_found<detail::taylor_call, detail::sources_t<F>, S, Allow...>());
  using request = detail::taylor_request<N, detail::from<F>, S, detail::lifted_t<A>>;
  return detail::answer<request>(f.numbers, detail::lift(a).numbers);
}

// What they say to other arguments.
// clang-format off
template <int N, class Absent = detail::absent, std::same_as<allow_zero_t>... Allow>
constexpr auto taylor(detail::formula_place<detail::taylor_call>, detail::symbol_place<detail::taylor_call> = Absent{}, detail::place_as_shown<detail::taylor_call, detail::operand> = Absent{}, const Allow&...) { return detail::said; }
template <class... More> constexpr auto taylor(detail::place_as_shown<detail::taylor_call, detail::without_order>, const More&...) { return detail::said; }
// clang-format on

}  // namespace tg

#include "../support/compiler/end.hpp"
