// SPDX-License-Identifier: BSL-1.0
// The parameters of layers that are steps of one loop, each stacked in its first axis.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../../formula/array/loops.hpp"

namespace tg::detail {

/// A misuse of a model while its function runs in the compiler; the name is the sentence.
inline void model_layers_in_layers_have_one_loop_only__write_the_inner_ones_out() {}

/// The function of a layer runs once to make the stacked parameters, and then as the body of the loop, where
/// it is given a step of each, in the order in which it asks for them. Places of random numbers likewise.
struct layer_stack {
  constexpr explicit layer_stack(int count) : layers{count} {}

  int layers;
  buffer<int> stacked{};  // nodes of parameters, each once
  handle seed{};          // of the step

  /// A run as the loop's body with these symbols: what is carried, a step of each parameter, and a seed.
  constexpr void begin(builder& b, const buffer<int>& symbols) {
    steps_ = &symbols, parameters_ = drawn_ = 0;
    if (symbols.used > 1 + stacked.used) seed = handle(b, symbols.items[symbols.used - 1]);
  }
  constexpr bool is_looping() const { return steps_ != nullptr; }
  constexpr bool draws() const { return sites_.used > 0; }
  /// Takes a parameter in; what stands for a step of it.
  constexpr int add(builder& b, int node) {
    int k = 0;
    while (k < stacked.used && stacked[k] != node) ++k;
    if (k == stacked.used) stacked.push_back(node);
    place_.push_back(k);
    const int shape = b.shape(node), step = shape_of_step(b, shape);
    const int first = slice(b, node, b.lists.rank(shape), 0, 0, as_extent(1));
    return broadcast(b, reshape(b, first, step), step);
  }
  constexpr int next_parameter() { return steps_->items[1 + place_[parameters_++]]; }
  template <class Make>
  constexpr extent site(const Make& make) {
    if (is_looping()) return sites_[drawn_++];
    sites_.push_back(make());
    return sites_.items[sites_.used - 1];
  }

 private:
  const buffer<int>* steps_ = nullptr;
  buffer<int> place_{};
  buffer<extent> sites_{};
  int parameters_ = 0, drawn_ = 0;
};

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
