// SPDX-License-Identifier: BSL-1.0
// expect: function: spans of integers cannot hold the values of a formula; take double.
// In int, x*x/2 would lose its fraction.
#include <array>
#include <typegrad/typegrad.hpp>

constexpr auto x = tg::symbol<"x">;
auto square = tg::function(tg::inputs(x), tg::outputs(x* x / 2));

void evaluate([[maybe_unused]] std::array<int, 1>& whole, [[maybe_unused]] std::array<double, 1>& real) {
#ifdef MUST_FAIL
  square(whole, whole);
#else
  square(real, real);
#endif
}
