// SPDX-License-Identifier: BSL-1.0
// Elements of arrays chosen by indices, by their order and by their places: lookups in tables and their
// transposes, argmax, running sums, triangles and masks. Beside the header of arrays, because who needs none
// of them need not compile them.
#pragma once
#include "support/compiler/begin.hpp"

#include "array.hpp"
#include "formula/array/masks.hpp"
#include "formula/array/order.hpp"
#include "formula/array/selections.hpp"
#include "program/array/order_kernels.hpp"
#include "program/array/selection_kernels.hpp"

#include "support/compiler/end.hpp"
