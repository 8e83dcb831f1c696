// SPDX-License-Identifier: BSL-1.0
// Matrix calculus as identities of types: the derivatives of the Matrix Cookbook (K. B. Petersen and M. S.
// Pedersen, 2012; the numbers are those of its equations), and what is equal whatever the shape.
#include <boost/test/unit_test.hpp>

#include <typegrad/array.hpp>

using namespace tg;
using namespace tg::literals;

namespace {

constexpr auto A = array<"A", 3, 3>;
constexpr auto B = array<"B", 3, 3>;
constexpr auto C = array<"C", 3, 3>;
constexpr auto D = array<"D", 3, 3>;
constexpr auto X = array<"X", 3, 3>;
constexpr auto a = array<"a", 3>;
constexpr auto b = array<"b", 3>;
constexpr auto c = array<"c", 3>;
constexpr auto d = array<"d", 3>;
constexpr auto s = array<"s", 3>;
constexpr auto x = array<"x", 3>;
constexpr auto Y = array<"Y", 5, 3>;
constexpr auto E = array<"E", 5, 5>;
// Symmetric ones.
constexpr auto W = array<"W", 3, 3, symmetric>;
constexpr auto V = array<"V", 3, 3, symmetric>;
constexpr auto S5 = array<"S", 5, 5, symmetric>;
constexpr auto I3 = gradient(trace(X), X);  // the identity matrix

// Section 2.1, determinants.
static_assert(gradient(determinant(X), X) == determinant(X) * transpose(inverse(X)));  // (46)
static_assert(gradient(determinant(matmul(A, X, B)), X) ==
              determinant(matmul(A, X, B)) * transpose(inverse(X)));  // (49)
static_assert(gradient(determinant(matmul(transpose(X), A, X)), X) ==
              2_c * determinant(matmul(transpose(X), A, X)) * inverse(transpose(X)));  // (50)
static_assert(gradient(determinant(matmul(transpose(Y), S5, Y)), Y) ==
              2_c * determinant(matmul(transpose(Y), S5, Y)) *
                  matmul(S5, Y, inverse(matmul(transpose(Y), S5, Y))));  // (51)
static_assert(gradient(determinant(matmul(transpose(Y), E, Y)), Y) ==
              determinant(matmul(transpose(Y), E, Y)) *
                  (matmul(E, Y, inverse(matmul(transpose(Y), E, Y))) +
                   matmul(transpose(E), Y, inverse(matmul(transpose(Y), transpose(E), Y)))));  // (52)
static_assert(gradient(log_determinant(matmul(transpose(Y), Y)), Y) ==
              2_c * matmul(Y, inverse(matmul(transpose(Y), Y))));         // (54)
static_assert(gradient(log_determinant(X), X) == transpose(inverse(X)));  // (57)
static_assert(gradient(determinant(matmul(X, X, X)), X) ==
              3_c * determinant(matmul(X, X, X)) * transpose(inverse(X)));  // (58)

constexpr auto l = symbol<"l">;
static_assert(diff(determinant(X + l * A), l) ==
              determinant(X + l * A) * trace(matmul(inverse(X + l * A), A)));                // (41)
static_assert(diff(log_determinant(X + l * A), l) == trace(matmul(inverse(X + l * A), A)));  // (43)

// Section 2.2, inverses.
static_assert(diff(inverse(X + l * A), l) == -matmul(inverse(X + l * A), A, inverse(X + l * A)));  // (59)
static_assert(gradient(dot(a, matmul(inverse(X), b)), X) ==
              -matmul(transpose(inverse(X)), outer(a, b), transpose(inverse(X))));  // (61)
static_assert(gradient(determinant(inverse(X)), X) ==
              -determinant(inverse(X)) * transpose(inverse(X)));  // (62)
static_assert(gradient(trace(matmul(A, inverse(X), B)), X) ==
              -transpose(matmul(inverse(X), B, A, inverse(X))));  // (63)
static_assert(gradient(trace(inverse(X + A)), X) ==
              -transpose(matmul(inverse(X + A), inverse(X + A))));  // (64)

// Section 2.4, matrices, vectors and scalar forms.
static_assert(gradient(dot(x, a), x) == a);                                                           // (69)
static_assert(gradient(dot(a, matmul(X, b)), X) == outer(a, b));                                      // (70)
static_assert(gradient(matmul(a, X, b), X) == outer(a, b));                                           // (70)
static_assert(gradient(dot(a, matmul(transpose(X), b)), X) == outer(b, a));                           // (71)
static_assert(gradient(dot(a, matmul(X, a)), X) == outer(a, a));                                      // (72)
static_assert(gradient(dot(matmul(X, b), matmul(X, c)), X) == matmul(X, outer(b, c) + outer(c, b)));  // (77)
static_assert(gradient(dot(matmul(B, x) + b, matmul(C, matmul(D, x) + d)), x) ==
              matmul(transpose(B), C, matmul(D, x) + d) +
                  matmul(transpose(D), transpose(C), matmul(B, x) + b));          // (78)
static_assert(gradient(dot(x, matmul(B, x)), x) == matmul(B + transpose(B), x));  // (81)
static_assert(gradient(matmul(x, W, x), x) == 2_c * matmul(W, x));                // (81)
static_assert(gradient(dot(matmul(X, b), matmul(D, X, c)), X) ==
              matmul(transpose(D), X, outer(b, c)) + matmul(D, X, outer(c, b)));  // (82)
static_assert(gradient(dot(matmul(X, b) + c, matmul(D, matmul(X, b) + c)), X) ==
              matmul(D + transpose(D), outer(matmul(X, b) + c, b)));  // (83)
static_assert(gradient(matmul(x - matmul(A, s), W, x - matmul(A, s)), s) ==
              -2_c * matmul(transpose(A), W, x - matmul(A, s)));  // (84)
static_assert(gradient(matmul(x - matmul(A, s), W, x - matmul(A, s)), x) ==
              2_c * matmul(W, x - matmul(A, s)));  // (86)
static_assert(gradient(matmul(x - matmul(A, s), W, x - matmul(A, s)), A) ==
              -2_c * matmul(W, outer(x - matmul(A, s), s)));  // (88)

// Section 2.5, traces.
static_assert(gradient(trace(matmul(sin(X), I3)), X) == cos(X) * I3);                          // (99)
static_assert(gradient(trace(X), X) == gradient(trace(transpose(X)), X));                      // (100)
static_assert(gradient(trace(matmul(X, A)), X) == transpose(A));                               // (101)
static_assert(gradient(trace(matmul(A, X, B)), X) == matmul(transpose(A), transpose(B)));      // (102)
static_assert(gradient(trace(matmul(A, transpose(X), B)), X) == matmul(B, A));                 // (103)
static_assert(gradient(trace(matmul(transpose(X), A)), X) == A);                               // (104)
static_assert(gradient(trace(matmul(X, X)), X) == 2_c * transpose(X));                         // (106)
static_assert(gradient(trace(matmul(X, X, B)), X) == transpose(matmul(X, B) + matmul(B, X)));  // (107)
static_assert(gradient(trace(matmul(transpose(X), B, X)), X) ==
              matmul(B, X) + matmul(transpose(B), X));  // (108)
static_assert(gradient(trace(matmul(B, X, transpose(X))), X) ==
              matmul(B, X) + matmul(transpose(B), X));  // (109)
static_assert(gradient(trace(matmul(X, B, transpose(X))), X) ==
              matmul(X, transpose(B)) + matmul(X, B));  // (111)
static_assert(gradient(trace(matmul(A, X, B, X)), X) ==
              matmul(transpose(A), transpose(X), transpose(B)) +
                  matmul(transpose(B), transpose(X), transpose(A)));                           // (114)
static_assert(gradient(trace(matmul(transpose(X), X)), X) == 2_c * X);                         // (115)
static_assert(gradient(trace(matmul(B, X, transpose(X))), X) == matmul(B + transpose(B), X));  // (116)
static_assert(gradient(trace(matmul(transpose(B), transpose(X), C, X, B)), X) ==
              matmul(transpose(C), X, B, transpose(B)) + matmul(C, X, B, transpose(B)));  // (117)
static_assert(gradient(trace(matmul(transpose(X), B, X, C)), X) ==
              matmul(B, X, C) + matmul(transpose(B), X, transpose(C)));  // (118)
static_assert(gradient(trace(matmul(A, X, B, transpose(X), C)), X) ==
              matmul(transpose(A), transpose(C), X, transpose(B)) + matmul(C, A, X, B));  // (119)
static_assert(gradient(trace(matmul(matmul(A, X, B) + C, transpose(matmul(A, X, B) + C))), X) ==
              2_c * matmul(transpose(A), matmul(A, X, B) + C, transpose(B)));         // (120)
static_assert(gradient(trace(matmul(X, X, X)), X) == 3_c * transpose(matmul(X, X)));  // (122)
static_assert(gradient(trace(matmul(A, X, X, X)), X) ==
              transpose(matmul(A, X, X) + matmul(X, A, X) + matmul(X, X, A)));  // (123)
static_assert(gradient(trace(matmul(inverse(matmul(transpose(X), W, X)), A)), X) ==
              -matmul(W, X, inverse(matmul(transpose(X), W, X)), A + transpose(A),
                      inverse(matmul(transpose(X), W, X))));  // (125)
static_assert(gradient(trace(matmul(inverse(matmul(transpose(X), W, X)), matmul(transpose(X), V, X))), X) ==
              -2_c * matmul(W, X, inverse(matmul(transpose(X), W, X)), transpose(X), V, X,
                            inverse(matmul(transpose(X), W, X))) +
                  2_c * matmul(V, X, inverse(matmul(transpose(X), W, X))));  // (126)

// Section 2.6, norms.
static_assert(gradient(sqrt(sum((x - a) * (x - a))), x) == (x - a) / sqrt(sum((x - a) * (x - a))));  // (129)
static_assert(gradient(norm(x - a), x) == (x - a) / norm(x - a));                                    // (129)
static_assert(gradient(sum(x * x), x) == 2_c * x);                                                   // (131)
static_assert(gradient(sum(X * X), X) == 2_c * X);                                                   // (132)

// Jacobians and second derivatives.
static_assert(diff(matmul(A, x) + b, x) == A);
static_assert(jacobian(matmul(x, A), x) == transpose(A));
static_assert(diff(matmul(A, X, b), X) == einsum<"ij,k->ijk">(A, b));
static_assert(diff(matmul(A, sin(x)), x) == einsum<"ij,j->ij">(A, cos(x)));
static_assert(hessian(matmul(x, A, x) + dot(b, x), x) == A + transpose(A));  // (98)
static_assert(hessian(dot(matmul(B, x) + b, matmul(C, matmul(D, x) + d)), x) ==
              matmul(transpose(B), C, D) + matmul(transpose(D), transpose(C), B));
static_assert(hessian(matmul(x, W, x), x) == 2_c * W);
static_assert(hessian(sum(X * X), X) == 2_c * einsum<"ij,kl->ikjl">(I3, I3));
static_assert(diff(inverse(X), X) == -einsum<"ij,kl->iljk">(inverse(X), inverse(X)));  // (60)
static_assert(hessian(log_determinant(X), X) == -einsum<"ij,kl->jkli">(inverse(X), inverse(X)));
static_assert(hessian(log_determinant(X), X) == diff(diff(log_determinant(X), X), X));
static_assert(diff(matmul(a, X, b), X, a) == einsum<"ik,j->ijk">(I3, b));
static_assert(get<0, 1>(hessian(matmul(a, X, b), X, a)) == diff(matmul(a, X, b), X, a) ||
              get<1, 0>(hessian(matmul(a, X, b), X, a)) == diff(matmul(a, X, b), a, X));
static_assert(get<0, 0>(jacobian(matmul(A, x), x, A)) == A);
static_assert(get<0, 1>(jacobian(matmul(A, x), x, A)) == einsum<"ij,k->ijk">(I3, x));
static_assert(get<1, 0>(jacobian(outputs(matmul(A, x), matmul(B, x)), x)) == B);

// Algebra: one spelling for what is equal.
static_assert(sum(A * transpose(B)) == trace(matmul(A, B)));
static_assert(sum(A * transpose(inverse(X))) == trace(matmul(inverse(X), A)));
static_assert(sum<1>(A * transpose(B)) == diagonal(matmul(A, B)));
static_assert(sum<1>(A * transpose(B) * C) == diagonal(matmul(A * C, B)));
static_assert(matmul(inverse(X), X, A) == A);
static_assert(transpose(matmul(A, B)) == matmul(transpose(B), transpose(A)));
static_assert(transpose(transpose(A)) == A);
static_assert(transpose(A + B) == transpose(A) + transpose(B));
static_assert(inverse(transpose(A)) == transpose(inverse(A)));
static_assert(!(inverse(matmul(A, B)) == matmul(inverse(B), inverse(A))));
static_assert(determinant(matmul(A, B)) == determinant(A) * determinant(B));
static_assert(log_determinant(matmul(A, B)) == log_determinant(A) + log_determinant(B));
static_assert(determinant(2_c * A) == 8_c * determinant(A));
static_assert(inverse(2_c * A) == inverse(A) / 2_c);
static_assert(trace(matmul(A, B, C)) == trace(matmul(C, A, B)));
static_assert(trace(matmul(A, B, C)) == trace(matmul(transpose(C), transpose(B), transpose(A))));
static_assert(trace(transpose(A)) == trace(A));
static_assert(trace(W) == trace(transpose(W)));
static_assert(transpose(W) == W);
static_assert(matmul(A, X) + matmul(A, B) - matmul(A, B) == matmul(A, X));
static_assert(matmul(matmul(A, B), C) == matmul(A, matmul(B, C)));
static_assert(dot(a, b) == sum(a * b));
static_assert(dot(a, b) == matmul(a, b));
static_assert(einsum<"ij,jk->ik">(A, B) == matmul(A, B));
static_assert(einsum<"ij,jk->">(A, B) == sum(matmul(A, B)));
static_assert(einsum<"...ij,...jk->...ik">(A, B) == matmul(A, B));
static_assert(einsum<"ii->">(A) == trace(A));
static_assert(matmul(I3, A) == A);
static_assert(sum(A + A) == 2_c * sum(A));
static_assert(sum(A - A + 1_c) == 9_c);
static_assert(sum<0>(transpose(A)) == sum<1>(A));
static_assert(A - A == broadcast<3, 3>(0_c));

}  // namespace

BOOST_AUTO_TEST_CASE(identities_of_types) {}
