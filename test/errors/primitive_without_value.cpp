// SPDX-License-Identifier: BSL-1.0
// expect: primitive 'hollow' has no value: give it value(x) or definition(x).
// A user's primitive without a value and without a definition.
#include <typegrad/typegrad.hpp>

struct hollow {
  static constexpr auto name = "hollow";
#ifndef MUST_FAIL
  template <class T>
  static constexpr T value(const T& x) {
    return x * x;
  }
#endif
  static constexpr auto partials(auto x) { return 2 * x; }
};

constexpr auto x = tg::symbol<"x">;
auto f = tg::apply<hollow>(x);
auto derivative = tg::diff(f, x);
