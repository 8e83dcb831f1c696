// SPDX-License-Identifier: BSL-1.0
// expect: tree_t: the formula has more than 256 nodes when written as a tree; show it by tg::to_string or tg::to_dot.
// A tree repeats what the graph shares: each level doubles it.
#include <typegrad/typegrad.hpp>

constexpr auto x = tg::symbol<"x">;
template <int Levels>
constexpr auto tower = sin(tower<Levels - 1>) * tower<Levels - 1>;
template <>
constexpr auto tower<0> = x;

#ifdef MUST_FAIL
using tree = tg::tree_t<decltype(tower<9>)>;
#else
using tree = tg::tree_t<decltype(tower<5>)>;
#endif
tree* shown = nullptr;
