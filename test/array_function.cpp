// SPDX-License-Identifier: BSL-1.0
// Functions of arrays: a network against hand-written loops, what counts as an array, what is refused, and
// that a call does not allocate.
#include <Eigen/Dense>
#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <span>
#include <string>
#include <typegrad/array.hpp>
#include <vector>

#include "allocations.hpp"
#include "refusal.hpp"

namespace {

/// Numbers between -scale and scale that depend on the seed alone.
template <class T>
std::vector<T> numbers(std::size_t count, unsigned seed, double scale = 0.3) {
  std::vector<T> all(count);
  unsigned long long state = seed * 2654435761ull + 1;
  for (T& each : all) {
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    each = static_cast<T>((static_cast<double>(state >> 40) / (1 << 23) - 1) * scale);
  }
  return all;
}

template <class T>
double difference(const std::vector<T>& x, const std::vector<T>& y) {
  BOOST_REQUIRE_EQUAL(x.size(), y.size());
  double largest = 0, scale = 1;
  for (std::size_t i = 0; i < x.size(); ++i) {
    largest = std::fmax(largest, std::fabs(static_cast<double>(x[i]) - static_cast<double>(y[i])));
    scale = std::fmax(scale, std::fabs(static_cast<double>(y[i])));
  }
  return largest / scale;
}

constexpr auto rows = tg::extent<"rows">;

// A network with one hidden layer: tanh, softmax written by hand, and its cross entropy.
constexpr auto x = tg::array<"x", rows, 64>;
constexpr auto y = tg::array<"y", rows, 10>;
constexpr auto w = tg::array<"w", 64, 32>;
constexpr auto b = tg::array<"b", 32>;
constexpr auto v = tg::array<"v", 32, 10>;
constexpr auto c = tg::array<"c", 10>;
constexpr auto scores = exp(matmul(tanh(matmul(x, w) + b), v) + c);
constexpr auto loss = -sum(y * log(transpose(transpose(scores) / tg::sum<1>(scores))));
constexpr auto network =
    tg::function(tg::inputs(x, y, w, b, v, c), tg::outputs(loss, gradient(loss, w, b, v, c)));

/// The same in plain loops.
template <class T>
struct by_hand {
  std::vector<T> dw, db, dv, dc;
  T loss = 0;
  by_hand(const std::vector<T>& in, const std::vector<T>& target, const std::vector<T>& weight,
          const std::vector<T>& bias, const std::vector<T>& weight2, const std::vector<T>& bias2)
      : dw(64 * 32), db(32), dv(320), dc(10) {
    for (std::size_t r = 0; r < in.size() / 64; ++r) {
      T h[32], z[10], dz[10], total = 0, targets = 0;
      for (std::size_t j = 0; j < 32; ++j) {
        h[j] = bias[j];
        for (std::size_t k = 0; k < 64; ++k) h[j] += in[r * 64 + k] * weight[k * 32 + j];
        h[j] = std::tanh(h[j]);
      }
      for (std::size_t j = 0; j < 10; ++j) {
        z[j] = bias2[j];
        for (std::size_t k = 0; k < 32; ++k) z[j] += h[k] * weight2[k * 10 + j];
        z[j] = std::exp(z[j]);
        total += z[j];
        targets += target[r * 10 + j];
      }
      for (std::size_t j = 0; j < 10; ++j) {
        loss -= target[r * 10 + j] * std::log(z[j] / total);
        dz[j] = targets * z[j] / total - target[r * 10 + j];
        dc[j] += dz[j];
      }
      for (std::size_t k = 0; k < 32; ++k) {
        T dh = 0;
        for (std::size_t j = 0; j < 10; ++j) {
          dv[k * 10 + j] += h[k] * dz[j];
          dh += dz[j] * weight2[k * 10 + j];
        }
        dh *= 1 - h[k] * h[k];
        db[k] += dh;
        for (std::size_t i = 0; i < 64; ++i) dw[i * 32 + k] += in[r * 64 + i] * dh;
      }
    }
  }
};

template <class T>
void compare_network(double tolerance) {
  for (const std::size_t n : {std::size_t{0}, std::size_t{1}, std::size_t{7}, std::size_t{1000}}) {
    const auto in = numbers<T>(n * 64, 1), target = numbers<T>(n * 10, 2, 1);
    const auto weight = numbers<T>(64 * 32, 3), bias = numbers<T>(32, 4), weight2 = numbers<T>(320, 5),
               bias2 = numbers<T>(10, 6);
    // What is there before must not matter.
    const T nan = std::numeric_limits<T>::quiet_NaN();
    std::vector<T> dw(64 * 32, nan), db(32, nan), dv(320, nan), dc(10, nan),
        space(network.workspace<T>(n), nan);
    allocations = 0;
    const T value = network(in, target, weight, bias, weight2, bias2, dw, db, dv, dc, space);
    BOOST_TEST(allocations == 0);
    const by_hand<T> expected(in, target, weight, bias, weight2, bias2);
    BOOST_TEST(difference<T>({value}, {expected.loss}) < tolerance);
    BOOST_TEST(difference(dw, expected.dw) < tolerance);
    BOOST_TEST(difference(db, expected.db) < tolerance);
    BOOST_TEST(difference(dv, expected.dv) < tolerance);
    BOOST_TEST(difference(dc, expected.dc) < tolerance);
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_network_and_its_gradients) {
  compare_network<double>(1e-12);
  compare_network<float>(2e-4);  // sums of a thousand terms of both signs
}

// More steps or more workspace than this is a step back: 106 numbers a row, and scratch memory of one
// product.
BOOST_AUTO_TEST_CASE(few_steps_and_a_small_workspace) {
  BOOST_TEST(network.steps() <= 18);
  BOOST_TEST(network.workspace<float>(0) <= 4000u);
  BOOST_TEST(network.workspace<float>(1000) <= 126000u);
}

BOOST_AUTO_TEST_CASE(a_bound_function_owns_its_workspace) {
  auto bound = tg::bound<double>(network);
  for (const std::size_t n : {7u, 3u, 20u}) {
    const auto in = numbers<double>(n * 64, 1), target = numbers<double>(n * 10, 2, 1);
    const auto weight = numbers<double>(64 * 32, 3), bias = numbers<double>(32, 4),
               weight2 = numbers<double>(320, 5), bias2 = numbers<double>(10, 6);
    std::vector<double> dw(64 * 32), db(32), dv(320), dc(10);
    const double value = bound(in, target, weight, bias, weight2, bias2, dw, db, dv, dc);
    const by_hand<double> expected(in, target, weight, bias, weight2, bias2);
    BOOST_TEST(value == expected.loss, boost::test_tools::tolerance(1e-12));
    BOOST_TEST(difference(dw, expected.dw) < 1e-12);
    allocations = 0;
    bound(in, target, weight, bias, weight2, bias2, dw, db, dv, dc);
    BOOST_TEST(allocations == 0);
  }
}

namespace {

constexpr auto p = tg::array<"p", 3, 4>;
constexpr auto q = tg::array<"q", 4, 2>;
constexpr auto s = tg::symbol<"s">;
constexpr auto group = tg::symbols<"g", 2>;
constexpr auto scaled = s * matmul(p, q) + get<1>(group);

}  // namespace

// The same numbers in every kind of memory, as input and as output, by rows and by columns.
BOOST_AUTO_TEST_CASE(every_kind_of_memory) {
  using by_rows = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  constexpr auto fn = tg::function(tg::inputs(p, s, q, group),
                                   tg::outputs(scaled, s * s, transpose(q), p, get<0>(group), sum(p)));
  const auto flat_p = numbers<double>(12, 1), flat_q = numbers<double>(8, 2);
  const Eigen::MatrixXd ep = Eigen::Map<const by_rows>(flat_p.data(), 3, 4),
                        eq = Eigen::Map<const by_rows>(flat_q.data(), 4, 2);
  const Eigen::MatrixXd product = (2.0 * ep * eq).array() + 5.0;
  std::vector<double> space(fn.workspace<double>() + 32);  // more is needed by columns
  const auto check = [&](const auto& in_p, const auto& in_q, auto&& out, auto&& turned, auto&& same,
                         auto at) {
    const std::array<double, 3> r = fn(in_p, 2, in_q, std::array{4.0f, 5.0f}, out, turned, same, space);
    BOOST_TEST(r[0] == 4);
    BOOST_TEST(r[1] == 4);
    BOOST_TEST(r[2] == ep.sum(), boost::test_tools::tolerance(1e-14));
    for (int i = 0; i < 3; ++i)
      for (int j = 0; j < 2; ++j)
        BOOST_TEST(at(out, i, j, 2) == product(i, j), boost::test_tools::tolerance(1e-14));
    for (int i = 0; i < 2; ++i)
      for (int j = 0; j < 4; ++j) BOOST_TEST(at(turned, i, j, 4) == eq(j, i));
    for (int i = 0; i < 3; ++i)
      for (int j = 0; j < 4; ++j) BOOST_TEST(at(same, i, j, 4) == ep(i, j));
  };
  const auto flat_at = [](const auto& memory, int i, int j, int columns) {
    return memory[static_cast<std::size_t>(i * columns + j)];
  };
  const auto row_at = [](const auto& memory, int i, int j, int) {
    return memory[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)];
  };
  const auto matrix_at = [](const auto& matrix, int i, int j, int) { return matrix(i, j); };
  std::vector<double> out(6), turned(8), same(12);
  check(flat_p, std::span<const double>{flat_q}, out, std::span<double>{turned}, same, flat_at);
  std::array<std::array<double, 2>, 3> nested_out{};
  std::array<std::array<double, 4>, 2> nested_turned{};
  double nested_same[3][4];
  std::array<std::array<double, 4>, 3> nested_p{};
  double nested_q[4][2];
  for (int i = 0; i < 12; ++i)
    nested_p[static_cast<std::size_t>(i / 4)][static_cast<std::size_t>(i % 4)] = ep(i / 4, i % 4);
  for (int i = 0; i < 8; ++i) nested_q[i / 2][i % 2] = eq(i / 2, i % 2);
  check(nested_p, nested_q, nested_out, nested_turned, nested_same, row_at);
  Eigen::MatrixXd columns_out(3, 2), columns_turned(2, 4), columns_same(3, 4);
  by_rows rows_out(3, 2), rows_turned(2, 4), rows_same(3, 4);
  check(ep, by_rows(eq), columns_out, rows_turned, columns_same, matrix_at);
  check(by_rows(ep), eq, rows_out, columns_turned, rows_same, matrix_at);
  std::vector<double> map_memory(12);
  check(ep, eq, columns_out, columns_turned, Eigen::Map<by_rows>(map_memory.data(), 3, 4), matrix_at);
}

BOOST_AUTO_TEST_CASE(numbers_that_are_captured_and_extents_that_are_numbers) {
  const float half = 0.5f;
  const double third = 0.75;
  const auto k = tg::array<"k", rows>;
  const auto fn = tg::function(tg::inputs(k), tg::outputs(k * third + half, sum(0 * k + half)));
  const auto in = numbers<double>(5, 9);
  std::vector<double> out(5), space(fn.workspace<double>(5));
  BOOST_TEST(fn(in, out, space) == 2.5);
  for (std::size_t i = 0; i < 5; ++i) BOOST_TEST(out[i] == in[i] * 0.75 + 0.5);
}

// What is not finite goes through products, sums and loops.
BOOST_AUTO_TEST_CASE(what_is_not_finite_stays) {
  constexpr auto fn = tg::function(tg::inputs(p, q), tg::outputs(matmul(p, q), tg::sum<1>(p * 2), exp(p)));
  for (const double bad :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    std::vector<double> in(12, 1.0), in_q(8, 1.0), product(6), sums(3), values(12),
        space(fn.workspace<double>());
    in[5] = bad;
    fn(in, in_q, product, sums, values, space);
    const auto is_bad = [&](double z) { return std::isnan(bad) ? std::isnan(z) : z == bad; };
    for (std::size_t i = 0; i < 6; ++i) BOOST_TEST(is_bad(product[i]) == (i / 2 == 1));
    for (std::size_t i = 0; i < 3; ++i) BOOST_TEST(is_bad(sums[i]) == (i == 1));
    for (std::size_t i = 0; i < 12; ++i) BOOST_TEST(is_bad(values[i]) == (i == 5));
  }
}

// Everything that does not fit is refused with a sentence that names it, and nothing is written.
BOOST_AUTO_TEST_CASE(what_does_not_fit_is_refused) {
  constexpr auto m = tg::array<"m", rows, 3>;
  constexpr auto n = tg::array<"n", rows>;
  constexpr auto fn = tg::function(tg::inputs(m, n), tg::outputs(tg::sum<1>(m * m) + tanh(n), sum(m)));
  std::vector<double> in(6, 1.0), in_n(2, 1.0), out(2, -7.0), space(fn.workspace<double>(2) + 4);
  const auto memory = std::span<double>(space);
  BOOST_TEST(refusal([&] { fn(in, in_n, out, space); }) == "");
  out.assign(2, -7.0);
  std::vector<double> long_in(7), long_n(3), long_out(3);
  BOOST_TEST(refusal([&] { fn(long_in, in_n, out, space); }) ==
             "function: the input 'm' has 7 elements; its shape is (rows, 3) with rows = 2.");
  BOOST_TEST(refusal([&] { fn(in, long_n, out, space); }) ==
             "function: the input 'n' has 3 elements; its shape is (rows) with rows = 2.");
  BOOST_TEST(refusal([&] { fn(in, in_n, long_out, space); }) ==
             "function: output 0 has 3 elements; its shape is (rows), which is 2 elements.");
  BOOST_TEST(refusal([&] { fn(in, in_n, std::span<double>(in).first(2), space); }) ==
             "function: output 0 overlaps the input 'm'.");
  BOOST_TEST(refusal([&] { fn(memory.first(6), in_n, out, space); }) ==
             "function: the workspace overlaps the input 'm'.");
  BOOST_TEST(refusal([&] { fn(in, in_n, memory.first(2), space); }) ==
             "function: the workspace overlaps output 0.");
  BOOST_TEST(refusal([&] {
               fn(in, in_n, out, memory.first(1));
             }).starts_with("function: the workspace has 1 element"));
  Eigen::MatrixXd other(3, 2);
  BOOST_TEST(refusal([&] {
               fn(other, in_n, out, space);
             }).starts_with("function: the input 'm' has 6 elements; its shape"));
  Eigen::MatrixXd wide(4, 3);
  BOOST_TEST(refusal([&] {
               fn(wide.topRows(2), in_n, out, space);
             }).starts_with("function: the input 'm' has 6 elements, which do not lie in one piece"));
  BOOST_TEST(out == std::vector<double>(2, -7.0), boost::test_tools::per_element());
  constexpr auto t = tg::array<"t", rows, tg::extent<"columns">>;
  constexpr auto unknown = tg::function(tg::inputs(t), tg::outputs(sum(t * t)));
  std::vector<double> more(unknown.workspace<double>(2, 3));
  BOOST_TEST(refusal([&] { unknown(in, more); }).starts_with("function: the extent 'rows' does not follow"));
  const Eigen::MatrixXd known = Eigen::MatrixXd::Ones(2, 3);
  BOOST_TEST(unknown(known, more) == 6);
}

// The sum of no elements is 0; a mean, a largest or a smallest one does not exist, along the axis that is
// empty.
BOOST_AUTO_TEST_CASE(reductions_of_nothing) {
  constexpr auto given = tg::array<"m", rows, 2>;
  const auto check_one = [&](const auto& reduction, bool along_rows, bool exists) {
    const auto reduce = tg::function(tg::inputs(given), tg::outputs(reduction));
    const std::vector<double> nothing;
    std::vector<double> out(along_rows ? 2 : 0, 7.0), space(reduce.template workspace<double>(0));
    const std::string said = refusal([&] { reduce(nothing, out, space); });
    BOOST_TEST(said.starts_with("function: the extent 'rows' is 0") == !exists, said);
    for (double each : out) BOOST_TEST(each == (exists ? 0 : 7));  // refused before anything is written
  };
  check_one(tg::sum<0>(given), true, true);
  check_one(tg::mean<0>(given), true, false);
  check_one(tg::mean<0>(3 * tanh(given)), true, false);
  check_one(tg::max<0>(given), true, false);
  check_one(tg::min<0>(exp(given)), true, false);
  check_one(tg::sum<1>(given), false, true);
  check_one(tg::mean<1>(given), false, true);
  check_one(tg::max<1>(given), false, true);
}

// Inverses and determinants against those of Eigen.
BOOST_AUTO_TEST_CASE(inverses_and_determinants) {
  constexpr auto z = tg::array<"z", tg::extent<"n">, tg::extent<"n">>;
  constexpr auto fn = tg::function(
      tg::inputs(z), tg::outputs(tg::inverse(tg::transpose(z)), tg::determinant(z), tg::log_determinant(z)));
  for (const int n : {1, 2, 5, 20}) {
    const auto data = numbers<double>(static_cast<std::size_t>(n * n), static_cast<unsigned>(n), 1);
    const Eigen::MatrixXd in = Eigen::Map<const Eigen::MatrixXd>(data.data(), n, n),
                          expected = in.transpose().inverse();
    Eigen::MatrixXd out(n, n);
    std::vector<double> space(fn.workspace<double>(n));
    const auto [determinant, log_determinant] = fn(in, out, space);
    BOOST_TEST((out - expected).norm() <= 1e-11 * expected.norm());
    BOOST_TEST(determinant == in.determinant(), boost::test_tools::tolerance(1e-11));
    BOOST_TEST(log_determinant == std::log(std::fabs(in.determinant())), boost::test_tools::tolerance(1e-11));
  }
  const Eigen::MatrixXd singular = Eigen::MatrixXd::Ones(3, 3);
  Eigen::MatrixXd out(3, 3);
  std::vector<double> space(fn.workspace<double>(3));
  BOOST_TEST(fn(singular, out, space)[0] == 0);
}
