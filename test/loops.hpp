// SPDX-License-Identifier: BSL-1.0
// Loops beside the same steps written out: each case is one function, called with what makes loops and with
// what unrolls them, and value, gradient and second derivatives are compared.
#pragma once
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <random>
#include <typegrad/loops.hpp>
#include <vector>

namespace loops {

using namespace tg::literals;

template <int N>
struct looped {
  static constexpr int steps = N;
  template <auto... Options, class Body, class Init, class... Xs>
  static constexpr auto scan(const Body& body, const Init& init, const Xs&... xs) {
    return tg::scan<Options...>(body, init, xs...);
  }
  template <auto... Options, class Body, class Init, class... Xs>
  static constexpr auto iterate(const Body& body, const Init& init, const Xs&... xs) {
    return tg::iterate<Options...>(body, init, xs...);
  }
};

/// A loop of N steps.
template <int N>
struct unrolled {
  static constexpr int steps = N;
  template <auto... Options, class Body, class Init, class... Xs>
  static constexpr auto scan(const Body& body, const Init& init, const Xs&... xs) {
    return run<false, Options...>(body, init, xs...);
  }
  template <auto... Options, class Body, class Init, class... Xs>
  static constexpr auto iterate(const Body& body, const Init& init, const Xs&... xs) {
    return run<true, Options...>(body, init, xs...);
  }

 private:
  template <int T>
  static constexpr tg::handle step(const tg::handle& xs) {
    return tg::sum<0>(tg::slice<0, T, T + 1>(xs));
  }
  template <bool LastOnly, auto... Options, class Body, class Init, class... Xs>
  static constexpr auto run(const Body& body, const Init& init, const Xs&... xs) {
    constexpr bool back = (std::is_same_v<std::remove_const_t<decltype(Options)>, tg::reversed_t> || ...);
    constexpr std::size_t carries = std::tuple_size_v<decltype(tg::detail::carried_by(init))>;
    std::array<tg::handle, carries> carried = handles(tg::detail::carried_by(init));
    const auto once = [&]<int T>(std::integral_constant<int, T>) {
      return [&]<std::size_t... K>(std::index_sequence<K...>) {
        const auto r = body(carried[K]..., step<T>(xs)...);
        carried = handles(tg::detail::carried_by(r));
        return handles(tg::detail::given_out_by(r));
      }
      (std::make_index_sequence<carries>{});
    };
    using given = decltype(once(std::integral_constant<int, 0>{}));
    std::array<given, N> all;
    [&]<int... T>(std::integer_sequence<int, T...>) {
      ((all[back ? N - 1 - T : T] = once(std::integral_constant < int, back ? N - 1 - T : T > {})), ...);
    }
    (std::make_integer_sequence<int, N>{});
    if constexpr (LastOnly)
      return one_or_all(carried);
    else {
      given stacked;
      for (std::size_t k = 0; k < stacked.size(); ++k)
        stacked[k] = [&]<std::size_t... T>(std::index_sequence<T...>) { return tg::stack<0>(all[T][k]...); }
      (std::make_index_sequence<N>{});
      return one_or_all(stacked);
    }
  }
  template <class Tuple>
  static constexpr auto handles(const Tuple& tuple) {
    return std::apply([](const auto&... x) { return std::array<tg::handle, sizeof...(x)>{tg::handle(x)...}; },
                      tuple);
  }
  template <std::size_t K>
  static constexpr auto one_or_all(const std::array<tg::handle, K>& all) {
    if constexpr (K == 1)
      return all[0];
    else
      return all;
  }
};

/// Value, derivative along a direction, and gradient.
template <class Formula, class Theta, class Delta>
constexpr auto first_of(const Formula& f, const Theta& theta, const Delta& delta) {
  return tg::function(tg::inputs(theta, delta),
                      tg::outputs(f, tg::jvp(f, tg::along(theta = delta)), tg::gradient(f, theta)));
}
/// The product of the Hessian with a direction: reverse, then forward, and the other way round.
template <class Formula, class Theta, class Delta>
constexpr auto second_of(const Formula& f, const Theta& theta, const Delta& delta) {
  return tg::function(tg::inputs(theta, delta), tg::outputs(tg::hvp(f, tg::along(theta = delta))));
}
template <class Formula, class Theta, class Delta>
constexpr auto other_second_of(const Formula& f, const Theta& theta, const Delta& delta) {
  return tg::function(tg::inputs(theta, delta),
                      tg::outputs(tg::gradient(tg::jvp(f, tg::along(theta = delta)), theta)));
}
template <class Function>
std::vector<double> values_of(const Function& fn, std::size_t n) {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> number(-1, 1);
  std::vector<double> theta(n), delta(n), slopes(n);
  for (double& v : theta) v = number(random);
  for (double& v : delta) v = number(random);
  auto run = tg::bound<double>(fn);
  if constexpr (requires { run(theta, delta, slopes).begin(); })
    for (double v : run(theta, delta, slopes)) slopes.push_back(v);
  else
    run(theta, delta, slopes);
  return slopes;
}
template <class X, class Y>
void compare(const X& x, const Y& y, std::size_t n) {
  const std::vector<double> a = values_of(x, n), b = values_of(y, n);
  double size = 0;
  for (double v : b) size += std::abs(v);
  BOOST_TEST(size > 0.1);
  for (std::size_t k = 0; k < a.size(); ++k)
    BOOST_TEST(std::abs(a[k] - b[k]) <= 1e-12 * (1 + std::abs(b[k])),
               "number " << k << ": " << a[k] << " against " << b[k]);
}

constexpr auto h = tg::array<"h", 2, 3>;
constexpr auto w = tg::array<"w", 3, 3>;
constexpr auto b = tg::array<"b", 3>;
constexpr auto dh = tg::array<"dh", 2, 3>;
constexpr auto dw = tg::array<"dw", 3, 3>;
constexpr auto db = tg::array<"db", 3>;

/// A case is a function of arrays of these shapes. First derivatives are taken of three steps, second ones of
/// two.
template <class Case, int Steps = 3>
void check_first() {
  constexpr auto xs = tg::array<"xs", Steps, 2, 3>;
  constexpr auto dxs = tg::array<"dxs", Steps, 2, 3>;
  constexpr auto theta = tg::parameters(xs, h, w, b);
  constexpr auto delta = tg::parameters(dxs, dh, dw, db);
  constexpr auto by_loop = tg::trace(xs, h, w, b, [](auto... x) { return Case{}(looped<Steps>{}, x...); });
  constexpr auto by_steps = tg::trace(xs, h, w, b, [](auto... x) { return Case{}(unrolled<Steps>{}, x...); });
  compare(first_of(by_loop, theta, delta), first_of(by_steps, theta, delta), theta.size());
}
template <class Case>
void check() {
  check_first<Case>();
  constexpr auto xs = tg::array<"xs", 2, 2, 3>;
  constexpr auto dxs = tg::array<"dxs", 2, 2, 3>;
  constexpr auto theta = tg::parameters(xs, h, w, b);
  constexpr auto delta = tg::parameters(dxs, dh, dw, db);
  constexpr auto by_loop = tg::trace(xs, h, w, b, [](auto... x) { return Case{}(looped<2>{}, x...); });
  constexpr auto by_steps = tg::trace(xs, h, w, b, [](auto... x) { return Case{}(unrolled<2>{}, x...); });
  const auto expected = second_of(by_steps, theta, delta);
  compare(second_of(by_loop, theta, delta), expected, theta.size());
  compare(other_second_of(by_loop, theta, delta), expected, theta.size());
}

}  // namespace loops
