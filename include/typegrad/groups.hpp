// SPDX-License-Identifier: BSL-1.0
// Optimizers of which groups of parameters have rates and decays of their own.
#pragma once
#include "support/compiler/begin.hpp"

#include "learn/train/grouped.hpp"
#include "optimize/first_order.hpp"

#include "support/compiler/end.hpp"
