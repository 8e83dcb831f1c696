// SPDX-License-Identifier: BSL-1.0
// expect: concatenate: the shape (time, 3) must have a number as the length of axis -2.
// expect: pad: the shape (time, 3) must have a number as the length of axis 0.
// Axes whose lengths are known only in a call, where the length of the result has to be a number.
#include <typegrad/array.hpp>

constexpr auto t = tg::array<"t", tg::extent<"time">, 3>;

#ifdef MUST_FAIL
auto joined = tg::concatenate<-2>(t, t);
auto padded = tg::pad<0, 1, 1>(t);
#else
auto joined = tg::concatenate<-1>(t, t);
auto padded = tg::pad<1, 1, 1>(t);
auto part = tg::slice<0, 1, 3>(t);
#endif
