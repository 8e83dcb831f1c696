// SPDX-License-Identifier: BSL-1.0
// expect: function: both spans must hold numbers of one type.
// Inputs in float, outputs in double.
#include <array>
#include <typegrad/typegrad.hpp>

constexpr auto x = tg::symbol<"x">;
auto square = tg::function(tg::inputs(x), tg::outputs(x* x / 2));

void evaluate([[maybe_unused]] std::array<float, 1>& in, std::array<double, 1>& out) {
#ifdef MUST_FAIL
  square(in, out);
#else
  square(out, out);
#endif
}
