// SPDX-License-Identifier: BSL-1.0
// expect: gradient: the formula is an array; take its sum, or its Jacobian.
// expect: typegrad: diff: a derivative has the axes of the formula and of the symbol, at most 8.
// expect: diff: variable 'c' does not occur in the formula; it has a, b. Write tg::allow_zero where a zero is meant.
// expect: typegrad: array: only a square matrix can be symmetric
// expect: typegrad: array: an extent must be at least 1.
// expect: trace: the function must take one argument per symbol or name
// Gradients of arrays, and symbols that cannot be.
#include <typegrad/array.hpp>

constexpr auto a = tg::array<"a", 3, 3>;
constexpr auto b = tg::array<"b", 3>;
constexpr auto c = tg::array<"c", 3>;
constexpr auto eight = tg::array<"t", 3, 1, 1, 1, 1, 1, 1, 1>;

#ifdef MUST_FAIL
auto by_array = gradient(matmul(a, b), b);
auto by_arrays = gradient(matmul(a, b), a, b);
auto nine_axes = diff(tg::reshape<3>(eight), eight);
auto by_another = diff(sum(matmul(a, b)), c);
auto no_square = tg::array<"s", 3, 4, tg::symmetric>;
auto no_extent = tg::array<"e", 0>;
auto of_one = tg::trace(a, b, [](auto x) { return x; });
#else
static_assert(gradient(sum(matmul(a, b)), b) == tg::sum<0>(a));
static_assert(diff(matmul(a, b), b) == a);
static_assert(diff(sum(matmul(a, b)), c, tg::allow_zero) == tg::broadcast<3>(tg::rational<0>));
#endif
