// SPDX-License-Identifier: BSL-1.0
// What the examples assert with: expect(condition) names the line that failed, and status() is the program's
// exit status.
#pragma once

#include <cmath>
#include <cstdio>
#include <source_location>

namespace example {

inline int failures = 0;

inline void expect(bool holds, std::source_location place = std::source_location::current()) {
  if (holds) return;
  ++failures;
  std::printf("%s:%u: this does not hold\n", place.file_name(), static_cast<unsigned>(place.line()));
}

/// Whether two numbers agree to 12 digits, or absolutely to 1e-12 near zero.
inline bool near(double found, double expected) {
  return std::abs(found - expected) <= 1e-12 * std::fmax(1.0, std::abs(expected));
}

inline int status() { return failures == 0 ? 0 : 1; }

}  // namespace example
