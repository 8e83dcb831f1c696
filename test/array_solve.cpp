// SPDX-License-Identifier: BSL-1.0
// Linear systems, Cholesky factors, inverses and determinants: what defines them, with matrices of all sizes
// and in batches, by plain loops and by Eigen; which inverses are computed at all; and singular matrices.
#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <typegrad/eigen.hpp>
#include <vector>

using namespace tg::literals;

namespace {

constexpr auto A = tg::array<"A", tg::extent<"n">, tg::extent<"n">>;
constexpr auto Y = tg::array<"Y", tg::extent<"n">, tg::extent<"m">>;
constexpr auto y = tg::array<"y", tg::extent<"n">>;
constexpr auto batch = tg::array<"batch", 2, 3, 3>;
constexpr auto right = tg::array<"right", 2, 3, 2>;
constexpr auto B = tg::array<"B", 3, 3>;
constexpr auto u = tg::array<"u", 3>;

using numbers = std::vector<double>;

numbers some(std::size_t count) {
  static unsigned state = 12345;
  numbers all(count);
  for (double& x : all) {
    state = state * 1664525u + 1013904223u;
    x = static_cast<double>(state >> 8) / (1 << 24) * 2 - 1;
  }
  return all;
}
/// The elements of a matrix by its rows, and of a vector.
struct table {
  std::size_t columns;
  const double* at;
  double operator()(std::size_t i, std::size_t j) const { return at[i * columns + j]; }
};
/// a b for n by k and k by m.
numbers product(std::size_t n, std::size_t k, std::size_t m, table a, table b) {
  numbers c(n * m);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < m; ++j)
      for (std::size_t l = 0; l < k; ++l) c[i * m + j] += a(i, l) * b(l, j);
  return c;
}
numbers turned(std::size_t n, const numbers& a) {
  numbers t(n * n);
  for (std::size_t i = 0; i < n * n; ++i) t[i] = a[i % n * n + i / n];
  return t;
}
void agree(const numbers& found, const numbers& expected, double tolerance) {
  BOOST_REQUIRE_EQUAL(found.size(), expected.size());
  double size = 1;
  for (double x : expected) size = std::fmax(size, std::fabs(x));
  for (std::size_t i = 0; i < found.size(); ++i)
    BOOST_TEST(std::fabs(found[i] - expected[i]) <= tolerance * size,
               "element " << i << ": " << found[i] << " for " << expected[i]);
}
/// A square matrix far from singular; its product with its transpose is positive definite.
numbers regular(std::size_t n) {
  numbers a = some(n * n);
  for (std::size_t i = 0; i < n; ++i) a[i * n + (i + 1) % n] += 3;  // pivots are not on the diagonal
  return a;
}

template <class Function, class Definite>
void check_laws(const Function& fn, const Definite& of_definite) {
  auto run = tg::bound<double>(fn);
  auto factor = tg::bound<double>(of_definite);
  for (const std::size_t n : {1u, 2u, 3u, 5u, 16u, 33u})
    for (const std::size_t m : {1u, 4u}) {
      const numbers a = regular(n), b = some(n * m), c = some(n);
      numbers x(n * m), p(n), q(n), inverse(n * n), unit(n * n), lower(n * n);
      for (std::size_t i = 0; i < n; ++i) unit[i * n + i] = 1;
      const std::array<double, 2> determinants = run(a, b, c, x, p, q, inverse);
      agree(product(n, n, m, {n, a.data()}, {m, x.data()}), b, 1e-12);
      agree(product(n, n, 1, {n, a.data()}, {1, p.data()}), c, 1e-12);
      agree(product(1, n, n, {n, q.data()}, {n, a.data()}), c, 1e-12);
      agree(product(n, n, n, {n, a.data()}, {n, inverse.data()}), unit, 1e-12);
      BOOST_TEST(std::log(std::fabs(determinants[0])) == determinants[1],
                 boost::test_tools::tolerance(1e-12));
      const double of_factor = factor(a, lower);
      agree(product(n, n, n, {n, lower.data()}, {n, turned(n, lower).data()}),
            product(n, n, n, {n, a.data()}, {n, turned(n, a).data()}), 1e-12);
      for (std::size_t i = 0; i < n * n; ++i)
        BOOST_TEST((i / n < i % n ? lower[i] == 0 : i / n > i % n || lower[i] > 0));
      BOOST_TEST(of_factor == 2 * determinants[1], boost::test_tools::tolerance(1e-12));
    }
}

/// How often a primitive is in the graph that a function runs.
template <class Op, class Inputs, class Tag, class Numbers, class... Shapes>
constexpr int count(const tg::array_function<Inputs, Tag, Numbers, Shapes...>&) {
  constexpr auto& graph = tg::detail::array_code<Tag, 0>::graph;
  int found = 0;
  for (int i = 0; i < graph.nodes; ++i) found += graph.op[i] == tg::detail::known<Op>;
  return found;
}

constexpr auto systems =
    tg::function(tg::inputs(A, Y, y), tg::outputs(solve(A, Y), solve(A, y), solve(transpose(A), y),
                                                  inverse(A), determinant(A), log_determinant(A)));
constexpr auto definite = tg::function(
    tg::inputs(A), tg::outputs(cholesky(matmul(A, transpose(A))), log_determinant(matmul(A, transpose(A)))));

}  // namespace

static_assert(solve(A, y) == matmul(inverse(A), y));
static_assert(solve(batch, right) == matmul(inverse(batch), right));
static_assert(matmul(A, solve(A, Y)) == Y);

BOOST_AUTO_TEST_CASE(by_plain_loops) { check_laws(systems, definite); }
BOOST_AUTO_TEST_CASE(by_eigen) { check_laws(tg::with_eigen(systems), tg::with_eigen(definite)); }

BOOST_AUTO_TEST_CASE(in_batches) {
  constexpr auto fn = tg::function(
      tg::inputs(batch, right, u),
      tg::outputs(solve(batch, right), solve(batch, u), solve(tg::permute<0, 2, 1>(batch), right),
                  cholesky(matmul(batch, tg::permute<0, 2, 1>(batch))), determinant(batch)));
  const auto check = [](auto run) {
    numbers a = regular(3), b = some(12), c = some(3), x(12), p(6), z(12), lower(18), d(2);
    for (double each : regular(3)) a.push_back(each);
    run(a, b, c, x, p, z, lower, d);
    for (std::size_t k = 0; k < 2; ++k) {
      const numbers own(a.begin() + 9 * static_cast<std::ptrdiff_t>(k),
                        a.begin() + 9 * static_cast<std::ptrdiff_t>(k + 1)),
          y_own(b.begin() + 6 * static_cast<std::ptrdiff_t>(k),
                b.begin() + 6 * static_cast<std::ptrdiff_t>(k + 1)),
          l(lower.begin() + 9 * static_cast<std::ptrdiff_t>(k),
            lower.begin() + 9 * static_cast<std::ptrdiff_t>(k + 1));
      agree(product(3, 3, 2, {3, own.data()}, {2, &x[6 * k]}), y_own, 1e-12);
      agree(product(3, 3, 1, {3, own.data()}, {1, &p[3 * k]}), c, 1e-12);
      agree(product(3, 3, 2, {3, turned(3, own).data()}, {2, &z[6 * k]}), y_own, 1e-12);
      agree(product(3, 3, 3, {3, l.data()}, {3, turned(3, l).data()}),
            product(3, 3, 3, {3, own.data()}, {3, turned(3, own).data()}), 1e-12);
      BOOST_TEST(std::fabs(d[k]) == l[0] * l[4] * l[8], boost::test_tools::tolerance(1e-12));
    }
  };
  check(tg::bound<double>(fn));
  check(tg::bound<double>(tg::with_eigen(fn)));
}

BOOST_AUTO_TEST_CASE(inverses_that_are_only_multiplied_by_are_not_computed) {
  constexpr auto one = [](const auto& f) {
    constexpr auto fn = tg::function(tg::inputs(B, u), tg::outputs(std::remove_cvref_t<decltype(f)>{}));
    return std::array{count<tg::op::inverse>(fn), count<tg::op::solution>(fn)};
  };
  BOOST_TEST(one(solve(B, u)) == (std::array{0, 1}), boost::test_tools::per_element());
  BOOST_TEST(one(matmul(u, inverse(B), u)) == (std::array{0, 1}), boost::test_tools::per_element());
  BOOST_TEST(one(gradient(matmul(u, inverse(B), u), B)) == (std::array{0, 2}),
             boost::test_tools::per_element());
  BOOST_TEST(one(matmul(inverse(B), inverse(B), u)) == (std::array{0, 2}), boost::test_tools::per_element());
  BOOST_TEST(one(inverse(B)) == (std::array{1, 0}), boost::test_tools::per_element());
  BOOST_TEST(one(solve(B, u) + diagonal(inverse(B))) == (std::array{1, 0}), boost::test_tools::per_element());
  BOOST_TEST(one(trace(matmul(inverse(B), sin(B)))) == (std::array{1, 0}), boost::test_tools::per_element());
}

/// A matrix with a pivot of exactly 0: NaN wherever there is no result, and nothing else.
BOOST_AUTO_TEST_CASE(singular_matrices) {
  const auto check = [](const auto& fn, const auto& of_definite) {
    auto run = tg::bound<double>(fn);
    auto factor = tg::bound<double>(of_definite);
    for (const numbers& a :
         {numbers{1, 2, 2, 4}, numbers{0, 0, 0, 0}, numbers{0, 1, 0, 3}, numbers{1, 0, 0, 0}}) {
      numbers x(4), p(2), q(2), inverse(4), lower(4);
      const std::array<double, 2> determinants = run(a, numbers{0, 1, 1, 0}, numbers{0, 0}, x, p, q, inverse);
      for (const numbers* each : {&x, &p, &q, &inverse})
        for (double found : *each) BOOST_TEST(std::isnan(found));
      BOOST_TEST(determinants[0] == 0);
      BOOST_TEST(determinants[1] == -std::numeric_limits<double>::infinity());
      factor(a, lower);
      BOOST_TEST(lower[1] == 0);
      for (std::size_t i : {0u, 2u, 3u}) BOOST_TEST(std::isnan(lower[i]));
    }
    numbers lower(4);
    factor(numbers{1, 2, 2, 1}, lower);  // regular, and not positive definite
    BOOST_TEST((std::isnan(lower[0]) && std::isnan(lower[2]) && std::isnan(lower[3])));
  };
  constexpr auto of_symmetric = tg::function(tg::inputs(A), tg::outputs(cholesky(A)));
  check(systems, of_symmetric);
  check(tg::with_eigen(systems), tg::with_eigen(of_symmetric));
}
/// Of a matrix that is not symmetric the symmetric part counts.
BOOST_AUTO_TEST_CASE(symmetric_parts) {
  auto run = tg::bound<double>(tg::function(
      tg::inputs(A), tg::outputs(cholesky(A), cholesky((A + transpose(A)) / 2_c), cholesky(transpose(A)))));
  numbers a = some(25), p(25), q(25), r(25);
  for (std::size_t i = 0; i < 25; i += 6) a[i] += 4;
  run(a, p, q, r);
  agree(p, q, 1e-15);
  agree(p, r, 1e-15);
}
