// SPDX-License-Identifier: BSL-1.0
// The cost of a compiled function: its joint program, after all rewrites, is what is counted.
#pragma once
#include "../support/compiler/begin.hpp"

#include "../pass/cost.hpp"
#include "function.hpp"

namespace tg {

namespace detail {

template <class Tag>
inline constexpr operation_count program_cost = [] {
  constexpr auto& graph = code<Tag>::graph;
  buffer<int> roots;
  for (int r = 0; r < graph.roots; ++r) roots.push_back(graph.root[r]);
  operation_count c = count_operations(builder(graph), roots);
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
