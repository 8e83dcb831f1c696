// SPDX-License-Identifier: BSL-1.0
// Formulas with arrays as text: what to_string and to_latex write, word for word, row by row; what to_dot and
// domain say of them. That the text means what the formula does is the matter of test/array_reread.cpp.
#include <boost/test/unit_test.hpp>

#include <string_view>
#include <typegrad/array.hpp>
#include <typegrad/loops.hpp>

using namespace tg;
using namespace tg::literals;

namespace {

constexpr auto A = array<"A", 3, 3>;
constexpr auto B = array<"B", 3, 3>;
constexpr auto X = array<"X", 3, 3>;
constexpr auto S = array<"S", 3, 3, symmetric>;
constexpr auto Y = array<"Y", 5, 3>;
constexpr auto E = array<"E", 5, 5, symmetric>;
constexpr auto D = array<"D", extent<"rows">, 3>;
constexpr auto T = array<"T", 2, 3, 4>;
constexpr auto u = array<"u", 3>;
constexpr auto v = array<"v", 3>;
constexpr auto x = array<"x", 3>;
constexpr auto a = symbol<"a">;
constexpr auto I3 = gradient(trace(X), X);  // the identity matrix

template <class F>
void row(const F& f, std::string_view infix, std::string_view latex) {
  BOOST_TEST(to_string(f).view() == infix);
  BOOST_TEST(to_latex(f).view() == latex);
}

}  // namespace

// clang-format off
BOOST_AUTO_TEST_CASE(products_of_matrices) {
  row(matmul(A, X, B), "A*X*B", R"(A X B)");
  row(matmul(transpose(X), A, X), "X'*A*X", R"(X^{\top} A X)");
  row(matmul(A, v), "A*v", R"(A v)");
  row(matmul(u, A), "A'*u", R"(A^{\top} u)");
  row(matmul(u, A, B, v), "u'*A*B*v", R"(u^{\top} A B v)");
  row(matmul(u, transpose(A), transpose(B), v), "v'*B*A*u", R"(v^{\top} B A u)");
  row(dot(u, v), "u'*v", R"(u^{\top} v)");
  row(dot(u, u), "u'*u", R"(u^{\top} u)");
  row(outer(u, v), "u*v'", R"(u v^{\top})");
  row(matmul(A, outer(u, v), B), "A*u*v'*B", R"(A u v^{\top} B)");
  row(matmul(A + transpose(B), X), "(A + B')*X", R"(\left(A + B^{\top}\right) X)");
  row(matmul(A + u, X), "(A + u)*X", R"(\left(A + u\right) X)");
  row(matmul(A * B, X), "(A .* B)*X", R"(\left(A \odot B\right) X)");
  row(matmul(u * v, A, u / v), "(u .* v)'*A*(u ./ v)", R"(\left(u \odot v\right)^{\top} A \left(u \oslash v\right))");
  row(transpose(A), "A'", R"(A^{\top})");
  row(transpose(exp(A)), "exp(A)'", R"(\exp\left(A\right)^{\top})");
  row(trace(A), "trace(A)", R"(\operatorname{tr}\left(A\right))");
  row(trace(matmul(A, B)), "trace(A*B)", R"(\operatorname{tr}\left(A B\right))");
  row(trace(matmul(A, B, transpose(X), transpose(A))), "trace(A*B*X'*A')", R"(\operatorname{tr}\left(A B X^{\top} A^{\top}\right))");
  row(diagonal(matmul(A, B)), "diagonal(A*B)", R"(\operatorname{diagonal}\left(A B\right))");
  row(einsum<"i,ij,j->ij">(u, X, v), "diag(u)*X*diag(v)", R"(\operatorname{diag}\left(u\right) X \operatorname{diag}\left(v\right))");
  row(einsum<"i,ij->ij">(v, I3), "diag(v)", R"(\operatorname{diag}\left(v\right))");
  row(einsum<"ij,jk,jl,l->ik">(A, B, X, v), "A*diag(X*v)*B", R"(A \operatorname{diag}\left(X v\right) B)");
  row(einsum<"ij,jk->j">(A, B), "sum<1>(B) .* sum<0>(A)", R"(\operatorname{sum}_{1}\left(B\right) \odot \operatorname{sum}_{0}\left(A\right))");
  row(I3, "I", "I");
  row(I3 + array<"I", 3, 3>, "I + identity(3)", R"(I + \operatorname{identity}\left(3\right))");
  row(array<"weights", 3, 3>, "weights", R"(\mathrm{weights})");
  row(matmul(array<"weights", 3, 3>, v), "weights*v", R"(\mathrm{weights}\, v)");
}

BOOST_AUTO_TEST_CASE(inverses_and_determinants) {
  row(inverse(A), "A^-1", R"(A^{-1})");
  row(matmul(inverse(A), B), "A^-1*B", R"(A^{-1} B)");
  row(transpose(inverse(A)), "A'^-1", R"(A^{-\top})");
  row(inverse(A + B), "(A + B)^-1", R"(\left(A + B\right)^{-1})");
  row(inverse(matmul(transpose(Y), Y)), "(Y'*Y)^-1", R"(\left(Y^{\top} Y\right)^{-1})");
  row(matmul(u, inverse(S), v), "u'*S^-1*v", R"(u^{\top} S^{-1} v)");
  row(inverse(S) * inverse(S), "(S^-1).^2", R"(\left(S^{-1}\right)^{\odot 2})");
  row(pow(transpose(inverse(A)), 2_c), "(A'^-1).^2", R"(\left(A^{-\top}\right)^{\odot 2})");
  row(pow(transpose(exp(A)), 2_c), "exp(A)'.^2", R"(\left(\exp\left(A\right)^{\top}\right)^{\odot 2})");
  row(determinant(A), "det(A)", R"(\det\left(A\right))");
  row(log_determinant(A + B), "logdet(A + B)", R"(\ln\left|\det\left(A + B\right)\right|)");
}

BOOST_AUTO_TEST_CASE(element_by_element) {
  row(A * B, "A .* B", R"(A \odot B)");
  row(A / B, "A ./ B", R"(A \oslash B)");
  row(A * A, "A.^2", R"(A^{\odot 2})");
  row(pow(a, A), "a.^A", R"(a^{\odot A})");
  row(pow(2_c, A), "2 .^ A", R"(2^{\odot A})");
  row(3_c * pow(2_c, A), "3*2 .^ A", R"(3 \cdot 2^{\odot A})");
  row(1_c / A, "1 ./ A", R"(1 \oslash A)");
  row(a / (matmul(A, B) + 1_c), "a ./ (A*B + 1)", R"(a \oslash \left(A B + 1\right))");
  row(a * u / (2_c * v * x), "a*u ./ (2*v .* x)", R"(a\, u \oslash \left(2 v \odot x\right))");
  row(matmul(A, B) / X, "(A*B) ./ X", R"(\left(A B\right) \oslash X)");
  row(A * matmul(B, X), "A .* (B*X)", R"(A \odot \left(B X\right))");
  row(A * outer(u, v), "A .* (u*v')", R"(A \odot \left(u v^{\top}\right))");
  row(D * u, "D .* u", R"(D \odot u)");
  row(exp(A), "exp(A)", R"(\exp\left(A\right))");
  row(abs(v), "abs(v)", R"(\operatorname{abs}\left(v\right))");
  row(sqrt(v), "sqrt(v)", R"(\sqrt{v})");
  row(where(v > 0_c, v, 0_c), "where(v > 0, v, 0)", R"(\begin{cases} v & \text{if } v > 0 \\ 0 & \text{otherwise} \end{cases})");
}

BOOST_AUTO_TEST_CASE(numbers_and_arrays) {
  row(2_c * matmul(A, X), "2*A*X", R"(2 A X)");
  row(-matmul(A, X), "-A*X", R"(-A X)");
  row(-(A + B), "-A - B", R"(-A - B)");
  row(-matmul(A + B, X), "-(A + B)*X", R"(-\left(A + B\right) X)");
  row(matmul(A, X) / 2_c, "A*X/2", R"(\frac{A X}{2})");
  row(A / (2_c * a), "A/(2*a)", R"(\frac{A}{2 a})");
  row(a * dot(u, v) / 2_c, "a*u'*v/2", R"(\frac{a\, u^{\top} v}{2})");
  row(dot(u, v) / dot(x, v), "u'*v/(v'*x)", R"(\frac{u^{\top} v}{v^{\top} x})");
  row(dot(u, v) * dot(u, x), "(u'*v)*(u'*x)", R"(\left(u^{\top} v\right)\, \left(u^{\top} x\right))");
  row(dot(u, v) * matmul(A, X), "(u'*v)*A*X", R"(\left(u^{\top} v\right)\, A X)");
  row(pow(dot(u, v), 2_c), "(u'*v)^2", R"(\left(u^{\top} v\right)^{2})");
  row(exp(-matmul(u, S, u) / 2_c), "exp(-u'*S*u/2)", R"(e^{-\frac{u^{\top} S u}{2}})");
  row(A * B - matmul(A, B), "A .* B - A*B", R"(A \odot B - A B)");
  row(matmul(A, v) - u, "A*v - u", R"(A v - u)");
  row(A + 1_c, "A + 1", R"(A + 1)");
  row(3.5 * u, "3.5*u", R"(3.5\, u)");
  row(-2.5 * matmul(A, v) + u, "-2.5*A*v + u", R"(-2.5\, A v + u)");
  row(matmul(u, S, u) + dot(u, v) + a, "u'*S*u + u'*v + a", R"(u^{\top} S u + u^{\top} v + a)");
}

BOOST_AUTO_TEST_CASE(sums_and_shapes) {
  row(sum(x * x * v), "v'*x.^2", R"(v^{\top} x^{\odot 2})");
  row(sum(u * v * x), "sum(u .* v .* x)", R"(\operatorname{sum}\left(u \odot v \odot x\right))");
  row(sum(A * B), "sum(A .* B)", R"(\operatorname{sum}\left(A \odot B\right))");
  row(sum(matmul(A, transpose(B))), "sum(A*B')", R"(\operatorname{sum}\left(A B^{\top}\right))");
  row(sum(tanh(x)), "sum(tanh(x))", R"(\operatorname{sum}\left(\tanh\left(x\right)\right))");
  row(sum<1>(D), "sum<1>(D)", R"(\operatorname{sum}_{1}\left(D\right))");
  row(sum<0>(matmul(A, B)), "sum<0>(A*B)", R"(\operatorname{sum}_{0}\left(A B\right))");
  row(sum<0, 2>(T), "sum<0, 2>(T)", R"(\operatorname{sum}_{0, 2}\left(T\right))");
  row(sum(T), "sum(T)", R"(\operatorname{sum}\left(T\right))");
  row(permute<1, 2, 0>(T), "permute<1, 2, 0>(T)", R"(\operatorname{permute}_{1, 2, 0}\left(T\right))");
  row(transpose(sum<1>(T)), "sum<1>(T)'", R"(\operatorname{sum}_{1}\left(T\right)^{\top})");
  row(einsum<"bij,bkj->bik">(T, T), "einsum(\"ijk,ilk->ijl\", T, T)", R"(\operatorname{einsum}_{ijk,ilk \to ijl}\left(T, T\right))");
  row(einsum<"ijk,k->ij">(T, array<"w", 4>), "einsum(\"ijk,k->ij\", T, w)", R"(\operatorname{einsum}_{ijk,k \to ij}\left(T, w\right))");
  row(mean(D), "sum(D)/(3*rows)", R"(\frac{\operatorname{sum}\left(D\right)}{3 \mathrm{rows}})");
  row(max<1>(D), "max<1>(D)", R"(\max_{1}\left(D\right))");
  row(max(D), "max(D)", R"(\max\left(D\right))");
  row(softmax<1>(D), "exp(D - logsumexp<1>(D, keep))", R"(\exp\left(D-\operatorname{logsumexp}_{1}\left(D, \mathrm{keep}\right)\right))");
  row(D - sum<1>(D, keep), "D - sum<1>(D, keep)", R"(D - \operatorname{sum}_{1}\left(D, \mathrm{keep}\right))");
  row(reshape<9>(A), "reshape(A, (9))", R"(\operatorname{reshape}\left(A, \left(9\right)\right))");
  row(reshape<extent<"rows">, 1, 3>(D), "reshape(D, (rows, 1, 3))", R"(\operatorname{reshape}\left(D, \left(\mathrm{rows}, 1, 3\right)\right))");
  row(broadcast<3, 3>(0_c), "broadcast(0, (3, 3))", R"(\operatorname{broadcast}\left(0, \left(3, 3\right)\right))");
  row(slice<0, 1, 3>(u), "slice<0, 1, 3>(u)", R"(\operatorname{slice}_{0, 1, 3}\left(u\right))");
  row(pad<0, 1, 3>(u), "pad<0, 1, 3>(u)", R"(\operatorname{pad}_{0, 1, 3}\left(u\right))");
  row(concatenate<0>(u, v), "concatenate<0>(u, v)", R"(\operatorname{concatenate}_{0}\left(u, v\right))");
}

BOOST_AUTO_TEST_CASE(derivatives) {
  row(gradient(trace(matmul(transpose(X), A, X)), X), "(A + A')*X", R"(\left(A + A^{\top}\right) X)");
  row(gradient(trace(matmul(A, X, B)), X), "A'*B'", R"(A^{\top} B^{\top})");
  row(gradient(matmul(x, S, x), x), "2*S*x", R"(2 S x)");
  row(gradient(matmul(u - matmul(A, v), S, u - matmul(A, v)), A), "-2*S*(u - A*v)*v'", R"(-2 S \left(u - A v\right) v^{\top})");
  row(gradient(dot(u, matmul(inverse(X), v)), X), "-X'^-1*u*v'*X'^-1", R"(-X^{-\top} u v^{\top} X^{-\top})");
  row(gradient(determinant(X), X), "det(X)*X'^-1", R"(\det\left(X\right)\, X^{-\top})");
  row(gradient(log_determinant(X), X), "X'^-1", R"(X^{-\top})");
  row(gradient(determinant(matmul(transpose(Y), E, Y)), Y), "2*det(Y'*E*Y)*E*Y*(Y'*E*Y)^-1",
      R"(2 \det\left(Y^{\top} E Y\right)\, E Y \left(Y^{\top} E Y\right)^{-1})");
  row(gradient(sum(tanh(matmul(A, x) + u)), x), "A'*(1 - tanh(A*x + u).^2)",
      R"(A^{\top} \left(1 - {\tanh\left(A x + u\right)}^{\odot 2}\right))");
  row(gradient(sum(sigmoid(matmul(A, v))), A), "(sigmoid(A*v) .* sigmoid(-(A*v)))*v'",
      R"(\left(\sigma\left(A v\right) \odot \sigma\left(-\left(A v\right)\right)\right) v^{\top})");
  row(gradient(sum(matmul(A, B)), A), "broadcast(sum<1>(B), (3, 3))",
      R"(\operatorname{broadcast}\left(\operatorname{sum}_{1}\left(B\right), \left(3, 3\right)\right))");
  row(gradient(norm(x - u), x), "(x - u)/sqrt(sum((x - u).^2))",
      R"(\frac{x - u}{\sqrt{\operatorname{sum}\left(\left(x - u\right)^{\odot 2}\right)}})");
}
// clang-format on

BOOST_AUTO_TEST_CASE(several_outputs_and_shared_parts) {
  BOOST_TEST(to_string(outputs(matmul(A, v), dot(u, v))).view() == "[A*v, u'*v]");
  constexpr auto h1 = tanh(matmul(A, x) + u);
  constexpr auto h2 = tanh(matmul(B, h1) + v);
  constexpr auto h3 = tanh(matmul(X, h2) + x);
  constexpr auto h4 = tanh(matmul(S, h3) + u);
  constexpr auto g = dot(h4, h4) + dot(h4, matmul(S, h3));
  const auto text = to_string(outputs(gradient(g, A), gradient(g, B), gradient(g, x)));
  BOOST_TEST_MESSAGE(text.view());
  BOOST_TEST(text.view().starts_with("t1 = "));
  BOOST_TEST(text.view().find("einsum") == std::string_view::npos);
}

BOOST_AUTO_TEST_CASE(loops_over_steps) {
  row(scan([](auto h, auto z) { return tanh(matmul(A, h) + x * z); }, u, Y),
      "scan((h, x_) -> tanh(A*h + x_ .* x), u, Y)",
      "\\operatorname{scan}\\left(\\left(h, \\mathrm{x\\_}\\right) \\mapsto \\tanh\\left(A h + "
      "\\mathrm{x\\_} \\odot x\\right), u, Y\\right)");
  row(iterate<reversed, recompute>([](auto h, auto z) { return h * z; }, u, Y),
      "iterate<reversed, recompute>((h, x) -> h .* x, u, Y)",
      "\\operatorname{iterate}_{\\mathrm{reversed}, \\mathrm{recompute}}\\left(\\left(h, x\\right) \\mapsto "
      "h \\odot x, u, Y\\right)");
  const auto two = [](auto h, auto c, auto z) { return carry(h * z, c + h); };
  row(get<1>(scan(two, carry(u, v), Y)), "get<1>(scan((h, h2, x) -> carry(h .* x, h2 + h), carry(u, v), Y))",
      "\\operatorname{get}_{1}\\left(\\operatorname{scan}\\left(\\left(h, h_{2}, x\\right) \\mapsto "
      "\\operatorname{carry}\\left(h \\odot x, h_{2} + h\\right), \\operatorname{carry}\\left(u, v\\right), "
      "Y\\right)\\right)");
  row(scan([](auto h, auto z) { return carry(h * z).emit(sum(h)); }, u, Y),
      "scan((h, x) -> carry(h .* x).emit(sum(h)), u, Y)",
      "\\operatorname{scan}\\left(\\left(h, x\\right) \\mapsto \\operatorname{carry}\\left(h \\odot "
      "x\\right).\\operatorname{emit}\\left(\\operatorname{sum}\\left(h\\right)\\right), u, Y\\right)");
  row(iterate<steps<9>>([](auto h) { return cos(h); }, a), "iterate<steps<9>>((h) -> cos(h), a)",
      "\\operatorname{iterate}_{\\mathrm{steps}_{9}}\\left(\\left(h\\right) \\mapsto \\cos\\left(h\\right), "
      "a\\right)");
  // A loop in a loop, whose symbols are called otherwise.
  row(iterate([](auto h, auto z) { return iterate([](auto w, auto y) { return sin(w) * y; }, h * z, D); }, u,
              Y),
      "iterate((g, y) -> iterate((h, x) -> x .* sin(h), g .* y, D), u, Y)",
      "\\operatorname{iterate}\\left(\\left(g, y\\right) \\mapsto \\operatorname{iterate}\\left(\\left(h, "
      "x\\right) \\mapsto x \\odot \\sin\\left(h\\right), g \\odot y, D\\right), u, Y\\right)");
}

BOOST_AUTO_TEST_CASE(pictures_and_domains) {
  const std::string_view shown[] = {"[label=\"D\\n(rows, 3)\", shape=ellipse", "[label=\"a\", shape=ellipse",
                                    "[label=\"einsum ij,j-&gt;i\\n(rows)\"", "[label=\"tanh\""};
  const auto picture = to_dot(a * tanh(matmul(D, u)));
  for (std::string_view part : shown) BOOST_TEST(picture.view().find(part) != std::string_view::npos, part);
  BOOST_TEST(domain(log(matmul(A, v)) / u).view() == "A*v > 0, u != 0");
  BOOST_TEST(domain(matmul(A, v)).view() == "everywhere");
  BOOST_TEST(domain(log_determinant(A + B)).view() == "det(A + B) != 0");
  BOOST_TEST(domain(matmul(inverse(A), v)).view() == "det(A) != 0");
}
