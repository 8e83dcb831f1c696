// SPDX-License-Identifier: BSL-1.0
// Derivatives of formulas, as formulas: diff, gradient, jacobian, hessian, jvp, vjp, hvp, taylor. Where
// forward and reverse both apply, both are built and the cheaper is kept.
#pragma once

#include "../pass/cancel.hpp"
#include "../pass/cost.hpp"
#include "../pass/derive.hpp"
#include "../pass/expand.hpp"
#include "../pass/relate.hpp"
#include "formulas.hpp"

namespace tg {

/// As the last argument of a derivative: a symbol that the formula lacks gives a zero instead of an error.
struct allow_zero_t {};
inline constexpr allow_zero_t allow_zero{};

namespace detail {

/// The sources of a request, loaded one after the other with their captured numbers in a row.
template <class... F>
constexpr void load_all(builder& b, buffer<int>& out) {
  int slots = 0;
  ((F::load(b, out, slots), slots += F::slots()), ...);
}

/// d out[r] / d x[c] for all r and c, row-major, by one reverse sweep per row.
constexpr void jacobian_reverse(builder& b, const buffer<int>& out, const buffer<int>& x,
                                buffer<int>& entries) {
  buffer<int> row, one, adjoints;
  one.push_back(one_node);
  entries.clear();
  for (int r : out) {
    row.clear();
    row.push_back(r);
    reverse(b, row, one, x, adjoints);
    for (int a : adjoints) entries.push_back(a);
  }
}

/// The same by one forward sweep per column; false if the graph gets larger than `limit`.
constexpr bool jacobian_forward(builder& b, const buffer<int>& out, const buffer<int>& x,
                                buffer<int>& entries, int limit) {
  buffer<int> input, one, tangents;
  one.push_back(one_node);
  entries.assign(out.size() * x.size(), 0);
  for (int c = 0; c < x.size(); ++c) {
    input.clear();
    input.push_back(x[c]);
    if (!forward(b, input, one, out, tangents, limit)) return false;
    for (int r = 0; r < out.size(); ++r) entries[r * x.size() + c] = tangents[r];
  }
  return true;
}

/// Copies what `keep` needs; both lists move along.
constexpr void copy_graph(const builder& from, builder& to, buffer<int>& keep) {
  buffer<int> image(from.size(), -1);
  buffer<char> needed;
  mark_needed(from, from.size(), keep, needed);
  for (int i = 0; i < from.size(); ++i)
    if (needed[i] != 0) image.items[i] = to.copy(from, i, image);
  for (int& k : keep) k = image[k];
}

/// The Jacobian by the cheaper of the two modes. With one output reverse is at most a small multiple of the
/// function, and forward is tried only as long as it stays below that.
constexpr void jacobian_cheaper(builder& b, const buffer<int>& out, const buffer<int>& x,
                                buffer<int>& entries) {
  if (x.size() == 1) {
    jacobian_forward(b, out, x, entries, 1 << 30);
    return;
  }
  if (x.size() > 4 * out.size() && b.size() > 64) return jacobian_reverse(b, out, x, entries);
  if (b.size() > 250) {  // too large to build both ways in one evaluation: decided by the number of sweeps
    if (x.size() >= out.size())
      jacobian_reverse(b, out, x, entries);
    else
      jacobian_forward(b, out, x, entries, 1 << 30);
    return;
  }
  builder reverse_graph, forward_graph;
  buffer<int> keep, r_out, r_x, r_entries, f_entries;
  const auto split = [&](builder& to) {
    keep.clear();
    r_out.clear();
    r_x.clear();
    for (int o : out) keep.push_back(o);
    for (int v : x) keep.push_back(v);
    copy_graph(b, to, keep);
    for (int k = 0; k < out.size(); ++k) r_out.push_back(keep[k]);
    for (int k = 0; k < x.size(); ++k) r_x.push_back(keep[out.size() + k]);
  };
  split(reverse_graph);
  jacobian_reverse(reverse_graph, r_out, r_x, r_entries);
  split(forward_graph);
  const int limit = 4 * reverse_graph.size() + 64;
  const bool done = jacobian_forward(forward_graph, r_out, r_x, f_entries, limit);
  builder reverse_simple, forward_simple;
  buffer<int> r_roots, f_roots;
  for (int v : r_entries) r_roots.push_back(v);
  simplify(reverse_graph, reverse_simple, r_roots);
  bool take_forward = false;
  if (done) {
    for (int v : f_entries) f_roots.push_back(v);
    simplify(forward_graph, forward_simple, f_roots);
    take_forward = weight(forward_simple, f_roots) < weight(reverse_simple, r_roots);
  }
  entries.clear();
  for (int v : take_forward ? f_roots : r_roots) entries.push_back(v);
  copy_graph(take_forward ? forward_simple : reverse_simple, b, entries);
}

/// What cancels in a derivative cancels before the next one is taken: afterwards its parts are no longer
/// alike.
constexpr void simplify_in_place(builder& b, buffer<int>& roots) {
  builder simple(b.size());
  simplify(b, simple, roots);
  copy_graph(simple, b, roots);
}

/// Rewrites that are worth their compile time in graphs of ordinary size.
constexpr void shorten(builder& b, buffer<int>& roots) {
  if (b.size() >= 500) return;
  relate_exponentials(b, roots, known<op::exp>, known<op::log>);
  simplify_in_place(b, roots);
  cancel(b, roots);
}

template <class Shape, class Symbols, class... F>
struct jacobian_request {
  using shape_type = Shape;
  static consteval int roots() { return (F::outputs() + ...) * Symbols::size; }
  static consteval int guess() { return 4 * (F::size() + ...) + 2 * Symbols::size + 32; }
  static constexpr void build(builder& b, buffer<int>& entries) {
    buffer<int> out, x;
    load_all<F...>(b, out);
    expand_definitions(b, out);
    load_symbols(b, x, Symbols{});
    jacobian_cheaper(b, out, x, entries);
    shorten(b, entries);
  }
};

/// The derivative by one symbol after the other.
template <class F, class... S>
struct diff_request {
  static constexpr bool simplified_twice = true;
  static consteval int roots() { return 1; }
  static consteval int guess() { return 3 * F::size() + 24; }
  static constexpr void build(builder& b, buffer<int>& out) {
    buffer<int> f, x, one, tangents;
    F::load(b, f);
    expand_definitions(b, f);
    load_symbols(b, x, symbol_list<S...>{});
    one.push_back(one_node);
    for (int s : x) {
      buffer<int> input;
      input.push_back(s);
      forward(b, input, one, f, tangents);
      f[0] = tangents[0];
      expand_definitions(b, f);
    }
    out.push_back(f[0]);
  }
};

template <class F, class Symbols>
struct hessian_request {
  using shape_type = shape<Symbols::size, Symbols::size>;
  static consteval int roots() { return Symbols::size * Symbols::size; }
  static consteval int guess() { return 12 * F::size() + roots() + 64; }
  static constexpr void build(builder& b, buffer<int>& entries) {
    buffer<int> f, x, gradient, second;
    F::load(b, f);
    expand_definitions(b, f);
    load_symbols(b, x, Symbols{});
    jacobian_cheaper(b, f, x, gradient);
    shorten(b, gradient);
    expand_definitions(b, gradient);
    const int n = x.size();
    entries.assign(n * n, 0);
    buffer<int> input, one, row, tangents;
    one.push_back(one_node);
    for (int c = 0; c < n; ++c) {  // column c from row c on: the rest is symmetric
      input.clear();
      row.clear();
      input.push_back(x[c]);
      for (int r = c; r < n; ++r) row.push_back(gradient[r]);
      forward(b, input, one, row, tangents);
      for (int r = c; r < n; ++r) entries[r * n + c] = entries[c * n + r] = tangents[r - c];
    }
    shorten(b, entries);
  }
};

/// The symbols of a source.
template <class F>
constexpr void load_symbols_of(builder& b) {
  if constexpr (requires { F::graph; }) {
    for (int i = 0; i < F::graph.nodes; ++i)
      if (F::graph.op[i]->what == kind::variable) b.intern(F::graph.op[i]);
  } else {
    buffer<int> all;
    F::load(b, all);
  }
}

/// How many of the symbols are in one of the formulas.
template <class... F, class... S>
constexpr int count_held(symbol_list<S...> symbols) {
  builder b;
  buffer<int> all;
  (load_symbols_of<F>(b), ...);
  const int size = b.size();
  load_symbols(b, all, symbols);
  int count = 0;
  for (int symbol_node : all) count += symbol_node < size;
  return count;
}
/// Whether each of the symbols is in one of the formulas.
template <class... F, class... S>
constexpr bool hold_symbols(symbol_list<S...> symbols) {
  return count_held<F...>(symbols) == static_cast<int>(sizeof...(S));
}

/// The names of the symbols of F as "x, y, z".
template <class... F>
constexpr auto symbol_names() {
  text<512> names;
  builder b;
  (load_symbols_of<F>(b), ...);
  std::size_t end = 0;
  for (int i = 0; i < b.size(); ++i)
    if (b.what(i) == kind::variable && end + b[i].op->name.size() + 3 < 512) {
      if (end > 0) names.data[end++] = ',', names.data[end++] = ' ';
      for (char c : b[i].op->name) names.data[end++] = c;
    }
  if (end == 0)
    for (char c : std::string_view{"no symbol"}) names.data[end++] = c;
  return std::pair{names, end};
}
template <class... F>
constexpr auto symbol_names_text() {
  constexpr auto wide = symbol_names<F...>();
  text<wide.second + 1> names;
  for (std::size_t i = 0; i < wide.second; ++i) names.data[i] = wide.first.data[i];
  return names;
}

/// Refuses a symbol that none of the formulas holds.
template <text Function, class S, class... F>
constexpr void require_symbol() {
  if constexpr (!hold_symbols<F...>(symbol_list<S>{}))
    refuse<join(Function, text{": variable '"}, S::name, text{"' does not occur in the formula; it has "},
                symbol_names_text<F...>(), text{". Write tg::allow_zero where a zero is meant."})>();
}
template <text Function, class Symbols, class... F>
struct symbols_required;
template <text Function, class... S, class... F>
struct symbols_required<Function, symbol_list<S...>, F...> {
  static constexpr bool check() {
    if constexpr (!hold_symbols<F...>(symbol_list<S...>{})) {
      [[maybe_unused]] const char each[] = {(require_symbol<Function, S, F...>(), '\0')...};
    }
    return true;
  }
};

/// The symbols that a derivative is taken by, and whether each has to occur in the formula.
template <class S>
struct derivative_by {
  using symbols = symbols_of_t<S>;
};
template <>
struct derivative_by<allow_zero_t> {
  using symbols = symbol_list<>;
};
template <class... S>
using derivative_symbols_t = typename concatenate<typename derivative_by<S>::symbols...>::type;
template <text Function, class Sources, class... S>
constexpr bool symbols_found() {
  if constexpr (!(std::same_as<S, allow_zero_t> || ...))
    return []<class... F>(std::type_identity<symbol_list<F...>>) {
      return symbols_required<Function, derivative_symbols_t<S...>, F...>::check();
    }(std::type_identity<Sources>{});
  else
    return true;
}

/// What follows the formula: symbols, groups where they make sense, and perhaps tg::allow_zero.
template <class S>
concept ByOne = Symbol<S> || std::same_as<S, allow_zero_t>;
template <class S>
concept ByAny = SymbolOrGroup<S> || std::same_as<S, allow_zero_t>;

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

template <class F, class Symbols>
struct diff_by;
template <class F, class... S>
struct diff_by<F, symbol_list<S...>> {
  using type = diff_request<from<F>, S...>;
};

/// The sources of a Jacobian: a formula, several, or a list of outputs.
template <class Outputs>
struct sources {
  using types = symbol_list<from<Outputs>>;
};
template <class... F>
struct sources<output_list<F...>> {
  using types = symbol_list<from<F>...>;
};
template <class Outputs>
using sources_t = typename sources<Outputs>::types;

template <class Sources, class Symbols>
struct jacobian_by;
template <class... F, class Symbols>
struct jacobian_by<symbol_list<F...>, Symbols> {
  using type = jacobian_request<shape<(F::outputs() + ...), Symbols::size>, Symbols, F...>;
};

/// An answer with the captured numbers of its sources: `first` are those of one source, or a list of those of
/// several.
template <class Type, class Result, class... Numbers, class... More>
TYPEGRAD_NEVER_EMITTED constexpr Type with_more_numbers(const list<Numbers...>& first, const More&... more) {
  if constexpr (sizeof...(Numbers) > 0 && (is_list<Numbers> && ...))
    return first.unpack([&](const auto&... each) { return with_numbers<Type, Result>(each..., more...); });
  else
    return with_numbers<Type, Result>(first, more...);
}

}  // namespace detail

/// The derivative of f by the symbols, one after the other: diff(f, x), diff(f, x, y). A symbol that f lacks
/// is an error, unless tg::allow_zero follows the symbols. Cost: linear in the graph for each symbol.
template <Formula F, detail::ByOne... S>
requires(detail::derivative_symbols_t<S...>::size > 0) TYPEGRAD_NEVER_EMITTED
    constexpr auto diff(const F& f, const S&...) {
  static_assert(detail::symbols_found<"diff", detail::sources_t<F>, S...>());
  using request = typename detail::diff_by<F, detail::derivative_symbols_t<S...>>::type;
  using type = formula_t<request>;
  return detail::with_numbers<type, detail::result<request>>(f.numbers);
}

/// The N-th derivative of f by the symbol: diff<3>(f, x). N = 0 gives f.
template <int N, Formula F, Symbol S, std::same_as<allow_zero_t>... Allow>
TYPEGRAD_NEVER_EMITTED constexpr auto diff(const F& f, const S&, const Allow&...) {
  static_assert(N >= 0, "typegrad: diff: the order of a derivative must not be negative.");
  static_assert(detail::symbols_found<"diff", detail::sources_t<F>, S, Allow...>());
  using request = typename detail::diff_by<F, typename detail::repeat<N, S>::type>::type;
  using type = formula_t<request>;
  return detail::with_numbers<type, detail::result<request>>(f.numbers);
}

/// The gradient of f by symbols and groups of symbols, shape <n>. Cost: at most a small multiple of f's,
/// whatever n is.
template <Formula F, detail::ByAny... S>
requires(detail::derivative_symbols_t<S...>::size > 0) TYPEGRAD_NEVER_EMITTED
    constexpr auto gradient(const F& f, const S&...) {
  using symbols = detail::derivative_symbols_t<S...>;
  static_assert(detail::symbols_found<"gradient", detail::sources_t<F>, S...>());
  using request = detail::jacobian_request<shape<symbols::size>, symbols, detail::from<F>>;
  using type = answer_t<request>;
  return detail::with_numbers<type, detail::result<request>>(f.numbers);
}

/// The Jacobian of m outputs by n symbols, shape <m, n>. Entries that are zero whatever the values are known:
/// see tg::sparsity.
template <detail::Inspectable Outputs, detail::ByAny... S>
requires(detail::derivative_symbols_t<S...>::size > 0) TYPEGRAD_NEVER_EMITTED
    constexpr auto jacobian(const Outputs& outputs, const S&...) {
  static_assert(detail::symbols_found<"jacobian", detail::sources_t<Outputs>, S...>());
  using request =
      typename detail::jacobian_by<detail::sources_t<Outputs>, detail::derivative_symbols_t<S...>>::type;
  using type = answer_t<request>;
  return detail::with_more_numbers<type, detail::result<request>>(outputs.numbers);
}

/// The second derivatives of f by n symbols, shape <n, n>; symmetric entries are computed once.
template <Formula F, detail::ByAny... S>
requires(detail::derivative_symbols_t<S...>::size > 0) TYPEGRAD_NEVER_EMITTED
    constexpr auto hessian(const F& f, const S&...) {
  using symbols = detail::derivative_symbols_t<S...>;
  static_assert(detail::symbols_found<"hessian", detail::sources_t<F>, S...>());
  using request = detail::hessian_request<detail::from<F>, symbols>;
  using type = answer_t<request>;
  return detail::with_numbers<type, detail::result<request>>(f.numbers);
}

}  // namespace tg
