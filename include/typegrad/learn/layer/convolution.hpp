// SPDX-License-Identifier: BSL-1.0
// Layers of convolutions, of signals and of images.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../../formula/array/windows.hpp"
#include "../model/network.hpp"

namespace tg {

namespace detail {

/// A convolution over as many axes as there are sizes, or its transpose, by weights and a bias that are
/// uniform in (-1, 1)/sqrt(fan_in); Apply is that of formulas.
template <bool Transposed, int Channels, int... Size, class Net, class Apply, class... Options>
constexpr handle convolution_layer(Net& net, const handle& x, std::string_view name, std::string_view kind,
                                   const Apply& apply, const Options&... options) {
  constexpr int axes = sizeof...(Size);
  constexpr unsigned takes = Transposed ? taken::by_transposed : taken::by_convolution;
  const int groups = read_options<axes, takes, Options...>({1}).all.groups, inputs = net.length(x, -1 - axes);
  const int in_group = (Transposed ? Channels : inputs) / groups;
  const initial_rule initial = initial::fan_in_uniform((in_group * ... * Size));
  network part = net.part(name);
  const handle weight =
      part.parameter("weight", {Transposed ? inputs : Channels, in_group, Size...}, initial);
  return part.layer(kind, apply(x, weight, part.parameter("bias", {Channels}, initial), options...));
}

}  // namespace detail

/// conv1d over (..., channels, length) with a bias: name.weight has the shape (Channels, channels/groups,
/// Size). Options as of conv1d of formulas; first values as torch.nn.Conv1d.
template <int Channels, int Size, class Net, class... Options>
constexpr handle conv1d(Net&& net, const handle& x, std::string_view name, const Options&... options) {
  return detail::convolution_layer<false, Channels, Size>(
      net, x, name, "conv1d", [](const auto&... all) { return tg::conv1d(all...); }, options...);
}
/// conv2d over (..., channels, height, width) with a bias: name.weight has the shape (Channels,
/// channels/groups, Height, Width).
template <int Channels, int Height, int Width, class Net, class... Options>
constexpr handle conv2d(Net&& net, const handle& x, std::string_view name, const Options&... options) {
  return detail::convolution_layer<false, Channels, Height, Width>(
      net, x, name, "conv2d", [](const auto&... all) { return tg::conv2d(all...); }, options...);
}
/// The transpose of conv1d, with a bias: name.weight has the shape (channels, Channels/groups, Size).
template <int Channels, int Size, class Net, class... Options>
constexpr handle conv_transpose1d(Net&& net, const handle& x, std::string_view name,
                                  const Options&... options) {
  return detail::convolution_layer<true, Channels, Size>(
      net, x, name, "conv_transpose1d", [](const auto&... all) { return tg::conv_transpose1d(all...); },
      options...);
}
/// The transpose of conv2d, with a bias: name.weight has the shape (channels, Channels/groups, Height,
/// Width).
template <int Channels, int Height, int Width, class Net, class... Options>
constexpr handle conv_transpose2d(Net&& net, const handle& x, std::string_view name,
                                  const Options&... options) {
  return detail::convolution_layer<true, Channels, Height, Width>(
      net, x, name, "conv_transpose2d", [](const auto&... all) { return tg::conv_transpose2d(all...); },
      options...);
}

}  // namespace tg

#include "../../support/compiler/end.hpp"
