// SPDX-License-Identifier: BSL-1.0
// The last pass before a program is emitted: rewrites that are worth it only once all outputs are known.
#pragma once

#include "../graph/handle.hpp"

namespace tg {

/// Rewrites the graph for evaluation; `roots` moves along.
constexpr void schedule(builder&, buffer<int>&) {}

}  // namespace tg
