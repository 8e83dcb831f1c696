// SPDX-License-Identifier: BSL-1.0
// Arrangements of elements, functions of elements and parts of networks against PyTorch's table.
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
constexpr auto Q = tg::array<"Q", 2, 3, 2>;
constexpr auto u = tg::array<"u", 3>;
constexpr auto v = tg::array<"v", 3>;
constexpr auto t = tg::array<"t", 4>;
constexpr auto r = tg::array<"t", tg::rows>;
constexpr auto s = tg::symbol<"s">;

}  // namespace

BOOST_AUTO_TEST_CASE(arrangements) {
  check("transpose", transpose(W), W);
  check("transpose_of_three", transpose(B), B);
  check("permute", tg::permute<2, 0, 1>(B), B);
  check("reshape", tg::reshape<2, 6>(T), T);
  check("reshape_of_transpose", tg::reshape<2, 3, 2>(transpose(T)), T);
  check("broadcast", tg::broadcast<2, 3, 4>(W), W);
  check("broadcast_of_number", tg::broadcast<2, 3>(s), s);
  check("slice", tg::slice<0, 1, 3>(R), R);
  check("slice_last_axis", tg::slice<-1, 0, 2>(B), B);
  check("pad", tg::pad<0, 2, 1>(T), T);
  check("pad_last_axis", tg::pad<1, 1, 0>(W), W);
  check("concatenate", tg::concatenate<0>(T, A), T, A);
  check("concatenate_last_axis", tg::concatenate<-1>(B, Q, B), B, Q);
  check("stack", tg::stack<0>(u, v), u, v);
  check("stack_last_axis", tg::stack<-1>(B, C), B, C);
  check("stack_middle_axis", tg::stack<1>(B, C), B, C);
}

BOOST_AUTO_TEST_CASE(functions_of_elements) {
  check("broadcast_product", B * A - u, B, A, u);
  check("broadcast_quotient", W / (2_c + tg::reshape<3, 1>(u)), W, u);
  check("columns_by_rows", exp(tg::reshape<tg::rows, 1>(r) * u), r, u);
  check("tanh_of_sum", tanh(R * s + u), R, u, s);
  check("where", where(R > u, sin(R), R * u), R, u);
  check("min_of_two", min(B, u), B, u);
  check("max_with_number", max(R, s), R, s);
  check("power", pow(softplus(R), u), R, u);
  check("atan2", atan2(R, u), R, u);
  check("functions", erf(R) + sigmoid(R) * log1p(R * R) - gelu(R), R);
}

BOOST_AUTO_TEST_CASE(parts_of_networks) {
  check("attention", matmul(tg::softmax<-1>(matmul(B, tg::permute<0, 2, 1>(C)) / 2_c), Q), B, C, Q);
  check("cross_entropy", -mean(tg::sum<-1>(tg::softmax(t) * tg::log_softmax<-1>(tanh(matmul(R, W))))), R, W,
        t);
}
