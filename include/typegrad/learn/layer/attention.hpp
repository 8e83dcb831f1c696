// SPDX-License-Identifier: BSL-1.0
// Attention with several heads: each place of a sequence takes a mean of what the places have, weighed by how
// well their keys fit its query (Vaswani et al. 2017).
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../../formula/array/masks.hpp"
#include "../../formula/array/reductions.hpp"
#include "../model/network.hpp"
#include "dropout.hpp"

namespace tg {

/// What may be attended to, and what is dropped.
struct attention_options {
  handle mask{};        ///< of the shape (..., time): above 0 where a place counts, as a tokenizer gives it
  handle lengths{};     ///< or of the shape (...): how many places count, the first ones
  bool causal = false;  ///< whether a place sees itself and those before it only
  handle dropout = 0;   ///< the probability that a weight is dropped while training
};

namespace detail {

inline void model_width_of_attention_must_be_a_multiple_of_its_heads() {}
inline void model_attention_needs_arrays_of_the_shape_time_and_width_or_more_axes() {}

constexpr bool is_given(const handle& option) { return option.graph != nullptr || option.load != nullptr; }
constexpr handle reshaped(builder& b, const handle& x, int shape) {
  return {b, broadcast(b, reshape(b, x.in(b), shape), shape)};
}
/// The shape of the axes before the last `without` ones, and others behind them.
constexpr int shape_before(builder& b, const handle& x, int without,
                           std::initializer_list<extent> behind = {}) {
  buffer<extent> all;
  const int shape = b.shape(x.in(b)), rank = b.lists.rank(shape);
  for (int k = 0; k + without < rank; ++k) all.push_back(b.lists.at(shape, k));
  for (const extent& each : behind) all.push_back(each);
  return b.lists.find(all);
}
/// The length of an axis, counted from the end.
constexpr extent length_from_end(builder& b, const handle& x, int from_end) {
  const int shape = b.shape(x.in(b)), axis = axis_of(b, "attention", shape, -from_end);
  return axis < 0 ? as_extent(1) : b.lists.at(shape, axis);
}
/// Two axes exchanged, counted from the end.
constexpr handle exchanged(builder& b, const handle& x, int one, int other) {
  const int rank = b.lists.rank(b.shape(x.in(b)));
  labelled_call call(b, "attention");
  buffer<int> labels, result;
  new_labels(call, rank, labels);
  call.add(x.in(b), labels);
  for (int axis = rank; axis > 0; --axis)
    result.push_back(labels[rank - (axis == one ? other : axis == other ? one : axis)]);
  return {b, call.build(result)};
}
/// (..., time, width) as (..., heads, time, width of a head).
constexpr handle in_heads(builder& b, const handle& x, int heads, int width) {
  const int shape = shape_before(b, x, 1, {as_extent(heads), as_extent(width / heads)});
  return exchanged(b, reshaped(b, x, shape), 3, 2);
}

/// Scores of shape (..., heads, time, time), -infinity where a place may not be looked at.
constexpr handle scores_in_sight(builder& b, handle scores, const attention_options& options) {
  const extent time = length_from_end(b, scores, 1);
  const auto keep = [&](const handle& keys) { scores = masked(scores, keys); };
  if (is_given(options.mask)) {
    const handle mask = scores.beside(options.mask);
    const extent keys = length_from_end(b, mask, 1);
    keep(0 < reshaped(b, mask, shape_before(b, mask, 1, {as_extent(1), as_extent(1), keys})));
  }
  if (is_given(options.lengths)) {
    const handle lengths = scores.beside(options.lengths);
    const int shape = shape_before(b, lengths, 0, {as_extent(1), as_extent(1), as_extent(1)});
    keep({b, make<op::less>(b, arange(b, time), reshaped(b, lengths, shape).in(b))});
  }
  if (options.causal) keep({b, in_triangle(b, time, time, 0, false)});
  return scores;
}
/// What the places take, (..., time, width), of the values of all, by queries and keys, all of that shape.
/// Where nothing may be looked at it is 0, and so are the derivatives.
template <class Net>
constexpr handle attend(Net& net, const handle& query, const handle& key, const handle& value, int heads,
                        const attention_options& options) {
  builder& b = net.graph();
  if (b.lists.rank(b.shape(query.in(b))) < 2) {
    model_attention_needs_arrays_of_the_shape_time_and_width_or_more_axes();
    return query;
  }
  const int width = net.length(query, -1);
  if (heads < 1 || width % heads != 0) model_width_of_attention_must_be_a_multiple_of_its_heads();
  const handle keys = exchanged(b, in_heads(b, key, heads, width), 2, 1);
  const handle scores =
      matmul(in_heads(b, query, heads, width), keys) / sqrt(handle(b, b.constant(width / heads)));
  handle weights = softmax<-1>(scores_in_sight(b, scores, options));
  if (is_given(options.dropout) || !options.dropout.number.is(0))
    weights = dropout(net, weights, options.dropout, "dropout");
  const handle seen = exchanged(b, matmul(weights, in_heads(b, value, heads, width)), 3, 2);
  return reshaped(b, seen, shape_before(b, seen, 2, {as_extent(width)}));
}

}  // namespace detail

/// Attention of a sequence to itself, with that many heads: (..., time, width) to the same shape. The
/// parameters are those of torch.nn.MultiheadAttention: name.in_proj_weight, of shape (3 width, width), and
/// in_proj_bias for queries, keys and values one after the other, out_proj.weight and out_proj.bias, with its
/// first values. PyTorch's key_padding_mask is the opposite of the mask here, which is 1 where a token is. A
/// row of which nothing may be looked at is out_proj.bias, and no NaN as in PyTorch.
template <int Heads, class Net>
constexpr handle multi_head_attention(Net&& net, const handle& x, std::string_view name,
                                      const attention_options& options = {}) {
  network part = net.part(name);
  detail::builder& b = part.graph();
  const int width = part.length(x, -1), shape = b.shape(x.in(b));
  const handle weight =
      part.parameter("in_proj_weight", {3 * width, width}, initial::xavier_uniform(width, 3 * width));
  const handle all =
      matmul(x, transpose(weight)) + part.parameter("in_proj_bias", {3 * width}, initial::constant(0));
  const auto third = [&](int k) {
    const int rank = b.lists.rank(shape);
    return handle(b, detail::slice(b, all.in(b), rank, rank - 1, k * width, detail::as_extent(width)));
  };
  const handle seen = detail::attend(part, third(0), third(1), third(2), Heads, options);
  network out = part.part("out_proj");
  const handle y =
      matmul(seen, transpose(out.parameter("weight", {width, width}, initial::fan_in_uniform(width)))) +
      out.parameter("bias", {width}, initial::constant(0));
  return part.layer("attention", y);
}

}  // namespace tg

#include "../../support/compiler/end.hpp"
