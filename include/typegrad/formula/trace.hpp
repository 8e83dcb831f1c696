// SPDX-License-Identifier: BSL-1.0
// Tracing: an ordinary generic function, with its loops, arrays and calls of existing templates, is run once
// by the compiler on handles, and what it does becomes a formula. Linear in the number of operations.
#pragma once
#include "../support/compiler/begin.hpp"

#include <array>

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
  using symbols = std::conditional_t<is_group, symbols_of_t<symbol_group<stem, length>>,
                                     symbol_list<formula<node::leaf::variable<Name>>>>;
  using argument = std::conditional_t<is_group, std::array<handle, static_cast<std::size_t>(length)>, handle>;

  static constexpr argument make(builder& b) {
    if constexpr (is_group) {
      buffer<int> at;
      load_symbols(b, at, symbols{});
      argument handles;
      for (int k = 0; k < length; ++k) handles[static_cast<std::size_t>(k)] = handle(b, at[k]);
      return handles;
    } else {
      return handle(b, b.intern(known<op::variable<Name>>));
    }
  }
};

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

template <class Lambda, auto... Names>
struct trace_request {
  using returned =
      std::remove_cvref_t<decltype(Lambda{}(std::declval<typename traced_name<Names>::argument>()...))>;
  using shape_type = typename traced_shape<returned>::type;
  static consteval int roots() { return shape_type::outputs; }
  static consteval int guess() { return 4096; }
  static constexpr void build(builder& b, buffer<int>& out) {
    traced_shape<returned>::read(b, out, Lambda{}(traced_name<Names>::make(b)...));
  }
};

inline constexpr called trace_call{"trace"};

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
  if constexpr (!std::is_default_constructible_v<Lambda>) {
    refuse<text{"trace: the function must be a lambda without captures; pass what it captures as symbols or "
                "constants."},
           Lambda>();
  } else if constexpr (!std::is_invocable_v<Lambda, typename detail::traced_name<Names>::argument...>) {
    refuse<text{"trace: the function must take one argument per name, an array for a name like \"p[11]\"; if "
                "it does, the error is in it: call sin(v), not std::sin(v)."},
           Lambda>();
  } else if constexpr (!detail::is_traced<typename detail::trace_request<Lambda, Names...>::returned>) {
    refuse<text{"trace: the function must return what it computes, an expression or a std::array of them."},
           Lambda>();
  } else {
    static_assert(
        detail::symbols_distinct<
            detail::trace_call,
            typename detail::joined_lists<typename detail::traced_name<Names>::symbols...>::type>::check());
    using request = detail::trace_request<Lambda, Names...>;
    return detail::answer_t<request>{};
  }
}

}  // namespace tg

#include "../support/compiler/end.hpp"
