// SPDX-License-Identifier: BSL-1.0
// The code of docs/inspection.md on functions of arrays: as C, their plans, and pictures. Writes
// network.svg and memory.svg, of which those in docs/ are copies.
#include <fstream>
#include <iostream>
#include <string_view>
#include <typegrad/inspection.hpp>
#include <vector>

#include "support/expect.hpp"

using example::expect;
using namespace tg::literals;

constexpr auto x = tg::array<"x", 2>;
constexpr auto w = tg::array<"w", 2, 3>;
constexpr auto b = tg::array<"b", 3>;
constexpr auto v = tg::array<"v", 3>;

namespace training {
constexpr auto images = tg::array<"images", tg::rows, 784>;
constexpr auto digits = tg::array<"digits", tg::rows, 10>;  // 1 where the digit is that one, else 0
constexpr auto w1 = tg::array<"w1", 784, 128>;
constexpr auto b1 = tg::array<"b1", 128>;
constexpr auto w2 = tg::array<"w2", 128, 10>;
constexpr auto b2 = tg::array<"b2", 10>;
constexpr auto theta = tg::parameters(w1, b1, w2, b2);
constexpr auto scores = matmul(tanh(matmul(images, w1) + b1), w2) + b2;
constexpr auto loss = -tg::mean(tg::sum<-1>(digits * tg::log_softmax<-1>(scores)));
}  // namespace training

int main() {
  using namespace training;
  // [c]
  constexpr auto hidden = tanh(matmul(x, w) + b);
  constexpr auto network = tg::function(tg::inputs(x, w, b, v), tg::outputs(matmul(hidden, v)));
  const std::vector<float> weights{1, 0.5f, -1, 2, 0.25f, 3}, shift{0.1f, 0, -0.1f}, last{1, -1, 2};
  const std::string file = tg::to_c<float>(network, "network", w = weights, b = shift, v = last);
  // [c]
  std::cout << file;
  expect(file == std::string_view(R"c(
/* float network(const float* x, float* workspace);
   x: (2)
   workspace: network_workspace numbers
   Arrays lie by rows; nothing is checked. */
#include <math.h>

enum { network_workspace = 3 };

static const float w[6] = { /* (2, 3) */
  1.0f, 0.5f, -1.0f, 2.0f, 0.25f, 3.0f
};

static const float b[3] = { /* (3) */
  0.1f, 0.0f, -0.1f
};

static const float v[3] = { /* (3) */
  1.0f, -1.0f, 2.0f
};

float network(const float* x, float* workspace) {
  float* const t1 = workspace; /* (3) */
  float* const t2 = workspace; /* (3) */
  float value;
  /* 1: t1 (3) = w'*x */
  for (long i = 0; i < 3; ++i) {
    float sum = 0.0f;
    for (long j = 0; j < 2; ++j) {
      sum += x[j] * w[i + 3*j];
    }
    t1[i] = sum;
  }
  /* 2: t2 (3) = v*tanh(b + t1) */
  for (long i = 0; i < 3; ++i) {
    const float v_1 = b[i] + t1[i];
    const float v_2 = tanhf(v_1);
    t2[i] = v[i] * v_2;
  }
  /* 3: value = sum(t2) */
  {
    float sum = 0.0f;
    for (long i = 0; i < 3; ++i) {
      sum += t2[i];
    }
    value = sum;
  }
  return value;
}
)c")
                     .substr(1));

  // [picture]
  std::ofstream("network.svg") << tg::to_svg(tg::outputs(scores, loss));
  // [picture]
  expect(std::ifstream("network.svg").peek() == '<');

  // [plan]
  constexpr auto step =
      tg::function(tg::inputs(images, digits, theta), tg::outputs(loss, tg::gradient(loss, theta)));
  const tg::plan_description plan = tg::describe<float>(step, 64);  // for 64 rows
  std::cout << plan.text();
  std::ofstream("memory.svg") << plan.svg();
  // [plan]
  expect(plan.steps.size() == static_cast<std::size_t>(step.steps()) && plan.steps[0].formula == "images*w1");
  expect(plan.workspace == 4 * static_cast<long>(step.workspace<float>(64)));
  expect(plan.between_steps >= plan.least && plan.between_steps < plan.least * 11 / 10);
  expect(std::ifstream("memory.svg").peek() == '<');
  return example::status();
}
