// SPDX-License-Identifier: BSL-1.0
// What a function of arrays is for the compiler: its graph, and the plan of its steps and memory.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../../formula/array/derivative.hpp"
#include "../../lower/array/plan.hpp"
#include "../function.hpp"
#include "given_extents.hpp"
#include "kernels.hpp"

namespace tg::detail {

/// The graph of the outputs F..., whose inputs are in the order of Symbols, with contractions in pairs.
template <class Symbols, class... F>
struct array_request : program_request<Symbols, F...> {
  template <int Nodes, int Operands>
  static constexpr auto lower(builder& b, buffer<int>& out) {
    const fingerprint print = fingerprint_of(b, out);
    if (const structure* const loops = find_loop(b)) loops->separate(b, out);
    split_contractions(b, out);
    solve_systems(b, out);
    auto p = pack<Nodes, Operands, array_request::roots()>(b, out);
    p.print = print;
    return p;
  }
};

template <class... S>
constexpr auto input_records(symbol_list<S...>) {
  struct {
    const record* of[sizeof...(S) + 1];
  } all{{known<typename S::primitive>..., nullptr}};
  return all;
}

/// The largest rank of the graph's arrays.
template <class Packed>
constexpr int largest_rank(const Packed& graph, const record* const* inputs, int count) {
  int rank = 1;
  for (int i = 0; i < graph.nodes; ++i)
    if (graph.rank(graph.shape[i]) > rank) rank = graph.rank(graph.shape[i]);
  for (int k = 0; k < count; ++k)
    if (inputs[k]->shaped != nullptr && inputs[k]->shaped->rank > rank) rank = inputs[k]->shaped->rank;
  return rank;
}

/// What calculates with single matrices in a function with that tag.
template <class Tag>
struct solver_of {
  using type = plain_solver;
};

/// What a tag stands for: its graph, and for arrays stored in these ways and outputs that are added the plan.
template <class Tag, std::uint64_t ByColumns, std::uint64_t Added = 0>
struct array_code {
  using request = noted<Tag>;
  static constexpr auto& graph = result<request>::graph;
  using kernels = typename kernels_for<result<request>>::type;
  static constexpr int inputs = request::symbols::size;
  static constexpr auto records = input_records(typename request::symbols{});
  static_assert(extents_given<result<request>, records>::check());
  static constexpr auto plan =
      plan_arrays<std::remove_cvref_t<decltype(graph)>, inputs, largest_rank(graph, records.of, inputs),
                  graph.nodes, graph.operands, graph.roots>(
          graph, {kernels::rules, kernels::size, records.of, inputs, ByColumns, Added});
  static constexpr auto tables = plan.template trimmed<plan.steps, plan.words, plan.lengths, plan.buffers>();
  static constexpr table_view view = tables.view();
};

/// The least value of each run-time extent: of no elements there is no mean, and no largest one, and a slice
/// ends within.
template <class Packed, class Plan>
constexpr auto least_extents(const Packed& graph, const Plan& plan) {
  struct {
    std::ptrdiff_t of[Plan::most_lengths]{};
  } least;
  const auto need = [&](const record* name, std::ptrdiff_t value) {
    if (name == nullptr || name->what != kind::function || name->arity != 0) return;  // no extent
    for (int k = 0; k < plan.extents; ++k)
      if (plan.extent_name[k] == name->name && least.of[k] < value) least.of[k] = value;
  };
  const auto length = [&](int node, int axis) { return graph.element(graph.shape[node], axis); };
  for (int i = 0; i < graph.nodes; ++i) {
    const record* const op = graph.op[i];
    const auto attribute = [&](int k) { return graph.element(graph.attribute[i], k).size; };
    if (op->shaped != nullptr && op->shaped->reduces && op != known<op::reduce_logsumexp<>>)
      for (int k = 0; k < graph.rank(graph.attribute[i]); ++k)
        need(length(graph.arg(i, 0), attribute(k)).name, 1);
    if (op == known<op::slice<>>)
      need(length(graph.arg(i, 0), attribute(0)).name, attribute(1) + length(i, attribute(0)).size);
    if (op == known<op::pad<>>)
      need(length(i, attribute(0)).name, attribute(1) + length(graph.arg(i, 0), attribute(0)).size);
    if (op->what != kind::divide) continue;
    const int below = graph.arg(i, 1);
    need(graph.op[below], 1);
    for (int k = 0; graph.op[below]->what == kind::multiply && k < graph.count[below]; ++k)
      need(graph.op[graph.arg(below, k)], 1);
  }
  return least;
}

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
