// SPDX-License-Identifier: BSL-1.0
// The cost of a compiled function: its joint program, after all rewrites, is what is counted.
#pragma once
#include "../support/compiler/begin.hpp"

#include "../pass/cost.hpp"
#include "function.hpp"

namespace tg {

namespace detail {

template <class Graph>
constexpr operation_count count_program(const Graph& g) {
  operation_count c;
  buffer<int> depth(g.nodes);
  for (int i = 0; i < g.nodes; ++i) {
    for (int k = 0; k < g.count[i]; ++k)
      if (depth[g.arg(i, k)] >= depth[i]) depth[i] = depth[g.arg(i, k)] + 1;
    if (depth[i] > c.depth) c.depth = depth[i];
    ++c.nodes;
    count_node(c, g.op[i], g.count[i], g.op[i]->what == kind::power ? g.value(g.arg(i, 1)) : exact{});
  }
  c.stack_bytes = 8 * c.nodes;
  return c;
}

template <class Tag>
inline constexpr operation_count program_cost = [] {
  operation_count c = count_program(code<Tag>::graph);
  c.limited = code<Tag>::graph.limited || code<Tag>::plan.limited || code<Tag>::steps.groups > 1;
  return c;
}();

}  // namespace detail

/// What one call of the function does, for all outputs together.
template <class Inputs, class Tag, class Numbers, class... Shapes>
constexpr operation_count cost(const function_object<Inputs, Tag, Numbers, Shapes...>&) {
  return detail::program_cost<Tag>;
}

}  // namespace tg

#include "../support/compiler/end.hpp"
