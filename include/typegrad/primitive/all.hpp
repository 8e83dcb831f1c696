// SPDX-License-Identifier: BSL-1.0
// Every family of built-in primitives.
#pragma once
#include "../support/compiler/begin.hpp"

#include "activation.hpp"
#include "arithmetic.hpp"
#include "condition.hpp"
#include "constants.hpp"
#include "exponential.hpp"
#include "gamma.hpp"
#include "hyperbolic.hpp"
#include "inverse_slope.hpp"
#include "logsumexp.hpp"
#include "piecewise.hpp"
#include "trigonometric.hpp"

#include "../support/compiler/end.hpp"
