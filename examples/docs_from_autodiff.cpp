// SPDX-License-Identifier: BSL-1.0
// The code of docs/from-autodiff.md, compiled and run.
#include <array>
#include <cmath>
#include <cstdio>
#include <typegrad/typegrad.hpp>

#include "support/expect.hpp"

// [program]
using namespace tg::literals;

constexpr auto x = tg::symbols<"x", 3>;
constexpr auto p = tg::symbol<"p">;

template <class T>
constexpr T f(const std::array<T, 3>& v, const T& scale) {  // as it was written for real or var
  T sum = v[0] * v[0];
  for (std::size_t k = 1; k < 3; ++k) sum += v[k] * v[k];
  return sum * exp(scale);
}

constexpr auto u = tg::trace(x, p, [](auto v, auto scale) { return f(v, scale); });
constexpr auto both = tg::function(tg::inputs(x, p), tg::outputs(u, tg::gradient(u, x, p)));
// [program]

int main() {
  // [call]
  const auto [value, gradient] = both(std::array{1.0, 2.0, 3.0}, 0.5);
  std::printf("u = %g, by x0 %g, by p %g\n", value, gradient[0], gradient[3]);
  // [call]
  example::expect(std::abs(value - 14 * std::exp(0.5)) < 1e-12);
  example::expect(std::abs(gradient[2] - 6 * std::exp(0.5)) < 1e-12 && std::abs(gradient[3] - value) < 1e-12);
  // [second]
  constexpr auto bend = tg::hessian(u, x);
  static_assert(tg::get<0, 0>(bend) == 2_c * exp(p));
  static_assert(tg::get<0, 1>(bend) == 0_c);
  // [second]
  return example::status();
}
