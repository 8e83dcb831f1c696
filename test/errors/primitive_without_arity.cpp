// SPDX-License-Identifier: BSL-1.0
// expect: primitive 'total': say how many operands it has, by static constexpr int arity.
// A user's primitive whose value takes any number of operands: the compiler cannot guess how many its rule
// has.
#include <typegrad/typegrad.hpp>

struct total {
  static constexpr auto name = "total";
#ifndef MUST_FAIL
  static constexpr int arity = 2;
#endif
  template <class... T>
  static constexpr auto value(const T&... x) {
    return (x + ...);
  }
#ifdef MUST_FAIL
  static constexpr auto partials(auto... x) { return tg::partials_of((0 * x + 1)...); }
#else
  static constexpr auto partials(auto x, auto y) { return tg::partials_of(0 * x + 1, 0 * y + 1); }
#endif
};

constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;
auto f = tg::apply<total>(x, y);
