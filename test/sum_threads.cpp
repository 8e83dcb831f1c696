// SPDX-License-Identifier: BSL-1.0
// Sums over rows in threads: the same bits for any number of threads, for all rows and for some of them, and
// a fit.
#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <typegrad/optimize/l_bfgs.hpp>
#include <typegrad/optimize/minimize.hpp>
#include <typegrad/program/threads.hpp>
#include <typegrad/typegrad.hpp>
#include <vector>

using namespace tg::literals;

BOOST_AUTO_TEST_CASE(the_same_bits_for_any_number) {
  constexpr auto t = tg::symbol<"t">;
  constexpr auto y = tg::symbol<"y">;
  constexpr auto p = tg::symbols<"p", 2>;
  std::vector<double> ts, ys;
  for (int k = 0; k < 20011; ++k)
    ts.push_back(k * 1e-4), ys.push_back(2 * std::exp(-ts.back()) + std::sin(k) / 8);
  const auto f = p[0_c] * exp(-p[1_c] * t) - y;
  const auto sum = tg::sum_over(tg::rows(t = ts, y = ys), f, p);
  const std::array at{1.75, 0.5};
  std::array<double, 2> slopes, others;
  const double value = sum.value_and_gradient(at, slopes);
  const auto normal = sum.gauss_newton(at);
  std::vector<int> list;
  for (int k = 0; k < 9000; ++k) list.push_back(k * 7 % 20011);
  for (std::size_t n : {1u, 2u, 3u, 5u, 16u}) {
    const tg::threads by(n);
    BOOST_TEST(sum.value_and_gradient(at, others, by) == value);
    BOOST_TEST(slopes == others, boost::test_tools::per_element());
    BOOST_TEST(sum.value(at, by) == sum.value(at));
    BOOST_TEST((sum.gradient(at, 100, 15000, by) == sum.gradient(at, 100, 15000)));
    BOOST_TEST((sum.hessian(at, list, by) == sum.hessian(at, list)));
    BOOST_TEST((sum.gauss_newton(at, by).matrix == normal.matrix));
    BOOST_TEST(sum.gauss_newton(at, by).cost == normal.cost);
  }
  const auto squares = tg::sum_over(tg::rows(t = ts, y = ys), f * f / 2_c, p);
  const auto alone = tg::minimize(squares, std::array{1.0, 1.0}, tg::l_bfgs{});
  const auto together =
      tg::minimize(tg::in_threads(squares, tg::threads(3)), std::array{1.0, 1.0}, tg::l_bfgs{});
  BOOST_TEST(alone.converged);
  BOOST_TEST(alone.parameters == together.parameters, boost::test_tools::per_element());
  BOOST_TEST(std::abs(alone.parameters[0] - 2) < 0.01);
}

BOOST_AUTO_TEST_CASE(fewer_than_one) {
  BOOST_CHECK_THROW(tg::threads(0), tg::unfit_threads);
  BOOST_CHECK_THROW(tg::threads(-1), tg::unfit_threads);
  BOOST_CHECK_THROW(tg::threads(0u), tg::unfit_threads);
}
