// SPDX-License-Identifier: BSL-1.0
// expect: describe: give a length for each run-time extent of the function: describe(fn, 64).
// expect: to_svg: an argument of type 'double' is no formula;
// Plans of unknown lengths, and pictures of what is no formula.
#include <typegrad/inspection.hpp>

constexpr auto x = tg::array<"x", tg::rows, 3>;
constexpr auto fn = tg::function(tg::inputs(x), tg::outputs(sum(x)));

#ifdef MUST_FAIL
const auto text = tg::describe(fn).text();
const auto picture = tg::to_svg(2.5);
#else
const auto text = tg::describe(fn, 5).text();
const auto picture = tg::to_svg(sum(x));
#endif
