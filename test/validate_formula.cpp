// SPDX-License-Identifier: BSL-1.0
// Checks that start from a formula, second opinions in wider numbers, and black boxes inside formulas.
#include <array>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <complex>
#include <stdexcept>
#include <string>
#include <typegrad/typegrad.hpp>
#include <typegrad/validate/boost_test.hpp>
#include <typegrad/validate/formula.hpp>
#include <typegrad/validate/numeric.hpp>

using namespace tg::literals;

namespace {

using digits50 = boost::multiprecision::cpp_bin_float_50;

constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;
constexpr auto p = tg::symbols<"p", 2>;
constexpr auto f = x * sin(y) + exp(x * p[0_c]) / (1_c + p[1_c] * p[1_c]);
constexpr std::array slopes{0.3, 0.4};

/// A primitive whose rule is wrong by a thousandth.
struct bent_sine {
  static constexpr std::string_view name = "bent_sine";
  template <class T>
  static constexpr T value(const T& v) {
    using std::sin;
    return sin(v);
  }
  static constexpr auto partials(auto v) {
    using std::cos;
    return tg::rational<1001, 1000> * cos(v);
  }
};

// The relative error of a number, by hand, so that its tolerance can be of float or long double.
template <class T>
bool close(T found, T expected, T tolerance) {
  return std::abs(found - expected) <= tolerance * std::max(T(1), std::abs(expected));
}

}  // namespace

BOOST_AUTO_TEST_CASE(formulas) {
  const auto report = tg::check_gradient(f, tg::at(x = 1.0, y = 2.0, p = slopes));
  BOOST_TEST(tg::agrees(report));
  std::string names;
  for (const auto& c : report.components) names += c.name + ' ';
  BOOST_TEST(names == "x y p0 p1 ");
  BOOST_TEST(tg::gradient_agrees(f, tg::at(x = 1.0f, y = 2.0f, p = std::array{0.3f, 0.4f})));
  BOOST_TEST(tg::gradient_agrees(f, tg::at(x = 1.0L, y = 2.0L, p = std::array{0.3L, 0.4L})));
  BOOST_TEST(tg::gradient_agrees(f, tg::at(y = 2, p = slopes, x = 1)));  // integers count as double
  BOOST_TEST(tg::hessian_agrees(f, tg::at(x = 1.0, y = 2.0, p = slopes)));
  BOOST_TEST(tg::jacobian_agrees(tg::outputs(x * cos(y), x * sin(y)), tg::at(x = 1.0, y = 2.0)));
  BOOST_TEST(tg::hessian_agrees(exp(x), tg::at(x = 1.0)));
  BOOST_TEST(tg::gradient_agrees(x * 2.5, tg::at(x = 1.0)));  // a number inside the formula

  const auto bent = tg::check_gradient(x * tg::apply<bent_sine>(y), tg::at(x = 1.0, y = 0.5));
  BOOST_TEST(bent.count(tg::verdict::wrong) == 1);
  BOOST_TEST(bent.components[1].reason.find("the rule is wrong") == 0);
}

BOOST_AUTO_TEST_CASE(which_side_is_wrong) {
  // 1 - cos x loses all digits of double at 1e-6, and the differences with them.
  constexpr auto cancelling = (1 - cos(x)) / (x * x);
  const auto point = tg::at(x = 1e-6);
  auto report = tg::check_gradient(cancelling, point);
  BOOST_TEST(!report);
  tg::second_opinion<digits50>(report, cancelling, point, {}, "50 digits");
  BOOST_TEST((report.components[0].verdict == tg::verdict::wrong));
  BOOST_TEST(report.components[0].reason ==
             "the rule is right in 50 digits: rounding spoils the exact value here");
  BOOST_TEST(close(report.components[0].numeric, -1e-6 / 12, 1e-12));

  // Differences in float cannot tell a small derivative beside a large value; the same formula in double can.
  const auto small = tg::check_gradient(1000_c + x * x, tg::at(x = 1e-4f));
  BOOST_TEST(tg::agrees(small));
  BOOST_TEST(small.components[0].reason == "double confirms the exact value");

  // A pair of callables, generic in their number type.
  const auto value = [](const auto& v) { return exp(v[0]) * v[1]; };
  const auto gradient = [](const auto& v) { return std::array{exp(v[0]) * v[1], exp(v[0])}; };
  const auto half_wrong = [](const auto& v) {
    auto e = exp(v[0]);
    return std::array{e * v[1], e * 2};
  };
  const auto rounding = [](const auto& v) {  // right in wide numbers, spoilt in double
    auto e = exp(v[0]);
    return std::array{e * v[1], (e + 1e14) - 1e14};
  };
  const std::array at{0.3, 0.7};
  const auto verdict_of = [&](const auto& exact) {
    auto pair = tg::check_gradient(value, exact, at);
    tg::second_opinion<digits50>(pair, value, exact, at, {}, "50 digits");
    return pair.components[1];
  };
  BOOST_TEST((verdict_of(gradient).verdict == tg::verdict::pass));
  BOOST_TEST(verdict_of(half_wrong).reason == "the rule is wrong: in 50 digits it differs as well");
  BOOST_TEST(verdict_of(rounding).reason ==
             "the rule is right in 50 digits: rounding spoils the exact value here");

  auto by_complex = tg::check_gradient(value, half_wrong, at);
  tg::second_opinion_by_complex_step(by_complex, value, at);
  BOOST_TEST((by_complex.components[0].verdict == tg::verdict::pass));
  BOOST_TEST(by_complex.components[1].reason == "the complex step contradicts the exact value");
  auto without_rule = tg::check_gradient(value, half_wrong, at);
  tg::second_opinion<long double>(without_rule, value, nullptr, at);
  BOOST_TEST(without_rule.components[1].reason == "a wider number type contradicts the exact value");

  // From a distance floor(x) is x; where small steps contradict that, wider numbers are asked on smaller
  // ones, or not at all.
  for (const double place : {3.5, 80.3, 1000.5, 1e6 + 0.3}) {
    const auto far = tg::check_gradient(floor(x) * y, tg::at(x = place, y = 2.0));
    BOOST_TEST((far.passed() ||
                (place > 1e5 && far.components[0].verdict ==
                                    tg::verdict::inconclusive)));  // long double has no smaller steps there
    BOOST_TEST(tg::check_gradient(floor(10000_c * x) / 10000_c + y, tg::at(x = 1.00005 * place, y = 2.0))
                   .count(tg::verdict::wrong) == 0);
  }
  const auto value_of_stairs = [](const auto& v) { return 3 * floor(v[0]) + v[1]; };
  auto stairs = tg::check_gradient(
      value_of_stairs,
      [](const auto&) {
        return std::array{3.0, 1.0};
      },
      std::array{1000.5, 2.0});
  BOOST_TEST((stairs.components[0].verdict == tg::verdict::inconclusive));
  tg::second_opinion<digits50>(stairs, value_of_stairs, nullptr, std::array{1000.5, 2.0});
  BOOST_TEST((stairs.components[0].verdict == tg::verdict::wrong));

  // Reports and gradients with another number of components than the point has are refused.
  const auto matrix = [](const auto& v) {
    return std::array{std::array{v[1], v[0]}, std::array{v[0], v[0]}};
  };
  auto of_matrix = tg::check_jacobian(
      [](const auto& v) {
        return std::array{v[0] * v[1], v[0]};
      },
      matrix, at);
  const std::string has =
      "second_opinion: the report has 4 components where 2 are needed; give one of check_gradient at this "
      "point.";
  const auto says = [](const std::string& sentence) {
    return [sentence](const std::invalid_argument& error) { return error.what() == sentence; };
  };
  BOOST_CHECK_EXCEPTION(tg::second_opinion<long double>(of_matrix, value, nullptr, at), std::invalid_argument,
                        says(has));
  BOOST_CHECK_EXCEPTION(tg::second_opinion_by_complex_step(of_matrix, value, at), std::invalid_argument,
                        says(has));
  auto wrong = tg::check_gradient(value, half_wrong, at);
  BOOST_CHECK_EXCEPTION(tg::second_opinion<long double>(
                            wrong, value, [](const auto& v) { return std::array{v[0]}; }, at),
                        std::invalid_argument,
                        says("second_opinion: the gradient has 1 components where 2 are needed."));
}

BOOST_AUTO_TEST_CASE(black_boxes) {
  constexpr auto box = tg::numeric([](auto a, auto b) {
    using std::sin;
    return a * a * sin(b);
  });
  static_assert(tg::diff(box(x, y), x) != tg::diff(box(x, y), y));
  BOOST_TEST(box(1.5, 0.5) == 2.25 * std::sin(0.5));
  constexpr auto u = x * box(x, y) + y;
  BOOST_TEST(u(x = 1.5, y = 0.5) == 1.5 * 2.25 * std::sin(0.5) + 0.5);
  // A tenth of the digits is lost in a first derivative, a third in a second one.
  BOOST_TEST(close(tg::diff(u, x)(x = 1.5, y = 0.5), 3 * 2.25 * std::sin(0.5), 1e-11));
  BOOST_TEST(close(tg::diff(u, y)(x = 1.5, y = 0.5), 1.5 * 2.25 * std::cos(0.5) + 1, 1e-11));
  BOOST_TEST(close(tg::diff(u, x, y)(x = 1.5, y = 0.5), 3 * 2.25 * std::cos(0.5), 1e-9));
  BOOST_TEST(close(tg::diff(u, y, y)(x = 1.5, y = 0.5), -1.5 * 2.25 * std::sin(0.5), 1e-9));
  BOOST_TEST(close(tg::diff(u, x)(x = 1.5f, y = 0.5f), 3 * 2.25f * std::sin(0.5f), 1e-5f));
  BOOST_TEST(close(tg::diff(u, x)(x = 1.5L, y = 0.5L), 3 * 2.25L * std::sin(0.5L), 1e-14L));
  BOOST_TEST(tg::gradient_agrees(u, tg::at(x = 1.5, y = 0.5)));
  BOOST_TEST(tg::hessian_agrees(u, tg::at(x = 1.5, y = 0.5)));

  // Two boxes in one formula; a box of a formula; one of a single number that is written for double only.
  constexpr auto table = tg::numeric([](double t) { return std::tgamma(t); });
  constexpr auto mixed = table(x * x) * box(y, x);
  BOOST_TEST(tg::gradient_agrees(mixed, tg::at(x = 1.5, y = 0.5)));
  // Outside its domain a box has no derivative.
  constexpr auto root = tg::numeric([](double t) { return std::sqrt(t); });
  BOOST_TEST(std::isnan(tg::diff(root(x), x)(x = -1.0)));

  // What formulas take, with its bar: it holds the truth, is small where the box is smooth, and infinite
  // where there is no derivative.
  const auto by_first = box.derivative<0>(1.5, 0.5), mixed_second = box.derivative<0, 1>(1.5, 0.5);
  BOOST_TEST(by_first.value == tg::diff(box(x, y), x)(x = 1.5, y = 0.5));
  BOOST_TEST(mixed_second.value == tg::diff(box(x, y), x, y)(x = 1.5, y = 0.5));
  BOOST_TEST(by_first.agrees(3 * std::sin(0.5)));
  BOOST_TEST(mixed_second.agrees(3 * std::cos(0.5)));
  BOOST_TEST(by_first.error < 1e-10 * by_first.value);
  BOOST_TEST(mixed_second.error < 1e-7 * mixed_second.value);
  BOOST_TEST(box.derivative<1>(2, 1).agrees(4 * std::cos(1.0)));  // integers count as double
  static_assert(std::is_same_v<decltype(box.derivative<0>(1.5f, 0.5f).error), float>);
  constexpr auto bent = tg::numeric([](double t) { return std::abs(t); });
  BOOST_TEST(std::isinf(bent.derivative<0>(0.0).error));
  BOOST_TEST(!(root.derivative<0>(-1.0).error < 1));
}
