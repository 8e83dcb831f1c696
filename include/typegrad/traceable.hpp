// SPDX-License-Identifier: BSL-1.0
// The mark of existing function templates that are to be traced: constexpr where the language lets a trace
// run them, nothing in the older language of the project that they come from. It needs nothing else of
// typegrad.
#pragma once
#include "support/compiler/begin.hpp"

#if __cplusplus >= 202002L
#define TYPEGRAD_TRACEABLE constexpr
#else
#define TYPEGRAD_TRACEABLE
#endif

#include "support/compiler/end.hpp"
