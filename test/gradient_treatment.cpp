// SPDX-License-Identifier: BSL-1.0
// Gradient treatments against closed forms, their order, and the watch over a run's gradients.
#if __has_include(<Eigen/Core>)
#include <Eigen/Core>
#else
#include <eigen3/Eigen/Core>
#endif
#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstddef>
#include <limits>
#include <sstream>
#include <stdexcept>
#include <string>
#include <typegrad/optimize/gradient_treatment.hpp>
#include <typegrad/optimize/gradient_watch.hpp>
#include <vector>

namespace {

constexpr double no_number = std::numeric_limits<double>::quiet_NaN(),
                 infinity = std::numeric_limits<double>::infinity();

using numbers = std::vector<double>;

/// A treatment of a gradient, with parameters, in double and in float. The wanted numbers are short decimals,
/// reached within a few roundings.
template <class Treatment>
void check(const Treatment& treatment, const numbers& gradient, const numbers& parameters,
           const numbers& wanted) {
  const auto within = [&]<class T>(T tolerance) {
    std::vector<T> now(gradient.size()), at(parameters.size());
    std::ranges::transform(gradient, now.begin(), [](double value) { return static_cast<T>(value); });
    std::ranges::transform(parameters, at.begin(), [](double value) { return static_cast<T>(value); });
    tg::treatments{treatment}(now, at, 0);
    for (std::size_t i = 0; i < wanted.size(); ++i)
      BOOST_TEST(std::abs(static_cast<double>(now[i]) - wanted[i]) <=
                     static_cast<double>(tolerance) * std::abs(wanted[i]),
                 Treatment::name << ", component " << i << ": " << now[i] << " and not " << wanted[i]);
  };
  within(1e-15);
  within(1e-6f);
}

template <class Call>
void refused(const std::string& part, Call call) {
  BOOST_CHECK_EXCEPTION(call(), std::invalid_argument, [&](const std::invalid_argument& error) {
    return std::string(error.what()).find(part) != std::string::npos;
  });
}

}  // namespace

BOOST_AUTO_TEST_CASE(closed_forms) {
  check(tg::clip_by_value{2}, {3, -5, 1, -2}, {}, {2, -2, 1, -2});
  check(tg::clip_by_norm{.limit = 1, .epsilon = 0}, {3, 4}, {}, {0.6, 0.8});
  check(tg::clip_by_norm{.limit = 1}, {3, 4}, {},
        {3 / (5 + 1e-6), 4 / (5 + 1e-6)});  // torch.nn.utils.clip_grad_norm_
  check(tg::clip_by_norm{6}, {3, 4}, {}, {3, 4});
  check(tg::clip_by_norm{.limit = 1, .segments = {2, 1, 1}, .epsilon = 0}, {3, 4, 0.5, -7}, {},
        {0.6, 0.8, 0.5, -1});
  check(tg::adaptive_clip{.clipping = 0.1}, {3, 4}, {6, 8}, {0.6, 0.8});
  check(tg::adaptive_clip{.clipping = 0.1, .segments = {2, 2}}, {3, 4, 0.3, 0.4}, {0, 0, 6, 8},
        {3 * 2e-5, 4 * 2e-5, 0.3, 0.4});
  check(tg::normalise_into{.low = 1, .high = 2}, {0.03, 0.04}, {}, {0.6, 0.8});
  check(tg::normalise_into{.low = 1, .high = 2}, {30, 40}, {}, {1.2, 1.6});
  check(tg::normalise_into{.low = 1, .high = 2}, {0.9, 1.2}, {}, {0.9, 1.2});
  check(tg::normalise_into{.low = 1, .high = 1, .segments = {1, 1, 1}}, {-3, 0, 0.2}, {}, {-1, 0, 1});
  check(tg::centralise{}, {1, 2, 6}, {}, {-2, -1, 3});
  check(tg::centralise{{3, 1, 2}}, {1, 2, 6, 7, 1, 3}, {}, {-2, -1, 3, 7, -1, 1});
}

// Norms whose squares do not fit.
BOOST_AUTO_TEST_CASE(extreme_norms) {
  check(tg::clip_by_norm{.limit = 1, .epsilon = 0}, {3e30, 4e30}, {}, {0.6, 0.8});
  numbers huge{3e300, 4e300}, tiny{3e-300, 4e-300};
  tg::treat(huge, tg::normalise_into{5, 5});
  tg::treat(tiny, tg::normalise_into{5, 5});
  for (const numbers& scaled : {huge, tiny}) {
    BOOST_TEST(scaled[0] == 3, boost::test_tools::tolerance(1e-14));
    BOOST_TEST(scaled[1] == 4, boost::test_tools::tolerance(1e-14));
  }
}

BOOST_AUTO_TEST_CASE(order_is_that_of_the_arguments) {
  numbers first{3, 5}, second = first;
  tg::treat(first, tg::clip_by_value{4}, tg::centralise{});
  tg::treat(second, tg::centralise{}, tg::clip_by_value{4});
  BOOST_TEST(first == (numbers{-0.5, 0.5}), boost::test_tools::per_element());
  BOOST_TEST(second == (numbers{-1, 1}), boost::test_tools::per_element());

  // Treatments are one treatment; a callable of one's own takes part.
  const auto halve = [](auto gradient, auto, std::size_t) {
    for (auto& number : gradient) number /= 2;
  };
  const tg::treatments inner(tg::clip_by_value{4}, tg::centralise{});
  const tg::treatments outer(inner, halve);
  Eigen::Vector2d third(3, 5);
  outer(third, Eigen::Vector2d(0, 0), 0);
  BOOST_TEST(third[0] == -0.25);
  std::array<long double, 2> fourth{3, 5};
  outer(fourth, std::array<long double, 2>{}, 0);
  BOOST_TEST(fourth[1] == 0.25L);
}

// Mean, variance and its fall with the steps; the same seed gives the same numbers, another gives others.
BOOST_AUTO_TEST_CASE(normal_noise) {
  constexpr std::size_t count = 20000;
  const auto drawn = [](const tg::gradient_noise& noise, std::size_t step) {
    numbers gradient(count);
    tg::treatments{noise}(gradient, numbers{}, step);
    return gradient;
  };
  for (const std::size_t step : {0U, 1U, 99U}) {
    const numbers values = drawn({.scale = 0.3}, step);
    double sum = 0, squares = 0, within = 0;
    for (const double value : values) {
      sum += value;
      squares += value * value;
    }
    const double variance = 0.3 / std::pow(1 + static_cast<double>(step), 0.55);
    for (const double value : values) within += value * value < variance ? 1 : 0;
    // Four standard deviations of each statistic of 20000 normal numbers.
    BOOST_TEST(std::abs(sum / count) < 4 * std::sqrt(variance / count));
    BOOST_TEST(std::abs(squares / count / variance - 1) < 4 * std::sqrt(2.0 / count));
    BOOST_TEST(std::abs(within / count - 0.6827) < 4 * std::sqrt(0.68 * 0.32 / count));
  }
  BOOST_TEST((drawn({.seed = 7}, 3) == drawn({.seed = 7}, 3)));
  BOOST_TEST((drawn({.seed = 7}, 3) != drawn({.seed = 8}, 3)));
  BOOST_TEST((drawn({.decay = 0, .seed = 7}, 3) != drawn({.decay = 0, .seed = 7}, 4)));
}

// What is not finite stays to be found; the other segments are treated.
BOOST_AUTO_TEST_CASE(not_finite) {
  numbers gradient{no_number, 4, 3, 4, infinity};
  tg::treat(gradient, tg::clip_by_norm{.limit = 1, .segments = {2, 2, 1}, .epsilon = 0},
            tg::normalise_into{2, 2, {2, 2, 1}});
  BOOST_TEST(std::isnan(gradient[0]));
  BOOST_TEST(gradient[1] == 4);
  BOOST_TEST(gradient[2] == 1.2, boost::test_tools::tolerance(1e-15));
  BOOST_TEST(gradient[4] == infinity);
  tg::treat(gradient, tg::clip_by_value{1});
  BOOST_TEST(std::isnan(gradient[0]));
}

BOOST_AUTO_TEST_CASE(wrong_use) {
  numbers gradient{1, 2, 3};
  refused("clip_by_value: the option limit is 0; give a finite number above 0",
          [] { (void)tg::treatments(tg::clip_by_value{0}); });
  refused("clip_by_norm", [] { (void)tg::treatments(tg::clip_by_norm{no_number}); });
  refused("high", [] { (void)tg::treatments(tg::normalise_into{2, 1}); });
  refused("clipping", [] { (void)tg::treatments(tg::adaptive_clip{-1}); });
  refused("scale", [] { (void)tg::treatments(tg::gradient_noise{infinity}); });
  refused("clip_by_norm: the lengths of the segments do not sum to the 3 numbers", [&] {
    tg::treat(gradient, tg::clip_by_norm{1, {2, 2}});
  });
  refused("centralise: the lengths", [&] { tg::treat(gradient, tg::centralise{{2}}); });
  refused("adaptive_clip: the vector of parameters has 0 numbers and 3 are needed",
          [&] { tg::treat(gradient, tg::adaptive_clip{}); });
  refused("treatments: the vector of parameters has 2",
          [&] { tg::treatments{tg::clip_by_value{1}}(gradient, numbers(2), 0); });
}

BOOST_AUTO_TEST_CASE(watch_over_a_run) {
  using enum tg::gradient_state;
  tg::gradient_watch watch({.settling = 3, .patience = 3});
  const auto state = [&](double size) { return watch(std::array{size * 0.6, -size * 0.8}).state; };
  for (const double size : {1.0, 2.0, 0.5}) BOOST_TEST((state(size) == sound));
  BOOST_TEST(watch.typical() == std::pow(2, 0.09) * std::pow(0.5, 0.1), boost::test_tools::tolerance(1e-12));
  BOOST_TEST((state(1e4) == exploding));
  BOOST_TEST((state(1) == sound));  // and the explosion has not moved the threshold
  BOOST_TEST((state(1e4) == exploding));
  BOOST_TEST((state(1e-11) == vanishing));
  BOOST_TEST((state(1e4) == exploding));
  BOOST_TEST((state(1e4) == exploding));
  BOOST_TEST((state(1e4) == sound));  // the third in a row
  BOOST_TEST(watch.typical() == 1e4, boost::test_tools::tolerance(1e-12));
  BOOST_TEST((state(no_number) == not_finite));
  const auto report = watch(std::array{1.0, 2.0, -infinity, no_number});
  BOOST_TEST(report.where == 2U);
  BOOST_TEST(report.skip());
  BOOST_TEST(report.sentence() == "the gradient is not finite, first in component 2 (counted from 0)");
  BOOST_TEST(watch(std::array{1e307, 1e307}).sentence().ends_with("exploding"));
  BOOST_TEST((watch(std::vector<float>{0, 0}).state == vanishing));
  BOOST_TEST(watch.count(not_finite) == 2U);
  BOOST_TEST(watch.count(exploding) == 5U);

  std::stringstream file;
  watch.save(file);
  tg::gradient_watch loaded({.settling = 3, .patience = 3});
  loaded.load(file);
  BOOST_TEST(loaded.typical() == watch.typical());
  BOOST_TEST((loaded(std::array{1e7}).state == exploding));
  std::istringstream damaged("gradient_watch 0x1p+0 0x1p");
  BOOST_CHECK_THROW(loaded.load(damaged), std::runtime_error);
  std::istringstream impossible("gradient_watch -0x1p+0 0x1p+0 0 1 0 0 0");
  BOOST_CHECK_THROW(loaded.load(impossible), std::runtime_error);
  BOOST_TEST(loaded.count(exploding) == 6U);  // as it was
  refused("gradient_watch: the option exploding", [] { (void)tg::gradient_watch({.exploding = 1}); });
}

// A gradient too long for its norm explodes before there is a typical norm.
BOOST_AUTO_TEST_CASE(watch_overflow) {
  tg::gradient_watch watch;
  BOOST_TEST((watch(std::array{1.7e308, 1.7e308}).state == tg::gradient_state::exploding));
  BOOST_TEST((watch(std::array{1.0, 1.0}).state == tg::gradient_state::sound));
}
