// SPDX-License-Identifier: BSL-1.0
// Loops in formulas of arrays: recurrent networks, stacked layers.
#pragma once
#include "support/compiler/begin.hpp"

#include "array.hpp"
#include "formula/array/loops.hpp"
#include "program/array/loop_over_steps.hpp"

#include "support/compiler/end.hpp"
