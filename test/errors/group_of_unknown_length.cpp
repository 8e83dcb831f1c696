// SPDX-License-Identifier: BSL-1.0
// expect: function: an input that is a group of symbols takes an array of the group's size.
// A pointer does not tell how many numbers there are.
#include <array>
#include <typegrad/typegrad.hpp>

using namespace tg::literals;
constexpr auto p = tg::symbols<"p", 3>;
auto last = tg::function(tg::inputs(p), tg::outputs(p[2_c] * p[0_c]));

double evaluate([[maybe_unused]] const double* some, [[maybe_unused]] const std::array<double, 3>& three) {
#ifdef MUST_FAIL
  return last(some);
#else
  return last(three);
#endif
}
