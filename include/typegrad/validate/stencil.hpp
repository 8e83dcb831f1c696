// SPDX-License-Identifier: BSL-1.0
// Difference formulas: which values of f, with which weights, make a derivative. The weights of every order
// are computed, none is copied from a table, and with them what rounding and truncation do, so that the best
// step follows for each formula.
#pragma once
#include "../support/compiler/begin.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "../support/compiler/finite.hpp"
#include "difference.hpp"

namespace tg {

namespace detail {

constexpr int stencil_capacity = 13;

/// The derivative is the sum of weight[k] f(x + node[k] h), divided by h^derivative.
template <class T>
struct stencil {
  int count = 0;
  int order = 0;
  int derivative = 1;
  std::array<int, stencil_capacity> node{};
  std::array<T, stencil_capacity> weight{};
};

/// The weights for nodes that differ, by Fornberg's recurrence. Source: Fornberg, Mathematics of Computation
/// 51 (1988), 699.
template <class T>
constexpr void set_weights(stencil<T>& s) {
  std::array<std::array<T, stencil_capacity>, 3> table{};  // table[m][k]: of node k in the m-th derivative
  table[0][0] = 1;
  T before = 1;
  for (int i = 1; i < s.count; ++i) {
    const auto at = static_cast<std::size_t>(i);
    T product = 1;
    const T node = static_cast<T>(s.node[at]), last = static_cast<T>(s.node[at - 1]);
    for (std::size_t k = 0; k < at; ++k) {
      const T apart = node - static_cast<T>(s.node[k]);
      product *= apart;
      if (k + 1 == at)
        for (int m = 2; m >= 0; --m) {
          const auto row = static_cast<std::size_t>(m);
          const T lower = m > 0 ? static_cast<T>(m) * table[row - 1][k] : T(0);
          table[row][at] = before * (lower - last * table[row][k]) / product;
        }
      for (int m = 2; m >= 0; --m) {
        const auto row = static_cast<std::size_t>(m);
        const T lower = m > 0 ? static_cast<T>(m) * table[row - 1][k] : T(0);
        table[row][k] = (node * table[row][k] - lower) / apart;
      }
    }
    before = product;
  }
  s.weight = table[static_cast<std::size_t>(s.derivative)];
}

/// The formula of least width. `side`: 0 central, 1 forward, -1 backward.
template <class T>
constexpr stencil<T> make_stencil(int side, int order, int derivative) {
  stencil<T> s;
  s.order = order;
  s.derivative = derivative;
  const int reach = order / 2 + (derivative - 1) / 2;
  s.count = side == 0 ? 2 * reach + 1 : order + derivative;
  for (int k = 0; k < s.count; ++k) s.node[static_cast<std::size_t>(k)] = side == 0 ? k - reach : side * k;
  set_weights(s);
  return s;
}

/// What rounding is multiplied by, at most: the sum of the weights' sizes.
template <class T>
constexpr T rounding_factor(const stencil<T>& s) {
  T sum = 0;
  for (const T& w : s.weight) sum += w < 0 ? -w : w;
  return sum;
}

/// The constant c of the error c h^order f^(order + derivative).
template <class T>
constexpr T truncation_factor(const stencil<T>& s) {
  T sum = 0;
  for (std::size_t k = 0; k < static_cast<std::size_t>(s.count); ++k) {
    T term = s.weight[k];
    for (int power = 1; power <= s.order + s.derivative; ++power)
      term *= static_cast<T>(s.node[k]) / static_cast<T>(power);
    sum += term;
  }
  return sum < 0 ? -sum : sum;
}

/// The step in units of the scale at which rounding of size `noise`, relative to f, and truncation balance,
/// for a function whose derivatives by x/scale are about as large as it is: h^(p+d) = noise d R / (p C). For
/// the central formula of order 2 this is (3 epsilon)^(1/3) for the first derivative and (24 epsilon)^(1/4),
/// not the root of epsilon, for the second. Source: Gill, Murray and Wright, Practical Optimization, section
/// 8.6; Boost.Math, finite_difference.hpp.
template <class T>
T best_relative_step(const stencil<T>& s, T noise) {
  const T d = static_cast<T>(s.derivative), p = static_cast<T>(s.order);
  return std::pow(noise * d * rounding_factor(s) / (p * truncation_factor(s)), T(1) / (p + d));
}

/// The derivative by one formula. The bar is twice the change to the next order, and rounding.
template <std::floating_point T, class F>
numeric_derivative<T> by_stencil(F& f, T x, const difference_options& options) {
  const int side = options.method == difference_method::forward    ? 1
                   : options.method == difference_method::backward ? -1
                                                                   : 0;
  const int order = options.order > 0 ? options.order : side == 0 ? 8 : 4;
  const stencil<T> asked = make_stencil<T>(side, order, options.derivative);
  const stencil<T> wider = make_stencil<T>(side, order + (side == 0 ? 2 : 1), options.derivative);
  constexpr T epsilon = std::numeric_limits<T>::epsilon();
  numeric_derivative<T> result{0, 0, static_cast<T>(options.step)};
  if (!(options.step > 0)) {
    T noise = epsilon;
    if (options.noise > 0) {
      noise = std::max(noise, static_cast<T>(options.noise) / std::abs(static_cast<T>(f(x))));
      ++result.evaluations;
    }
    result.step = scale_at(x, options) * best_relative_step(asked, std::min(noise, T(1)));
  }
  const T h = result.step = representable(x, result.step);
  T value = 0, better = 0, largest = 0;
  for (std::size_t k = 0; k < static_cast<std::size_t>(wider.count); ++k) {
    if (wider.node[k] == 0 && options.derivative == 1 && side == 0) continue;
    const T sample = static_cast<T>(f(x + static_cast<T>(wider.node[k]) * h));
    ++result.evaluations;
    better += wider.weight[k] * sample;
    for (std::size_t i = 0; i < static_cast<std::size_t>(asked.count); ++i)
      if (asked.node[i] == wider.node[k]) value += asked.weight[i] * sample;
    largest = std::max(largest, detail::is_finite(sample) ? std::abs(sample) : detail::infinite<T>());
  }
  const T unit = options.derivative == 1 ? h : h * h;
  result.value = value / unit;
  // A value of f is taken to be good to 2 ulp where the user does not say, and a point x + k h to half of
  // one.
  const T noise = options.noise > 0 ? 4 * static_cast<T>(options.noise) : 2 * epsilon * largest;
  result.error = 2 * std::abs(value - better) / unit + rounding_factor(wider) * noise / unit +
                 2 * epsilon * std::abs(x / h * result.value);
  return result;
}

}  // namespace detail

}  // namespace tg

#include "../support/compiler/end.hpp"
