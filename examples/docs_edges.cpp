// SPDX-License-Identifier: BSL-1.0
// The code of docs/edges.md, and the entries of its table by primitive that test/edges.cpp does not have.
#include <cmath>
#include <limits>
#include <typegrad/typegrad.hpp>

#include "support/expect.hpp"

using example::expect;
using namespace tg::literals;

constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;

// [guard]
constexpr auto entropy = where(x > 0_c, -x* log(x), 0_c);
constexpr auto slope = tg::diff(entropy, x);
// [guard]

// [smooth]
constexpr auto length = sqrt(x * x + 1e-12_c);  // abs(x) with a derivative everywhere
// [smooth]

template <class F>
void at(const F& formula, double point, double value, double derivative) {
  constexpr F again{};
  constexpr auto fn = tg::function(tg::inputs(x), tg::outputs(again, tg::diff(again, x)));
  const auto same = [](double found, double wanted) {
    return std::isnan(wanted) ? std::isnan(found) : found == wanted;
  };
  const auto [v, d] = fn(point);
  expect(same(v, value) && same(d, derivative));
  if (!same(v, value) || !same(d, derivative))
    std::printf("%s at %g: %g, %g\n", tg::to_string(formula).data, point, v, d);
}

int main() {
  constexpr double inf = std::numeric_limits<double>::infinity(),
                   nan = std::numeric_limits<double>::quiet_NaN();
  // [guarded]
  expect(entropy(x = 0.0) == 0);
  expect(slope(x = 0.0) == 0);  // log(x) is not evaluated at all
  // [guarded]
  expect(tg::diff(length, x)(x = 0.0) == 0);

  at(1_c / x, 0, inf, -inf);
  at(csc(x), 0, inf, -inf);
  at(cot(x), 0, inf, -inf);
  at(csch(x), 0, inf, -inf);
  at(coth(x), 0, inf, -inf);
  at(acsch(x), 0, inf, -inf);
  at(acoth(x), 1, inf, inf);
  at(asech(x), 1, 0, -inf);
  at(asech(x), 0, inf, -inf);
  at(asec(x), 1, 0, inf);
  at(acsc(x), 1, std::asin(1.0), -inf);
  at(acot(x), 0, std::atan(inf), -1);
  at(acot(x), -0.0, -std::atan(inf), -1);
  at(log2(x), 0, -inf, inf);
  at(log10(x), 0, -inf, inf);
  at(log(x), -1, nan, -1);
  at(log1p(x), -2, nan, -1);
  at(asin(x), 1.5, nan, nan);
  at(acosh(x), 0.5, nan, nan);
  at(asec(x), 0.5, nan, nan);
  at(exp(x), 1000, inf, inf);
  at(sinh(x), 1000, inf, inf);
  at(sin(x), inf, nan, nan);
  at(sinc(x), inf, nan, nan);
  at(sinpi(x), inf, nan, nan);
  at(exprel(x), 0, 1, 0.5);
  at(exprel(x), 1000, inf, inf);
  at(exprel(x), -inf, 0, 0);
  at(tanh(x), inf, 1, 0);
  at(relu(x), nan, nan, 0);
  expect(min(x, y)(x = nan, y = 1.0) == 1 && max(x, y)(x = nan, y = 1.0) == 1);
  expect(std::isnan(min(x, y)(x = 1.0, y = nan)) && std::isnan(max(x, y)(x = 1.0, y = nan)));
  expect(pow(x, y)(x = 0.0, y = 0.0) == 1 && tg::diff(pow(x, y), x)(x = 0.0, y = 0.0) == 0);
  expect(std::isnan(fmod(x, y)(x = 1.0, y = 0.0)) && tg::diff(fmod(x, y), y)(x = 1.0, y = 0.0) == -inf);
  expect(copysign(x, y)(x = 2.0, y = -0.0) == -2 && tg::diff(copysign(x, y), x)(x = 0.0, y = -1.0) == 0);
  expect(sinpi(x)(x = 1e15) == 0 && cospi(x)(x = -2.5) == 0);
  expect(tgamma(x)(x = 0.0) == inf && std::isnan(tgamma(x)(x = -1.0)) && lgamma(x)(x = -1.0) == inf);
  return example::status();
}
