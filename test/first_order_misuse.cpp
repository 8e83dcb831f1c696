// SPDX-License-Identifier: BSL-1.0
// First-order optimizers where things are wrong: gradients that are not finite, impossible options, wrong
// sizes, and divisions by what may vanish.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstddef>
#include <exception>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "first_order_problem.hpp"

using namespace first_order_test;

namespace {

template <class Method>
void refused(const Method& method, const std::string& part) {
  const auto named = [&](const std::invalid_argument& error) {
    return std::string(error.what()).find(part) != std::string::npos &&
           std::string(error.what()).starts_with(Method::name);
  };
  BOOST_CHECK_EXCEPTION((tg::first_order<Method, double>(method, n)), std::invalid_argument, named);
}

}  // namespace

// What is not finite is not hidden, and stays where it is.
BOOST_AUTO_TEST_CASE(not_finite_gradients) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN(),
                   infinity = std::numeric_limits<double>::infinity();
  const auto spoiled = [](auto method, double wrong, auto is_spoiled) {
    point now = start<double>(), slope = gradient(now);
    slope[2] = wrong;
    tg::first_order<decltype(method), double> rule(method, n);
    rule.step(now, slope);
    slope[2] = 1;
    rule.step(now, slope);
    BOOST_TEST(is_spoiled(now[2]),
               decltype(method)::name << " hides a gradient of " << wrong << " behind " << now[2]);
    BOOST_TEST(
        (std::isfinite(now[0]) && std::isfinite(now[1]) && std::isfinite(now[3]) && std::isfinite(now[4])));
  };
  const auto hides_nothing = [&](const auto& method, auto is_wrong) {
    for (const double wrong : {nan, infinity, -infinity}) spoiled(method, wrong, is_wrong);
  };
  const auto is_nan = [](double value) { return std::isnan(value); };
  hides_nothing(tg::rmsprop{.centred = true}, is_nan);
  hides_nothing(tg::rmsprop{.momentum = 0.5}, is_nan);
  hides_nothing(tg::adam{.amsgrad = true}, is_nan);
  each_method([&](auto method, double) {
    // One that scales by the norm of a layer cannot keep it from the layer's other parameters.
    if constexpr (requires { method.segments; }) method.segments = {2, 1, 2};
    if constexpr (std::is_same_v<decltype(method), tg::lion>)
      spoiled(method, nan, is_nan);  // it takes the sign, which infinity has
    else
      hides_nothing(method, [](double value) { return !std::isfinite(value); });
  });
}

// A constant gradient: its variance is zero, which rounding must not make negative.
BOOST_AUTO_TEST_CASE(centred_rmsprop_of_a_constant_gradient) {
  tg::first_order<tg::rmsprop, float> rule({.rate = 1e-6, .alpha = 0.5, .centred = true}, 1000);
  std::vector<float> now(1000), slope(1000);
  for (std::size_t i = 0; i < slope.size(); ++i) slope[i] = 1 + static_cast<float>(i) / 777;
  for (int step = 0; step < 60; ++step) rule.step(now, slope);
  for (const float each : now) BOOST_TEST(std::isfinite(each));
}

BOOST_AUTO_TEST_CASE(lamb_without_norms) {
  point now{};
  tg::first_order<tg::lamb, double> rule({.rate = 0.1, .weight_decay = 0}, n);
  rule.step(now, point{1, 1, 1, 1, 1});                            // the parameters are zero: the bare rate
  BOOST_TEST(now[0] == -0.1, boost::test_tools::tolerance(1e-5));  // epsilon is 1e-6
  const point before = now;
  rule.reset();
  rule.step(now, point{});  // the step is zero
  BOOST_TEST(now == before);
}

BOOST_AUTO_TEST_CASE(impossible_options) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN(),
                   infinity = std::numeric_limits<double>::infinity();
  refused(tg::sgd{.rate = -1}, "the option rate is -1; give a finite number of at least 0");
  refused(tg::sgd{.rate = nan}, "rate");
  refused(tg::sgd{.rate = infinity}, "rate");
  refused(tg::sgd{.momentum = -0.1}, "momentum");
  refused(tg::sgd{.dampening = 2}, "dampening");
  refused(tg::sgd{.weight_decay = -1}, "weight_decay");
  refused(tg::sgd{.nesterov = true}, "nesterov");
  refused(tg::sgd{.momentum = 0.9, .dampening = 0.1, .nesterov = true}, "nesterov");
  refused(tg::adagrad{.rate_decay = -1}, "rate_decay");
  refused(tg::adagrad{.initial_accumulator = -1}, "initial_accumulator");
  refused(tg::adagrad{.epsilon = nan}, "epsilon");
  refused(tg::rmsprop{.alpha = 1.1}, "alpha");
  refused(tg::rmsprop{.momentum = nan}, "momentum");
  refused(tg::adadelta{.rho = -0.1}, "rho");
  refused(tg::adam{.beta1 = 1}, "beta1");
  refused(tg::adam{.beta2 = nan}, "beta2");
  refused(tg::adam{.epsilon = -1e-8}, "epsilon");
  refused(tg::adamw{.beta2 = 1}, "beta2");
  refused(tg::adamax{.beta1 = -0.5}, "beta1");
  refused(tg::nadam{.momentum_decay = -1}, "momentum_decay");
  refused(tg::radam{.weight_decay = nan}, "weight_decay");
  refused(tg::lion{.beta2 = 1}, "beta2");
  refused(tg::lamb{.lowest_norm = 2, .highest_norm = 1}, "highest_norm");
  refused(tg::lamb{.segments = {2, 2}}, "do not sum to the 5 numbers");
  refused(tg::lamb{.segments = {3, 3}}, "do not sum to the 5 numbers");
  refused(tg::lamb{.segments = {5, 0}}, "length 0");
}

BOOST_AUTO_TEST_CASE(wrong_use) {
  const auto says = [](const char* part) {
    return [part](const std::exception& error) {
      return std::string(error.what()).find(part) != std::string::npos;
    };
  };
  BOOST_CHECK_EXCEPTION((tg::first_order<tg::sgd, double>({}, 0)), std::invalid_argument,
                        says("sgd: there are no parameters"));
  tg::first_order<tg::adam, double> rule({}, n);
  std::vector<double> now(n, 1), slope(n, 1), shorter(n - 1, 1);
  BOOST_CHECK_EXCEPTION(rule.step(shorter, slope), std::invalid_argument,
                        says("the vector of parameters has 4 numbers and 5 are needed"));
  BOOST_CHECK_EXCEPTION(rule.step(now, shorter), std::invalid_argument,
                        says("adam: the gradient has 4 numbers and 5 are needed"));
  BOOST_CHECK_EXCEPTION(rule.step(now, slope, -1), std::invalid_argument, says("rate_factor"));
  BOOST_CHECK_EXCEPTION(rule.step(now, slope, std::nan("")), std::invalid_argument, says("rate_factor"));
  std::vector<double> both(2 * n - 1, 1);
  const std::span<double> left = std::span(both).first(n), right = std::span(both).last(n);
  BOOST_CHECK_EXCEPTION(rule.step(left, right), std::invalid_argument,
                        says("adam: gradient and parameters share memory"));
  BOOST_CHECK_EXCEPTION(rule.step(right, left), std::invalid_argument, says("share memory"));
  BOOST_TEST(rule.steps() == 0U);
  BOOST_TEST(now == std::vector<double>(n, 1), boost::test_tools::per_element());
}
