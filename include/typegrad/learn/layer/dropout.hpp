// SPDX-License-Identifier: BSL-1.0
// The layer that sets elements to 0 while a model is trained.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../../formula/array/random.hpp"
#include "../model/network.hpp"

namespace tg {

/// The number that chooses what is dropped: an input of formulas to train by. Each value drops other
/// elements.
inline constexpr auto seed = symbol<"seed">;

/// While training, x with elements set to 0 with the probability `rate` and the others divided by 1 - rate,
/// chosen by tg::seed and the layer's name; else x.
template <class Net>
constexpr handle dropout(Net&& net, const handle& x, const handle& rate, std::string_view name) {
  const detail::extent site = net.site(name);
  if (!net.is_training()) return net.part(name).layer("dropout", x);
  detail::builder& b = net.graph();
  return {b, detail::drop(b, site, x.in(b), rate.in(b), net.seed_or(x.beside(seed)).in(b))};
}

}  // namespace tg

#include "../../support/compiler/end.hpp"
