// SPDX-License-Identifier: BSL-1.0
// expect: diff: the Jacobian of a loop by arrays is not made; take jvp, vjp or hvp.
// The Jacobian of what a loop makes.
#include <typegrad/loops.hpp>

constexpr auto h = tg::array<"h", 3>;
constexpr auto xs = tg::array<"xs", tg::extent<"time">, 3>;
constexpr auto last = tg::iterate([](auto y, auto x) { return sin(y + x); }, h, xs);

#ifdef MUST_FAIL
auto jacobian = tg::diff(last, h);
#else
auto slope = tg::vjp(last, tg::weights(h), h);
#endif
