// SPDX-License-Identifier: BSL-1.0
// expect: trace: the compiler cannot run the function: what it calls must be constexpr, as with g++'s -fimplicit-constexpr; or it goes on for too long.
// Existing code that the compiler may not run: a functor, and a template that a lambda calls.
#include <typegrad/typegrad.hpp>

#ifdef MUST_FAIL
#define MAYBE_CONSTEXPR
#else
#define MAYBE_CONSTEXPR constexpr
#endif

template <class T>
MAYBE_CONSTEXPR T bell(const T& r) {
  using std::exp;
  return exp(-r * r);
}
struct residual {
  template <class T>
  MAYBE_CONSTEXPR T operator()(const T& x, const T& y) const {
    return y - bell(x);
  }
};

constexpr auto f = tg::trace<"x", "y">(residual{});
constexpr auto g = tg::trace<"x">([](auto x) { return bell(x); });
