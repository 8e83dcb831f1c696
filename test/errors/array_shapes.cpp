// SPDX-License-Identifier: BSL-1.0
// expect: matmul: the shapes (rows, 64) and (32, 10) do not fit: 64 against 32.
// expect: add: the shapes (rows, 64) and (32, 10) do not fit: 64 against 10.
// expect: where: the shapes (rows, 64) and (32, 10) do not fit: 64 against 10.
// expect: dot: the shapes (rows, 64) and (rows, 64) do not fit.
// expect: einsum: the shapes (rows, 64) and (32, 10) do not fit: 64 against 32.
// expect: reshape: the shapes (32, 10) and (7, 11) do not fit: 10 against 11.
// expect: broadcast: the shapes (32, 10) and (10, 32) do not fit: 10 against 32.
// expect: substitute: the shapes (3, 3) and (rows, 64) do not fit
// expect: substitute: the shapes () and (3, 3) do not fit.
// expect: evaluation: the array 'a' is no input; formulas of arrays are evaluated by tg::function(tg::inputs(a, ...), tg::outputs(...)).
// Shapes that do not fit.
#include <typegrad/array.hpp>

constexpr auto x = tg::array<"x", tg::rows, 64>;
constexpr auto w = tg::array<"w", 32, 10>;
constexpr auto a = tg::array<"a", 3, 3>;
constexpr auto s = tg::symbol<"s">;

#ifdef MUST_FAIL
auto product = matmul(x, w);
auto total = x + w;
auto choice = where(s < 1, x, w);
auto inner = dot(x, x);
auto labelled = tg::einsum<"ij,jk->ik">(x, w);
auto other_shape = tg::reshape<7, 11>(w);
auto larger = tg::broadcast<10, 32>(w);
auto larger_value = tg::substitute(matmul(a, a), a = x);
auto array_for_number = tg::substitute(s * x, s = a);
auto evaluated = sum(a)(a = 1.0);
#else
static_assert(shape_of(matmul(x, tg::array<"w", 64, 10>)) == tg::extents<tg::extent<"rows">, 10>{});
static_assert(shape_of(x + tg::array<"b", 64>) == shape_of(x));
#endif
