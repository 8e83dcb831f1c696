// SPDX-License-Identifier: BSL-1.0
// A formula as a cost function of Ceres Solver: one exponential decay per sample, their amplitudes apart,
// their rate shared.
#include <ceres/ceres.h>

#include <array>
#include <cmath>
#include <iostream>
#include <typegrad/optimize/ceres.hpp>
#include <typegrad/typegrad.hpp>

#include "support/expect.hpp"

using example::expect;
using namespace tg::literals;

constexpr auto sample = tg::symbols<"sample", 2>;  // a parameter block: amplitude and background
constexpr auto rate = tg::symbol<"rate">;          // another, shared by all samples
constexpr auto t = tg::symbol<"t">;
constexpr auto y = tg::symbol<"y">;
constexpr auto residual = sample[0_c] * exp(-rate * t) + sample[1_c] - y;

int main() {
  // Data without noise, so that the truth is the answer.
  const std::array<std::array<double, 2>, 3> truth{{{5, 1}, {2, 0.5}, {8, -1}}};
  const double true_rate = 0.7;
  std::array<std::array<double, 2>, 3> samples{{{1, 0}, {1, 0}, {1, 0}}};
  double decay = 0.1;

  ceres::Problem problem;
  for (std::size_t s = 0; s < truth.size(); ++s)
    for (int i = 0; i < 20; ++i) {
      const double time = i / 4.0, height = truth[s][0] * std::exp(-true_rate * time) + truth[s][1];
      problem.AddResidualBlock(tg::ceres_cost(residual, sample, rate, t = time, y = height).release(),
                               nullptr, samples[s].data(), &decay);
    }
  ceres::Solver::Options options;
  options.logging_type = ceres::SILENT;
  options.function_tolerance = options.gradient_tolerance = options.parameter_tolerance = 1e-15;
  ceres::Solver::Summary summary;
  ceres::Solve(options, &problem, &summary);

  std::cout << summary.BriefReport() << "\nrate " << decay << '\n';
  expect(std::abs(decay - true_rate) < 1e-8);
  for (std::size_t s = 0; s < truth.size(); ++s)
    for (std::size_t k = 0; k < 2; ++k) expect(std::abs(samples[s][k] - truth[s][k]) < 1e-7);

  // The residuals and Jacobians are the formula's own.
  const auto cost =
      tg::ceres_cost(tg::outputs(residual, residual * residual), sample, rate, t = 0.5, y = 2.0);
  const double block[2] = {3, 1}, shared = 0.4;
  const double* blocks[2] = {block, &shared};
  double r[2], by_sample[4], by_rate[2];
  double* jacobians[2] = {by_sample, by_rate};
  expect(cost->Evaluate(blocks, r, jacobians));
  const double e = std::exp(-0.2), value = 3 * e - 1;
  expect(std::abs(r[0] - value) < 1e-15 && std::abs(r[1] - value * value) < 1e-14);
  expect(std::abs(by_sample[0] - e) < 1e-15 && by_sample[1] == 1 &&
         std::abs(by_sample[2] - 2 * value * e) < 1e-14);
  expect(std::abs(by_rate[0] + 1.5 * e) < 1e-15 && std::abs(by_rate[1] + 3 * value * e) < 1e-14);
  double* only_rate[2] = {nullptr, by_rate};
  expect(cost->Evaluate(blocks, r, only_rate) && cost->Evaluate(blocks, r, nullptr));
  return example::status();
}
