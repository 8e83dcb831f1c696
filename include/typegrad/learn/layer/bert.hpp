// SPDX-License-Identifier: BSL-1.0
// The encoder of BERT (Devlin et al. 2019), with the names of Hugging Face's BertModel.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "embedding.hpp"
#include "encoder_layer.hpp"
#include "layers.hpp"
#include "positions.hpp"
#include "token_pooling.hpp"

namespace tg {

/// How large a BERT is; these are the numbers of bert-base-uncased. heads divides width.
struct bert_sizes {
  int vocabulary = 30522, width = 768, layers = 12, heads = 12, hidden = 3072, positions = 512, types = 2;
  encoder_activation activation = encoder_activation::gelu;
};
/// What a BERT is given beside the tokens, and drops.
struct bert_options {
  handle mask{};   ///< (..., time): 1 where a token is, 0 where a sequence is filled up
  handle types{};  ///< (..., time), indices: 1 for the second of two texts; without it all are 0
  handle dropout{detail::exact{1, 10}};
  handle epsilon{detail::exact{1, 1000000000000}};  ///< of the norms
};

namespace detail {

/// A dense layer that begins as BERT's.
template <class Net>
constexpr handle bert_dense(Net& net, const handle& x, std::string_view name, int outputs) {
  network part = net.part(name);
  const handle weight =
      part.parameter("weight", {outputs, part.length(x, -1)}, initial::truncated_normal(0.02));
  return matmul(x, transpose(weight)) + part.parameter("bias", {outputs}, initial::constant(0));
}

}  // namespace detail

/// What BERT begins with: words, places and types of tokens, a norm, and dropout: indices (..., time) to
/// (..., time, width), where time is a number. Parameters are word_embeddings.weight and so on, within the
/// part `name`.
template <bert_sizes Sizes, class Net>
constexpr handle bert_embeddings(Net&& net, const handle& tokens, std::string_view name,
                                 const bert_options& options = {}) {
  network part = net.part(name);
  const initial_rule initial = initial::truncated_normal(0.02);
  const auto table = [&](const char* its, int count) {
    return part.part(its).parameter("weight", {count, Sizes.width}, initial);
  };
  const handle words = gather(table("word_embeddings", Sizes.vocabulary), tokens);
  const handle places = learned_positions<Sizes.positions>(part, words, "position_embeddings", initial);
  const handle types = table("token_type_embeddings", Sizes.types);
  const handle type =
      detail::is_given(options.types) ? gather(types, tokens.beside(options.types)) : first_token(types);
  const handle norm = layer_norm(part, words + places + type, "LayerNorm", options.epsilon);
  return part.layer("bert_embeddings", detail::dropped(part, norm, options.dropout, "dropout"));
}

/// A layer of BERT: post-norm, with parameters such as attention.self.query.weight within the part `net`.
template <bert_sizes Sizes, class Net>
constexpr handle bert_layer(Net&& net, const handle& x, const bert_options& options = {}) {
  using detail::bert_dense;
  network attention = net.part("attention"), own = attention.part("self"), first = attention.part("output"),
          last = net.part("output");
  const handle query = bert_dense(own, x, "query", Sizes.width), key = bert_dense(own, x, "key", Sizes.width),
               value = bert_dense(own, x, "value", Sizes.width);
  const handle seen =
      detail::attend(own, query, key, value, Sizes.heads, {.mask = options.mask, .dropout = options.dropout});
  const auto joined = [&](network& part, const handle& before, const handle& inner) {
    const handle y = bert_dense(part, inner, "dense", Sizes.width);
    return layer_norm(part, detail::dropped(part, y, options.dropout, "dropout") + before, "LayerNorm",
                      options.epsilon);
  };
  const handle h = joined(first, x, seen);
  network between = net.part("intermediate");
  return joined(last, h, detail::activated(bert_dense(between, h, "dense", Sizes.hidden), Sizes.activation));
}

/// The encoder of BERT: indices of tokens (..., time) to (..., time, width), where time is a number. Its
/// layers are one loop, as tg::layers; parameters are named as those of Hugging Face's BertModel,
/// embeddings.word_embeddings.weight, encoder.layer.*.attention.self.query.weight and so on, and loaded by
/// tg::load_bert. Options: those of layers.
template <bert_sizes Sizes, auto... Options, class Net>
constexpr handle bert(Net&& net, const handle& tokens, const bert_options& options = {}) {
  const handle embedded = bert_embeddings<Sizes>(net, tokens, "embeddings", options);
  return layers<Sizes.layers, Options...>(net, embedded, "encoder.layer", [&](auto& layer, const handle& h) {
    return bert_layer<Sizes>(layer, h, options);
  });
}

/// BERT's vector for a whole text: tanh of a dense layer, name.dense, of the first token.
template <class Net>
constexpr handle bert_pooler(Net&& net, const handle& x, std::string_view name) {
  network part = net.part(name);
  return part.layer("bert_pooler",
                    tanh(detail::bert_dense(part, first_token(x), "dense", part.length(x, -1))));
}

}  // namespace tg

#include "../../support/compiler/end.hpp"
