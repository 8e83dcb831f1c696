// SPDX-License-Identifier: BSL-1.0
// What values and derivatives are at the edges of the functions' domains, where differentiation libraries
// often give NaN: the table that docs/edges.md shows, row by row. Expected values are limits or one-sided
// derivatives by hand; NaN stands only where the derivative does not exist and the row says so.
#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <numbers>
#include <span>
#include <string_view>
#include <typegrad/typegrad.hpp>
#include <vector>

namespace {

using namespace tg::literals;

constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;
constexpr double infinity = std::numeric_limits<double>::infinity();
/// Expected where a derivative is unbounded and its terms may have both signs: infinite or not a number, but
/// never a finite value.
constexpr double unbounded = 1.7e308;
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

// --- Evaluation

/// d^k/dx^k f; zero once a derivative is constant.
template <int k>
constexpr auto derivative(auto f) {
  if constexpr (k == 0)
    return f;
  else
    return derivative<k - 1>(tg::diff(f, x, tg::allow_zero));
}

/// f and its first three derivatives at x.
std::array<double, 4> to_third(auto f, double at) {
  const auto value = [at](auto g) { return tg::function(tg::inputs(x), tg::outputs(g))(at); };
  return {value(f), value(derivative<1>(f)), value(derivative<2>(f)), value(derivative<3>(f))};
}

/// f and its gradient at (x, y), from one program.
std::array<double, 3> with_gradient(auto f, double at_x, double at_y) {
  std::array<double, 3> out{};
  tg::function(tg::inputs(x, y), tg::outputs(f, tg::gradient(f, x, y)))(std::array{at_x, at_y}, out);
  return out;
}

/// f_xx, f_xy, f_yy at (x, y).
std::array<double, 3> second(auto f, double at_x, double at_y) {
  const auto h = tg::function(tg::inputs(x, y), tg::outputs(tg::hessian(f, x, y)))(at_x, at_y);
  return {h[0][0], h[0][1], h[1][1]};
}

// --- The table

struct row {
  std::string_view where;
  std::vector<double> found;
  std::vector<double> expected;
  double ulps = 4;  // of the expected value; infinities, zeros and NaN have to be met exactly
};

template <std::size_t n>
row edge(std::string_view where, const std::array<double, n>& found, const std::array<double, n>& expected,
         double ulps = 4) {
  return {where, {found.begin(), found.end()}, {expected.begin(), expected.end()}, ulps};
}
using four = std::array<double, 4>;
using three = std::array<double, 3>;

bool agrees(double found, double expected, double ulps) {
  if (expected == unbounded) return !std::isfinite(found);
  if (std::isnan(expected)) return std::isnan(found);
  if (found == expected) return true;
  if (!std::isfinite(found) || !std::isfinite(expected)) return false;
  const double size = std::abs(expected);
  // Below the normal range, an absolute error of the smallest normal number is a zero for all purposes.
  return std::abs(found - expected) <=
         std::max(ulps * (std::nextafter(size, infinity) - size), std::numeric_limits<double>::min());
}

void check(const std::vector<row>& table) {
  for (const row& r : table)
    for (std::size_t k = 0; k < r.found.size(); ++k)
      BOOST_TEST(agrees(r.found[k], r.expected[k], r.ulps),
                 r.where << ", entry " << k << ": is " << r.found[k] << ", should be " << r.expected[k]);
}

}  // namespace

// Value, first, second and third derivative by x.

BOOST_AUTO_TEST_CASE(powers_with_exact_exponents) {
  check({
      edge("x^2 at 0", to_third(pow(x, 2_c), 0.0), four{0, 0, 2, 0}),
      edge("x^2 at -3", to_third(pow(x, 2_c), -3.0), four{9, -6, 2, 0}),
      edge("x^3 at 0", to_third(pow(x, 3_c), 0.0), four{0, 0, 0, 6}),
      edge("x^3 at -2", to_third(pow(x, 3_c), -2.0), four{-8, 12, -12, 6}),
      edge("x^1 at 0", to_third(pow(x, 1_c), 0.0), four{0, 1, 0, 0}),
      edge("x^0 at 0", to_third(pow(x, 0_c), 0.0), four{1, 0, 0, 0}),
      edge("x^-2 at -2", to_third(pow(x, -2_c), -2.0), four{0.25, 0.25, 0.375, 0.75}),
      edge("x^-2 at 0", to_third(pow(x, -2_c), 0.0), four{infinity, -infinity, infinity, -infinity}),
      edge("x^(5/2) at 0", to_third(pow(x, tg::rational<5, 2>), 0.0), four{0, 0, 0, infinity}),
      edge("x^(1/3) at 0", to_third(pow(x, tg::rational<1, 3>), 0.0), four{0, infinity, -infinity, infinity}),
      edge("x^(1/3) at -8: no real value; cbrt has one", to_third(pow(x, tg::rational<1, 3>), -8.0),
           four{not_a_number, not_a_number, not_a_number, not_a_number}),
      edge("x*x at 0", to_third(x * x, 0.0), four{0, 0, 2, 0}),
  });
}

// x^n with a number n that is no exact constant: the k-th derivative is n (n-1) ... (n-k+1) x^(n-k), and 0
// where the factors are, although x^(n-k) is infinite at 0.
BOOST_AUTO_TEST_CASE(powers_with_whole_numbers_as_exponents) {
  const auto falling = [](double n, int k, double at) {
    double product = 1;
    for (int j = 0; j < k; ++j) product *= n - j;
    return product == 0 ? 0 : product * std::pow(at, n - k);
  };
  for (const double n : {0.0, 1.0, 2.0, 3.0, 4.0, 5.0, -1.0, -2.0})
    for (const double at : {0.0, -0.0, 1.0, -2.0, 0.3}) {
      if (n < 0 && at == 0) continue;
      const auto power = pow(x, n);
      const auto around = exp(pow(x, n)) + pow(x, n) * pow(x, 2.0);  // the derivatives meet other factors
      const double found[] = {tg::diff(power, x)(x = at), tg::diff<2>(power, x)(x = at),
                              tg::diff<3>(power, x)(x = at), tg::diff<4>(power, x)(x = at),
                              tg::diff<5>(power, x)(x = at)};
      for (int k = 1; k <= 5; ++k)
        BOOST_TEST(agrees(found[k - 1], falling(n, k, at), 8),
                   "derivative " << k << " of x^" << n << " at " << at << ": is " << found[k - 1]
                                 << ", should be " << falling(n, k, at));
      BOOST_TEST(agrees(tg::diff<3>(pow(x, y), x)(x = at, y = n), falling(n, 3, at), 8));
      // With u = x^n, the third derivative of exp(u) is exp(u) (u1^3 + 3 u1 u2 + u3); and x^n x^2 = x^(n+2).
      const double u = std::pow(at, n), u1 = falling(n, 1, at), u2 = falling(n, 2, at),
                   u3 = falling(n, 3, at);
      const double expected = std::exp(u) * (u1 * u1 * u1 + 3 * u1 * u2 + u3) + falling(n + 2, 3, at);
      BOOST_TEST(agrees(tg::diff<3>(around, x)(x = at), expected, 64),
                 "exp(x^n) + x^n x^2, n = " << n << " at " << at);
    }
  // The guard at (0, 0) takes nothing away elsewhere: d^2 x^y / dx dy = x^(y-1) (1 + y log x).
  for (const double at : {0.5, 1.0, 2.0, 7.0})
    for (const double n : {0.0, 1.0, 2.5}) {
      const double expected = std::pow(at, n - 1) * (1 + n * std::log(at));
      BOOST_TEST(agrees(tg::diff(tg::diff(pow(x, y), x), y)(x = at, y = n), expected, 8));
      BOOST_TEST(agrees(tg::diff(tg::diff(pow(x, y), y), x)(x = at, y = n), expected, 8));
      BOOST_TEST(agrees(second(pow(x, y), at, n)[1], expected, 8));
    }
}

BOOST_AUTO_TEST_CASE(roots) {
  check({
      edge("sqrt at 0", to_third(sqrt(x), 0.0), four{0, infinity, -infinity, unbounded}),
      edge("sqrt at -1", to_third(sqrt(x), -1.0),
           four{not_a_number, not_a_number, not_a_number, not_a_number}),
      edge("cbrt at 0", to_third(cbrt(x), 0.0), four{0, infinity, -infinity, unbounded}),
      edge("cbrt at -8", to_third(cbrt(x), -8.0), four{-2, 1.0 / 12, 1.0 / 144, 5.0 / 3456}),
      edge("sqrt(x) * sqrt(x) at 2", to_third(sqrt(x) * sqrt(x), 2.0), four{2, 1, 0, 0}),
  });
}

BOOST_AUTO_TEST_CASE(corners_and_steps) {
  check({
      edge("abs at 0", to_third(abs(x), 0.0), four{0, 0, 0, 0}),
      edge("abs at -0", to_third(abs(x), -0.0), four{0, 0, 0, 0}),
      edge("abs at -2", to_third(abs(x), -2.0), four{2, -1, 0, 0}),
      edge("sign at 0", to_third(sign(x), 0.0), four{0, 0, 0, 0}),
      edge("sign at -3", to_third(sign(x), -3.0), four{-1, 0, 0, 0}),
      edge("abs of NaN", to_third(abs(x), not_a_number), four{not_a_number, not_a_number, 0, 0}),
      edge("relu at 0", to_third(relu(x), 0.0), four{0, 0, 0, 0}),
      edge("floor at an integer", to_third(floor(x), 2.0), four{2, 0, 0, 0}),
      edge("ceil at an integer", to_third(ceil(x), 2.0), four{2, 0, 0, 0}),
      edge("round at a half", to_third(round(x), -2.5), four{-3, 0, 0, 0}),
      edge("clamp below", to_third(clamp(x, 1_c, 2_c), 0.0), four{1, 0, 0, 0}),
      edge("clamp inside", to_third(clamp(x, 1_c, 2_c), 1.5), four{1.5, 1, 0, 0}),
      edge("clamp above", to_third(clamp(x, 1_c, 2_c), 5.0), four{2, 0, 0, 0}),
  });
}

BOOST_AUTO_TEST_CASE(logarithms_and_inverse_functions_at_the_ends) {
  const double half_pi = std::numbers::pi / 2;
  check({
      edge("log at 0", to_third(log(x), 0.0), four{-infinity, infinity, -infinity, infinity}),
      edge("log1p at -1", to_third(log1p(x), -1.0), four{-infinity, infinity, -infinity, infinity}),
      edge("expm1 at 1e-20", to_third(expm1(x), 1e-20), four{1e-20, 1, 1, 1}),
      edge("asin at 1", to_third(asin(x), 1.0), four{half_pi, infinity, infinity, unbounded}),
      edge("acos at 1", to_third(acos(x), 1.0), four{0, -infinity, -infinity, unbounded}),
      edge("acosh at 1", to_third(acosh(x), 1.0), four{0, infinity, -infinity, unbounded}),
      edge("atanh at 1", to_third(atanh(x), 1.0), four{infinity, infinity, infinity, infinity}),
      edge("atan at 1e50", to_third(atan(x), 1e50), four{half_pi, 1e-100, -2e-150, 6e-200}),
      edge("acosh at 1e200", to_third(acosh(x), 1e200), four{461.21016577936908, 1e-200, 0, 0}, 8),
      edge("asec at 1", to_third(asec(x), 1.0), four{0, infinity, -infinity, infinity}),
      edge("asec at 1e100", to_third(asec(x), 1e100), four{half_pi, 1e-200, -2e-300, 0}),
      edge("acsc at -1e100", to_third(acsc(x), -1e100), four{-1e-100, -1e-200, -2e-300, 0}),
      edge("acsch at 1e-100", to_third(acsch(x), 1e-100), four{230.95165647996451, -1e100, 1e200, -2e300}, 8),
      edge("csch at 720", to_third(csch(x), 720.0), four{0, 0, 0, 0}),
      edge("coth at 300", to_third(coth(x), 300.0),
           four{1, -1.0601586212017243e-260, 2.1203172424034487e-260, -4.2406344848068973e-260}, 8),
      edge("coth at 720", to_third(coth(x), 720.0), four{1, 0, 0, 0}),
      edge("exp at -1000", to_third(exp(x), -1000.0), four{0, 0, 0, 0}),
      edge("tanh at 1000", to_third(tanh(x), 1000.0), four{1, 0, 0, 0}),
      edge("erf at 40", to_third(erf(x), 40.0), four{1, 0, 0, 0}),
  });
}

BOOST_AUTO_TEST_CASE(sinc_near_0) {
  // sinc(x) = 1 - x^2/6 + x^4/120 - x^6/5040 + ...
  const auto series = [](double v) {
    const double s = v * v;
    return four{1 - s / 6 * (1 - s / 20), -v / 3 * (1 - s / 10 * (1 - s / 28)),
                -1.0 / 3 + s / 10 * (1 - 5 * s / 84), v / 5 * (1 - s * 5 / 42 * (1 - 7 * s / 180))};
  };
  check({
      edge("sinc at 0", to_third(sinc(x), 0.0), four{1, 0, -1.0 / 3, 0}),
      edge("sinc at 1e-300", to_third(sinc(x), 1e-300), series(1e-300)),
      edge("sinc at 1e-8", to_third(sinc(x), 1e-8), series(1e-8)),
      edge("sinc at -1e-5", to_third(sinc(x), -1e-5), series(-1e-5)),
      edge("sinc at 1e-3", to_third(sinc(x), 1e-3), series(1e-3)),
      edge("sinc at pi/2", to_third(sinc(x), std::numbers::pi / 2),
           four{0.636619772367581368, -0.405284734569351078, -0.12059522143638953, 0.230319907258357076}, 8),
  });
}

BOOST_AUTO_TEST_CASE(saturation_at_1000) {
  check({
      edge("sigmoid at 1000", to_third(sigmoid(x), 1000.0), four{1, 0, 0, 0}),
      edge("sigmoid at -1000", to_third(sigmoid(x), -1000.0), four{0, 0, 0, 0}),
      edge("softplus at 1000", to_third(softplus(x), 1000.0), four{1000, 1, 0, 0}),
      edge("softplus at -1000", to_third(softplus(x), -1000.0), four{0, 0, 0, 0}),
      edge("silu at 1000", to_third(silu(x), 1000.0), four{1000, 1, 0, 0}),
      edge("silu at -1000", to_third(silu(x), -1000.0), four{0, 0, 0, 0}),
      edge("gelu at 1000", to_third(gelu(x), 1000.0), four{1000, 1, 0, 0}),
      edge("gelu at -1000", to_third(gelu(x), -1000.0), four{0, 0, 0, 0}),
      edge("logsumexp(x, 0) at 1000", to_third(logsumexp(x, 0_c), 1000.0), four{1000, 1, 0, 0}),
      edge("logsumexp(x, 0) at -1000", to_third(logsumexp(x, 0_c), -1000.0), four{0, 0, 0, 0}),
      edge("log(sigmoid(x)) at 1000", to_third(log(sigmoid(x)), 1000.0), four{0, 0, 0, 0}),
  });
}

// The branch that is not taken would be NaN or infinite, and so would its derivatives.
BOOST_AUTO_TEST_CASE(conditionals) {
  check({
      edge("where(x > 0, sqrt(x), 0) at -1", to_third(where(x > 0_c, sqrt(x), 0_c), -1.0), four{0, 0, 0, 0}),
      edge("where(x > 0, sqrt(x), 0) at 0", to_third(where(x > 0_c, sqrt(x), 0_c), 0.0), four{0, 0, 0, 0}),
      edge("where(x > 0, log(x), x) at -1", to_third(where(x > 0_c, log(x), x), -1.0), four{-1, 1, 0, 0}),
      edge("where(x > 0, x*log(x), 0) at 0", to_third(where(x > 0_c, x * log(x), 0_c), 0.0),
           four{0, 0, 0, 0}),
      edge("where(x > 0, x*log(x), 0) at 1", to_third(where(x > 0_c, x * log(x), 0_c), 1.0),
           four{0, 1, 1, -1}),
      edge("3 * where(x < 1, x, 1/(x - 1)) at 1/2", to_third(3_c * where(x < 1_c, x, 1_c / (x - 1_c)), 0.5),
           four{1.5, 3, 0, 0}),
      edge("exp(where(equal(x, 0), 1, sin(x)/x)) at 0",
           to_third(exp(where(tg::equal(x, 0_c), 1_c, sin(x) / x)), 0.0), four{std::numbers::e, 0, 0, 0}),
      edge("(x > 0) * x^3 at 2: a condition counts as 1 or 0", to_third((x > 0_c) * pow(x, 3_c), 2.0),
           four{8, 12, 12, 6}),
      edge("(x > 0) * x^3 at -2", to_third((x > 0_c) * pow(x, 3_c), -2.0), four{0, 0, 0, 0}),
      edge("x / ((x < 0) + (x > 1)) at 2", to_third(x / ((x < 0_c) + (x > 1_c)), 2.0), four{2, 1, 0, 0}),
      edge("where(x < 1, x < 0, x) at -1", to_third(where(x < 1_c, x < 0_c, x), -1.0), four{1, 0, 0, 0}),
      edge("equal(x < 0, 1) at -1", to_third(where(tg::equal(x < 0_c, 1_c), x * x, x), -1.0),
           four{1, -2, 2, 0}),
      edge("NaN in the condition takes the second branch", to_third(where(x > 0_c, 1_c, 2_c), not_a_number),
           four{2, 0, 0, 0}),
  });
}

// Value and gradient.

BOOST_AUTO_TEST_CASE(functions_of_two_arguments) {
  const double pi = std::numbers::pi;
  check({
      edge("x^y at (0, 2.5)", with_gradient(pow(x, y), 0.0, 2.5), three{0, 0, 0}),
      edge("x^y at (0, 1)", with_gradient(pow(x, y), 0.0, 1.0), three{0, 1, 0}),
      edge("x^y at (0, 1/2)", with_gradient(pow(x, y), 0.0, 0.5), three{0, infinity, 0}),
      edge("x^y at (0, 0)", with_gradient(pow(x, y), 0.0, 0.0), three{1, 0, 0}),
      edge("x^y at (2, 0), second derivatives", second(pow(x, y), 2.0, 0.0),
           three{0, 0.5, std::numbers::ln2 * std::numbers::ln2}),
      edge("x^y at (0, 2), second derivatives", second(pow(x, y), 0.0, 2.0), three{2, 0, 0}),
      edge("x^y at (0, 3), second derivatives", second(pow(x, y), 0.0, 3.0), three{0, 0, 0}),
      edge("x^y at (-2, 2): no derivative by y below 0", with_gradient(pow(x, y), -2.0, 2.0),
           three{4, -4, not_a_number}),
      edge("x^y at (-2, 3)", with_gradient(pow(x, y), -2.0, 3.0), three{-8, 12, not_a_number}),

      edge("hypot at (0, 0)", with_gradient(hypot(x, y), 0.0, 0.0), three{0, 0, 0}),
      edge("hypot at (0, 2)", with_gradient(hypot(x, y), 0.0, 2.0), three{2, 0, 1}),
      edge("hypot at (-3, 0)", with_gradient(hypot(x, y), -3.0, 0.0), three{3, -1, 0}),
      edge("hypot does not overflow", with_gradient(hypot(x, y), 3e200, -4e200), three{5e200, 0.6, -0.8}),
      edge("hypot does not underflow", with_gradient(hypot(x, y), 3e-200, 4e-200), three{5e-200, 0.6, 0.8}),

      edge("atan2 on the positive axis", with_gradient(atan2(y, x), 2.0, 0.0), three{0, 0, 0.5}),
      edge("atan2 on the upper axis", with_gradient(atan2(y, x), 0.0, 2.0), three{pi / 2, -0.5, 0}),
      edge("atan2 on the negative axis", with_gradient(atan2(y, x), -2.0, 0.0), three{pi, 0, -0.5}),
      edge("atan2 below the negative axis", with_gradient(atan2(y, x), -2.0, -0.0), three{-pi, 0, -0.5}),
      edge("atan2 on the lower axis", with_gradient(atan2(y, x), 0.0, -2.0), three{-pi / 2, 0.5, 0}),
      edge("atan2 at the origin: no derivative", with_gradient(atan2(y, x), 0.0, 0.0),
           three{0, not_a_number, not_a_number}),

      edge("min at a tie", with_gradient(min(x, y), 1.0, 1.0), three{1, 0, 1}),
      edge("max at a tie", with_gradient(max(x, y), 1.0, 1.0), three{1, 0, 1}),
      edge("fmod of a negative number", with_gradient(fmod(x, y), -7.5, 2.0), three{-1.5, 1, 3}),

      edge("logsumexp of large arguments", with_gradient(logsumexp(x, y), 1000.0, 1000.0),
           three{1000 + std::numbers::ln2, 0.5, 0.5}),
      edge("logsumexp of distant arguments", with_gradient(logsumexp(x, y), -1000.0, 1000.0),
           three{1000, 0, 1}),
      edge("logsumexp with minus infinity", with_gradient(logsumexp(x, y), -infinity, 3.0), three{3, 0, 1}),
      edge("logsumexp, second derivatives", second(logsumexp(x, y), 1000.0, 1000.0),
           three{0.25, -0.25, 0.25}),
      edge("logsumexp, second derivatives of distant arguments", second(logsumexp(x, y), -1000.0, 1000.0),
           three{0, 0, 0}),

      edge("where: gradient, NaN in the other branch",
           with_gradient(where(x < y, x * y, sqrt(x - y)), 1.0, 2.0), three{2, 2, 1}),
  });
}
