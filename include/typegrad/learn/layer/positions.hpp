// SPDX-License-Identifier: BSL-1.0
// What tells an encoder where in a sequence a token stands.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "attention.hpp"

namespace tg {

/// Waves of growing lengths for the places of a sequence (..., time, width), of shape (time, width): sin(t/
/// 10000^(k/width)) for even k, and the cosine of the same angle behind each (Vaswani et al. 2017). To be
/// added: x + sinusoidal_positions(x).
constexpr handle sinusoidal_positions(const handle& x) {
  detail::builder& b = *x.graph;
  const detail::extent time = detail::length_from_end(b, x, 2), width = detail::length_from_end(b, x, 1);
  detail::buffer<detail::extent> standing;
  standing.push_back(time), standing.push_back(detail::as_extent(1));
  const handle t = detail::reshaped(b, {b, detail::arange(b, time)}, b.lists.find(standing)),
               k(b, detail::arange(b, width)), pair = floor(k / 2);
  const handle angle = t * exp(-2 * pair * log(handle(b, b.constant(10000))) / width.size);
  return where(2 * pair < k, cos(angle), sin(angle));
}

/// What has been learnt for each place, of at most that many, of a sequence (..., time, width) whose time is
/// a number: (time, width), the first rows of name.weight, of shape (Most, width), which begins normal as
/// torch.nn.Embedding. To be added.
template <int Most, class Net>
constexpr handle learned_positions(Net&& net, const handle& x, std::string_view name,
                                   const initial_rule& initial = initial::normal(1)) {
  network part = net.part(name);
  detail::builder& b = part.graph();
  const int time = part.length(x, -2);
  if (time > Most) b.refuse("learned_positions: the sequence is longer than there are places.");
  const handle table = part.parameter("weight", {Most, part.length(x, -1)}, initial);
  return part.layer("positions", {b, detail::slice(b, table.in(b), 2, 0, 0, detail::as_extent(time))});
}

}  // namespace tg

#include "../../support/compiler/end.hpp"
