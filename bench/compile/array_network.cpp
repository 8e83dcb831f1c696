// SPDX-License-Identifier: BSL-1.0
// A network of 784, 128, 64 and 10 numbers a row, with the gradients by all of its parameters, and the code
// that evaluates them.
#include <typegrad/array.hpp>
#include <vector>

constexpr auto x = tg::array<"x", tg::rows, 784>;
constexpr auto y = tg::array<"y", tg::rows, 10>;
constexpr auto w1 = tg::array<"w1", 784, 128>;
constexpr auto b1 = tg::array<"b1", 128>;
constexpr auto w2 = tg::array<"w2", 128, 64>;
constexpr auto b2 = tg::array<"b2", 64>;
constexpr auto w3 = tg::array<"w3", 64, 10>;
constexpr auto b3 = tg::array<"b3", 10>;
constexpr auto loss = tg::trace(x, y, w1, b1, w2, b2, w3, b3,
                                [](auto x_, auto y_, auto v1, auto c1, auto v2, auto c2, auto v3, auto c3) {
                                  const auto hidden = tanh(matmul(x_, v1) + c1);
                                  const auto score = matmul(tanh(matmul(hidden, v2) + c2), v3) + c3;
                                  return -mean(sum<1>(y_ * log_softmax<-1>(score)));
                                });
constexpr auto step = tg::function(tg::inputs(x, y, w1, b1, w2, b2, w3, b3),
                                   tg::outputs(loss, tg::gradient(loss, w1, b1, w2, b2, w3, b3)));

using numbers = std::vector<float>;
float one_step(const numbers (&in)[8], numbers (&out)[6], numbers& workspace) {
  return step(in[0], in[1], in[2], in[3], in[4], in[5], in[6], in[7], out[0], out[1], out[2], out[3], out[4],
              out[5], workspace);
}
