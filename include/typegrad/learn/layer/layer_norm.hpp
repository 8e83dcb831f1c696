// SPDX-License-Identifier: BSL-1.0
// The layer of normalisation over the last axis.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../../formula/array/reductions.hpp"
#include "../model/network.hpp"

namespace tg {

/// layer_norm(x)*weight + bias over the last axis, which both have the length of; they begin with 1 and 0.
/// epsilon is 1e-5, as torch.nn.LayerNorm's (BERT: 1e-12).
template <class Net>
constexpr handle layer_norm(Net&& net, const handle& x, std::string_view name,
                            const handle& epsilon = detail::exact{1, 100000}) {
  network part = net.part(name);
  const int length = net.length(x, -1);
  const handle scale = part.parameter("weight", {length}, initial::constant(1));
  const handle shift = part.parameter("bias", {length}, initial::constant(0));
  return part.layer("layer_norm", layer_norm<-1>(x, epsilon) * scale + shift);
}

}  // namespace tg

#include "../../support/compiler/end.hpp"
