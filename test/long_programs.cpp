// SPDX-License-Identifier: BSL-1.0
// Programs of many parts, and of several functions, against the same operations on plain numbers: sums and
// products that run on from one part to the next, choices in every part, conditions that count as numbers,
// primitives of three operands, inputs, constants and captured numbers that are read from the first part to
// the last, several outputs.
#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>

#include <typegrad/array.hpp>
#include <typegrad/typegrad.hpp>

namespace {

double larger(double u, double v) { return u < v ? v : u; }
double choose(bool first, double u, double v) { return first ? u : v; }
double limit(double u, double low, double high) { return std::clamp(u, low, high); }
template <class T>
constexpr T larger(const T& u, const T& v) {
  return max(u, v);
}
template <class C, class T>
constexpr T choose(const C& first, const T& u, const T& v) {
  return where(first, u, v);
}

template <class T>
constexpr T limit(const T& u, const T& low, const T& high) {
  return clamp(u, low, high);
}

/// About ten steps a round.
template <int Rounds, bool Choices, class T>
constexpr std::array<T, 3> rounds(const T& x, const T& y, double k) {
  using std::sin, std::sqrt;
  T u = x, v = y, sum = x * k, product = y;
  for (int i = 0; i < Rounds; ++i) {
    const T w = sin(u + v / (i + 2));
    if (Choices && i % 9 == 4)
      u = choose(w < y, T(w * w - x), T(w * x));
    else
      u = w * 0.75 + y;
    v = sqrt(w * w + (1.0 + k)) - u * 0.25;
    if (i % 7 == 3) v = larger(v, w);
    if (i % 11 == 5) v = v + (w < x) * w;
    if (i % 13 == 6) v = limit(v, T(w - 0.5), T(w + 0.75));
    if (i % 2 == 0) sum = sum + v * x;
    if (i % 50 == 0) product = product * (v + 1.0);
  }
  return {sum, product, u};
}

template <class Inputs, class Tag, class... Rest>
constexpr int functions_of(const tg::function_object<Inputs, Tag, Rest...>&) {
  return tg::detail::code<Tag>::steps.groups;
}

template <int Rounds, bool Choices>
void check(bool several) {
  constexpr auto x = tg::symbol<"x">;
  constexpr auto y = tg::symbol<"y">;
  constexpr auto traced =
      tg::trace<"x", "y">([](auto a, auto b) { return rounds<Rounds, Choices>(a, b, 0.5); });
  volatile double scale = 1.5;  // captured: not known to the compiler
  const auto function = tg::function(tg::inputs(x, y), tg::outputs(tg::substitute(traced, y = scale * y)));
  BOOST_TEST((functions_of(function) > 1) == several);
  BOOST_TEST(tg::cost(function).limited == several);  // beyond 800 nodes
  for (const double at : {0.3, 0.8, -0.4, 1.7}) {
    const auto found = function(at, 1.1 - at);
    const auto expected = rounds<Rounds, Choices>(at, 1.5 * (1.1 - at), 0.5);
    // A sum is rounded in another order than here: one part in 1e15 for each of its terms.
    for (std::size_t i = 0; i < 3; ++i)
      BOOST_TEST(std::abs(found[i] - expected[i]) <= 1e-15 * Rounds * std::abs(expected[i]),
                 Rounds << ": " << found[i] << " is not " << expected[i]);
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(one_part) { check<5, false>(false); }
BOOST_AUTO_TEST_CASE(several_parts) { check<60, false>(false), check<60, true>(false); }
BOOST_AUTO_TEST_CASE(several_functions) { check<330, false>(true), check<330, true>(true); }

// More symbols than a fold expression of clang takes operands, where a header asks whether one is an array.
constexpr auto many = tg::symbols<"w", 300>;
constexpr auto chain = tg::trace<"w[300]">([](const auto& w) {
  auto total = w[0] * w[0];
  for (std::size_t i = 1; i < 300; ++i) total = total + w[i] * w[i - 1];
  return total;
});
BOOST_AUTO_TEST_CASE(more_symbols_than_a_fold_takes) {
  constexpr auto fn = tg::function(tg::inputs(many),
                                   tg::outputs(chain, tg::gradient(chain, many), tg::jacobian(chain, many)));
  static_assert(tg::diff(chain, tg::symbol<"w1">) == tg::symbol<"w0"> + tg::symbol<"w2">);
  std::array<double, 300> at;
  for (std::size_t i = 0; i < 300; ++i) at[i] = 0.5 + static_cast<double>(i % 7);
  const auto [value, gradient, row] = fn(at);
  double expected = at[0] * at[0];
  for (std::size_t i = 1; i < 300; ++i) expected += at[i] * at[i - 1];
  BOOST_TEST(value == expected);
  for (std::size_t i = 1; i < 299; ++i) BOOST_TEST(gradient[i] == at[i - 1] + at[i + 1]);
  BOOST_TEST(gradient[0] == 2 * at[0] + at[1]);
  BOOST_TEST(gradient[299] == at[298]);
  BOOST_TEST(row[0][299] == at[298]);
}
