// SPDX-License-Identifier: BSL-1.0
// The functions by which passes calculate with arrays, in one table.
#pragma once
#include "../support/compiler/begin.hpp"

#include "common_factor.hpp"
#include "differentiate.hpp"
#include "misfit.hpp"
#include "movement.hpp"

namespace tg::detail {

constexpr int join_two_terms(builder& b, int x, const exact& p, int y, const exact& q) {
  const int parts = join_parts(b, x, p, y, q);
  return parts < 0 ? join_terms(b, x, p, y, q) : parts;
}

inline constexpr array_algebra arrays_of_formulas{.join_shapes = &join_shapes,
                                                  .broadcast = &broadcast,
                                                  .sum_to = &sum_to,
                                                  .join_terms = &join_two_terms,
                                                  .pull = &pull_structural,
                                                  .push = &push_structural,
                                                  .describe_misfit = &describe_misfit};

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
