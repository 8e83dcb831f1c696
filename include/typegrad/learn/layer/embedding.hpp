// SPDX-License-Identifier: BSL-1.0
// The layer of vectors that are looked up by integers.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../../formula/array/selections.hpp"
#include "../model/network.hpp"

namespace tg {

/// The rows of a table of shape (Count, Width) for a symbol of indices: (...) to (..., Width). The table is
/// name.weight and begins normal, as torch.nn.Embedding.
template <int Count, int Width, class Net>
constexpr handle embedding(Net&& net, const handle& i, std::string_view name) {
  network part = net.part(name);
  return part.layer("embedding", gather(part.parameter("weight", {Count, Width}, initial::normal(1)), i));
}

}  // namespace tg

#include "../../support/compiler/end.hpp"
