// SPDX-License-Identifier: BSL-1.0
// Recurrent layers: simple, LSTM and GRU. The sequence's first axis is time; what depends on the inputs alone
// is one product for all steps.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../../formula/array/loops.hpp"
#include "../model/network.hpp"

namespace tg {

/// What a recurrent layer gives: its state after each step, of shape (time, ..., hidden), and after the last.
struct recurrent_states {
  handle all, last;
};

namespace detail {

/// The parameters of a recurrent layer of so many gates, and the gates' part that depends on the inputs.
struct recurrent_parameters {
  template <class Net>
  constexpr recurrent_parameters(Net& net, const handle& x, std::string_view name, int gates, int hidden)
      : part{net.part(name)},
        initial{initial::fan_in_uniform(hidden)},
        input_weight{part.parameter("weight_ih_l0", {gates * hidden, net.length(x, -1)}, initial)},
        weight{transpose(part.parameter("weight_hh_l0", {gates * hidden, hidden}, initial))},
        input_bias{part.parameter("bias_ih_l0", {gates * hidden}, initial)},
        bias{part.parameter("bias_hh_l0", {gates * hidden}, initial)},
        of_inputs{matmul(x, transpose(input_weight)) + input_bias},
        zero{net.graph(), zeros(net.graph(), of_inputs.in(net.graph()), hidden)} {}

  /// The first state: as many as there are sequences.
  static constexpr int zeros(builder& b, int of_inputs, int hidden) {
    buffer<extent> shape;
    for (int axis = 1; axis + 1 < b.lists.rank(b.shape(of_inputs)); ++axis)
      shape.push_back(b.lists.at(b.shape(of_inputs), axis));
    shape.push_back(as_extent(hidden));
    return broadcast(b, zero_node, b.lists.find(shape));
  }

  network part;
  initial_rule initial;
  handle input_weight, weight, input_bias, bias, of_inputs, zero;
};

/// Gate K of several that lie behind each other along the last axis.
template <int K, int Hidden>
constexpr handle gate(const handle& gates) {
  return slice<-1, K * Hidden, (K + 1) * Hidden>(gates);
}

}  // namespace detail

// Parameters, their order and first values are those of PyTorch's layers of one direction (weight_ih_l0,
// weight_hh_l0, bias_ih_l0, bias_hh_l0, gates one after the other, all uniform in (-1, 1)/sqrt(Hidden)).
// Options are those of loops: tg::reversed, tg::recompute. The first state is 0.

/// h = tanh(W x + b + U h + c) from step to step (torch.nn.RNN): (time, ..., inputs) to (time, ..., Hidden).
template <int Hidden, auto... Options, class Net>
constexpr recurrent_states rnn(Net&& net, const handle& x, std::string_view name) {
  const detail::recurrent_parameters p(net, x, name, 1, Hidden);
  const auto step = [&](auto h, auto given) { return tanh(given + (matmul(h, p.weight) + p.bias)); };
  return {scan<Options...>(step, p.zero, p.of_inputs), iterate<Options...>(step, p.zero, p.of_inputs)};
}
/// The long short-term memory of torch.nn.LSTM, gates i, f, g, o: c = sigmoid(f) c + sigmoid(i) tanh(g), h =
/// sigmoid(o) tanh(c) (Hochreiter and Schmidhuber 1997; Gers et al. 2000).
template <int Hidden, auto... Options, class Net>
constexpr recurrent_states lstm(Net&& net, const handle& x, std::string_view name) {
  const detail::recurrent_parameters p(net, x, name, 4, Hidden);
  const auto step = [&](auto h, auto c, auto given) {
    using detail::gate;
    const handle all = given + (matmul(h, p.weight) + p.bias);
    const handle next =
        sigmoid(gate<1, Hidden>(all)) * c + sigmoid(gate<0, Hidden>(all)) * tanh(gate<2, Hidden>(all));
    return carry(sigmoid(gate<3, Hidden>(all)) * tanh(next), next);
  };
  return {scan<Options...>(step, carry(p.zero, p.zero), p.of_inputs)[0],
          iterate<Options...>(step, carry(p.zero, p.zero), p.of_inputs)[0]};
}
/// The gated recurrent unit of torch.nn.GRU, gates r, z, n: n' = tanh(n of x + sigmoid(r) (n of h)), h = (1 -
/// z) n' + z h with z = sigmoid(z) (Cho et al. 2014, with r behind the product).
template <int Hidden, auto... Options, class Net>
constexpr recurrent_states gru(Net&& net, const handle& x, std::string_view name) {
  const detail::recurrent_parameters p(net, x, name, 3, Hidden);
  const auto step = [&](auto h, auto given) {
    using detail::gate;
    const handle own = matmul(h, p.weight) + p.bias;
    const handle reset = sigmoid(gate<0, Hidden>(given) + gate<0, Hidden>(own)),
                 kept = sigmoid(gate<1, Hidden>(given) + gate<1, Hidden>(own));
    const handle next = tanh(gate<2, Hidden>(given) + reset * gate<2, Hidden>(own));
    return (1 - kept) * next + kept * h;
  };
  return {scan<Options...>(step, p.zero, p.of_inputs), iterate<Options...>(step, p.zero, p.of_inputs)};
}

}  // namespace tg

#include "../../support/compiler/end.hpp"
