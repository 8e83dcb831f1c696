// SPDX-License-Identifier: BSL-1.0
// The arguments of a call in their order: what each is, and which arrays and numbers it brings.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "parameters.hpp"

namespace tg::detail {

template <class S>
inline constexpr int rank_of_input = 0;
template <ArraySymbol S>
inline constexpr int rank_of_input<S> = S::primitive::shaped.rank;

/// The function's arguments in the order of a call: inputs, then the outputs that are arrays, then perhaps
/// the workspace.
template <class Tables, class Inputs, class... Shapes>
struct call_layout;
template <class Tables, class... S, class... Shapes>
struct call_layout<Tables, input_list<S...>, Shapes...> {
  static constexpr int inputs = static_cast<int>(sizeof...(S));
  struct place {
    int rank;                              // 1 for a vector of parameters, -1 for the workspace
    int array, number = 0;                 // which array input, or output; the first number
    const parameter_part* part = nullptr;  // of a vector of parameters
    int parts = 0;
    bool output = true;
    bool integers = false;
  };
  static constexpr auto find(const Tables& t) {
    struct {
      int arguments = 0, numbers = 0, results = 0;
      place at[static_cast<std::size_t>(Tables::shapes + inputs + 2)]{};
    } l;
    int arrays = 0, output = 0;
    const auto input = [&]<class One>(std::type_identity<One>) {
      place& p = l.at[l.arguments++] = {rank_of_input<One>, arrays, l.numbers};
      p.output = false;
      p.integers = is_index<One>;
      if constexpr (is_parameter_list<One>) {
        p = {1, arrays, l.numbers, One::parts.data(), One::outputs, false};
        for (const auto& part : One::parts) ++(part.rank > 0 ? arrays : l.numbers);
      } else if (p.rank > 0)
        ++arrays;
      else
        l.numbers += symbols_of_t<One>::size;
    };
    const auto results = [&]<class Shape>(std::type_identity<Shape>) {
      if constexpr (is_parameter_list<Shape>)
        l.at[l.arguments++] = {1, output, 0, Shape::parts.data(), Shape::outputs};
      else
        for (int r = output; r < output + Shape::outputs; ++r)
          if (const int rank = t.rank[t.inputs + r]; rank > 0)
            l.at[l.arguments++] = {rank, r};
          else
            ++l.results;
      output += Shape::outputs;
    };
    (input(std::type_identity<S>{}), ...);
    (results(std::type_identity<Shapes>{}), ...);
    l.at[l.arguments] = {-1, 0};
    return l;
  }
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
