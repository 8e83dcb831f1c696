// SPDX-License-Identifier: BSL-1.0
// Opt-in: Taylor series in several symbols, with all mixed partial derivatives up to given orders.
#pragma once
#include "support/compiler/begin.hpp"

#include "program/mixed_taylor.hpp"

#include "support/compiler/end.hpp"
