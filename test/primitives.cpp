// SPDX-License-Identifier: BSL-1.0
// Every primitive: value and all partial derivatives to third order in double, against a 100-digit evaluation
// that is not this library (oracle.hpp), at ordinary points and near each edge of its domain. One row per
// primitive; a primitive of the library's list without a row fails the test. Errors are counted in units in
// the last place (ulp) of the true value.
#include <boost/test/unit_test.hpp>
#include <typegrad/special.hpp>
#include <typegrad/typegrad.hpp>

#include "primitive_rows.hpp"

namespace {

using namespace rows_of_primitives;

std::vector<row> table() {
  using namespace oracle;
  return {
      // Arithmetic.
      binary<op::add>([](in v) { return number(v[0] + v[1]); }, {at(1.5, 2.25), at(-0.1, 1e10)}),
      binary<op::multiply>([](in v) { return number(v[0] * v[1]); }, {at(1.5, 2.25), at(-0.1, 1e10)}),
      binary<op::divide>([](in v) { return number(v[0] / v[1]); },
                         {at(1.5, 2.25), at(-0.1, 3), near(1, 1e-10, 1, 1e-10)}),
      unary<op::negate>([](in v) { return number(-v[0]); }, {at(1.5), at(-1e-10)}),

      // Conditions, as the question that a choice asks.
      within<op::where, 2>(
          where(x < y, x * x * y, y * y),
          [](in v) { return v[0] < v[1] ? number(v[0] * v[0] * v[1]) : number(v[1] * v[1]); },
          {at(1.5, 2.5), at(2.5, -1.5)}),
      within<op::less, 1>(where(x < 2_c, x * x, x),
                          [](in v) { return v[0] < 2 ? number(v[0] * v[0]) : v[0]; }, {at(1.5), at(2.5)}),
      within<op::less_equal, 1>(where(x >= 2_c, x * x, x),
                                [](in v) { return v[0] >= 2 ? number(v[0] * v[0]) : v[0]; },
                                {at(1.5), at(2.5)}),
      within<op::equal, 2>(
          where(tg::equal(y, 2_c), x * x, x),
          [](in v) { return abs(number(v[1] - 2)) < number("1e-3") ? number(v[0] * v[0]) : v[0]; },
          {near(1.5, 2.0, 1, 1e-3), at(1.5, 2.5)}),
      within<op::logical_and, 1>(where(1_c < x && x < 2_c, x * x, x),
                                 [](in v) { return 1 < v[0] && v[0] < 2 ? number(v[0] * v[0]) : v[0]; },
                                 {at(1.5), at(2.5), at(0.5)}),
      within<op::logical_or, 1>(where(x < 1_c || 2_c < x, x * x, x),
                                [](in v) { return v[0] < 1 || 2 < v[0] ? number(v[0] * v[0]) : v[0]; },
                                {at(1.5), at(2.5), at(0.5)}),
      within<op::logical_not, 1>(where(!(x < 2_c), x * x, x),
                                 [](in v) { return v[0] >= 2 ? number(v[0] * v[0]) : v[0]; },
                                 {at(1.5), at(2.5)}),

      // Constants.
      within<op::pi, 1>(tg::pi * x, [](in v) { return number(oracle::pi<number>() * v[0]); }, {at(1.5)}),
      within<op::e, 1>(tg::e * x, [](in v) { return number(oracle::e<number>() * v[0]); }, {at(1.5)}),

      // Powers and roots.
      within<op::power, 1>(pow(x, tg::rational<7, 3>),
                           [](in v) { return number(pow(v[0], number(number(7) / 3))); },
                           {at(2.0), at(0.3), near(1e-10, 1e-10), near(1e10, 1e10)}),
      within<op::power, 1>(pow(x, 0.1_c), [](in v) { return number(pow(v[0], number(number(1) / 10))); },
                           {at(2.0), near(1e-100, 1e-100), near(1e200, 1e200)}),
      unary<op::sqrt>([](in v) { return number(sqrt(v[0])); },
                      {at(2.0), at(0.3), near(1e-20, 1e-20), near(1e10, 1e10)}),
      unary<op::cbrt>([](in v) { return number(cbrt(v[0])); },
                      {at(2.0), at(-3.0), near(1e-20, 1e-20), near(-1e10, 1e10)}),
      binary<op::pow>([](in v) { return number(pow(v[0], v[1])); },
                      {at(2.0, 3.5), at(0.5, -2.0), near(1e-10, 2.5, 1e-10, 0.1), at(3.0, -0.75)}),
      binary<op::hypot>(
          [](in v) { return hypot(v[0], v[1]); },
          {at(3.0, 4.0), near(1e-10, 1.0, 1, 1), near(-2.0, 1e-5, 1, 1), near(1e-10, 2e-10, 1e-10, 1e-10)}),
      within<op::hypot_slope, 2>(
          tg::diff(hypot(x, y), x), [](in v) { return number(v[0] / hypot(v[0], v[1])); },
          {at(3.0, 2.0), near(1.0, 1e-10, 1, 1), near(-2.0, 1e-5, 1, 1), near(1e-10, 3e-10, 1e-10, 1e-10)}),

      // Exponentials and logarithms.
      unary<op::exp>([](in v) { return number(exp(v[0])); }, {at(1.0), at(-20.0), at(1e-10), at(700.0)}),
      unary<op::exp2>([](in v) { return exp2(v[0]); }, {at(1.5), at(-20.25), at(1e-10)}),
      unary<op::expm1>([](in v) { return expm1(v[0]); }, {at(1.0), at(-40.0), at(1e-10)}),
      unary<op::exprel>([](in v) { return exprel(v[0]); },
                        {at(0.5), at(-0.5), at(1e-10), at(-1e-10), at(3.1), at(-3.1), at(40.0), at(-40.0)}),
      unary<op::exprel_derivative<1>>([](in v) { return exprel_slope(v[0]); },
                                      {at(0.5), at(-2.5), at(1e-5), at(-1e-5), at(9.5), at(-30.0)}),
      unary<op::log>([](in v) { return number(log(v[0])); },
                     {at(2.0), at(0.3), near(1e-10, 1e-10), at(1 + tiny), near(1e10, 1e10)}),
      unary<op::log2>([](in v) { return number(log2(v[0])); },
                      {at(2.5), at(0.3), near(1e-10, 1e-10), near(1e10, 1e10)}),
      unary<op::log10>([](in v) { return number(log10(v[0])); },
                       {at(2.5), at(0.3), near(1e-10, 1e-10), near(1e10, 1e10)}),
      unary<op::log1p>([](in v) { return log1p(v[0]); },
                       {at(2.0), at(1e-10), near(-1 + tiny, tiny), near(1e10, 1e10)}),

      // Trigonometric functions.
      unary<op::sin>([](in v) { return number(sin(v[0])); }, {at(1.0), at(-2.0), at(1e-10), at(100.0)}),
      unary<op::cos>([](in v) { return number(cos(v[0])); }, {at(1.0), at(-2.0), at(1e-10), at(100.0)}),
      unary<op::sinpi>([](in v) { return number(sin(number(oracle::pi<number>() * v[0]))); },
                       {at(0.3), at(0.2), at(-0.7), at(1e-10), at(100.125), at(-1.875), at(1 - tiny)}),
      unary<op::cospi>([](in v) { return number(cos(number(oracle::pi<number>() * v[0]))); },
                       {at(0.3), at(0.2), at(-0.7), at(1e-10), at(100.125), at(-1.875), at(0.5 - tiny)}),
      unary<op::tan>([](in v) { return number(tan(v[0])); },
                     {at(1.0), at(-2.0), at(1e-10), near(1.57, 1e-3)}),
      unary<op::sec>([](in v) { return sec(v[0]); }, {at(1.0), at(-2.0), at(0.01), near(1.57, 1e-3)}),
      unary<op::csc>([](in v) { return csc(v[0]); }, {at(1.0), at(-2.0), near(1e-10, 1e-10), at(1.5)}),
      unary<op::cot>([](in v) { return cot(v[0]); }, {at(1.0), at(-2.0), near(1e-10, 1e-10), at(1.5)}),
      unary<op::asin>([](in v) { return number(asin(v[0])); },
                      {at(0.3), at(-0.9), at(1e-10), near(1 - tiny, tiny), near(-1 + tiny, tiny)}),
      unary<op::acos>([](in v) { return number(acos(v[0])); },
                      {at(0.3), at(-0.9), at(1e-10), near(1 - tiny, tiny), near(-1 + tiny, tiny)}),
      unary<op::atan>([](in v) { return number(atan(v[0])); },
                      {at(0.5), at(-2.0), at(1e-10), near(1e10, 1e10)}),
      unary<op::asec>([](in v) { return asec(v[0]); },
                      {at(2.0), at(-1.5), near(1 + tiny, tiny), near(1e10, 1e10)}),
      unary<op::acsc>([](in v) { return acsc(v[0]); },
                      {at(2.0), at(-1.5), near(1 + tiny, tiny), near(1e10, 1e10)}),
      within<op::asec_slope, 1>(tg::diff(asec(x), x),
                                [](in v) { return number(1 / (abs(v[0]) * sqrt(number(v[0] * v[0] - 1)))); },
                                {at(2.0), at(-1.5), near(1 + tiny, tiny), near(-1 - tiny, tiny),
                                 near(1e10, 1e10), near(-1e75, 1e75)}),
      unary<op::acot>([](in v) { return acot(v[0]); },
                      {at(0.5), at(-2.0), near(1e-10, 1e-10), near(1e10, 1e10)}),
      binary<op::inversion>([](in v) { return inversion(v[0], v[1]); },
                            {at(1.0, 2.0), at(-3.0, -2.0), near(1e-10, 1.0, 1e-10, 1),
                             near(1.0, 1e-10, 1, 1e-10), near(1e-10, 2e-10, 1e-10, 1e-10)}),
      binary<op::atan2>(
          [](in v) { return number(atan2(v[0], v[1])); },
          {at(1.0, 2.0), at(-1.0, -2.0), at(1e-10, 1.0), at(1.0, 1e-10), near(1e-10, 2e-10, 1e-10, 1e-10)}),

      // Hyperbolic functions.
      unary<op::sinh>([](in v) { return number(sinh(v[0])); }, {at(1.0), at(-5.0), at(1e-10), at(50.0)}),
      unary<op::cosh>([](in v) { return number(cosh(v[0])); }, {at(1.0), at(-5.0), at(1e-10), at(50.0)}),
      unary<op::tanh>([](in v) { return number(tanh(v[0])); },
                      {at(0.5), at(1.2), at(1.3), at(-5.0), at(1e-10), at(20.0), at(-40.0)}),
      within<op::tanh_slope, 1>(tg::diff(tanh(x), x), [](in v) { return number(sech(v[0]) * sech(v[0])); },
                                {at(0.5), at(1.2), at(1.3), at(-5.0), at(20.0), at(-300.0)}),
      unary<op::sech>([](in v) { return sech(v[0]); }, {at(0.5), at(-5.0), at(0.01), at(40.0)}),
      unary<op::csch>([](in v) { return csch(v[0]); }, {at(0.5), at(-5.0), near(1e-10, 1e-10), at(40.0)}),
      unary<op::coth>([](in v) { return coth(v[0]); }, {at(0.5), at(-5.0), near(1e-10, 1e-10), at(20.0)}),
      unary<op::asinh>([](in v) { return number(asinh(v[0])); },
                       {at(0.5), at(-5.0), at(1e-10), near(1e10, 1e10)}),
      unary<op::acosh>([](in v) { return number(acosh(v[0])); },
                       {at(2.0), at(1.125), near(1 + tiny, tiny), near(1e10, 1e10)}),
      unary<op::atanh>([](in v) { return number(atanh(v[0])); },
                       {at(0.5), at(-0.25), at(1e-10), near(1 - tiny, tiny), near(-1 + tiny, tiny)}),
      unary<op::asech>([](in v) { return asech(v[0]); },
                       {at(0.5), at(0.25), near(1 - tiny, tiny), near(1e-10, 1e-10)}),
      unary<op::acsch>([](in v) { return acsch(v[0]); },
                       {at(0.5), at(-2.0), near(1e-10, 1e-10), near(1e10, 1e10)}),
      within<op::acsch_slope, 1>(
          tg::diff(acsch(x), x),
          [](in v) { return number(-1 / (abs(v[0]) * sqrt(number(1 + v[0] * v[0])))); },
          {at(0.5), at(-2.0), near(1e-10, 1e-10), near(-1e-75, 1e-75), near(1e10, 1e10), near(1e60, 1e60)}),
      unary<op::acoth>([](in v) { return acoth(v[0]); },
                       {at(2.0), at(-1.5), near(1 + tiny, tiny), near(1e10, 1e10)}),

      // Special functions.
      unary<op::erf>([](in v) { return erf(v[0]); }, {at(0.5), at(-1.25), at(1e-10), at(2.5)}),
      unary<op::erfc>([](in v) { return erfc(v[0]); }, {at(0.5), at(-1.25), at(10.0), at(2.5)}),
      unary<op::tgamma>([](in v) { return tgamma(v[0]); },
                        {at(4.5), at(0.5), near(-1.5, 0.5), near(1e-5, 1e-5), at(10.25)}),
      unary<op::lgamma>([](in v) { return lgamma(v[0]); },
                        {at(3.5), at(0.5), near(1e-5, 1e-5), at(30.25), near(-1.5, 0.5)}),
      unary<op::digamma>([](in v) { return digamma(v[0]); },
                         {at(3.5), at(0.5), near(1e-5, 1e-5), at(30.25), near(-1.75, 0.25)}),
      unary<op::polygamma<1>>([](in v) { return polygamma1(v[0]); },
                              {at(3.5), at(0.5), near(1e-5, 1e-5), at(30.25)}),

      // Steps and corners, away from the corner.
      unary<op::abs>([](in v) { return number(abs(v[0])); }, {at(1.5), at(-2.5), near(-1e-10, 1e-10)}),
      unary<op::abs_slope>([](in v) { return number(sign(v[0])); }, {at(1.5), at(-2.5), near(-1e-10, 1e-10)}),
      unary<op::corner>([](in) { return number(0); }, {at(1.5), at(-2.5), near(-1e-10, 1e-10)}),
      unary<op::sign>([](in v) { return number(sign(v[0])); }, {at(1.5), at(-2.5), near(-1e-10, 1e-10)}),
      unary<op::floor>([](in v) { return number(floor(v[0])); }, {near(1.5, 0.1), near(-2.25, 0.1)}),
      unary<op::ceil>([](in v) { return number(ceil(v[0])); }, {near(1.5, 0.1), near(-2.25, 0.1)}),
      unary<op::round>([](in v) { return number(round(v[0])); }, {near(1.25, 0.1), near(-2.75, 0.1)}),
      unary<op::trunc>([](in v) { return number(trunc(v[0])); }, {near(1.25, 0.1), near(-2.75, 0.1)}),
      binary<op::fmod>([](in v) { return number(fmod(v[0], v[1])); },
                       {near(7.5, 2.0, 0.1, 0.1), near(-7.5, 2.0, 0.1, 0.1), near(7.5, -2.0, 0.1, 0.1)}),
      binary<op::min>([](in v) { return v[0] < v[1] ? v[0] : v[1]; }, {at(1.5, 2.5), at(2.5, -1.5)}),
      binary<op::max>([](in v) { return v[0] > v[1] ? v[0] : v[1]; }, {at(1.5, 2.5), at(2.5, -1.5)}),

      binary<op::copysign>([](in v) { return number(abs(v[0]) * sign(v[1])); },
                           {at(1.5, 2.5), at(1.5, -2.5), at(-1.5, -2.5), near(-1e-10, 1e-10, 1e-10, 1e-10)}),
      within<op::fma, 2>(fma(x, y, x * y), [](in v) { return number(2 * v[0] * v[1]); },
                         {at(1.5, 2.25), at(-0.1, 1e10)}),

      // Functions of machine learning.
      unary<op::sigmoid>([](in v) { return sigmoid(v[0]); },
                         {at(0.5), at(-5.0), at(5.0), at(40.0), at(-40.0)}),
      unary<op::sigmoid_slope>([](in v) { return sigmoid_slope(v[0]); },
                               {at(0.5), at(-5.0), at(5.0), at(40.0), at(-40.0), at(1e-10)}),
      unary<op::softplus>([](in v) { return softplus(v[0]); },
                          {at(0.5), at(-5.0), at(5.0), at(40.0), at(-40.0)}),
      unary<op::relu>([](in v) { return relu(v[0]); }, {at(0.5), at(-5.0), near(1e-10, 1e-10)}),
      unary<op::silu>([](in v) { return silu(v[0]); }, {at(0.5), at(-5.0), at(5.0), at(40.0), at(-40.0)}),
      unary<op::gelu>([](in v) { return gelu(v[0]); },
                      {at(0.5), at(-0.9), at(-3.0), at(3.0), at(-10.0), at(-20.3)},
                      {{4, 64, 64, 128}, 0, "exp(-x^2/2) magnifies the rounding of x^2"}),
      unary<op::mish>([](in v) { return number(v[0] * tanh(softplus(v[0]))); },
                      {at(0.5), at(-1.5), at(-5.0), at(5.0), at(40.0), at(-40.0), at(1e-10)}),
      unary<op::log_sigmoid>([](in v) { return number(-softplus(number(-v[0]))); },
                             {at(0.5), at(-5.0), at(5.0), at(40.0), at(-40.0)}),
      unary<op::sinc>([](in v) { return sinc(v[0]); },
                      {at(0.5), at(-3.0), at(0.01), at(1e-5), at(1e-10), at(30.0)}),
      unary<op::sinc_derivative<1>>(
          [](in v) { return number((v[0] * cos(v[0]) - sin(v[0])) / (v[0] * v[0])); },
          {at(0.5), at(-3.0), at(0.01), at(1e-5), at(30.0)}),
      within<op::logsumexp_weight, 2>(tg::diff(logsumexp(x, y, x * y), y),
                                      [](in v) { return slope_of_three(v[0], v[1]); },
                                      {at(0.5, 0.25), at(3.0, -1.0), at(4.0, 0.5)},
                                      {{4, 16, 32, 64}, 0, "a weight has the rounding of x - l"}),
      binary<op::pair_weight>([](in v) { return sigmoid(number(v[0] - v[1])); },
                              {at(0.5, 0.25), at(1000.0, 1001.0), at(-40.0, 3.0)}),
      binary<op::pair_slope>([](in v) { return sigmoid_slope(number(v[0] - v[1])); },
                             {at(0.5, 0.25), at(1000.0, 1001.0), at(-40.0, 3.0)}),
      binary<op::logsumexp>([](in v) { return logsumexp(v[0], v[1]); },
                            {at(0.5, 0.25), at(1000.0, 1001.0), at(-40.0, 3.0)}),
  };
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_primitive_has_a_row) { require_rows<op::all>(table()); }

BOOST_AUTO_TEST_CASE(every_primitive_to_third_order) { compare(table()); }
