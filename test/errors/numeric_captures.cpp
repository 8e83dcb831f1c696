// SPDX-License-Identifier: BSL-1.0
// expect: typegrad: numeric takes a callable without captures: a formula keeps its type only, not the object.
// A captured number would be lost without a word.
#include <typegrad/typegrad.hpp>
#include <typegrad/validate/numeric.hpp>

constexpr auto x = tg::symbol<"x">;

double scaled(double factor, double at) {
#ifdef MUST_FAIL
  const auto box = tg::numeric([factor](double t) { return factor * t; });
  return box(x)(x = at);
#else
  const auto box = tg::numeric([](double c, double t) { return c * t; });
  return box(factor, x)(x = at);
#endif
}
