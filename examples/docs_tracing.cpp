// SPDX-License-Identifier: BSL-1.0
// The code of docs/tracing.md: ordinary generic code, run once by the compiler, becomes a formula.
#include <array>
#include <cstddef>
#include <typegrad/traceable.hpp>
#include <typegrad/typegrad.hpp>

#include "support/expect.hpp"

using example::expect;
using example::near;
using namespace tg::literals;

// [loop]
constexpr auto sine = tg::trace<"x">([](auto at) {
  auto term = at;
  auto sum = at;
  for (int k = 1; k < 8; ++k) {
    term *= -at * at / (2 * k * (2 * k + 1));  // numbers in a trace are exact constants
    sum += term;
  }
  return sum;
});
constexpr auto x = tg::symbol<"x">;  // the trace's symbols are ordinary symbols
constexpr auto cosine = tg::diff(sine, x);
// [loop]

// [template]
template <class T, std::size_t n>
constexpr T horner(const std::array<T, n>& coefficients, const T& at) {  // written for double, long ago
  T value = coefficients[n - 1];
  for (std::size_t k = n - 1; k-- > 0;) value = value * at + coefficients[k];
  return value;
}

constexpr auto polynomial =
    tg::trace<"x", "p[11]">([](auto at, auto coefficients) { return horner(coefficients, at); });
constexpr auto p = tg::symbols<"p", 11>;
constexpr auto slopes = tg::gradient(polynomial, p);  // 11 derivatives: the powers of x
// [template]
static_assert(slopes[3_c] == pow(x, 3_c));

// [functor]
template <class T>
TYPEGRAD_TRACEABLE T decay(const T& amplitude, const T& rate, double at) {
  using std::exp;
  return amplitude * exp(-rate * at);
}

struct decay_residual {
  double at, measured;
  template <class T>
  TYPEGRAD_TRACEABLE bool operator()(const T* parameters, T* residual) const {
    residual[0] = decay(parameters[0], parameters[1], at) - measured;
    return true;
  }
};
// [functor]

// [existing]
constexpr auto residual = tg::trace<"c[2]">([](auto parameters) {
  auto r = parameters[0];
  decay_residual{.at = 0.5, .measured = 1.25}(parameters.data(), &r);
  return r;
});
constexpr auto c = tg::symbols<"c", 2>;
static_assert(residual == c[0_c] * exp(-c[1_c] / 2_c) - 1.25_c);
// [existing]

// [outputs]
constexpr auto rotated = tg::trace<"q[2]", "angle">([](auto point, auto turn) {
  return tg::outputs(point[0] * cos(turn) - point[1] * sin(turn),
                     point[0] * sin(turn) + point[1] * cos(turn));
});
constexpr auto q = tg::symbols<"q", 2>;
constexpr auto angle = tg::symbol<"angle">;
constexpr auto J = tg::jacobian(rotated, q, angle);  // shape <2, 3>
// [outputs]
static_assert(tg::get<0, 0>(J) == cos(angle));

// [choice]
constexpr auto huber = tg::trace<"r">([](auto error) {
  const auto size = abs(error);
  return where(size < 1, error * error / 2,
               size - 0.5);  // not `if`: both sides become part of the formula
});
// [choice]

int main() {
  expect(near(sine(x = 0.5), std::sin(0.5)));
  expect(near(cosine(x = 0.5), std::cos(0.5)));
  expect(near(rotated(q = std::array{3.0, 4.0}, angle = 0.5)[0], 3 * std::cos(0.5) - 4 * std::sin(0.5)));
  constexpr auto r = tg::symbol<"r">;
  expect(near(huber(r = 3.0), 2.5));
  expect(near(tg::diff(huber, r)(r = -3.0), -1));
  expect(near(tg::diff(huber, r)(r = 0.25), 0.25));
  return example::status();
}
