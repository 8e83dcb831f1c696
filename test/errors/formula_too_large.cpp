// SPDX-License-Identifier: BSL-1.0
// expect: if the steps run out, give it -fconstexpr-steps=100000000
// A trace of 8,000 operations: more than clang's default allowance of steps. (g++ names its flag itself, and
// takes this one.)
#include <typegrad/typegrad.hpp>

#ifdef MUST_FAIL
constexpr int steps = 4000;
#else
constexpr int steps = 40;
#endif
auto f = tg::trace<"x", "y">([](auto x, auto y) {
  auto t = x;
  for (int k = 0; k < steps; ++k) t = sin(t) * y;
  return t;
});
