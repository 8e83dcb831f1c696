// SPDX-License-Identifier: BSL-1.0
// expect: to_c: the formula has arrays; C code is written for formulas of numbers.
#include <typegrad/array.hpp>

constexpr auto v = tg::array<"v", 3>;
constexpr auto a = tg::symbol<"a">;

void write() {
#ifdef MUST_FAIL
  constexpr auto text = tg::to_c(a * sum(v), "f");
#else
  constexpr auto text = tg::to_c(a * a, "f");
#endif
  static_cast<void>(text);
}
