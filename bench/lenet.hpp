// SPDX-License-Identifier: BSL-1.0
// LeNet-5 on images of 28 by 28: the mean cross-entropy of a batch and its gradients by all parameters.
#pragma once
#include <typegrad/convolution.hpp>

namespace {

constexpr auto images = tg::array<"images", tg::rows, 1, 28, 28>;
constexpr auto kinds = tg::array<"kinds", tg::rows, 10>;
constexpr auto w1 = tg::array<"w1", 6, 1, 5, 5>;
constexpr auto b1 = tg::array<"b1", 6>;
constexpr auto w2 = tg::array<"w2", 16, 6, 5, 5>;
constexpr auto b2 = tg::array<"b2", 16>;
constexpr auto w3 = tg::array<"w3", 400, 120>;
constexpr auto b3 = tg::array<"b3", 120>;
constexpr auto w4 = tg::array<"w4", 120, 84>;
constexpr auto b4 = tg::array<"b4", 84>;
constexpr auto w5 = tg::array<"w5", 84, 10>;
constexpr auto b5 = tg::array<"b5", 10>;
constexpr auto loss =
    tg::trace(images, kinds, w1, b1, w2, b2, w3, b3, w4, b4, w5, b5,
              [](auto x, auto y, auto k1, auto c1, auto k2, auto c2, auto k3, auto c3, auto k4, auto c4,
                 auto k5, auto c5) {
                const auto first = tg::max_pool<2, 2>(tanh(conv2d(x, k1, c1, tg::padding<2>)));
                const auto second = tg::max_pool<2, 2>(tanh(conv2d(first, k2, c2)));
                const auto third = tanh(matmul(tg::reshape<tg::rows, 400>(second), k3) + c3);
                const auto score = matmul(tanh(matmul(third, k4) + c4), k5) + c5;
                return -tg::mean(tg::sum<1>(y * tg::log_softmax<1>(score)));
              });
constexpr auto theta = tg::parameters(w1, b1, w2, b2, w3, b3, w4, b4, w5, b5);
constexpr auto step =
    tg::function(tg::inputs(images, kinds, theta), tg::outputs(loss, tg::gradient(loss, theta)));

}  // namespace
