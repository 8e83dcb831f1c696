// SPDX-License-Identifier: BSL-1.0
// expect: primitive 'area' gives 1 partial derivatives for 2 operands: return tg::partials_of(...) with one for each.
// A rule that forgets an operand. (Its derivative must not become zero.)
#include <typegrad/typegrad.hpp>

struct area {
  static constexpr auto name = "area";
  template <class T>
  static constexpr T value(const T& width, const T& height) {
    return width * height;
  }
#ifdef MUST_FAIL
  static constexpr auto partials(auto, auto height) { return height; }
#else
  static constexpr auto partials(auto width, auto height) { return tg::partials_of(height, width); }
#endif
};

constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;
static_assert(tg::diff(tg::apply<area>(x, y), x) == y);
