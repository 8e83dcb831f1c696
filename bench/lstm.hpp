// SPDX-License-Identifier: BSL-1.0
// An LSTM over sequences of one number, with a dense layer on its last state: the mean squared distance of a
// batch from its targets, and the gradients by all parameters.
#pragma once
#include <typegrad/loss.hpp>
#include <typegrad/model.hpp>

/// The network of so many hidden units for sequences of so many steps.
template <int Steps, int Hidden>
struct lstm_network {
  static constexpr auto xs = tg::array<"xs", Steps, tg::rows, 1>;
  static constexpr auto target = tg::array<"target", tg::rows, 1>;
  static constexpr auto network = tg::model(
      [](auto& net, auto x) { return dense<1>(net, tg::lstm<Hidden>(net, x, "lstm").last, "out"); });
  static constexpr auto theta = network.parameters(xs);
  static constexpr auto loss = tg::loss::mse(network(xs), target);
  static constexpr auto step =
      tg::function(tg::inputs(xs, target, theta), tg::outputs(loss, tg::gradient(loss, theta)));
};
