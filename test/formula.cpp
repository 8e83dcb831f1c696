// SPDX-License-Identifier: BSL-1.0
// Formulas as types: that equal formulas have the same type however they were written, what that type is, and
// what is collected, cancelled and folded on the way. Nearly everything here is decided by the compiler; the
// test cases are what runs.
#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <type_traits>
#include <typegrad/typegrad.hpp>

namespace {

using namespace tg::literals;
namespace node = tg::node;
namespace op = tg::op;

constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;
constexpr auto z = tg::symbol<"z">;

template <class F, class G>
constexpr bool same(F, G) {
  return std::is_same_v<F, G>;
}

// --- The type

static_assert(std::is_same_v<std::remove_const_t<decltype(x)>, tg::formula<node::variable<"x">>>);
static_assert(std::is_same_v<decltype(x * sin(y)),
                             tg::formula<node::variable<"x">, node::variable<"y">, node::apply<op::sin, 1>,
                                         node::apply<op::multiply, 0, 2>>>);
static_assert(std::is_empty_v<decltype(x * sin(y))> && std::is_trivially_copyable_v<decltype(x * sin(y))>);
// A shared subexpression stands once.
static_assert(decltype(sin(x + y) * exp(sin(x + y)))::size() == 6);

// --- One type, however written

static_assert(same(x * sin(y), sin(y) * x));
static_assert(same(x + y + z, z + (y + x)));
static_assert(same(x * (y * z), (x * y) * z));
static_assert(same(x + y, x + (y + z) - z));
static_assert(same(x + x, 2_c * x));
static_assert(same(2_c * x + 3_c * x, 5_c * x));
static_assert(same(x * x, pow(x, 2_c)));
static_assert(same(x * pow(x, 2_c), pow(x, 3_c)));
static_assert(same(x - x, 0_c));
static_assert(same(x * y - y * x, 0_c));
static_assert(same(-(-x), +x));
static_assert(same(x * 0_c, 0_c));
static_assert(same(x + 0_c, +x));
static_assert(same(x * 1_c, +x));
static_assert(same(x / 1_c, +x));
static_assert(same(sin(-x), -sin(x)));
static_assert(same(cos(-x), cos(x)));
static_assert(same(sin(0_c), 0_c));
static_assert(same(exp(0_c), 1_c));
static_assert(same(log(1_c), 0_c));
static_assert(same(pow(x, 1_c), +x));
static_assert(same(log(exp(x)), +x));
static_assert(same(hypot(x, y), hypot(y, x)));
static_assert(same(x > y, y < x));
static_assert(!same(x - y, y - x));
static_assert(!same(x / y, y / x));
static_assert(!same(atan2(x, y), atan2(y, x)));
static_assert(!same(x, y));
// Nothing is expanded on its own, and nothing is cancelled that changes where a formula is defined or what it
// gives.
static_assert(!same(x * (y + z), x* y + x * z));
static_assert(!same(sqrt(x * x), +x));
static_assert(!same(exp(log(x)), +x));

// Equality is a constant, and differs from the comparison of values.
static_assert(x * sin(y) == sin(y) * x && !(x == y) && x != y);
static_assert(!std::is_same_v<decltype(equal(x, y)), bool>);

// --- Constants are exact

static_assert(same(2_c + 3_c, 5_c));
static_assert(same(1_c / 3_c, tg::rational<1, 3>));
static_assert(same(tg::rational<2, 6>, tg::rational<1, 3>));
static_assert(same(tg::rational<1, -2>, -tg::rational<1, 2>));
static_assert(same(0.1_c, tg::rational<1, 10>));
static_assert(same(0.1_c + 0.2_c, 0.3_c));
static_assert(same(2.50_c, tg::rational<5, 2>));
static_assert(same(1e3_c, 1000_c));
static_assert(same(2_c * x / 4_c, x / 2_c));
static_assert(same(pow(2_c, 10_c), 1024_c));
static_assert(!same(tg::pi * 1_c, 3.14159265358979_c));
static_assert(same(tg::pi - tg::pi, 0_c));

// --- Captured numbers

static_assert(std::is_same_v<decltype(2 * x), decltype(2.0 * x)>);
static_assert(2 * x == 2.0 * x && 2 * x != 3 * x);
static_assert(!same(2 * x, 2_c * x));

BOOST_AUTO_TEST_CASE(captured_numbers_are_held_by_value) {
  const auto line = [](double slope, double offset) { return slope * x + offset; };
  const auto first = line(3, 1), second = line(-0.5, 4);
  BOOST_TEST(first(x = 2.0) == 7);
  BOOST_TEST(second(x = 2.0) == 3);
  BOOST_TEST((first == line(3, 1)));
  BOOST_TEST((first != second));
  // Numbers of several sources in one formula, in any order, with one symbol and with derivatives.
  const auto product = first * second + 10 / (first + y);
  BOOST_TEST(product(x = 2.0, y = 3.0) == 22);
  BOOST_TEST(tg::diff(product, y)(x = 2.0, y = 3.0) == -10.0 / (10.0 * 10.0),
             boost::test_tools::tolerance(1e-15));
  BOOST_TEST(tg::diff(product, x)(x = 2.0, y = 3.0) == 3 * 3.0 + 7 * -0.5 - 10.0 * 3 / 100.0,
             boost::test_tools::tolerance(1e-15));
  BOOST_TEST(tg::gradient(product, x, y)(x = 2.0, y = 3.0)[1] == -0.1, boost::test_tools::tolerance(1e-15));
}

BOOST_AUTO_TEST_CASE(wide_integers_and_floats_are_captured_without_loss) {
  BOOST_TEST((x + 0.1f)(x = 0.0) == static_cast<double>(0.1f));
  const long long wide = (1LL << 62) + 1;
  BOOST_TEST(((x + wide)(x = 0.0L) == static_cast<long double>(wide)));
  BOOST_TEST((true * x)(x = 2.0) == 2);
}

// --- Groups of symbols

constexpr auto p = tg::symbols<"p", 3>;
static_assert(same(p[0_c], tg::symbol<"p0">) && same(tg::get<2>(p), tg::symbol<"p2">));
static_assert(same(tg::get<11>(tg::symbols<"q", 12>), tg::symbol<"q11">));

BOOST_AUTO_TEST_CASE(a_group_takes_a_structured_binding) {
  const auto [first_of_p, second_of_p, third_of_p] = p;
  BOOST_TEST(same(second_of_p, p[1_c]));
  BOOST_TEST((first_of_p - third_of_p)(p = std::array{3.0, 1.0, 4.0}) == -1);
}

BOOST_AUTO_TEST_CASE(a_group_is_bound_by_an_array) {
  constexpr auto f = p[0_c] * x + p[1_c] / p[2_c];
  BOOST_TEST(f(x = 2.0, p = std::array{3.0, 1.0, 4.0}) == 6.25);
  const auto gradient = tg::gradient(f, p)(x = 2.0, p = std::array{3.0, 1.0, 4.0});
  BOOST_TEST(gradient == (std::array{2.0, 0.25, -0.0625}), boost::test_tools::per_element());
}

// --- Conditions

BOOST_AUTO_TEST_CASE(conditions_evaluate_to_bool) {
  struct row {
    double x, y;
    bool less, less_equal, equal, both, either;
  };
  for (const row& r :
       {row{1, 2, true, true, false, true, true}, row{2, 2, false, true, true, false, true},
        row{-1, -2, false, false, false, false, false}, row{3, 2, false, false, false, false, true}}) {
    const auto value = [&](auto condition) {
      static_assert(std::is_same_v<decltype(condition(x = 1.0, y = 1.0)), bool>);
      return condition(x = r.x, y = r.y);
    };
    BOOST_TEST(value(x < y) == r.less);
    BOOST_TEST(value(x <= y) == r.less_equal);
    BOOST_TEST(value(x >= y) == !r.less);
    BOOST_TEST(value(x > y) == !r.less_equal);
    BOOST_TEST(value(equal(x, y)) == r.equal);
    BOOST_TEST(value(!equal(x, y)) == !r.equal);
    BOOST_TEST(value(x < y && x > 0) == r.both);
    BOOST_TEST(value(x < y || x > 0) == r.either);
  }
}

}  // namespace
