// SPDX-License-Identifier: BSL-1.0
// expect: an operand is neither a formula nor a number.
// A function of a formula and something that is no number; a type's own functions with formulas are not
// disturbed.
#include <string>
#include <typegrad/typegrad.hpp>

constexpr auto x = tg::symbol<"x">;

struct unit {
  double scale;
  template <class F>
  friend constexpr auto min(const unit& u, const F& f) {
    return u.scale * f;
  }
};

#ifdef MUST_FAIL
auto smaller = [] { return min(std::string{"a"}, x); }();
#else
auto smaller = [] { return min(1.0, x); }();
#endif
auto scaled = [] { return min(unit{2}, x); }();
