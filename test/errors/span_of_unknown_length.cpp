// SPDX-License-Identifier: BSL-1.0
// expect: function: the length of a span must be part of its type; pass std::span<T, n>, std::array or an array.
// Memory whose length is not known to the compiler could be too short.
#include <span>
#include <typegrad/typegrad.hpp>
#include <vector>

constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;
auto function = tg::function(tg::inputs(x, y), tg::outputs(x* y));

void evaluate(std::vector<double>& in, double (&out)[1]) {
#ifdef MUST_FAIL
  function(in, out);
#else
  function(std::span<double, 2>{in}, out);
#endif
}
