// SPDX-License-Identifier: BSL-1.0
// expect: gather: the shapes (rows) and (5, 3) do not fit: 7 against 5.
// expect: take_along: the shapes (7) and (5, 7) do not fit: rows against 5.
// expect: one_hot: the shapes (7) and (7) do not fit: rows against 4.
// expect: lower_triangle: the shape (rows) has no axis 1.
// expect: cumsum: the shape (rows, 7) has no axis 2.
// expect: flip: the shape (rows, 7) has no axis -3.
// expect: argmax: the shape (rows, 7) has no axis 2.
// expect: masked: the shapes (rows, 5) and (rows, 7) do not fit: 5 against 7.
// expect: function: argmax is for numbers that have an order.
// Places that may be out of range as indices, axes that do not exist, and numbers without an order.
#include <complex>
#include <typegrad/selection.hpp>
#include <vector>

constexpr auto w = tg::array<"w", 5, 3>;
constexpr auto x = tg::array<"x", tg::rows, 7>;
constexpr auto t = tg::array<"t", tg::rows>;
constexpr auto fn = tg::function(tg::inputs(x), tg::outputs(tg::argmax<1>(x)));

#ifdef MUST_FAIL
auto beyond = gather(w, tg::argmax<1>(x));
auto too_few = tg::take_along<0>(tg::array<"y", 5, 7>, tg::argmax<0>(x));
auto hot = tg::one_hot<4>(tg::argmax<0>(x));
auto triangle = tg::lower_triangle(t);
auto sums = tg::cumsum<2>(x);
auto turned = tg::flip<-3>(x);
auto place = tg::argmax<2>(x);
auto others = masked(x, tg::sequence_mask<5>(t));
auto called(std::vector<std::complex<double>>& v) { return fn(v, v, v); }
#else
auto within = gather(transpose(x), tg::argmax<1>(x));
auto called(std::vector<double>& v) { return fn(v, v, v); }
#endif
