// SPDX-License-Identifier: BSL-1.0
// Arrays of random numbers as a structural primitive: its operand is the seed, its attributes are the name of
// the place where they are used, a number that tells several arrays of one place apart, and the shape.
#pragma once
#include "../support/compiler/begin.hpp"

#include "algebra.hpp"

namespace tg::detail {

constexpr int infer_random(builder& b, const structural_call& call) {
  buffer<extent> shape;
  for (int k = 2; k < b.lists.rank(call.attribute); ++k) shape.push_back(b.lists.at(call.attribute, k));
  return b.lists.find(shape);
}
constexpr int build_random(builder& b, const structural_call& call) {
  return b.intern_structural(call.op, call.attribute, infer_random(b, call), call.args);
}

}  // namespace tg::detail

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
                                            .infer = &detail::infer_random,
                                            .construct = &detail::build_random,
                                            .pull = &detail::no_adjoint,
                                            .push = &detail::no_adjoint};
};

}  // namespace tg::op

#include "../support/compiler/end.hpp"
