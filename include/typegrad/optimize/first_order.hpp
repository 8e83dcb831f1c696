// SPDX-License-Identifier: BSL-1.0
// The first-order optimizers: a step along a gradient that the caller has computed. Opt-in: not part of the
// umbrella header. Each method is a struct of options in one of these files; tg::first_order<Method, T> is
// the optimizer.
#pragma once
#include "../support/compiler/begin.hpp"

#include "first_order/adam.hpp"
#include "first_order/adam_variants.hpp"
#include "first_order/adaptive.hpp"
#include "first_order/rule.hpp"
#include "first_order/sgd.hpp"

#include "../support/compiler/end.hpp"
