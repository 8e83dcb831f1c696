// SPDX-License-Identifier: BSL-1.0
// Losses of arrays, in tg::loss. Beside the header of arrays, because who trains nothing need not compile
// them.
#pragma once
#include "support/compiler/begin.hpp"

#include "learn/loss/classification.hpp"
#include "learn/loss/distance.hpp"
#include "learn/loss/regression.hpp"
#include "selection.hpp"

#include "support/compiler/end.hpp"
