// SPDX-License-Identifier: BSL-1.0
// expect: to_c: 'z' has a value and does not occur in the formula; it has x, w.
// expect: to_c: 'x' cannot be a constant: it is an index, or has an extent that is known only in a call.
// expect: to_c: after the name stand constants, `w = values` or `theta = values`.
// expect: to_c: arrays in C are of float or double.
// Constants in the C of functions of arrays.
#include <typegrad/inspection.hpp>
#include <vector>

constexpr auto x = tg::array<"x", tg::rows, 3>;
constexpr auto w = tg::array<"w", 3>;
constexpr auto z = tg::array<"z", 3>;
constexpr auto fn = tg::function(tg::inputs(x, w), tg::outputs(matmul(x, w)));

std::string write(const std::vector<double>& numbers) {
#ifdef MUST_FAIL
  return tg::to_c(fn, "f", z = numbers) + tg::to_c(fn, "f", x = numbers) + tg::to_c(fn, "f", numbers) +
         tg::to_c<long double>(fn, "f");
#else
  return tg::to_c(fn, "f", w = numbers);
#endif
}
