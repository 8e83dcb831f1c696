// SPDX-License-Identifier: BSL-1.0
// Calls with numbers: functions of values and of memory, the shapes of their outputs, what a call may be
// given, and that function objects are small, copyable and refer to nothing outside themselves.
#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <complex>
#include <span>
#include <string>
#include <type_traits>
#include <typegrad/typegrad.hpp>
#include <vector>

namespace {

using namespace tg::literals;
using boost::test_tools::per_element;

constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;
constexpr auto p = tg::symbols<"p", 3>;
constexpr auto f = x * sin(y);

const auto rounding = boost::test_tools::tolerance(1e-15);

// --- Shapes

BOOST_AUTO_TEST_CASE(one_output_is_returned_bare) {
  constexpr auto value = tg::function(tg::inputs(x, y), tg::outputs(f));
  static_assert(std::is_same_v<decltype(value(2.0, 1.0)), double>);
  BOOST_TEST(value(2.0, 1.0) == 2 * std::sin(1.0), rounding);
  constexpr auto gradient = tg::function(tg::inputs(y, x), tg::outputs(tg::gradient(f, x, y)));
  static_assert(std::is_same_v<decltype(gradient(1.0, 2.0)), std::array<double, 2>>);
  BOOST_TEST(gradient(1.0, 2.0)[0] == std::sin(1.0), rounding);
  BOOST_TEST(gradient(1.0, 2.0)[1] == 2 * std::cos(1.0), rounding);
}

BOOST_AUTO_TEST_CASE(several_outputs_take_a_structured_binding) {
  constexpr auto all = tg::function(
      tg::inputs(x, y),
      tg::outputs(f, tg::gradient(f, x, y), tg::hessian(f, x, y), tg::jacobian(tg::outputs(x, f, y), x, y)));
  const auto [value, gradient, hessian, jacobian] = all(2.0, 1.0);
  static_assert(std::is_same_v<decltype(hessian), const std::array<std::array<double, 2>, 2>>);
  static_assert(std::is_same_v<decltype(jacobian), const std::array<std::array<double, 2>, 3>>);
  const double s = std::sin(1.0), c = std::cos(1.0);
  BOOST_TEST(value == 2 * s, rounding);
  BOOST_TEST(gradient == (std::array{s, 2 * c}), per_element());
  BOOST_TEST(hessian[0] == (std::array{0.0, c}), per_element());
  BOOST_TEST(hessian[1] == (std::array{c, -2 * s}), per_element());
  BOOST_TEST(jacobian[0] == (std::array{1.0, 0.0}), per_element());
  BOOST_TEST(jacobian[1] == (std::array{s, 2 * c}), per_element());
  BOOST_TEST(jacobian[2] == (std::array{0.0, 1.0}), per_element());
}

// --- Memory

BOOST_AUTO_TEST_CASE(memory_of_every_kind) {
  constexpr auto both = tg::function(tg::inputs(x, y), tg::outputs(x * y, tg::gradient(x * y, x, y)));
  const std::array expected{6.0, 3.0, 2.0};
  const double in[] = {2, 3};
  double out[3] = {};
  both(in, out);
  BOOST_TEST(out == expected, per_element());
  std::array<double, 3> other{};
  both(std::array{2.0, 3.0}, other);
  BOOST_TEST(other == expected, per_element());
  std::vector<double> large{0, 2, 3, 0, 0, 0};
  both(std::span<const double, 2>{large.data() + 1, 2}, std::span<double, 3>{large.data() + 3, 3});
  BOOST_TEST(large == (std::vector{0.0, 2.0, 3.0, 6.0, 3.0, 2.0}), per_element());
}

BOOST_AUTO_TEST_CASE(groups_among_the_inputs) {
  constexpr auto g = p[0_c] * x + p[1_c] * p[2_c];
  constexpr auto function = tg::function(tg::inputs(p, x), tg::outputs(g, tg::gradient(g, p, x)));
  const auto [value, gradient] = function(std::array{1.0, 2.0, 3.0}, 4.0);
  BOOST_TEST(value == 10);
  BOOST_TEST(gradient == (std::array{4.0, 3.0, 2.0, 1.0}), per_element());
  std::array<double, 5> out{};
  function(std::array{1.0, 2.0, 3.0, 4.0}, out);
  BOOST_TEST(out == (std::array{10.0, 4.0, 3.0, 2.0, 1.0}), per_element());
  // A std::vector holds a group too; its length is checked when it is given.
  BOOST_CHECK_THROW(function(std::vector{1.0, 2.0}, 4.0), tg::unequal_group);
  BOOST_CHECK_THROW(function(std::vector<double>{}, 4.0), tg::unequal_group);
  BOOST_CHECK_THROW(g(p = std::vector{1.0, 2.0, 3.0, 4.0}, x = 4.0), tg::unequal_group);
  static_assert(noexcept(function(std::array{1.0, 2.0, 3.0}, 4.0)) &&
                !noexcept(function(std::declval<std::vector<double>&>(), 4.0)));
  BOOST_TEST(tg::get<0>(function(std::vector{1.0, 2.0, 3.0}, 4.0)) == 10);
  // Two groups: two arrays are two groups, and two spans are memory.
  constexpr auto q = tg::symbols<"q", 2>;
  constexpr auto two = tg::function(tg::inputs(p, q), tg::outputs(p[0_c] * q[1_c] + p[2_c] * q[0_c]));
  BOOST_TEST(two(std::array{1.0, 2.0, 3.0}, std::array{5.0, 7.0}) == 22);
  const double in[] = {1, 2, 3, 5, 7};
  double result[1] = {};
  two(std::span<const double, 5>{in}, std::span<double, 1>{result});
  BOOST_TEST(result[0] == 22);
}

// More symbols than clang lets a fold expression have terms.
BOOST_AUTO_TEST_CASE(hundreds_of_inputs) {
  constexpr std::size_t n = 300;
  constexpr auto many = tg::symbols<"x", 300>;
  constexpr auto chain = tg::trace<"x[300]">([](auto v) {
    auto sum = v[0] * v[n - 1];
    for (std::size_t k = 0; k + 1 < n; ++k) sum += sin(v[k] * v[k + 1]);
    return sum;
  });
  constexpr auto function =
      tg::function(tg::inputs(x, many), tg::outputs(x * chain, tg::gradient(chain, many)));
  static_assert(tg::depends_on(chain, many) && !tg::depends_on(chain, x));
  std::array<double, n> at{};
  double sum = 0;
  for (std::size_t k = 0; k < n; ++k) at[k] = 0.5 + 0.001 * static_cast<double>(k);
  for (std::size_t k = 0; k + 1 < n; ++k) sum += std::sin(at[k] * at[k + 1]);
  const auto [value, gradient] = function(2.0, at);
  BOOST_TEST(value == 2 * (at[0] * at[n - 1] + sum),
             boost::test_tools::tolerance(3e-13));  // a sum of n terms in another order
  for (std::size_t k = 0; k < n; ++k) {
    const double before = k > 0 ? at[k - 1] : at[n - 1], after = k + 1 < n ? at[k + 1] : at[0];
    const double expected =
        before * (k > 0 ? std::cos(before * at[k]) : 1) + after * (k + 1 < n ? std::cos(at[k] * after) : 1);
    BOOST_TEST(gradient[k] == expected, rounding);
  }
}

// --- The object

BOOST_AUTO_TEST_CASE(a_function_is_a_value) {
  constexpr auto empty = tg::function(tg::inputs(x, y), tg::outputs(f));
  static_assert(std::is_empty_v<decltype(empty)>&& noexcept(empty(1.0, 2.0)));
  const auto make = [](double slope) {
    return tg::function(tg::inputs(x), tg::outputs(slope * x, tg::diff(slope * x, x)));
  };
  auto steep = make(3), flat = make(0.5);
  static_assert(std::is_trivially_copyable_v<decltype(steep)> &&
                std::is_same_v<decltype(steep), decltype(flat)>);
  BOOST_TEST(tg::get<0>(steep(2.0)) == 6);
  flat = steep;
  BOOST_TEST(tg::get<0>(flat(2.0)) == 6);
  BOOST_TEST(tg::get<1>(flat(2.0)) == 3);
}

BOOST_AUTO_TEST_CASE(inputs_that_no_output_needs) {
  BOOST_TEST(tg::function(tg::inputs(x, y), tg::outputs(x))(2.0, 5.0) == 2);
  BOOST_TEST(tg::function(tg::inputs(), tg::outputs(2_c * tg::pi))() == 2 * std::acos(-1.0), rounding);
  BOOST_TEST(tg::function(tg::inputs(x), tg::outputs(7_c))(2.0) == 7);
  BOOST_TEST(x(x = 2.0) == 2);
  BOOST_TEST(f(y = 1.0, x = 2.0) == f(x = 2.0, y = 1.0));
  BOOST_TEST(f(x = 2, y = 0.0f) == 0);
  const auto [condition, least] =
      tg::function(tg::inputs(x, y), tg::outputs(x < y, where(x < y, x, y)))(3.0, 2.0);
  BOOST_TEST(condition == 0);
  BOOST_TEST(least == 2);
}

BOOST_AUTO_TEST_CASE(outputs_share_their_subexpressions) {
  constexpr auto alone = tg::cost(exp(x * y));
  constexpr auto shared = exp(x * y);
  constexpr auto all = tg::gradient(shared, x, y);
  static_assert(alone.transcendental == 1 && tg::cost(all).transcendental == 1);
  const auto [value, gradient] = tg::function(tg::inputs(x, y), tg::outputs(shared, all))(0.5, 2.0);
  BOOST_TEST(value == std::exp(1.0), rounding);
  BOOST_TEST(gradient == (std::array{2 * std::exp(1.0), 0.5 * std::exp(1.0)}), per_element());
}

// --- Choices

// The same function for formulas and, by what follows, for complex numbers, whose choices are those of their
// real parts.
template <class T>
T where(bool condition, const T& taken, const T& other) {
  return condition ? taken : other;
}
bool operator>(const std::complex<double>& u, const std::complex<double>& v) { return u.real() > v.real(); }

constexpr auto choices = [](auto u, auto v, auto w) {
  const auto c = u > v, d = v > w;
  const auto first = where(c, u * v, u + w);
  const auto after_first = where(c, sin(first) * u, first - v);
  const auto nested = where(d, first * v, where(c, w * w, after_first));
  const auto both = where(c, nested, first) + where(d, u * w, v) * where(c, after_first, nested);
  const auto scaled = where(d, both * first, both + nested);
  return std::array{both, scaled, where(c, both, scaled),
                    where(d, where(c, sin(scaled), u), where(c, first * first, v))};
};

BOOST_AUTO_TEST_CASE(choices_that_need_one_another_and_share_conditions) {
  constexpr auto traced = tg::trace<"u", "v", "w">(choices);
  constexpr auto u = tg::symbol<"u">;
  constexpr auto v = tg::symbol<"v">;
  constexpr auto w = tg::symbol<"w">;
  constexpr auto all = tg::function(tg::inputs(u, v, w), tg::outputs(traced, tg::jacobian(traced, u, v, w)));
  const double at[][3] = {{1.3, 0.7, 0.2}, {1.3, 0.7, 0.9},    {0.7, 1.3, 0.2},
                          {0.7, 1.3, 1.9}, {-0.4, -1.1, -2.0}, {-1.1, -0.4, 0.3}};
  for (const auto& point : at) {
    const auto [values, jacobian] = all(point[0], point[1], point[2]);
    for (std::size_t column = 0; column < 3; ++column) {
      std::complex<double> z[] = {point[0], point[1], point[2]};
      z[column] += std::complex<double>(0, 1e-200);  // the complex step: exact to rounding
      const auto expected = choices(z[0], z[1], z[2]);
      for (std::size_t row = 0; row < expected.size(); ++row) {
        const double slope = expected[row].imag() / 1e-200;
        BOOST_TEST(values[row] == expected[row].real(), boost::test_tools::tolerance(1e-14));
        BOOST_TEST(std::abs(jacobian[row][column] - slope) <=
                   1e-13 * (1 + std::abs(slope)));  // terms of size 1 cancel
      }
    }
  }
}

/// What a function runs.
template <class Inputs, class Tag, class... Rest>
constexpr auto program_of(const tg::function_object<Inputs, Tag, Rest...>&) {
  return tg::detail::code<Tag>{};
}

BOOST_AUTO_TEST_CASE(choices_by_one_condition_are_one_branch) {
  constexpr auto positive = x > 0_c;
  constexpr auto three = tg::outputs(where(positive, log(x), y), 2_c * where(positive, y / x, log(-x)),
                                     where(positive, y, sqrt(-x)));
  constexpr auto all = tg::function(tg::inputs(x, y), three);
  BOOST_TEST(program_of(all).plan.count == 3);  // what is always run, and two sides
  const auto [a, b, c] = all(2.0, 5.0);
  BOOST_TEST(a == std::log(2.0), rounding);
  BOOST_TEST(b == 5.0);
  BOOST_TEST(c == 5.0);
  const auto [d, e, f_] = all(-4.0, 5.0);
  BOOST_TEST(d == 5.0);
  BOOST_TEST(e == 2 * std::log(4.0), rounding);
  BOOST_TEST(f_ == 2.0);
}

BOOST_AUTO_TEST_CASE(products_of_one_side_share_factors_and_those_of_two_sides_do_not) {
  constexpr auto chosen =
      where(x > y, sin(x * p[0_c] * y) + cos(x * p[1_c] * y), exp(x * p[2_c] * y) * sin(x * 2_c * y));
  constexpr auto all = tg::function(tg::inputs(x, y, p), tg::outputs(chosen));
  constexpr auto program = program_of(all);
  int products[3] = {};
  for (int block = 0; block < program.plan.count; ++block)
    for (int at = program.plan.begin[block]; at < program.plan.begin[block + 1]; ++at)
      if (const int node = program.plan.order[at]; program.graph.op[node]->what == tg::detail::kind::multiply)
        products[block] += program.graph.count[node] - 1;
  BOOST_TEST(products == (std::array{0, 3, 5}), per_element());
  BOOST_TEST(all(2.0, 1.5, std::array{0.1, 0.2, 0.3}) == std::sin(0.3) + std::cos(0.6), rounding);
  BOOST_TEST(all(1.5, 2.0, std::array{0.1, 0.2, 0.3}) == std::exp(0.9) * std::sin(6.0), rounding);
}

// --- Order

BOOST_AUTO_TEST_CASE(calls_that_do_not_need_each_other_follow_each_other) {
  constexpr auto all =
      tg::function(tg::inputs(x, y), tg::outputs(exp(sin(2_c * cos(x))) * exp(sin(y + cos(y)))));
  constexpr auto program = program_of(all);
  std::string calls;
  for (int at = 0; at < program.plan.begin[1]; ++at)
    if (const auto* op = program.graph.op[program.plan.order[at]]; op->what == tg::detail::kind::function)
      (calls += op->name) += ' ';
  BOOST_TEST(calls == "cos cos sin sin exp exp ");
  BOOST_TEST(all(0.4, 0.7) == std::exp(std::sin(2 * std::cos(0.4)) + std::sin(0.7 + std::cos(0.7))),
             rounding);
}

// The parts of exp(x)^2/s^2 leave the range of double at half of the exponent at which exp(x) does.
BOOST_AUTO_TEST_CASE(quotients_by_powers_stay_in_range) {
  constexpr auto share = exp(x) / (exp(x) + exp(y));
  constexpr auto all =
      tg::function(tg::inputs(x, y), tg::outputs(share, tg::gradient(share, x, y), tg::hessian(share, x, y)));
  const double lower = 1 / (1 + std::exp(1.0)), slope = lower * (1 - lower),
               curvature = slope * (1 - 2 * lower);
  for (const double at : {-700.0, -400.0, 0.0, 200.0, 400.0, 700.0}) {
    const auto [value, gradient, hessian] = all(at, at + 1);
    BOOST_TEST(value == lower, boost::test_tools::tolerance(1e-12));
    BOOST_TEST(gradient[0] == slope, boost::test_tools::tolerance(1e-12));
    BOOST_TEST(gradient[1] == -slope, boost::test_tools::tolerance(1e-12));
    BOOST_TEST(hessian[0][0] == curvature, boost::test_tools::tolerance(1e-12));
    BOOST_TEST(hessian[0][1] == -curvature, boost::test_tools::tolerance(1e-12));
    BOOST_TEST(hessian[1][1] == curvature, boost::test_tools::tolerance(1e-12));
  }
  BOOST_TEST(tg::diff<2>(log(1_c + exp(x)), x)(x = 700.0) == std::exp(-700.0), rounding);
  BOOST_TEST(tg::diff<2>(log(erfc(x)), x)(x = 25.0) == -1.9984076292202279,
             boost::test_tools::tolerance(1e-12));
  BOOST_TEST(tg::diff(1_c / (1_c + exp(-x)), x)(x = -400.0) == std::exp(-400.0), rounding);
  BOOST_TEST(tg::diff(-x * exp(y) / pow(1_c + exp(y), 3_c), x)(y = 300.0) == -std::exp(-600.0), rounding);
}

// The number of factors grows as the Fibonacci numbers do, beyond all bounds; the number of nodes does not.
BOOST_AUTO_TEST_CASE(products_of_products_are_not_written_out) {
  constexpr auto chain = [](auto a, auto b) {
    auto sum = a;
    for (int k = 0; k < 60; ++k) {
      const auto product = a * b;
      b = a;
      a = product;
      sum += b / (product * product);
    }
    return sum;
  };
  constexpr auto traced = tg::trace<"x", "y">(chain);
  const auto [value, slopes] =
      tg::function(tg::inputs(x, y), tg::outputs(traced, tg::gradient(traced, x, y)))(1.0, -1.0);
  BOOST_TEST(value == chain(1.0, -1.0));
  BOOST_TEST(std::isfinite(slopes[0]));
}

// x*y and y*z cancel exactly; what is added between them is rounded away.
BOOST_AUTO_TEST_CASE(the_term_that_is_known_last_is_added_last) {
  constexpr auto z = tg::symbol<"z">;
  constexpr auto late_call = x * y + y * z + exp(y * z - 60_c);
  constexpr auto late_product = x * y + y * z + (x + 1_c) * 1e-20_c * (y + (x + 1_c) * (x + 2_c));
  const auto [a, b] = tg::function(tg::inputs(x, y, z), tg::outputs(late_call, late_product))(1.0, 2.0, -1.0);
  BOOST_TEST(a == std::exp(-62.0), rounding);
  BOOST_TEST(b == 1.6e-19, rounding);
  constexpr auto program = program_of(tg::function(tg::inputs(x, y), tg::outputs(x * y - x + exp(y))));
  constexpr int sum = program.graph.root[0];
  BOOST_TEST((program.graph.op[program.graph.arg(sum, 0)]->what == tg::detail::kind::multiply));
  BOOST_TEST((program.graph.op[program.graph.arg(sum, 1)]->what == tg::detail::kind::negate));
  BOOST_TEST((program.graph.op[program.graph.arg(sum, 2)]->what == tg::detail::kind::function));
}

BOOST_AUTO_TEST_CASE(conditions_that_count_as_numbers_wait_for_what_they_compare) {
  constexpr auto late = sin(exp(x));
  constexpr auto all =
      tg::function(tg::inputs(x, y), tg::outputs((late < y) * cos(y), (late < y && cos(x) < late) + sin(y)));
  const auto [a, b] = all(0.5, 2.0);
  BOOST_TEST(a == std::cos(2.0), rounding);
  BOOST_TEST(b == 1 + std::sin(2.0), rounding);
}

}  // namespace
