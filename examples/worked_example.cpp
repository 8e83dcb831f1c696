// SPDX-License-Identifier: BSL-1.0
// A network of three inputs, three hidden units and three outputs, small enough for paper: every gradient is
// derived by hand as a formula, and compared with typegrad's, as types; with the same by hand in loops; and
// with microderivatives, which know nothing of either. Usage: worked_example [--out SVG]. Status 0: all
// agree; 1: an error, in one sentence; 2: something does not agree.
#include <array>
#include <cmath>
#include <cstdio>
#include <typegrad/array.hpp>
#include <typegrad/validate.hpp>
#include <vector>

#include "support/arguments.hpp"
#include "support/chart.hpp"
#include "support/expect.hpp"
#include "support/svg.hpp"

namespace {

using example::expect;
using namespace tg::literals;

// [network]
constexpr auto x = tg::array<"x", 3>;
constexpr auto y = tg::array<"y", 3>;
constexpr auto W1 = tg::array<"W1", 3, 3>;
constexpr auto b1 = tg::array<"b1", 3>;
constexpr auto W2 = tg::array<"W2", 3, 3>;
constexpr auto b2 = tg::array<"b2", 3>;
constexpr auto theta = tg::parameters(W1, b1, W2, b2);

constexpr auto h = tanh(matmul(W1, x) + b1);
constexpr auto p = tanh(matmul(W2, h) + b2);
constexpr auto loss = tg::sum(pow(p - y, 2_c)) / 2_c;
// [network]

// [by hand]
constexpr auto d2 = (p - y) * (1_c - p * p);                        // by W2 h + b2
constexpr auto d1 = matmul(tg::transpose(W2), d2) * (1_c - h * h);  // by W1 x + b1
static_assert(tg::gradient(loss, b2) == d2);                        // the same types
static_assert(tg::gradient(loss, W2) == tg::outer(d2, h));
static_assert(tg::gradient(loss, b1) == d1);
static_assert(tg::gradient(loss, W1) == tg::outer(d1, x));
static_assert(tg::gradient(loss, x) == matmul(tg::transpose(W1), d1));
// [by hand]

using three = std::array<double, 3>;
using matrix = std::array<three, 3>;

// [numbers]
constexpr three input{0.5, 0.2, 0.3}, target{0.7, 0.8, 0.9};
constexpr matrix weights{{{0.3, 0.1, 0.4}, {0.2, 0.3, 0.5}, {0.1, 0.5, 0.6}}};  // of both layers
constexpr three biases{0.1, 0.2, 0.3};
// [numbers]

/// The same network in loops, and its gradient by the formulas that were derived by hand, in the order W1,
/// b1, W2, b2.
// [loops]
struct pass {
  three h{}, p{};
  double loss = 0;
  std::array<double, 24> gradient{};
};
pass by_loops(const matrix& v1, const three& c1, const matrix& v2, const three& c2) {
  pass r;
  for (std::size_t i = 0; i < 3; ++i) {
    double z = c1[i];
    for (std::size_t j = 0; j < 3; ++j) z += v1[i][j] * input[j];
    r.h[i] = std::tanh(z);
  }
  three delta2{}, delta1{};
  for (std::size_t i = 0; i < 3; ++i) {
    double z = c2[i];
    for (std::size_t j = 0; j < 3; ++j) z += v2[i][j] * r.h[j];
    r.p[i] = std::tanh(z);
    r.loss += (r.p[i] - target[i]) * (r.p[i] - target[i]) / 2;
    delta2[i] = (r.p[i] - target[i]) * (1 - r.p[i] * r.p[i]);
  }
  for (std::size_t j = 0; j < 3; ++j) {
    for (std::size_t i = 0; i < 3; ++i) delta1[j] += v2[i][j] * delta2[i];
    delta1[j] *= 1 - r.h[j] * r.h[j];
  }
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) {
      r.gradient[3 * i + j] = delta1[i] * input[j];
      r.gradient[12 + 3 * i + j] = delta2[i] * r.h[j];
    }
    r.gradient[9 + i] = delta1[i], r.gradient[21 + i] = delta2[i];
  }
  return r;
}
// [loops]

void draw(const std::vector<demo::point>& falling, const std::vector<std::vector<demo::point>>& outputs,
          const std::string& path) {
  demo::svg_page page = demo::headed_page(1200, 560, 92, "A network of 3, 3 and 3 units by hand",
                                          "24 parameters, downhill by their gradient with the rate 1");
  const demo::range steps{0, static_cast<double>(falling.size() - 1)};
  demo::chart losses(page, {92, 125}, 420, 330, steps, demo::logarithmic_range({falling}),
                     demo::scale::logarithmic);
  losses.title("Loss: half the sum of squares");
  losses.axes("step", "", 6, 0);
  losses.curve(falling, demo::color::fit, 2);
  demo::chart parts(page, {682, 125}, 420, 330, steps, {0.4, 1});
  parts.title("Outputs, and what they should be");
  parts.axes("step", "", 6, 5);
  for (std::size_t i = 0; i < 3; ++i) {
    parts.curve({{0, target[i]}, {steps.high, target[i]}}, demo::color::series[i], 1, "7 4");
    parts.curve(outputs[i], demo::color::series[i], 2);
  }
  page.save(path);
}

int run(const demo::arguments& given) {
  // [typegrad]
  auto run = tg::bound<double>(
      tg::function(tg::inputs(x, y, theta), tg::outputs(loss, p, tg::gradient(loss, theta))));
  std::vector<double> at;  // W1, b1, W2, b2, one vector
  for (int layer = 0; layer < 2; ++layer) {
    for (const three& row : weights) at.insert(at.end(), row.begin(), row.end());
    at.insert(at.end(), biases.begin(), biases.end());
  }
  std::vector<double> slopes(theta.size());
  three output{};
  const double value = run(input, target, at, output, slopes);
  // [typegrad]

  const pass hand = by_loops(weights, biases, weights, biases);
  std::printf("h = (%.4f, %.4f, %.4f), p = (%.4f, %.4f, %.4f), loss %.6f\n", hand.h[0], hand.h[1], hand.h[2],
              hand.p[0], hand.p[1], hand.p[2], hand.loss);
  expect(example::near(value, hand.loss));
  // [compare]
  const auto measured = tg::numeric_gradient(
      [&](const std::vector<double>& moved) {
        three unused;
        std::vector<double> other(theta.size());
        return run(input, target, moved, unused, other);
      },
      at);
  for (std::size_t k = 0; k < at.size(); ++k) {
    expect(std::abs(slopes[k] - hand.gradient[k]) < 1e-15);
    expect(measured[k].agrees(slopes[k]) && measured[k].error < 1e-11);
  }
  // [compare]
  const auto print = [&](const char* name, std::size_t first, std::size_t count) {
    std::printf("dL/d%s =", name);
    for (std::size_t k = 0; k < count; ++k)
      std::printf(k > 0 && k % 3 == 0 ? ";  %.6f" : " %.6f", slopes[first + k]);
    std::printf("\n");
  };
  print("W1", 0, 9), print("b1", 9, 3), print("W2", 12, 9), print("b2", 21, 3);

  std::vector<demo::point> falling;
  std::vector<std::vector<demo::point>> outputs(3);
  for (int step = 0; step <= 60; ++step) {
    falling.push_back({static_cast<double>(step), run(input, target, at, output, slopes)});
    for (std::size_t i = 0; i < 3; ++i) outputs[i].push_back({static_cast<double>(step), output[i]});
    for (std::size_t k = 0; k < at.size(); ++k) at[k] -= slopes[k];
  }
  std::printf("after 60 steps of rate 1: loss %.2e\n", falling.back().y);
  expect(falling.back().y < 1e-6);
  draw(falling, outputs, given.picture);
  std::printf("Picture: %s\n", given.picture.c_str());
  return example::status() == 0 ? 0 : 2;
}

}  // namespace

int main(int count, char** words) {
  return demo::guarded("worked_example", [&] {
    return run(demo::parse_arguments(
        count, words,
        {.tables = {}, .picture = "worked_example.svg", .usage = "worked_example [--out SVG]"}));
  });
}
