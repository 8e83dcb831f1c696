// SPDX-License-Identifier: BSL-1.0
// A layer of a transformer's encoder, as PyTorch's nn.TransformerEncoderLayer with gelu and without dropout:
// the mean squared distance of its result from a target, and the gradients by all parameters.
#pragma once
#include <typegrad/array.hpp>

/// The layer of a width, with so many heads and hidden units, for sequences of a length.
template <int Tokens, int Width, int Heads, int Hidden>
struct encoder {
  static constexpr auto x = tg::array<"x", tg::rows, Tokens, Width>;
  static constexpr auto target = tg::array<"target", tg::rows, Tokens, Width>;
  static constexpr auto wq = tg::array<"wq", Width, Width>;
  static constexpr auto wk = tg::array<"wk", Width, Width>;
  static constexpr auto wv = tg::array<"wv", Width, Width>;
  static constexpr auto wo = tg::array<"wo", Width, Width>;
  static constexpr auto bq = tg::array<"bq", Width>;
  static constexpr auto bk = tg::array<"bk", Width>;
  static constexpr auto bv = tg::array<"bv", Width>;
  static constexpr auto bo = tg::array<"bo", Width>;
  static constexpr auto w1 = tg::array<"w1", Width, Hidden>;
  static constexpr auto b1 = tg::array<"b1", Hidden>;
  static constexpr auto w2 = tg::array<"w2", Hidden, Width>;
  static constexpr auto b2 = tg::array<"b2", Width>;
  static constexpr auto g1 = tg::array<"g1", Width>;
  static constexpr auto s1 = tg::array<"s1", Width>;
  static constexpr auto g2 = tg::array<"g2", Width>;
  static constexpr auto s2 = tg::array<"s2", Width>;

  /// Sequences as (rows, tokens, width) in heads: (rows, heads, tokens, width of a head).
  static constexpr auto heads(auto z) {
    return tg::permute<0, 2, 1, 3>(tg::reshape<tg::rows, Tokens, Heads, Width / Heads>(z));
  }
  static constexpr auto joined(auto z) {
    return tg::reshape<tg::rows, Tokens, Width>(tg::permute<0, 2, 1, 3>(z));
  }

  /// The layer as a function; what comes after the parameters is added to the scores.
  static constexpr auto layer = [](auto in, auto vq, auto cq, auto vk, auto ck, auto vv, auto cv, auto vo,
                                   auto co, auto f1, auto t1, auto v1, auto c1, auto v2, auto c2, auto f2,
                                   auto t2, auto... masks) {
    const auto q = heads(matmul(in, vq) + cq);
    const auto k = heads(matmul(in, vk) + ck);
    const auto v = heads(matmul(in, vv) + cv);
    const auto scores = matmul(q, tg::permute<0, 1, 3, 2>(k)) / sqrt(tg::rational<Width / Heads>);
    const auto attended = matmul(joined(matmul(tg::softmax<-1>((scores + ... + masks)), v)), vo) + co;
    const auto h = tg::layer_norm<-1>(in + attended) * f1 + t1;
    return tg::layer_norm<-1>(h + matmul(tg::gelu(matmul(h, v1) + c1), v2) + c2) * f2 + t2;
  };
  static constexpr auto y =
      tg::trace(x, wq, bq, wk, bk, wv, bv, wo, bo, g1, s1, w1, b1, w2, b2, g2, s2, layer);
  static constexpr auto loss = tg::mean((y - target) * (y - target));
  static constexpr auto theta =
      tg::parameters(wq, bq, wk, bk, wv, bv, wo, bo, g1, s1, w1, b1, w2, b2, g2, s2);
  static constexpr auto step =
      tg::function(tg::inputs(x, target, theta), tg::outputs(loss, tg::gradient(loss, theta)));
};
