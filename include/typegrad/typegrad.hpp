// SPDX-License-Identifier: BSL-1.0
// typegrad: compile-time symbolic differentiation. This header brings everything that needs no package:
// formulas, derivatives, evaluation, inspection. Opt-in headers stand beside it.
#pragma once
#include "support/compiler/begin.hpp"

#include "formula/directional.hpp"
#include "formula/inspect.hpp"
#include "formula/misuse.hpp"
#include "formula/taylor_polynomial.hpp"
#include "formula/trace.hpp"
#include "program/function.hpp"
#include "program/program_cost.hpp"
#include "program/sum.hpp"
#include "version.hpp"

#include "support/compiler/end.hpp"
