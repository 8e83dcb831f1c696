// SPDX-License-Identifier: BSL-1.0
// How a parameter begins: a distribution and its width.
#pragma once
#include "../../support/compiler/begin.hpp"

namespace tg {

/// The rule for the first values of a parameter, made by a function of tg::initial.
struct initial_rule {
  enum kind_t { constant, uniform, normal, truncated_normal, orthogonal } kind = constant;
  double width = 0;  // the value; half the width; the standard deviation; the gain
  double divided_by_root_of = 1;
};

/// Rules for the first values of parameters (PyTorch's torch.nn.init). Fans are the numbers of inputs and of
/// outputs that an element is connected with.
namespace initial {

// clang-format off
/// The same number everywhere.
constexpr initial_rule constant(double value) { return {initial_rule::constant, value}; }
/// Uniform in (-half_width, half_width).
constexpr initial_rule uniform(double half_width) { return {initial_rule::uniform, half_width}; }
/// Normal with mean 0.
constexpr initial_rule normal(double deviation) { return {initial_rule::normal, deviation}; }
/// Normal with mean 0, drawn again beyond two deviations (BERT's, 0.02).
constexpr initial_rule truncated_normal(double deviation) { return {initial_rule::truncated_normal, deviation}; }
/// Uniform of half width 1/sqrt(fan_in): what PyTorch's layers begin with.
constexpr initial_rule fan_in_uniform(int fan_in) { return {initial_rule::uniform, 1, double(fan_in)}; }
/// Uniform of deviation gain/sqrt(fan_in) (He et al. 2015); the gain of relu is sqrt(2).
constexpr initial_rule kaiming_uniform(int fan_in, double gain = 1.4142135623730951) { return {initial_rule::uniform, gain, fan_in / 3.0}; }
constexpr initial_rule kaiming_normal(int fan_in, double gain = 1.4142135623730951) { return {initial_rule::normal, gain, double(fan_in)}; }
/// Uniform of deviation gain*sqrt(2/(fan_in + fan_out)) (Glorot and Bengio 2010).
constexpr initial_rule xavier_uniform(int fan_in, int fan_out, double gain = 1) { return {initial_rule::uniform, gain, (fan_in + fan_out) / 6.0}; }
constexpr initial_rule xavier_normal(int fan_in, int fan_out, double gain = 1) { return {initial_rule::normal, gain, (fan_in + fan_out) / 2.0}; }
/// Rows or columns of length gain at right angles (Saxe et al. 2014); of several axes the first against all others.
constexpr initial_rule orthogonal(double gain = 1) { return {initial_rule::orthogonal, gain}; }
// clang-format on

}  // namespace initial

}  // namespace tg

#include "../../support/compiler/end.hpp"
