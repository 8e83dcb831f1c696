// SPDX-License-Identifier: BSL-1.0
// expect: scan: the options are tg::reversed, tg::recompute, tg::save_every<n> and tg::steps<n>.
// A number of steps that is given as a bare number.
#include <typegrad/loops.hpp>

constexpr auto h = tg::array<"h", 3>;
constexpr auto xs = tg::array<"xs", 5, 3>;
constexpr auto add = [](auto y, auto x) { return y + x; };

#ifdef MUST_FAIL
auto sums = tg::scan<5>(add, h, xs);
#else
auto sums = tg::scan<tg::steps<5>, tg::reversed>(add, h, xs);
#endif
