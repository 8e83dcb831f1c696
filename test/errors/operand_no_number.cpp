// SPDX-License-Identifier: BSL-1.0
// expect: operator +: an operand of type '
// expect: operator *: an operand of type 'point' is neither a formula nor a number.
// expect: operator -: an operand of type 'point' is neither a formula nor a number.
// expect: operator /: an operand of type 'char
// expect: an operand is neither a formula nor a number.
// expect: operator *: an operand of type 'std
// Operators and a substitution with something that is no number. A type's own operators with formulas are not
// disturbed.
#include <string>
#include <typegrad/typegrad.hpp>
#include <valarray>

constexpr auto x = tg::symbol<"x">;

struct point {
  double east, north;
};
struct unit {
  double scale;
  template <class F>
  friend constexpr auto operator*(const unit& u, const F& f) {
    return u.scale * f;
  }
};

#ifdef MUST_FAIL
auto sum = [] { return x + nullptr; }();
auto vector = [] { return std::valarray<double>{1, 2} * x; }();
auto product = [] { return point{1, 2} * x; }();
auto difference = [] { return x - point{1, 2}; }();
auto quotient = [] { return "a" / x; }();
auto text = [] { return x + std::string{"a"}; }();
auto replaced = [] { return tg::substitute(x, x = std::string{"a"}); }();
#else
auto sum = [] { return x + 1; }();
auto product = [] { return unit{2} * x; }();
#endif
