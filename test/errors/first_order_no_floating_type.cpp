// SPDX-License-Identifier: BSL-1.0
// expect: first_order: the number type must be float, double or long double.
// An optimizer of whole numbers.
#include <typegrad/optimize/first_order.hpp>

#ifdef MUST_FAIL
using number = int;
#else
using number = long double;
#endif

tg::first_order<tg::sgd, number> rule({}, 3);
