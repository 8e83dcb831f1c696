// SPDX-License-Identifier: BSL-1.0
// Elements of arrays chosen by arrays of indices: lookups in tables, and their transposes. Beside the header
// of arrays, because who looks nothing up need not compile them.
#pragma once
#include "support/compiler/begin.hpp"

#include "array.hpp"
#include "formula/array/selections.hpp"
#include "program/array/selection_kernels.hpp"

#include "support/compiler/end.hpp"
