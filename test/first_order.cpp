// SPDX-License-Identifier: BSL-1.0
// The first-order optimizers: a row of a table for each method, kinds of vectors and numbers, no allocation
// in a step. Wrong use is in first_order_misuse.cpp, saved states are in first_order_state.cpp, trajectories
// of a thousand steps in trajectories.cpp.
#if __has_include(<Eigen/Core>)
#include <Eigen/Core>
#else
#include <eigen3/Eigen/Core>
#endif
#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <limits>
#include <new>
#include <span>
#include <sstream>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <typegrad/optimize/adaptive_schedule.hpp>
#include <typegrad/optimize/gradient_treatment.hpp>
#include <typegrad/optimize/gradient_watch.hpp>
#include <typegrad/optimize/schedule.hpp>
#include <vector>

#include "first_order_problem.hpp"

using namespace first_order_test;

namespace {
std::size_t allocations = 0;
}

// Not inlined, as g++ otherwise sees memory of a new expression go to free() and warns.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace {

template <class Method, class T>
void take_steps(tg::first_order<Method, T>& rule, std::array<T, n>& now, int steps, T rate_factor = 1) {
  for (int step = 0; step < steps; ++step) rule.step(now, gradient(now), rate_factor);
}

template <class T, class Method>
void check_in(const std::string& name, const Method& method, const point& wanted, double tolerance) {
  std::array<T, n> now = start<T>();
  tg::first_order<Method, T> rule(method, n);
  take_steps(rule, now, 10);
  for (std::size_t i = 0; i < n; ++i) {
    const double error = std::abs(static_cast<double>(now[i]) - wanted[i]);
    BOOST_TEST(error <= tolerance, name << ", component " << i << ": " << now[i] << " and not " << wanted[i]);
  }
}

/// Ten steps in each number type against the numbers of a row; then what holds for every method.
template <class Method>
void check(const std::string& name, const Method& method, const point& wanted) {
  // The numbers are of order 1, each step rounds some ten times, and the steepest direction lets an error
  // grow by 1.4 a step.
  check_in<double>(name, method, wanted, 1e-14);
  check_in<long double>(name, method, wanted, 1e-14);  // as the wanted numbers were computed in double
  check_in<float>(name, method, wanted, 1e-5);

  point whole = start<double>(), halves = whole, again = whole;
  tg::first_order<Method, double> rule(method, n), first(method, n), second(method, n);
  take_steps(rule, whole, 10, 0.3);
  take_steps(first, halves, 5, 0.3);
  std::stringstream file;
  first.save(file);
  second.load(file);
  take_steps(second, halves, 5, 0.3);
  BOOST_TEST(whole == halves, name << ": a loaded run differs from one that was not interrupted");
  BOOST_TEST(second.steps() == 10U);
  rule.reset();
  take_steps(rule, again, 10, 0.3);
  BOOST_TEST(whole == again, name << ": a run after reset() differs from the first");

  if (method.weight_decay == 0) {
    Method opposite = method;
    opposite.maximize = !method.maximize;
    point up = start<double>(), down = up;
    tg::first_order<Method, double> ascent(opposite, n), descent(method, n);
    for (int step = 0; step < 3; ++step) {
      point slope = gradient(up);
      for (double& component : slope) component = -component;
      ascent.step(up, slope);
      descent.step(down, gradient(down));
    }
    BOOST_TEST(up == down, name << ": maximize is not descent along the negated gradient");
  }

  const std::size_t before = allocations;
  rule.step(whole, wanted);
  BOOST_TEST(allocations == before, name << ": a step allocated memory");
}

}  // namespace

// Numbers: PyTorch 1.13.0, ten steps in double by the class of the method's docstring; for nadam with
// foreach=True. Lion and LAMB: a transcription of the papers' algorithms to plain Python; decoupled decay of
// nadam and radam: of PyTorch's documentation.
BOOST_AUTO_TEST_CASE(methods) {
  check("sgd", tg::sgd{.rate = 0.05},
        {0.30130334122920605, -0.2815156729139453, 0.43026431198, -0.40336323584, 0.2515116544});
  check("sgd, maximized", tg::sgd{.rate = 0.05, .maximize = true},
        {-0.15207608977672205, 0.9546735521329298, -0.01874849202000009, 5.07256278016, 7.481366374400001});
  check(
      "sgd, momentum", tg::sgd{.rate = 0.05, .momentum = 0.9, .dampening = 0.3, .weight_decay = 0.01},
      {0.6867471217450785, -1.1243759331497498, 0.6050913370381916, -0.8307652303145743, 0.3975215822610967});
  check("sgd, Nesterov", tg::sgd{.rate = 0.05, .momentum = 0.9, .nesterov = true},
        {0.8785875219642917, -1.3143909440589123, 0.5693156343291453, -0.45377533790338836,
         0.2555560449727412});
  check("adagrad", tg::adagrad{},
        {0.14966206304217325, 0.15019928906317115, 0.34760205524224896, 0.35033793695218896,
         0.45184686288956194});
  check(
      "adagrad, all options",
      tg::adagrad{
          .rate = 0.1, .rate_decay = 0.01, .weight_decay = 0.01, .initial_accumulator = 0.5, .epsilon = 1e-3},
      {0.41832630858354153, -0.21586794102465995, 0.47940067599483444, -0.023938676783395826,
       0.25728223861038046});
  check("rmsprop", tg::rmsprop{},
        {0.5429215387614063, -0.26055847239460495, 0.49947359100190286, -0.04292158652273899,
         0.25435846582882843});
  check("rmsprop, centred", tg::rmsprop{.alpha = 0.9, .epsilon = 1e-3, .centred = true},
        {0.31236754492223434, -0.016005474701509995, 0.45970637685465243, 0.1866712066357209,
         0.3248530806745473});
  check("rmsprop, momentum", tg::rmsprop{.weight_decay = 0.01, .momentum = 0.5},
        {0.817537474668412, -0.5857514479325733, 0.4946180500847766, -0.32305501129324965,
         0.25727356230514825});
  check("rmsprop, both", tg::rmsprop{.epsilon = 1e-3, .momentum = 0.5, .centred = true},
        {0.8245884551005985, -0.5955403052289684, 0.49613864208989344, -0.33091114082317574,
         0.25761341178432645});
  check("adadelta", tg::adadelta{},
        {0.13336339128675023, 0.16653903589447688, 0.33200612557550985, 0.36663576157210476,
         0.46764382267810156});
  check("adadelta, all options", tg::adadelta{.rate = 0.5, .rho = 0.8, .epsilon = 1e-3, .weight_decay = 0.01},
        {0.4482793539259407, -0.16607168116177046, 0.48902552150907286, 0.04621954903958494,
         0.2736826994240919});
  check("adam", tg::adam{},
        {0.10999638839757216, 0.19000270248976975, 0.3099832230421145, 0.39000361140763673,
         0.49001331176929264});
  check("adam, all options",
        tg::adam{
            .rate = 0.1, .beta1 = 0.8, .beta2 = 0.9, .epsilon = 1e-3, .weight_decay = 0.01, .amsgrad = true},
        {0.9604416969651325, -0.7245283949391148, 0.4492157452018028, -0.4675255950279673,
         0.27234680734456035});
  check(
      "adamw", tg::adamw{},
      {0.10998594269112882, 0.18998315868008167, 0.309952827718949, 0.38996407758760204, 0.4899638321064707});
  check("adamw, all options",
        tg::adamw{
            .rate = 0.1, .beta1 = 0.8, .beta2 = 0.9, .epsilon = 1e-3, .weight_decay = 0.1, .amsgrad = true},
        {0.9256280291889101, -0.7042299813673336, 0.45138490692801503, -0.4616819018634113,
         0.2743871942504624});
  check(
      "adamax", tg::adamax{},
      {0.1199751904834241, 0.17999607567414097, 0.3195765024751955, 0.3800248091304029, 0.4803216137940863});
  check(
      "adamax, all options",
      tg::adamax{.rate = 0.1, .beta1 = 0.8, .beta2 = 0.9, .epsilon = 1e-3, .weight_decay = 0.01},
      {1.0822104397686612, -0.9186696530478035, 0.4561672693653849, -0.594241653105385, 0.26200073892263487});
  check("nadam", tg::nadam{},
        {0.11611046818141549, 0.18387770889093907, 0.3159417190257836, 0.38388953150493244,
         0.4840143083196697});
  check(
      "nadam, all options",
      tg::nadam{.rate = 0.1,
                .beta1 = 0.8,
                .beta2 = 0.9,
                .epsilon = 1e-3,
                .weight_decay = 0.01,
                .momentum_decay = 0.1},
      {0.8295086051673114, -0.5911203248129995, 0.499672887412262, -0.3358226956376303, 0.2443127551250807});
  check("radam", tg::radam{},
        {0.10243913772222436, 0.1938162002591657, 0.30218589178009714, 0.3818880989038819,
         0.48989699127633435});
  check(
      "radam, all options",
      tg::radam{.rate = 0.1, .beta1 = 0.8, .beta2 = 0.9, .epsilon = 1e-3, .weight_decay = 0.01},
      {0.49428141921585755, -0.5066770571812711, 0.5534499353312857, -0.669156983996807, 0.257471261846889});
  check("nadam, decoupled decay",
        tg::nadam{.rate = 0.1,
                  .beta1 = 0.8,
                  .beta2 = 0.9,
                  .epsilon = 1e-3,
                  .weight_decay = 0.01,
                  .momentum_decay = 0.1,
                  .decoupled_decay = true},
        {0.8314088962177488, -0.5908268535947305, 0.5020242334478499, -0.33613096450173824,
         0.24454376123950208});
  check(
      "radam, decoupled decay",
      tg::radam{.rate = 0.1,
                .beta1 = 0.8,
                .beta2 = 0.9,
                .epsilon = 1e-3,
                .weight_decay = 0.01,
                .decoupled_decay = true},
      {0.4925391985794726, -0.5046202817787001, 0.5543943167094838, -0.666181509129909, 0.25714494871727533});
  check("lion", tg::lion{.rate = 0.01},
        {0.20000000000000007, 0.09999999999999996, 0.4000000000000001, 0.29999999999999993,
         0.3999999999999999});
  check("lion, all options", tg::lion{.rate = 0.05, .beta1 = 0.8, .beta2 = 0.9, .weight_decay = 0.1},
        {0.5840097083888584, -0.29867666924912667, 0.4757292344820126, -0.10845464315597234,
         0.18615636989060486});
  check(
      "lamb", tg::lamb{.rate = 0.01},
      {0.13255094068977455, 0.1673412467751553, 0.33232978650061834, 0.3672860835117868, 0.4673673286548115});
  check("lamb, all options",
        tg::lamb{.rate = 0.1,
                 .beta1 = 0.8,
                 .beta2 = 0.9,
                 .epsilon = 1e-3,
                 .weight_decay = 0.1,
                 .lowest_norm = 0.3,
                 .highest_norm = 0.6,
                 .segments = {2, 1, 2}},
        {0.3084759097855514, -0.01572586291737811, 0.5247689787, 0.08052776643701862, 0.22356978207157074});
}

BOOST_AUTO_TEST_CASE(kinds_of_vectors) {
  const auto by = [](auto now) {
    tg::first_order<tg::adam, double> rule({.rate = 0.1}, n);
    for (int step = 0; step < 3; ++step) rule.step(now, gradient(now));
    return now;
  };
  const point begin = start<double>(), wanted = by(begin);
  const std::vector<double> vector = by(std::vector<double>(begin.begin(), begin.end()));
  const Eigen::VectorXd eigen = by(Eigen::VectorXd(Eigen::Map<const Eigen::VectorXd>(begin.data(), n)));
  for (std::size_t i = 0; i < n; ++i) {
    BOOST_TEST(vector[i] == wanted[i]);
    BOOST_TEST(eigen[static_cast<Eigen::Index>(i)] == wanted[i]);
  }

  point by_span = begin;
  tg::first_order<tg::adam, double> rule({.rate = 0.1}, n);
  for (int step = 0; step < 3; ++step) {
    const point slope = gradient(by_span);
    rule.step(std::span<double>(by_span), std::span<const double>(slope));
  }
  BOOST_TEST(by_span == wanted);

  Eigen::MatrixXd matrix(3, 5);
  matrix.setOnes();
  tg::first_order<tg::sgd, double> plain({.rate = 1}, n), column({.rate = 1}, 3);
  plain.step(Eigen::Map<Eigen::VectorXd>(by_span.data(), n), point(by_span));
  BOOST_TEST(by_span == point{});
  column.step(matrix.col(1), std::array{1.0, 2.0, 3.0});
  BOOST_TEST(matrix(2, 1) == -2);
  BOOST_TEST(matrix(2, 2) == 1);
  BOOST_CHECK_THROW(plain.step(matrix.row(0), by_span),
                    std::invalid_argument);  // its numbers have gaps in memory
}

// However many coordinates there are, each is stepped as if it were alone.
BOOST_AUTO_TEST_CASE(every_coordinate_alike) {
  const auto last_of = [](auto number, auto method, std::size_t size) {
    std::vector<decltype(number)> now(size, number), slope(size, decltype(number)(0.37));
    tg::first_order<decltype(method), decltype(number)> rule(method, size);
    for (int step = 0; step < 4; ++step) rule.step(now, slope);
    for (const auto each : now) BOOST_TEST(each == now.back());
    return now.back();
  };
  each_method([&](const auto& method, double) {
    for (std::size_t size = 1; size < 11; ++size) {
      BOOST_TEST(last_of(0.7f, method, size) == last_of(0.7f, method, 1));
      BOOST_TEST(last_of(0.7, method, size) == last_of(0.7, method, 1));
      BOOST_TEST(last_of(0.7L, method, size) == last_of(0.7L, method, 1));
    }
  });
}

BOOST_AUTO_TEST_CASE(rate_factor_multiplies_the_rate) {
  const auto after = [](const tg::adamw& method, double factor) {
    point now = start<double>();
    tg::first_order<tg::adamw, double> rule(method, n);
    take_steps(rule, now, 3, factor);
    return now;
  };
  BOOST_TEST(after({.rate = 0.5}, 0.25) == after({.rate = 0.125}, 1));
  BOOST_TEST(after({.rate = 0.5}, 0) == start<double>());
}

// What stands around a step takes no memory either.
BOOST_AUTO_TEST_CASE(treatments_and_schedules_without_allocation) {
  point now = start<double>(), slope = gradient(now);
  const tg::treatments prepare(tg::clip_by_value{9}, tg::clip_by_norm{9, {2, 3}},
                               tg::adaptive_clip{.segments = {4, 1}}, tg::normalise_into{.low = 1, .high = 2},
                               tg::centralise{{3, 2}}, tg::gradient_noise{});
  tg::gradient_watch watch;
  auto schedule = tg::warm_up(1, tg::one_cycle_schedule{.steps = 9});
  tg::reduce_on_plateau plateau;
  tg::automatic_rate automatic;
  const std::size_t before = allocations;
  double factors = 0;
  for (std::size_t step = 0; step < 3; ++step) {
    factors += schedule(step) + plateau(step, 1) + automatic(step, 1, watch(slope).norm);
    prepare(slope, now, step);
  }
  BOOST_TEST(allocations == before);
  BOOST_TEST(factors > 0);
}
