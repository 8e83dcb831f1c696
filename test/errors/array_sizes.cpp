// SPDX-License-Identifier: BSL-1.0
// expect: huge: the shape (2147483647, 2147483647, 2147483647) has more than 8 axes or more elements than fit into memory.
// expect: outer: the shape (1, 2, 1, 2, 1, 2, 1, 2, 2) has more than 8 axes or more elements than fit into memory.
// expect: x: the shapes (3) and () do not fit.
// Arrays that cannot be, and a symbol that is an array and a number.
#include <typegrad/array.hpp>

constexpr auto a = tg::array<"a", 1, 2, 1, 2, 1, 2, 1, 2>;
constexpr auto v = tg::array<"v", 2>;
constexpr auto x = tg::array<"x", 3>;

#ifdef MUST_FAIL
auto too_many_elements = sum(tg::array<"huge", 2147483647, 2147483647, 2147483647>);
auto too_many_axes = outer(a, v);
auto number_and_array = sum(x) * tg::symbol<"x">;
#else
static_assert(tg::shape_of(tg::sum<0>(outer(tg::sum<0>(a), v))) == tg::extents<1, 2, 1, 2, 1, 2, 2>{});
static_assert(tg::shape_of(tg::array<"huge", 2147483647, 1048576>).rank == 2);
#endif
