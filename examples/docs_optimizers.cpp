// SPDX-License-Identifier: BSL-1.0
// The code of docs/optimizers.md on first-order methods: a step, states, layers, treatments, the watch,
// schedules, searches, a method of one's own.
#include <array>
#include <cmath>
#include <iostream>
#include <sstream>
#include <typegrad/optimize/adaptive_schedule.hpp>
#include <typegrad/optimize/first_order.hpp>
#include <typegrad/optimize/gradient_treatment.hpp>
#include <typegrad/optimize/gradient_watch.hpp>
#include <typegrad/optimize/hyperparameter_search.hpp>
#include <typegrad/optimize/schedule.hpp>
#include <typegrad/typegrad.hpp>
#include <vector>

#include "support/expect.hpp"

using example::expect;
using example::near;
using namespace tg::literals;

constexpr auto p = tg::symbols<"p", 2>;
constexpr auto valley = pow(1_c - p[0_c], 2_c) + 10_c * pow(p[1_c] - p[0_c] * p[0_c], 2_c);
constexpr auto slope = tg::function(tg::inputs(p), tg::outputs(tg::gradient(valley, p)));
constexpr auto loss_and_gradient = tg::function(tg::inputs(p), tg::outputs(valley, tg::gradient(valley, p)));

// [own]
struct sign_descent {  // x <- x - rate sign(g)
  double rate = 1e-3;
  double weight_decay = 0;
  bool maximize = false;

  static constexpr std::string_view name = "sign_descent";
  static constexpr bool couples_decay = true;  // weight_decay * x is added to g
  static constexpr std::size_t variants = 1;   // forms of the update
  void check(const tg::detail::option_check&) const {}
  std::size_t variant(std::size_t) const { return 0; }
  static constexpr std::size_t states(std::size_t) { return 0; }  // numbers kept for each parameter

  template <std::size_t, class R>
  auto update(const tg::step_moment<R>& now) const {
    return [rate_now = now.rate](auto& parameter, const auto& component, auto&) {
      parameter = parameter + -rate_now * sign(component);
    };
  }
};
// [own]

int main() {
  {
    // [step]
    std::array<double, 2> at{-1.0, 1.0};
    tg::first_order<tg::adam, double> rule({.rate = 0.05}, at.size());
    for (int step = 0; step < 2000; ++step) rule.step(at, slope(at));
    // [step]
    expect(std::hypot(at[0] - 1, at[1] - 1) < 1e-6);
    // [save]
    std::stringstream file;
    rule.save(file);  // text; floating numbers in hexadecimal
    tg::first_order<tg::adam, double> resumed({.rate = 0.05}, at.size());
    resumed.load(file);  // goes on with the same bits
    // [save]
    expect(resumed.steps() == 2000);
  }
  {
    // [vectors]
    std::vector<float> weights(1000, 0.5f), gradient(1000, 0.1f);
    tg::first_order<tg::adamw, float> rule({.rate = 3e-4, .weight_decay = 0.1}, weights.size());
    rule.step(weights, gradient);        // vectors, arrays, spans, Eigen's vectors
    rule.step(weights, gradient, 0.5f);  // half the rate, in this step
    // [vectors]
    expect(rule.steps() == 2 && weights[0] < 0.5f);
  }
  {
    // [layers]
    std::vector<double> weights(13, 1.0), gradient(13, 1.0);
    tg::first_order<tg::lamb, double> rule({.rate = 0.01, .segments = {6, 3, 3, 1}},
                                           weights.size());  // four layers
    rule.step(weights, gradient);
    // [layers]
    expect(weights[0] < 1);
  }
  {
    std::vector<double> weights(4, 1.0);
    // [treat]
    std::vector<double> gradient{3, 4, 30, 40};
    tg::treat(gradient, tg::clip_by_value{10}, tg::clip_by_norm{1});  // first by value, then by norm
    const tg::treatments prepare(tg::centralise{{2, 2}},
                                 tg::adaptive_clip{.clipping = 0.01, .segments = {2, 2}},
                                 tg::gradient_noise{.scale = 0.01, .seed = 7});
    prepare(gradient, weights, 0);  // gradient, parameters, step from 0
    // [treat]
    expect(std::hypot(gradient[0], gradient[1]) < 1);
  }
  {
    std::array<double, 2> at{-1.0, 1.0}, gradient{};
    tg::first_order<tg::sgd, double> rule({.rate = 1e-3}, 2);
    // [watch]
    tg::gradient_watch watch;
    for (int step = 0; step < 100; ++step) {
      gradient = slope(at);
      if (step == 50) gradient[1] = std::nan("");  // what a bad row of data can do
      const auto report = watch(gradient);
      if (report.skip())
        std::cout << "step " << step << " skipped: " << report.sentence() << '\n';
      else
        rule.step(at, gradient);
    }
    // [watch]
    expect(rule.steps() == 99 && watch.count(tg::gradient_state::not_finite) == 1);
  }
  {
    std::array<double, 2> at{-1.0, 1.0};
    // [schedule]
    auto schedule = tg::warm_up(100, tg::cosine_schedule{.steps = 1900, .last = 0.01});
    tg::first_order<tg::adam, double> rule({.rate = 0.1}, 2);
    for (std::size_t step = 0; step < 2000; ++step) {
      const auto [loss, gradient] = loss_and_gradient(at);
      rule.step(at, gradient, schedule(step, loss));  // the factor of the rate in this step
    }
    // [schedule]
    expect(std::hypot(at[0] - 1, at[1] - 1) < 1e-6);
  }
  {
    std::array<double, 2> at{-1.0, 1.0};
    tg::first_order<tg::sgd, double> rule({.rate = 1e-5}, 2);
    // [automatic]
    tg::automatic_rate schedule({.grow = 1.05, .shrink = 0.5});
    for (std::size_t step = 0; step < 2000; ++step) {
      const auto [loss, gradient] = loss_and_gradient(at);
      rule.step(at, gradient, schedule(step, loss, std::hypot(gradient[0], gradient[1])));
    }
    // [automatic]
    expect(std::hypot(at[0] - 1, at[1] - 1) < 0.1);
  }
  {
    // [search]
    const auto train = [](const tg::trial_point& point, std::size_t budget) {
      std::array<double, 2> at{-1.0, 1.0};
      tg::first_order<tg::sgd, double> rule({.rate = point["rate"], .momentum = point["momentum"]}, 2);
      for (std::size_t step = 0; step < 20 * budget; ++step) rule.step(at, slope(at));
      return valley(p = at);  // lower is better; NaN has failed
    };
    const std::vector space{tg::log_range("rate", 1e-5, 1.0), tg::linear_range("momentum", 0.0, 0.95)};
    const auto table = tg::successive_halving(space, train, {.trials = 27, .seed = 4});
    std::cout << table;  // aligned, the best first, failures last
    const double best_rate = table.best()["rate"];
    // [search]
    expect(best_rate > 1e-4 && best_rate < 0.1);
    expect(std::isnan(table.rows.back().score));
  }
  {
    std::array<double, 2> at{-1.0, 1.0};
    tg::first_order<sign_descent, double> rule({.rate = 0.125}, 2);
    rule.step(at, std::array{2.0, -3.0});
    expect(at[0] == -1.125 && at[1] == 1.125);
  }
  return example::status();
}
