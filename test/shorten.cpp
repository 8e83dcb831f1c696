// SPDX-License-Identifier: BSL-1.0
// Derivatives that are made shorter (pass/shorten.hpp): what they are, that none leaves the range of numbers
// where its terms do not, and that the domain of a root still shows.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <concepts>
#include <typegrad/typegrad.hpp>

namespace {

using namespace tg::literals;

constexpr auto a = tg::symbol<"a">;
constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;

template <class F, class G>
constexpr bool same(const F&, const G&) {
  return std::same_as<F, G>;
}
template <class F>
constexpr auto slope(const F& f) {
  return tg::diff(f, x);
}

// Antiderivatives and what they are antiderivatives of.
constexpr auto five = sqrt(5_c);
static_assert(same(slope(x * sqrt(x * x + 5_c) / 2_c + 5_c / 2_c * asinh(x / five)), sqrt(x* x + 5_c)));
static_assert(same(slope(asinh(x / sqrt(3_c))), 1_c / sqrt(x * x + 3_c)));
static_assert(same(slope(2_c * pow(x + 1_c, 5_c / 2_c) / 5_c - 2_c * pow(x + 1_c, 3_c / 2_c) / 3_c),
                   x* sqrt(x + 1_c)));
static_assert(same(slope(pow(tan(x), 4_c) / 4_c - pow(tan(x), 2_c) / 2_c - log(cos(x))), pow(tan(x), 5_c)));
static_assert(same(slope(tan(x) - x), pow(tan(x), 2_c)));
static_assert(same(slope(-csc(x) * cot(x) / 2_c - atanh(cos(x)) / 2_c), pow(csc(x), 3_c)));
static_assert(same(slope(x - sin(x) * cos(x)), 2_c * pow(sin(x), 2_c)));
static_assert(same(slope(x * sin(x) + cos(x)), x* cos(x)));
static_assert(same(slope(exp(x) * (sin(x) - cos(x))), 2_c * exp(x) * sin(x)));
static_assert(same(slope(log(x + 1_c) - log(x)), -1_c / (x * (x + 1_c))));
static_assert(same(slope(atan(x / sqrt(3_c)) / sqrt(3_c)), 1_c / (x * x + 3_c)));
// The product that asin needs is the one root: 1 - x^2 is not computed beside it.
static_assert(tg::cost(slope(asin(x) - x * sqrt(1_c - x * x))).transcendental == 1);

// Roots of numbers that are factors of one product.
static_assert(same(sqrt(tg::rational<3, 2>) * sqrt(tg::rational<2, 3>) * x, x));
static_assert(same(sqrt(2_c) * x * sqrt(6_c), 2_c * x * sqrt(3_c)));
static_assert(same(x / (sqrt(2_c) * sqrt(3_c)), x / sqrt(6_c)));
static_assert(same(sqrt(2_c) * cbrt(x) * sqrt(2_c), 2_c * cbrt(x)));
// A number that no symbol enters costs nothing, nor does the minus of a term.
static_assert(tg::cost(x * (sqrt(5_c) + exp(2_c))).weight() == 1);
static_assert(tg::cost(tg::outputs(x - y, y* log(3_c))).weight() == 2);

// A shared factor is taken out of a sum only where that is cheaper, and of a user's formula never.
static_assert(!same(a * x + a * y, a*(x + y)));
static_assert(same(tg::diff(a * x * y, x), a* y));

BOOST_AUTO_TEST_CASE(the_domain_of_a_root_still_shows) {
  // sqrt(x) sqrt(x) is x where x is not negative, and not a number elsewhere.
  constexpr auto f = slope(asinh(sqrt(x)) * sqrt(x));
  for (const double at : {-2.0, -0.5}) BOOST_TEST(std::isnan(f(x = at)));
  BOOST_TEST(f(x = 4.0) == std::asinh(2.0) / 4 + 1 / (2 * std::sqrt(5.0)),
             boost::test_tools::tolerance(1e-14));
}

BOOST_AUTO_TEST_CASE(sums_over_a_denominator_stay_in_range) {
  // Over one denominator these would be infinity by infinity.
  constexpr auto f = slope(x / sqrt(x * x + 1_c));
  constexpr auto g = slope(sqrt(x * x + a * a) + log(x));
  constexpr auto h = tg::diff<3>(asinh(x), x);
  for (double at = 1e-150; at < 1e150; at *= 1e5) {
    BOOST_TEST(std::isfinite(f(x = at)));
    BOOST_TEST(std::isfinite(g(x = at, a = 1.0)));
    BOOST_TEST(std::isfinite(h(x = at)));
  }
}

}  // namespace
