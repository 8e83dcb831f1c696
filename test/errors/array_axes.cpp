// SPDX-License-Identifier: BSL-1.0
// expect: concatenate: the shapes (32, 10) and (3, 3) do not fit: 10 against 3.
// expect: determinant: the shapes (32, 10) and (32, 10) do not fit: 32 against 10.
// expect: solve: the shapes (32, 10) and (32, 10) do not fit: 32 against 10.
// expect: solve: the shapes (3, 3) and (32, 10) do not fit: 3 against 32.
// expect: w: the shapes (32, 10) and (3) do not fit: 10 against 3.
// expect: sum: the shape (32, 10) has no axis 2.
// expect: max: the shape (32, 10) has no axis -3.
// expect: slice: the shape (32, 10) has no axis 5.
// expect: jvp: the shapes (3, 3) and (3) do not fit.
// Axes that do not exist, shapes of several operands that do not fit, and two symbols of one name.
#include <typegrad/array.hpp>

constexpr auto w = tg::array<"w", 32, 10>;
constexpr auto a = tg::array<"a", 3, 3>;

#ifdef MUST_FAIL
auto joined = tg::concatenate<0>(w, a);
auto of_no_square = determinant(w);
auto solved = solve(w, w);
auto with_other_rows = solve(a, w);
auto of_two_shapes = sum(w) + sum(tg::array<"w", 3>);
auto over_missing = tg::sum<2>(w);
auto over_negative = tg::max<-3>(w);
auto part = tg::slice<5, 0, 1>(w);
auto pushed = jvp(sum(sin(tg::array<"v", 3>)), tg::along(tg::array<"v", 3> = a));
#else
auto over_first = tg::sum<0>(w);
auto over_last = tg::max<-1>(w);
auto part = tg::slice<0, 1, 3>(w);
#endif
