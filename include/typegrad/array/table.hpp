// SPDX-License-Identifier: BSL-1.0
// The functions by which passes calculate with arrays, in one table.
#pragma once
#include "../support/compiler/begin.hpp"

#include "common_factor.hpp"
#include "differentiate.hpp"
#include "misfit.hpp"

namespace tg::detail {

inline constexpr array_algebra arrays_of_formulas{.join_shapes = &join_shapes,
                                                  .broadcast = &broadcast,
                                                  .sum_to = &sum_to,
                                                  .join_terms = &join_terms,
                                                  .pull = &pull_structural,
                                                  .push = &push_structural,
                                                  .describe_misfit = &describe_misfit};

}  // namespace tg::detail

#include "../support/compiler/end.hpp"
