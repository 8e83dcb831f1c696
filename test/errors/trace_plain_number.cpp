// SPDX-License-Identifier: BSL-1.0
// expect: trace: a function of a plain number is not exact; apply it to a double, sqrt(2.0), or to a symbol.
// expect: trace: a formula with several numbers stands for a plain number, as in T k = 2 * tg::pi + 3; write its numbers as 2_c.
// expect: trace: a formula in it holds a number of type 'longer'; write the number as 2_c, or as a double.
// A number of the traced type that depends on no symbol: sin(3) is not exact, and there is no graph that it
// could go to. A formula that is not in the graph yet keeps one captured number at most.
#include <typegrad/typegrad.hpp>

using namespace tg::literals;

struct longer {  // a number that is no built-in one
  double value;
  constexpr longer(double number) : value{number} {}
  constexpr longer operator-() const { return -value; }
};

#ifdef MUST_FAIL
auto f = tg::trace<"x">([](auto x) {
  decltype(x) sum = 3;
  sum = sin(sin(sum));
  return sum * x;
});
auto g = tg::trace<"x">([](auto x) {
  decltype(x) factor = 2 * tg::pi + 3;
  return factor * x;
});
auto h = tg::trace<"x">([](auto x) { return longer(2.0) * tg::pi * x; });
#else
auto f = tg::trace<"x">([](auto x) {
  decltype(x) sum = 0;
  sum += sin(3 + 0 * x);
  return sum * x;
});
auto g = tg::trace<"x">([](auto x) {
  decltype(x) factor = 2_c * tg::pi + 3_c, turn = 2 * tg::pi;
  return factor * x + turn * x * (2 * tg::pi + 3);
});
auto h = tg::trace<"x">([](auto x) { return longer(2.0).value * tg::pi * x; });
#endif
