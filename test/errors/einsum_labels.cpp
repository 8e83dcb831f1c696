// SPDX-License-Identifier: BSL-1.0
// expect: einsum: the labels of the result come after an arrow, "ij,jk->ik".
// expect: einsum: there must be labels for each operand, with commas between them.
// expect: einsum: the result has a label that no operand has.
// expect: einsum: the result has an ellipsis that no operand has.
// expect: einsum: labels are letters, and ... for the axes that are carried along.
// expect: permute: name each axis once; axes before 0 count from the last one.
// expect: slice: the part [First, Last) has at least one element, and they count from 0.
// Labels of einsum, and orders and parts of axes, that say nothing.
#include <typegrad/array.hpp>

constexpr auto w = tg::array<"w", 32, 10>;

#ifdef MUST_FAIL
auto without_arrow = tg::einsum<"ij,jk">(w, w);
auto one_operand = tg::einsum<"ij,jk->ik">(w);
auto three_operands = tg::einsum<"ij,kj->ik">(w, w, w);
auto new_label = tg::einsum<"ij->ijk">(w);
auto new_ellipsis = tg::einsum<"ij->...i">(w);
auto two_dots = tg::einsum<"ij..->i">(w);
auto a_digit = tg::einsum<"i1->i">(w);
auto two_results = tg::einsum<"ij->i,j">(w);
auto twice = tg::permute<0, -2>(w);
auto empty_part = tg::slice<0, 2, 2>(w);
#else
static_assert(tg::einsum<"ij, kj -> ik">(w, w) == matmul(w, transpose(w)));
static_assert(tg::einsum<"...j->...">(w) == tg::sum<1>(w));
auto turned = tg::permute<-1, 0>(w);
#endif
