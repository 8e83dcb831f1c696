// SPDX-License-Identifier: BSL-1.0
// The code of docs/from-ceres.md, compiled and run.
#include <array>
#include <cmath>
#include <cstdio>
#include <typegrad/optimize/formula_problem.hpp>
#include <typegrad/optimize/levenberg_marquardt.hpp>
#include <typegrad/typegrad.hpp>
#include <vector>

#include "support/expect.hpp"

// [program]
constexpr auto m = tg::symbol<"m">;
constexpr auto c = tg::symbol<"c">;
constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;
constexpr auto residual = y - exp(m * x + c);
// [program]

int main() {
  std::vector<double> xs, ys;
  for (int k = 0; k < 60; ++k) {
    xs.push_back(k / 12.0);
    ys.push_back(std::exp(0.3 * xs.back() + 0.1) + 0.01 * std::sin(11.0 * k));
  }
  // [fit]
  const auto problem = tg::sum_over(tg::rows(x = xs, y = ys), residual, m, c);
  const auto fit = tg::levenberg_marquardt(problem, std::array{0.0, 0.0});
  const auto [m_error, c_error] = fit.standard_errors();
  std::printf("m = %.4f +- %.4f, c = %.4f +- %.4f\n", fit.parameters[0], m_error, fit.parameters[1], c_error);
  // [fit]
  example::expect(fit.converged && std::abs(fit.parameters[0] - 0.3) < 5e-3);
  example::expect(std::abs(fit.parameters[1] - 0.1) < 1e-2 && m_error > 0 && c_error < 1e-2);
  return example::status();
}
