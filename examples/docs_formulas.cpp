// SPDX-License-Identifier: BSL-1.0
// The code of docs/formulas.md: symbols, constants, ordinary numbers, equality, conditions and powers.
#include <array>
#include <typegrad/typegrad.hpp>

#include "support/expect.hpp"

using example::expect;
using example::near;

// [symbols]
using namespace tg::literals;

constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;
constexpr auto f = x * sin(y) + exp(-x) / 2_c;
// [symbols]

// [groups]
constexpr auto p = tg::symbols<"p", 3>;       // the symbols p0, p1 and p2
constexpr auto line = p[0_c] + p[1_c] * x;    // an element by an exact constant
constexpr auto bend = tg::get<2>(p) * x * x;  // or by tg::get
static_assert(p[1_c] == tg::symbol<"p1">);    // an element is an ordinary symbol
// [groups]

// [constants]
constexpr auto c = 0.1_c * x + 2_c / 3_c - tg::pi * tg::e;
static_assert(0.1_c + 0.2_c == 0.3_c);  // exact: one tenth is one tenth
static_assert(2_c / 6_c == tg::rational<1, 3>);
static_assert(sqrt(4_c) == 2_c);
// [constants]

// [same]
static_assert(x + y == y + x);
static_assert(2_c * x + 3_c * x == 5_c * x);   // like terms are collected
static_assert(x * x * x == pow(x, 3_c));       // and like powers
static_assert(sin(-x) == -sin(x));             // odd and even functions
static_assert(!(x * (x + 1_c) == x * x + x));  // but nothing is expanded
// [same]

// [conditions]
constexpr auto safe_root = where(x > 0_c, sqrt(x), 0_c);
constexpr auto inside = 0_c < x && x < 1_c;  // &&, ||, ! and all comparisons but ==
constexpr auto hit = tg::equal(x, y);        // compares values; x == y compares formulas
// [conditions]

// [powers]
static_assert(tg::diff(pow(x, 2_c), x) == 2_c * x);  // x^2: right at 0 and below
static_assert(tg::diff(pow(x, tg::rational<5, 2>), x) == tg::rational<5, 2> * pow(x, tg::rational<3, 2>));
constexpr auto general = pow(x, y);  // needs x > 0, or x = 0 and y > 0
// [powers]

// [numbers]
auto spring(double stiffness) {
  return 0.5_c * stiffness * x * x;  // the number lives in the formula: nothing can dangle
}
// [numbers]

int main() {
  expect(near(f(x = 2.0, y = 1.0), 2 * std::sin(1.0) + std::exp(-2.0) / 2));
  expect(near((line + bend)(x = 2.0, p = std::array{1.0, 10.0, 100.0}), 421));
  expect(near(c(x = 1.0), 0.1 + 2.0 / 3 - 3.14159265358979323846 * 2.71828182845904523536));

  // [binding]
  const auto [p0, p1, p2] = p;  // or all of them by name
  expect(line + bend == p0 + p1 * x + p2 * x * x);
  // [binding]

  // [spring]
  const auto energy = spring(3.0);
  const auto force = tg::diff(energy, x);  // carries the 3 along
  expect(near(energy(x = 2.0), 6));
  expect(near(force(x = 2.0), 6));
  expect(energy == spring(3.0));     // same type and same number
  expect(!(energy == spring(4.0)));  // same type, another number
  // [spring]

  // [distinct]
  const double k = 3;
  const auto two_copies = k * x - k * x;  // the compiler sees two numbers, not one
  const auto written_once = [](auto factor) { return factor * x - factor * x; }(tg::symbol<"k">);
  static_assert(written_once == 0_c);  // a symbol, or an exact constant, is known to be itself
  expect(two_copies(x = 2.0) == 0);    // the value is right, but both products are computed
  // [distinct]
  static_assert(tg::cost(two_copies).multiplications > 0);

  expect(safe_root(x = -1.0) == 0);
  expect(inside(x = 0.5));
  expect(!inside(x = 1.5));
  expect(hit(x = 2.0, y = 2.0));
  expect(near(general(x = 2.0, y = 0.5), std::sqrt(2.0)));
  return example::status();
}
