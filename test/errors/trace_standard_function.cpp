// SPDX-License-Identifier: BSL-1.0
// expect: if it does, the error is in it: call sin(v), not std::sin(v).
// A function of the standard library by its full name, which takes numbers only.
#include <cmath>
#include <typegrad/typegrad.hpp>

#ifdef MUST_FAIL
constexpr auto f = tg::trace<"x">([](auto x) { return std::sin(x); });
#else
constexpr auto f = tg::trace<"x">([](auto x) {
  using std::sin;
  return sin(x);
});
#endif
