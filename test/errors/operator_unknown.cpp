// SPDX-License-Identifier: BSL-1.0
// expect: operator ^: this is no power in C++; write pow(x, 2_c).
// expect: operator %: a formula has no such operator; write fmod(x, y).
// expect: a formula is not changed in place, because what it computes is its type; write auto g = f + h, or trace a function with loops.
// expect: operator ==: it tells whether two formulas are the same; a condition is equal(x, 2.0), and a value for a symbol x = 2.0.
// expect: operator <: an operand of type 'std::nullptr_t' is neither a formula nor a number.
// expect: operator >=: an operand of type 'point' is neither a formula nor a number.
// Operators that formulas do not have, and comparisons with what is no number.
#include <typegrad/typegrad.hpp>

using namespace tg::literals;

constexpr auto x = tg::symbol<"x">;
constexpr auto y = tg::symbol<"y">;

struct point {
  double east, north;
};

#ifdef MUST_FAIL
auto power = [] { return x ^ 2; }();
auto remainder = [] { return x % y; }();
auto grown = [] {
  x += y;
  return x;
}();
auto same = [] { return x == 2.0; }();
auto less = [] { return x < nullptr; }();
auto not_less = [] { return x >= point{1, 2}; }();
#else
auto power = [] { return pow(x, 2_c) + fmod(x, y) + fabs(x); }();
static_assert(fabs(x) == abs(x) && x != y);
#endif
