// SPDX-License-Identifier: BSL-1.0
// expect: conv2d: the shape (rows, 3, 8, 8) is too short along axis 2: there must be at least 9.
// expect: conv2d: the shapes (rows, 3, 8, 8) and (6, 2, 3, 3) do not fit: 3 against 2.
// expect: conv2d: the shape (8, 1, 3, 3) cannot be divided along axis 0 into this many parts: 3.
// expect: conv2d: the shape (rows, 3, 8, 8) is too short along axis 2: there must be at least 10.
// expect: conv1d: the shape (3, rows, 8) must have a number as the length of axis 1.
// expect: conv1d: the shapes (rows, 3, 8, 8) and (6, 2, 3, 3) do not fit: 8 against 3.
// expect: max_pool: the shape (rows, 3, 8, 8) is too short along axis 3: there must be at least 9.
// expect: window: the shape (rows, 3, 8, 8) has no axis 4.
// expect: fold: the shapes (rows, 3, 8, 8) and (rows, 3, 16) do not fit: 8 against 16.
// Windows that are longer than their axes, and weights that do not fit.
#include <typegrad/convolution.hpp>

constexpr auto x = tg::array<"x", tg::rows, 3, 8, 8>;
constexpr auto turned = tg::array<"turned", 3, tg::rows, 8>;
constexpr auto w = tg::array<"w", 6, 3, 3, 3>;
constexpr auto of_two = tg::array<"w", 6, 2, 3, 3>;

#ifdef MUST_FAIL
auto too_large = conv2d(x, tg::array<"w", 6, 3, 9, 3>);
auto other_channels = conv2d(x, of_two);
auto odd_groups = conv2d(x, tg::array<"w", 8, 1, 3, 3>, tg::groups<3>);
auto far_reflection = conv2d(x, w, tg::padding<9>, tg::reflect);
auto open_length = conv1d(turned, tg::array<"w", 6, 3, 3>);
auto weights_of_images = conv1d(x, of_two);
auto wide_pool = tg::max_pool<2, 9>(x);
auto no_axis = tg::window<4, 2>(x);
auto other_length = tg::fold<2, 16>(x);
#else
auto image = conv2d(x, w, tg::padding<7>, tg::reflect);
auto groups = conv2d(x, tg::array<"w", 6, 1, 3, 3>, tg::groups<3>);
auto all = tg::max_pool<8, 8>(x);
auto sum = tg::fold<2, 15>(x);
#endif
