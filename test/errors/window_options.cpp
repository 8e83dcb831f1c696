// SPDX-License-Identifier: BSL-1.0
// expect: conv1d: strides, dilations and groups are 1 or more.
// expect: conv2d: a padding is 0 or more.
// expect: conv2d: strides, dilations and groups are 1 or more.
// expect: conv2d: an option has one number for all axes or one for each; tg::padding may have two for each, before and after.
// expect: conv2d: after the arrays come options alone: tg::stride<2>, tg::padding<1>, tg::dilation<2>, tg::groups<2>, tg::same, tg::reflect.
// expect: conv1d: with tg::same the stride is 1.
// expect: conv_transpose2d: tg::output_padding is less than the stride or the dilation.
// expect: conv_transpose1d: the padding is a number of elements that are left out, and neither tg::same nor tg::reflect.
// expect: mean_pool: give the sizes of the windows along the last one or two axes, mean_pool<2, 2>(x).
// expect: window: give an axis and a length of 1 or more, window<1, 5>(x).
// Options of windows that mean nothing.
#include <typegrad/convolution.hpp>

constexpr auto x = tg::array<"x", tg::rows, 3, 8, 8>;
constexpr auto w = tg::array<"w", 3, 3, 3, 3>;
constexpr auto signal = tg::array<"signal", 3, 8>;
constexpr auto v = tg::array<"v", 3, 3, 3>;

#ifdef MUST_FAIL
auto standing = conv1d(signal, v, tg::stride<0>);
auto negative = conv2d(x, w, tg::padding<-1>);
auto without = conv2d(x, w, tg::groups<0>);
auto three = conv2d(x, w, tg::stride<1, 2, 3>);
auto number = conv2d(x, w, 2);
auto long_steps = conv1d(signal, v, tg::same, tg::stride<2>);
auto more = conv_transpose2d(x, w, tg::stride<2>, tg::output_padding<2>);
auto mirrored = conv_transpose1d(signal, v, tg::reflect);
auto nowhere = tg::mean_pool<>(x);
auto empty = tg::window<1, 0>(x);
#else
auto moving = conv2d(x, w, tg::stride<2, 1>, tg::padding<1, 0, 2, 2>, tg::dilation<2>);
auto as_long = conv1d(signal, v, tg::same);
auto one_more = conv_transpose2d(x, w, tg::stride<2>, tg::output_padding<1>);
auto means = tg::mean_pool<2, 2>(x);
#endif
