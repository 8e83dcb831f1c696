// SPDX-License-Identifier: BSL-1.0
// Derivatives: diff, gradient, jacobian, hessian, jvp, vjp, hvp, taylor and substitute against formulas
// derived by hand, against each other (forward against reverse, products against matrices), and where the
// formula has a branch that must not be evaluated.
#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <typegrad/typegrad.hpp>

namespace {

using namespace tg::literals;

constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;
constexpr auto z = tg::symbol<"z">;

// Rounding only: a derivative and the formula by hand may order their operations differently.
const auto rounding = boost::test_tools::tolerance(1e-13);

// --- diff: the types are those of the derivatives by hand

static_assert(tg::diff(x * sin(y), y) == x * cos(y));
static_assert(tg::diff(x * sin(y), x) == sin(y));
static_assert(tg::diff(x * sin(y), x, y) == cos(y));
static_assert(tg::diff(x * sin(y), y, x) == cos(y));
static_assert(tg::diff(x, x) == 1_c);
static_assert(tg::diff(x, y, tg::allow_zero) == 0_c);
static_assert(tg::diff(pow(x, 5_c), x) == 5_c * pow(x, 4_c));
static_assert(tg::diff<3>(pow(x, 5_c), x) == 60_c * pow(x, 2_c));
static_assert(tg::diff<0>(sin(x), x) == sin(x));
static_assert(tg::diff<4>(sin(x), x) == sin(x));
static_assert(tg::diff<6>(pow(x, 5_c), x) == 0_c);
static_assert(tg::diff(exp(2_c * x), x) == 2_c * exp(2_c * x));
static_assert(tg::diff(log(x), x) == 1_c / x);
static_assert(tg::diff(x * x * y + y, x, y) == 2_c * x);
static_assert(tg::diff(2 * x, x)(x = 0.0) == 2);

// Captured numbers keep their order, whatever that of the request.
BOOST_AUTO_TEST_CASE(the_order_of_a_request_does_not_show_in_captured_numbers) {
  const double p = 2, q = 3;
  const auto first = sin(p * x) * exp(q * y);
  const auto second = exp(-p * z * z) * q * x;
  const auto by_turns = tg::hessian(first, y, x);
  static_assert(std::is_same_v<decltype(tg::get<0, 1>(by_turns)), decltype(tg::diff(first, x, y))>);
  static_assert(
      std::is_same_v<decltype(tg::get<0, 0>(tg::hessian(second, z, x))), decltype(tg::diff<2>(second, z))>);
  BOOST_TEST(by_turns(x = 0.1, y = 0.2)[0][1] == p * std::cos(0.2) * q * std::exp(0.6), rounding);
  BOOST_TEST(tg::gradient(second, z, x)(x = 0.1, z = 0.2)[0] == -4 * 0.2 * std::exp(-0.08) * 3 * 0.1,
             rounding);
}

/// Whether the derivatives of f are one, however they are asked for: an entry is what diff has, in every
/// order.
template <class F>
constexpr bool asked_for_in_any_way(F f) {
  const auto same = []<class P, class Q>(P, Q) { return std::is_same_v<P, Q>; };
  const auto by = [](auto g, auto... symbols) { return tg::diff(g, symbols..., tg::allow_zero); };
  const auto gradient = tg::gradient(f, x, y, z, tg::allow_zero);
  const auto hessian = tg::hessian(f, x, y, z, tg::allow_zero);
  return same(tg::get<0>(gradient), by(f, x)) && same(tg::get<1>(gradient), by(f, y)) &&
         same(tg::get<2>(gradient), by(f, z)) && same(tg::get<0, 0>(hessian), by(by(f, x), x)) &&
         same(tg::get<0, 1>(hessian), by(by(f, x), y)) && same(tg::get<1, 0>(hessian), by(f, y, x)) &&
         same(tg::get<0, 2>(hessian), by(f, z, x)) && same(tg::get<1, 1>(hessian), by(by(f, y), y)) &&
         same(tg::get<1, 2>(hessian), by(by(f, y), z)) && same(tg::get<2, 2>(hessian), by(by(f, z), z));
}
static_assert(asked_for_in_any_way(sin(1.5 * x) * exp(2.5 * y) + cos(3.5 * x * y) * tanh(4.5 * z)));
static_assert(asked_for_in_any_way(pow(x, 1.5) + pow(y, 2.5) * pow(z, 3.5) * exp(4.5 * x) +
                                   sin(5.5 * z) * cos(6.5 * z) * tanh(7.5 * z) * x));
static_assert(asked_for_in_any_way(exp(1.5 * x) * sin(2.5 * x) + exp(3.5 * y) * sin(4.5 * y) * cos(5.5 * y) +
                                   exp(6.5 * z) * sin(7.5 * z) * tanh(8.5 * z) * cosh(9.5 * z)));
static_assert(asked_for_in_any_way(sin(x + 0.3) * 0.4 + sin(y + 0.5) * 0.6 +
                                   sin(z * 0.7) * cos(z + 0.8) * x));

// --- gradient, jacobian, hessian

constexpr auto f = x * x * y + sin(z) * y;
static_assert(tg::get<0>(tg::gradient(f, x, y, z)) == 2_c * x * y);
static_assert(tg::gradient(f, x, y, z)[1_c] == x * x + sin(z));
static_assert(tg::gradient(f, x, y, z)[2_c] == y * cos(z));
static_assert(tg::get<0, 1>(tg::jacobian(tg::outputs(x * y, x + sin(y)), x, y)) == +x);
static_assert(tg::get<1, 0>(tg::jacobian(tg::outputs(x * y, x + sin(y)), x, y)) == 1_c);
static_assert(tg::get<1, 1>(tg::jacobian(tg::outputs(x * y, x + sin(y)), x, y)) == cos(y));
static_assert(tg::to_string(tg::jacobian(tg::outputs(x * y, +x), z, x)) == "[[0, y], [0, 1]]");
static_assert(tg::get<1, 0>(tg::jacobian(tg::outputs(x * y, +x), z, x)) == 0_c);
static_assert(tg::get<0, 0>(tg::hessian(f, x, y, z)) == 2_c * y);
static_assert(tg::get<0, 1>(tg::hessian(f, x, y, z)) == 2_c * x);
static_assert(tg::get<2, 2>(tg::hessian(f, x, y, z)) == -(y * sin(z)));
static_assert(tg::get<0, 2>(tg::hessian(f, x, y, z)) == 0_c);

/// A formula in which everything meets: powers, quotients, transcendental functions, shared parts.
constexpr auto mixed = exp(x * y) / (1_c + z * z) + pow(x, y) * log(z) + atan2(y, x* z);

BOOST_AUTO_TEST_CASE(a_hessian_is_symmetric_and_equals_repeated_diff) {
  const auto at = [](auto g) { return g(x = 1.3, y = 0.7, z = 2.1); };
  const auto matrix = at(tg::hessian(mixed, x, y, z));
  const double expected[3][3] = {
      {at(tg::diff(mixed, x, x)), at(tg::diff(mixed, x, y)), at(tg::diff(mixed, x, z))},
      {at(tg::diff(mixed, y, x)), at(tg::diff(mixed, y, y)), at(tg::diff(mixed, y, z))},
      {at(tg::diff(mixed, z, x)), at(tg::diff(mixed, z, y)), at(tg::diff(mixed, z, z))}};
  for (std::size_t r = 0; r < 3; ++r)
    for (std::size_t c = 0; c < 3; ++c) {
      BOOST_TEST(matrix[r][c] == matrix[c][r]);
      BOOST_TEST(matrix[r][c] == expected[r][c], rounding);
    }
}

BOOST_AUTO_TEST_CASE(derivatives_by_hand) {
  const double a = 1.3, b = 0.7, c = 2.1;
  const auto gradient = tg::gradient(mixed, x, y, z)(x = a, y = b, z = c);
  const double below = a * c * (a * c) + b * b;  // d atan2(v, u) = (u dv - v du) / (u^2 + v^2)
  BOOST_TEST(
      gradient[0] == b * std::exp(a * b) / (1 + c * c) + b * std::pow(a, b - 1) * std::log(c) - b * c / below,
      rounding);
  BOOST_TEST(gradient[1] == a * std::exp(a * b) / (1 + c * c) + std::pow(a, b) * std::log(a) * std::log(c) +
                                a * c / below,
             rounding);
  BOOST_TEST(gradient[2] ==
                 -std::exp(a * b) * 2 * c / ((1 + c * c) * (1 + c * c)) + std::pow(a, b) / c - b * a / below,
             rounding);
}

// --- Products with the matrices

BOOST_AUTO_TEST_CASE(products_equal_the_matrices_times_the_vectors) {
  const auto at = [](auto g) { return g(x = 1.3, y = 0.7, z = 2.1); };
  constexpr auto all = tg::outputs(mixed, x * sin(y) * z);
  const auto jacobian = at(tg::jacobian(all, x, y, z));
  const std::array v{0.3, -1.2, 0.5};
  const std::array w{1.7, -0.4};
  const auto forward = at(tg::jvp(all, tg::along(x = v[0], y = v[1], z = v[2])));
  const auto reverse = at(tg::vjp(all, tg::weights(w[0], w[1]), x, y, z));
  for (std::size_t r = 0; r < 2; ++r)
    BOOST_TEST(forward[r] == jacobian[r][0] * v[0] + jacobian[r][1] * v[1] + jacobian[r][2] * v[2], rounding);
  for (std::size_t c = 0; c < 3; ++c)
    BOOST_TEST(reverse[c] == w[0] * jacobian[0][c] + w[1] * jacobian[1][c], rounding);
  // Tangents against adjoints: w . (J v) = (w J) . v.
  BOOST_TEST(
      w[0] * forward[0] + w[1] * forward[1] == reverse[0] * v[0] + reverse[1] * v[1] + reverse[2] * v[2],
      rounding);

  const auto hessian = at(tg::hessian(mixed, x, y, z));
  const auto second = at(tg::hvp(mixed, tg::along(x = v[0], y = v[1], z = v[2])));
  for (std::size_t r = 0; r < 3; ++r)
    BOOST_TEST(second[r] == hessian[r][0] * v[0] + hessian[r][1] * v[1] + hessian[r][2] * v[2], rounding);
}

static_assert(tg::jvp(x * sin(y), tg::along(y = z)) == x * z * cos(y));
static_assert(tg::vjp(tg::outputs(x * y, sin(x)), tg::weights(z, 1_c), x)[0_c] == y * z + cos(x));

// --- Substitution and Taylor polynomials

static_assert(tg::substitute(x * sin(y), y = x * x) == x * sin(x * x));
static_assert(tg::substitute(x - 2_c * y, x = y, y = x) == y - 2_c * x);
static_assert(tg::substitute(x * y, z = 1_c) == x * y);
static_assert(tg::get<1>(tg::substitute(tg::gradient(x * y * z, x, y), z = 1_c)) == +x);
static_assert(tg::simplify(x * sin(y)) == x * sin(y));
static_assert(tg::taylor<3>(sin(x), x, 0_c) == x - pow(x, 3_c) / 6_c);
static_assert(tg::taylor<0>(exp(x) * y, x, 0_c) == +y);

BOOST_AUTO_TEST_CASE(a_taylor_polynomial_is_as_close_as_its_order) {
  const double a = 0.8, step = 1e-2;
  const double exact = std::exp(std::sin(a + step));
  const auto at = [&](auto polynomial) { return polynomial(x = a + step); };
  const double error[] = {std::abs(at(tg::taylor<1>(exp(sin(x)), x, a)) - exact),
                          std::abs(at(tg::taylor<2>(exp(sin(x)), x, a)) - exact),
                          std::abs(at(tg::taylor<4>(exp(sin(x)), x, a)) - exact)};
  BOOST_TEST(error[0] < 2 * step * step);
  BOOST_TEST(error[1] < 2 * step * step * step);
  BOOST_TEST(error[2] < 2 * step * step * step * step * step);
  BOOST_TEST(error[2] > 0);
  BOOST_TEST(tg::substitute(x * y, y = 2.5)(x = 2.0) == 5);
}

// --- Branches

/// A function that counts its evaluations.
struct counted {
  static constexpr auto name = "counted";
  static inline int calls_made = 0;
  template <class T>
  static T value(const T& v) {
    ++calls_made;
    return v * v;
  }
  static constexpr auto partials(auto v) { return 2 * v; }
};

BOOST_AUTO_TEST_CASE(only_the_chosen_branch_is_evaluated) {
  constexpr auto branch = where(x > 0, tg::apply<counted>(x + y), x);
  counted::calls_made = 0;
  BOOST_TEST(branch(x = -1.0, y = 2.0) == -1);
  BOOST_TEST(counted::calls_made == 0);
  BOOST_TEST(branch(x = 1.0, y = 2.0) == 9);
  BOOST_TEST(counted::calls_made == 1);
  // Needed on both sides, and as a condition: once.
  counted::calls_made = 0;
  BOOST_TEST(where(tg::apply<counted>(x) > 1, tg::apply<counted>(x), -tg::apply<counted>(x))(x = 3.0) == 9);
  BOOST_TEST(counted::calls_made == 1);
}

BOOST_AUTO_TEST_CASE(a_branch_that_is_not_taken_does_no_harm) {
  constexpr auto guarded = where(x > 0, sqrt(x) * log(x) * y, y * y);
  constexpr auto function = tg::function(
      tg::inputs(x, y), tg::outputs(guarded, tg::gradient(guarded, x, y), tg::hessian(guarded, x, y)));
  for (const double outside : {0.0, -1.0, std::numeric_limits<double>::quiet_NaN()}) {
    const auto [value, gradient, hessian] = function(outside, 3.0);
    BOOST_TEST(value == 9);
    BOOST_TEST(gradient == (std::array{0.0, 6.0}), boost::test_tools::per_element());
    BOOST_TEST(hessian[0] == (std::array{0.0, 0.0}), boost::test_tools::per_element());
    BOOST_TEST(hessian[1] == (std::array{0.0, 2.0}), boost::test_tools::per_element());
    BOOST_TEST(tg::diff(guarded, x)(x = outside, y = 3.0) == 0);
    BOOST_TEST(tg::diff(guarded, y)(x = outside, y = 3.0) == 6);
    BOOST_TEST(tg::hvp(guarded, tg::along(x = 1_c, y = 1_c))(x = outside, y = 3.0)[1] == 2);
  }
  const auto [value, gradient, hessian] = function(4.0, 3.0);
  BOOST_TEST(value == 2 * std::log(4.0) * 3, rounding);
  BOOST_TEST(gradient[0] == 3 * (std::log(4.0) / 4 + 0.5), rounding);
  BOOST_TEST(hessian[0][1] == std::log(4.0) / 4 + 0.5, rounding);
}

// --- A user's primitives

struct cube {
  static constexpr auto name = "cube";
  template <class T>
  static constexpr T value(const T& v) {
    return v * v * v;
  }
  static constexpr auto partials(auto v) { return 3 * v * v; }
};
struct grow {  // e^x, by its own value
  static constexpr auto name = "grow";
  template <class T>
  static T value(const T& v) {
    using std::exp;
    return exp(v);
  }
  static constexpr auto partials(auto, auto self) { return self; }
};
struct logistic {
  static constexpr auto name = "logistic";
  static constexpr auto definition(auto v) { return 1 / (1 + exp(-v)); }
};
struct area {
  static constexpr auto name = "area";
  template <class T>
  static constexpr T value(const T& width, const T& height) {
    return width * height;
  }
  static constexpr auto partials(auto width, auto height) { return tg::partials_of(height, width); }
};
struct blend {  // five operands
  static constexpr auto name = "blend";
  template <class T>
  static constexpr T value(const T& a, const T& b, const T& c, const T& d, const T& e) {
    return a * b + c * d * e;
  }
  static constexpr auto partials(auto a, auto b, auto c, auto d, auto e) {
    return tg::partials_of(b, a, d * e, c * e, c * d);
  }
};

static_assert(tg::diff(tg::apply<cube>(x), x) == 3_c * x * x);
static_assert(tg::diff(tg::diff(tg::apply<cube>(x * y), x), x) == 6_c * x * pow(y, 3_c));
static_assert(tg::diff<3>(tg::apply<grow>(x), x) == tg::apply<grow>(x));
static_assert(tg::diff(tg::apply<area>(x, sin(x)), x) == sin(x) + x * cos(x));
static_assert(tg::diff(tg::apply<blend>(x, y, x, z, 2_c), x) == y + 2_c * z);
static_assert(tg::apply<cube>(x)(x = 2.0) == 8);

BOOST_AUTO_TEST_CASE(user_primitives) {
  const double s = 1 / (1 + std::exp(-0.4));
  BOOST_TEST(tg::apply<logistic>(x)(x = 0.4) == s, rounding);
  BOOST_TEST(tg::diff(tg::apply<logistic>(x), x)(x = 0.4) == s * (1 - s), rounding);
  BOOST_TEST(tg::diff<2>(tg::apply<logistic>(x), x)(x = 0.4) == s * (1 - s) * (1 - 2 * s), rounding);
  BOOST_TEST(
      tg::hessian(tg::apply<logistic>(x * y), x, y)(x = 0.4, y = 1.0)[0][0] == s * (1 - s) * (1 - 2 * s),
      rounding);
  BOOST_TEST(tg::diff<2>(tg::apply<grow>(2 * x), x)(x = 0.4) == 4 * std::exp(0.8), rounding);
  BOOST_TEST(tg::apply<area>(x, 2.5)(x = 2.0) == 5);
  const auto gradient = tg::gradient(tg::apply<area>(x * x, y), x, y)(x = 3.0, y = 5.0);
  BOOST_TEST(gradient == (std::array{30.0, 9.0}), boost::test_tools::per_element());
}

// A symbol that a formula lacks, where a zero is meant.
static_assert(tg::diff(x * y, x, z, tg::allow_zero) == 0_c);
static_assert(tg::diff<2>(x * y, z, tg::allow_zero) == 0_c);
static_assert(tg::get<1>(tg::gradient(x * x * y, x, z, tg::allow_zero)) == 0_c);
static_assert(tg::get<0>(tg::gradient(x * x * y, x, z, tg::allow_zero)) == 2_c * x * y);
static_assert(tg::get<0, 1>(tg::hessian(x * x * y, x, z, tg::allow_zero)) == 0_c);
static_assert(tg::get<1, 1>(tg::jacobian(tg::outputs(x * y, x), y, z, tg::allow_zero)) == 0_c);
constexpr auto without_y = sin(x / y * y);
static_assert(tg::jvp(without_y, tg::along(x = z, y = 2_c), tg::allow_zero) == z * cos(x));
static_assert(tg::jvp(without_y, tg::along(y = 2_c), tg::allow_zero) == 0_c);
static_assert(tg::get<0>(tg::jvp(tg::outputs(without_y, y), tg::along(z = 1_c), tg::allow_zero)) == 0_c);
static_assert(tg::get<0>(tg::vjp(without_y, tg::weights(z), x, y, tg::allow_zero)) == z * cos(x));
static_assert(tg::get<1>(tg::vjp(without_y, tg::weights(z), x, y, tg::allow_zero)) == 0_c);
static_assert(tg::get<0>(tg::hvp((exp(x) - exp(x)) * cos(y), tg::along(x = 1_c, y = 1_c), tg::allow_zero)) ==
              0_c);
static_assert(tg::get<0>(tg::hvp(without_y, tg::along(x = 1_c, y = 1_c), tg::allow_zero)) == -sin(x));
static_assert(tg::get<1>(tg::hvp(without_y, tg::along(x = 1_c, y = 1_c), tg::allow_zero)) == 0_c);
static_assert(tg::taylor<2>(without_y, y, z, tg::allow_zero) == sin(x));

// A product of exponentials that underflow is no substitute for one that does not.
BOOST_AUTO_TEST_CASE(gradients_where_exponentials_underflow) {
  constexpr auto sites =
      log(1_c + exp(x + z) + exp(-y) + exp(x + z - y));  // = log(1 + e^(x+z)) + log(1 + e^-y)
  for (const double far : {1.0, 700.0, 740.0, 744.0, 800.0}) {
    const auto g = tg::gradient(sites, x, y, z)(x = 0.1, y = far, z = 0.2);
    BOOST_TEST(g[0] == 1 / (1 + std::exp(-0.3)), rounding);
    BOOST_TEST(g[2] == 1 / (1 + std::exp(-0.3)), rounding);
  }
}

}  // namespace
