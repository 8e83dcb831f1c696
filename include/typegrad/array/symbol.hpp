// SPDX-License-Identifier: BSL-1.0
// The symbol of an array as a node: its name and its shape.
#pragma once
#include "../support/compiler/begin.hpp"

#include "algebra.hpp"

namespace tg::node {

/// A symbol with a shape; each extent is a number or the name of one that is known when a function is called.
/// After those of a square matrix `symmetric` may stand, after those of an array of indices
/// `detail::integers_t`.
template <auto Name, auto... Extents>
struct array {};

}  // namespace tg::node

namespace tg::op {

/// What an array symbol is stands in its record, below.
template <auto Name, auto... Extents>
struct array {
  static constexpr bool symmetric =
      (std::is_same_v<std::remove_const_t<decltype(Extents)>, symmetric_t> || ...);
  static constexpr bool integers =
      (std::is_same_v<std::remove_const_t<decltype(Extents)>, detail::integers_t> || ...);
  static constexpr detail::extent extents[] = {detail::as_extent(Extents)..., {}};
  static constexpr detail::structure shaped{
      .algebra = &detail::arrays_of_formulas,
      .extents = extents,
      .rank = static_cast<int>(sizeof...(Extents)) - symmetric - integers,
      .symmetric = symmetric,
      .integers = integers};
};

}  // namespace tg::op

namespace tg::detail {

constexpr record array_record(std::string_view name, const structure& shaped) {
  record r = symbol_record(name);
  r.shaped = &shaped;
  for (int k = 0; k < shaped.rank; ++k)
    r.identity = (r.identity ^ (shaped.extents[k].name != nullptr
                                    ? shaped.extents[k].name->key
                                    : static_cast<std::uint64_t>(shaped.extents[k].size) + 16)) *
                 0x9e3779b97f4a7c15u;
  r.identity += shaped.symmetric + 2 * shaped.integers;
  return r;
}
template <auto Name, auto... Extents>
inline constexpr record record_of<op::array<Name, Extents...>> =
    array_record(Name.view(), op::array<Name, Extents...>::shaped);

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
