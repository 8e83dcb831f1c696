// SPDX-License-Identifier: BSL-1.0
// Array-valued formulas: symbols with shapes, products, sums over axes, and functions of arrays. Beside the
// umbrella header, because who has no arrays need not compile them.
#pragma once
#include "support/compiler/begin.hpp"

#include "formula/array/inspect.hpp"
#include "formula/array/movements.hpp"
#include "formula/array/reductions.hpp"
#include "program/array/bound_function.hpp"
#include "program/array/split_steps.hpp"
#include "typegrad.hpp"

#include "support/compiler/end.hpp"
