// SPDX-License-Identifier: BSL-1.0
// Layers of one kind, one after the other, as a loop: the compiler sees one of them.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../../formula/array/random.hpp"
#include "../model/network.hpp"
#include "dropout.hpp"

namespace tg {

/// The function `one` of a network and an array N times, as `tg::repeat`: `layers<6>(net, x, "encoder.layer",
/// [](auto& layer, auto h) { return encoder_layer<8, 64>(layer, h, "own"); })`. It is compiled once, forward
/// and backward, and must keep the array's shape. Its parameters are stacked in their first axis, of length
/// N, under names such as encoder.layer.*.own.norm1.weight; files have those of layer 3 as
/// encoder.layer.3.own.norm1.weight, and tg::grouped takes either as a pattern. What is dropped differs from
/// layer to layer. Options: tg::recompute, tg::save_every<n>.
template <int N, auto... Options, class Net, class One>
constexpr handle layers(Net&& net, const handle& x, std::string_view name, const One& one) {
  using options = detail::loop_options<N, Options...>;
  static_assert(
      N >= 1 && options::known && !options::template has<reversed_t>,
      "typegrad: layers: there is at least one, and options are tg::recompute and tg::save_every<n>.");
  detail::builder& b = net.graph();
  network part = net.part(name);
  detail::layer_stack stack(N);
  network inside = part.in_stack(stack);
  const auto run = [&](const handle& h) {
    network own = inside;
    return h.beside(one(own, h)).in(b);
  };
  const handle first(b, x.in(b));
  run(first);
  detail::buffer<int> args, symbols, roots, none, results;
  args.push_back(first.id);
  for (int each : stack.stacked) args.push_back(each);
  if (stack.draws() && part.is_training()) {
    detail::buffer<detail::extent> count;
    count.push_back(detail::as_extent(N));
    args.push_back(detail::random_numbers(b, "layers", part.site("seeds"), first.beside(seed).in(b),
                                          b.lists.find(count), 0));
  }
  detail::loop_maker loop(b, args, 1, N, options::flags, options::save_every);
  for (int tries = 3; tries > 0; --tries) {
    roots.clear();
    loop.symbols(symbols);
    stack.begin(b, symbols);
    roots.push_back(run({b, symbols[0]}));
    if (loop.keeps_shapes(roots, tries == 1)) break;
  }
  loop.build(roots, none, results);
  return part.layer("layers", {b, results[0]});
}

}  // namespace tg

#include "../../support/compiler/end.hpp"
