// SPDX-License-Identifier: BSL-1.0
// expect: function: the second span receives the outputs and must not be const.
// The outputs are written to a constant.
#include <array>
#include <typegrad/typegrad.hpp>

constexpr auto x = tg::symbol<"x">;
auto square = tg::function(tg::inputs(x), tg::outputs(x* x / 2));

void evaluate(std::array<double, 1>& in, [[maybe_unused]] const std::array<double, 1>& fixed,
              [[maybe_unused]] std::array<double, 1>& out) {
#ifdef MUST_FAIL
  square(in, fixed);
#else
  square(in, out);
#endif
}
