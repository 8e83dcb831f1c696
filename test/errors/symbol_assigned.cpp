// SPDX-License-Identifier: BSL-1.0
// expect: a symbol is not assigned to: x = 2.0 is an argument, as in f(x = 2.0)
// expect: a group is not assigned to: p = values is an argument, as in f(p = values)
// expect: nothing is done with this formula; it changes none, and what it computes is its type
// A statement `x = 2.0;` would do nothing. The compilers warn; here the warning is an error.
#include <array>
#include <typegrad/typegrad.hpp>

#pragma GCC diagnostic error "-Wunused-result"

constexpr auto x = tg::symbol<"x">;
constexpr auto p = tg::symbols<"p", 2>;

double at_two() {
#ifdef MUST_FAIL
  x = 2.0;
  p = std::array{1.0, 2.0};
  x + x;
#endif
  return (x * x)(x = 2.0);
}
