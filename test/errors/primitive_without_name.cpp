// SPDX-License-Identifier: BSL-1.0
// expect: apply: the primitive 'cube' has no name: give it static constexpr auto name = "f".
// A user's primitive without a name.
#include <typegrad/typegrad.hpp>

struct cube {
#ifndef MUST_FAIL
  static constexpr auto name = "cube";
#endif
  template <class T>
  static constexpr T value(const T& x) {
    return x * x * x;
  }
  static constexpr auto partials(auto x) { return 3 * x * x; }
};

constexpr auto x = tg::symbol<"x">;
auto f = tg::apply<cube>(x);
