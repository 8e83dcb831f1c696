// SPDX-License-Identifier: BSL-1.0
// expect: scan: the number of steps is no multiple of n in tg::save_every<n>; choose an n that divides it, or run the rest in a second loop.
// A number of steps that is no multiple of the steps from one saved state to the next.
#include <typegrad/loops.hpp>

constexpr auto h = tg::array<"h", 3>;
constexpr auto xs = tg::array<"xs", 10, 3>;
constexpr auto add = [](auto y, auto x) { return sin(y) + x; };

#ifdef MUST_FAIL
auto last = tg::iterate<tg::save_every<3>>(add, h, xs);
#else
auto last = tg::iterate<tg::save_every<5>>(add, h, xs);
#endif
