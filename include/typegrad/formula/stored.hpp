// SPDX-License-Identifier: BSL-1.0
// Short names for large graphs. A compiler writes down the full name of every function and variable that has
// a formula among its template arguments, and g++ takes time quadratic in the length of a name; so what is
// computed from a large formula, and what evaluates one, has a tag in its name instead: the hash of the
// graph, from which the compiler finds the graph again.
#pragma once
#include "../support/compiler/begin.hpp"

#include "../pass/pack.hpp"
#include "../support/compiler/meaning.hpp"

namespace tg {

namespace detail {

/// Stands for a graph: the hash of everything in it, and the user's primitives, whose types may be local to a
/// file.
template <std::uint64_t High, std::uint64_t Low, class... Primitives>
struct graph_tag {};

/// The first node of each primitive that is not built in.
template <class Result, int Room>
constexpr auto own_primitives() {
  struct {
    int count = 0;
    int node[Room + 1]{};
  } r;
  for (int i = 0; i < Result::graph.nodes; ++i) {
    const record* op = Result::graph.op[i];
    bool seen = op->built_in;
    for (int k = 0; k < i && !seen; ++k) seen = Result::graph.op[k] == op;
    if (seen) continue;
    if (r.count < Room) r.node[r.count] = i;
    ++r.count;
  }
  return r;
}

template <class Result, int... K>
auto tag_of(std::integer_sequence<int, K...>) -> graph_tag<
    Result::graph.print.high, Result::graph.print.low,
    operation_of<Result::graph.op[own_primitives<Result, static_cast<int>(sizeof...(K))>().node[K]]>...>;
template <class Result>
using tag_t = decltype(tag_of<Result>(std::make_integer_sequence<int, own_primitives<Result, 0>().count>{}));

/// How many captured numbers a graph has; they are its first nodes.
template <class Graph>
constexpr int captured_in(const Graph& graph) {
  int count = 0;
  while (count < graph.nodes && graph.op[count]->what == kind::captured) ++count;
  return count;
}

template <class Tag>
struct graph_of {};

/// The finished graph of a result as the source of a request.
template <class Result>
struct graph_source {
  static constexpr auto& graph = Result::graph;
  static consteval int size() { return graph.nodes; }
  static consteval int slots() { return captured_in(graph); }
  static consteval int outputs() { return graph.roots; }
  static constexpr void load(builder& b, buffer<int>& out, int first_slot = 0) {
    load_packed(graph, b, out, [first_slot](int node_of_number) {
      return node_of_number + first_slot;
    });  // they are its first nodes
  }
};

/// A large formula, or several, as the source of a request.
template <class Tag>
struct stored : graph_source<noted<graph_of<Tag>>> {};

enum class formula_size { refused, small, large };
constexpr formula_size size_of_graph(int nodes) {
  return nodes >= budgets::stored_from ? formula_size::large
         : nodes > 0                   ? formula_size::small
                                       : formula_size::refused;
}
/// Notes where the graph of the formula F is; F is the answer to a request with this result.
template <class F, class Result, formula_size Size = size_of_graph(Result::graph.nodes)>
struct store {
  using type = F;
};
template <class F, class Result>
struct store<F, Result, formula_size::large> {
  using type = F;
  using tag = tag_t<Result>;
  static_assert(sizeof(note<graph_of<tag>, Result>) != 0 && sizeof(note<F, stored<tag>>) != 0);
};

template <class F, bool Stored = is_noted<F, void>::value>
struct stand_in {
  using type = F;
};
template <class F>
struct stand_in<F, true> {
  using type = noted<F>;
};
/// What stands for a formula, or for several, in the name of a request: a short tag, or where it is small the
/// formula itself.
template <class F>
using from = typename stand_in<F>::type;

}  // namespace detail

}  // namespace tg

#include "../support/compiler/end.hpp"
