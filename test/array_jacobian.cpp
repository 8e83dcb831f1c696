// SPDX-License-Identifier: BSL-1.0
// Jacobians and Hessians of arrays by arrays, for every operation: each column against central differences of
// the formula, products with arrays of random numbers against jvp, vjp and hvp, and the Hessian's symmetry.
#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <string_view>
#include <typegrad/array.hpp>
#include <vector>

#include "array_formulas.hpp"

using namespace array_formulas;
using tg::rows;

namespace {

using numbers = std::vector<double>;

template <tg::text Name, auto... E>
constexpr auto symbol_of_shape(tg::extents<E...>) {
  return tg::array<Name, E...>;
}
template <auto E>
std::size_t length(std::size_t count) {
  if constexpr (std::is_integral_v<decltype(E)>)
    return static_cast<std::size_t>(E);
  else
    return count;
}
/// How many elements an array of that shape has.
template <auto... E>
std::size_t elements(tg::extents<E...>, std::size_t count) {
  return (std::size_t{1} * ... * length<E>(count));
}

double next_number() {
  static unsigned state = 4711;
  state = state * 1664525u + 1013904223u;
  return static_cast<double>(state >> 8) / (1 << 24) * 2 - 1;
}
numbers some(std::size_t count) {
  numbers all(count);
  for (double& x : all) x = next_number();
  return all;
}
/// Values for the symbols; W is far from singular.
struct point {
  explicit point(std::size_t count)
      : x{some(count * 3)}, w{some(9)}, v{some(3)}, t{some(count)}, k{next_number()} {
    for (std::size_t i = 0; i < 9; i += 4) w[i] += 3;
    for (std::size_t i = 0; i < count; ++i) places.push_back(static_cast<int>((2 * i + 1) % 3));
  }
  numbers& of(std::string_view name) { return name == "X" ? x : name == "W" ? w : name == "v" ? v : t; }
  numbers x, w, v, t;
  double k;
  std::vector<int> places;
};

/// J as a matrix of so many columns, times a vector, and a vector times J.
numbers times(const numbers& j, const numbers& by) {
  numbers product(j.size() / by.size());
  for (std::size_t i = 0; i < j.size(); ++i) product[i / by.size()] += j[i] * by[i % by.size()];
  return product;
}
numbers times_from_left(const numbers& by, const numbers& j) {
  const std::size_t columns = j.size() / by.size();
  numbers product(columns);
  for (std::size_t i = 0; i < j.size(); ++i) product[i % columns] += by[i / columns] * j[i];
  return product;
}

void compare(const numbers& found, const numbers& expected, double tolerance, int line, const char* what) {
  BOOST_REQUIRE_EQUAL(found.size(), expected.size());
  double size = 1;
  for (double each : expected) size = std::fmax(size, std::fabs(each));
  for (std::size_t i = 0; i < found.size(); ++i)
    BOOST_TEST(
        std::fabs(found[i] - expected[i]) <= tolerance * size,
        "line " << line << ", " << what << ", element " << i << ": " << found[i] << " for " << expected[i]);
}

template <class F, class S>
void check(const F&, const S&, int line) {
  constexpr F f{};
  constexpr S by{};
  constexpr auto j = diff(f, by);
  constexpr auto d = symbol_of_shape<"d">(tg::shape_of(by));
  constexpr auto u = symbol_of_shape<"u">(tg::shape_of(f));
  static_assert(j == jacobian(f, by));
  constexpr auto fn = tg::function(tg::inputs(X, W, v, t, k, place, d, u),
                                   tg::outputs(j, jvp(f, tg::along(by = d)), vjp(f, tg::weights(u), by)));
  auto run = tg::bound<double>(fn);
  auto values = tg::bound<double>(tg::function(tg::inputs(X, W, v, t, k, place), tg::outputs(f)));
  for (const std::size_t count : {1u, 4u}) {
    point at(count);
    const std::size_t m = elements(tg::shape_of(f), count), n = elements(tg::shape_of(by), count);
    BOOST_REQUIRE_EQUAL(elements(tg::shape_of(j), count), m * n);
    numbers jacobian(m * n, 1e300), forward(m, 1e300), backward(n, 1e300), above(m), below(m);
    const numbers direction = some(n), weights = some(m);
    run(at.x, at.w, at.v, at.t, at.k, at.places, direction, weights, jacobian, forward, backward);
    compare(forward, times(jacobian, direction), 1e-12, line, "J d");
    compare(backward, times_from_left(weights, jacobian), 1e-12, line, "u J");
    for (std::size_t column = 0; column < n; ++column) {
      double& x = at.of(S::name.view())[column];
      const double before = x;
      x = before + 1e-5, values(at.x, at.w, at.v, at.t, at.k, at.places, above);
      x = before - 1e-5, values(at.x, at.w, at.v, at.t, at.k, at.places, below);
      x = before;
      numbers slope, own;
      for (std::size_t i = 0; i < m; ++i) {
        slope.push_back((above[i] - below[i]) / 2e-5);
        own.push_back(jacobian[i * n + column]);
      }
      compare(own, slope, 1e-6, line, "column");
    }
  }
}
#define CHECK(...) check(__VA_ARGS__, __LINE__)

/// The Hessian of a number by X and W.
template <class F>
void check_hessian(const F&, int line) {
  constexpr F f{};
  constexpr auto d = symbol_of_shape<"d">(tg::shape_of(X));
  constexpr auto e = tg::array<"e", 3, 3>;
  constexpr auto h = hessian(f, X, W);
  static_assert(tg::get<0, 0>(h) == hessian(f, X) && hessian(f, X) == tg::diff<2>(f, X));
  static_assert(tg::get<1, 0>(h) == diff(f, W, X) || tg::get<0, 1>(h) == diff(f, X, W));
  static_assert(diff(f, X, W) == diff(diff(f, X), W));
  constexpr auto fn =
      tg::function(tg::inputs(X, W, v, t, k, place, d, e), tg::outputs(h, hvp(f, tg::along(X = d, W = e))));
  auto run = tg::bound<double>(fn);
  const std::size_t n = 12;
  point at(4);
  const numbers dx = some(n), dw = some(9);
  numbers xx(n * n), xw(n * 9), wx(9 * n), ww(81), of_x(n), of_w(9), all(441), direction, product;
  run(at.x, at.w, at.v, at.t, at.k, at.places, dx, dw, xx, xw, wx, ww, of_x, of_w);
  for (std::size_t i = 0; i < 21; ++i)
    for (std::size_t j = 0; j < 21; ++j)
      all[i * 21 + j] = i < n ? (j < n ? xx[i * n + j] : xw[i * 9 + j - n])
                              : (j < n ? wx[(i - n) * n + j] : ww[(i - n) * 9 + j - n]);
  numbers turned(441);
  for (std::size_t i = 0; i < 441; ++i) turned[i] = all[i % 21 * 21 + i / 21];
  compare(all, turned, 1e-12, line, "symmetry");
  for (const numbers* part : {&dx, &dw}) direction.insert(direction.end(), part->begin(), part->end());
  for (const numbers* part : {&of_x, &of_w}) product.insert(product.end(), part->begin(), part->end());
  compare(product, times(all, direction), 1e-12, line, "H d");
}
#define CHECK_HESSIAN(...) check_hessian(__VA_ARGS__, __LINE__)

/// A random table by all arrays; a failure names the seed.
template <unsigned... Seeds>
void check_random(std::integer_sequence<unsigned, Seeds...>) {
  const auto all = [](const auto& f, int seed) {
    check(f, X, seed), check(f, W, seed), check(f, v, seed), check(f, t, seed);
  };
  (all(table<next(Seeds, 3), 2>() + matmul(X, W) * outer(t, v), static_cast<int>(Seeds)), ...);
}

}  // namespace

BOOST_AUTO_TEST_CASE(several_axes) {
  CHECK(tg::flip<0, 1>(X) * X, X);
  CHECK(tg::max_pool<2, 2>(W * W, tg::stride<1>), W);
}
BOOST_AUTO_TEST_CASE(element_by_element) {
  CHECK(X * X - 3_c, X);
  CHECK(X / (1_c + X * X), X);
  CHECK(k * exp(-X) * v, X);
  CHECK(relu(X) + abs(X - 0.25_c), X);
  CHECK(min(X, v) * max(X, 0.1_c), X);
  CHECK(where(X < v, X * X * v, sin(X)), X);
  CHECK(where(k < 0_c, X, 2_c * X), X);
  CHECK(pow(X * X + 1_c, 1.5_c), X);
  CHECK(hypot(X, v) / k, v);
  CHECK(tanh(X + v), v);
  CHECK(X * v - v, v);
  CHECK(sqrt(relu(X - v)), X);
}
BOOST_AUTO_TEST_CASE(products) {
  CHECK(matmul(X, W), X);
  CHECK(matmul(X, W), W);
  CHECK(matmul(X, W, v), X);
  CHECK(matmul(transpose(X), X), X);
  CHECK(matmul(W, W, transpose(W)), W);
  CHECK(outer(tg::sum<1>(X), v), X);
  CHECK(outer(v, v), v);
  CHECK(einsum<"ij,ik->ijk">(X, X), X);
  CHECK(einsum<"ij,ij->i">(X, sin(X)), X);
  CHECK(dot(v, v) * v, v);
  CHECK(transpose(X) * k, X);
  CHECK(diagonal(matmul(transpose(X), X)), X);
  CHECK(trace(W) * W, W);
  CHECK(tanh(matmul(X, W) + v), W);
  CHECK(tanh(matmul(X, W) + v), v);
  CHECK(X + tanh(matmul(X + tanh(matmul(X, W)), W)), X);
}
BOOST_AUTO_TEST_CASE(matrices) {
  CHECK(inverse(W), W);
  CHECK(solve(W, v), W);
  CHECK(solve(W, sin(transpose(X))), X);
  CHECK(solve(transpose(W), transpose(X)), W);
  CHECK(cholesky(W), W);
  CHECK(cholesky(matmul(W, transpose(W))), W);
  CHECK(solve(cholesky(matmul(W, transpose(W))), v), W);
  CHECK(determinant(W) * v, W);
  CHECK(log_determinant(W) * W, W);
}
BOOST_AUTO_TEST_CASE(reductions) {
  CHECK(tg::sum<0>(X * X), X);
  CHECK(tg::mean<1>(X, tg::keep) * X, X);
  CHECK(tg::variance<1>(X), X);
  CHECK(X / tg::norm<1>(X, tg::keep), X);
  CHECK(tg::max<1>(X) * tg::min<1>(X), X);
  CHECK(tg::max<0>(X), X);
  CHECK(tg::logsumexp<0>(X), X);
  CHECK(tg::softmax<1>(X), X);
  CHECK(tg::softmax<0>(X), X);
  CHECK(tg::log_softmax<-1>(matmul(X, W)), X);
  CHECK(tg::layer_norm<-1>(X), X);
}
BOOST_AUTO_TEST_CASE(arrangements) {
  CHECK(tg::reshape<3, 3, 1>(W * W), W);
  CHECK(tg::reshape<9>(W) * 2_c, W);
  CHECK(tg::reshape<rows, 1, 3>(sin(X)), X);
  CHECK(tg::broadcast<2, rows, 3>(X) * v, X);
  CHECK(tg::slice<1, 1, 3>(X * X), X);
  CHECK(tg::pad<1, 1, 2>(X * v), X);
  CHECK(tg::concatenate<1>(X, X * X), X);
  CHECK(tg::stack<0>(X, v * X), X);
  CHECK(tg::sum<0>(tg::stack<0>(X, sin(X)) * X), X);
  CHECK(tg::permute<1, 2, 0>(tg::stack<0>(v, v * v) + tg::reshape<3, 1, 1>(v)), v);
}
BOOST_AUTO_TEST_CASE(second_derivatives) {
  CHECK_HESSIAN(sum(tanh(matmul(X, W) + v)));
  CHECK_HESSIAN(sum(pow(matmul(X, W) - X, 2_c)) * k);
  CHECK_HESSIAN(log_determinant(matmul(transpose(X), X) + W) + sum(inverse(W)));
  CHECK_HESSIAN(sum(sin(matmul(X, cholesky(W)))));
  CHECK_HESSIAN(dot(v, matmul(transpose(tg::softmax<1>(matmul(X, W))), tg::logsumexp<1>(X))));
  CHECK_HESSIAN(sum(tg::softmax<1>(matmul(X, W) + tg::max<1>(X, tg::keep)) * X));
}
BOOST_AUTO_TEST_CASE(random_formulas) { check_random(std::make_integer_sequence<unsigned, 4>{}); }
BOOST_AUTO_TEST_CASE(infinite_slopes_stay_on_the_diagonal) {
  constexpr auto fn = tg::function(tg::inputs(v), tg::outputs(diff(sqrt(v), v), diff(v * sqrt(v), v)));
  numbers slopes(9), others(9);
  tg::bound<double>(fn)(numbers{0, 1, 4}, slopes, others);
  BOOST_TEST(std::isinf(slopes[0]));
  slopes[0] = 0;
  BOOST_TEST(slopes == (numbers{0, 0, 0, 0, 0.5, 0, 0, 0, 0.25}), boost::test_tools::per_element());
  BOOST_TEST(others == (numbers{0, 0, 0, 0, 1.5, 0, 0, 0, 3}), boost::test_tools::per_element());
}
/// A direction or weight of 1 is an array of ones, not a unit.
BOOST_AUTO_TEST_CASE(directions_of_ones) {
  constexpr auto f = sum(sin(v) * matmul(W, v)) * k;
  static_assert(jvp(f, tg::along(v = 1_c)) == jvp(f, tg::along(v = tg::broadcast<3>(1_c))));
  static_assert(vjp(sin(v), tg::weights(1_c), v) == cos(v));
  static_assert(tg::get<0>(hvp(sum(sin(v)), tg::along(v = 1_c))) == -sin(v));
}
