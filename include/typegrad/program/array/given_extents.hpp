// SPDX-License-Identifier: BSL-1.0
// Whether formulas are of arrays, and whether the inputs of a function give the lengths of all its axes.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../../formula/array/symbol.hpp"
#include "../program.hpp"

namespace tg::detail {

template <class F>
inline constexpr bool is_of_arrays = [] {
  builder b;
  buffer<int> roots;
  F::load(b, roots);
  return b.arrays != nullptr;
}();

/// Of a finished graph whose inputs have these records.
template <class Result, const auto& Inputs>
struct extents_given {
  static constexpr const record* find_missing() {
    constexpr auto& graph = Result::graph;
    for (int i = 0; i < graph.nodes; ++i)
      for (int k = 0; k < graph.rank(graph.shape[i]); ++k)
        if (const record* const name = graph.element(graph.shape[i], k).name;
            name != nullptr && !is_given(name))
          return name;
    return nullptr;
  }
  static constexpr bool is_given(const record* name) {
    for (const record* input : Inputs.of)
      for (int k = 0; input != nullptr && input->shaped != nullptr && k < input->shaped->rank; ++k)
        if (input->shaped->extents[k].name == name) return true;
    return false;
  }
  static constexpr bool check() {
    constexpr const record* missing = find_missing();
    if constexpr (missing != nullptr)
      return refuse<join(text{"function: no input has the axis '"}, name_text<missing>(),
                         text{"', so its length is not known; name an array among the inputs that has it."}),
                    Result>();
    else
      return true;
  }
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
