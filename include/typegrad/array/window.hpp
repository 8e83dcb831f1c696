// SPDX-License-Identifier: BSL-1.0
// The moving windows along an axis, and their transpose: fold, which adds windows up where they overlap.
// Convolutions are windows and a contraction, pooling is windows and a reduction.
#pragma once
#include "../support/compiler/begin.hpp"

#include "reduction.hpp"

namespace tg::detail {

/// Window o of an axis has the elements o*stride + j*dilation for j < size; as attributes of `window` the
/// axis, the size, stride and dilation, of `fold` the axis, the length of the result, stride and dilation.
/// The windows' places and the elements in each are two axes, the first in the place of the old one.
struct window_shape {
  int axis, length, size, stride, dilation;
  constexpr int reach() const { return dilation * (size - 1) + 1; }
  constexpr int count() const { return (length - reach()) / stride + 1; }
  /// Whether each element is in one window, in the order of the axis.
  constexpr bool tiles() const {
    return stride == size && count() * size == length && (size == 1 || dilation == 1);
  }
};
constexpr window_shape read_windows(const builder& b, const structural_call& call, bool folds) {
  const auto at = [&](int k) { return b.lists.at(call.attribute, k).size; };
  const auto length = [&](int axis) { return b.lists.at(call.declared[0], axis).size; };
  return folds ? window_shape{at(0), at(1), length(at(0) + 1), at(2), at(3)}
               : window_shape{at(0), length(at(0)), at(1), at(2), at(3)};
}
/// The shape of the windows of an array.
constexpr int windowed_shape(builder& b, int shape, const window_shape& w) {
  buffer<extent> all;
  for (int axis = 0; axis < b.lists.rank(shape); ++axis) {
    all.push_back(axis == w.axis ? as_extent(w.count()) : b.lists.at(shape, axis));
    if (axis == w.axis) all.push_back(as_extent(w.size));
  }
  return b.lists.find(all);
}
/// The shape of an array with those windows.
constexpr int folded_shape(builder& b, int shape, const window_shape& w) {
  buffer<extent> all;
  for (int axis = 0; axis < b.lists.rank(shape); ++axis)
    if (axis != w.axis + 1) all.push_back(axis == w.axis ? as_extent(w.length) : b.lists.at(shape, axis));
  return b.lists.find(all);
}

/// The windows of x, taken in that shape, or where `folds` the sum of the windows x.
constexpr int move_windows(builder& b, int x, int shape, const window_shape& w, bool folds);

template <bool Folds>
constexpr int infer_windows(builder& b, const structural_call& call) {
  const window_shape w = read_windows(b, call, Folds);
  return Folds ? folded_shape(b, call.declared[0], w) : windowed_shape(b, call.declared[0], w);
}
template <bool Folds>
constexpr int build_windows(builder& b, const structural_call& call) {
  return move_windows(b, call.args[0], call.declared[0], read_windows(b, call, Folds), Folds);
}
template <bool Folds>
constexpr int pull_windows(builder& b, const structural_call& call, int self, int, int adjoint) {
  return move_windows(b, adjoint, b.shape(self), read_windows(b, call, Folds), !Folds);
}
template <bool Folds>
constexpr int push_windows(builder& b, const structural_call& call, int, int, int tangent) {
  return move_windows(b, tangent, call.declared[0], read_windows(b, call, Folds), Folds);
}
template <bool Folds>
inline constexpr structure window_structure{.algebra = &arrays_of_formulas,
                                            .attributes = attributes_are::windows,
                                            .infer = &infer_windows<Folds>,
                                            .construct = &build_windows<Folds>,
                                            .pull = &pull_windows<Folds>,
                                            .push = &push_windows<Folds>};

}  // namespace tg::detail

namespace tg::op {

/// The windows along an axis: window<axis, size, stride, dilation>.
template <auto... Attributes>
struct window : attributes_in_type {
  static constexpr std::string_view name = "window";
};
template <>
struct window<> {
  static constexpr std::string_view name = "window";
  static constexpr bool built_in = true;
  static constexpr tg::facts facts{.calls = 0};
  static constexpr const detail::structure& shaped = detail::window_structure<false>;
};
/// The sum of windows, each element at its place in an axis: fold<axis, length, stride, dilation>.
template <auto... Attributes>
struct fold : attributes_in_type {
  static constexpr std::string_view name = "fold";
};
template <>
struct fold<> {
  static constexpr std::string_view name = "fold";
  static constexpr bool built_in = true;
  static constexpr tg::facts facts{.calls = 0};
  static constexpr const detail::structure& shaped = detail::window_structure<true>;
};

}  // namespace tg::op

namespace tg::detail {

constexpr int move_windows(builder& b, int x, int from, const window_shape& w, bool folds) {
  if (x == zero_node) return x;
  if (b.shape(x) == 0 && !folds) return x;  // the same everywhere
  const int shape = folds ? folded_shape(b, from, w) : windowed_shape(b, from, w);
  x = broadcast(b, x, from);
  if (w.tiles()) return reshape(b, x, shape);
  const int linear =
      with_number_outside(b, x, [&](int array) { return move_windows(b, array, from, w, folds); });
  if (linear >= 0) return linear;
  buffer<extent> attribute;
  for (int each : {w.axis, folds ? w.length : w.size, w.stride, w.dilation})
    attribute.push_back(as_extent(each));
  buffer<int> args;
  args.push_back(x);
  return b.intern_structural(folds ? known<op::fold<>> : known<op::window<>>, b.lists.find(attribute), shape,
                             args);
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
