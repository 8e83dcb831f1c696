// SPDX-License-Identifier: BSL-1.0
// expect: function: the input 'y' takes a number.
// A formula is no value; to put one in the place of a symbol, substitute it.
#include <typegrad/typegrad.hpp>

constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;

double evaluate() {
#ifdef MUST_FAIL
  return (x * y)(x = 1.0, y = x);
#else
  return tg::substitute(x * y, y = x)(x = 1.0);
#endif
}
