// SPDX-License-Identifier: BSL-1.0
// One formula, many number types: float stays float, and long double, complex, multiprecision, interval and
// SIMD numbers keep their precision and meaning, in values and in derivatives. Polynomial formulas are
// evaluated by the compiler.
#include <array>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <boost/numeric/interval.hpp>
#include <boost/numeric/interval/limits.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <complex>
#include <experimental/simd>
#include <string_view>
#include <type_traits>
#include <typegrad/special.hpp>
#include <typegrad/typegrad.hpp>

namespace {

using namespace tg::literals;

constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;
constexpr auto f = x * sin(y) + 0.1_c * pow(x, 3_c) / y;
constexpr auto both = tg::function(tg::inputs(x, y), tg::outputs(f, tg::gradient(f, x, y)));

// --- Constant evaluation

constexpr auto polynomial = pow(x, 3_c) * y - 2_c * x / y + 0.5_c;
static_assert(polynomial(x = 2.0, y = 4.0) == 31.5);
static_assert(tg::gradient(polynomial, x, y)(x = 2.0, y = 4.0) == std::array{47.5, 8.25});
static_assert(tg::hessian(polynomial, x, y)(x = 2.0, y = 4.0)[0][1] == 12.125);
static_assert(where(x < y, x, y* y)(x = 3.0, y = 2.0) == 4);
static_assert((3 * x + 0.5)(x = 2.0) == 6.5);
static_assert(min(x, y)(x = 3.0, y = 2.0) == 2 && max(x, y)(x = 3.0, y = 2.0) == 3 &&
              (x < y)(x = 1.0, y = 2.0));

// --- The standard's numbers

/// Value and gradient, in T, against the formula by hand in T; `eps` is T's rounding.
template <class T>
void compare(const T& u, const T& v, double eps) {
  using std::abs;
  using std::cos;
  using std::sin;
  const auto [value, gradient] = both(u, v);
  static_assert(std::is_same_v<decltype(value), const T> &&
                std::is_same_v<decltype(gradient), const std::array<T, 2>>);
  const T tenth = T(1) / T(10);
  const auto close = [&](const T& found, const T& expected) {
    return static_cast<double>(abs(found - expected)) <= 8 * eps * static_cast<double>(abs(expected));
  };
  BOOST_TEST(close(value, u * sin(v) + tenth * u * u * u / v));
  BOOST_TEST(close(gradient[0], sin(v) + T(3) * tenth * u * u / v));
  BOOST_TEST(close(gradient[1], u * cos(v) - tenth * u * u * u / (v * v)));
}

BOOST_AUTO_TEST_CASE(each_type_keeps_its_precision) {
  using digits50 = boost::multiprecision::cpp_bin_float_50;
  compare<float>(1.3f, 0.7f, 1.2e-7);
  compare<double>(1.3, 0.7, 2.3e-16);
  compare<long double>(1.3L, 0.7L, 1.1e-19);
  compare<std::complex<double>>({1.3, -0.4}, {0.7, 0.2}, 2.3e-16);
  compare<std::complex<float>>({1.3f, -0.4f}, {0.7f, 0.2f}, 1.2e-7);
  compare<digits50>(digits50(13) / 10, digits50(7) / 10, 1e-49);
  // The constants are exact in each type: a tenth is not the double nearest to it.
  BOOST_TEST((abs((0.1_c * x)(x = digits50(1)) - digits50(1) / 10) < digits50("1e-50")));
  BOOST_TEST(((0.1_c * x)(x = 1.0L) == 0.1L));
  BOOST_TEST((tg::rational<1, 3> * x)(x = 1.0f) == 1.0f / 3.0f);
  BOOST_TEST((abs(sin(tg::pi * x)(x = digits50(1))) < digits50("1e-49")));
}

BOOST_AUTO_TEST_CASE(mixed_arguments_have_the_common_type) {
  static_assert(std::is_same_v<decltype((x * y)(x = 1.0f, y = 2.0f)), float>);
  static_assert(std::is_same_v<decltype((x * y)(x = 1, y = 2)), double>);
  static_assert(std::is_same_v<decltype((x * y)(x = 1.0f, y = 2.0)), double>);
  static_assert(std::is_same_v<decltype((x * y)(x = 1.0L, y = 2)), long double>);
  static_assert(std::is_same_v<decltype((0.1 * x)(x = 2.0f)), float>);
  static_assert(std::is_same_v<decltype((x * y)(x = std::complex{1.0, 2.0}, y = 3.0)), std::complex<double>>);
  BOOST_TEST(((x * y)(x = std::complex{1.0, 2.0}, y = 3.0) == std::complex{3.0, 6.0}));
}

// --- Complex numbers

/// Value, first and second derivative by z of a formula, against central differences of `truth` in wider
/// numbers; in all quadrants, away from branch cuts and within 0.01 of either side of those on the axes.
template <class F>
void analytic(std::string_view name, const F& formula, auto truth) {
  using complex = std::complex<double>;
  using wide = std::complex<long double>;
  constexpr auto slope = tg::diff(F{}, x);
  constexpr auto bend = tg::diff(slope, x);
  for (const auto& [across, up] : {std::array{1.6, 0.01}, {0.4, 0.01}, {0.01, 1.6}, {0.01, 0.4}, {0.7, 0.9}})
    for (const complex z : {complex{across, up}, {-across, up}, {-across, -up}, {across, -up}}) {
      const wide at = z;
      const long double h = 2e-5L;  // the differences are right to about h^2
      const wide left = truth(at - h), middle = truth(at), right = truth(at + h);
      const auto close = [&](const complex& found, const wide& expected, long double within) {
        BOOST_TEST(abs(wide(found) - expected) <= within * abs(expected),
                   name << " at " << z << ": is " << found << ", should be " << expected);
      };
      close(formula(x = z), middle, 1e-15L);
      close(slope(x = z), (right - left) / (2 * h), 1e-5L);
      close(bend(x = z), (right - middle - middle + left) / (h * h), 1e-5L);
    }
}

BOOST_AUTO_TEST_CASE(inverse_functions_of_complex_numbers) {
  analytic("log", log(x), [](auto z) { return log(z); });
  analytic("sqrt", sqrt(x), [](auto z) { return sqrt(z); });
  analytic("asin", asin(x), [](auto z) { return asin(z); });
  analytic("acos", acos(x), [](auto z) { return acos(z); });
  analytic("atan", atan(x), [](auto z) { return atan(z); });
  analytic("asec", asec(x), [](auto z) { return acos(1.0L / z); });
  analytic("acsc", acsc(x), [](auto z) { return asin(1.0L / z); });
  analytic("acot", acot(x), [](auto z) { return atan(1.0L / z); });
  analytic("asinh", asinh(x), [](auto z) { return asinh(z); });
  analytic("acosh", acosh(x), [](auto z) { return acosh(z); });
  analytic("atanh", atanh(x), [](auto z) { return atanh(z); });
  analytic("asech", asech(x), [](auto z) { return acosh(1.0L / z); });
  analytic("acsch", acsch(x), [](auto z) { return asinh(1.0L / z); });
  analytic("acoth", acoth(x), [](auto z) { return atanh(1.0L / z); });
}

/// |z|^2 is z^2 for real z only: what is known of powers of norms may show in derivatives, not in values.
BOOST_AUTO_TEST_CASE(sizes_of_complex_numbers) {
  const std::complex<double> z(3, 4), w(1, -2);
  const auto is = [](std::complex<double> found, std::complex<double> expected) {
    BOOST_TEST(std::abs(found - expected) <= 1e-13 * std::abs(expected), found << " should be " << expected);
  };
  is((abs(x) * abs(x))(x = z), 25);
  is(abs(x * x)(x = z), 25);
  is(abs(pow(x, 3_c))(x = z), 125);
  is(abs(x * x * y)(x = z, y = w), 25 * std::sqrt(5.0));
  is(abs(x * x + y * y)(x = z, y = w), std::abs(z * z + w * w));
  is(pow(hypot(x, y), 2_c)(x = z, y = w), z * z + w * w);
  is(tg::diff(pow(hypot(x, y), 2_c), x)(x = z, y = w), 2.0 * z);
}

// --- Intervals

BOOST_AUTO_TEST_CASE(intervals_enclose) {
  namespace numeric = boost::numeric;
  using interval = numeric::interval<
      double, numeric::interval_lib::policies<
                  numeric::interval_lib::save_state<numeric::interval_lib::rounded_transc_std<double>>,
                  numeric::interval_lib::checking_base<double>>>;
  constexpr auto g = x * x - 0.1_c * x * y + 1_c / y;
  constexpr auto derivative = tg::function(tg::inputs(x, y), tg::outputs(g, tg::gradient(g, x, y)));
  const auto [value, gradient] = derivative(interval(1, 1.5), interval(2, 2.25));
  for (const double u : {1.0, 1.2, 1.5})
    for (const double v : {2.0, 2.1, 2.25}) {
      BOOST_TEST(in(u * u - 0.1 * u * v + 1 / v, value));
      BOOST_TEST(in(2 * u - 0.1 * v, gradient[0]));
      BOOST_TEST(in(-0.1 * u - 1 / (v * v), gradient[1]));
    }
  BOOST_TEST(width(value) < 2);
  // With this header std::numeric_limits knows intervals; the derivative must not ask whether one is below a
  // limit inside of it.
  static_assert(std::numeric_limits<interval>::is_specialized);
  const interval slope = tg::function(tg::inputs(x), tg::outputs(tg::diff(tanh(x), x)))(interval(1, 1.5));
  for (const double u : {1.0, 1.2, 1.5}) BOOST_TEST(in(1 / (std::cosh(u) * std::cosh(u)), slope));
}

// --- Batches

/// Value and gradient of a formula in each lane of a batch are those of the lane's numbers alone: x counts up
/// from `from`.
template <class T = double, class F>
void lanes_agree(const F& formula, T from, T at_y) {
  using batch = std::experimental::native_simd<T>;
  const auto function = tg::function(tg::inputs(x, y), tg::outputs(formula, tg::gradient(formula, x, y)));
  const batch u([from](auto lane) { return from + static_cast<T>(static_cast<int>(lane)); });
  const auto [value, gradient] = function(u, batch(at_y));
  static_assert(std::is_same_v<decltype(value), const batch>);
  const auto rounding = boost::test_tools::tolerance(
      64 * std::numeric_limits<T>::epsilon());  // the batch's own sin, exp, ... may round otherwise
  for (std::size_t lane = 0; lane < batch::size(); ++lane) {
    const auto [expected, slope] = function(static_cast<T>(u[lane]), at_y);
    BOOST_TEST(static_cast<T>(value[lane]) == expected, rounding);
    for (std::size_t k = 0; k < 2; ++k) BOOST_TEST(static_cast<T>(gradient[k][lane]) == slope[k], rounding);
  }
}

BOOST_AUTO_TEST_CASE(simd_batches_lane_by_lane) {
  lanes_agree(where(x < y, x * x / y, sqrt(x + 1_c) - y) + sin(x * y), 0.25, 1.25);
  // Functions that choose by a comparison, in the value or in the derivative: at their corners, and where
  // they saturate.
  for (const double from : {-900.0, -1.5, 0.0, 0.75, 900.0}) {
    lanes_agree(min(x, y) * max(x, y) + clamp(x, -1_c, y), from, 1.25);
    lanes_agree(abs(x) + sign(x) * relu(x - y) + (x < y) * y, from, 1.25);
    lanes_agree(softplus(x) * sigmoid(x) + logsumexp(x, y), from, 1.25);
    lanes_agree(sinc(x) * y, from, 1.25);
    lanes_agree(tanh(x) * y + hypot(x, y), from, 1.25);
    lanes_agree<float>(tanh(x) * y + hypot(x, y) + sigmoid(x), static_cast<float>(from), 1.25f);
  }
  for (const double from : {-900.0, -1.5, 0.0, 900.0}) {
    lanes_agree(tg::diff(logsumexp(x, y) + logsumexp(x, y, 1_c), x), from, 1.25);
    lanes_agree(tg::diff(atan2(x, y) + hypot(x, y) + silu(x) + pow(abs(x), 3_c), x), from, 1.25);
    lanes_agree(tg::diff(asinh(x) + erf(x) + atan(x) * y, x), from, 1.25);
  }
  lanes_agree(tg::diff(pow(x, y), x), 0.0, 2.0);
  lanes_agree(lgamma(x) * tgamma(y), 2.5, 1.25);
  lanes_agree(asec(x) * acsch(y) + acsc(x * y) * acosh(x), 1.25, 1.25);
}

}  // namespace
