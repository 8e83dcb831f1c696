// SPDX-License-Identifier: BSL-1.0
// Windows and convolutions against PyTorch's table.
#include "array_truth.hpp"

using array_truth::check;
using namespace tg::literals;

namespace {

constexpr auto T = tg::array<"T", 4, 3>;
constexpr auto A = tg::array<"A", 3, 3>;
constexpr auto B = tg::array<"B", 2, 3, 3>;
constexpr auto signal = tg::array<"signal", tg::rows, 4, 7>;  // 4 of them
constexpr auto image = tg::array<"image", 2, 4, 6, 5>;
constexpr auto signal_weights = tg::array<"signal_weights", 2, 4, 3>;
constexpr auto image_weights = tg::array<"image_weights", 4, 4, 3, 2>;
constexpr auto group_weights = tg::array<"group_weights", 4, 2, 2, 3>;
constexpr auto depth_weights = tg::array<"depth_weights", 4, 1, 3, 2>;
constexpr auto bias = tg::array<"bias", 4>;

}  // namespace

BOOST_AUTO_TEST_CASE(windows) {
  check("window", tg::window<0, 2>(T), T);
  check("window_apart", tg::window<-1, 3>(signal, tg::stride<2>, tg::dilation<2>), signal);
  check("fold", tg::fold<1, 11>(B, tg::stride<2>, tg::dilation<3>), B);
}

BOOST_AUTO_TEST_CASE(convolutions_of_signals) {
  using tg::conv1d;
  check("conv1d", conv1d(signal, signal_weights), signal, signal_weights);
  check("conv1d_same", conv1d(signal, signal_weights, tg::same, tg::dilation<2>), signal, signal_weights);
  check("conv1d_options", conv1d(signal, signal_weights, tg::stride<2>, tg::padding<3, 1>, tg::dilation<2>),
        signal, signal_weights);
  constexpr auto ramp = tg::stack<-1>(bias, 2_c * bias, 3_c * bias);
  check("conv1d_groups", conv1d(signal, tg::reshape<4, 1, 3>(ramp), bias, tg::groups<4>), signal, bias);
  check("conv1d_reflected", conv1d(signal, signal_weights, tg::padding<2, 4>, tg::reflect), signal,
        signal_weights);
}

BOOST_AUTO_TEST_CASE(convolutions_of_images) {
  using tg::conv2d;
  check("conv2d", conv2d(image, image_weights), image, image_weights);
  constexpr auto first = tg::reshape<4, 6, 5>(tg::slice<0, 0, 1>(image));
  check("conv2d_of_one", conv2d(first, image_weights), image, image_weights);
  check("conv2d_bias", conv2d(image, image_weights, bias, tg::padding<1>), image, image_weights, bias);
  check("conv2d_same", conv2d(image, image_weights, bias, tg::same), image, image_weights, bias);
  check("conv2d_stride", conv2d(image, image_weights, tg::stride<2, 3>, tg::padding<2, 1>), image,
        image_weights);
  check("conv2d_dilation", conv2d(image, image_weights, tg::padding<0, 3, 2, 1>, tg::dilation<2, 4>), image,
        image_weights);
}

BOOST_AUTO_TEST_CASE(convolutions_of_groups) {
  using tg::conv2d;
  check("conv2d_groups", conv2d(image, group_weights, bias, tg::groups<2>, tg::stride<2>), image,
        group_weights, bias);
  check("conv2d_depth", conv2d(image, depth_weights, tg::groups<4>, tg::padding<1, 0>), image, depth_weights);
  check("conv2d_reflected", conv2d(image, image_weights, tg::padding<2, 1, 0, 3>, tg::reflect, tg::stride<2>),
        image, image_weights);
}

BOOST_AUTO_TEST_CASE(transposed_convolutions) {
  using tg::conv_transpose2d;
  check("conv_transpose1d_output_padding",
        tg::conv_transpose1d(B, tg::reshape<3, 1, 3>(A), tg::dilation<3>, tg::output_padding<2>), B, A);
  check("conv_transpose1d",
        tg::conv_transpose1d(tg::slice<1, 0, 2>(signal), signal_weights, tg::stride<2>, tg::dilation<3>),
        signal, signal_weights);
  check("conv_transpose2d", conv_transpose2d(image, image_weights, bias), image, image_weights, bias);
  check("conv_transpose2d_options",
        conv_transpose2d(image, image_weights, tg::stride<3, 2>, tg::padding<2, 1>, tg::output_padding<2, 0>,
                         tg::dilation<1, 2>),
        image, image_weights);
  check("conv_transpose2d_groups", conv_transpose2d(image, group_weights, tg::groups<2>, tg::stride<2>),
        image, group_weights);
}
