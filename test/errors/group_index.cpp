// SPDX-License-Identifier: BSL-1.0
// expect: typegrad: the index of a symbol in a group must be below the group's size.
// expect: typegrad: get: the index of a symbol in a group must be below the group's size.
// expect: typegrad: symbols: a group has at least one symbol.
// expect: typegrad: get: the index must be below the number of outputs.
// An index past the end of a group, and of a gradient.
#include <typegrad/typegrad.hpp>

using namespace tg::literals;

constexpr auto p = tg::symbols<"p", 3>;

#ifdef MUST_FAIL
auto last = p[3_c];
auto past = tg::get<7>(p);
auto none = tg::symbols<"q", 0>;
auto entry = tg::gradient(p[0_c] * p[1_c], p[0_c], p[1_c])[2_c];
#else
auto last = p[2_c];
auto past = tg::get<2>(p);
auto none = tg::symbols<"q", 1>;
auto entry = tg::gradient(p[0_c] * p[1_c], p[0_c], p[1_c])[1_c];
#endif
