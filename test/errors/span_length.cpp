// SPDX-License-Identifier: BSL-1.0
// expect: function: the spans have lengths 3 and 2; needed are 2 inputs and 3 outputs.
// Spans of the wrong lengths, here swapped.
#include <array>
#include <span>
#include <typegrad/typegrad.hpp>

constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;
auto function = tg::function(tg::inputs(x, y), tg::outputs(x* y, tg::gradient(x* y, x, y)));

void evaluate(std::span<double, 2> two, std::span<double, 3> three) {
#ifdef MUST_FAIL
  function(three, two);
#else
  function(two, three);
#endif
}
