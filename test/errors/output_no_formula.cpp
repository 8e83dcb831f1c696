// SPDX-License-Identifier: BSL-1.0
// expect: typegrad: outputs: every argument must be a formula, a gradient, a Jacobian or a Hessian.
// An output that is a number.
#include <typegrad/typegrad.hpp>

using namespace tg::literals;

constexpr auto x = tg::symbol<"x">;

#ifdef MUST_FAIL
auto all = tg::outputs(x, 2.0);
#else
auto all = tg::outputs(x, 2_c);
#endif
