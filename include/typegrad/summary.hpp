// SPDX-License-Identifier: BSL-1.0
// Models as tables of their layers.
#pragma once
#include "support/compiler/begin.hpp"

#include "learn/model/summary.hpp"
#include "model.hpp"

#include "support/compiler/end.hpp"
