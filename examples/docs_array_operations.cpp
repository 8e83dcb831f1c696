// SPDX-License-Identifier: BSL-1.0
// The code of docs/array_operations.md: the derivative of each operation, as an equation of types.
#include <iostream>
#include <string_view>
#include <typegrad/array.hpp>

#include "support/expect.hpp"

using example::expect;
using namespace tg::literals;

namespace {

constexpr auto A = tg::array<"A", 4, 3>;
constexpr auto B = tg::array<"B", 3, 5>;
constexpr auto X = tg::array<"X", 3, 3>;
constexpr auto v = tg::array<"v", 3>;

// [pulled]
/// G' times the derivative of y by x: the gradient of sum(G * y).
template <auto... Extents>
constexpr auto pulled(auto y, auto x) {
  return tg::vjp(y, tg::weights(tg::array<"G", Extents...>), x);
}
// [pulled]

// [products]
constexpr auto G = tg::array<"G", 4, 5>;
constexpr auto g = tg::array<"G", 4>;
static_assert(pulled<4, 5>(matmul(A, B), A) == matmul(G, transpose(B)));
static_assert(pulled<4, 5>(matmul(A, B), B) == matmul(transpose(A), G));
static_assert(pulled<4>(matmul(A, v), A) == outer(g, v));
static_assert(pulled<4>(matmul(A, v), v) == matmul(transpose(A), g));
static_assert(tg::gradient(dot(v, v), v) == 2_c * v);
static_assert(pulled<4, 5>(tg::einsum<"ik,kj->ij">(A, B), B) == tg::einsum<"ik,ij->kj">(A, G));
static_assert(pulled<3, 4>(transpose(A), A) == transpose(tg::array<"G", 3, 4>));
static_assert(tg::gradient(trace(matmul(X, X)), X) == 2_c * transpose(X));
// [products]

// [matrices]
constexpr auto H = tg::array<"G", 3, 3>;
constexpr auto h = tg::array<"G", 3>;
static_assert(pulled<3, 3>(inverse(X), X) == -matmul(transpose(inverse(X)), H, transpose(inverse(X))));
static_assert(tg::gradient(determinant(X), X) == determinant(X) * transpose(inverse(X)));
static_assert(tg::gradient(log_determinant(X), X) == transpose(inverse(X)));
static_assert(pulled<3>(solve(X, v), v) == solve(transpose(X), h));
static_assert(pulled<3>(solve(X, v), X) == -outer(solve(transpose(X), h), solve(X, v)));
// [matrices]

// [reductions]
constexpr auto column = tg::reshape<4, 1>(g);  // one number for each row of A
static_assert(pulled<4>(tg::sum<1>(A), A) == tg::broadcast<4, 3>(column));
static_assert(pulled<4>(tg::logsumexp<1>(A), A) == column * tg::softmax<1>(A));
static_assert(pulled<4>(tg::norm<1>(A), A) == column * A / tg::norm<1>(A, tg::keep));
constexpr auto largest = equal(A, tg::max<1>(A, tg::keep));
constexpr auto ties = tg::sum<1>(where(largest, 1_c, 0_c));
static_assert(pulled<4>(tg::max<1>(A), A) == where(largest, tg::reshape<4, 1>(g / ties), 0_c));
// [reductions]

// [normalised]
constexpr auto W = tg::array<"G", 4, 3>;
constexpr auto p = tg::softmax<1>(A);
static_assert(pulled<4, 3>(p, A) == W * p - p * tg::sum<1>(W * p, tg::keep));
static_assert(pulled<4, 3>(tg::log_softmax<1>(A), A) == W - p * tg::sum<1>(W, tg::keep));
// [normalised]

// [arranged]
static_assert(pulled<2, 6>(tg::reshape<2, 6>(A), A) == tg::reshape<4, 3>(tg::array<"G", 2, 6>));
static_assert(pulled<4, 3>(tg::broadcast<4, 3>(v), v) == tg::sum<0>(W));
static_assert(pulled<2, 3>(tg::slice<0, 1, 3>(A), A) == tg::pad<0, 1, 1>(tg::array<"G", 2, 3>));
static_assert(pulled<7, 3>(tg::pad<0, 1, 2>(A), A) == tg::slice<0, 1, 5>(tg::array<"G", 7, 3>));
static_assert(pulled<4, 8>(tg::concatenate<1>(A, matmul(A, B)), A) ==
              tg::slice<1, 0, 3>(tg::array<"G", 4, 8>) +
                  matmul(tg::slice<1, 3, 8>(tg::array<"G", 4, 8>), transpose(B)));
// [arranged]

// [elements]
static_assert(pulled<4, 3>(A + v, v) == tg::sum<0>(W));
static_assert(pulled<4, 3>(A * v, v) == tg::sum<0>(A * W));
static_assert(pulled<4, 3>(sin(A), A) == W * cos(A));
// [elements]

}  // namespace

int main() {
  std::cout << tg::gradient(log_determinant(X), X) << '\n';
  expect(tg::to_string(pulled<4, 5>(matmul(A, B), A)).view() == "G*B'");
}
