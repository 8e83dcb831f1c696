// SPDX-License-Identifier: BSL-1.0
// The cost of a check: a gradient of 100 variables, in units of one evaluation of the function for each
// variable. Everything counts, the exact gradient and the verdicts too. The promise is less than 50; the
// program fails where it is broken. The functions are the worst case, a few hundred nanoseconds each, beside
// which the check's own work shows most.
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <typegrad/validate/check.hpp>

namespace {

constexpr std::size_t n = 100;
using point = std::array<double, n>;
using clock_type = std::chrono::steady_clock;

double rosenbrock(const point& p) {
  double sum = 0;
  for (std::size_t i = 0; i + 1 < n; ++i) {
    const double r = p[i + 1] - p[i] * p[i];
    sum += 100 * r * r + (1 - p[i]) * (1 - p[i]);
  }
  return sum;
}
point rosenbrock_gradient(const point& p) {
  point g{};
  for (std::size_t i = 0; i + 1 < n; ++i) {
    const double r = p[i + 1] - p[i] * p[i];
    g[i] += -400 * p[i] * r - 2 * (1 - p[i]);
    g[i + 1] += 200 * r;
  }
  return g;
}

double soft_chain(const point& p) {
  double sum = 0;
  for (std::size_t i = 0; i < n; ++i) sum += std::log1p(std::exp(p[i])) * std::cos(p[(i + 1) % n]);
  return sum;
}
point soft_chain_gradient(const point& p) {
  point g{};
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t j = (i + 1) % n;
    g[i] += std::cos(p[j]) / (1 + std::exp(-p[i]));
    g[j] -= std::log1p(std::exp(p[i])) * std::sin(p[j]);
  }
  return g;
}

/// The shortest of some runs: what a shared machine adds is no cost of the code.
double seconds_of(auto&& run, int times) {
  double least = 1e300;
  for (int repetition = 0; repetition < 60; ++repetition) {
    const auto start = clock_type::now();
    for (int k = 0; k < times; ++k) run();
    least = std::min(least, std::chrono::duration<double>(clock_type::now() - start).count() / times);
  }
  return least;
}

bool measure(const char* name, double (*value)(const point&), point (*gradient)(const point&)) {
  point start;
  for (std::size_t i = 0; i < n; ++i) start[i] = 0.3 + 0.017 * static_cast<double>(i);
  volatile double sink = 0;
  const double once = seconds_of(
      [&] {
        start[0] = 0.3 + 1e-9 * sink;  // so that no evaluation can be left out
        sink = sink + value(start);
      },
      1000);
  start[0] = 0.3;
  const auto report = tg::check_gradient(value, gradient, start);
  const double check = seconds_of(
      [&] {
        sink = sink + static_cast<double>(tg::check_gradient(value, gradient, start).components.size());
      },
      1);
  const double cost = check / (once * n);
  std::printf("%-12s %10.0f ns %14.1f %22.1f   %s\n", name, 1e9 * once,
              static_cast<double>(report.evaluations) / n, cost,
              report.passed() ? "all pass" : "NOT ALL PASS");
  if (!report.passed()) std::fputs(tg::to_text(report).c_str(), stdout);
  return report.passed() && cost < 50 && report.evaluations < 50 * static_cast<int>(n);
}

}  // namespace

int main() {
  std::printf("a check of a gradient of %zu variables\n%-12s %13s %14s %22s\n", n, "function", "evaluation",
              "evaluations", "cost in evaluations");
  std::printf("%-12s %13s %14s %22s\n", "", "", "per variable", "per variable");
  const bool first = measure("rosenbrock", rosenbrock, rosenbrock_gradient),
             second = measure("soft chain", soft_chain, soft_chain_gradient);
  std::puts(first && second ? "under 50, as promised" : "the promise of 50 is broken");
  return first && second ? 0 : 1;
}
