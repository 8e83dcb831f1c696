// SPDX-License-Identifier: BSL-1.0
// expect: function: argument 0 is given as add_to(...), but is no output that is an array.
// Only what a function writes can be added to.
#include <typegrad/array.hpp>
#include <vector>

constexpr auto x = tg::array<"x", tg::rows>;
constexpr auto fn = tg::function(tg::inputs(x), tg::outputs(tg::sum(x), x* x));

double call(std::vector<double>& in, std::vector<double>& out, std::vector<double>& space) {
#ifdef MUST_FAIL
  return fn(tg::add_to(in), out, space);
#else
  return fn(in, tg::add_to(out), space);
#endif
}
