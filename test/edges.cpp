// SPDX-License-Identifier: BSL-1.0
// What values and derivatives are at the edges of the functions' domains, where differentiation libraries
// often give NaN: the tables that docs/edges.md shows, row by row, for one argument. Expected values are
// limits or one-sided derivatives by hand; NaN stands only where the derivative does not exist and the row
// says so.
#include "edges.hpp"

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
      edge("abs at 0", to_third(abs(x), 0.0), four{0, 0, not_a_number, not_a_number}),
      edge("abs at -0", to_third(abs(x), -0.0), four{0, 0, not_a_number, not_a_number}),
      edge("abs at -2", to_third(abs(x), -2.0), four{2, -1, 0, 0}),
      edge("abs(x^2) at 0: no corner", to_third(abs(x * x), 0.0), four{0, 0, 2, 0}),
      edge("abs(-x^4) at 0", to_third(abs(-pow(x, 4_c)), 0.0), four{0, 0, 0, 0}),
      edge("abs(x^2 + x^4) at 0", to_third(abs(x * x + pow(x, 4_c)), 0.0), four{0, 0, 2, 0}),
      edge("abs(x)^2 at 0", to_third(abs(x) * abs(x), 0.0), four{0, 0, 2, 0}),
      edge("abs(x)^3 at 0", to_third(pow(abs(x), 3_c), 0.0), four{0, 0, 0, not_a_number}),
      edge("abs(x^3) at -2", to_third(abs(pow(x, 3_c)), -2.0), four{8, -12, 12, -6}),
      edge("abs(x)^4 at 0", to_third(pow(abs(x), 4_c), 0.0), four{0, 0, 0, 0}),
      edge("x * abs(x) at 0", to_third(x * abs(x), 0.0), four{0, 0, not_a_number, not_a_number}),
      edge("x * abs(x) at -3", to_third(x * abs(x), -3.0), four{-9, 6, -2, 0}),
      edge("abs(x^2 - 4) at 1", to_third(abs(x * x - 4_c), 1.0), four{3, -2, -2, 0}),
      edge("abs(log(x)) at 0", to_third(abs(log(x)), 0.0), four{infinity, -infinity, infinity, -infinity}),
      edge("exp(-abs(x)^2) at 0", to_third(exp(-abs(x) * abs(x)), 0.0), four{1, 0, -2, 0}),
      edge("sign at 0", to_third(sign(x), 0.0), four{0, 0, 0, 0}),
      edge("sign at -3", to_third(sign(x), -3.0), four{-1, 0, 0, 0}),
      edge("abs of NaN", to_third(abs(x), not_a_number), four{not_a_number, not_a_number, 0, 0}),
      edge("relu at 0", to_third(relu(x), 0.0), four{0, 0, 0, 0}),
      edge("relu of NaN", to_third(relu(x), not_a_number), four{not_a_number, 0, 0, 0}),
      edge("min(x, x^2) at 1, a tie: the second", to_third(min(x, x * x), 1.0), four{1, 2, 2, 0}),
      edge("max(x, x^2) at 0, a tie: the second", to_third(max(x, x * x), 0.0), four{0, 0, 2, 0}),
      edge("fmod(x, 2) at 4", to_third(fmod(x, 2_c), 4.0), four{0, 1, 0, 0}),
      edge("trunc at an integer", to_third(trunc(x), -2.0), four{-2, 0, 0, 0}),
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
      edge("exp at 1000", to_third(exp(x), 1000.0), four{infinity, infinity, infinity, infinity}),
      edge("exp2 at -2000", to_third(exp2(x), -2000.0), four{0, 0, 0, 0}),
      edge("expm1 at -1000", to_third(expm1(x), -1000.0), four{-1, 0, 0, 0}),
      edge("sinh at -1000", to_third(sinh(x), -1000.0), four{-infinity, infinity, -infinity, infinity}),
      edge("cosh at -1000", to_third(cosh(x), -1000.0), four{infinity, -infinity, infinity, -infinity}),
      edge("log2 at 0", to_third(log2(x), 0.0), four{-infinity, infinity, -infinity, infinity}),
      edge("log10 at 0", to_third(log10(x), 0.0), four{-infinity, infinity, -infinity, infinity}),
      edge("csc at 0", to_third(csc(x), 0.0), four{infinity, -infinity, infinity, unbounded}),
      edge("cot at 0", to_third(cot(x), 0.0), four{infinity, -infinity, infinity, -infinity}),
      edge("sec at 0", to_third(sec(x), 0.0), four{1, 0, 1, 0}),
      edge("csch at 0", to_third(csch(x), 0.0), four{infinity, -infinity, infinity, unbounded}),
      edge("coth at 0", to_third(coth(x), 0.0), four{infinity, -infinity, infinity, unbounded}),
      edge("sech at 0", to_third(sech(x), 0.0), four{1, 0, -1, 0}),
      edge("acot at 0", to_third(acot(x), 0.0), four{half_pi, -1, 0, 2}),
      edge("acot at -0", to_third(acot(x), -0.0), four{-half_pi, -1, 0, 2}),
      edge("acsc at -1", to_third(acsc(x), -1.0), four{-half_pi, -infinity, unbounded, unbounded}),
      edge("acsch at 0", to_third(acsch(x), 0.0), four{infinity, -infinity, infinity, -infinity}),
      edge("asech at 0", to_third(asech(x), 0.0), four{infinity, -infinity, infinity, unbounded}),
      edge("asech at 1", to_third(asech(x), 1.0), four{0, -infinity, unbounded, unbounded}),
      edge("acoth at 1", to_third(acoth(x), 1.0), four{infinity, infinity, infinity, infinity}),
      edge("tgamma at 0", to_third(tgamma(x), 0.0), four{infinity, unbounded, unbounded, unbounded}),
      edge("lgamma at -1", to_third(lgamma(x), -1.0),
           four{infinity, not_a_number, not_a_number, not_a_number}),
      edge("digamma at -1e300", to_third(tg::apply<tg::op::digamma>(x), -1e300),
           four{not_a_number, not_a_number, not_a_number, not_a_number}),
      edge("log at 0", to_third(log(x), 0.0), four{-infinity, infinity, -infinity, infinity}),
      edge("log1p at -1", to_third(log1p(x), -1.0), four{-infinity, infinity, -infinity, infinity}),
      edge("expm1 at 1e-20", to_third(expm1(x), 1e-20), four{1e-20, 1, 1, 1}),
      edge("asin at 1", to_third(asin(x), 1.0), four{half_pi, infinity, infinity, unbounded}),
      edge("acos at 1", to_third(acos(x), 1.0), four{0, -infinity, -infinity, unbounded}),
      edge("acosh at 1", to_third(acosh(x), 1.0), four{0, infinity, -infinity, unbounded}),
      edge("atanh at 1", to_third(atanh(x), 1.0), four{infinity, infinity, infinity, infinity}),
      edge("atan at 1e155", to_third(atan(x), 1e155), four{half_pi, 0, 0, 0}),
      edge("acot at -1e155", to_third(acot(x), -1e155), four{-1e-155, 0, 0, 0}),
      edge("asinh at 1e200", to_third(asinh(x), 1e200), four{461.21016577936908, 1e-200, 0, 0}, 8),
      edge("asinh at -1e90", to_third(asinh(x), -1e90), four{-207.92580555002406, 1e-90, 1e-180, 2e-270}, 8),
      edge("acosh at 1e90", to_third(acosh(x), 1e90), four{207.92580555002406, 1e-90, -1e-180, 2e-270}, 8),
      edge("acoth at 1e90", to_third(acoth(x), 1e90), four{1e-90, -1e-180, 2e-270, 0}),
      edge("atan at 1e50", to_third(atan(x), 1e50), four{half_pi, 1e-100, -2e-150, 6e-200}),
      edge("acosh at 1e200", to_third(acosh(x), 1e200), four{461.21016577936908, 1e-200, 0, 0}, 8),
      edge("asec at 1", to_third(asec(x), 1.0), four{0, infinity, -infinity, unbounded}),
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
      edge("erf at 1e200", to_third(erf(x), 1e200), four{1, 0, 0, 0}),
      edge("erfc at -1e200", to_third(erfc(x), -1e200), four{2, 0, 0, 0}),
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
      edge("gelu at 1e200", to_third(gelu(x), 1e200), four{1e200, 1, 0, 0}),
      edge("gelu at -1e200", to_third(gelu(x), -1e200), four{0, 0, 0, 0}),
      edge("sigmoid at 1e-200", to_third(sigmoid(x), 1e-200), four{0.5, 0.25, -1.25e-201, -0.125}),
      edge("softplus at 1e-200", to_third(softplus(x), 1e-200),
           four{std::numbers::ln2, 0.5, 0.25, -1.25e-201}),
      edge("silu at 1e-200", to_third(silu(x), 1e-200), four{5e-201, 0.5, 0.5, -5e-201}),
      edge("logsumexp(x, 0) at 1000", to_third(logsumexp(x, 0_c), 1000.0), four{1000, 1, 0, 0}),
      edge("logsumexp(x, 0) at -1000", to_third(logsumexp(x, 0_c), -1000.0), four{0, 0, 0, 0}),
      edge("log(sigmoid(x)) at 1000", to_third(log(sigmoid(x)), 1000.0), four{0, 0, 0, 0}),
      edge("log(cosh(x)) at 1000", to_third(log(cosh(x)), 1000.0), four{999.30685281944005, 1, 0, 0}),
      edge("log(cosh(x)) at -300", to_third(log(cosh(x)), -300.0),
           four{299.30685281944005, -1, 1.0601586212017243e-260, 2.1203172424034487e-260}, 8),
      edge("sinh(x)/cosh(x) at 1000", to_third(sinh(x) / cosh(x), 1000.0), four{1, 0, 0, 0}),
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
