// SPDX-License-Identifier: BSL-1.0
// The layer of normalisation over a batch, with running means for use.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../../formula/array/reductions.hpp"
#include "../model/network.hpp"

namespace tg {

/// What keeps the variance from 0, the part of a batch in the running means, and what each row of the batch
/// weighs.
struct batch_norm_options {
  handle epsilon = detail::exact{1, 100000};
  handle momentum = detail::exact{1, 10};
  handle weights = 1;
};

/// (x - mean)/sqrt(variance + epsilon)*weight + bias for each channel, axis 1 of x: (rows, channels) or
/// (rows, channels, ...). Mean and variance are those of the batch while training, over all other axes; else
/// the states name.running_mean and name.running_var, which go a tenth of the way to the batch's in each step
/// of training, the variance times n/(n - 1) (torch.nn.BatchNorm1d, BatchNorm2d). Rows of weight 0, which
/// fill up a batch, do not count: `batch_norm(net, x, "norm", {.weights = w})`. Where there is
/// a single element, running_var stays as it is.
template <class Net>
constexpr handle batch_norm(Net&& net, const handle& x, std::string_view name,
                            const batch_norm_options& options = {}) {
  network part = net.part(name);
  detail::builder& b = part.graph();
  const int channels = part.length(x, 1), whole = b.shape(x.in(b)), rank = b.lists.rank(whole);
  detail::buffer<detail::extent> other;
  for (int axis = 0; axis < rank; ++axis)
    if (axis != 1) other.push_back(detail::as_extent(axis));
  detail::reducer r(b, x.in(b), b.lists.find(other), true);
  // An array of one axis along axis K of x.
  const auto along = [&](const handle& y, int k) {
    detail::buffer<detail::extent> standing;
    for (int axis = k; axis < rank; ++axis)
      standing.push_back(axis == k ? b.lists.at(whole, k) : detail::as_extent(1));
    return handle(b, detail::reshape(b, y.in(b), b.lists.find(standing)));
  };
  const handle running_mean = part.state("running_mean", {channels}, initial::constant(0)),
               running_var = part.state("running_var", {channels}, initial::constant(1));
  const handle scale = along(part.parameter("weight", {channels}, initial::constant(1)), 1),
               shift = along(part.parameter("bias", {channels}, initial::constant(0)), 1);
  handle mean = along(running_mean, 1), variance = along(running_var, 1);
  if (part.is_training()) {
    const handle w = along(options.weights, 0);
    const auto total = [&](const handle& y) {
      return handle(b, r.sum(detail::broadcast(b, y.in(b), whole)));
    };
    const handle n = total(w);
    mean = total(w * x) / n;
    variance = total(w * (x - mean) * (x - mean)) / n;
    const auto step = [&](const char* state, const handle& before, const handle& batch) {
      const handle own(
          b, detail::reshape(b,
                             detail::broadcast(b, batch.in(b),
                                               detail::reduced_shape(b, whole, b.lists.find(other), true)),
                             b.shape(before.in(b))));
      part.next_state(state, (1 - options.momentum) * before + options.momentum * own);
    };
    step("running_mean", running_mean, mean);
    step("running_var", running_var, where(n > 1, variance * n / (n - 1), along(running_var, 1)));
  }
  return part.layer("batch_norm", (x - mean) / sqrt(variance + options.epsilon) * scale + shift);
}

}  // namespace tg

#include "../../support/compiler/end.hpp"
