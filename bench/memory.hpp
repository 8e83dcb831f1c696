// SPDX-License-Identifier: BSL-1.0
// The memory of a function of arrays if its steps ran in the order in which they are written, to compare
// with.
#pragma once
#include <typegrad/program/array/array_cost.hpp>

namespace bench {

/// The numbers that are needed at one step at most.
template <class Inputs, class Tag, class Numbers, class... Shapes>
constexpr std::int64_t live_as_written(const tg::array_function<Inputs, Tag, Numbers, Shapes...>&,
                                       std::ptrdiff_t rows) {
  using code = tg::detail::array_code<Tag, 0>;
  constexpr auto& graph = code::graph;
  constexpr auto plan =
      tg::detail::plan_arrays<std::remove_cvref_t<decltype(graph)>, code::inputs,
                              tg::detail::largest_rank(graph, code::records.of, code::inputs), graph.nodes,
                              graph.operands, graph.roots>(
          graph, {code::kernels::rules, code::kernels::size, code::records.of, code::inputs, 0, 0, true});
  static_assert(plan.extents == 1);
  tg::detail::call_lengths<std::remove_cvref_t<decltype(plan)>> l{};
  l.extent[0] = rows;
  tg::detail::find_lengths(plan, l.extent, l.product, l.length);
  std::int64_t live = 0;
  for (int r = 0; r < plan.regions; ++r) live += plan.region_live[r] * l.product[plan.region_product[r]];
  return live;
}

}  // namespace bench
