// SPDX-License-Identifier: BSL-1.0
// The code of docs/course/1-derivatives.md and the solutions of its exercises, compiled and run. Writes
// course_derivatives.svg, of which that in docs/course/ is a copy.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <typegrad/typegrad.hpp>
#include <typegrad/validate.hpp>
#include <vector>

#include "support/chart.hpp"
#include "support/expect.hpp"
#include "support/svg.hpp"

using example::expect;
using namespace tg::literals;

constexpr auto a = tg::symbol<"a">;
constexpr auto b = tg::symbol<"b">;
constexpr auto x = tg::symbol<"x">;

// [micrograd]
constexpr auto c = a + b;
constexpr auto d = a * b + b * b * b;
constexpr auto c2 = c + c + 1_c;
constexpr auto c3 = c2 + 1_c + c2 + (-a);
constexpr auto d2 = d + d * 2_c + relu(b + a);
constexpr auto d3 = d2 + 3_c * d2 + relu(b - a);
constexpr auto e = c3 - d3;
constexpr auto f = e * e;
constexpr auto g = f / 2_c + 10_c / f;
constexpr auto slopes = tg::gradient(g, a, b);
// [micrograd]

// [neuron]
constexpr auto w1 = tg::symbol<"w1">;
constexpr auto w2 = tg::symbol<"w2">;
constexpr auto bias = tg::symbol<"bias">;
constexpr auto x1 = tg::symbol<"x1">;
constexpr auto x2 = tg::symbol<"x2">;
constexpr auto y = tg::symbol<"y">;
constexpr auto neuron = tanh(w1 * x1 + w2 * x2 + bias);
constexpr auto loss = (neuron - y) * (neuron - y) / 2_c;
constexpr auto learn =
    tg::function(tg::inputs(w1, w2, bias, x1, x2, y),
                 tg::outputs(tg::diff(loss, w1), tg::diff(loss, w2), tg::diff(loss, bias)));
// [neuron]

/// Weights that tell, of two truths (1) or falsehoods (-1), what they are together.
std::array<double, 3> taught(const std::array<double, 4>& answers) {
  // [steps]
  std::array<double, 3> weights{0.1, -0.2, 0};
  for (int step = 0; step < 2000; ++step) {
    std::array<double, 3> sum{};
    for (std::size_t k = 0; k < 4; ++k) {
      const double left = k < 2 ? -1 : 1, right = k % 2 == 0 ? -1 : 1;
      const auto [by_w1, by_w2, by_bias] = learn(weights[0], weights[1], weights[2], left, right, answers[k]);
      sum[0] += by_w1, sum[1] += by_w2, sum[2] += by_bias;
    }
    for (std::size_t i = 0; i < 3; ++i) weights[i] -= 0.1 * sum[i];
  }
  // [steps]
  return weights;
}
double told(const std::array<double, 3>& w, double left, double right) {
  return std::tanh(w[0] * left + w[1] * right + w[2]);
}

/// How wrong differences of exp at 1 are, by the size of their step, as powers of ten.
void draw_differences() {
  std::vector<demo::point> forward, central;
  for (double power = -15; power <= 0; power += 0.25) {
    const double h = std::pow(10.0, power), up = std::exp(1 + h), down = std::exp(1 - h), at = std::exp(1.0);
    const auto error = [&](double slope) { return std::log10(std::max(std::abs(slope - at), 1e-12)); };
    forward.push_back({power, error((up - at) / h)});
    central.push_back({power, error((up - down) / (2 * h))});
  }
  expect(forward[8].y > -4 && forward[28].y < -6 && forward[52].y > -3);  // at 1e-13, 1e-8 and 0.01
  expect(central[8].y > -5 && central[40].y < -9 && central[52].y > -5);  // at 1e-13, 1e-5 and 0.01
  demo::svg_page page = demo::headed_page(1200, 560, 92, "Smaller steps do not help for ever",
                                          "The error of two differences of exp at 1, by their step h");
  demo::chart chart(page, {92, 125}, 1000, 360, {-15, 0}, {-12, 1});
  chart.axes("power of ten of h", "power of ten of the error", 15, 13);
  chart.curve(forward, demo::color::data, 2);
  chart.curve(central, demo::color::fit, 2, "7 4");
  chart.legend_at(0.4, 0.05);
  chart.legend(0, "(f(x + h) - f(x))/h", demo::color::data, 2);
  chart.legend(1, "(f(x + h) - f(x - h))/(2 h)", demo::color::fit, 2, "7 4");
  page.save("course_derivatives.svg");
}

int main() {
  draw_differences();
  // [quotient]
  constexpr auto square = x * x;
  const auto value = [](double at) { return at * at; };
  const double forward = (value(3 + 1e-6) - value(3)) / 1e-6;         // 6.000001: an error of the size of h
  const double central = (value(3 + 1e-6) - value(3 - 1e-6)) / 2e-6;  // of the size of h^2, and of rounding
  const auto measured = tg::microderivative(value, 3.0);              // chooses h, and says how sure it is
  constexpr double exact = tg::diff(square, x)(x = 3.0);              // 6, while compiling
  static_assert(tg::diff(square, x) == 2_c * x);
  // [quotient]
  expect(std::abs(forward - 6.000001) < 1e-8 && std::abs(central - 6) < 1e-8 && exact == 6);
  expect(measured.agrees(6));

  const auto slope = slopes(a = -4.0, b = 2.0);
  expect(std::abs(g(a = -4.0, b = 2.0) - 24.70408163265306) < 1e-12);
  expect(std::abs(slope[0] - 138.83381924198252) < 1e-10 && std::abs(slope[1] - 645.5772594752186) < 1e-10);

  const auto both = taught({-1, -1, -1, 1});
  expect(told(both, 1, 1) > 0.8 && told(both, 1, -1) < -0.8 && told(both, -1, -1) < -0.8);

  // [solution 1]
  constexpr auto hill = x * exp(-x * x);
  const double top = 1 / std::sqrt(2.0);
  expect(std::abs(tg::diff(hill, x)(x = top)) < 1e-15);  // level there
  expect(tg::diff(hill, x, x)(x = top) < 0);             // and curved downwards
  // [solution 1]

  // [solution 2]
  const auto either = taught({-1, 1, 1, 1});
  expect(told(either, -1, 1) > 0.8 && told(either, 1, -1) > 0.8 && told(either, -1, -1) < -0.8);
  // [solution 2]

  // [solution 3]
  const auto one_of_two = taught({-1, 1, 1, -1});
  for (const double left : {-1.0, 1.0})
    for (const double right : {-1.0, 1.0}) expect(std::abs(told(one_of_two, left, right)) < 0.01);
  // [solution 3]
  return example::status();
}
