// SPDX-License-Identifier: BSL-1.0
// The code of docs/validation.md: checks of formulas and callables, microderivatives, noise, products, second
// opinions, black boxes.
#include <array>
#include <cmath>
#include <cstdio>
#include <string>
#include <typegrad/typegrad.hpp>
#include <typegrad/validate.hpp>
#include <vector>

#include "support/expect.hpp"

using example::expect;
using example::near;
using namespace tg::literals;

constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;

// [numeric]
constexpr auto drag = tg::numeric([](double speed, double density) {  // a table, a solver, somebody's library
  return density * speed * std::sqrt(speed * speed + 1);
});
constexpr auto power = x * drag(x, y);
constexpr auto by_speed = tg::diff(power, x);  // the rule of products, and one microderivative
// [numeric]

int main() {
  // [numeric bar]
  const auto pull = drag.derivative<0>(30.0, 1.2);  // what formulas take, by the first operand
  if (!(pull.error < 1e-6 * std::abs(pull.value))) std::puts("drag is too rough to be differentiated there");
  // [numeric bar]
  expect(pull.agrees(1.2 * (2 * 900 + 1) / std::sqrt(901.0)) && pull.error < 1e-8);

  // [formula]
  constexpr auto f = x * sin(y) + exp(x * y);
  const auto report = tg::check_gradient(f, tg::at(x = 1.0, y = 0.5));
  if (!report) tg::print(report);  // a table; in colours on a terminal
  // [formula]
  expect(report.passed());
  expect(tg::check_hessian(f, tg::at(x = 1.0, y = 0.5)).passed());

  // [callables]
  const auto energy = [](const std::vector<double>& p) { return p[0] * p[0] * p[1] + std::sin(p[2]); };
  const auto by_hand = [](const std::vector<double>& p) {
    return std::vector{2 * p[0] * p[1], p[0] * p[0], std::sin(p[2])};  // the last one should be a cosine
  };
  const std::vector point{1.5, -0.7, 0.3};
  const auto found = tg::check_gradient(energy, by_hand, point, {.names = {"length", "width", "angle"}});
  tg::print(found);
  // [callables]
  expect(!found.passed() && found.count(tg::verdict::wrong) == 1 &&
         found.components[2].verdict == tg::verdict::wrong);
  expect(found.components[2].name == "angle");

  // [read]
  for (const auto& c : found.components)
    if (c.verdict == tg::verdict::wrong)
      std::printf("%s: %g should be %g +- %g\n", c.name.c_str(), c.exact, c.numeric, c.error);
  std::string for_a_machine = tg::to_json(found);
  // [read]
  expect(for_a_machine.find("\"WRONG\"") != std::string::npos);

  // [micro]
  const auto g = [](double t) { return std::exp(std::sin(t)); };
  const auto slope = tg::microderivative(g, 0.7);  // .value, .error, .step, .evaluations
  const auto curvature = tg::microderivative(g, 0.7, {.derivative = 2});
  const auto by_boost_s_rule =
      tg::microderivative(g, 0.7, {.method = tg::difference_method::central, .order = 6});
  const auto exact_to_rounding = tg::complex_step([](auto z) { return exp(sin(z)); }, 0.7);
  // [micro]
  const double exact = std::exp(std::sin(0.7)) * std::cos(0.7);
  expect(slope.agrees(exact) && slope.error < 1e-11 && slope.evaluations < 50);
  expect(curvature.agrees(exact * std::cos(0.7) - std::exp(std::sin(0.7)) * std::sin(0.7)));
  expect(by_boost_s_rule.agrees(exact) && near(exact_to_rounding.value, exact));

  // [coordinates]
  const auto by_second = tg::microderivative(energy, point, 1);  // by coordinate 1
  const auto mixed = tg::microderivative(energy, point, 0, 1);   // by 0 and 1
  const auto all = tg::numeric_hessian(energy, point);  // likewise numeric_gradient, numeric_jacobian
  // [coordinates]
  expect(by_second.agrees(2.25) && mixed.agrees(3) && all[2][2].agrees(-std::sin(0.3)));

  // [noise]
  unsigned state = 1;
  const auto simulation = [&state](double t) {  // good to four digits
    state = state * 1664525u + 1013904223u;
    return std::cos(t) + 1e-4 * (state / 4294967296.0 - 0.5);
  };
  const auto noise = tg::noise_of(simulation, 1.0);  // the standard deviation of a value: about 3e-5
  const double h = tg::step_for_noise(noise.level, std::sin(1.0), tg::difference_method::central);
  const auto smoothed = tg::microderivative(simulation, 1.0, {.method = tg::difference_method::filter});
  // [noise]
  expect(noise.level > 1e-5 && noise.level < 1e-4 && h > 0.01 && h < 0.1);
  expect(std::abs(smoothed.value + std::sin(1.0)) < 1e-3);

  using point_type = std::array<double, 2>;
  const auto F = [](const point_type& p) { return std::array{p[0] * std::cos(p[1]), p[0] * std::sin(p[1])}; };
  const auto jacobian = [](const point_type& p) {
    return std::array{point_type{std::cos(p[1]), -p[0] * std::sin(p[1])},
                      point_type{std::sin(p[1]), p[0] * std::cos(p[1])}};
  };
  const auto jvp = [&](const point_type& p, const point_type& v) {
    const auto J = jacobian(p);
    return point_type{J[0][0] * v[0] + J[0][1] * v[1], J[1][0] * v[0] + J[1][1] * v[1]};
  };
  const auto vjp = [&](const point_type& p, const point_type& w) {
    const auto J = jacobian(p);
    return point_type{w[0] * J[0][0] + w[1] * J[1][0], w[0] * J[0][1] + w[1] * J[1][1]};
  };
  const point_type at{2.0, 0.6};
  // [products]
  bool good = tg::check_jacobian(F, jacobian, at).passed();
  good = good && tg::check_jvp(F, jvp, at);  // J v for random v; the seed is in the report and in the options
  good = good && tg::check_vjp(F, vjp, at);  // w J for a random w
  good = good && tg::check_adjoint(jvp, vjp, at);  // <w, J v> = <w J, v>, to rounding
  // [products]
  expect(good);

  const auto value = [](const auto& p) { return exp(p[0]) * p[1]; };
  const auto gradient = [](const auto& p) { return std::array{exp(p[0]) * p[1], exp(p[0])}; };
  // [many]
  bool plausible = tg::check_projections(value, gradient, at, {.directions = 4, .seed = 7}).passed();
  const auto taylor = tg::taylor_test(value, gradient, at);  // the remainder falls with h^2
  // [many]
  expect(plausible && taylor.passed() && std::abs(taylor.observed - 2) < 0.1);

  // [opinion]
  constexpr auto cancelling = (1 - cos(x)) / (x * x);  // no digit is left of this at 1e-6
  auto doubtful = tg::check_gradient(cancelling, tg::at(x = 1e-3f));
  tg::second_opinion<long double>(doubtful, cancelling, tg::at(x = 1e-3f), {}, "long double");
  const std::string& why =
      doubtful.components[0].reason;  // "the rule is right in long double: rounding spoils ..."
  // [opinion]
  expect(!doubtful && why.find("the rule is right in long double") == 0);

  const double lift = by_speed(x = 2.0, y = 1.2);
  expect(std::abs(lift - 1.2 * (2 * 2 * std::sqrt(5.0) + 8 / std::sqrt(5.0))) < 1e-9);
  return example::status();
}
