// SPDX-License-Identifier: BSL-1.0
// expect: primitive 'area' takes 2 operands, not 1.
// A user's primitive with the wrong number of operands.
#include <typegrad/typegrad.hpp>

struct area {
  static constexpr auto name = "area";
  template <class T>
  static constexpr T value(const T& width, const T& height) {
    return width * height;
  }
  static constexpr auto partials(auto width, auto height) { return tg::partials_of(height, width); }
};

constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;

#ifdef MUST_FAIL
auto f = tg::apply<area>(x);
#else
auto f = tg::apply<area>(x, y);
#endif
