// SPDX-License-Identifier: BSL-1.0
// Exact numbers: arithmetic of fractions with a power of ten, what it does where a result does not fit, and
// how decimal literals are read. All of it runs in the compiler.
#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <typegrad/typegrad.hpp>

namespace {

using namespace tg::literals;
using tg::detail::exact;
using tg::detail::make_exact;

constexpr bool is(const tg::detail::exact_result& r, std::int64_t n, std::int64_t d = 1, int e = 0) {
  return r.valid && r.value == exact{n, d, e};
}
constexpr std::int64_t largest = INT64_MAX;

// Lowest terms, one spelling for each value.
static_assert(is(make_exact(6, 4), 3, 2));
static_assert(is(make_exact(3, -6), -1, 2));
static_assert(is(make_exact(0, -5, 3), 0));
static_assert(is(make_exact(7, 1, 2), 700));
static_assert(is(make_exact(25, 1, -1), 5, 2));
static_assert(is(make_exact(1, 3, 1), 10, 3));
static_assert(make_exact(1, 1, 30).value == make_exact(10, 1, 29).value && make_exact(1, 1, 30).value.e != 0);
static_assert(make_exact(1, 1, -30).value == make_exact(100, 1, -32).value);
static_assert(!make_exact(1, 0).valid);

// Arithmetic.
static_assert(is(exact{1, 2} + exact{1, 3}, 5, 6));
static_assert(is(exact{1, 2} + exact{-1, 2}, 0));
static_assert(is(exact{2, 3} * exact{9, 4}, 3, 2));
static_assert(is(exact{2, 3} * exact{0}, 0));
static_assert(is(inverse(exact{-2, 3}), -3, 2));
constexpr int compared(const exact& a, const exact& b) {
  const tg::detail::comparison c = compare(a, b);
  return c.known ? c.sign : 2;
}
static_assert(compared({1, 3}, {1, 2}) == -1 && compared({-1, 3}, {-1, 2}) == 1 &&
              compared({1, 3}, {1, 3}) == 0 && compared({}, {-1}) == 1);
static_assert(compared({7, 1, 30}, {3, 1, 31}) == -1 && compared({7, 1, 30}, {3, 1, 29}) == 1 &&
              compared({-7, 1, 30}, {-3, 1, 31}) == 1);
static_assert(compared({1, 1, 40}, {1, 1, -40}) == 1 && compared({1}, {1, 1, 4000}) == -1 &&
              compared({}, {-1, 1, 4000}) == 1);
static_assert(compared({INT64_MAX, INT64_MAX - 1}, {INT64_MAX - 1, INT64_MAX - 2}) ==
              2);  // does not fit: left open
static_assert(is(integer_power(exact{2, 3}, 3), 8, 27));
static_assert(is(integer_power(exact{2, 3}, -2), 9, 4));
static_assert(is(integer_power(exact{-1}, 7), -1));
static_assert(-exact{2, 3} == exact{-2, 3});
static_assert(less(exact{1, 3}, exact{1, 2}) && !less(exact{1, 2}, exact{1, 3}) &&
              !less(exact{1, 2}, exact{1, 2}) && less(exact{-5}, exact{}));

// What does not fit is refused, never rounded.
static_assert(!(exact{largest} + exact{1}).valid);
static_assert(!(exact{largest} * exact{2}).valid);
static_assert(!(exact{1, largest} + exact{1, largest - 1}).valid);
static_assert(!inverse(exact{}).valid);
static_assert(!integer_power(exact{10}, 19).valid);

// Decimal literals.
static_assert(is(tg::detail::parse_decimal("0.1"), 1, 10));
static_assert(is(tg::detail::parse_decimal("1e3"), 1000));
static_assert(is(tg::detail::parse_decimal("2.50E-1"), 1, 4));
static_assert(is(tg::detail::parse_decimal("1'000"), 1000));
static_assert(is(tg::detail::parse_decimal("6.02e23"), make_exact(602, 1, 21).value.n, 1,
                 make_exact(602, 1, 21).value.e));

// A number that stays in the formula because the exact result does not fit.
static_assert(decltype(9000000000000000000_c + 9000000000000000000_c)::size() > 1);

BOOST_AUTO_TEST_CASE(constants_are_rounded_once) {
  constexpr auto x = tg::symbol<"x">;
  const auto value = [](auto constant) { return (constant + 0_c * tg::symbol<"x">)(tg::symbol<"x"> = 0.0); };
  BOOST_TEST(value(0.1_c) == 0.1);
  BOOST_TEST(value(0.3_c) == 0.3);
  BOOST_TEST(value(0.1_c + 0.2_c) == 0.3);  // 0.1 + 0.2 in double is not
  BOOST_TEST(value(tg::rational<2, 3>) == 2.0 / 3.0);
  BOOST_TEST(value(6.02214076e23_c) == 6.02214076e23);
  BOOST_TEST(value(1.6e-35_c) == 1.6e-35);
  BOOST_TEST(value(2.2250738585072014e-308_c) == 2.2250738585072014e-308);
  BOOST_TEST(value(1.7976931348623157e308_c) == 1.7976931348623157e308);
  BOOST_TEST(value(9007199254740993_c) == 9007199254740993.0);
  BOOST_TEST((9000000000000000000_c + 9000000000000000000_c + x)(x = 0.0) == 1.8e19);
  BOOST_TEST(value(123456789.123456789_c) == 123456789.123456789);
}

}  // namespace
