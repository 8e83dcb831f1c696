// SPDX-License-Identifier: BSL-1.0
// The edges of functions of two and more arguments, and mixed derivatives there; see edges.cpp.
#include "edges.hpp"

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
      edge("x^y at (0, 3), third derivatives", third(pow(x, y), 0.0, 3.0), four{6, 0, 0, 0}),
      edge("x^y at (-2, 2): no derivative by y below 0", with_gradient(pow(x, y), -2.0, 2.0),
           three{4, -4, not_a_number}),
      edge("x^y at (-2, 3)", with_gradient(pow(x, y), -2.0, 3.0), three{-8, 12, not_a_number}),

      edge("hypot at (0, 0)", with_gradient(hypot(x, y), 0.0, 0.0), three{0, 0, 0}),
      edge("hypot at (0, 2)", with_gradient(hypot(x, y), 0.0, 2.0), three{2, 0, 1}),
      edge("hypot at (-3, 0)", with_gradient(hypot(x, y), -3.0, 0.0), three{3, -1, 0}),
      edge("hypot at (0, 0), second derivatives", second(hypot(x, y), 0.0, 0.0),
           three{not_a_number, not_a_number, not_a_number}),
      edge("hypot at (0, 0), third derivatives", third(hypot(x, y), 0.0, 0.0),
           four{not_a_number, not_a_number, not_a_number, not_a_number}),
      edge("hypot at (0, 2), second derivatives", second(hypot(x, y), 0.0, 2.0), three{0.5, 0, 0}),
      edge("hypot at (0, 2), third derivatives", third(hypot(x, y), 0.0, 2.0), four{0, -0.25, 0, 0}),
      edge("hypot^2 at (0, 0), second derivatives", second(hypot(x, y) * hypot(x, y), 0.0, 0.0),
           three{2, 0, 2}),
      edge("hypot^2 at (0, 0), third derivatives", third(hypot(x, y) * hypot(x, y), 0.0, 0.0),
           four{0, 0, 0, 0}),
      edge("hypot^3 at (0, 0), second derivatives", second(pow(hypot(x, y), 3_c), 0.0, 0.0), three{0, 0, 0}),
      edge("hypot^4 at (0, 0), third derivatives", third(pow(hypot(x, y), 4_c), 0.0, 0.0), four{0, 0, 0, 0}),
      edge("exp(-hypot(x - y, 0)^2) at (1, 1), second derivatives",
           second(exp(-pow(hypot(x - y, 0_c), 2_c)), 1.0, 1.0), three{-2, 2, -2}),
      edge("1/(1 + hypot^2) at (0, 0), second derivatives",
           second(1_c / (1_c + pow(hypot(x, y), 2_c)), 0.0, 0.0), three{-2, 0, -2}),
      edge("abs(x^2 * y) at (0, 1), second derivatives", second(abs(x * x * y), 0.0, 1.0), three{2, 0, 0}),
      edge("abs(x^2 + y^2) at (0, 0), second derivatives", second(abs(x * x + y * y), 0.0, 0.0),
           three{2, 0, 2}),
      edge("abs(x - y) at (1, 1), second derivatives", second(abs(x - y), 1.0, 1.0),
           three{not_a_number, not_a_number, not_a_number}),
      edge("hypot does not overflow", with_gradient(hypot(x, y), 3e200, -4e200), three{5e200, 0.6, -0.8}),
      edge("hypot does not underflow", with_gradient(hypot(x, y), 3e-200, 4e-200), three{5e-200, 0.6, 0.8}),

      edge("atan2 on the positive axis", with_gradient(atan2(y, x), 2.0, 0.0), three{0, 0, 0.5}),
      edge("atan2 on the upper axis", with_gradient(atan2(y, x), 0.0, 2.0), three{pi / 2, -0.5, 0}),
      edge("atan2 on the negative axis", with_gradient(atan2(y, x), -2.0, 0.0), three{pi, 0, -0.5}),
      edge("atan2 below the negative axis", with_gradient(atan2(y, x), -2.0, -0.0), three{-pi, 0, -0.5}),
      edge("atan2 on the lower axis", with_gradient(atan2(y, x), 0.0, -2.0), three{-pi / 2, 0.5, 0}),
      edge("atan2 at the origin: no derivative", with_gradient(atan2(y, x), 0.0, 0.0),
           three{0, not_a_number, not_a_number}),

      edge("atan2 on the positive axis, second derivatives", second(atan2(y, x), 2.0, 0.0),
           three{0, -0.25, 0}),
      edge("atan2 on the positive axis, third derivatives", third(atan2(y, x), 2.0, 0.0),
           four{0, 0.25, 0, -0.25}),
      edge("atan2 at the origin, second derivatives", second(atan2(y, x), 0.0, 0.0),
           three{not_a_number, not_a_number, not_a_number}),
      edge("atan2 at 1e-200: the squares would be 0", with_gradient(atan2(y, x), 1e-200, 1e-200),
           three{pi / 4, -5e199, 5e199}),
      edge("atan2 at 1e200: the squares would be infinite", with_gradient(atan2(y, x), 1e200, -1e200),
           three{-pi / 4, 5e-201, 5e-201}),

      edge("min at a tie", with_gradient(min(x, y), 1.0, 1.0), three{1, 0, 1}),
      edge("max at a tie", with_gradient(max(x, y), 1.0, 1.0), three{1, 0, 1}),
      edge("min(x^2, y^2) at a tie, second derivatives", second(min(x * x, y * y), 1.0, 1.0), three{0, 0, 2}),
      edge("max(x^3, y^3) at a tie, third derivatives", third(max(pow(x, 3_c), pow(y, 3_c)), 1.0, 1.0),
           four{0, 0, 0, 6}),
      edge("fmod of a negative number", with_gradient(fmod(x, y), -7.5, 2.0), three{-1.5, 1, 3}),

      edge("logsumexp of large arguments", with_gradient(logsumexp(x, y), 1000.0, 1000.0),
           three{1000 + std::numbers::ln2, 0.5, 0.5}),
      edge("logsumexp of distant arguments", with_gradient(logsumexp(x, y), -1000.0, 1000.0),
           three{1000, 0, 1}),
      edge("logsumexp with minus infinity", with_gradient(logsumexp(x, y), -infinity, 3.0), three{3, 0, 1}),
      edge("logsumexp, both minus infinity", with_gradient(logsumexp(x, y), -infinity, -infinity),
           three{-infinity, 0, 0}),
      edge("logsumexp with infinity", with_gradient(logsumexp(x, y), infinity, 3.0), three{infinity, 1, 0}),
      edge("logsumexp, both infinity", with_gradient(logsumexp(x, y), infinity, infinity),
           three{infinity, 0.5, 0.5}),
      edge("logsumexp, both minus infinity, second derivatives",
           second(logsumexp(x, y), -infinity, -infinity), three{0, 0, 0}),
      edge("logsumexp, both infinity, second derivatives", second(logsumexp(x, y), infinity, infinity),
           three{0.25, -0.25, 0.25}),
      edge("logsumexp of equal arguments, third derivatives", third(logsumexp(x, y), 7.0, 7.0),
           four{0, 0, 0, 0}),
      edge("logsumexp, second derivatives", second(logsumexp(x, y), 1000.0, 1000.0),
           three{0.25, -0.25, 0.25}),
      edge("logsumexp, second derivatives of distant arguments", second(logsumexp(x, y), -1000.0, 1000.0),
           three{0, 0, 0}),

      edge("where: gradient, NaN in the other branch",
           with_gradient(where(x < y, x * y, sqrt(x - y)), 1.0, 2.0), three{2, 2, 1}),
  });
}

// The weights of three terms, some of them infinite: of terms that are all -infinity 0 each, of k that are
// +infinity 1/k; else the infinite ones are no terms. The second derivatives are w_i (delta_ij - w_j).
BOOST_AUTO_TEST_CASE(weights_of_infinite_terms) {
  constexpr auto z = tg::symbol<"z">;
  const double choices[] = {-infinity, 0.5, 1.0, infinity};
  const auto f = tg::function(tg::inputs(x, y, z),
                              tg::outputs(logsumexp(x, y, z), tg::gradient(logsumexp(x, y, z), x, y, z),
                                          tg::hessian(logsumexp(x, y, z), x, y, z)));
  for (int code = 0; code < 64; ++code) {
    const std::array<double, 3> at{choices[code % 4], choices[code / 4 % 4], choices[code / 16]};
    std::array<double, 13> found{};
    f(at, found);
    const auto infinite = static_cast<double>(std::count(at.begin(), at.end(), infinity));
    double sum = 0;
    for (const double v : at) sum += std::exp(v);
    std::array<double, 3> weight{};
    for (std::size_t k = 0; k < 3; ++k)
      weight[k] = infinite > 0 ? (at[k] == infinity ? 1 / infinite : 0)
                  : sum == 0   ? 0
                               : std::exp(at[k]) / sum;
    BOOST_TEST(agrees(found[0], infinite > 0 ? infinity : std::log(sum), 4));
    for (std::size_t k = 0; k < 3; ++k) {
      BOOST_TEST(agrees(found[1 + k], weight[k], 8),
                 "weight " << k << " of logsumexp(" << at[0] << ", " << at[1] << ", " << at[2] << ")");
      for (std::size_t j = 0; j < 3; ++j) {
        double expected = -weight[k] * weight[j];
        if (j == k) expected = weight[k] * (weight[(k + 1) % 3] + weight[(k + 2) % 3]);
        BOOST_TEST(agrees(found[4 + 3 * k + j], expected, 16));
      }
    }
  }
}
