// SPDX-License-Identifier: BSL-1.0
// Schedules against the factors that PyTorch's give, the automatic rate against its rule by hand, saving and
// loading, wrong options.
#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstddef>
#include <limits>
#include <sstream>
#include <stdexcept>
#include <string>
#include <typegrad/optimize/adaptive_schedule.hpp>
#include <typegrad/optimize/schedule.hpp>
#include <vector>

namespace {

constexpr double no_number = std::numeric_limits<double>::quiet_NaN(),
                 infinity = std::numeric_limits<double>::infinity();

/// PyTorch computes some factors by recurrence: a few roundings of numbers up to 1.
constexpr double tolerance = 2e-15;

template <class Schedule>
void check(const std::string& name, Schedule schedule, const std::vector<double>& wanted) {
  for (std::size_t step = 0; step < wanted.size(); ++step)
    BOOST_TEST(std::abs(schedule(step) - wanted[step]) <= tolerance,
               name << ", step " << step << ": " << schedule(step) << " and not " << wanted[step]);
}

/// A schedule that looks at the loss, and the same one saved and loaded half-way.
template <class Schedule>
void check_losses(const std::string& name, const Schedule& fresh, const std::vector<double>& losses,
                  const std::vector<double>& wanted) {
  Schedule schedule = fresh, loaded = fresh;
  for (std::size_t step = 0; step < losses.size(); ++step) {
    const double factor = schedule(step, losses[step], 1);
    BOOST_TEST(std::abs(factor - wanted[step]) <= tolerance,
               name << ", step " << step << ": " << factor << " and not " << wanted[step]);
    if (step < losses.size() / 2) {
      std::stringstream file;
      schedule.save(file);
      loaded.load(file);
    } else {
      BOOST_TEST(loaded(step, losses[step], 1) == factor);
    }
  }
}

const std::vector<double> losses{5, 4, 3, 3, 3, 2.9999, 3, 3, 2, 2,         2,         2,
                                 2, 2, 2, 2, 2, 1,      1, 1, 1, no_number, no_number, 0.5};

}  // namespace

// Numbers: torch.optim.lr_scheduler of PyTorch 1.13.0 with a rate of 1.
BOOST_AUTO_TEST_CASE(as_in_pytorch) {
  check("StepLR", tg::step_schedule{.every = 3, .factor = 0.5}, {1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25});
  check("MultiStepLR", tg::milestone_schedule{.milestones = {2, 5}}, {1, 1, 0.1, 0.1, 0.1, 0.01, 0.01});
  check("ExponentialLR", tg::exponential_schedule{.factor = 0.9}, {1, 0.9, 0.81, 0.729, 0.6561, 0.59049});
  check("PolynomialLR", tg::polynomial_schedule{.steps = 5, .power = 2},
        {1, 0.64, 0.36, 0.16, 0.04, 0, 0, 0});
  check("CosineAnnealingLR", tg::cosine_schedule{.steps = 6, .last = 0.1},
        {1.0, 0.9397114317029974, 0.775, 0.55, 0.3250000000000002, 0.1602885682970026, 0.1});
  check("CosineAnnealingWarmRestarts", tg::restart_schedule{.steps = 3, .growth = 2, .last = 0.1},
        {1.0, 0.775, 0.3250000000000001, 1.0, 0.9397114317029974, 0.775, 0.55, 0.3250000000000001,
         0.16028856829700258, 1.0, 0.9846666218300807});
  check("CosineAnnealingWarmRestarts", tg::restart_schedule{.steps = 3},
        {1, 0.75, 0.25, 1, 0.75, 0.25, 1, 0.75});
  check("OneCycleLR", tg::one_cycle_schedule{.steps = 10},
        {0.04, 0.52, 1.0, 0.9504846320134737, 0.8117456539497631, 0.6112620219362893, 0.38874197806371075,
         0.18825834605023697, 0.049519367986526286, 4e-06});
  check("OneCycleLR in three phases",
        tg::one_cycle_schedule{.steps = 12,
                               .rise = 0.25,
                               .start_divisor = 10,
                               .end_divisor = 100,
                               .three_phases = true,
                               .linear = true},
        {0.1, 0.55, 1.0, 0.55, 0.1, 0.08585714285714287, 0.07171428571428572, 0.05757142857142858,
         0.043428571428571434, 0.02928571428571429, 0.015142857142857152, 0.001});
  check("LinearLR", tg::warm_up(4), {1.0 / 3, 0.5, 2.0 / 3, 5.0 / 6, 1, 1});
  check("LinearLR, then CosineAnnealingLR", tg::warm_up(4, tg::cosine_schedule{.steps = 4}, 0.25),
        {0.25, 0.4375, 0.625, 0.8125, 1.0, 0.8535533905932737, 0.5, 0.14644660940672627, 0.0});
  check_losses("ReduceLROnPlateau", tg::reduce_on_plateau({.patience = 2}), losses,
               {1.0,  1.0,  1.0,   1.0,   1.0,   0.1,   0.1,   0.1,   0.1,    0.1,    0.1,    0.01,
                0.01, 0.01, 0.001, 0.001, 0.001, 0.001, 0.001, 0.001, 0.0001, 0.0001, 0.0001, 0.0001});
  check_losses(
      "ReduceLROnPlateau with cooldown",
      tg::reduce_on_plateau({.factor = 0.5, .patience = 1, .threshold = 1e-5, .cooldown = 2, .lowest = 0.1}),
      losses, {1.0,  1.0,  1.0,   1.0,   0.5,   0.5,   0.5,   0.5, 0.5, 0.5, 0.25, 0.25,
               0.25, 0.25, 0.125, 0.125, 0.125, 0.125, 0.125, 0.1, 0.1, 0.1, 0.1,  0.1});
  check_losses("ReduceLROnPlateau, absolute",
               tg::reduce_on_plateau({.factor = 0.5, .patience = 1, .threshold = 0.5, .relative = false}),
               losses,
               {1.0,      1.0,      1.0,      1.0,       0.5,       0.5,        0.25,       0.25,
                0.25,     0.25,     0.125,    0.125,     0.0625,    0.0625,     0.03125,    0.03125,
                0.015625, 0.015625, 0.015625, 0.0078125, 0.0078125, 0.00390625, 0.00390625, 0.001953125});
}

// By hand.
BOOST_AUTO_TEST_CASE(beyond_pytorch) {
  check("constant", tg::constant_schedule{}, {1, 1, 1});
  check("polynomial to a floor", tg::polynomial_schedule{.steps = 4, .last = 0.2},
        {1, 0.8, 0.6, 0.4, 0.2, 0.2});
  check("cosine stays", tg::cosine_schedule{.steps = 2, .last = 0.5}, {1, 0.75, 0.5, 0.5, 0.5});
  check("restarts that sink", tg::restart_schedule{.steps = 2, .peak = 0.5},
        {1, 0.5, 0.5, 0.25, 0.25, 0.125});
  check("restarts that sink and grow", tg::restart_schedule{.steps = 1, .growth = 2, .peak = 0.5},
        {1, 0.5, 0.25, 0.25});
  check(
      "one cycle stays",
      tg::one_cycle_schedule{.steps = 4, .rise = 0.5, .start_divisor = 10, .end_divisor = 10, .linear = true},
      {0.1, 1, 0.505, 0.01, 0.01, 0.01});
  check("warm-up of a warm-up", tg::warm_up(2, tg::warm_up(2, tg::constant_schedule{}, 0.5), 0.0),
        {0, 0.5, 0.5, 0.75, 1});
  BOOST_TEST(tg::restart_schedule{.steps = 10}(1'000'000'005) == 0.5, boost::test_tools::tolerance(1e-12));
}

// A warm-up holds the losses back, and saves what the schedule behind it remembers.
BOOST_AUTO_TEST_CASE(warm_up_of_a_plateau) {
  auto schedule = tg::warm_up(2, tg::reduce_on_plateau({.patience = 0}), 0.5);
  auto loaded = schedule;
  BOOST_TEST(schedule(0, 1) == 0.5);
  BOOST_TEST(schedule(1, 1) == 0.75);
  BOOST_TEST(schedule(2, 1) == 1);
  BOOST_TEST(schedule(3, 1) == 0.1);
  std::stringstream file;
  schedule.save(file);
  loaded.load(file);
  BOOST_TEST(loaded(4, 0.5) == 0.1);
}

BOOST_AUTO_TEST_CASE(automatic_rate_by_hand) {
  const tg::automatic_rate_options options{.grow = 1.5, .shrink = 0.5, .tolerance = 0.1, .highest = 2};
  //           first, falls, falls (at the highest), rises a little, rises, not finite twice, then equal to
  //           the last finite one
  check_losses("rule", tg::automatic_rate(options), {10, 9, 8, 8.5, 20, no_number, infinity, 20},
               {1, 1.5, 2, 2, 1, 0.5, 0.25, 0.375});
  check_losses("below zero", tg::automatic_rate(options), {-10, -9.5, -5, -5}, {1, 1, 0.5, 0.75});
  check_losses("smoothed",
               tg::automatic_rate({.grow = 1.5, .shrink = 0.5, .tolerance = 0.1, .smoothing = 0.9}),
               {10, 0, 9.5, 0}, {1, 1.5, 1.5, 2.25});

  tg::automatic_rate schedule(options);
  BOOST_TEST(schedule(0, 1, 1) == 1);
  BOOST_TEST(schedule(1, 1, 9) == 1.5);       // not yet ten times the norm before
  BOOST_TEST(schedule(2, 0.5, 200) == 0.75);  // a jump, although the loss fell
  BOOST_TEST(schedule(3, 0.4, infinity) == 0.375);
  for (std::size_t step = 4; step < 100; ++step) schedule(step, no_number);
  BOOST_TEST(schedule(100, no_number) == 1e-6);  // the lowest
}

// The automatic rate brings a descent to its minimum from a rate that diverges and from one that is far too
// small.
BOOST_AUTO_TEST_CASE(automatic_rate_in_use) {
  for (const double rate : {3.0, 1e-4}) {
    tg::automatic_rate schedule;
    double x = 1, y = 1;
    for (std::size_t step = 0; step < 1000; ++step) {
      const double gx = 2 * x, gy = 20 * y, factor = schedule(step, x * x + 10 * y * y, std::hypot(gx, gy));
      x -= rate * factor * gx;
      y -= rate * factor * gy;
    }
    BOOST_TEST(std::hypot(x, y) < 1e-3, "from the rate " << rate << " to " << x << ", " << y);
  }
}

BOOST_AUTO_TEST_CASE(wrong_options) {
  const auto refused = [](const std::string& part, auto call) {
    BOOST_CHECK_EXCEPTION(call(), std::invalid_argument, [&](const std::invalid_argument& error) {
      return std::string(error.what()).find(part) != std::string::npos;
    });
  };
  refused("step_schedule: the option every is 0", [] { (void)tg::step_schedule{.every = 0}(1); });
  refused("factor", [] { (void)tg::exponential_schedule{.factor = 1.1}(1); });
  refused("factor", [] { (void)tg::constant_schedule{.factor = no_number}(1); });
  refused("ascending", [] { (void)tg::milestone_schedule{.milestones = {5, 2}}(1); });
  refused("steps", [] { (void)tg::polynomial_schedule{.steps = 0}(1); });
  refused("power", [] { (void)tg::polynomial_schedule{.steps = 3, .power = 0}(1); });
  refused("last", [] { (void)tg::cosine_schedule{.steps = 3, .last = -1}(1); });
  refused("growth", [] { (void)tg::restart_schedule{.steps = 3, .growth = 0}(1); });
  refused("rise", [] { (void)tg::one_cycle_schedule{.steps = 2}(1); });
  refused("rise", [] { (void)tg::one_cycle_schedule{.steps = 10, .rise = no_number}(1); });
  refused("warm_up", [] { (void)tg::warm_up(0); });
  refused("first", [] { (void)tg::warm_up(3, tg::constant_schedule{}, 2); });
  refused("reduce_on_plateau", [] { (void)tg::reduce_on_plateau({.factor = 1}); });
  refused("shrink", [] { (void)tg::automatic_rate({.shrink = 1}); });
  refused("grow", [] { (void)tg::automatic_rate({.grow = 0.5}); });
  std::istringstream other("reduce_on_plateau 0x1p+0 inf 0 0");
  tg::automatic_rate schedule;
  BOOST_CHECK_THROW(schedule.load(other), std::runtime_error);
  for (const char* damaged : {"automatic_rate nan 0x1p+0 0x1p+0", "automatic_rate -0x1p+0 0x1p+0 0x1p+0",
                              "automatic_rate inf inf 0x0p+0"}) {
    std::istringstream text(damaged);
    BOOST_CHECK_THROW(schedule.load(text), std::runtime_error);
  }
  BOOST_TEST(schedule(0, 1.0) == 1);  // as it was
  tg::reduce_on_plateau plateau;
  std::istringstream text("reduce_on_plateau nan inf 0 0");
  BOOST_CHECK_THROW(plateau.load(text), std::runtime_error);
}
