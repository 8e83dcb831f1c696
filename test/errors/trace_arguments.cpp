// SPDX-License-Identifier: BSL-1.0
// expect: trace: the function must take one argument per symbol or name, an array for a group or a name like "p[11]"; if it does, the error is in it: call sin(v), not std::sin(v).
// A traced function with more arguments than names.
#include <typegrad/typegrad.hpp>

#ifdef MUST_FAIL
auto f = tg::trace<"x">([](auto x, auto y) { return x * y; });
#else
auto f = tg::trace<"x", "y">([](auto x, auto y) { return x * y; });
#endif
