// SPDX-License-Identifier: BSL-1.0
// Several layers of a transformer's encoder as a loop over parameters that are stacked in their first axis:
// the mean squared distance of the last layer's result from a target, and the gradients by all parameters.
#pragma once
#include <typegrad/loops.hpp>

#include "encoder.hpp"

/// So many layers; options are those of loops.
template <int Layers, int Tokens, int Width, int Heads, int Hidden, auto... Options>
struct encoder_stack {
  using one = encoder<Tokens, Width, Heads, Hidden>;
  static constexpr auto wq = tg::array<"wq", Layers, Width, Width>;
  static constexpr auto wk = tg::array<"wk", Layers, Width, Width>;
  static constexpr auto wv = tg::array<"wv", Layers, Width, Width>;
  static constexpr auto wo = tg::array<"wo", Layers, Width, Width>;
  static constexpr auto bq = tg::array<"bq", Layers, Width>;
  static constexpr auto bk = tg::array<"bk", Layers, Width>;
  static constexpr auto bv = tg::array<"bv", Layers, Width>;
  static constexpr auto bo = tg::array<"bo", Layers, Width>;
  static constexpr auto w1 = tg::array<"w1", Layers, Width, Hidden>;
  static constexpr auto b1 = tg::array<"b1", Layers, Hidden>;
  static constexpr auto w2 = tg::array<"w2", Layers, Hidden, Width>;
  static constexpr auto b2 = tg::array<"b2", Layers, Width>;
  static constexpr auto g1 = tg::array<"g1", Layers, Width>;
  static constexpr auto s1 = tg::array<"s1", Layers, Width>;
  static constexpr auto g2 = tg::array<"g2", Layers, Width>;
  static constexpr auto s2 = tg::array<"s2", Layers, Width>;
  static constexpr auto y = tg::repeat<Layers, Options...>(one::layer, one::x, wq, bq, wk, bk, wv, bv, wo, bo,
                                                           g1, s1, w1, b1, w2, b2, g2, s2);
  static constexpr auto loss = tg::mean((y - one::target) * (y - one::target));
  static constexpr auto theta =
      tg::parameters(wq, bq, wk, bk, wv, bv, wo, bo, g1, s1, w1, b1, w2, b2, g2, s2);
  static constexpr auto step =
      tg::function(tg::inputs(one::x, one::target, theta), tg::outputs(loss, tg::gradient(loss, theta)));
};
