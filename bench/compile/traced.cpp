// SPDX-License-Identifier: BSL-1.0
// A traced function of OPERATIONS operations and its gradient, with the code that evaluates them.
#include "../problems/mixed_program.hpp"

#include <typegrad/typegrad.hpp>

void traced(std::span<const double, 8> in, std::span<double, 9> out) {
  constexpr auto x = tg::symbols<"x", 8>;
  constexpr auto program =
      tg::trace<"x[8]">([](auto values) { return bench::mixed_program<OPERATIONS>(values.data()); });
  constexpr auto function = tg::function(tg::inputs(x), tg::outputs(program, tg::gradient(program, x)));
  function(in, out);
}
