// SPDX-License-Identifier: BSL-1.0
// The code of docs/derivatives.md: diff, gradient, jacobian, hessian, products, taylor, substitute, sparsity.
#include <array>
#include <typegrad/series.hpp>
#include <typegrad/typegrad.hpp>

#include "support/expect.hpp"

using example::expect;
using example::near;
using namespace tg::literals;

constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;
constexpr auto z = tg::symbol<"z">;

// [diff]
constexpr auto f = x * x * sin(y);
static_assert(tg::diff(f, x) == 2_c * x * sin(y));
static_assert(tg::diff(f, x, y) == 2_c * x * cos(y));  // by x, then by y
static_assert(tg::diff<3>(f, y) == -x * x * cos(y));   // three times by y
// [diff]

// [zero]
static_assert(tg::diff(f, z, tg::allow_zero) == 0_c);  // without allow_zero: an error that names z
// [zero]

// [gradient]
constexpr auto g = tg::gradient(f, x, y);  // shape <2>
static_assert(g[0_c] == 2_c * x * sin(y));
static_assert(tg::get<1>(g) == x * x * cos(y));

constexpr auto p = tg::symbols<"p", 3>;
constexpr auto norm = hypot(hypot(p[0_c], p[1_c]), p[2_c]);
constexpr auto direction = tg::gradient(norm, p);  // a group counts as its symbols
// [gradient]

// [jacobian]
constexpr auto polar = tg::outputs(x * cos(y), x* sin(y));
constexpr auto J = tg::jacobian(polar, x, y);  // shape <2, 2>
static_assert(tg::get<1, 0>(J) == sin(y));     // row 1, column 0
// [jacobian]

// [hessian]
constexpr auto H = tg::hessian(f, x, y);  // shape <2, 2>; the symmetric entry is computed once
static_assert(tg::get<0, 1>(H) == tg::get<1, 0>(H));
// [hessian]

// [sparsity]
constexpr auto chain = pow(p[0_c] - p[1_c], 4_c) + pow(p[1_c] - p[2_c], 4_c);
constexpr auto pattern = tg::sparsity(tg::hessian(chain, p));
static_assert(pattern[0][1] && !pattern[0][2]);  // p0 and p2 do not meet
static_assert(tg::nonzeros(tg::hessian(chain, p)) == 7);
// [sparsity]

// [products]
constexpr auto vx = tg::symbol<"vx">;
constexpr auto vy = tg::symbol<"vy">;
constexpr auto along = tg::jvp(polar, tg::along(x = vx, y = vy));   // J v: one forward sweep, shape <2>
constexpr auto pulled = tg::vjp(polar, tg::weights(vx, vy), x, y);  // v J: one reverse sweep, shape <2>
constexpr auto curved = tg::hvp(f, tg::along(x = vx, y = vy));      // H v without H, shape <2>
static_assert(tg::jvp(f, tg::along(x = 1_c, y = 0_c)) == tg::diff(f, x));  // one formula gives one formula
// [products]

// [taylor]
static_assert(tg::taylor<3>(sin(x), x, 0_c) == x - pow(x, 3_c) / 6_c);
static_assert(tg::taylor<1>(exp(x), x, y) == exp(y) + exp(y) * (x - y));  // about another formula
// [taylor]

// [mixed]
constexpr auto wave = tg::taylor(sin(x) * exp(x * y), tg::up_to<3>(x), tg::up_to<2>(y));
// [mixed]

// [substitute]
static_assert(tg::substitute(f, x = y * y, y = x) == pow(y, 4_c) * sin(x));  // all at once
// [substitute]

int main() {
  const auto at = [](const auto& formulas) { return formulas(p = std::array{2.0, 3.0, 6.0}); };
  expect(near(at(direction)[0], 2.0 / 7));
  expect(near(at(direction)[2], 6.0 / 7));

  // [values]
  const auto j = J(x = 2.0, y = 0.5);  // std::array<std::array<double, 2>, 2>
  expect(near(j[0][1], -2 * std::sin(0.5)));
  // [values]

  // [series]
  const auto s = wave(x = 0.0, y = 1.0);                    // 12 derivatives at once
  expect(near(s.derivative(3, 2), 6));                      // order 3 in x, 2 in y
  expect(near(s.coefficient(1, 0), 1));                     // what stands before dx in the polynomial
  expect(near(s(0.1, 0.0), 0.1 + 0.01 + 1.0 / 3 * 0.001));  // the polynomial in the distances from the point
  // [series]

  const auto h = H(x = 2.0, y = 0.5);
  const auto hv = curved(x = 2.0, y = 0.5, vx = 3.0, vy = -1.0);
  expect(near(hv[0], h[0][0] * 3 - h[0][1]));
  expect(near(hv[1], h[1][0] * 3 - h[1][1]));
  const auto jv = along(x = 2.0, y = 0.5, vx = 3.0, vy = -1.0);
  expect(near(jv[0], j[0][0] * 3 - j[0][1]));
  const auto vj = pulled(x = 2.0, y = 0.5, vx = 3.0, vy = -1.0);
  expect(near(vj[0], 3 * j[0][0] - j[1][0]));
  return example::status();
}
