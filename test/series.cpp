// SPDX-License-Identifier: BSL-1.0
// Taylor series in several symbols: all 240 mixed partial derivatives of the function that Boost.Math tests
// its automatic differentiation with, each function of a series against one that diff makes, and edges.
#include <boost/math/differentiation/autodiff.hpp>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <typegrad/series.hpp>
#include <typegrad/typegrad.hpp>

namespace {

using namespace tg::literals;

constexpr auto w = tg::symbol<"w">;
constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;
constexpr auto z = tg::symbol<"z">;

auto published(const auto& a, const auto& b, const auto& c, const auto& d) {
  using std::exp, std::sin, std::log, std::sqrt, std::tan;
  return exp(a * sin(b * log(c) / d) + sqrt(a * d / (b * c))) + a * a / tan(d);
}

/// The series of a function of x about `at` against its derivatives by diff, to the fourth order.
void compare(auto f, double at) {
  const auto s = tg::taylor(f, tg::up_to<4>(x))(x = at);
  const double by_diff[] = {f(x = at), tg::diff<1>(f, x)(x = at), tg::diff<2>(f, x)(x = at),
                            tg::diff<3>(f, x)(x = at)};
  for (int k = 0; k < 4; ++k)
    BOOST_TEST(std::abs(s.derivative(k) - by_diff[k]) <= 1e-12 * (1 + std::abs(by_diff[k])),
               tg::to_string(f) << " at " << at << ", derivative " << k << ": " << s.derivative(k)
                                << ", by diff " << by_diff[k]);
}

}  // namespace

BOOST_AUTO_TEST_CASE(all_240_mixed_partials_of_four_symbols) {
  const auto s = tg::taylor(published(w, x, y, z), tg::up_to<3>(w), tg::up_to<2>(x), tg::up_to<4>(y),
                            tg::up_to<3>(z))(w = 11.0, x = 12.0, y = 13.0, z = 14.0);
  // The value that Boost.Math's documentation gives for the highest of them.
  BOOST_TEST(s.derivative(3, 2, 4, 3) == 1976.319600747797717779881875290418720908121189218755,
             boost::test_tools::tolerance(1e-11));
  using number =
      boost::multiprecision::number<boost::multiprecision::cpp_bin_float<50>, boost::multiprecision::et_off>;
  const auto variables = boost::math::differentiation::make_ftuple<number, 3, 2, 4, 3>(
      number(11), number(12), number(13), number(14));
  const auto truth = published(std::get<0>(variables), std::get<1>(variables), std::get<2>(variables),
                               std::get<3>(variables));
  double worst = 0;
  for (std::size_t i = 0; i <= 3; ++i)
    for (std::size_t j = 0; j <= 2; ++j)
      for (std::size_t k = 0; k <= 4; ++k)
        for (std::size_t l = 0; l <= 3; ++l) {
          const double expected = static_cast<double>(truth.derivative(i, j, k, l));
          const double found = s.derivative(static_cast<int>(i), static_cast<int>(j), static_cast<int>(k),
                                            static_cast<int>(l));
          worst = std::max(worst, std::abs(found - expected) / std::abs(expected));
        }
  BOOST_TEST(worst < 1e-9);  // what cancels loses up to six digits of sixteen
  BOOST_TEST_MESSAGE("largest relative error of 240: " << worst);
}

BOOST_AUTO_TEST_CASE(every_function_has_its_series) {
  compare(x * x / (1_c + x) - 3_c, 0.7);
  compare(exp(x) + expm1(x) + exp2(x), 0.7);
  compare(log(x) + log2(x) + log10(x) + log1p(x), 0.7);
  compare(sqrt(x) + cbrt(x) + pow(x, 0.3_c) + pow(x, -2_c) + pow(x, x), 0.7);
  compare(sin(x) + cos(x) * tan(x) + sinpi(x) + sinc(x), 0.7);
  compare(sinh(x) * cosh(x) + tanh(x) + sech(x), 0.7);
  compare(asin(x) + acos(x) * atan(x) + atan2(x, 2_c), 0.3);
  compare(asinh(x) * atanh(x) + asech(x), 0.3);
  compare(acosh(x) + asec(x) + acsc(x), 1.5);
  compare(erf(x) + erfc(x) * gelu(x), 0.7);
  compare(sigmoid(x) + softplus(x) + silu(x) + mish(x) + log_sigmoid(x), 0.7);
  compare(sigmoid(x) + softplus(x) + silu(x), 0.0);
  compare(abs(x) + max(x, 2_c) + copysign(x, -1_c) + fmod(x, 2_c) + floor(x), -2.75);
  compare(where(x < 1_c, x * x, exp(x)) + hypot(x, 2_c) + fma(x, x, x) + logsumexp(x, 1_c), 1.7);
  compare(exprel(x), 0.25);
}

// Where the value is not computed as a composition of functions, and where parts of the text have no digits
// left.
BOOST_AUTO_TEST_CASE(every_function_near_zero) {
  for (const double at : {0.0, 1e-300, -1e-12, 1e-6, 1e-3, -0.1, 5.0}) {
    compare(sinc(x) + tg::diff<2>(sinc(x), x), at);
    compare(exprel(x) + tg::diff<1>(exprel(x), x), at);
    compare(sqrt(x * x + 1_c) + hypot(x, 2_c) + pow(x * x + 3_c, -0.5_c), at);
    compare(sigmoid(x) + softplus(x) + silu(x) + gelu(x) + mish(x) + log_sigmoid(x), at);
    compare(log1p(x * x) + expm1(x) + log(cosh(x)) + tanh(x) + sech(x), at);
    compare(asinh(x) + atan(x) + erf(x) + erfc(x) + sinpi(x) + cospi(x), at);
    compare(logsumexp(x, 1_c) + atan2(x, 2_c) + atan2(1_c, x) + pow(x, 3_c) + pow(2_c, x), at);
    const auto s = tg::taylor(acot(x), tg::up_to<3>(x))(x = at);  // by diff at 0: -1, 0, 2
    for (int k = 1; k <= 3; ++k) {
      const double slope[] = {-1 / (1 + at * at), 2 * at / std::pow(1 + at * at, 2),
                              (2 - 6 * at * at) / std::pow(1 + at * at, 3)};
      BOOST_TEST(std::abs(s.derivative(k) - slope[k - 1]) <= 1e-12);
    }
  }
}

// Of no derivative but with a value.
BOOST_AUTO_TEST_CASE(values_where_derivatives_end) {
  for (const auto& s :
       {tg::taylor(sqrt(x), tg::up_to<2>(x))(x = 0.0), tg::taylor(cbrt(x), tg::up_to<2>(x))(x = 0.0),
        tg::taylor(pow(x, 2.5_c), tg::up_to<2>(x))(x = 0.0)}) {
    BOOST_TEST(s.derivative(0) == 0);
    BOOST_TEST(!std::isfinite(s.derivative(1)));
  }
}

BOOST_AUTO_TEST_CASE(numbers_symbols_and_points) {
  const double factor = 3;
  const auto f = factor * pow(x, 3_c) * y + z;
  const auto s = tg::taylor(f, tg::up_to<2>(x), tg::up_to<1>(y))(x = 2.0, y = 5, z = 7.0f);
  BOOST_TEST(s.derivative(0, 0) == 127);
  BOOST_TEST(s.derivative(1, 1) == 36);
  BOOST_TEST(s.derivative(2, 0) == 180);
  BOOST_TEST(s.coefficient(2, 0) == 90);
  BOOST_TEST(std::isnan(s.derivative(3, 0)));
  BOOST_TEST(std::isnan(s.derivative(-1, 0)));
  BOOST_TEST(s(0.5, 1.0) == 7 + 3 * (8 + 12 * 0.5 + 6 * 0.25) * 6, boost::test_tools::tolerance(1e-14));
  const auto in_float = tg::taylor(exp(x), tg::up_to<1>(x))(x = 1.0f);
  static_assert(std::same_as<decltype(in_float.derivative(1)), float>);
  const auto corner = tg::taylor(abs(x), tg::up_to<1>(x))(x = 0.0);
  BOOST_TEST((corner.derivative(0) == 0 && std::isnan(corner.derivative(1))));
  const auto value_alone = tg::taylor(exp(x), tg::up_to<0>(x))(x = 0.0);
  BOOST_TEST(value_alone.derivative(0) == 1);
}
