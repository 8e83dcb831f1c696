// SPDX-License-Identifier: BSL-1.0
// The dense layer: x*transpose(weight) + bias.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../model/network.hpp"

namespace tg {

/// What a dense layer may do without.
struct dense_options {
  bool bias = true;
};

/// x*transpose(weight) + bias over the last axis: (..., inputs) to (..., Outputs). The parameters are
/// name.weight, of shape (Outputs, inputs), and name.bias; both begin uniform in (-1, 1)/sqrt(inputs), as
/// torch.nn.Linear.
template <int Outputs, class Net>
constexpr handle dense(Net&& net, const handle& x, std::string_view name, const dense_options& options = {}) {
  network part = net.part(name);
  const int inputs = net.length(x, -1);
  const initial_rule initial = initial::fan_in_uniform(inputs);
  const handle y = matmul(x, transpose(part.parameter("weight", {Outputs, inputs}, initial)));
  return part.layer("dense", options.bias ? y + part.parameter("bias", {Outputs}, initial) : y);
}

}  // namespace tg

#include "../../support/compiler/end.hpp"
