// SPDX-License-Identifier: BSL-1.0
// expect: evaluation: the symbol 'y' has no value; bind it, or name it among the inputs.
// A call of a formula that leaves a symbol without a value.
#include <typegrad/typegrad.hpp>

constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;

#ifdef MUST_FAIL
double value = (x * sin(y))(x = 2.0);
#else
double value = (x * sin(y))(x = 2.0, y = 1.0);
#endif
