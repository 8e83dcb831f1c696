// SPDX-License-Identifier: BSL-1.0
// Products of derivatives with vectors, substitution and Taylor polynomials: jvp, vjp, hvp, substitute,
// taylor. No product builds the matrix that it multiplies with; one with a unit vector is the column or row
// that diff and gradient give.
#pragma once

#include "../pass/substitute.hpp"
#include "derivative.hpp"

namespace tg {

namespace detail {

/// A formula's type for what a binding or a weight gives: a formula itself, or a captured number.
template <class T>
using lifted_t = std::remove_cvref_t<decltype(lift(std::declval<const T&>()))>;

template <class Outputs>
struct shape_of_outputs {
  using type = shape<Outputs::outputs()>;
};
template <Formula F>
struct shape_of_outputs<F> {
  using type = shape<>;
};

/// Loads the given formulas behind what is loaded already; `slots` is how many captured numbers are taken.
template <class... F>
constexpr void load_more(builder& b, buffer<int>& out, int& slots, symbol_list<F...>) {
  ((F::load(b, out, slots), slots += F::slots()), ...);
}

/// The nodes of several sources.
template <class... F>
consteval int nodes_of(symbol_list<F...>) {
  return (F::size() + ... + 0);
}

/// Which of the seeds is an exact 1 while all others are exact zeros; -1 if they are not of that form.
template <class... Seed>
constexpr int unit_seed(symbol_list<Seed...>) {
  int place = -1, k = 0, others = 0;
  for (const int value : {(std::same_as<Seed, formula<node::constant<1>>>   ? 1
                           : std::same_as<Seed, formula<node::constant<0>>> ? 0
                                                                            : 2)...}) {
    if (value == 1 && place < 0)
      place = k;
    else if (value != 0)
      ++others;
    ++k;
  }
  return others == 0 ? place : -1;
}
template <class... S>
constexpr std::type_identity<std::tuple<S...>> tuple_of(symbol_list<S...>);
template <int K, class Symbols>
using symbol_at =
    std::tuple_element_t<static_cast<std::size_t>(K), typename decltype(tuple_of(Symbols{}))::type>;

// A product with a unit vector is a column, a row, or a row of the Hessian: the same entries that diff gives.

template <class Shape, class Symbols, class Sources>
struct column_of;
template <class Symbols, class F>
struct column_of<shape<>, Symbols, symbol_list<F>> {
  using type = diff_request<F, symbol_at<0, Symbols>>;
};
template <int N, class Symbols, class... F>
struct column_of<shape<N>, Symbols, symbol_list<F...>> {
  using type = jacobian_request<shape<N>, Symbols, -1, F...>;
};
template <int Row, class Symbols, class Sources>
struct row_of;
template <int Row, class Symbols, class... F>
struct row_of<Row, Symbols, symbol_list<F...>> {
  using type = jacobian_request<shape<Symbols::size>, Symbols, Row, F...>;
};

template <class Outputs, class Symbols, class Values, int Unit = unit_seed(Values{})>
struct jvp_of : column_of<typename shape_of_outputs<Outputs>::type, symbol_list<symbol_at<Unit, Symbols>>,
                          sources_t<Outputs>> {};
template <class Outputs, class Weights, class Symbols, int Unit = unit_seed(Weights{})>
struct vjp_of : row_of<Unit, Symbols, sources_t<Outputs>> {};
template <class F, class Symbols, class Values, int Unit = unit_seed(Values{})>
struct hvp_of {
  using type = hessian_request<F, Symbols, Unit>;
};

template <class Outputs, class Symbols, class Values>
struct jvp_request {
  using shape_type = typename shape_of_outputs<Outputs>::type;
  static consteval int roots() { return Outputs::outputs(); }
  static consteval int guess() { return 4 * nodes_of(sources_t<Outputs>{}) + 128; }
  static constexpr void build(builder& b, buffer<int>& tangents) {
    buffer<int> out, x, seeds;
    int slots = 0;
    load_more(b, out, slots, sources_t<Outputs>{});
    load_more(b, seeds, slots, Values{});
    expand_definitions(b, out);
    load_symbols(b, x, Symbols{});
    forward(b, x, seeds, out, tangents);
  }
};

template <class Outputs, class Weights, class Symbols>
struct vjp_request {
  using shape_type = shape<Symbols::size>;
  static consteval int roots() { return Symbols::size; }
  static consteval int guess() { return 4 * nodes_of(sources_t<Outputs>{}) + 128; }
  static constexpr void build(builder& b, buffer<int>& adjoints) {
    buffer<int> out, x, weights;
    int slots = 0;
    load_more(b, out, slots, sources_t<Outputs>{});
    load_more(b, weights, slots, Weights{});
    expand_definitions(b, out);
    load_symbols(b, x, Symbols{});
    reverse(b, out, weights, x, adjoints);
  }
};

template <class F, class Symbols, class Values>
struct hvp_request;
template <class F, class... S, class Values>
struct hvp_request<F, symbol_list<S...>, Values> {
  using shape_type = shape<static_cast<int>(sizeof...(S))>;
  static consteval int roots() { return static_cast<int>(sizeof...(S)); }
  static consteval int guess() { return 3 * result<full_gradient_request<F>>::graph.nodes + 64; }
  static constexpr void build(builder& b, buffer<int>& tangents) {
    buffer<int> x, seeds, gradient;
    int slots = F::slots();
    loaded_gradient<F> entries(b);
    for (const record* op : {known<op::variable<S::name>>...}) gradient.push_back(entries.by(op));
    load_more(b, seeds, slots, Values{});
    expand_definitions(b, gradient);
    load_symbols(b, x, symbol_list<S...>{});
    forward(b, x, seeds, gradient, tangents);
  }
};

template <class Outputs, class Symbols, class Values>
struct jvp_of<Outputs, Symbols, Values, -1> {
  using type = jvp_request<Outputs, Symbols, Values>;
};
template <class Outputs, class Weights, class Symbols>
struct vjp_of<Outputs, Weights, Symbols, -1> {
  using type = vjp_request<Outputs, Weights, Symbols>;
};
template <class F, class Symbols, class Values>
struct hvp_of<F, Symbols, Values, -1> {
  using type = hvp_request<F, Symbols, Values>;
};

template <class Outputs, class Symbols, class Values>
struct substitute_request {
  using shape_type = typename shape_of_output<Outputs>::type;
  static consteval int roots() { return Outputs::outputs(); }
  static consteval int guess() { return Outputs::size() + 256; }
  static constexpr void build(builder& b, buffer<int>& out) {
    buffer<int> x, values;
    int slots = 0;
    load_more(b, out, slots, symbol_list<Outputs>{});
    load_more(b, values, slots, Values{});
    load_symbols(b, x, Symbols{});
    substitute(b, out, x, values);
  }
};

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
    int power_of_step = one_node;
    for (int k = 0; k <= N; ++k) {
      terms.push_back(multiply(b, derivatives[k], power_of_step));
      power_of_step = multiply(b, power_of_step, divide(b, step, b.constant(k + 1)));
    }
    out.push_back(sum_of(b, terms));
  }
};

}  // namespace detail

/// Directions or weights: symbols with formulas or numbers, tg::along(x = vx, y = vy).
template <class... B>
struct direction {
  list<B...> bindings;
};
template <text... Names, class... T>
requires(sizeof...(T) > 0) constexpr auto along(const binding<Names, T>&... b) {
  static_assert(detail::symbols_distinct<"along", symbol_list<formula<node::variable<Names>>...>>::check());
  return direction<binding<Names, T>...>{{b...}};
}

/// Weights of the outputs for vjp: formulas or numbers, one per output.
template <class... W>
struct weight_list {
  list<W...> all;
};
template <class... W>
constexpr auto weights(const W&... w) {
  return weight_list<detail::lifted_t<W>...>{{detail::lift(w)...}};
}

/// The directional derivatives of the outputs: Jacobian times vector, one forward sweep. A formula gives a
/// formula, several give shape <m>. A symbol that they lack is an error, unless tg::allow_zero comes last; so
/// it is for vjp, hvp and taylor.
template <detail::Inspectable Outputs, text... Names, class... T, std::same_as<allow_zero_t>... Allow>
TYPEGRAD_NEVER_EMITTED constexpr auto jvp(const Outputs& outputs, const direction<binding<Names, T>...>& d,
                                          const Allow&...) {
  using symbols = symbol_list<formula<node::variable<Names>>...>;
  static_assert(detail::symbols_found<"jvp", detail::sources_t<Outputs>, formula<node::variable<Names>>...,
                                      Allow...>());
  using request = typename detail::jvp_of<Outputs, symbols, symbol_list<detail::lifted_t<T>...>>::type;
  using type = answer_t<request>;
  return d.bindings.unpack([&](const auto&... each_direction) {
    return detail::with_more_numbers<type, detail::result<request>>(
        outputs.numbers, detail::lift(each_direction.value).numbers...);
  });
}

/// Vector times Jacobian, one reverse sweep: the gradient of the weighted sum of the outputs, shape <n>.
template <detail::Inspectable Outputs, class... W, detail::ByAny... S>
requires(detail::derivative_symbols_t<S...>::size > 0) TYPEGRAD_NEVER_EMITTED
    constexpr auto vjp(const Outputs& outputs, const weight_list<W...>& w, const S&...) {
  static_assert(static_cast<int>(sizeof...(W)) == Outputs::outputs(),
                "typegrad: vjp: give one weight per output.");
  using symbols = detail::derivative_symbols_t<S...>;
  static_assert(detail::symbols_found<"vjp", detail::sources_t<Outputs>, S...>());
  using request = typename detail::vjp_of<Outputs, symbol_list<W...>, symbols>::type;
  using type = answer_t<request>;
  return w.all.unpack([&](const auto&... each_weight) {
    return detail::with_more_numbers<type, detail::result<request>>(outputs.numbers, each_weight.numbers...);
  });
}

/// Hessian times vector by forward over reverse, without the Hessian: shape <n> for the n symbols of the
/// direction.
template <Formula F, text... Names, class... T, std::same_as<allow_zero_t>... Allow>
TYPEGRAD_NEVER_EMITTED constexpr auto hvp(const F& f, const direction<binding<Names, T>...>& d,
                                          const Allow&...) {
  using symbols = symbol_list<formula<node::variable<Names>>...>;
  static_assert(
      detail::symbols_found<"hvp", detail::sources_t<F>, formula<node::variable<Names>>..., Allow...>());
  using request =
      typename detail::hvp_of<detail::from<F>, symbols, symbol_list<detail::lifted_t<T>...>>::type;
  using type = answer_t<request>;
  return d.bindings.unpack([&](const auto&... each_direction) {
    return detail::with_more_numbers<type, detail::result<request>>(
        f.numbers, detail::lift(each_direction.value).numbers...);
  });
}

/// f with symbols replaced by formulas or numbers, all at once: substitute(f, x = y, y = x) swaps. A symbol
/// that f lacks is ignored.
template <FormulaOrFormulas F, text... Names, class... T>
TYPEGRAD_NEVER_EMITTED constexpr auto substitute(const F& f, const binding<Names, T>&... b) {
  static_assert(
      detail::symbols_distinct<"substitute", symbol_list<formula<node::variable<Names>>...>>::check());
  using request = detail::substitute_request<F, symbol_list<formula<node::variable<Names>>...>,
                                             symbol_list<detail::lifted_t<T>...>>;
  using type = answer_t<request>;
  return detail::with_numbers<type, detail::result<request>>(f.numbers, detail::lift(b.value).numbers...);
}

/// The Taylor polynomial of f in x of order N about x = a, a formula or a number: the sum of f^(k)(a) (x -
/// a)^k / k!.
template <int N, Formula F, Symbol S, class A, std::same_as<allow_zero_t>... Allow>
requires(Formula<A> || Numeric<A>) constexpr auto taylor(const F& f, const S&, const A& a, const Allow&...) {
  static_assert(N >= 0, "typegrad: taylor: the order must not be negative.");
  static_assert(detail::symbols_found<"taylor", detail::sources_t<F>, S, Allow...>());
  using request = detail::taylor_request<N, detail::from<F>, S, detail::lifted_t<A>>;
  using type = answer_t<request>;
  return detail::with_numbers<type, detail::result<request>>(f.numbers, detail::lift(a).numbers);
}

/// f in canonical form. Every formula is in that form from the start, so this is f; it is here for those who
/// look for it.
template <FormulaOrFormulas F>
constexpr F simplify(const F& f) {
  return f;
}

}  // namespace tg
