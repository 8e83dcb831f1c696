// SPDX-License-Identifier: BSL-1.0
// Random numbers in formulas: the generator against published values, the numbers against the distributions,
// and that an element depends on nothing but the seed, the name and its place.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <complex>
#include <limits>
#include <typegrad/random.hpp>
#include <vector>

using namespace tg::literals;

namespace {

constexpr auto seed = tg::symbol<"seed">;
constexpr auto rate = tg::symbol<"rate">;
constexpr auto x = tg::array<"x", tg::rows, 5>;

// The values that come with the authors' library Random123 (kat_vectors, philox4x32 10).
using words = tg::detail::philox_words<1>;
constexpr words mixed(words w, std::uint32_t key0, std::uint32_t key1) {
  w.mix(key0, key1);
  return w;
}
constexpr bool is(const words& p, std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  return p.word[0][0] == a && p.word[1][0] == b && p.word[2][0] == c && p.word[3][0] == d;
}
constexpr std::uint32_t ones = 0xffffffffu;
static_assert(is(mixed({}, 0, 0), 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u));
static_assert(is(mixed({{{ones}, {ones}, {ones}, {ones}}}, ones, ones), 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u,
                 0x6d5451fdu));
static_assert(is(mixed({{{0x243f6a88u}, {0x85a308d3u}, {0x13198a2eu}, {0x03707344u}}}, 0xa4093822u,
                       0x299f31d0u),
                 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u));

/// As many rows of 5 as asked for.
template <class T, class F>
std::vector<T> drawn(const F&, std::size_t rows, T of) {
  constexpr auto fn = tg::function(tg::inputs(x, seed), tg::outputs(F{}));
  std::vector<T> points(5 * rows), found(5 * rows), space(fn.template workspace<T>(rows));
  fn(points, of, found, space);
  return found;
}
constexpr auto u = tg::random_uniform<"u", tg::rows, 5>(seed);
constexpr auto other = tg::random_uniform<"other", tg::rows, 5>(seed);
constexpr auto normal = tg::random_normal<"n", tg::rows, 5>(seed);

/// The largest distance between the distribution of a sample and a function (Kolmogorov 1933), by what is
/// exceeded once in 10^6 samples.
template <class F>
double distance(std::vector<double> sample, F probability) {
  std::sort(sample.begin(), sample.end());
  const double n = static_cast<double>(sample.size());
  double largest = 0;
  for (std::size_t k = 0; k < sample.size(); ++k) {
    const double p = probability(sample[k]), below = static_cast<double>(k) / n;
    largest = std::max({largest, p - below, below + 1 / n - p});
  }
  return largest / (2.69 / std::sqrt(n));
}
double correlation(const std::vector<double>& a, const std::vector<double>& b, std::size_t lag = 0) {
  double ab = 0, aa = 0, bb = 0;
  for (std::size_t k = 0; k + lag < a.size(); ++k) {
    ab += (a[k] - 0.5) * (b[k + lag] - 0.5);
    aa += (a[k] - 0.5) * (a[k] - 0.5), bb += (b[k + lag] - 0.5) * (b[k + lag] - 0.5);
  }
  return std::fabs(ab) / std::sqrt(aa * bb) * std::sqrt(static_cast<double>(a.size()));
}

}  // namespace

BOOST_AUTO_TEST_CASE(uniform_numbers_are_in_the_open_interval) {
  for (std::uint32_t low : {0u, 1u, 0xfffu, ones}) {
    for (std::uint32_t high : {0u, ones}) {
      BOOST_TEST(tg::detail::unit_number<double>(high, low) > 0);
      BOOST_TEST(tg::detail::unit_number<double>(high, low) < 1);
      BOOST_TEST(tg::detail::unit_number<float>(high, low) > 0);
      BOOST_TEST(tg::detail::unit_number<float>(high, low) < 1);
    }
  }
  BOOST_TEST(tg::detail::unit_number<double>(0, 0) + tg::detail::unit_number<double>(ones, ones) == 1);
}

BOOST_AUTO_TEST_CASE(an_element_depends_on_its_place_only) {
  const std::vector<double> most = drawn<double>(u, 100, 3);
  for (std::size_t rows = 0; rows < 60; ++rows) {
    const std::vector<double> few = drawn<double>(u, rows, 3);
    BOOST_TEST(std::equal(few.begin(), few.end(), most.begin()));
    const std::vector<float> shorter = drawn<float>(u, rows, 3);
    for (std::size_t k = 0; k < few.size(); ++k)
      BOOST_TEST(std::fabs(few[k] - static_cast<double>(shorter[k])) <= 0x1p-23);
  }
  const std::vector<long double> longer = drawn<long double>(u, 100, 3);
  BOOST_TEST(std::equal(longer.begin(), longer.end(), most.begin()));
  const std::vector<std::complex<double>> numbers = drawn<std::complex<double>>(u, 100, 3.0);
  BOOST_TEST(std::equal(numbers.begin(), numbers.end(), most.begin()));
}

BOOST_AUTO_TEST_CASE(seeds_and_names_give_other_numbers) {
  const std::vector<double> a = drawn<double>(u, 20000, 0);
  for (double s : {1.0, -1.0, 0.5, 1e300, std::numeric_limits<double>::denorm_min(), HUGE_VAL, std::nan("")})
    BOOST_TEST(correlation(a, drawn<double>(u, 20000, s)) < 5, "seed " << s);
  BOOST_TEST(drawn<double>(u, 20, -0.0) == drawn<double>(u, 20, 0.0));
  BOOST_TEST(correlation(a, drawn<double>(other, 20000, 0)) < 5);
  for (std::size_t lag = 1; lag < 20; ++lag) BOOST_TEST(correlation(a, a, lag) < 5, "lag " << lag);
}

BOOST_AUTO_TEST_CASE(numbers_have_their_distributions) {
  for (double s = 0; s < 5; ++s) {
    BOOST_TEST(distance(drawn<double>(u, 20000, s), [](double p) { return p; }) < 1);
    const auto below = [](double z) { return std::erfc(-z / std::sqrt(2.0)) / 2; };
    BOOST_TEST(distance(drawn<double>(normal, 20000, s), below) < 1);
    const std::vector<float> shorter = drawn<float>(normal, 20000, static_cast<float>(s));
    BOOST_TEST(distance({shorter.begin(), shorter.end()}, below) < 1);
  }
}

BOOST_AUTO_TEST_CASE(dropout_keeps_or_drops) {
  constexpr auto y = tg::dropout<"u">(x, rate, seed);
  constexpr auto fn =
      tg::function(tg::inputs(x, seed, rate), tg::outputs(y, u, tg::gradient(sum(y * y) / 2_c, x)));
  for (const double p : {0.0, 0.1, 0.5, 0.9, 1.0}) {
    const std::size_t rows = 2000;
    std::vector<double> points(5 * rows), found(5 * rows), numbers(5 * rows), slopes(5 * rows),
        space(fn.workspace<double>(rows));
    for (std::size_t k = 0; k < points.size(); ++k) points[k] = 1 + static_cast<double>(k % 7);
    fn(points, 5.0, p, found, numbers, slopes, space);
    double kept = 0;
    for (std::size_t k = 0; k < points.size(); ++k) {
      const bool drops = numbers[k] < p;
      BOOST_TEST(found[k] == (drops ? 0 : points[k] / (1 - p)));
      BOOST_TEST(std::fabs(slopes[k] - (drops ? 0 : found[k] / (1 - p))) <= 1e-14 * slopes[k]);
      kept += drops ? 0 : 1;
    }
    const double n = static_cast<double>(points.size());
    BOOST_TEST(std::fabs(kept - n * (1 - p)) <= 5 * std::sqrt(n * p * (1 - p)));
  }
}

BOOST_AUTO_TEST_CASE(dropout_of_a_number) {
  constexpr auto fn = tg::function(tg::inputs(x, seed), tg::outputs(tg::dropout<"one">(sum(x), 0.5, seed)));
  for (const double left : {0.0, 0.9}) {  // in the workspace
    int kept = 0;
    for (double s = 0; s < 400; ++s) {
      std::vector<double> points(10, 1.0), space(fn.workspace<double>(2), left);
      const double y = fn(points, s, space);
      BOOST_TEST((y == 0 || y == 20));
      kept += y != 0 ? 1 : 0;
    }
    BOOST_TEST(std::abs(kept - 200) <= 50);
  }
}

BOOST_AUTO_TEST_CASE(nothing_is_smooth_in_a_seed) {
  static_assert(tg::get<0>(tg::gradient(sum(u * x), seed, tg::allow_zero)) == 0_c);
  static_assert(tg::random_uniform<"u", tg::rows, 5>(seed) == u && !(other == u));
  static_assert(tg::gradient(sum(u * x), x) == u);
  static_assert(tg::to_string(u).view() == "random_uniform<\"u\", rows, 5>(seed)");
  BOOST_TEST(tg::to_string(normal).view() ==
             "cos(2*pi*random_uniform<\"n'\", rows, 5>(seed)) .* sqrt(-2*log(random_uniform<\"n\", rows, "
             "5>(seed)))");
  // With a number as its seed a formula needs no symbol.
  constexpr auto fixed = tg::function(tg::inputs(x), tg::outputs(tg::random_uniform<"u", tg::rows, 5>(7)));
  std::vector<double> points(15), found(15), space(fixed.workspace<double>(3));
  fixed(points, found, space);
  BOOST_TEST(found == drawn<double>(u, 3, 7));
}

BOOST_AUTO_TEST_CASE(initial_values_of_parameters) {
  constexpr auto n = tg::array<"n", 7, 30>;
  constexpr auto other_weights = tg::array<"u", 65>;
  constexpr auto theta = tg::parameters(n, other_weights);
  constexpr auto fn =
      tg::function(tg::inputs(seed), tg::outputs(0.5 * tg::random_normal<"n", 7, 30>(seed) - 1_c,
                                                 tg::random_uniform<"u", 65>(seed) * 4_c - 2_c));
  const auto check = [&]<class T>(T tolerance) {
    std::vector<T> weights(theta.size()), of_n(210), of_u(65), space(fn.template workspace<T>());
    theta.each(weights, [](auto name, auto, auto own) {
      name == "n" ? tg::fill_normal(own, name, 3, -1, 0.5) : tg::fill_uniform(own, name, 3, -2, 2);
    });
    fn(T(3), of_n, of_u, space);
    for (std::size_t k = 0; k < 210; ++k) BOOST_TEST(std::fabs(weights[k] - of_n[k]) <= tolerance);
    for (std::size_t k = 0; k < 65; ++k) BOOST_TEST(std::fabs(weights[210 + k] - of_u[k]) <= tolerance);
  };
  check(1e-14), check(5e-6f);  // logarithms and cosines of others
}
