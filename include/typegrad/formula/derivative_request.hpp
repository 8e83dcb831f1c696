// SPDX-License-Identifier: BSL-1.0
// Differentiation as requests. There is one pipeline, the gradient of a formula by all of its symbols
// (`full_gradient_request`); every derivative of one formula is a choice among its entries, or among those of
// the gradients of such entries. So the form of an entry depends on the function and the symbol alone, not on
// what else is asked for: diff(f, x) is entry x of that gradient, taken out and brought into canonical form
// by itself, as tg::get does with the entry of a gradient, a Jacobian or a Hessian.
#pragma once
#include "../support/compiler/begin.hpp"

#include "../pass/differentiate.hpp"
#include "../pass/shorten.hpp"
#include "derivative_symbols.hpp"
#include "substitution.hpp"

namespace tg {

namespace detail {

/// The sources of a request, loaded one after the other with their captured numbers in a row.
template <class... F>
constexpr void load_all(builder& b, buffer<int>& out) {
  int slots = 0;
  load_more(b, out, slots, symbol_list<F...>{});
}

/// The symbols of one formula, in canonical order.
template <class F>
constexpr void load_own_symbols(builder& b, buffer<int>& x) {
  load_symbols_of<F>(b);
  find_symbols(b, x);
}
template <class F>
consteval int count_symbols() {
  if constexpr (requires { F::graph; }) {
    int count = 0;
    for (int i = 0; i < F::graph.nodes; ++i) count += F::graph.op[i]->what == kind::variable;
    return count;
  } else {
    return F::symbols();
  }
}

/// The derivatives of the formula F by its symbols, in their canonical order, as differentiation makes them.
template <class F>
struct long_gradient_request {
  static consteval int roots() { return count_symbols<F>(); }
  static consteval int guess() { return 4 * F::size() + 2 * roots() + 32; }
  static constexpr bool build(builder& b, buffer<int>& entries) {
    buffer<int> f, x;
    F::load(b, f);
    expand_definitions(b, f);
    builder names;
    load_own_symbols<F>(names, x);
    for (int& symbol_node : x) symbol_node = b.intern(names[symbol_node].op);
    if (b.arrays == nullptr) return differentiate(b, f, x, entries);
    differentiate_arrays(b, f, x, entries);
    return false;
  }
};

/// Loads the answer to a request. `Chain`: the answers that its source was made by, the latest first; they
/// lead from its captured numbers to those of the first source, which are in the slots from `first_slot` on.
template <class Result, class... Chain>
constexpr void load_result(builder& b, buffer<int>& roots, int first_slot = 0) {
  if constexpr (Result::graph.nodes == 0 && Result::graph.entries > 0)  // a refusal, in one sentence
    static_assert(std::is_object_v<typename store<formula<>, Result, formula_size::refused>::type>);
  load_packed(Result::graph, b, roots, [first_slot](int node_of_number) {
    int source_slot = Result::graph.first[node_of_number];
    ((source_slot = Chain::graph.first[source_slot]), ...);
    return first_slot + source_slot;
  });
}

/// The same made shorter.
template <class F>
struct short_gradient_request {
  static constexpr bool simplified_twice = true;
  static consteval int roots() { return count_symbols<F>(); }
  static consteval int guess() { return 2 * result<long_gradient_request<F>>::graph.nodes + 16; }
  static constexpr bool build(builder& b, buffer<int>& entries) {
    load_result<result<long_gradient_request<F>>>(b, entries);
    return !changes(entries, [&] { shorten(b, entries); });
  }
};
/// The derivatives of F in their final form. A choice of types, so that long ones do not cost the compiler
/// what shortens short ones.
template <class F>
using full_gradient_request =
    std::conditional_t<(result<long_gradient_request<F>>::graph.nodes <= budgets::shorter &&
                        result<long_gradient_request<F>>::graph.lists == 0),
                       short_gradient_request<F>, long_gradient_request<F>>;

/// The gradient of F in a graph, to choose from.
template <class F, class... Chain>
class loaded_gradient {
 public:
  constexpr explicit loaded_gradient(builder& target, int first_slot = 0) {
    load_result<result<full_gradient_request<F>>, Chain...>(target, entries_, first_slot);
    buffer<int> own_symbols;
    load_own_symbols<F>(names_, own_symbols);
    place_.zeros(names_.size());
    for (int at = 0; at < own_symbols.size(); ++at) place_[own_symbols[at]] = at + 1;
  }
  /// The derivative by a symbol; 0 if F lacks it.
  constexpr int by(const record* symbol_record) {
    const int id = names_.intern_symbol(symbol_record);
    const int place = id < place_.size() ? place_[id] : 0;
    return place > 0 && place <= entries_.size() ? entries_[place - 1] : zero_node;
  }

 private:
  builder names_;
  buffer<int> entries_, place_;  // of a symbol among the entries, counted from 1
};

/// The derivative by an array that the formula lacks is zero in the array's shape.
template <class S>
constexpr int in_shape_of_symbol(builder& b, int entry) {
  if constexpr (requires { S::primitive::shaped; })
    if (entry == zero_node)
      return S::primitive::shaped.algebra->broadcast(b, entry,
                                                     b.shape(b.intern(known<typename S::primitive>)));
  return entry;
}

/// The derivative of F by S.
template <class F, class S>
struct diff_request {
  static constexpr bool simplified_twice = true;
  static consteval int roots() { return 1; }
  static consteval int guess() { return result<full_gradient_request<F>>::graph.nodes + 8; }
  static constexpr void build(builder& b, buffer<int>& out) {
    out.push_back(in_shape_of_symbol<S>(b, loaded_gradient<F>(b).by(known<typename S::primitive>)));
  }
};
/// The derivative of F by S as the source of another request.
template <class F, class S>
using diff_source = graph_source<result<diff_request<F, S>>>;

/// The gradient of F by some symbols, or in another order than the canonical one.
template <class F, class Symbols>
struct gradient_request;
template <class F, class... S>
struct gradient_request<F, symbol_list<S...>> {
  using shape_type = shape<static_cast<int>(sizeof...(S))>;
  static constexpr bool is_canonical = true;
  static consteval int roots() { return static_cast<int>(sizeof...(S)); }
  static consteval int guess() { return result<full_gradient_request<F>>::graph.nodes + 8; }
  static constexpr void build(builder& b, buffer<int>& out) {
    if constexpr (sizeof...(S) == 1) {
      load_result<result<diff_request<F, S...>>>(b, out);
    } else {
      loaded_gradient<F> entries(b);
      [[maybe_unused]] const char done[] = {
          (out.push_back(in_shape_of_symbol<S>(b, entries.by(known<typename S::primitive>))), '\0')...};
    }
  }
};

/// The second derivatives of F: the entry for x and y, x before y in canonical order, is the derivative by y
/// of the derivative by x, chosen from the gradient of that first derivative. `Row`: one row of the matrix.
template <class F, class Symbols, int Row = -1>
struct hessian_request;
template <class F, class... S, int Row>
struct hessian_request<F, symbol_list<S...>, Row> {
  static constexpr int n = static_cast<int>(sizeof...(S));
  using shape_type = std::conditional_t < Row<0, shape<n, n>, shape<n>>;
  static constexpr bool is_canonical = true;
  static consteval int roots() { return shape_type::outputs; }
  static consteval int guess() {
    int nodes = roots() + 8;
    const int first_derivatives[] = {result<full_gradient_request<diff_source<F, S>>>::graph.nodes...};
    for (int each : first_derivatives) nodes += each;
    return nodes;
  }
  static constexpr void build(builder& b, buffer<int>& entries) {
    buffer<int> x, all;
    load_symbols(b, x, symbol_list<S...>{});
    all.assign(n * n, zero_node);
    int at = 0;
    [[maybe_unused]] const char done[] = {(begin<S>(b, x, at++, all), '\0')...};
    for (int k = 0; k < roots(); ++k) entries.push_back(all[k + (Row < 0 ? 0 : Row * n)]);
  }

 private:
  /// The entries for the symbol First, which is x[at], and those that are not before it.
  template <class First>
  static constexpr void begin(builder& b, const buffer<int>& x, int at, buffer<int>& all) {
    if (Row >= 0 && before(b, x[Row], x[at])) return;
    loaded_gradient<diff_source<F, First>, result<diff_request<F, First>>> second(b);
    for (int k = 0; k < n; ++k)
      if (!before(b, x[k], x[at])) all[at * n + k] = all[k * n + at] = second.by(b[x[k]].op);
  }
};

/// The derivatives of several outputs, row by row, each chosen from the gradient of its output; those of
/// more nodes (budgets::rows_one_by_one) are made in one joint graph, by the mode that is cheaper for all of
/// them. `Row`: one row of the matrix.
template <class Shape, class Symbols, int Row, class... F>
struct jacobian_request;
template <class Shape, class... S, int Row, class... F>
struct jacobian_request<Shape, symbol_list<S...>, Row, F...> {
  static constexpr int n = static_cast<int>(sizeof...(S)), m = (F::outputs() + ...);
  static constexpr bool is_canonical = ((F::size() * F::outputs()) + ...) <= budgets::rows_one_by_one;
  using shape_type = Shape;
  static consteval int roots() { return Row < 0 ? m * n : n; }
  static consteval int guess() { return 4 * (F::size() + ...) + 2 * n + 32; }
  static constexpr void build(builder& b, buffer<int>& entries) {
    if constexpr (is_canonical) {
      int row = 0, slots = 0;
      [[maybe_unused]] const char done[] = {
          (rows<F>(b, row, slots, entries, std::make_integer_sequence<int, F::outputs()>{}), '\0')...};
    } else {
      buffer<int> out, x;
      load_all<F...>(b, out);
      if constexpr (Row >= 0) {
        const int one = out[Row];
        out.clear();
        out.push_back(one);
      }
      expand_definitions(b, out);
      load_symbols(b, x, symbol_list<S...>{});
      differentiate(b, out, x, entries);
    }
  }

 private:
  template <class Source, int... K>
  static constexpr void rows(builder& b, int& row, int& slots, buffer<int>& entries,
                             std::integer_sequence<int, K...>) {
    [[maybe_unused]] const char done[] = {(one_row<Source, K>(b, row++, slots, entries), '\0')...};
    slots += Source::slots();
  }
  template <class Source, int K>
  static constexpr void one_row(builder& b, int row, int slots, buffer<int>& entries) {
    using output = one_output<Source, K>;
    if (Row < 0 || row == Row) {
      loaded_gradient<graph_source<result<output>>, result<output>> row_entries(b, slots);
      for (const record* op : {known<typename S::primitive>...}) entries.push_back(row_entries.by(op));
    }
  }
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
  using type = jacobian_request<shape<(F::outputs() + ...), Symbols::size>, Symbols, -1, F...>;
};

}  // namespace detail

}  // namespace tg

#include "../support/compiler/end.hpp"
