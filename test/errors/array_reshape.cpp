// SPDX-License-Identifier: BSL-1.0
// expect: reshape: the shapes (3, 4) and (5, -1) do not fit: 4 against -1.
// expect: reshape: only one length can be -1, which stands for what the others leave.
// expect: reshape: the shapes (rows, 4) and (-1) do not fit: 4 against -1.
// expect: array: an extent must be at least 1.
// Lengths that the others leave, where they leave none.
#include <typegrad/array.hpp>

constexpr auto w = tg::array<"w", 3, 4>;
constexpr auto x = tg::array<"x", tg::rows, 4>;

#ifdef MUST_FAIL
auto no_divisor = tg::reshape<5, -1>(w);
auto two = tg::reshape<-1, -1>(w);
auto rows_by_four = tg::reshape<-1>(x);
auto negative = tg::reshape<-2>(w);
#else
static_assert(tg::shape_of(tg::reshape<6, -1>(w)) == tg::extents<6, 2>{});
static_assert(tg::shape_of(tg::reshape<-1, 4>(x)) == tg::shape_of(x));
#endif
