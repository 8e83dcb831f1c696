// SPDX-License-Identifier: BSL-1.0
// Arrays of random numbers as a structural primitive: its operand is the seed, its attributes are the name of
// the place where they are used, a number that tells several arrays of one place apart, and the shape.
#pragma once
#include "../support/compiler/begin.hpp"

#include "algebra.hpp"

namespace tg::op {

template <auto... Attributes>
struct random_uniform : attributes_in_type {
  static constexpr std::string_view name = "random_uniform";
};
template <>
struct random_uniform<> {
  static constexpr std::string_view name = "random_uniform";
  static constexpr bool built_in = true;
  static constexpr tg::facts facts{.range = tg::facts::not_negative, .calls = 0};
  static constexpr detail::structure shaped{.algebra = &detail::arrays_of_formulas,
                                            .attributes = detail::attributes_are::site,
                                            .infer = &detail::infer_from_attributes<2>,
                                            .construct = &detail::build_of_attributes<2>,
                                            .pull = &detail::no_adjoint,
                                            .push = &detail::no_adjoint};
};

}  // namespace tg::op

#include "../support/compiler/end.hpp"
