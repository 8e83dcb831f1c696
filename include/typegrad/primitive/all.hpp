// SPDX-License-Identifier: BSL-1.0
// Every built-in primitive, one line a family. The table of tests iterates this list, so that a primitive
// without a tested derivative cannot exist.
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

namespace tg::op {

template <class... Op>
struct primitives {};

using all = primitives<
    add, multiply, divide, negate, power, sqrt, where,                        // algebra
    less, less_equal, equal, logical_and, logical_or, logical_not,            // condition
    pi, e,                                                                    // constants
    exp, exp2, expm1, log, log2, log10, log1p, cbrt, pow,                     // exponential
    sin, cos, tan, sec, csc, cot, asin, acos, atan, atan2, asec, acsc, acot,  // trigonometric
    sinh, cosh, tanh, tanh_slope, sech, csch, coth, asinh, acosh, atanh, asech, acsch, acoth,  // hyperbolic
    asec_slope, acsch_slope, inversion,                                             // inverse_slope
    abs, abs_slope, corner, sign, min, max, floor, ceil, round, trunc, fmod, relu,  // piecewise
    erf, erfc, tgamma, lgamma, digamma, polygamma<1>,                               // gamma
    hypot, hypot_slope, sigmoid, sigmoid_slope, softplus, silu, gelu, sinc, sinc_derivative<1>,  // activation
    logsumexp, logsumexp_weight, pair_weight, pair_slope>;                                       // logsumexp

}  // namespace tg::op

#include "../support/compiler/end.hpp"
