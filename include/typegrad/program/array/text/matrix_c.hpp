// SPDX-License-Identifier: BSL-1.0
// Functions of single matrices in C, for small ones: plain loops with partial pivots.
#pragma once
#include "../../../support/compiler/begin.hpp"

#include <string_view>

namespace tg::detail {

/// As `eliminate` and `solve` of plain_solver.
inline constexpr std::string_view eliminate_in_c =
    "/* Makes a, n by n, upper triangular with partial pivots, and does the same to the rows of x, n by m;\n"
    "   returns the sign of the exchanges, or 0 where a is singular. */\n"
    "static int eliminate(long n, double* a, long m, double* x) {\n"
    "  int sign = 1;\n"
    "  for (long c = 0; c < n; ++c) {\n"
    "    long pivot = c;\n"
    "    for (long r = c + 1; r < n; ++r)\n"
    "      if (fabs(a[r * n + c]) > fabs(a[pivot * n + c])) pivot = r;\n"
    "    if (pivot != c) {\n"
    "      sign = -sign;\n"
    "      for (long k = c; k < n; ++k) {\n"
    "        const double other = a[c * n + k];\n"
    "        a[c * n + k] = a[pivot * n + k], a[pivot * n + k] = other;\n"
    "      }\n"
    "      for (long k = 0; k < m; ++k) {\n"
    "        const double other = x[c * m + k];\n"
    "        x[c * m + k] = x[pivot * m + k], x[pivot * m + k] = other;\n"
    "      }\n"
    "    }\n"
    "    if (a[c * n + c] == 0.0) return 0;\n"
    "    for (long r = c + 1; r < n; ++r) {\n"
    "      const double factor = a[r * n + c] / a[c * n + c];\n"
    "      for (long k = c + 1; k < n; ++k) a[r * n + k] -= factor * a[c * n + k];\n"
    "      for (long k = 0; k < m; ++k) x[r * m + k] -= factor * x[c * m + k];\n"
    "    }\n"
    "  }\n"
    "  return sign;\n"
    "}\n";
inline constexpr std::string_view solve_in_c =
    "/* x, n by m, becomes the solution of a times it = x; returns 0 where a is singular. */\n"
    "static int solve_system(long n, double* a, long m, double* x) {\n"
    "  if (eliminate(n, a, m, x) == 0) return 0;\n"
    "  for (long r = n - 1; r >= 0; --r)\n"
    "    for (long k = 0; k < m; ++k) {\n"
    "      for (long c = r + 1; c < n; ++c) x[r * m + k] -= a[r * n + c] * x[c * m + k];\n"
    "      x[r * m + k] /= a[r * n + r];\n"
    "    }\n"
    "  return 1;\n"
    "}\n";

}  // namespace tg::detail

#include "../../../support/compiler/end.hpp"
