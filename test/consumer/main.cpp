// SPDX-License-Identifier: BSL-1.0
// The consumer's program: one formula, one derivative, one value that is known without the library.
#include <typegrad/typegrad.hpp>

int main() {
  constexpr auto x = tg::symbol<"x">;
  constexpr auto y = tg::symbol<"y">;
  constexpr auto slope = tg::diff(x * sin(y), y);  // x*cos(y)
  return slope(x = 2.0, y = 0.0) == 2.0 ? 0 : 1;
}
