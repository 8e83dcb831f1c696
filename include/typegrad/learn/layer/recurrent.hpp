// SPDX-License-Identifier: BSL-1.0
// Recurrent layers: simple, LSTM and GRU, of one direction or both, over sequences of one length or of many.
// The first axis is time; what depends on the inputs alone is one product for all steps.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <array>

#include "../../formula/array/loops.hpp"
#include "../../formula/array/masks.hpp"
#include "../model/network.hpp"

namespace tg {

/// What a recurrent layer gives: its state after each step, of shape (time, ..., hidden), and after the last.
struct recurrent_states {
  handle all, last;
};

/// Option of a recurrent layer: a second one runs from the last step to the first, and the states of both are
/// one behind the other, (time, ..., 2 hidden).
struct bidirectional_t {};
inline constexpr bidirectional_t bidirectional{};

namespace detail {

inline void model_lengths_of_sequences_must_have_the_axes_between_time_and_the_last() {}

/// The parameters of a recurrent layer of so many gates in one direction, and the gates' part that depends on
/// the inputs.
struct recurrent_parameters {
  constexpr recurrent_parameters(network& part, const handle& x, bool backwards, int gates, int hidden) {
    const initial_rule initial = initial::fan_in_uniform(hidden);
    const auto make = [&](std::string_view name, std::initializer_list<int> shape) {
      dotted_name whole;
      whole.add(name);
      if (backwards) whole.append("_reverse");
      return part.parameter(whole.view(), shape, initial);
    };
    const handle input_weight = make("weight_ih_l0", {gates * hidden, part.length(x, -1)});
    weight = transpose(make("weight_hh_l0", {gates * hidden, hidden}));
    of_inputs = matmul(x, transpose(input_weight)) + make("bias_ih_l0", {gates * hidden});
    bias = make("bias_hh_l0", {gates * hidden});
  }
  /// What the gates have of the state before.
  constexpr handle of_state(const handle& h) const { return matmul(h, weight) + bias; }

  handle weight, bias, of_inputs;
};

/// Gate K of several that lie behind each other along the last axis.
template <int K, int Hidden>
constexpr handle gate(const handle& gates) {
  return slice<-1, K * Hidden, (K + 1) * Hidden>(gates);
}

// A cell: how many gates it has, and the next state from the one before and the gates' part of the inputs.

template <int Hidden>
struct simple_cell {
  static constexpr std::string_view name = "rnn";
  static constexpr int gates = 1;
  using state = std::array<handle, 1>;
  static constexpr state next(const recurrent_parameters& p, const state& s, const handle& given) {
    return {tanh(given + p.of_state(s[0]))};
  }
};
template <int Hidden>
struct lstm_cell {
  static constexpr std::string_view name = "lstm";
  static constexpr int gates = 4;
  using state = std::array<handle, 2>;
  static constexpr state next(const recurrent_parameters& p, const state& s, const handle& given) {
    const handle all = given + p.of_state(s[0]);
    const handle c =
        sigmoid(gate<1, Hidden>(all)) * s[1] + sigmoid(gate<0, Hidden>(all)) * tanh(gate<2, Hidden>(all));
    return {sigmoid(gate<3, Hidden>(all)) * tanh(c), c};
  }
};
template <int Hidden>
struct gru_cell {
  static constexpr std::string_view name = "gru";
  static constexpr int gates = 3;
  using state = std::array<handle, 1>;
  static constexpr state next(const recurrent_parameters& p, const state& s, const handle& given) {
    const handle own = p.of_state(s[0]);
    const handle reset = sigmoid(gate<0, Hidden>(given) + gate<0, Hidden>(own)),
                 kept = sigmoid(gate<1, Hidden>(given) + gate<1, Hidden>(own));
    return {(1 - kept) * tanh(gate<2, Hidden>(given) + reset * gate<2, Hidden>(own)) + kept * s[0]};
  }
};

/// Whether a step is within the length of its sequence, (time, ..., 1).
constexpr handle within_lengths(builder& b, const handle& x, const handle& lengths) {
  const int shape = b.shape(x.in(b)), n = lengths.in(b), rank = b.lists.rank(shape);
  buffer<extent> batch, steps;
  steps.push_back(b.lists.at(shape, 0));
  for (int axis = 1; axis + 1 < rank; ++axis) batch.push_back(b.lists.at(shape, axis));
  if (b.shape(n) != b.lists.find(batch))
    model_lengths_of_sequences_must_have_the_axes_between_time_and_the_last();
  batch.push_back(as_extent(1));
  while (steps.used < rank) steps.push_back(as_extent(1));
  return {b, make<op::less>(b, reshape(b, arange(b, steps[0]), b.lists.find(steps)),
                            reshape(b, n, b.lists.find(batch)))};
}

/// One direction of a layer. After a sequence's length its state stays, and what it gives out is 0.
template <class Cell, int Hidden, auto... Options, class... Lengths>
constexpr recurrent_states one_direction(network part, const handle& x, bool backwards,
                                         const Lengths&... lengths) {
  using state = typename Cell::state;
  const recurrent_parameters p(part, x, backwards, Cell::gates, Hidden);
  builder& b = part.graph();
  buffer<extent> shape;
  b.lists.read(shape_of_step(b, b.shape(p.of_inputs.in(b))), shape);
  shape.items[shape.used - 1] = as_extent(Hidden);
  const handle zero(b, broadcast(b, zero_node, b.lists.find(shape)));

  constexpr auto states = std::make_index_sequence<std::tuple_size_v<state>>{};
  const auto carried = [&]<std::size_t... K>(std::index_sequence<K...>, const auto& of) {
    return carry(of(K)...);
  };
  const auto step = [&](auto... now) {
    const std::array<handle, sizeof...(now)> all{now...};
    state before;
    for (std::size_t k = 0; k < before.size(); ++k) before[k] = all[k];
    const state after = Cell::next(p, before, all[before.size()]);
    return carried(states, [&](std::size_t k) {
      return sizeof...(lengths) == 0 ? after[k] : where(all.back(), after[k], before[k]);
    });
  };
  const auto first = carried(states, [&](std::size_t) { return zero; });
  const auto first_of = [](const auto& results) {
    if constexpr (requires { results[0]; })
      return results[0];
    else
      return results;
  };
  const auto run = [&](const auto&... within) -> recurrent_states {
    handle all = first_of(scan<Options...>(step, first, p.of_inputs, within...));
    ((all = where(within, all, 0)), ...);
    return {all, first_of(iterate<Options...>(step, first, p.of_inputs, within...))};
  };
  return run(within_lengths(b, x, lengths)...);
}

template <auto... Options, class O>
constexpr bool has_option(O) {
  return (std::is_same_v<std::remove_const_t<decltype(Options)>, O> || ...);
}
template <class Cell, int Hidden, auto... Options, class Net, class... Lengths>
constexpr recurrent_states recurrent(Net& net, const handle& x, std::string_view name,
                                     const Lengths&... lengths) {
  static_assert(sizeof...(Lengths) <= 1,
                "typegrad: a recurrent layer takes one array of lengths, one for each sequence.");
  static_assert(!has_option<Options...>(bidirectional) || !has_option<Options...>(reversed),
                "typegrad: tg::bidirectional runs both ways; tg::reversed is for one.");
  network part = net.part(name);
  const auto both = [&](const recurrent_states& there, const recurrent_states& back) -> recurrent_states {
    return {concatenate<-1>(there.all, back.all), concatenate<-1>(there.last, back.last)};
  };
  const auto states = [&]() -> recurrent_states {
    if constexpr (!has_option<Options...>(bidirectional))
      return one_direction<Cell, Hidden, Options...>(part, x, false, lengths...);
    else if constexpr (has_option<Options...>(recompute))
      return both(one_direction<Cell, Hidden, recompute>(part, x, false, lengths...),
                  one_direction<Cell, Hidden, recompute, reversed>(part, x, true, lengths...));
    else
      return both(one_direction<Cell, Hidden>(part, x, false, lengths...),
                  one_direction<Cell, Hidden, reversed>(part, x, true, lengths...));
  };
  const recurrent_states made = states();
  return {part.layer(Cell::name, made.all), made.last};
}

}  // namespace detail

// Parameters, their order and first values are those of PyTorch's layers (weight_ih_l0, weight_hh_l0,
// bias_ih_l0, bias_hh_l0, gates one after the other, all uniform in (-1, 1)/sqrt(Hidden); with
// tg::bidirectional also weight_ih_l0_reverse and so on). Options are those of loops, tg::reversed and
// tg::recompute, and tg::bidirectional. The first state is 0. Lengths may follow the name, one for each
// sequence, of the shape of the axes between time and the last: what is behind them does not count, states
// there are 0, the last one is that of the last step within, and the way back begins there.

/// h = tanh(W x + b + U h + c) from step to step (torch.nn.RNN): (time, ..., inputs) to (time, ..., Hidden).
template <int Hidden, auto... Options, class Net, class... Lengths>
constexpr recurrent_states rnn(Net&& net, const handle& x, std::string_view name, const Lengths&... lengths) {
  return detail::recurrent<detail::simple_cell<Hidden>, Hidden, Options...>(net, x, name, lengths...);
}
/// The long short-term memory of torch.nn.LSTM, gates i, f, g, o: c = sigmoid(f) c + sigmoid(i) tanh(g), h =
/// sigmoid(o) tanh(c) (Hochreiter and Schmidhuber 1997; Gers et al. 2000).
template <int Hidden, auto... Options, class Net, class... Lengths>
constexpr recurrent_states lstm(Net&& net, const handle& x, std::string_view name,
                                const Lengths&... lengths) {
  return detail::recurrent<detail::lstm_cell<Hidden>, Hidden, Options...>(net, x, name, lengths...);
}
/// The gated recurrent unit of torch.nn.GRU, gates r, z, n: n' = tanh(n of x + sigmoid(r) (n of h)), h = (1 -
/// z) n' + z h with z = sigmoid(z) (Cho et al. 2014, with r behind the product).
template <int Hidden, auto... Options, class Net, class... Lengths>
constexpr recurrent_states gru(Net&& net, const handle& x, std::string_view name, const Lengths&... lengths) {
  return detail::recurrent<detail::gru_cell<Hidden>, Hidden, Options...>(net, x, name, lengths...);
}

}  // namespace tg

#include "../../support/compiler/end.hpp"
