// SPDX-License-Identifier: BSL-1.0
// Several formulas as one joint graph: a gradient, a Jacobian, a Hessian, the outputs of a trace. What the
// outputs share is in the type once.
#pragma once
#include "../support/compiler/begin.hpp"

#include "symbol.hpp"

namespace tg {

/// The shape of several outputs: shape<> is one, shape<n> a vector, shape<n, m> n rows of m, in row-major
/// order.
template <int... Sizes>
struct shape {
  static constexpr int outputs = (1 * ... * Sizes);
  using many = shape;
};
template <>
struct shape<> {
  static constexpr int outputs = 1;
};

/// The positions of the outputs in the list of nodes.
template <int... Positions>
struct roots {};

/// Outputs of that shape over one graph.
template <class Shape, class Roots, class... Nodes>
struct formulas;

template <class Shape, int... Positions, class... Nodes>
struct formulas<Shape, roots<Positions...>, Nodes...> {
  using shape_type = Shape;
  using is_formulas = formulas;
  using numbers_type = typename detail::captured_numbers<list<>, Nodes...>::type;
  static constexpr int size() { return static_cast<int>(sizeof...(Nodes)); }
  static constexpr int slots() { return detail::length_of<numbers_type>; }
  static constexpr int outputs() { return static_cast<int>(sizeof...(Positions)); }

  [[no_unique_address]] numbers_type numbers;

  /// Copies the graph into b, its captured numbers to the slots from `first_slot` on; the outputs are added
  /// to `out`.
  static constexpr void load(detail::builder& b, detail::buffer<int>& out, int first_slot = 0) {
    detail::buffer<int> image;
    detail::load_nodes<Nodes...>(b, image, first_slot);
    for (int at : {Positions..., -1})
      if (at >= 0) out.push_back(image[at]);
  }

  /// One output, as a formula: `g[0_c]`.
  template <std::int64_t I>
  constexpr auto operator[](formula<node::constant<I>>) const;
  template <std::integral I>
  constexpr auto operator[](I) const {
    return detail::refuse_index<I>();
  }

  /// All values, in the shape of the outputs: `g(x = 2.0, y = 1.0)`. See program/function.hpp.
  template <class... Bindings>
  constexpr auto operator()(const Bindings&... bindings) const;
};

/// A formula or several.
template <class T>
concept FormulaOrFormulas = Formula<T> || requires {
  typename T::is_formulas;
};

namespace detail {

/// The shape of one output: shape<> for a formula, its own for several.
template <class F>
struct shape_of_output {
  using type = shape<>;
};
template <class Shape, class Roots, class... Nodes>
struct shape_of_output<formulas<Shape, Roots, Nodes...>> {
  using type = Shape;
};

template <class Shape, class Result, int... R, int... I>
auto formulas_of(std::integer_sequence<int, R...>, std::integer_sequence<int, I...>)
    -> formulas<Shape, roots<Result::graph.root[R]...>, node_t<Result, I>...>;

/// The type of a request's answer: a formula, or for a request that names a shape several.
template <class Request>
struct answer_type {
  using type = formula_t<Request>;
};
template <class Request>
requires requires { typename Request::shape_type::many; }
struct answer_type<Request> {
  using result = detail::result<Request>;
  using several = decltype(detail::formulas_of<typename Request::shape_type, result>(
      std::make_integer_sequence<int, Request::roots()>{},
      std::make_integer_sequence<int, result::graph.nodes>{}));
  using type = typename detail::store<several, result>::type;
};
/// Functions that return it build it in place, in one function each: g++ takes longer to write down the name
/// of a function with a formula of a thousand nodes in its signature than to differentiate the formula.
template <class Request>
using answer_t = typename answer_type<Request>::type;

/// The answer with the captured numbers of the request's sources: `first` are those of one source, or a list
/// of those of several.
template <class Request, class... Numbers, class... More>
TYPEGRAD_NEVER_EMITTED constexpr auto answer(const list<Numbers...>& first, const More&... more) {
  if constexpr (sizeof...(Numbers) > 0 && (is_list<Numbers> && ...))
    return first.unpack([&](const auto&... each) {
      return with_numbers<answer_t<Request>, result<Request>>(each..., more...);
    });
  else
    return with_numbers<answer_t<Request>, result<Request>>(first, more...);
}

}  // namespace detail

/// A list of outputs, each a formula or several: what tg::outputs makes. It keeps the numbers that they
/// carry; the rest is in the type.
template <class... F>
struct output_list {
  using is_output_list = output_list;
  static constexpr int outputs() { return (F::outputs() + ... + 0); }
  [[no_unique_address]] list<typename F::numbers_type...> numbers;
};

namespace detail {

/// What has outputs: a formula, several, or a list of them.
template <class F>
concept Inspectable = FormulaOrFormulas<F> || requires {
  typename F::is_output_list;
};

}  // namespace detail

/// The outputs of a function, or of a Jacobian.
template <class... F>
TYPEGRAD_NEVER_EMITTED constexpr auto outputs(const F&... f) {
  static_assert((FormulaOrFormulas<F> && ...),
                "typegrad: outputs: every argument must be a formula, a gradient, a Jacobian or a Hessian.");
  if constexpr (sizeof...(F) > 0)
    return output_list<F...>{{f.numbers...}};
  else
    return refuse<text{"outputs: no formula is given; write outputs(f, g)."}, F...>(), detail::refused_call{};
}

namespace detail {

template <class F, int I>
struct one_output {
  static constexpr bool simplified_twice = true;
  static consteval int roots() { return 1; }
  static consteval int guess() { return F::size() + 8; }
  static constexpr void build(builder& b, buffer<int>& out) {
    buffer<int> all;
    F::load(b, all);
    out.push_back(all[I]);
  }
};

}  // namespace detail

/// Output I, counted in row-major order, as a formula.
template <std::size_t I, class Shape, class Roots, class... Nodes>
constexpr auto get(const formulas<Shape, Roots, Nodes...>& f) {
  using F = formulas<Shape, Roots, Nodes...>;
  static_assert(static_cast<int>(I) < F::outputs(),
                "typegrad: get: the index must be below the number of outputs.");
  using request = detail::one_output<detail::from<F>, static_cast<int>(I)>;
  return detail::answer<request>(f.numbers);
}

/// The output in row I and column J.
template <std::size_t I, std::size_t J, int N, int M, class Roots, class... Nodes>
constexpr auto get(const formulas<shape<N, M>, Roots, Nodes...>& f) {
  static_assert(static_cast<int>(I) < N && static_cast<int>(J) < M,
                "typegrad: get: row and column must be below the numbers of rows and columns.");
  return get<I* static_cast<std::size_t>(M) + J>(f);
}

template <class Shape, int... Positions, class... Nodes>
template <std::int64_t I>
constexpr auto formulas<Shape, roots<Positions...>, Nodes...>::operator[](formula<node::constant<I>>) const {
  return get<static_cast<std::size_t>(I)>(*this);
}

}  // namespace tg

template <class Shape, class Roots, class... Nodes>
struct std::tuple_size<tg::formulas<Shape, Roots, Nodes...>>
    : std::integral_constant<std::size_t,
                             static_cast<std::size_t>(tg::formulas<Shape, Roots, Nodes...>::outputs())> {};
template <std::size_t I, class Shape, class Roots, class... Nodes>
struct std::tuple_element<I, tg::formulas<Shape, Roots, Nodes...>> {
  using type = decltype(tg::get<I>(std::declval<const tg::formulas<Shape, Roots, Nodes...>&>()));
};

#include "../support/compiler/end.hpp"
