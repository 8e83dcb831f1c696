// SPDX-License-Identifier: BSL-1.0
// Whether calls of one function may be made in the lanes of registers: under -ffast-math rounding errors that
// these functions carry along would be optimized away, and code for a device has no such registers.
#pragma once
#include "../../support/compiler/begin.hpp"

namespace tg::detail {

#if defined(__FAST_MATH__) || defined(__CUDACC__)
inline constexpr bool shares_calls = false;
#else
inline constexpr bool shares_calls = true;
#endif

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
