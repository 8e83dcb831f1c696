// SPDX-License-Identifier: BSL-1.0
// Traces: that loops, arrays and templates written for double become the formulas that operators would have
// made, with one output and several, and give the values that the same code gives for double.
#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <typegrad/typegrad.hpp>

namespace {

using namespace tg::literals;

constexpr auto a = tg::symbol<"a">;
constexpr auto b = tg::symbol<"b">;
constexpr auto p = tg::symbols<"p", 4>;

const auto rounding = boost::test_tools::tolerance(1e-14);

// --- The same formulas

static_assert(tg::trace<"a", "b">([](auto u, auto v) { return u * sin(v) + 1; }) == a * sin(b) + 1_c);
static_assert(tg::trace<"a", "b">([](auto u, auto v) { return u / v - 0.1 * v; }) == a / b - 0.1_c * b);
static_assert(tg::trace<"a">([](auto u) { return u; }) == +a);
static_assert(tg::trace<"a">([](auto) { return 2.5; }) == 2.5_c);
static_assert(tg::trace<"a", "b">([](auto u, auto v) { return where(u < v, u, v); }) == where(a < b, a, b));
static_assert(tg::trace<"p[4]">([](auto u) { return u[0] + u[1] + u[2] + u[3]; }) ==
              p[0_c] + p[1_c] + p[2_c] + p[3_c]);
// With symbols and groups that exist, in any order.
static_assert(tg::trace(b, a, [](auto u, auto v) { return u / v; }) == b / a);
static_assert(tg::trace(p, a, [](auto u, auto v) {
                for (auto each : u) v *= each;
                return v;
              }) == a * p[0_c] * p[1_c] * p[2_c] * p[3_c]);
static_assert(tg::trace<"a">([](auto u) {
                auto power = u;
                for (int k = 1; k < 5; ++k) power *= u;
                power -= 1;
                power /= 2;
                return -power;
              }) == -((pow(a, 5_c) - 1_c) / 2_c));
// Loops may stop at compile-time values, and numbers of the traced type that depend on no symbol stay plain.
static_assert(tg::trace<"a">([](auto u) {
                decltype(u) sum = 0;
                decltype(u) scale = 1;
                while (scale) {
                  sum += u * scale;
                  scale -= 0.25;
                }
                return sum;
              }) == 2.5_c * a);

// --- Templates written for double

template <class T, std::size_t N>
constexpr T polynomial(const std::array<T, N>& coefficients, const T& at) {
  T sum = coefficients[N - 1];
  for (std::size_t k = N - 1; k-- > 0;) sum = sum * at + coefficients[k];
  return sum;
}

template <class T, std::size_t N>
T norm(const std::array<T, N>& v) {
  using std::sqrt;
  T sum = 0;
  for (const T& element : v) sum += element * element;
  return sqrt(sum);
}

/// A step of a pendulum by Runge and Kutta's classical method: angle and velocity.
template <class T>
constexpr std::array<T, 2> pendulum(std::array<T, 2> state, const T& length, int steps) {
  using std::sin;
  const double step = 0.125;
  const auto rate = [&](const std::array<T, 2>& s) {
    return std::array<T, 2>{s[1], -9.81 / length * sin(s[0])};
  };
  const auto moved = [](const std::array<T, 2>& s, const std::array<T, 2>& r, double by) {
    return std::array<T, 2>{s[0] + by * r[0], s[1] + by * r[1]};
  };
  for (int k = 0; k < steps; ++k) {
    const auto k1 = rate(state), k2 = rate(moved(state, k1, step / 2)), k3 = rate(moved(state, k2, step / 2)),
               k4 = rate(moved(state, k3, step));
    for (std::size_t i = 0; i < 2; ++i) state[i] += step / 6 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]);
  }
  return state;
}

BOOST_AUTO_TEST_CASE(templates_written_for_double) {
  constexpr auto traced =
      tg::trace<"p[4]", "a">([](auto coefficients, auto at) { return polynomial(coefficients, at); });
  const std::array coefficients{2.0, -1.0, 0.5, 3.0};
  BOOST_TEST(traced(p = coefficients, a = 0.7) == polynomial(coefficients, 0.7), rounding);
  BOOST_TEST(tg::diff(traced, a)(p = coefficients, a = 0.7) == -1 + 0.7 + 9 * 0.49, rounding);
  BOOST_TEST(tg::gradient(traced, p)(p = coefficients, a = 0.7)[3] == 0.343, rounding);

  constexpr auto length =
      tg::trace<"p[4]">([](auto v) { return sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2] + v[3] * v[3]); });
  BOOST_TEST(length(p = coefficients) == norm(coefficients), rounding);
}

// --- Several outputs

BOOST_AUTO_TEST_CASE(several_outputs) {
  constexpr auto pair = tg::trace<"a", "b">([](auto u, auto v) { return tg::outputs(u * v, sin(u)); });
  static_assert(tg::get<0>(pair) == a * b && tg::get<1>(pair) == sin(a) && decltype(pair)::outputs() == 2);
  constexpr auto matrix = tg::trace<"a", "b">([](auto u, auto v) {
    return std::array{std::array{u, v, u * v}, std::array{v, u, u + v}};
  });
  static_assert(tg::get<0, 2>(matrix) == a * b && tg::get<1, 1>(matrix) == +a);
  const auto values = matrix(a = 2.0, b = 3.0);
  BOOST_TEST(values[0] == (std::array{2.0, 3.0, 6.0}), boost::test_tools::per_element());
  BOOST_TEST(values[1] == (std::array{3.0, 2.0, 5.0}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_simulation_and_its_jacobian) {
  constexpr auto simulated = tg::trace<"a", "b", "length">([](auto angle, auto velocity, auto rod) {
    return pendulum(std::array{angle, velocity}, rod, 3);
  });
  constexpr auto rod = tg::symbol<"length">;
  constexpr auto function =
      tg::function(tg::inputs(a, b, rod), tg::outputs(simulated, tg::jacobian(simulated, a, b, rod)));
  const std::array at{0.9, -0.4, 1.5};
  const auto [values, jacobian] = function(at[0], at[1], at[2]);
  const auto reference = pendulum(std::array{at[0], at[1]}, at[2], 3);
  BOOST_TEST(values == reference, boost::test_tools::tolerance(1e-14) << boost::test_tools::per_element());
  for (std::size_t c = 0; c < 3; ++c) {
    const double step = 1e-5;
    auto high = at, low = at;
    high[c] += step;
    low[c] -= step;
    const auto above = pendulum(std::array{high[0], high[1]}, high[2], 3),
               below = pendulum(std::array{low[0], low[1]}, low[2], 3);
    // Central differences: an error of step^2 and of rounding / step, both near 1e-10.
    for (std::size_t r = 0; r < 2; ++r)
      BOOST_TEST(jacobian[r][c] == (above[r] - below[r]) / (2 * step), boost::test_tools::tolerance(1e-8));
  }
}

BOOST_AUTO_TEST_CASE(a_long_trace) {
  // 200 operations: more than one writes with operators.
  constexpr auto traced = tg::trace<"a", "b">([](auto u, auto v) {
    auto state = u;
    for (int k = 0; k < 50; ++k) state = sin(state) * v + 0.5 * u;
    return state;
  });
  constexpr auto function = tg::function(tg::inputs(a, b), tg::outputs(traced, tg::gradient(traced, a, b)));
  double state = 0.3, by_a = 1, by_b = 0;
  for (int k = 0; k < 50; ++k) {
    by_b = std::cos(state) * by_b * 1.1 + std::sin(state);
    by_a = std::cos(state) * by_a * 1.1 + 0.5;
    state = std::sin(state) * 1.1 + 0.5 * 0.3;
  }
  const auto [value, gradient] = function(0.3, 1.1);
  BOOST_TEST(value == state, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(gradient[0] == by_a, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(gradient[1] == by_b, boost::test_tools::tolerance(1e-12));
}

// A coefficient goes into a product, also into one that has other users.
static_assert(tg::trace<"a", "b">([](auto u, auto v) {
                const auto product = u * v;
                return (1 + 2 * product) * sin(product);
              }) == (1_c + 2_c * a * b) * sin(a * b));
// 1,000 operations of one kind: a chain that is one sum, product or quotient in the end.
static_assert(tg::trace<"a", "b">([](auto u, auto v) {
                auto sum = v;
                for (int k = 0; k < 1000; ++k) sum = k % 2 == 0 ? 2 * u - sum : u - sum;
                return sum;
              }) == b - 500_c * a);

BOOST_AUTO_TEST_CASE(long_sums_and_quotients) {
  constexpr auto sum = tg::trace<"a", "b">([](auto u, auto v) {
    auto s = u;
    for (int k = 0; k < 330; ++k) s = s + sin((k + 1.0) * v);
    return s;
  });
  constexpr auto quotient = tg::trace<"a", "b">([](auto u, auto v) {
    auto q = u;
    for (int k = 0; k < 330; ++k) q = k % 3 == 0 ? (v + 0.001 * k) / q : q / (v - 0.002 * k);
    return q;
  });
  double expected_sum = 0.5, slope = 0, expected_quotient = 0.5;
  for (int k = 0; k < 330; ++k) {
    expected_sum += std::sin((k + 1.0) * 1.2);
    slope += (k + 1.0) * std::cos((k + 1.0) * 1.2);
    expected_quotient =
        k % 3 == 0 ? (1.2 + 0.001 * k) / expected_quotient : expected_quotient / (1.2 - 0.002 * k);
  }
  const auto [sum_value, sum_gradient] =
      tg::function(tg::inputs(a, b), tg::outputs(sum, tg::gradient(sum, a, b)))(0.5, 1.2);
  BOOST_TEST(sum_value == expected_sum, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(sum_gradient == (std::array{1.0, slope}), boost::test_tools::tolerance(1e-12)
                                                           << boost::test_tools::per_element());
  const auto [value, gradient] =
      tg::function(tg::inputs(a, b), tg::outputs(quotient, tg::gradient(quotient, a, b)))(0.5, 1.2);
  BOOST_TEST(value == expected_quotient, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(gradient[0] == value / 0.5, boost::test_tools::tolerance(1e-12));
}

// Exact constants and formulas in a trace, with symbols of their own or without.
constexpr auto with_constants = tg::trace<"a">(
    [](auto s) { return tg::pi - sin(tg::pi * s) * sqrt(2_c) + pow(s, tg::rational<1, 3>) / tg::e; });
static_assert(with_constants == tg::pi - sin(tg::pi * a) * sqrt(2_c) + pow(a, tg::rational<1, 3>) / tg::e);
static_assert(tg::trace<"a">([](auto s) { return atan2(s, tg::pi) - (b + 1_c); }) ==
              atan2(a, tg::pi) - (b + 1_c));

// --- Formulas that hold ordinary numbers: exact constants, as all numbers in a trace

constexpr auto turn = 2_c * tg::pi;             // what 2 * tg::pi is in a trace
constexpr auto shifted = 2_c * tg::pi + 0.5_c;  // of two numbers
static_assert(tg::trace<"p[4]">([](auto s) { return 2 * tg::pi * s[0]; }) == turn * p[0_c]);
static_assert(tg::trace<"p[4]">([](auto s) {
                auto sum = 0 * s[0];
                for (std::size_t i = 1; i < 4; ++i) sum += (i * i) * tg::rational<1, 10> * s[i];
                return sum;
              }) == 0.1_c * p[1_c] + 0.4_c * p[2_c] + 0.9_c * p[3_c]);
#define TYPEGRAD_TEST_BOTH_ORDERS(operation)                                                            \
  static_assert(tg::trace<"a">([](auto s) { return s operation(2 * tg::pi); }) == (a operation turn));  \
  static_assert(tg::trace<"a">([](auto s) { return (2 * tg::pi) operation s; }) == (turn operation a)); \
  static_assert(tg::trace<"a">([](auto s) { return s operation(2 * tg::pi + 0.5); }) ==                 \
                (a operation shifted));                                                                 \
  static_assert(tg::trace<"a">([](auto s) { return (2 * tg::pi + 0.5) operation s; }) ==                \
                (shifted operation a))
TYPEGRAD_TEST_BOTH_ORDERS(+);
TYPEGRAD_TEST_BOTH_ORDERS(-);
TYPEGRAD_TEST_BOTH_ORDERS(*);
TYPEGRAD_TEST_BOTH_ORDERS(/);
TYPEGRAD_TEST_BOTH_ORDERS(<);
TYPEGRAD_TEST_BOTH_ORDERS(<=);
#undef TYPEGRAD_TEST_BOTH_ORDERS
#define TYPEGRAD_TEST_BOTH_ORDERS(function)                                                           \
  static_assert(tg::trace<"a">([](auto s) { return function(s, 2 * tg::pi); }) == function(a, turn)); \
  static_assert(tg::trace<"a">([](auto s) { return function(2 * tg::pi, s); }) == function(turn, a)); \
  static_assert(tg::trace<"a">([](auto s) { return function(s, 2 * tg::pi + 0.5); }) ==               \
                function(a, shifted));                                                                \
  static_assert(tg::trace<"a">([](auto s) { return function(2 * tg::pi + 0.5, s); }) == function(shifted, a))
TYPEGRAD_TEST_BOTH_ORDERS(pow);
TYPEGRAD_TEST_BOTH_ORDERS(atan2);
TYPEGRAD_TEST_BOTH_ORDERS(hypot);
TYPEGRAD_TEST_BOTH_ORDERS(min);
TYPEGRAD_TEST_BOTH_ORDERS(max);
TYPEGRAD_TEST_BOTH_ORDERS(fmod);
TYPEGRAD_TEST_BOTH_ORDERS(equal);
#undef TYPEGRAD_TEST_BOTH_ORDERS
static_assert(tg::trace<"a">([](auto s) { return where(s < 2 * tg::pi, 3 * s, 2 * tg::pi + 0.5); }) ==
              where(a < turn, 3_c * a, shifted));
static_assert(tg::trace<"a">([](auto s) { return where(s < 1, 2 * tg::pi, 0.25); }) ==
              where(a < 1_c, turn, 0.25_c));
// With a symbol of its own; folded to a plain number; under a function; assigned.
static_assert(tg::trace<"a">([](auto s) { return s * (2 * b + 0.5); }) == a * (2_c * b + 0.5_c));
static_assert(tg::trace<"a">([](auto s) { return s + 3 * 0.5_c * 4; }) == a + 6_c);
static_assert(tg::trace<"a">([](auto s) { return pow(s, 6 * tg::rational<1, 3>); }) == a * a);
static_assert(tg::trace<"a">([](auto s) { return sin(2 * tg::pi + 0.5) * s; }) == sin(shifted) * a);
static_assert(tg::trace<"a">([](auto s) {
                decltype(s) factor = 2 * tg::pi, plain = 3 * tg::rational<1, 2> * 4;
                const std::array<decltype(s), 2> list{tg::pi / 2, s};
                s += 2 * tg::pi + 0.5;
                s -= 3 * b;
                s *= factor * s;
                s /= 4 * tg::pi + 0.5;
                return s + plain + list[0] * list[1];
              }) == (a + shifted - 3_c * b) * (a + shifted - 3_c * b) * turn / (2_c * turn + 0.5_c) + 6_c +
                        tg::pi / 2_c * a);
// Returned.
static_assert(tg::trace<"a">([](auto) { return 2 * tg::pi; }) == turn);
static_assert(tg::trace<"a">([](auto) { return 2 * tg::pi * b + 0.5; }) == turn * b + 0.5_c);
static_assert(tg::get<1>(tg::trace<"a">([](auto s) { return tg::outputs(s, 2 * tg::pi + 0.5); })) == shifted);
static_assert(tg::get<0>(tg::trace<"a">([](auto s) { return tg::outputs(2 * tg::pi, 3 * b, s); })) == turn);
static_assert(tg::get<1>(tg::trace<"a">([](auto s) {
                return std::array<decltype(s), 2>{s, 3 * b};
              })) == 3_c * b);
static_assert(decltype(tg::trace<"a">([](auto s) { return 2 * tg::pi * s; }))::slots() == 0);

}  // namespace
