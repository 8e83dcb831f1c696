// SPDX-License-Identifier: BSL-1.0
// What may follow the arrays of a convolution or a pooling: strides, paddings, dilations, groups.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <cstddef>
#include <initializer_list>
#include <string_view>

#include "../../support/text.hpp"

namespace tg {

// clang-format off
/// How far apart windows begin: one number for all axes, or one for each.
template <int... Steps> struct stride_t {};
template <int... Steps> inline constexpr stride_t<Steps...> stride{};
/// How far apart the elements of a window are: one number for all axes, or one for each.
template <int... Steps> struct dilation_t {};
template <int... Steps> inline constexpr dilation_t<Steps...> dilation{};
/// How many elements are put around: one number for all sides, one for each axis, or two for each axis, before and after.
template <int... Counts> struct padding_t {};
template <int... Counts> inline constexpr padding_t<Counts...> padding{};
/// How many elements more a transposed convolution has at the end: those that a stride leaves out.
template <int... Counts> struct output_padding_t {};
template <int... Counts> inline constexpr output_padding_t<Counts...> output_padding{};
/// The channels are in so many groups, each of which is convolved by itself.
template <int Count> struct groups_t {};
template <int Count> inline constexpr groups_t<Count> groups{};
// clang-format on

/// So much padding that the result is as long as the operand; of an odd number one more at the end.
struct same_t {};
inline constexpr same_t same{};
/// The padding mirrors what is inside, without the element at the edge (as PyTorch's 'reflect'), instead of
/// being 0.
struct reflect_t {};
inline constexpr reflect_t reflect{};

namespace detail {

/// What the options of a call say, for each of its axes.
struct window_options {
  int axes;
  int stride[2]{1, 1}, dilation[2]{1, 1}, before[2]{}, after[2]{}, more[2]{}, groups = 1;
  bool same = false, reflects = false;
};

/// The options as bits, and which of them calls take.
struct taken {
  enum : unsigned {
    stride = 1,
    dilation = 2,
    padding = 4,
    output_padding = 8,
    groups = 16,
    same = 32,
    reflect = 64
  };
  static constexpr unsigned by_fold = stride | dilation, by_windows = by_fold | padding | same | reflect,
                            by_convolution = by_windows | groups,
                            by_transposed = by_convolution | output_padding;
  static constexpr std::string_view useless[] = {"it has no stride",
                                                 "it has no dilation",
                                                 "it has no padding",
                                                 "tg::output_padding is for transposed convolutions",
                                                 "only convolutions have groups",
                                                 "it has no padding, so tg::same says nothing",
                                                 "it has no padding, so tg::reflect says nothing"};
};

/// Reads the options of a call that has windows along so many axes.
struct option_reader {
  window_options all;
  unsigned takes = 0;
  std::string_view fault{};  // what is wrong with them
  unsigned given = 0;

  constexpr void note(unsigned option) {
    if ((given & option) != 0) fault = "an option is given twice";
    for (int k = 0; k < 7; ++k)
      if (option == 1u << k && (takes & option) == 0) fault = taken::useless[k];
    given |= option;
  }

  static constexpr int most = 1000000;
  constexpr void each(int (&to)[2], int least, std::initializer_list<int> numbers) {
    const int count = static_cast<int>(numbers.size());
    if (count != 1 && count != all.axes)
      fault =
          "an option has one number for all axes or one for each; tg::padding may have two for each, before "
          "and after";
    for (int k = 0; k < all.axes && fault.empty(); ++k) to[k] = numbers.begin()[count == 1 ? 0 : k];
    for (int number : numbers) check(number, least);
  }
  constexpr void check(int number, int least) {
    if (number > most)
      fault = "the numbers of an option are at most 1000000";
    else if (number < least)
      fault = least > 0 ? "strides, dilations and groups are 1 or more" : "a padding is 0 or more";
  }
  template <int... N>
  constexpr void set(stride_t<N...>) {
    note(taken::stride);
    each(all.stride, 1, {N...});
  }
  template <int... N>
  constexpr void set(dilation_t<N...>) {
    note(taken::dilation);
    each(all.dilation, 1, {N...});
  }
  template <int... N>
  constexpr void set(padding_t<N...>) {
    note(taken::padding);
    if (sizeof...(N) != 2 * static_cast<std::size_t>(all.axes))
      return each(all.before, 0, {N...}), each(all.after, 0, {N...});
    int side = 0;
    for (int count : {N...}) {
      (side % 2 == 0 ? all.before : all.after)[side / 2] = count;
      check(count, 0);
      ++side;
    }
  }
  template <int... N>
  constexpr void set(output_padding_t<N...>) {
    note(taken::output_padding);
    each(all.more, 0, {N...});
  }
  template <int N>
  constexpr void set(groups_t<N>) {
    note(taken::groups);
    all.groups = N;
    if (N < 1) fault = "strides, dilations and groups are 1 or more";
  }
  constexpr void set(same_t) { note(taken::same), all.same = true; }
  constexpr void set(reflect_t) { note(taken::reflect), all.reflects = true; }
};

template <class T>
concept WindowOption = requires(option_reader o, T option) {
  o.set(option);
};

/// The options of a call; strides are those given where no option says otherwise.
template <int Axes, unsigned Takes, class... Options>
constexpr option_reader read_options(std::initializer_list<int> stride) {
  option_reader o{{.axes = Axes}, Takes};
  if constexpr ((WindowOption<Options> && ...)) {
    o.each(o.all.stride, 1, stride);
    (o.set(Options{}), ...);
  } else {
    o.fault =
        "after the arrays come options alone: tg::stride<2>, tg::padding<1>, tg::dilation<2>, "
        "tg::groups<2>, tg::same, tg::reflect";
  }
  if (!o.fault.empty()) return o;
  if (o.all.same && (o.all.stride[0] > 1 || o.all.stride[1] > 1)) o.fault = "with tg::same the stride is 1";
  if (o.all.same && (o.given & taken::padding) != 0)
    o.fault = "tg::same is a padding, and tg::padding another";
  if ((Takes & taken::output_padding) != 0 && (o.all.same || o.all.reflects))
    o.fault = "the padding is a number of elements that are left out, and neither tg::same nor tg::reflect";
  for (int k = 0; k < Axes; ++k)
    if (o.all.more[k] >= o.all.stride[k] && o.all.more[k] >= o.all.dilation[k] && o.all.more[k] > 0)
      o.fault = "tg::output_padding is less than the stride or the dilation";
  return o;
}

}  // namespace detail

}  // namespace tg

#include "../../support/compiler/end.hpp"
