// SPDX-License-Identifier: BSL-1.0
// Simplification: what is rewritten, what must not be because it would change where a formula is defined, and
// that no rewrite changes a value or makes a program dearer. Sums and products of one kind are one type
// however they are nested.
#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <type_traits>
#include <typegrad/typegrad.hpp>

namespace {

using namespace tg::literals;

constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;
constexpr auto z = tg::symbol<"z">;

// --- Sums

static_assert(x + x + x == 3_c * x);
static_assert(2_c * x + 0.5_c * x == 2.5_c * x);
static_assert(x + y - (x - y) == 2_c * y);
static_assert(sin(x) * 2_c - sin(x) == sin(x));
static_assert((x + 1_c) + (y + 2_c) == x + y + 3_c);
static_assert((x + y) - (y + x) == 0_c);
static_assert(x * y + y * x == 2_c * x * y);
static_assert(tg::pi + tg::pi == 2_c * tg::pi);
// Sums that are used elsewhere, too, are taken apart where one term is left of two.
static_assert(tg::trace<"x", "y">([](auto u, auto v) {
                const auto s = u + v, d = u - v;
                return sin(s) * cos(d) * (s - d);
              }) == 2_c * y * sin(x + y) * cos(x - y));
static_assert(tg::trace<"x">([](auto u) {
                const auto s = 1 + u, d = 1 - u;
                return sin(s) * cos(d) * (s + d);
              }) == 2_c * sin(1_c + x) * cos(1_c - x));
static_assert(tg::trace<"x", "y">([](auto u, auto v) {
                const auto s = u + 3 * v, d = 2 * u + v;
                return sin(s) * cos(d) * (2 * s - d);
              }) == 5_c * y * sin(x + 3_c * y) * cos(2_c * x + y));
constexpr auto four_sums =
    tg::trace<"x", "y", "z">([](auto u, auto v, auto w) {  // in any order, and to the last
      const auto s = u + v, d = u - v, r = u + w, q = u - w;
      return tg::outputs(s, d, r, q, s - d + r - q, r - d - q + s, r - q - d + s);
    });
constexpr auto four_sums_joined = tg::trace<"x", "y", "z">([](auto u, auto v, auto w) {
  const auto sum = 2 * v + 2 * w;
  return tg::outputs(u + v, u - v, u + w, u - w, sum, sum, sum);
});
static_assert(std::is_same_v<decltype(four_sums), decltype(four_sums_joined)>);
static_assert((2_c * (z + x) - 2_c * z) + 2_c * (z + y) == (2_c * (z + y) - 2_c * z) + 2_c * (z + x));
static_assert(tg::to_string(tg::trace<"x", "y">([](auto u,
                                                   auto v) {  // two terms would be left, which saves nothing
                const auto s = u + v, d = u - 2 * v;
                return sin(s) * cos(d) * (2 * s - d);
              })) == "(2*(x + y) - (x - 2*y))*cos(x - 2*y)*sin(x + y)");
static_assert(tg::diff<2>(atanh(x), x) == 2_c * x / pow((1_c + x) * (1_c - x), 2_c));

// --- Products

static_assert(x * x * x == pow(x, 3_c));
static_assert(pow(x, 2_c) * pow(x, 3_c) == pow(x, 5_c));
static_assert(pow(pow(x, 2_c), 3_c) == pow(x, 6_c));
static_assert((x * y) * (y * x) == pow(x, 2_c) * pow(y, 2_c) || (x * y) * (y * x) == pow(x * y, 2_c));
static_assert(2_c * x * (3_c * y) == 6_c * x * y);
static_assert((-x) * (-y) == x * y);
static_assert((-x) * y == -(x * y));
static_assert(x / 2_c == 0.5_c * x);
static_assert((x / y) * z == x * z / y);
static_assert(sqrt(x) * sqrt(x) != -x);

// --- Functions

static_assert(tan(-x) == -tan(x) && sinh(-x) == -sinh(x) && tanh(-x) == -tanh(x) && atan(-x) == -atan(x) &&
              erf(-x) == -erf(x));
static_assert(cosh(-x) == cosh(x) && abs(-x) == abs(x));
static_assert(asin(sin(x)) != +x && acos(cos(x)) != +x && sqrt(x * x) != +x);
static_assert(log(exp(x)) == +x);
static_assert(tg::diff(tanh(2_c * x), x) == 2_c - 2_c * pow(tanh(2_c * x), 2_c));
static_assert(tg::diff(tanh(x), x) + pow(tanh(x), 2_c) == 1_c &&
              3_c * tg::diff(tanh(x), x) - 3_c == -3_c * pow(tanh(x), 2_c));
static_assert(tg::diff(tanh(x), x) + 1_c - pow(tanh(x), 2_c) == 2_c * tg::diff(tanh(x), x) &&
              pow(tanh(x), 2_c) - 1_c == -tg::diff(tanh(x), x));
static_assert(1_c - pow(tanh(x), 2_c) - pow(tanh(y), 2_c) == 1_c - pow(tanh(y), 2_c) - pow(tanh(x), 2_c));
static_assert(tg::taylor<3>(tanh(x), x, 0_c) == x - pow(x, 3_c) / 3_c &&
              tg::substitute(tg::diff(hypot(x, y), x), x = 0_c) == 0_c);
static_assert(tg::diff(tanh(x), x) == 1_c - tanh(x) * tanh(x) &&
              tg::to_string(tg::diff(tanh(x), x)) == "1 - tanh(x)^2");
static_assert(where(x < y, z, z) == +z);
static_assert(pow(where(x < y, z, 0_c), 3_c) == where(x < y, pow(z, 3_c), 0_c));

// --- Conditions

static_assert(where(1_c < 2_c, x, y) == +x && where(2_c < 1_c, x, y) == +y && where(2_c < 2_c, x, y) == +y);
static_assert(where(2_c <= 2_c, x, y) == +x && where(2_c > 1_c, x, y) == +x && where(1_c >= 2_c, x, y) == +y);
static_assert(where(equal(0.5_c, tg::rational<1, 2>), x, y) == +x && where(equal(2_c, 0_c), x, y) == +y);
static_assert(where(-2_c < -1_c, x, y) == +x && where(-1_c < 1e-40_c, x, y) == +x &&
              where(0_c < -1e40_c, x, y) == +y);
static_assert(where(3e-30_c < 2e30_c, x, y) == +x && where(-3e-30_c < -2e30_c, x, y) == +y &&
              where(1e-25_c < 1e-24_c, x, y) == +x);
static_assert(where(tg::rational<1, 3> < 0.333333333333333333_c, x, y) == +y);
static_assert(where(!(1_c < 2_c), x, y) == +y && where(1_c < 2_c && 2_c < 3_c, x, y) == +x &&
              where(2_c < 1_c || 3_c < 2_c, x, y) == +y);
static_assert((x < y && 1_c < 2_c) == (x < y) && (1_c < 2_c && x < y) == (x < y) &&
              (x < y || 2_c < 1_c) == (x < y));
static_assert(where(x < y && 2_c < 1_c, x, y) == +y && where(x < y || 1_c < 2_c, x, y) == +x);
static_assert(tg::to_string(x && 1_c < 2_c) != "x" &&
              (x && 1_c < 2_c)(x = 3.0) == 1);  // the truth of x, not x
// What a symbol enters stays, and so does what is no exact number.
static_assert(tg::to_string(where(x < x, x, y)) == "where(x < x, x, y)" &&
              tg::to_string(where(tg::pi < 4_c, x, y)) == "where(pi < 4, x, y)");
static_assert(tg::diff(pow(2_c, x), x) == log(2_c) * pow(2_c, x));
static_assert(tg::diff(pow(0_c, x), x) == 0_c);
static_assert(tg::substitute(where(x < y, x, y), x = 1_c, y = 2_c) == 1_c);
// Numbers of the traced type may be compared.
static_assert(tg::trace<"x">([](auto u) {
                decltype(u) k = 1, sum = 0;
                for (; k < 4; k += 1) sum += k * u;
                return sum;
              }) == 6_c * x);

// --- A rewrite never changes a value

BOOST_AUTO_TEST_CASE(values_stay) {
  // Each formula with the same computation in double; over a grid that includes negative numbers.
  const auto check = [](auto formula, auto by_hand) {
    for (const double u : {-2.5, -1.0, 0.5, 3.0})
      for (const double v : {-1.5, 0.25, 2.0})
        BOOST_TEST(formula(x = u, y = v) == by_hand(u, v), boost::test_tools::tolerance(1e-13));
  };
  check(x * y - (x + y) * (x - y), [](double u, double v) { return u * v - (u + v) * (u - v); });
  check(-(x - y) * -(-y) / (2_c * y), [](double u, double v) { return (v - u) / 2 * (v / v); });
  check(pow(x * y, 2_c) * pow(y, -3_c) / x, [](double u, double v) { return u / v; });
  check(pow(x, 3_c) / pow(x, 5_c) + y, [](double u, double v) { return 1 / (u * u) + v; });
  check(3_c * (x - 2_c * y) - 2_c * (x - 2_c * y) - x + y * 2_c, [](double, double) { return 0.0; });
  check(abs(x * y) * sign(-y), [](double u, double v) { return -std::abs(u * v) * (v > 0 ? 1 : -1); });
  check(where(x < y, x - y, y - x) + where(x < y, y, x), [](double u, double v) { return u < v ? u : v; });
  check(sqrt(x * x) + pow(abs(y), 1.5_c),
        [](double u, double v) { return std::abs(u) + std::pow(std::abs(v), 1.5); });
  check((x - y) / (y - x) + exp(x) * exp(-x), [](double u, double v) { return u == v ? std::nan("") : 0.0; });
}

// --- A rewrite never makes a program dearer

static_assert(tg::cost(x * x * x * x).multiplications <= 2);
static_assert(tg::cost(x * (y + z)).multiplications == 1);
static_assert(tg::cost(sin(x) * cos(x) + sin(x)).transcendental == 2);
static_assert(tg::cost(x / z + y / z).divisions <= 2);
static_assert(tg::cost(2_c * x + 2_c * y).multiplications <= 2);

}  // namespace
