// SPDX-License-Identifier: BSL-1.0
// Functions of arrays to look at: as C, and their plans. Beside the header of arrays, because who only runs
// them need not compile it.
#pragma once
#include "support/compiler/begin.hpp"

#include "array.hpp"
#include "formula/array/picture.hpp"
#include "program/array/text/array_c.hpp"
#include "program/array/text/describe.hpp"

#include "support/compiler/end.hpp"
