// SPDX-License-Identifier: BSL-1.0
// The Boost.Hana view of formulas: nodes as types, equality, outputs as a sequence, names and values from
// hana strings and maps.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <typegrad/hana.hpp>

namespace {

namespace hana = boost::hana;

constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;
constexpr auto f = x * sin(y);

static_assert(
    hana::equal(tg::nodes_of(f),
                hana::tuple_t<tg::node::variable<"x">, tg::node::variable<"y">,
                              tg::node::apply<tg::op::sin, 1>, tg::node::apply<tg::op::multiply, 0, 2>>));
static_assert(hana::size(tg::nodes_of(tg::gradient(f, x, y))) == hana::size_c<5>);

static_assert(hana::equal(f, sin(y) * x));
static_assert(!hana::equal(f, x* cos(y)));
static_assert(hana::not_equal(f, y));
static_assert(decltype(hana::equal(f, f))::value);

static_assert(tg::symbol_of(hana::string_c<'x'>) == x);

static_assert(hana::equal(hana::transform(tg::gradient(f, x, y),
                                          [](const auto& entry) { return tg::diff(entry, y); }),
                          hana::make_tuple(cos(y), -x* sin(y))));
static_assert(hana::unpack(tg::gradient(f, x, y), [](const auto& by_x, const auto& by_y) {
  return by_x * by_y == sin(y) * x * cos(y);
}));
static_assert(hana::length(tg::hessian(f, x, y)) == hana::size_c<4>);
static_assert(hana::equal(hana::to_tuple(tg::gradient(f, x, y)), hana::make_tuple(sin(y), x* cos(y))));

}  // namespace

BOOST_AUTO_TEST_SUITE(hana_view)

BOOST_AUTO_TEST_CASE(captured_numbers_are_compared) {
  const double two = 2, three = 3;
  BOOST_TEST(hana::equal(two * x, two * x));
  BOOST_TEST(!hana::equal(two * x, three * x));
}

BOOST_AUTO_TEST_CASE(values_come_from_a_map) {
  const auto values =
      hana::make_map(hana::make_pair(hana::string_c<'y'>, 0.5), hana::make_pair(hana::string_c<'x'>, 2.0));
  BOOST_TEST(tg::evaluate(f, values) == 2.0 * std::sin(0.5));
  const auto gradient = tg::evaluate(tg::gradient(f, x, y), values);
  BOOST_TEST(gradient[0] == std::sin(0.5));
  BOOST_TEST(gradient[1] == 2.0 * std::cos(0.5));
}

BOOST_AUTO_TEST_SUITE_END()
