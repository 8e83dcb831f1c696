// SPDX-License-Identifier: BSL-1.0
// expect: typegrad: symbol: the name is empty; write tg::symbol<"x">.
// expect: typegrad: rational: the denominator must not be 0.
// A symbol is its name, and a fraction its two numbers.
#include <typegrad/typegrad.hpp>

#ifdef MUST_FAIL
auto x = tg::symbol<"">;
auto half = tg::rational<1, 0>;
#else
auto x = tg::symbol<"x">;
auto half = tg::rational<1, 2>;
#endif
