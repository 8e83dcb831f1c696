// SPDX-License-Identifier: BSL-1.0
// expect: trace: it cannot branch on the value of a symbol, which has none yet; write where(condition, a, b) instead of 'if', 'while' or '?:'.
// expect: trace: a plain number is divided by zero.
// A trace runs once, without values, so it cannot take one side of an if. What it would do until a condition
// holds is stopped.
#include <typegrad/typegrad.hpp>

#ifdef MUST_FAIL
auto f = tg::trace<"x">([](auto x) {
  if (x < 0) return -x;
  return x;
});
auto g = tg::trace<"x">([](auto x) { return decltype(x)(1) / (decltype(x)(2) - 2) * x; });
auto h = tg::trace<"x">([](auto x) {
  for (;;) {
    if (x < 0.001) break;
    x = x / 2;
  }
  return x;
});
#else
auto f = tg::trace<"x">([](auto x) { return where(x < 0, -x, x); });
auto g = tg::trace<"x">([](auto x) { return decltype(x)(1) / decltype(x)(2) * x; });
auto h = tg::trace<"x">([](auto x) {
  for (int k = 0; k < 10; ++k) x = x / 2;
  return x;
});
#endif
