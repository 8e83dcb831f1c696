// SPDX-License-Identifier: BSL-1.0
// The special functions of <typegrad/special.hpp>: values and partial derivatives to third order against an
// evaluation of 100 digits, as of the other primitives (primitives.cpp); by the operands that have a formula.
#include <boost/math/special_functions/bessel.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <boost/test/unit_test.hpp>
#include <typegrad/inspection.hpp>
#include <typegrad/special.hpp>
#include <typegrad/typegrad.hpp>

#include "primitive_rows.hpp"

namespace {

using namespace rows_of_primitives;

using special = op::primitives<op::erfinv, op::gamma_p, op::gamma_q, op::gamma_p_slope, op::ibeta,
                               op::ibeta_slope, op::bessel_j, op::bessel_y, op::bessel_i, op::bessel_k>;
constexpr auto a = 2.5_c;
constexpr auto b = 0.75_c;
const number A = number(5) / 2, B = number(3) / 4;

std::vector<row> table() {
  namespace bm = boost::math;
  const tolerance near_an_end{{4, 16, 64, 512}, 0, "the terms of a derivative are larger than their sum"};
  return {
      unary<op::erfinv>([](in v) { return number(bm::erf_inv(v[0])); },
                        {at(0.5), at(-0.25), at(1e-10), near(1 - tiny, tiny)},
                        {{4, 64, 64, 64}, 0, "exp(y^2) magnifies the rounding of y^2"}),
      within<op::gamma_p, 1>(gamma_p(a, x), [](in v) { return number(bm::gamma_p(A, v[0])); },
                             {at(1.5), near(0.01, 0.01), at(20.0)}),
      within<op::gamma_q, 1>(gamma_q(a, x), [](in v) { return number(bm::gamma_q(A, v[0])); },
                             {at(1.5), at(20.0), at(100.0)}),
      binary<op::gamma_p_slope>(
          [](in v) { return number(pow(v[1], number(v[0] - 1)) * exp(number(-v[1])) / bm::tgamma(v[0])); },
          {at(2.5, 1.5), at(0.75, 3.0), near(4.25, 0.01, 1, 0.01)}, near_an_end),
      within<op::ibeta, 1>(
          ibeta(a, b, x), [](in v) { return number(bm::ibeta(A, B, v[0])); },
          {near(0.25, 0.25), near(0.01, 0.01), near(0.9, 0.1)}, near_an_end),
      within<op::ibeta_slope, 2>(
          tg::diff(ibeta(a, y, x), x),
          [](in v) {
            return number(pow(v[0], number(A - 1)) * pow(number(1 - v[0]), number(v[1] - 1)) /
                          bm::beta(A, v[1]));
          },
          {near(0.25, 0.75, 0.25, 0.5), near(0.9, 3.5, 0.1, 1)}, near_an_end),
      within<op::bessel_j, 1>(bessel_j(a, x), [](in v) { return number(bm::cyl_bessel_j(A, v[0])); },
                              {at(1.5), near(0.1, 0.1), at(12.0)}),
      within<op::bessel_j, 1>(bessel_j(0_c, x),
                              [](in v) { return number(bm::cyl_bessel_j(number(0), v[0])); },
                              {at(1.5), at(0.1)}),
      within<op::bessel_y, 1>(bessel_y(a, x), [](in v) { return number(bm::cyl_neumann(A, v[0])); },
                              {at(1.5), near(0.1, 0.1), at(12.0)}),
      within<op::bessel_i, 1>(bessel_i(a, x), [](in v) { return number(bm::cyl_bessel_i(A, v[0])); },
                              {at(1.5), near(0.1, 0.1), at(12.0)}),
      within<op::bessel_k, 1>(bessel_k(a, x), [](in v) { return number(bm::cyl_bessel_k(A, v[0])); },
                              {at(1.5), near(0.1, 0.1), at(12.0)}),
  };
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_special_function_has_a_row) { require_rows<special>(table()); }

BOOST_AUTO_TEST_CASE(every_special_function_to_third_order) { compare(table()); }

BOOST_AUTO_TEST_CASE(mixed_derivatives_exist_where_one_alone_does_not) {
  const auto close = boost::test_tools::tolerance(1e-12);
  // by a and x: the derivative of the slope by a, against differences in 100 digits.
  const auto by_both = [](auto f, double at_a, double at_x) {
    const std::array<number, 2> point{number(at_a), number(at_x)};
    return static_cast<double>(oracle::derivative<number, 2>(f, point.data(), std::array{1, 1}));
  };
  const auto p = [](in v) { return number(boost::math::gamma_p(v[0], v[1])); };
  const auto i = [](in v) { return number(boost::math::ibeta(v[0], B, v[1])); };
  BOOST_TEST(tg::diff(gamma_p(x, y), x, y)(x = 2.5, y = 1.5) == by_both(p, 2.5, 1.5), close);
  BOOST_TEST(tg::diff(gamma_q(x, y), x, y)(x = 2.5, y = 1.5) == -by_both(p, 2.5, 1.5), close);
  BOOST_TEST(tg::diff(ibeta(x, b, y), x, y)(x = 2.5, y = 0.5) == by_both(i, 2.5, 0.5), close);
  BOOST_TEST(tg::diff(ibeta(b, x, 1 - y), x, y)(x = 2.5, y = 0.5) == -by_both(i, 2.5, 0.5), close);
}

BOOST_AUTO_TEST_CASE(edges) {
  BOOST_TEST(erfinv(x)(x = 1.0) == HUGE_VAL);
  BOOST_TEST(erfinv(x)(x = -1.0) == -HUGE_VAL);
  BOOST_TEST(std::isnan(erfinv(x)(x = 1.5)));
  BOOST_TEST(gamma_p(a, x)(x = 0.0) == 0);
  BOOST_TEST(gamma_q(a, x)(x = 0.0) == 1);
  BOOST_TEST(std::isnan(gamma_p(a, x)(x = -1.0)));
  BOOST_TEST(ibeta(a, b, x)(x = 0.0) == 0);
  BOOST_TEST(ibeta(a, b, x)(x = 1.0) == 1);
  BOOST_TEST(std::isnan(ibeta(a, b, x)(x = 1.5)));
  BOOST_TEST(bessel_j(0_c, x)(x = 0.0) == 1);
  BOOST_TEST(tg::diff(bessel_j(0_c, x), x)(x = 0.0) == 0);
  BOOST_TEST(bessel_k(1_c, x)(x = 0.0) == HUGE_VAL);
  BOOST_TEST(bessel_y(1_c, x)(x = 0.0) == -HUGE_VAL);
  static_assert(erfinv(erf(x)) == x);
}

BOOST_AUTO_TEST_CASE(notation) {
  BOOST_TEST(tg::to_string(bessel_j(2_c, x)) == "bessel_j(2, x)");
  BOOST_TEST(tg::to_latex(bessel_j(2_c, x)) == "J_{2}\\left(x\\right)");
  BOOST_TEST(tg::to_latex(ibeta(2_c, 3_c, x)) == "I_{x}\\left(2, 3\\right)");
}
