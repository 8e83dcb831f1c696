// SPDX-License-Identifier: BSL-1.0
// Products of derivatives with vectors: jvp, vjp, hvp. No product builds the matrix that it multiplies with;
// one with a unit vector is the column or row that diff and gradient give.
#pragma once
#include "../support/compiler/begin.hpp"

#include "derivative.hpp"
#include "substitution.hpp"

namespace tg {

namespace detail {

template <class Outputs>
struct shape_of_outputs {
  using type = shape<Outputs::outputs()>;
};
template <Formula F>
struct shape_of_outputs<F> {
  using type = shape<>;
};

/// The nodes of several sources.
template <class... F>
consteval int nodes_of(symbol_list<F...>) {
  return (F::size() + ... + 0);
}

/// Which of the seeds is an exact 1 while all others are exact zeros; -1 if they are not of that form, or
/// where arrays are among the symbols of F....
template <class... F, class... Seed>
constexpr int unit_seed(symbol_list<F...>, symbol_list<Seed...>) {
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
  if (others > 0 || place < 0) return -1;
  builder b;
  (load_symbols_of<F>(b), ...);
  return b.arrays == nullptr ? place : -1;
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

template <class Outputs, class Symbols, class Values, int Unit = unit_seed(sources_t<Outputs>{}, Values{})>
struct jvp_of : column_of<typename shape_of_outputs<Outputs>::type, symbol_list<symbol_at<Unit, Symbols>>,
                          sources_t<Outputs>> {};
template <class Outputs, class Weights, class Symbols, int Unit = unit_seed(sources_t<Outputs>{}, Weights{})>
struct vjp_of : row_of<Unit, Symbols, sources_t<Outputs>> {};
template <class F, class Symbols, class Values, int Unit = unit_seed(symbol_list<F>{}, Values{})>
struct hvp_of {
  using type = hessian_request<F, Symbols, Unit>;
};

/// Results in the shapes of what they belong to.
constexpr void keep_shapes_of(builder& b, buffer<int>& results, const buffer<int>& of) {
  for (int k = 0; b.arrays != nullptr && k < results.size(); ++k)
    results[k] = b.arrays->broadcast(b, results[k], b.shape(of[k]));
}
/// Refuses a seed that does not fit what it belongs to.
constexpr void keep_seeds(builder& b, std::string_view function, buffer<int>& seeds, const buffer<int>& of) {
  for (int k = 0; b.arrays != nullptr && k < seeds.size(); ++k)
    if (b.arrays->join_shapes(b, b.shape(seeds[k]), b.shape(of[k])) != b.shape(of[k])) {
      b.refuse_shapes(function, b.shape(seeds[k]), b.shape(of[k]));
      seeds[k] = zero_node;
    }
}

/// Refuses directions of symbols that hold integers.
constexpr void keep_indices(builder& b, std::string_view function, const buffer<int>& x) {
  for (int each : x)
    if (b[each].op->shaped != nullptr && b[each].op->shaped->integers)
      b.refuse_index(function, b.shape(each), true);
}

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
    keep_indices(b, "jvp", x);
    keep_seeds(b, "jvp", seeds, x);
    forward(b, x, seeds, out, tangents);
    keep_shapes_of(b, tangents, out);
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
    keep_seeds(b, "vjp", weights, out);
    reverse(b, out, weights, x, adjoints);
    keep_shapes_of(b, adjoints, x);
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
    for (const record* op : {known<typename S::primitive>...}) gradient.push_back(entries.by(op));
    load_more(b, seeds, slots, Values{});
    expand_definitions(b, gradient);
    load_symbols(b, x, symbol_list<S...>{});
    keep_indices(b, "hvp", x);
    keep_seeds(b, "hvp", seeds, x);
    forward(b, x, seeds, gradient, tangents);
    keep_shapes_of(b, tangents, x);
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

inline constexpr called along_call{"along", "along(x = 1.0)"};
inline constexpr called jvp_call{"jvp", "jvp(f, along(x = 1.0))"};
inline constexpr called vjp_call{"vjp", "vjp(f, weights(1.0), x, y)", true};
inline constexpr called hvp_call{"hvp", "hvp(f, along(x = 1.0))"};

}  // namespace detail

/// Directions or weights: symbols with formulas or numbers, tg::along(x = vx, y = vy).
template <class... B>
struct direction {
  list<B...> bindings;
};
template <auto... Names, class... T>
requires(sizeof...(T) > 0) constexpr auto along(const binding<Names, T>&... b) {
  static_assert(
      detail::symbols_distinct<detail::along_call,
                               detail::symbol_list<formula<node::leaf::variable<Names>>...>>::check());
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
template <detail::Inspectable Outputs, auto... Names, class... T, std::same_as<allow_zero_t>... Allow>
TYPEGRAD_NEVER_EMITTED constexpr auto jvp(const Outputs& outputs, const direction<binding<Names, T>...>& d,
                                          const Allow&...) {
  using symbols = detail::symbol_list<formula<node::leaf::variable<Names>>...>;
  static_assert(detail::symbols_found<detail::jvp_call, detail::sources_t<Outputs>,
                                      formula<node::leaf::variable<Names>>..., Allow...>());
  using request =
      typename detail::jvp_of<Outputs, symbols, detail::symbol_list<detail::lifted_t<T>...>>::type;
  return d.bindings.unpack([&](const auto&... each_direction) {
    return detail::answer<request>(outputs.numbers, detail::lift(each_direction.value).numbers...);
  });
}

/// Vector times Jacobian, one reverse sweep: the gradient of the weighted sum of the outputs, shape <n>.
template <detail::Inspectable Outputs, class... W, detail::ByAny... S>
requires(detail::derivative_symbols_t<S...>::size > 0) TYPEGRAD_NEVER_EMITTED
    constexpr auto vjp(const Outputs& outputs, const weight_list<W...>& w, const S&...) {
  static_assert(static_cast<int>(sizeof...(W)) == Outputs::outputs(),
                "typegrad: vjp: give one weight per output.");
  static_assert(detail::symbols_found<detail::vjp_call, detail::sources_t<Outputs>, S...>());
  using request =
      typename detail::vjp_of<Outputs, detail::symbol_list<W...>, detail::derivative_symbols_t<S...>>::type;
  return w.all.unpack([&](const auto&... each_weight) {
    return detail::answer<request>(outputs.numbers, each_weight.numbers...);
  });
}

/// Hessian times vector by forward over reverse, without the Hessian: shape <n> for the n symbols of the
/// direction.
template <Formula F, auto... Names, class... T, std::same_as<allow_zero_t>... Allow>
TYPEGRAD_NEVER_EMITTED constexpr auto hvp(const F& f, const direction<binding<Names, T>...>& d,
                                          const Allow&...) {
  using symbols = detail::symbol_list<formula<node::leaf::variable<Names>>...>;
  static_assert(detail::symbols_found<detail::hvp_call, detail::sources_t<F>,
                                      formula<node::leaf::variable<Names>>..., Allow...>());
  using request =
      typename detail::hvp_of<detail::from<F>, symbols, detail::symbol_list<detail::lifted_t<T>...>>::type;
  return d.bindings.unpack([&](const auto&... each_direction) {
    return detail::answer<request>(f.numbers, detail::lift(each_direction.value).numbers...);
  });
}

// What they say to other arguments.
// clang-format off
template <class Absent = detail::absent, class... More>
constexpr auto along(detail::binding_place<detail::along_call> = Absent{}, const More&... more) { return detail::refuse_bindings<detail::along_call>(more...); }
template <class Absent = detail::absent, std::same_as<allow_zero_t>... Allow>
constexpr auto jvp(detail::formulas_place<detail::jvp_call>, detail::place_of<detail::jvp_call, direction> = Absent{}, const Allow&...) { return detail::said; }
template <class Absent = detail::absent, class... More>
constexpr auto vjp(detail::formulas_place<detail::vjp_call>, detail::place_of<detail::vjp_call, weight_list> = Absent{}, detail::symbol_place<detail::vjp_call> = Absent{}, const More&... more) { return detail::refuse_symbols<detail::vjp_call>(more...); }
template <class Absent = detail::absent, std::same_as<allow_zero_t>... Allow>
constexpr auto hvp(detail::formula_place<detail::hvp_call>, detail::place_of<detail::hvp_call, direction> = Absent{}, const Allow&...) { return detail::said; }
// clang-format on

}  // namespace tg

#include "../support/compiler/end.hpp"
