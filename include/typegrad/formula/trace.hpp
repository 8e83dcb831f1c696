// SPDX-License-Identifier: BSL-1.0
// Tracing: an ordinary generic function, with its loops, arrays and calls of existing templates, is run once
// by the compiler on handles, and what it does becomes a formula. Linear in the number of operations.
#pragma once
#include "../support/compiler/begin.hpp"

#include <array>
#include <tuple>

#include "formulas.hpp"

namespace tg {

namespace detail {

/// A name as it is given to trace: "x" is one symbol, "p[11]" a group of 11.
template <auto Name>
struct traced_name {
  static constexpr std::size_t bracket = Name.view().find('[');
  static constexpr bool is_group = bracket != std::string_view::npos;
  static constexpr int length = [] {
    int count = 0;
    if constexpr (is_group)
      for (char digit : Name.view().substr(bracket + 1))
        if (digit >= '0' && digit <= '9') count = 10 * count + (digit - '0');
    return is_group ? count : 1;
  }();
  static_assert(!is_group || (Name.view().back() == ']' && bracket > 0 && length > 0),
                "typegrad: trace: an array of symbols is named as in \"p[11]\".");
  static constexpr auto stem = [] {
    text<(is_group ? bracket : Name.view().size()) + 1> letters;
    for (std::size_t position = 0; position + 1 < sizeof(letters.data); ++position)
      letters.data[position] = Name.data[position];
    return letters;
  }();
  using type = std::conditional_t<is_group, symbol_group<stem, length>, formula<node::leaf::variable<Name>>>;
};
/// The symbols of these names.
template <auto... Names>
using traced_symbols = symbol_list<typename traced_name<Names>::type...>;

/// What stands for a symbol in a traced function, and for a group.
template <class S>
struct traced_symbol {
  using type = handle;
  static constexpr type make(builder& b) {
    buffer<int> at;
    load_symbols(b, at, symbol_list<S>{});
    return handle(b, at[0]);
  }
};
template <auto Stem, int N>
struct traced_symbol<symbol_group<Stem, N>> {
  using type = std::array<handle, static_cast<std::size_t>(N)>;
  static constexpr type make(builder& b) {
    buffer<int> at;
    load_symbols(b, at, symbols_of_t<symbol_group<Stem, N>>{});
    type handles;
    for (int k = 0; k < N; ++k) handles[static_cast<std::size_t>(k)] = handle(b, at[k]);
    return handles;
  }
};
/// The room for nodes that is tried first: a trace is long, but for one of arrays.
template <class S>
inline constexpr int traced_room = 4096;

/// The shape of what a traced function returns.
template <class R>
struct traced_shape {
  using type = shape<>;
  static constexpr void read(builder& b, buffer<int>& out, const R& r) {
    out.push_back(handle(b, zero_node).beside(r).in(b));
  }
};
template <class R, std::size_t N>
struct traced_shape<std::array<R, N>> {
  template <class Inner>
  struct prepend;
  template <int... M>
  struct prepend<shape<M...>> {
    using type = shape<static_cast<int>(N), M...>;
  };
  using type = typename prepend<typename traced_shape<R>::type>::type;
  static constexpr void read(builder& b, buffer<int>& out, const std::array<R, N>& r) {
    for (const R& element : r) traced_shape<R>::read(b, out, element);
  }
};

/// Whether a traced function may return it.
template <class R>
inline constexpr bool is_traced = std::constructible_from<handle, R>;
template <class R, std::size_t N>
inline constexpr bool is_traced<std::array<R, N>> = N > 0 && is_traced<R>;

template <class Lambda, class... S>
using trace_returned =
    std::remove_cvref_t<decltype(Lambda{}(std::declval<typename traced_symbol<S>::type>()...))>;

template <class Lambda, class... S>
struct trace_request {
  using returned = trace_returned<Lambda, S...>;
  using shape_type = typename traced_shape<returned>::type;
  static consteval int roots() { return shape_type::outputs; }
  static consteval int guess() {
    constexpr int rooms[] = {traced_room<S>..., 4096};
    return rooms[0];
  }
  static constexpr void build(builder& b, buffer<int>& out) {
    b.misfit.branches = 0;
    traced_shape<returned>::read(b, out, Lambda{}(traced_symbol<S>::make(b)...));
  }
};

inline constexpr called trace_call{"trace"};

/// Whether the compiler can run the function.
template <class Request>
constexpr int run_trace() {
  builder b(Request::guess());
  buffer<int> out;
  Request::build(b, out);
  return out.size();
}
template <class Request>
concept Runs = requires {
  typename std::integral_constant<int, run_trace<Request>()>;
};
template <class Request>
constexpr bool check_that_it_runs() {
  if constexpr (Runs<Request>)
    return true;
  else
    return refuse<text{"trace: the compiler cannot run the function: what it calls must be constexpr, as "
                       "with g++'s -fimplicit-constexpr; or it goes on for too long."},
                  Request>();
}

template <class Lambda, class... S>
TYPEGRAD_NEVER_EMITTED constexpr auto trace_of(symbol_list<S...>) {
  if constexpr (!std::is_default_constructible_v<Lambda>) {
    return refuse<text{"trace: the function must be a lambda without captures; pass what it captures as "
                       "symbols or constants."},
                  Lambda>(),
           said;
  } else if constexpr (!std::is_invocable_v<Lambda, typename traced_symbol<S>::type...>) {
    return refuse<text{"trace: the function must take one argument per symbol or name, an array for a group "
                       "or a name like \"p[11]\"; if it does, the error is in it: call sin(v), not "
                       "std::sin(v)."},
                  Lambda>(),
           said;
  } else if constexpr (!is_traced<trace_returned<Lambda, S...>>) {
    return refuse<text{"trace: the function must return what it computes, an expression or a std::array of "
                       "them."},
                  Lambda>(),
           said;
  } else {
    static_assert(symbols_distinct<trace_call, symbols_of_t<S...>>::check());
    // First the sentence, then from what follows what the compiler stumbled over.
    [[maybe_unused]] constexpr bool runs = check_that_it_runs<trace_request<Lambda, S...>>();
    return answer_t<trace_request<Lambda, S...>>{};
  }
}

/// Arguments of which the last is the function.
template <class Arguments, class K = std::make_index_sequence<std::tuple_size_v<Arguments> - 1>>
struct trace_arguments;
template <class Arguments, std::size_t... K>
struct trace_arguments<Arguments, std::index_sequence<K...>> {
  using lambda = std::tuple_element_t<sizeof...(K), Arguments>;
  using symbols = symbol_list<std::tuple_element_t<K, Arguments>...>;
  static constexpr bool fit = (SymbolOrGroup<std::tuple_element_t<K, Arguments>> && ...) && !Symbolic<lambda>;
};

}  // namespace detail

/// Several results of a traced function, as one array.
template <class... H>
requires(Handle<H> || ...) constexpr auto outputs(const H&... h) {
  const handle one = detail::one_in_graph(h...);
  return std::array<handle, sizeof...(H)>{one.beside(h)...};
}

/// Runs the function once on symbols of these names and returns what it computes: a formula, or several for a
/// returned std::array. `tg::trace<"x", "p[3]">([](auto x, auto p) { ... })`. The function is a generic
/// lambda without captures; ordinary numbers in it are exact constants; it must not branch on a symbol's
/// value (write tg::where). Cost: linear in the operations.
template <text... Names, class Lambda>
requires(!Symbolic<Lambda>) TYPEGRAD_NEVER_EMITTED constexpr auto trace(Lambda) {
  return detail::trace_of<Lambda>(detail::traced_symbols<Names...>{});
}

/// The same with symbols and groups that exist, arrays among them: `tg::trace(x, w, b, [](auto x, auto w,
/// auto b) { return sum(tanh(matmul(x, w) + b)); })`. A group is a std::array in the function.
template <detail::SymbolOrGroup First, class... Rest>
requires(sizeof...(Rest) > 0) TYPEGRAD_NEVER_EMITTED constexpr auto trace(const First&, const Rest&...) {
  using call = detail::trace_arguments<std::tuple<First, Rest...>>;
  if constexpr (!call::fit)
    return refuse<text{"trace: every argument but the last must be a symbol or a group, the last one a "
                       "function."},
                  First>(),
           detail::said;
  else
    return detail::trace_of<typename call::lambda>(typename call::symbols{});
}

}  // namespace tg

#include "../support/compiler/end.hpp"
