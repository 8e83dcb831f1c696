// SPDX-License-Identifier: BSL-1.0
// Tracing with symbols that exist, arrays among them: how networks are written. The function is run once by
// the compiler on handles, and a graph of many nodes costs no more than its operations.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <tuple>

#include "derivative.hpp"

namespace tg {

namespace detail {

/// What stands for a symbol in a traced function.
template <class S>
struct traced_symbol {
  using type = handle;
};

template <class Lambda, class... S>
struct symbol_trace_request {
  using returned =
      std::remove_cvref_t<decltype(Lambda{}(std::declval<typename traced_symbol<S>::type>()...))>;
  using shape_type = typename traced_shape<returned>::type;
  static consteval int roots() { return shape_type::outputs; }
  static consteval int guess() { return 512; }
  static constexpr void build(builder& b, buffer<int>& out) {
    buffer<int> x;
    load_symbols(b, x, symbol_list<S...>{});
    [&]<int... K>(std::integer_sequence<int, K...>) {
      traced_shape<returned>::read(b, out, Lambda{}(handle(b, x[K])...));
    }
    (std::make_integer_sequence<int, static_cast<int>(sizeof...(S))>{});
  }
};

/// The request for arguments of which the last is the function.
template <class Arguments, class K = std::make_index_sequence<std::tuple_size_v<Arguments> - 1>>
struct trace_by_symbols;
template <class Arguments, std::size_t... K>
struct trace_by_symbols<Arguments, std::index_sequence<K...>> {
  using lambda = std::tuple_element_t<sizeof...(K), Arguments>;
  static constexpr bool all_symbols = (Symbol<std::tuple_element_t<K, Arguments>> && ...);
  static constexpr bool is_function = std::is_default_constructible_v<lambda> && !Symbolic<lambda> &&
                                      std::is_invocable_v<lambda, std::enable_if_t<(K + 1 > 0), handle>...>;
  template <class Lambda>
  using request = symbol_trace_request<Lambda, std::tuple_element_t<K, Arguments>...>;
  using symbols = symbol_list<std::tuple_element_t<K, Arguments>...>;
};

}  // namespace detail

/// Runs a function once on symbols and returns what it computes: a formula, or several for a returned
/// std::array: `tg::trace(x, w, b, [](auto x, auto w, auto b) { return sum(tanh(matmul(x, w) + b)); })`. The
/// function is a generic lambda without captures, as for tg::trace with names.
template <Symbol First, class... Rest>
requires(sizeof...(Rest) > 0) TYPEGRAD_NEVER_EMITTED constexpr auto trace(const First&, const Rest&...) {
  using call = detail::trace_by_symbols<std::tuple<First, Rest...>>;
  if constexpr (!call::all_symbols) {
    return refuse<text{"trace: every argument but the last must be a symbol, the last one a function."},
                  First>();
  } else if constexpr (!call::is_function) {
    return refuse<
        text{"trace: the last argument must be a lambda without captures that takes one argument per "
             "symbol."},
        First>();
  } else {
    static_assert(detail::symbols_distinct<detail::trace_call, typename call::symbols>::check());
    return detail::answer_t<typename call::template request<typename call::lambda>>{};
  }
}

}  // namespace tg

#include "../../support/compiler/end.hpp"
