// SPDX-License-Identifier: BSL-1.0
// expect: function: it has a loop over steps; plans with loops are not written as text or as C.
// The plan of a function with a loop as text.
#include <typegrad/inspection.hpp>
#include <typegrad/loops.hpp>

constexpr auto h = tg::array<"h", 3>;
constexpr auto xs = tg::array<"xs", 5, 3>;
constexpr auto last = tg::iterate([](auto y, auto x) { return sin(y + x); }, h, xs);
constexpr auto fn = tg::function(tg::inputs(h, xs), tg::outputs(sum(last)));

#ifdef MUST_FAIL
const auto text = tg::describe(fn).text();
#else
const auto cost = tg::cost(fn);
#endif
