// SPDX-License-Identifier: BSL-1.0
// What the tests of Levenberg-Marquardt share: Rosenbrock's residuals by hand, and any problem as normal
// equations.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <typegrad/optimize/least_squares.hpp>
#include <vector>

namespace least_squares_test {

/// The normal equations of a problem that offers more, as a problem that offers nothing else.
template <class Problem, class T, std::size_t n>
struct normal_equations_of {
  struct result {
    T cost;
    std::array<T, n> gradient;
    std::array<std::array<T, n>, n> matrix;
  };

  const Problem& problem;

  std::size_t size() const { return tg::detail::residual_count_of(problem); }

  result gauss_newton(const std::array<T, n>& v) const {
    result sum{};
    const auto add = [&](std::size_t, T r, const auto& gradient) {
      sum.cost += r * r / 2;
      for (std::size_t j = 0; j < n; ++j) {
        sum.gradient[j] += gradient[j] * r;
        for (std::size_t k = 0; k < n; ++k) sum.matrix[j][k] += gradient[j] * gradient[k];
      }
    };
    if constexpr (tg::ResidualRows<Problem, std::array<T, n>>) {
      problem.residuals(v, add);
    } else {
      std::vector<T> r(size()), jacobian(size() * n);
      problem.linearize(v, std::span<T>(r), std::span<T>(jacobian));
      for (std::size_t i = 0; i < size(); ++i) add(i, r[i], std::span<T>(jacobian).subspan(i * n, n));
    }
    return sum;
  }
};

inline auto rosenbrock() {
  return tg::least_squares(
      2,
      [](const auto& v, auto r) {
        r[0] = 10 * (v[1] - v[0] * v[0]);
        r[1] = 1 - v[0];
      },
      [](const auto& v, auto j) {
        j[0] = -20 * v[0], j[1] = 10;
        j[2] = -1, j[3] = 0;
      });
}

}  // namespace least_squares_test
