// SPDX-License-Identifier: BSL-1.0
// The code of docs/matrix_calculus.md: gradients of matrix formulas, as types and as text.
#include <iostream>
#include <string_view>
#include <typegrad/array.hpp>

#include "support/expect.hpp"

using example::expect;
using namespace tg::literals;

// [gradient]
constexpr auto A = tg::array<"A", 3, 3>;
constexpr auto B = tg::array<"B", 3, 3>;
constexpr auto X = tg::array<"X", 3, 3>;
constexpr auto f = trace(matmul(transpose(X), A, X));
static_assert(tg::gradient(f, X) == matmul(A + transpose(A), X));  // the same type
static_assert(tg::to_string(tg::gradient(f, X)).view() == "(A + A')*X");
static_assert(tg::to_latex(tg::gradient(f, X)).view() == R"(\left(A + A^{\top}\right) X)");
// [gradient]

// [regression]
constexpr auto x = tg::array<"x", tg::rows, 4>;  // as many rows as there are, of 4 columns
constexpr auto w = tg::array<"w", 4>;
constexpr auto y = tg::array<"y", tg::rows>;
constexpr auto loss = sum(pow(matmul(x, w) - y, 2_c)) / 2_c;
static_assert(tg::to_string(loss).view() == "sum((x*w - y).^2)/2");
static_assert(tg::to_string(tg::gradient(loss, w)).view() == "x'*(x*w - y)");
// [regression]

// [gaussian]
constexpr auto S = tg::array<"S", 3, 3, tg::symmetric>;
constexpr auto m = tg::array<"m", 3>;
constexpr auto v = tg::array<"v", 3>;
constexpr auto likelihood = -log_determinant(S) / 2_c - matmul(v - m, inverse(S), v - m) / 2_c;
static_assert(tg::to_string(likelihood).view() == "-(v - m)'*S^-1*(v - m)/2 - logdet(S)/2");
static_assert(tg::to_string(tg::gradient(likelihood, m)).view() == "S^-1*(v - m)");
// [gaussian]

// [jacobians]
constexpr auto g = tanh(matmul(A, v));
static_assert(tg::diff(matmul(A, v), v) == A);
static_assert(tg::to_string(tg::diff(g, v)).view() == "diag(1 - tanh(A*v).^2)*A");
static_assert(tg::hessian(matmul(v, A, v), v) == A + transpose(A));
static_assert(tg::to_string(tg::diff(tg::softmax(v), v)).view() ==
              "diag(exp(v - logsumexp(v))) - (exp(v - logsumexp(v)))*(exp(v - logsumexp(v)))'");
static_assert(tg::to_string(tg::diff(inverse(X), X)).view() == R"(-einsum("ij,kl->iljk", X^-1, X^-1))");
// [jacobians]

// [identities]
static_assert(transpose(matmul(A, B)) == matmul(transpose(B), transpose(A)));
static_assert(trace(matmul(A, B, X)) == trace(matmul(X, A, B)));
static_assert(matmul(A, inverse(A), X) == X);
static_assert(matmul(A, X) + matmul(A, B) == matmul(A, X + B));
// [identities]

// [no identity]
static_assert(!(matmul(A + B, X) + matmul(A, B) == matmul(A, X + B) + matmul(B, X)));
static_assert(!(inverse(matmul(A, B)) == matmul(inverse(B), inverse(A))));
// [no identity]

int main() {
  std::cout << tg::gradient(likelihood, m) << '\n';
  expect(tg::to_string(likelihood).size() > 0);
}
