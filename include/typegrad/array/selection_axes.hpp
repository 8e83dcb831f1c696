// SPDX-License-Identifier: BSL-1.0
// The axes of an array that is indexed, of the index, and of what is selected.
#pragma once
#include "../support/compiler/begin.hpp"

#include "../graph/builder.hpp"

namespace tg::detail {

/// The array that is indexed is (lead, before, axis, after, trail), the index (before, own, after), and what
/// is selected (lead, before, own, after, trail); the attributes are where the axis is, and the numbers of
/// axes before and after; then, of a sum in places, the length of the axis; then, where there is one, the
/// index that stands for none.
struct selection {
  constexpr selection(const builder& b, int attribute, int index)
      : axis{b.lists.at(attribute, 0).size},
        before{b.lists.at(attribute, 1).size},
        after{b.lists.at(attribute, 2).size},
        own{b.lists.rank(b.shape(index)) - before - after} {}
  int axis, before, after, own;

  /// The index that stands for none; `all` where each stands for itself.
  static constexpr int all = -2147483647 - 1;
  static constexpr int ignored(const builder& b, int attribute, bool adds) {
    const int at = adds ? 4 : 3;
    return b.lists.rank(attribute) > at ? b.lists.at(attribute, at).size : all;
  }
};

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
