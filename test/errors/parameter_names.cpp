// SPDX-License-Identifier: BSL-1.0
// expect: parameters: no parameter's name fits 'encodr'.
// expect: parameters: none is left.
// Parameters chosen by names that there are not, or all left out.
#include <typegrad/array.hpp>

constexpr auto theta = tg::parameters(tg::array<"encoder.weight", 4, 3>, tg::array<"encoder.bias", 4>);

#ifdef MUST_FAIL
auto misspelt = theta.only<"encodr">();
auto nothing = theta.without<"encoder">();
#else
static_assert(theta.only<"encoder.bias">().size() == 4);
#endif
