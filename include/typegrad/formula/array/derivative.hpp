// SPDX-License-Identifier: BSL-1.0
// Derivatives by arrays. What diff, gradient, jacobian, hessian, jvp, vjp and hvp of numbers are is said in
// formula/derivative.hpp and formula/directional.hpp; here is what is different where arrays are meant: the
// derivative of f by x has the axes of f, then those of x, and several of them are blocks.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../../array/unit_seeds.hpp"
#include "../directional.hpp"
#include "calls.hpp"

namespace tg {

/// The symbol of an array.
template <class T>
concept ArraySymbol = Symbol<T> && requires {
  T::primitive::shaped;
};

namespace detail {

/// How many axes the only output of a source has.
template <class F>
inline constexpr int rank_of = [] {
  builder b;
  buffer<int> out;
  F::load(b, out);
  return b.lists.rank(b.shape(out[0]));
}();

/// The derivative of an array by an array: one reverse sweep for all unit seeds at once.
template <class F, ArraySymbol S>
requires(rank_of<F> > 0) struct diff_request<F, S> {
  static_assert(rank_of<F> + S::primitive::shaped.rank <= 8,
                "typegrad: diff: a derivative has the axes of the formula and of the symbol, at most 8.");
  static consteval int roots() { return 1; }
  static consteval int guess() { return 4 * F::size() + 64; }
  static constexpr void build(builder& b, buffer<int>& out) {
    buffer<int> f, x, seeds, adjoints;
    F::load(b, f);
    expand_definitions(b, f);
    x.push_back(b.intern(known<typename S::primitive>));
    unit_seeds all(b, b.shape(f[0]));
    seeds.push_back(all.seed);
    reverse(b, f, seeds, x, adjoints);
    out.push_back(all.apply(adjoints[0], b.shape(x[0])));
  }
};

/// By arrays one symbol is taken after the other: the axes come in that order.
template <class... S>
requires(some<ArraySymbol<S>...>()) struct in_order<symbol_list<S...>> {
  using type = symbol_list<S...>;
};

/// A single block is a formula.
template <int M, int N>
using shape_of_blocks = std::conditional_t<M * N == 1, shape<>, shape<M, N>>;

/// The Jacobian of several outputs by symbols of which some are arrays, each block as diff gives it.
template <class Shape, class... S, class... F>
requires(some<ArraySymbol<S>...>()) struct jacobian_request<Shape, symbol_list<S...>, -1, F...> {
  static constexpr bool is_canonical = true;
  using shape_type = shape_of_blocks<(F::outputs() + ...), static_cast<int>(sizeof...(S))>;
  static consteval int roots() { return shape_type::outputs; }
  static consteval int guess() { return roots() * (4 * (F::size() + ...) + 64); }
  static constexpr void build(builder& b, buffer<int>& blocks) {
    int slots = 0;
    ((rows<F>(b, slots, blocks, std::make_integer_sequence<int, F::outputs()>{}), slots += F::slots()), ...);
  }

 private:
  template <class Source, int... K>
  static constexpr void rows(builder& b, int slots, buffer<int>& blocks, std::integer_sequence<int, K...>) {
    (row<one_output<Source, K>>(b, slots, blocks), ...);
  }
  template <class Output>
  static constexpr void row(builder& b, int slots, buffer<int>& blocks) {
    (load_result<result<diff_request<graph_source<result<Output>>, S>>, result<Output>>(b, blocks, slots),
     ...);
  }
};

/// The second derivatives of a number by symbols of which some are arrays. The block for x and y, x before y
/// in canonical order, is the derivative by y of the derivative by x; the other one is that with the axes
/// exchanged.
template <class F, class... S>
requires(some<ArraySymbol<S>...>()) struct hessian_request<F, symbol_list<S...>, -1> {
  static constexpr int n = static_cast<int>(sizeof...(S));
  using shape_type = shape_of_blocks<n, n>;
  static consteval int roots() { return n * n; }
  static consteval int guess() { return n * n * (4 * result<full_gradient_request<F>>::graph.nodes + 64); }
  static constexpr void build(builder& b, buffer<int>& blocks) {
    buffer<int> x;
    blocks.assign(n * n, zero_node);
    for (const record* op : {known<typename S::primitive>...}) x.push_back(b.intern(op));
    int row = 0;
    (begin<S>(b, x, row++, blocks), ...);
  }

 private:
  template <class First>
  static constexpr void begin(builder& b, const buffer<int>& x, int row, buffer<int>& blocks) {
    int column = 0;
    ((put<First, S>(b, x, row, column, blocks), ++column), ...);
  }
  template <class First, class Second>
  static constexpr void put(builder& b, const buffer<int>& x, int row, int column, buffer<int>& blocks) {
    if (before(b, x[column], x[row])) return;
    buffer<int> block;
    load_result<result<diff_request<diff_source<F, First>, Second>>, result<diff_request<F, First>>>(b,
                                                                                                     block);
    blocks[row * n + column] = block[0];
    if (row != column) blocks[column * n + row] = exchanged(b, block[0], b.lists.rank(b.shape(x[row])));
  }
  /// The block with its first axes last.
  static constexpr int exchanged(builder& b, int block, int first) {
    contraction c(b);
    buffer<int> l;
    const int shape = b.shape(block), rank = b.lists.rank(shape);
    for (int axis = 0; axis < rank; ++axis) l.push_back(c.add_label(b.lists.at(shape, axis)));
    for (int axis = 0; axis < rank; ++axis) c.add_result((axis + first) % rank);
    c.add(block, l);
    return c.build();
  }
};

/// Refuses an array where a number is differentiated. F: a formula or its source.
template <auto Function, class F>
constexpr bool is_number() {
  if constexpr (rank_of<F> != 0)
    return refuse<join(Function, text{": the formula is an array; take its sum, or its Jacobian."}), F>();
  else
    return true;
}
template <class F, class... S>
requires(some<ArraySymbol<S>...>() && rank_of<F> > 0) struct gradient_request<F, symbol_list<S...>> {
  static_assert(is_number<text{"gradient"}, F>());
};

}  // namespace detail

/// The gradient of f, a number, by one array is no list of formulas but one of that array's shape.
template <Formula F, ArraySymbol S, std::same_as<allow_zero_t>... Allow>
TYPEGRAD_NEVER_EMITTED constexpr auto gradient(const F& f, const S&, const Allow&...) {
  static_assert(detail::is_number<text{"gradient"}, F>());
  static_assert(detail::symbols_found<detail::gradient_call, detail::sources_t<F>, S, Allow...>());
  return detail::diff_in_turn(f, detail::symbol_list<S>{});
}

/// Weights times Jacobian by one array, in that array's shape.
template <detail::Inspectable Outputs, class... W, ArraySymbol S>
TYPEGRAD_NEVER_EMITTED constexpr auto vjp(const Outputs& outputs, const weight_list<W...>& w, const S& x) {
  return get<0>(vjp(outputs, w, x, allow_zero));
}

}  // namespace tg

#include "../../support/compiler/end.hpp"
