// SPDX-License-Identifier: BSL-1.0
// expect: first_order: the first argument is no first-order method; give one such as tg::adam.
// The optimizer of something that is no struct of options of a method.
#include <typegrad/optimize/first_order.hpp>

#ifdef MUST_FAIL
using method = double;
#else
using method = tg::adam;
#endif

tg::first_order<method, float> rule({}, 3);
