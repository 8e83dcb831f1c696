// SPDX-License-Identifier: BSL-1.0
// expect: trace: the function must return what it computes, an expression or a std::array of them.
// A traced function that returns nothing, as when it was written to change its argument.
#include <typegrad/typegrad.hpp>

#ifdef MUST_FAIL
constexpr auto f = tg::trace<"x">([](auto x) { x *= x; });
#else
constexpr auto f = tg::trace<"x">([](auto x) {
  x *= x;
  return x;
});
#endif
