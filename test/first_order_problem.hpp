// SPDX-License-Identifier: BSL-1.0
// What the tests of first-order optimizers share: a bowl of five parameters, a start in it, and the methods.
#pragma once

#include <array>
#include <cstddef>
#include <type_traits>
#include <typegrad/optimize/first_order.hpp>

namespace first_order_test {

inline constexpr std::size_t n =
    5;  // so that two pairs of doubles are stepped at once and one number is left over
using point = std::array<double, n>;

/// The gradient of sum a (x - c)^2 / 2.
template <class Vector>
Vector gradient(const Vector& at) {
  constexpr double a[] = {0.5, 1, 2, 4, 8}, c[] = {1, -1, 0.5, -0.5, 0.25};
  using number = std::remove_cvref_t<decltype(at[0])>;
  Vector result = at;
  for (std::size_t i = 0; i < n; ++i) {
    const auto where = static_cast<decltype(at.size())>(i);
    result[where] = static_cast<number>(a[i]) * (at[where] - static_cast<number>(c[i]));
  }
  return result;
}

template <class T>
std::array<T, n> start() {
  std::array<T, n> result;
  for (std::size_t i = 0; i < n; ++i) result[i] = static_cast<T>((static_cast<double>(i) + 1) / 10);
  return result;
}

/// Calls use(method, rate) for each method, with a rate at which it comes near the minimum in some hundred
/// steps. What the tests hold every method to, they hold these to.
inline void each_method(auto use) {
  use(tg::sgd{}, 0.01);
  use(tg::adagrad{}, 0.5);
  use(tg::rmsprop{}, 0.01);
  use(tg::adadelta{}, 1.0);
  use(tg::adam{}, 0.1);
  use(tg::adamw{.weight_decay = 0}, 0.1);
  use(tg::adamax{}, 0.1);
  use(tg::nadam{}, 0.1);
  use(tg::radam{}, 0.1);
  use(tg::lion{}, 0.01);
  use(tg::lamb{}, 0.01);
}

}  // namespace first_order_test
