// SPDX-License-Identifier: BSL-1.0
// The code of docs/evaluation.md: calls by name, compiled functions, memory, number types, constants, sums
// over data.
#include <array>
#include <complex>
#include <span>
#include <typegrad/complex.hpp>
#include <typegrad/typegrad.hpp>
#include <vector>

#include "support/expect.hpp"

using example::expect;
using example::near;
using namespace tg::literals;

constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;
constexpr auto p = tg::symbols<"p", 3>;
constexpr auto area = x * sin(y);

// [constant]
constexpr auto cubic = pow(x, 3_c) - 2_c * x;
static_assert(cubic(x = 3.0) == 21);
static_assert(tg::diff(cubic, x)(x = 3.0) == 25);
// [constant]

int main() {
  // [call]
  double v = area(x = 2.0, y = 1.0);                    // every symbol is bound once, in any order
  float w = area(x = 2.0f, y = 1.0f);                   // the number type is that of the values
  auto g = tg::gradient(area, x, y)(y = 1.0, x = 2.0);  // std::array<double, 2>
  bool below = (x < y)(x = 1.0, y = 2.0);               // a condition gives a bool
  // [call]
  expect(near(v, 2 * std::sin(1.0)));
  expect(std::abs(w - 2 * std::sin(1.0f)) < 1e-6f);
  expect(near(g[1], 2 * std::cos(1.0)));
  expect(below);

  // [function]
  constexpr auto fn =
      tg::function(tg::inputs(x, y), tg::outputs(area, tg::gradient(area, x, y), tg::hessian(area, x, y)));
  auto [value, gradient, hessian] = fn(2.0, 1.0);   // in the order of tg::outputs
  static_assert(tg::cost(fn).transcendental == 2);  // one sin and one cos for all seven numbers
  // [function]
  expect(value == v && gradient == g && hessian[0][1] == hessian[1][0]);

  // [one]
  constexpr auto slope = tg::function(tg::inputs(x, y), tg::outputs(tg::diff(area, y)));
  double s = slope(2.0, 1.0);  // one output is returned bare
  // [one]
  expect(s == g[1]);

  // [memory]
  std::array<double, 2> in{2.0, 1.0};
  std::array<double, 7> out;  // 1 + 2 + 2x2 numbers, row-major
  fn(in, out);
  fn(std::span<const double, 2>(in), std::span<double, 7>(out));  // spans of fixed length
  // [memory]
  expect(out[0] == value && out[2] == gradient[1] && out[6] == hessian[1][1]);

  // [groups]
  constexpr auto parabola = tg::function(tg::inputs(x, p), tg::outputs(p[0_c] + p[1_c] * x + p[2_c] * x * x));
  double at_two = parabola(2.0, std::array{1.0, 10.0, 100.0});  // a group takes an array
  // [groups]
  expect(at_two == 421);

  // [types]
  using complex = std::complex<double>;
  complex z = exp(x * y)(x = complex(0, 1), y = complex(2, 0));
  long double l = area(x = 2.0L, y = 1.0L);
  // [types]

  // [imaginary]
  constexpr auto wave = exp(1_i * x);
  complex turned = tg::diff(wave, x)(x = complex(0.5, 0));
  complex height = real(wave)(x = complex(0.5, 0));  // cos(0.5)
  // [imaginary]
  expect(near(turned.real(), -std::sin(0.5)) && near(height.real(), std::cos(0.5)) && height.imag() == 0);
  expect(near(z.real(), std::cos(2.0)) && near(z.imag(), std::sin(2.0)));
  expect(std::abs(l - 2 * std::sin(1.0L)) < 1e-17L);

  // [sum]
  const std::vector<double> times{0, 1, 2, 3}, heights{1.0, 2.9, 5.1, 7.0};
  constexpr auto t = tg::symbol<"t">;
  constexpr auto h = tg::symbol<"h">;
  constexpr auto residual = p[0_c] + p[1_c] * t - h;
  const auto data = tg::rows(t = times, h = heights);             // one column per symbol
  const auto sum = tg::sum_over(data, residual, p[0_c], p[1_c]);  // then the parameters, in order

  const std::array at{1.0, 2.0};
  double total = sum.value(at);        // sum of r
  auto slopes = sum.gradient(at);      // sum of grad r
  auto normal = sum.gauss_newton(at);  // .cost = 1/2 sum r^2, .gradient = J^T r, .matrix = J^T J
  // [sum]
  expect(near(total, 0));
  expect(slopes[0] == 4 && slopes[1] == 6);
  expect(near(normal.cost, 0.01));
  expect(normal.matrix[0][0] == 4 && normal.matrix[0][1] == 6 && normal.matrix[1][1] == 14);

  // [rows]
  constexpr auto place = tg::symbols<"place", 2>;
  const std::vector<std::array<double, 2>> places{{0, 1}, {1, 3}, {2, 5}};
  const auto both =
      tg::sum_over(tg::rows(place = places, t = std::vector{0.0, 1.0, 2.0}),
                   tg::outputs(place[0_c] - p[0_c] * t, place[1_c] - p[1_c] - t), p[0_c], p[1_c]);
  double cost = both.gauss_newton(at).cost;                        // of 6 residuals
  double of_two = both.gauss_newton(at, 0, 2).cost;                // of the first two rows
  double of_list = both.gauss_newton(at, std::vector{2, 0}).cost;  // of rows 2 and 0
  // [rows]
  expect(near(cost, 1) && near(of_two, 0.5) && near(of_list, 1));
  return example::status();
}
