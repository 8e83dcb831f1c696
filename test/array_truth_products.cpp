// SPDX-License-Identifier: BSL-1.0
// Products of arrays and functions of square matrices against PyTorch's table.
#include "array_truth.hpp"

using array_truth::check;
using namespace tg::literals;

namespace {

constexpr auto T = tg::array<"T", 4, 3>;
constexpr auto R = tg::array<"T", tg::rows, 3>;  // 4 of them
constexpr auto W = tg::array<"W", 3, 4>;
constexpr auto A = tg::array<"A", 3, 3>;
constexpr auto B = tg::array<"B", 2, 3, 3>;
constexpr auto C = tg::array<"C", 2, 3, 3>;
constexpr auto P = tg::array<"P", 2, 1, 2, 3>;
constexpr auto Q = tg::array<"Q", 2, 3, 2>;
constexpr auto u = tg::array<"u", 3>;
constexpr auto v = tg::array<"v", 3>;
constexpr auto t = tg::array<"t", 4>;
constexpr auto r = tg::array<"t", tg::rows>;

}  // namespace

BOOST_AUTO_TEST_CASE(products) {
  check("matmul", matmul(R, W), R, W);
  check("matmul_by_vector", matmul(R, u), R, u);
  check("matmul_of_vector", matmul(u, W), u, W);
  check("matmul_of_vectors", matmul(u, v), u, v);
  check("matmul_batched", matmul(B, C), B, C);
  check("matmul_batch_by_matrix", matmul(B, A), B, A);
  check("matmul_batch_by_vector", matmul(B, u), B, u);
  check("matmul_vector_by_batch", matmul(u, B), u, B);
  check("matmul_broadcast", matmul(P, Q), P, Q);
  check("matmul_of_three", matmul(R, A, W), R, A, W);
  check("matmul_of_four", matmul(u, A, W, t), u, A, W, t);
  check("matmul_of_one_twice", matmul(A, A, A), A);
  check("einsum_batched", einsum<"bij,bjk->bik">(B, C), B, C);
  check("einsum_ellipsis", einsum<"...ij,...kj->...ik">(P, B), P, B);
  check("einsum_ellipsis_sum", einsum<"...ij,j->...i">(B, u), B, u);
  check("einsum_repeated", einsum<"bii->b">(B), B);
  check("einsum_repeated_kept", einsum<"ii,i->i">(A, u), A, u);
  check("einsum_repeated_across", einsum<"bij,ij->bj">(B, A), B, A);
  check("einsum_cycle", einsum<"ij,jk,kl,li->">(A, A, W, T), A, T, W);
  check("einsum_weights", einsum<"bij,i,j->b">(B, u, v), B, u, v);
  check("einsum_without_sum", einsum<"i,j->ji">(u, r), u, r);
  check("dot", dot(u, v), u, v);
  check("outer", outer(u, r), u, r);
  check("outer_of_matrix", outer(R, v), R, v);
}

BOOST_AUTO_TEST_CASE(square_matrices) {
  check("trace", trace(A), A);
  check("trace_batched", trace(B), B);
  check("diagonal", diagonal(A), A);
  check("diagonal_batched", diagonal(B), B);
  check("inverse", inverse(A), A);
  check("inverse_batched", inverse(B), B);
  check("determinant", determinant(A), A);
  check("determinant_batched", determinant(B), B);
  check("log_determinant", log_determinant(A), A);
  check("log_determinant_batched", log_determinant(B), B);
  check("inverse_product", matmul(inverse(A), u), A, u);
}
