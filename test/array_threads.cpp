// SPDX-License-Identifier: BSL-1.0
// Functions of arrays in threads: the same bits for any number of threads, for random formulas and for a
// network, where each step is split as finely as it can be and where only what is large is; refusals; and
// a fit.
#include <boost/test/unit_test.hpp>
#include <complex>
#include <typegrad/array.hpp>
#include <typegrad/optimize/array_problem.hpp>
#include <typegrad/optimize/l_bfgs.hpp>
#include <typegrad/optimize/minimize.hpp>
#include <typegrad/program/threads.hpp>
#include <vector>

#include "array_formulas.hpp"
#include "array_threads.hpp"

using namespace array_threads;
using namespace tg::literals;

namespace {

/// What a function gives for an executor, its results all in one vector.
template <class T, class Function, class... Executor>
std::vector<T> results_of(const Function& fn, std::size_t rows, const Executor&... by) {
  const auto x = numbers<T>(rows * 3, 2), w = numbers<T>(9, 3), v = numbers<T>(3, 4), t = numbers<T>(rows, 5);
  std::vector<int> place(rows);
  for (std::size_t r = 0; r < rows; ++r) place[r] = static_cast<int>(r % 3);
  const auto sizes = fn.output_sizes(x, w, v, t, T(0.5), place);
  std::vector<T> h(sizes[1]), dx(rows * 3), dw(9), dv(3), dt(rows), all;
  std::vector<T> space(fn.template workspace<T>(rows), T(7));
  const std::array<T, 2> r = fn(x, w, v, t, T(0.5), place, h, dx, dw, dv, dt, space, by...);
  for (const auto& part : {std::vector<T>(r.begin(), r.end()), h, dx, dw, dv, dt})
    all.insert(all.end(), part.begin(), part.end());
  return all;
}

template <class T, unsigned Seed>
void check_formula() {
  using namespace array_formulas;
  constexpr auto h = table<next(Seed, 20), 2>();
  constexpr auto f = sum(h * h) + sum(W * v) + sum(X * v) * k + sum(t);
  constexpr auto fn =
      tg::function(tg::inputs(X, W, v, t, k, place), tg::outputs(f, h, gradient(f, X, W, v, t, k)));
  for (const std::size_t rows : {0u, 1u, 2u, 33u, 1000u}) {
    const auto alone = results_of<T>(fn, rows);
    for (const int n : {1, 2, 3, 7, 64}) {
      BOOST_TEST(same_bits(alone, results_of<T>(fn, rows, eager_threads{n})),
                 "seed " << Seed << ", " << rows << " rows, " << n << " threads");
      BOOST_TEST(same_bits(alone, results_of<T>(fn, rows, tg::threads(n))));
    }
  }
}
template <unsigned... Seeds>
void check_formulas(std::integer_sequence<unsigned, Seeds...>) {
  (check_formula<double, Seeds + 100>(), ...);
  (check_formula<float, Seeds + 100>(), ...);
}

constexpr auto x = tg::array<"x", tg::rows, 40>;
constexpr auto y = tg::array<"y", tg::rows, 10>;
constexpr auto w = tg::array<"w", 40, 96>;
constexpr auto b = tg::array<"b", 96>;
constexpr auto v = tg::array<"v", 96, 10>;
constexpr auto theta = tg::parameters(w, b, v);
constexpr auto score = matmul(tanh(matmul(x, w) + b), v);
constexpr auto loss = -tg::mean(tg::sum<1>(y * tg::log_softmax<-1>(score)));
constexpr auto step =
    tg::function(tg::inputs(x, y, theta), tg::outputs(loss, score, tg::gradient(loss, theta)));

template <class T, class... Executor>
std::vector<T> step_of_network(std::size_t rows, const Executor&... by) {
  const auto points = numbers<T>(rows * 40, 2), labels = numbers<T>(rows * 10, 3),
             at = numbers<T>(theta.size(), 4);
  std::vector<T> out(rows * 10), slope(theta.size());
  const T value = tg::bound<T>(step)(points, labels, at, out, slope, by...);
  out.insert(out.end(), slope.begin(), slope.end());
  out.push_back(value);
  return out;
}

}  // namespace

BOOST_AUTO_TEST_CASE(random_formulas_have_the_same_bits) {
  check_formulas(std::make_integer_sequence<unsigned, 8>{});
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_network_has_the_same_bits, T, decltype(std::tuple<float, double>{})) {
  for (const std::size_t rows : {1u, 2u, 33u, 1000u}) {
    const auto alone = step_of_network<T>(rows);
    for (const int n : {1, 2, 3, 7, 64}) {
      BOOST_TEST(same_bits(alone, step_of_network<T>(rows, tg::threads(n))), rows << " rows, " << n);
      BOOST_TEST(same_bits(alone, step_of_network<T>(rows, eager_threads{n})), rows << " rows, " << n);
    }
  }
}

/// Every kernel that can be split, along an axis that is carried along.
BOOST_AUTO_TEST_CASE_TEMPLATE(kernels_have_the_same_bits, T,
                              decltype(std::tuple<float, double, std::complex<double>>{})) {
  constexpr auto a = tg::array<"a", tg::rows, 4, 4>;
  constexpr auto c = tg::array<"c", tg::rows, 4, 2>;
  constexpr auto turned = permute<0, 2, 1>(a);
  const auto check = [](const auto& fn) {
    for (const std::size_t rows : {1u, 2u, 33u, 1000u})
      check_parts(fn, rows, numbers<T>(rows * 16, 6), numbers<T>(rows * 8, 7));
  };
  check(tg::function(tg::inputs(a, c),
                     tg::outputs(matmul(a, c), inverse(a), determinant(a), solve(a, c), tg::logsumexp<2>(a),
                                 tg::sum<0>(a), tg::sum<1>(a), tg::reshape<tg::rows, -1>(turned))));
  if constexpr (std::is_floating_point_v<T>)
    check(tg::function(tg::inputs(a, c), tg::outputs(log_determinant(a), cholesky(matmul(a, turned)), c * 2_c,
                                                     tg::max<1>(a), tg::min<0>(a))));
}

/// A call that is refused writes nothing, in threads as in one.
BOOST_AUTO_TEST_CASE(refusals) {
  const auto points = numbers<float>(40 * 100), labels = numbers<float>(10 * 100),
             at = numbers<float>(theta.size());
  std::vector<float> out(10 * 100 - 1, 5), slope(theta.size(), 5), space(step.workspace<float>(100));
  BOOST_CHECK_THROW(step(points, labels, at, out, slope, space, tg::threads(2)), tg::unfit_array);
  BOOST_TEST(out == std::vector<float>(10 * 100 - 1, 5));
  BOOST_TEST(slope == std::vector<float>(theta.size(), 5));
}

/// A fit takes the same path.
BOOST_AUTO_TEST_CASE(a_fit) {
  const auto points = numbers<double>(40 * 500), labels = numbers<double>(10 * 500),
             start = numbers<double>(theta.size());
  constexpr auto mean_square = tg::mean((y - score) * (y - score));
  const auto alone = tg::objective(mean_square, theta, x = points, y = labels);
  const auto options = tg::minimize_options<double>{.max_iterations = 5};
  const auto first = tg::minimize(alone, start, tg::l_bfgs{}, options);
  const auto second = tg::minimize(tg::in_threads(alone, tg::threads(2)), start, tg::l_bfgs{}, options);
  BOOST_TEST(first.iterations == 5);
  BOOST_TEST(same_bits(first.parameters, second.parameters));
}
