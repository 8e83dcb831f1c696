// SPDX-License-Identifier: BSL-1.0
// A layer of a transformer's encoder: attention, then two dense layers, each beside what came in, with norms.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "attention.hpp"
#include "dense.hpp"
#include "layer_norm.hpp"

namespace tg {

/// gelu as it was first approximated, x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))) (Hendrycks and Gimpel
/// 2016; torch's approximate="tanh"). It is within 5e-4 of gelu.
template <Symbolic X>
constexpr auto gelu_tanh(const X& x) {
  return x * sigmoid(sqrt(8 / pi) * (x + rational<8943, 200000> * x * x * x));
}

/// What stands between the two dense layers.
enum class encoder_activation { relu, gelu, gelu_tanh };

/// What an encoder's layer attends to, drops and does otherwise than the first one.
struct encoder_options {
  handle mask{}, lengths{};  ///< as those of attention
  bool causal = false;
  handle dropout{detail::exact{
      1, 10}};  ///< of weights of attention, between the dense layers, and of both parts' results
  encoder_activation activation = encoder_activation::relu;
  bool norm_first = false;  ///< a norm stands before each part (pre-norm), not behind its sum with x
  handle epsilon{detail::exact{1, 100000}};  ///< of the norms

  constexpr attention_options attention() const { return {mask, lengths, causal, dropout}; }
};

namespace detail {

constexpr handle activated(const handle& x, encoder_activation activation) {
  if (activation == encoder_activation::gelu) return gelu(x);
  return activation == encoder_activation::relu ? relu(x) : gelu_tanh(x);
}
template <class Net>
constexpr handle dropped(Net& net, const handle& x, const handle& rate, std::string_view name) {
  return is_given(rate) || !rate.number.is(0) ? dropout(net, x, rate, name) : x;
}

}  // namespace detail

/// The layer of torch.nn.TransformerEncoderLayer, with its names, first values and defaults: self_attn,
/// linear1, linear2, norm1 and norm2; Hidden is the width between the dense layers. (..., time, width) to the
/// same shape.
template <int Heads, int Hidden, class Net>
constexpr handle encoder_layer(Net&& net, const handle& x, std::string_view name,
                               const encoder_options& options = {}) {
  network part = net.part(name);
  const auto attended = [&](const handle& h) {
    return detail::dropped(part, multi_head_attention<Heads>(part, h, "self_attn", options.attention()),
                           options.dropout, "dropout1");
  };
  const auto fed = [&](const handle& h) {
    const handle inner = detail::activated(dense<Hidden>(part, h, "linear1"), options.activation);
    network last = part.part("linear2");
    const int width = part.length(x, -1);
    const initial_rule initial = initial::fan_in_uniform(Hidden);
    const handle weight = last.parameter("weight", {width, Hidden}, initial);
    return detail::dropped(
        part,
        matmul(detail::dropped(part, inner, options.dropout, "dropout"), transpose(weight)) +
            last.parameter("bias", {width}, initial),
        options.dropout, "dropout2");
  };
  const auto norm = [&](const handle& h, const char* its) {
    return layer_norm(part, h, its, options.epsilon);
  };
  if (options.norm_first) {
    const handle h = x + attended(norm(x, "norm1"));
    return part.layer("encoder_layer", h + fed(norm(h, "norm2")));
  }
  const handle h = norm(x + attended(x), "norm1");
  return part.layer("encoder_layer", norm(h + fed(h), "norm2"));
}

}  // namespace tg

#include "../../support/compiler/end.hpp"
