// SPDX-License-Identifier: BSL-1.0
// expect: fold: it has no padding.
// expect: fold: it has no padding, so tg::same says nothing.
// expect: conv2d: tg::output_padding is for transposed convolutions.
// expect: max_pool: only convolutions have groups.
// expect: conv2d: an option is given twice.
// expect: conv1d: tg::same is a padding, and tg::padding another.
// expect: conv2d: the numbers of an option are at most 1000000.
// expect: conv2d: the shapes (rows, 3, 6, 6) and (4) do not fit: 3 against 4.
// expect: conv_transpose2d: the shape (rows, 3, 8, 8) is too short along axis 2: there must be at least 39.
// expect: max_pool: the shape () has no axis 0.
// Options that a call has no use for, and numbers where arrays are wanted.
#include <typegrad/convolution.hpp>

constexpr auto x = tg::array<"x", tg::rows, 3, 8, 8>;
constexpr auto w = tg::array<"w", 3, 3, 3, 3>;
constexpr auto signal = tg::array<"signal", 3, 8>;
constexpr auto v = tg::array<"v", 3, 3, 3>;
constexpr auto f = tg::array<"f", 4, 3>;
constexpr auto b = tg::array<"b", 4>;

#ifdef MUST_FAIL
auto padded_sum = tg::fold<0, 6>(f, tg::padding<1>);
auto same_sum = tg::fold<0, 6>(f, tg::same);
auto longer = conv2d(x, w, tg::stride<2>, tg::output_padding<1>);
auto grouped = tg::max_pool<2, 2>(x, tg::groups<3>);
auto twice = conv2d(x, w, tg::stride<2>, tg::stride<3>);
auto both = conv1d(signal, v, tg::same, tg::padding<1>);
auto absurd = conv2d(x, w, tg::padding<2000000000>);
auto other_bias = conv2d(x, w, b);
auto nothing_left = conv_transpose2d(x, w, tg::padding<20>);
auto of_a_number = tg::max_pool<2>(tg::symbol<"r">);
#else
static_assert(tg::shape_of(tg::fold<0, 9>(f, tg::stride<2>)) == tg::extents<9>{});
#endif
