// SPDX-License-Identifier: BSL-1.0
// Which nodes of a graph some of its nodes need: the first thing that most passes ask.
#pragma once

#include "../graph/builder.hpp"

namespace tg::detail {

/// Which of the nodes below `end` one of the roots needs.
constexpr void mark_needed(const builder& b, int end, const int* roots, int count, buffer<char>& needed) {
  needed.assign(end, 0);
  for (int r = 0; r < count; ++r) needed[roots[r]] = 1;
  for (int i = end - 1; i >= 0; --i)
    if (needed[i] != 0)
      for (int k = 0; k < b.count(i); ++k) needed[b.operand(i, k)] = 1;
}

}  // namespace tg::detail
