// SPDX-License-Identifier: BSL-1.0
// Derivatives of formulas, as formulas: diff, gradient, jacobian, hessian.
#pragma once
#include "../support/compiler/begin.hpp"

#include <tuple>

#include "call.hpp"
#include "derivative_request.hpp"

namespace tg {

namespace detail {

/// Symbols in canonical order.
template <class Symbols>
struct in_order;
template <class... S>
struct in_order<symbol_list<S...>> {
  struct permutation {
    int at[sizeof...(S)]{};
  };
  static constexpr permutation order = [] {
    builder symbol_graph;
    buffer<int> symbol_nodes;
    load_symbols(symbol_graph, symbol_nodes, symbol_list<S...>{});
    permutation sorted_places;
    for (int at_place = 0; at_place < symbol_nodes.size(); ++at_place) sorted_places.at[at_place] = at_place;
    sort(sorted_places.at, symbol_nodes.size(),
         [&](int left, int right) { return before(symbol_graph, symbol_nodes[left], symbol_nodes[right]); });
    return sorted_places;
  }();
  template <class Sequence>
  struct sorted;
  template <std::size_t... K>
  struct sorted<std::index_sequence<K...>> {
    using type = symbol_list<std::tuple_element_t<order.at[K], std::tuple<S...>>...>;
  };
  using type = typename sorted<std::make_index_sequence<sizeof...(S)>>::type;
};

template <int N, class S>
struct repeat {
  template <class Seq>
  struct of;
  template <int... K>
  struct of<std::integer_sequence<int, K...>> {
    using type = symbol_list<std::enable_if_t<(K >= 0), S>...>;
  };
  using type = typename of<std::make_integer_sequence<int, N>>::type;
};

/// The derivative of f by one symbol after the other.
template <class F>
TYPEGRAD_NEVER_EMITTED constexpr auto diff_in_turn(const F& f, symbol_list<>) {
  return f;
}
template <class F, class S, class... Rest>
TYPEGRAD_NEVER_EMITTED constexpr auto diff_in_turn(const F& f, symbol_list<S, Rest...>) {
  using request = diff_request<from<F>, S>;
  return diff_in_turn(answer<request>(f.numbers), symbol_list<Rest...>{});
}

inline constexpr called diff_call{"diff", "diff(f, x)", true, false};
inline constexpr called gradient_call{"gradient", "gradient(f, x, y)", true};
inline constexpr called jacobian_call{"jacobian", "jacobian(outputs(f, g), x, y)", true};
inline constexpr called hessian_call{"hessian", "hessian(f, x, y)", true};

}  // namespace detail

/// The derivative of f by the symbols, one after the other: diff(f, x), diff(f, x, y). The symbols are taken
/// in canonical order, so diff(f, y, x) is diff(f, x, y), which is diff(diff(f, x), y). A symbol that f lacks
/// is an error, unless tg::allow_zero follows the symbols. Cost: linear in the graph for each symbol.
template <Formula F, detail::ByOne... S>
requires(detail::derivative_symbols_t<S...>::size > 0) TYPEGRAD_NEVER_EMITTED
    constexpr auto diff(const F& f, const S&...) {
  static_assert(detail::symbols_found<detail::diff_call, detail::sources_t<F>, S...>());
  return detail::diff_in_turn(f, typename detail::in_order<detail::derivative_symbols_t<S...>>::type{});
}

/// The N-th derivative of f by the symbol: diff<3>(f, x) is diff(diff(diff(f, x), x), x). N = 0 gives f.
template <int N, Formula F, Symbol S, std::same_as<allow_zero_t>... Allow>
TYPEGRAD_NEVER_EMITTED constexpr auto diff(const F& f, const S&, const Allow&...) {
  static_assert(N >= 0, "typegrad: diff: the order of a derivative must not be negative.");
  static_assert(detail::symbols_found<detail::diff_call, detail::sources_t<F>, S, Allow...>());
  return detail::diff_in_turn(f, typename detail::repeat<N, S>::type{});
}

/// The gradient of f by symbols and groups of symbols, shape <n>. Cost: at most a small multiple of f's,
/// whatever n is.
template <Formula F, detail::ByAny... S>
requires(detail::derivative_symbols_t<S...>::size > 0) TYPEGRAD_NEVER_EMITTED
    constexpr auto gradient(const F& f, const S&...) {
  static_assert(detail::symbols_found<detail::gradient_call, detail::sources_t<F>, S...>());
  using request = detail::gradient_request<detail::from<F>, detail::derivative_symbols_t<S...>>;
  return detail::answer<request>(f.numbers);
}

/// The Jacobian of m outputs by n symbols, shape <m, n>. A symbol that no output has is a column of zeros, if
/// another occurs. Entries that are zero whatever the values are known: see tg::sparsity.
template <detail::Inspectable Outputs, detail::ByAny... S>
requires(detail::derivative_symbols_t<S...>::size > 0) TYPEGRAD_NEVER_EMITTED
    constexpr auto jacobian(const Outputs& outputs, const S&...) {
  static_assert(detail::some_symbol_found<detail::jacobian_call, detail::sources_t<Outputs>, S...>());
  using request =
      typename detail::jacobian_by<detail::sources_t<Outputs>, detail::derivative_symbols_t<S...>>::type;
  return detail::answer<request>(outputs.numbers);
}

/// The second derivatives of f by n symbols, shape <n, n>; symmetric entries are computed once.
template <Formula F, detail::ByAny... S>
requires(detail::derivative_symbols_t<S...>::size > 0) TYPEGRAD_NEVER_EMITTED
    constexpr auto hessian(const F& f, const S&...) {
  static_assert(detail::symbols_found<detail::hessian_call, detail::sources_t<F>, S...>());
  using request = detail::hessian_request<detail::from<F>, detail::derivative_symbols_t<S...>>;
  return detail::answer<request>(f.numbers);
}

// What they say to other arguments.
// clang-format off
template <class Absent = detail::absent, class... More>
constexpr auto diff(detail::formula_place<detail::diff_call>, detail::symbol_place<detail::diff_call> = Absent{}, const More&... more) { return detail::refuse_symbols<detail::diff_call>(more...); }
template <int N, class Absent = detail::absent, class... More>
constexpr auto diff(detail::formula_place<detail::diff_call>, detail::symbol_place<detail::diff_call> = Absent{}, const More&...) {
  if constexpr (sizeof...(More) > 0) detail::refuse_call<detail::diff_call, "the order is that of one symbol, diff<2>(f, x); for several write diff(f, x, y).", More...>();
  return detail::said;
}
template <class Absent = detail::absent, class... More>
constexpr auto gradient(detail::formula_place<detail::gradient_call>, detail::symbol_place<detail::gradient_call> = Absent{}, const More&... more) { return detail::refuse_symbols<detail::gradient_call>(more...); }
template <class Absent = detail::absent, class... More>
constexpr auto jacobian(detail::formulas_place<detail::jacobian_call>, detail::symbol_place<detail::jacobian_call> = Absent{}, const More&... more) { return detail::refuse_symbols<detail::jacobian_call>(more...); }
template <class Absent = detail::absent, class... More>
constexpr auto hessian(detail::formula_place<detail::hessian_call>, detail::symbol_place<detail::hessian_call> = Absent{}, const More&... more) { return detail::refuse_symbols<detail::hessian_call>(more...); }
// clang-format on

}  // namespace tg

#include "../support/compiler/end.hpp"
