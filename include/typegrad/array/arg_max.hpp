// SPDX-License-Identifier: BSL-1.0
// The place of the largest element over axes, as a number without a derivative. As an index it is in range
// where the axes that it counts along are no longer than the one that is indexed.
#pragma once
#include "../support/compiler/begin.hpp"

#include "reduction.hpp"

namespace tg::op {

/// The place of the largest element over the axes, counted in row-major order: of equal ones the first, and
/// of a NaN if there is one.
template <auto... Axes>
struct argmax : attributes_in_type {
  static constexpr std::string_view name = "argmax";
};
template <>
struct argmax<> {
  static constexpr std::string_view name = "argmax";
  static constexpr bool built_in = true;
  static constexpr tg::facts facts{.range = tg::facts::not_negative, .calls = 0};
  static constexpr detail::structure shaped{.algebra = &detail::arrays_of_formulas,
                                            .reduces = true,
                                            .infer = &detail::infer_reduction,
                                            .construct = &detail::intern_reduction,
                                            .pull = &detail::no_adjoint,
                                            .push = &detail::no_adjoint};
};

}  // namespace tg::op

namespace tg::detail {

constexpr int without_reshapes(const builder& b, int x) {
  while (b[x].op == known<op::reshape<>>) x = b.operand(x, 0);
  return x;
}
/// The number that places of largest elements are below: how many elements there are along the axes; the
/// largest one if that is a product with run-time extents.
constexpr extent places_below(const builder& b, int x) {
  x = without_reshapes(b, x);
  constexpr std::int64_t most = 0x7fffffff;
  extent count = as_extent(1);
  for (int k = 0; k < b.lists.rank(b.attribute(x)); ++k) {
    const extent own = b.lists.at(b.shape(b.operand(x, 0)), b.lists.at(b.attribute(x), k).size);
    const bool known_product = own.name == nullptr && count.name == nullptr;
    const std::int64_t product = known_product ? std::int64_t{own.size} * count.size : most;
    if (count.is(1))
      count = own;
    else if (!own.is(1))
      count = as_extent(static_cast<int>(product < most ? product : most));
  }
  return count;
}

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
