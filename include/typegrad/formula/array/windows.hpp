// SPDX-License-Identifier: BSL-1.0
// Functions of moving windows: window and fold, convolutions, transposed convolutions, pooling. Strides,
// paddings and the like follow the arrays: conv2d(x, w, tg::stride<2>, tg::padding<1>).
#pragma once
#include "../../support/compiler/begin.hpp"

#include <utility>

#include "../../array/pooling.hpp"
#include "movements.hpp"
#include "reductions.hpp"
#include "window_options.hpp"

namespace tg {

namespace detail {

/// Lays padding and windows over single axes of an array.
template <auto Options>
struct window_maker {
  builder& b;
  std::string_view name;

  constexpr int length(int x, int axis) { return b.lists.at(b.shape(x), axis).size; }
  /// Whether the axes from `first` on have lengths that are numbers.
  constexpr bool are_closed(int x, int first) {
    for (int axis = first; axis < b.lists.rank(b.shape(x)); ++axis)
      if (b.lists.at(b.shape(x), axis).name != nullptr)
        return b.refuse_open_axis(name, b.shape(x), axis), false;
    return true;
  }
  /// Padding along an axis, which is number k of those with windows of that size.
  constexpr int padded(int x, int axis, int k, int size) {
    x = extended(x, axis, k, size);
    const int reach = Options.dilation[k] * (size - 1) + 1;
    if (length(x, axis) < reach) b.refuse_short_axis(name, b.shape(x), axis, reach);
    return x;
  }
  constexpr int extended(int x, int axis, int k, int size) {
    const int spread = Options.dilation[k] * (size - 1);
    const int before = Options.same ? spread / 2 : Options.before[k],
              after = Options.same ? spread - spread / 2 : Options.after[k];
    if (before + after == 0) return x;
    if (!Options.reflects) return pad(b, x, axis, before, as_extent(before + length(x, axis) + after));
    const int farther = before > after ? before : after, rank = b.lists.rank(b.shape(x));
    if (farther >= length(x, axis)) return b.refuse_short_axis(name, b.shape(x), axis, farther + 1), x;
    buffer<int> parts, declared;
    buffer<extent> attribute;
    const auto add_one = [&](int at) { parts.push_back(slice(b, x, rank, axis, at, as_extent(1))); };
    for (int at = before; at > 0; --at) add_one(at);
    parts.push_back(x);
    for (int at = 2; at < after + 2; ++at) add_one(length(x, axis) - at);
    for (int part : parts) declared.push_back(b.shape(part));
    attribute.push_back(as_extent(axis));
    return build_concatenation(b, {known<op::concatenate<>>, b.lists.find(attribute), parts, declared});
  }
  /// The windows along an axis.
  constexpr int windowed(int x, int axis, int k, int size) {
    const window_shape w{axis, length(x, axis), size, Options.stride[k], Options.dilation[k]};
    if (!b.misfit.function.empty()) return x;
    const int shape = windowed_shape(b, b.shape(x), w);
    b.check_size(name, shape);
    return b.misfit.function.empty() ? broadcast(b, move_windows(b, x, b.shape(x), w, false), shape) : x;
  }
  /// x with an axis cut into several: the parts, and what is in each.
  constexpr int cut(int x, int axis, int parts) {
    buffer<extent> all;
    for (int k = 0; k < b.lists.rank(b.shape(x)); ++k) {
      const extent own = b.lists.at(b.shape(x), k);
      if (k == axis) all.push_back(as_extent(parts));
      all.push_back(k == axis ? as_extent(own.size / parts) : own);
    }
    const int shape = b.lists.find(all);
    return broadcast(b, reshape(b, x, shape), shape);
  }
  /// x with an axis and the next one as one.
  constexpr int join(int x, int axis) {
    buffer<extent> all;
    for (int k = 0; k < b.lists.rank(b.shape(x)); ++k) {
      const extent own = b.lists.at(b.shape(x), k);
      k == axis + 1 ? void(all[axis].size *= own.size) : all.push_back(own);
    }
    const int shape = b.lists.find(all);
    return broadcast(b, reshape(b, x, shape), shape);
  }
  /// Adds a number for each channel.
  constexpr int with_bias(int y, int bias, int channels) {
    if (bias < 0) return y;
    buffer<extent> all;
    all.push_back(b.lists.at(b.shape(y), channels));
    if (b.shape(bias) != b.lists.find(all)) {
      const bool is_vector = b.lists.rank(b.shape(bias)) == 1;
      b.refuse_shapes(name, b.shape(y), b.shape(bias), all[0],
                      is_vector ? b.lists.at(b.shape(bias), 0) : all[0]);
      return y;
    }
    for (int axis = channels + 1; axis < b.lists.rank(b.shape(y)); ++axis) all.push_back(as_extent(1));
    return add(b, y, reshape(b, bias, b.lists.find(all)));
  }
};

/// A convolution over the last axes: x is (..., channels, lengths...), the weights (channels of the result,
/// channels of a group, sizes...), and perhaps there is a bias.
template <auto Options, bool Transposed>
struct convolution_call {
  static constexpr int axes = Options.axes;
  static constexpr std::string_view name = Transposed  ? axes == 1 ? "conv_transpose1d" : "conv_transpose2d"
                                           : axes == 1 ? "conv1d"
                                                       : "conv2d";

  static constexpr int build(builder& b, const buffer<int>& args) {
    window_maker<Options> m{b, name};
    int x = args[0], w = args[1];
    const int bias = args.used > 2 ? args[2] : -1, carried = b.lists.rank(b.shape(x)) - axes - 1;
    if (carried < 0) return b.refuse_axis(name, b.shape(x), axes), zero_node;
    if (b.lists.rank(b.shape(w)) != axes + 2) return b.refuse_shapes(name, b.shape(x), b.shape(w)), zero_node;
    if (!m.are_closed(x, carried) || !m.are_closed(w, 0)) return zero_node;
    const int groups = Options.groups, inner = m.length(w, Transposed ? 0 : 1) * (Transposed ? 1 : groups);
    if (m.length(x, carried) != inner)
      b.refuse_shapes(name, b.shape(x), b.shape(w), as_extent(m.length(x, carried)), as_extent(inner));
    if (m.length(w, 0) % groups != 0) b.refuse_indivisible_axis(name, b.shape(w), 0, groups);
    if (!b.misfit.function.empty()) return zero_node;
    int size[2]{};
    for (int k = 0; k < axes; ++k) size[k] = m.length(w, 2 + k);
    for (int k = 0; k < axes && !Transposed; ++k) x = m.padded(x, carried + 1 + k, k, size[k]);
    for (int k = 0; k < axes && !Transposed; ++k) x = m.windowed(x, carried + 1 + 2 * k, k, size[k]);
    if (!b.misfit.function.empty()) return zero_node;
    if (groups > 1) x = m.cut(x, carried, groups), w = m.cut(w, 0, groups);
    int y = contract(b, x, w, carried);
    if (!b.misfit.function.empty()) return zero_node;
    if (groups > 1) y = m.join(y, carried);
    for (int k = 0; k < axes && Transposed; ++k)
      y = folded(m, y, b.shape(args[0]), carried + 1 + k, k, size[k]);
    return m.with_bias(y, bias, carried);
  }

 private:
  /// x is (..., channels, places and sizes in turn, or places alone), w (channels of the result or of x,
  /// those of the other, sizes). The result is (..., channels, places, ...), where transposed with the sizes.
  /// If there are several groups, they come before the channels.
  static constexpr int contract(builder& b, int x, int w, int carried) {
    labelled_call c(b, name);
    buffer<int> of_x, of_w, result;
    new_labels(c, carried + (Options.groups > 1), of_x);
    for (int l : of_x) result.push_back(l);
    if (Options.groups > 1) of_w.push_back(of_x.back());
    const int summed = c.new_label(), made = c.new_label();
    of_x.push_back(summed), result.push_back(made);
    of_w.push_back(Transposed ? summed : made), of_w.push_back(Transposed ? made : summed);
    for (int k = 0; k < axes; ++k) {
      const int place = c.new_label(), within = c.new_label();
      of_x.push_back(place), of_w.push_back(within), result.push_back(place);
      (Transposed ? result : of_x).push_back(within);
    }
    c.add(x, of_x), c.add(w, of_w);
    return c.build(result);
  }
  static constexpr int folded(window_maker<Options>& m, int y, int from, int axis, int k, int size) {
    builder& b = m.b;
    const int stride = Options.stride[k], length = b.lists.at(from, axis).size,
              whole = (length - 1) * stride + Options.dilation[k] * (size - 1) + 1;
    const int more = Options.more[k], left = whole + more - Options.before[k] - Options.after[k];
    if (left < 1) return b.refuse_short_axis(name, from, axis, length + (stride - left) / stride), y;
    // Where there would be room for one window more, zeros follow.
    const window_shape w{axis, whole + (more < stride ? more : 0), size, stride, Options.dilation[k]};
    const int shape = folded_shape(b, b.shape(y), w);
    y = broadcast(b, move_windows(b, y, b.shape(y), w, true), shape);
    y = pad(b, y, axis, 0, as_extent(whole + more));
    return slice(b, y, b.lists.rank(shape), axis, Options.before[k], as_extent(left));
  }
};

/// What pooling makes of windows, the last axes of which are theirs.
struct largest_in_window {
  static constexpr std::string_view name = "max_pool";
  static constexpr bool pads_with_zeros = false;
  static constexpr int reduce(reducer& r, int x) { return r.by(known<op::first_max<>>, x); }
};
struct mean_in_window {
  static constexpr std::string_view name = "mean_pool";
  static constexpr bool pads_with_zeros = true;
  static constexpr int reduce(reducer& r, int x) { return r.mean(x); }
};

template <class Reduction, auto Options, int... Sizes>
struct pool_call {
  static constexpr int build(builder& b, const buffer<int>& args) {
    constexpr int axes = Options.axes, size[] = {Sizes...};
    window_maker<Options> m{b, Reduction::name};
    int x = args[0];
    const int first = b.lists.rank(b.shape(x)) - axes;
    if (first < 0) return b.refuse_axis(Reduction::name, b.shape(x), axes - 1), zero_node;
    if (!m.are_closed(x, first)) return zero_node;
    int inside = one_node;  // 1 where x has elements, 0 in the padding
    const int unpadded = b.shape(x);
    for (int k = 0; k < axes; ++k) x = m.padded(x, first + k, k, size[k]);
    if (!Reduction::pads_with_zeros && !Options.reflects && b.shape(x) != unpadded) {
      inside = broadcast(b, inside, unpadded);
      for (int k = 0; k < axes; ++k) inside = m.padded(inside, first + k, k, size[k]);
      x = masked(b, x, make<op::less>(b, zero_node, inside));
    }
    buffer<extent> within;
    for (int k = 0; k < axes && b.misfit.function.empty(); ++k) {
      x = m.windowed(x, first + 2 * k, k, size[k]);
      within.push_back(as_extent(first + 2 * k + 1));
    }
    if (!b.misfit.function.empty()) return zero_node;
    reducer r(b, x, b.lists.find(within), false);
    return r.finish(Reduction::reduce(r, x));
  }
};

/// The windows along one axis as an axis more, or where Length is more than 0 their sum in that length.
template <auto Options, int Axis, int Size, int Length>
struct window_call {
  static constexpr int build(builder& b, const buffer<int>& args) {
    window_maker<Options> m{b, Length > 0 ? "fold" : "window"};
    const int shape = b.shape(args[0]), axis = axis_of(b, m.name, shape, Axis);
    if (axis < 0) return zero_node;
    if (b.lists.at(shape, axis).name != nullptr) return b.refuse_open_axis(m.name, shape, axis), zero_node;
    if constexpr (Length == 0) {
      const int x = m.windowed(m.padded(args[0], axis, 0, Size), axis, 0, Size);
      return b.misfit.function.empty() ? x : int{zero_node};
    } else {
      if (axis + 1 == b.lists.rank(shape)) return b.refuse_axis(m.name, shape, axis + 1), zero_node;
      if (b.lists.at(shape, axis + 1).name != nullptr)
        return b.refuse_open_axis(m.name, shape, axis + 1), zero_node;
      const window_shape w{axis, Length, m.length(args[0], axis + 1), Options.stride[0], Options.dilation[0]};
      const int to = folded_shape(b, shape, w);
      if (Length < w.reach() || w.count() != m.length(args[0], axis))
        return b.refuse_shapes(m.name, shape, to), zero_node;
      return broadcast(b, move_windows(b, args[0], shape, w, true), to);
    }
  }
};

/// Call<the options> applied to arrays, or a sentence about the options. The strides are those that the call
/// has if no option says otherwise.
template <text Function, int Axes, template <auto> class Call, unsigned Takes, class... Options>
struct call_with_options {
  template <int... Stride, class... X>
  static constexpr auto of(std::integer_sequence<int, Stride...>, const X&... x) {
    constexpr option_reader read = read_options<Axes, Takes, Options...>({Stride...});
    if constexpr (!(Symbolic<X> || ...)) {
      return refuse<join(Function, text{": plain numbers are no array; give it an array or a formula."}),
                    X...>();
    } else if constexpr (read.fault.empty()) {
      return call_structural<Call<read.all>>(x...);
    } else {
      constexpr auto fault = [] { return read_options<Axes, Takes, Options...>({Stride...}).fault; };
      return refuse<join(Function, text{": "}, text_of(fault), text{"."}), X...>();
    }
  }
};
using stride_of_one = std::integer_sequence<int, 1>;

template <text Function, int Axes, bool Transposed>
struct convolution {
  template <auto Options>
  using call = convolution_call<Options, Transposed>;
  template <class X, class W, class... Options>
  static constexpr auto of(const X& x, const W& w, const Options&...) {
    return call_with_options < Function, Axes, call,
           Transposed ? taken::by_transposed : taken::by_convolution,
           Options... > ::of(stride_of_one{}, x, w);
  }
  template <class X, class W, Symbolic Bias, class... Options>
  static constexpr auto of(const X& x, const W& w, const Bias& bias, const Options&...) {
    return call_with_options < Function, Axes, call,
           Transposed ? taken::by_transposed : taken::by_convolution,
           Options... > ::of(stride_of_one{}, x, w, bias);
  }
};
template <class Reduction, text Function, int... Sizes>
struct pool {
  template <auto Options>
  using call = pool_call<Reduction, Options, Sizes...>;
  template <class X, class... Options>
  static constexpr auto of(const X& x, const Options&...) {
    constexpr int axes = static_cast<int>(sizeof...(Sizes));
    if constexpr (axes < 1 || axes > 2 || ((Sizes < 1) || ...))
      return refuse<join(Function, text{": give the sizes of the windows along the last one or two axes, "},
                         Function, text{"<2, 2>(x)."}),
                    X>();
    else
      return call_with_options<Function, axes, call, taken::by_windows, Options...>::of(
          std::integer_sequence<int, Sizes...>{}, x);
  }
};
template <text Function, int Axis, int Size, int Length>
struct windows_along {
  template <auto Options>
  using call = window_call<Options, Axis, Size, Length>;
  template <class X, class... Options>
  static constexpr auto of(const X& x, const Options&...) {
    if constexpr (Size < 1 || Length < 0)
      return refuse<join(Function, text{": give an axis and a length of 1 or more, "}, Function,
                         text{"<1, 5>(x)."}),
                    X>();
    else
      return call_with_options < Function, 1, call, Length == 0 ? taken::by_windows : taken::by_fold,
             Options... > ::of(stride_of_one{}, x);
  }
};

}  // namespace detail

// clang-format off
/// The windows of Size elements along an axis: the axis becomes two, the windows' places and the elements in each, x[.., place*stride + j*dilation - padding, ..]. Options: tg::stride, tg::dilation, tg::padding, tg::same, tg::reflect.
template <int Axis, int Size, class X, class... Options> constexpr auto window(const X& x, const Options&... options) { return detail::windows_along<"window", Axis, Size, 0>::of(x, options...); }
/// The transpose of window: the sum of windows, which are the axes Axis and Axis + 1 of x, as an axis of that length.
template <int Axis, int Length, class X, class... Options> constexpr auto fold(const X& x, const Options&... options) { return detail::windows_along<"fold", Axis, 1, Length == 0 ? -1 : Length>::of(x, options...); }
/// The convolution of signals with weights (as PyTorch's, that is without turning the weights round): x of shape (..., channels, length) and weights (channels of the result, channels of a group, size) give (..., channels of the result, places), with
/// y[o, p] = sum over c, j of w[o, c, j] * x[c, p*stride + j*dilation - padding]; a bias is added to each channel. Options: tg::stride, tg::padding, tg::dilation, tg::groups, tg::same, tg::reflect.
template <class X, class W, class... Rest> constexpr auto conv1d(const X& x, const W& w, const Rest&... bias_and_options) { return detail::convolution<"conv1d", 1, false>::of(x, w, bias_and_options...); }
/// The same of images: x of shape (..., channels, height, width) and weights (channels of the result, channels of a group, height, width).
template <class X, class W, class... Rest> constexpr auto conv2d(const X& x, const W& w, const Rest&... bias_and_options) { return detail::convolution<"conv2d", 2, false>::of(x, w, bias_and_options...); }
/// The transpose of conv1d as a function of x, with the same weights and options: x of shape (..., channels, length) and weights (channels, channels of the result in a group, size) give (length - 1)*stride + dilation*(size - 1) + 1 - padding + output_padding elements.
template <class X, class W, class... Rest> constexpr auto conv_transpose1d(const X& x, const W& w, const Rest&... bias_and_options) { return detail::convolution<"conv_transpose1d", 1, true>::of(x, w, bias_and_options...); }
/// The transpose of conv2d as a function of x: x of shape (..., channels, height, width) and weights (channels, channels of the result in a group, height, width).
template <class X, class W, class... Rest> constexpr auto conv_transpose2d(const X& x, const W& w, const Rest&... bias_and_options) { return detail::convolution<"conv_transpose2d", 2, true>::of(x, w, bias_and_options...); }
/// The largest element of each window along the last axis, max_pool<3>(x), or the last two, max_pool<2, 2>(x). Windows touch each other unless tg::stride says otherwise; padding is never the largest, and of equal elements the first has the derivative.
template <int... Sizes, class X, class... Options> constexpr auto max_pool(const X& x, const Options&... options) { return detail::pool<detail::largest_in_window, "max_pool", Sizes...>::of(x, options...); }
/// The mean of each window along the last axis or the last two. Padding counts as zeros (PyTorch's count_include_pad).
template <int... Sizes, class X, class... Options> constexpr auto mean_pool(const X& x, const Options&... options) { return detail::pool<detail::mean_in_window, "mean_pool", Sizes...>::of(x, options...); }
// clang-format on

}  // namespace tg

#include "../../support/compiler/end.hpp"
