// SPDX-License-Identifier: BSL-1.0
// expect: trace: an array of symbols is no number; calculate with its elements, p[0], in a loop.
// A group is an array in a traced function, which has no arithmetic, from either side.
#include <typegrad/typegrad.hpp>

#ifdef MUST_FAIL
auto f = tg::trace<"x", "p[2]">([](auto x, auto p) { return x * p; });
auto g = tg::trace<"p[2]">([](auto p) { return p / 2; });
#else
auto f = tg::trace<"x", "p[2]">([](auto x, auto p) { return x * p[0]; });
auto g = tg::trace<"p[2]">([](auto p) { return p[1] / 2; });
#endif
