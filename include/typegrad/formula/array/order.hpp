// SPDX-License-Identifier: BSL-1.0
// Axes reversed, sums up to each element, and the places of largest and smallest elements.
#pragma once
#include "../../support/compiler/begin.hpp"

#include "../../array/arg_max.hpp"
#include "../../array/order.hpp"
#include "movements.hpp"
#include "reductions.hpp"

namespace tg {

namespace detail {

template <int... Axes>
struct flip_call {
  static constexpr int build(builder& b, const buffer<int>& args) {
    const int shape = b.shape(args[0]), axes = axes_list<Axes...>(b, "flip", shape);
    return b.misfit.function.empty() ? flip(b, args[0], shape, axes) : int{zero_node};
  }
};
template <int Axis>
struct cumsum_call {
  static constexpr int build(builder& b, const buffer<int>& args) {
    const int shape = b.shape(args[0]), axis = axes_list<Axis>(b, "cumsum", shape);
    return b.misfit.function.empty() ? cumsum(b, args[0], shape, axis) : int{zero_node};
  }
};
template <bool Smallest>
struct place_of_axes {
  static constexpr std::string_view name = Smallest ? "argmin" : "argmax";
  static constexpr int reduce(builder& b, reducer& r, int x) {
    if (b.shape(x) == 0) return zero_node;
    return r.by(known<op::argmax<>>, Smallest ? negate(b, x) : x);
  }
};

}  // namespace detail

// clang-format off
/// The elements along the axes, or along all, in the opposite order (numpy.flip). A view: nothing is copied.
template <int... Axes, Symbolic X> constexpr auto flip(const X& x) { return detail::call_structural<detail::flip_call<Axes...>>(x); }
/// The sums up to each element along an axis, which is added: y[k] = x[0] + ... + x[k]. From the other end: flip<0>(cumsum<0>(flip<0>(x))); without the element itself: cumsum<0>(x) - x. The derivative is the sum from the other end.
template <int Axis, Symbolic X> constexpr auto cumsum(const X& x) { return detail::call_structural<detail::cumsum_call<Axis>>(x); }
/// The place of the largest element along axes, or of all elements in row-major order, as a number: of equal ones the first, and of the first NaN if there is one (as torch.argmax). Its derivative is 0. gather, take_along and their kin take it as an index where the axis that they index is no shorter. In float, places beyond 2^24 are rounded.
template <int... Axes, Symbolic X> constexpr auto argmax(const X& x) { return detail::call_structural<detail::reduction_call<detail::place_of_axes<false>, false, Axes...>>(x); }
template <int... Axes, Symbolic X> constexpr auto argmax(const X& x, keep_t) { return detail::call_structural<detail::reduction_call<detail::place_of_axes<false>, true, Axes...>>(x); }
/// The place of the smallest element: argmax(-x).
template <int... Axes, Symbolic X> constexpr auto argmin(const X& x) { return detail::call_structural<detail::reduction_call<detail::place_of_axes<true>, false, Axes...>>(x); }
template <int... Axes, Symbolic X> constexpr auto argmin(const X& x, keep_t) { return detail::call_structural<detail::reduction_call<detail::place_of_axes<true>, true, Axes...>>(x); }
// clang-format on

}  // namespace tg

#include "../../support/compiler/end.hpp"
