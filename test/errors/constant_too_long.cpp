// SPDX-License-Identifier: BSL-1.0
// expect: typegrad: this _c constant is no decimal number of at most 18 digits; write it as an ordinary number.
// An exact constant has to fit.
#include <typegrad/typegrad.hpp>

using namespace tg::literals;

#ifdef MUST_FAIL
auto constant = 3.14159265358979323846_c;
#else
auto constant = 3.14159265358979323_c;
#endif
