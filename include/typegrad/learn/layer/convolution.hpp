// SPDX-License-Identifier: BSL-1.0
// Layers of convolutions, of signals and of images.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../../formula/array/windows.hpp"
#include "../model/network.hpp"

namespace tg {

namespace detail {

/// How many groups the options of a convolution say.
template <int Axes, unsigned Takes, class... Options>
constexpr int groups_of() {
  return read_options<Axes, Takes, Options...>({1}).all.groups;
}
/// The parameters of a convolution: weights of that shape and a bias, uniform in (-1, 1)/sqrt(fan_in).
struct convolution_parameters {
  constexpr convolution_parameters(network part, std::initializer_list<int> shape, int channels, int fan_in)
      : weight{part.parameter("weight", shape, initial::fan_in_uniform(fan_in))},
        bias{part.parameter("bias", {channels}, initial::fan_in_uniform(fan_in))} {}
  handle weight, bias;
};

}  // namespace detail

/// conv1d over (..., channels, length) with a bias: name.weight has the shape (Channels, channels/groups,
/// Size). Options as of conv1d of formulas; first values as torch.nn.Conv1d.
template <int Channels, int Size, class Net, class... Options>
constexpr handle conv1d(Net&& net, const handle& x, std::string_view name, const Options&... options) {
  const int inputs = net.length(x, -2) / detail::groups_of<1, detail::taken::by_convolution, Options...>();
  const detail::convolution_parameters p(net.part(name), {Channels, inputs, Size}, Channels, inputs * Size);
  return tg::conv1d(x, p.weight, p.bias, options...);
}
/// conv2d over (..., channels, height, width) with a bias: name.weight has the shape (Channels,
/// channels/groups, Height, Width).
template <int Channels, int Height, int Width, class Net, class... Options>
constexpr handle conv2d(Net&& net, const handle& x, std::string_view name, const Options&... options) {
  const int inputs = net.length(x, -3) / detail::groups_of<2, detail::taken::by_convolution, Options...>();
  const detail::convolution_parameters p(net.part(name), {Channels, inputs, Height, Width}, Channels,
                                         inputs * Height * Width);
  return tg::conv2d(x, p.weight, p.bias, options...);
}
/// The transpose of conv1d, with a bias: name.weight has the shape (channels, Channels/groups, Size).
template <int Channels, int Size, class Net, class... Options>
constexpr handle conv_transpose1d(Net&& net, const handle& x, std::string_view name,
                                  const Options&... options) {
  const int inputs = net.length(x, -2),
            own = Channels / detail::groups_of<1, detail::taken::by_transposed, Options...>();
  const detail::convolution_parameters p(net.part(name), {inputs, own, Size}, Channels, own * Size);
  return tg::conv_transpose1d(x, p.weight, p.bias, options...);
}
/// The transpose of conv2d, with a bias: name.weight has the shape (channels, Channels/groups, Height,
/// Width).
template <int Channels, int Height, int Width, class Net, class... Options>
constexpr handle conv_transpose2d(Net&& net, const handle& x, std::string_view name,
                                  const Options&... options) {
  const int inputs = net.length(x, -3),
            own = Channels / detail::groups_of<2, detail::taken::by_transposed, Options...>();
  const detail::convolution_parameters p(net.part(name), {inputs, own, Height, Width}, Channels,
                                         own * Height * Width);
  return tg::conv_transpose2d(x, p.weight, p.bias, options...);
}

}  // namespace tg

#include "../../support/compiler/end.hpp"
