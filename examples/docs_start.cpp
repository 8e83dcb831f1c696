// SPDX-License-Identifier: BSL-1.0
// The program of docs/start.md: Rosenbrock's function, its gradient and Hessian, and Newton's method.
// [program]
#include <array>
#include <cmath>
#include <cstdio>
#include <typegrad/typegrad.hpp>

using namespace tg::literals;

constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;

// Rosenbrock's function; its minimum is 0 at (1, 1).
constexpr auto f = pow(1_c - x, 2_c) + 100_c * pow(y - x * x, 2_c);

// Value, gradient and Hessian, compiled into one function that shares what they have in common.
constexpr auto newton =
    tg::function(tg::inputs(x, y), tg::outputs(f, tg::gradient(f, x, y), tg::hessian(f, x, y)));

std::array<double, 2> minimize(double at_x, double at_y) {
  for (int step = 0; step < 20; ++step) {
    const auto [value, g, h] = newton(at_x, at_y);
    std::printf("%2d  f = %.3e\n", step, value);
    const double det = h[0][0] * h[1][1] - h[0][1] * h[1][0];
    const double dx = (h[1][1] * g[0] - h[0][1] * g[1]) / det;
    const double dy = (h[0][0] * g[1] - h[1][0] * g[0]) / det;
    at_x -= dx;
    at_y -= dy;
    if (dx * dx + dy * dy < 1e-24) break;
  }
  return {at_x, at_y};
}

int main() {
  const auto [at_x, at_y] = minimize(-1.2, 1.0);
  std::printf("the minimum is at (%g, %g)\n", at_x, at_y);
  return std::abs(at_x - 1) + std::abs(at_y - 1) < 1e-9 ? 0 : 1;
}
// [program]
