// SPDX-License-Identifier: BSL-1.0
// The places along an axis as numbers: 0, 1, 2, .... Triangles and masks are comparisons of them.
#pragma once
#include "../support/compiler/begin.hpp"

#include "../primitive/all.hpp"
#include "algebra.hpp"

namespace tg::detail {

constexpr int arange(builder& b, extent length);
constexpr int build_arange(builder& b, const structural_call& call) {
  return arange(b, b.lists.at(call.attribute, 0));
}

}  // namespace tg::detail

namespace tg::op {

template <auto... Extents>
struct arange : attributes_in_type {
  static constexpr std::string_view name = "arange";
};
template <>
struct arange<> {
  static constexpr std::string_view name = "arange";
  static constexpr int arity = 0;
  static constexpr bool built_in = true;
  static constexpr tg::facts facts{.range = tg::facts::not_negative, .calls = 0};
  static constexpr detail::structure shaped{.algebra = &detail::arrays_of_formulas,
                                            .infer = &detail::keep_shape,
                                            .construct = &detail::build_arange};
};

}  // namespace tg::op

namespace tg::detail {

constexpr int arange(builder& b, extent length) {
  buffer<extent> all;
  all.push_back(length);
  const int shape = b.lists.find(all);
  return b.intern_structural(known<op::arange<>>, shape, shape, buffer<int>{});
}
/// Whether an element of a matrix lies on or below diagonal number `offset`, those above the main one counted
/// upwards; or, of the upper triangle, on or above it.
constexpr int in_triangle(builder& b, extent rows, extent columns, int offset, bool upper) {
  buffer<extent> standing;
  standing.push_back(rows), standing.push_back(as_extent(1));
  const int diagonal = add(b, reshape(b, arange(b, rows), b.lists.find(standing)), b.constant(offset));
  const int column = arange(b, columns);
  return upper ? make<op::less_equal>(b, diagonal, column) : make<op::less_equal>(b, column, diagonal);
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
