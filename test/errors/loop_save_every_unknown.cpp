// SPDX-License-Identifier: BSL-1.0
// expect: scan: tg::save_every<n> needs a number of steps that the formula knows; give the sequence's first axis a number, or keep what is carried after each step by tg::recompute.
// A number of steps that is one of a call.
#include <typegrad/loops.hpp>

constexpr auto h = tg::array<"h", 3>;
constexpr auto xs = tg::array<"xs", tg::extent<"time">, 3>;
constexpr auto add = [](auto y, auto x) { return sin(y) + x; };

#ifdef MUST_FAIL
auto last = tg::iterate<tg::save_every<4>>(add, h, xs);
#else
auto last = tg::iterate<tg::recompute>(add, h, xs);
#endif
