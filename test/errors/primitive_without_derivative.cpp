// SPDX-License-Identifier: BSL-1.0
// expect: primitive 'magnetic' has no derivative: give it partials(x) or definition(x).
// A user's primitive with nothing but a value can be evaluated, and cannot be differentiated. (It must not
// count as a constant.)
#include <typegrad/typegrad.hpp>

struct magnetic {
  static constexpr auto name = "magnetic";
  template <class T>
  static constexpr T value(const T& x) {
    return x * x;
  }
};

constexpr auto x = tg::symbol<"x">;
auto f = tg::apply<magnetic>(x);
static_assert(f(x = 3.0) == 9);

#ifdef MUST_FAIL
auto derivative = tg::diff(f, x);
#else
auto derivative = tg::diff(2 * x, x);
#endif
