// SPDX-License-Identifier: BSL-1.0
// Opt-in: the whole validator. Checks of formulas and of any callables, microderivatives, second opinions and
// black boxes in formulas. Only the assertions for Boost.Test stay apart, in validate/boost_test.hpp.
#pragma once
#include "support/compiler/begin.hpp"

#include "validate/check.hpp"
#include "validate/formula.hpp"
#include "validate/microderivative.hpp"
#include "validate/numeric.hpp"
#include "validate/products.hpp"
#include "validate/second_opinion.hpp"
#include "validate/taylor.hpp"

#include "support/compiler/end.hpp"
