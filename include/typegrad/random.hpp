// SPDX-License-Identifier: BSL-1.0
// Arrays of random numbers in formulas: noise, dropout, initial values of parameters.
#pragma once
#include "support/compiler/begin.hpp"

#include "array.hpp"
#include "formula/array/random.hpp"
#include "program/array/fill.hpp"
#include "program/array/random_kernel.hpp"

#include "support/compiler/end.hpp"
