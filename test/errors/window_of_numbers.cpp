// SPDX-License-Identifier: BSL-1.0
// expect: window: plain numbers are no array; give it an array or a formula.
// expect: fold: plain numbers are no array; give it an array or a formula.
// expect: max_pool: plain numbers are no array; give it an array or a formula.
// expect: mean_pool: plain numbers are no array; give it an array or a formula.
// expect: conv1d: plain numbers are no array; give it an array or a formula.
// expect: conv_transpose2d: plain numbers are no array; give it an array or a formula.
// expect: jvp: the shape (rows) is that of an index; nothing is differentiated by it.
// expect: hvp: the shape (rows) is that of an index; nothing is differentiated by it.
// Windows of plain numbers, and directions of indices.
#include <typegrad/convolution.hpp>
#include <typegrad/selection.hpp>

constexpr auto x = tg::array<"x", tg::rows, 3, 8>;
constexpr auto w = tg::array<"w", 5, 3>;
constexpr auto t = tg::array<"t", tg::rows>;
constexpr auto i = tg::index<"i", tg::rows>;
constexpr auto f = gather(w, i) * gather(w, i);

#ifdef MUST_FAIL
auto windows = tg::window<0, 3>(2.5);
auto folded = tg::fold<0, 3>(2.5);
auto largest = tg::max_pool<2>(1);
auto smallest = tg::mean_pool<2>(1);
auto signal = tg::conv1d(1.0, 2.0);
auto image = tg::conv_transpose2d(1.0, 2.0);
auto tangent = tg::jvp(f, tg::along(i = t));
auto second = tg::hvp(sum(f), tg::along(i = t));
#else
auto windows = tg::window<2, 3>(x);
auto tangent = tg::jvp(f, tg::along(w = w));
#endif
