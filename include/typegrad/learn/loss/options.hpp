// SPDX-License-Identifier: BSL-1.0
// What may follow the arrays of a loss: how its elements are reduced, what they weigh, its parameters.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <string_view>

#include "../../formula/array/reductions.hpp"

namespace tg {

namespace detail {

/// The options of losses; each is known by its bit too.
enum class loss_option {
  reduction,
  sample_weights,
  class_weights,
  pos_weight,
  label_smoothing,
  ignore_index,
  beta,
  delta,
  margin,
  power,
  log_target,
  swap,
  epsilon,
  count
};
inline constexpr std::string_view loss_option_names[] = {
    "sum",          "sample_weights", "class_weights", "pos_weight", "label_smoothing",
    "ignore_index", "beta",           "delta",         "margin",     "power",
    "log_target",   "swap",           "epsilon"};
constexpr unsigned bit_of(loss_option o) { return 1u << static_cast<int>(o); }
enum loss_reduction : int { mean_of_losses, sum_of_losses, each_loss, batch_mean_of_losses };

/// An option that is a number of the formula, or an array; and one that is a number of the call.
template <loss_option Option, class V>
struct loss_value {
  static constexpr loss_option option = Option;
  static constexpr int number = 0;
  V value;
};
template <loss_option Option, int Number>
struct loss_flag {
  static constexpr loss_option option = Option;
  static constexpr int number = Number;
};
template <loss_option Option, int Number>
constexpr auto value_of(const loss_flag<Option, Number>&) {
  return rational<0>;
}
template <loss_option Option, class V>
constexpr const V& value_of(const loss_value<Option, V>& o) {
  return o.value;
}
template <class O>
concept LossOption = requires(const O& o) {
  O::option;
  value_of(o);
};

}  // namespace detail

/// Losses of arrays as formulas, and the options that may follow their arrays.
namespace loss {

// clang-format off
/// The mean of the losses, which is what a call gives that says nothing.
inline constexpr detail::loss_flag<detail::loss_option::reduction, detail::mean_of_losses> mean{};
/// The sum of the losses.
inline constexpr detail::loss_flag<detail::loss_option::reduction, detail::sum_of_losses> sum{};
/// The losses one by one.
inline constexpr detail::loss_flag<detail::loss_option::reduction, detail::each_loss> none{};
/// The sum of the losses by the length of the first axis.
inline constexpr detail::loss_flag<detail::loss_option::reduction, detail::batch_mean_of_losses> batch_mean{};
/// What each loss weighs, an array that is broadcast to them: the sum is of w*loss, the mean that by the sum of w. Rows of weight 0 fill up a batch.
template <class V> constexpr detail::loss_value<detail::loss_option::sample_weights, V> sample_weights(const V& w) { return {w}; }
/// What each class weighs, an array as long as there are classes.
template <class V> constexpr detail::loss_value<detail::loss_option::class_weights, V> class_weights(const V& w) { return {w}; }
/// What positive targets weigh, one number or one for each output.
template <class V> constexpr detail::loss_value<detail::loss_option::pos_weight, V> pos_weight(const V& w) { return {w}; }
/// The part of each target that is given to all classes alike.
template <class V> constexpr detail::loss_value<detail::loss_option::label_smoothing, V> label_smoothing(const V& part) { return {part}; }
/// The class that is no class: such elements have a loss of 0, do not count in the mean, and look nothing up.
template <int Class> inline constexpr detail::loss_flag<detail::loss_option::ignore_index, Class> ignore_index{};
/// Where smooth_l1 turns from a square to an absolute value.
template <class V> constexpr detail::loss_value<detail::loss_option::beta, V> beta(const V& width) { return {width}; }
/// Where huber turns from a square to a line.
template <class V> constexpr detail::loss_value<detail::loss_option::delta, V> delta(const V& width) { return {width}; }
/// The distance that is asked for.
template <class V> constexpr detail::loss_value<detail::loss_option::margin, V> margin(const V& distance) { return {distance}; }
/// The power of hinges, or the p of a norm.
template <int P> inline constexpr detail::loss_flag<detail::loss_option::power, P> power{};
/// The targets of kl_divergence are logarithms.
inline constexpr detail::loss_flag<detail::loss_option::log_target, 1> log_target{};
/// triplet takes the smaller of the distances of the negative from the anchor and from the positive.
inline constexpr detail::loss_flag<detail::loss_option::swap, 1> swap{};
/// What keeps a distance or a variance from 0.
template <class V> constexpr detail::loss_value<detail::loss_option::epsilon, V> epsilon(const V& least) { return {least}; }
// clang-format on

}  // namespace loss

}  // namespace tg

#include "../../support/compiler/end.hpp"
