// SPDX-License-Identifier: BSL-1.0
// One case of a table of derivatives, as data: a compiled derivative and the points at which its value is
// known. check.cpp runs over all of them.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace truth {

struct test_case {
  std::string_view id;
  double (*derivative)(const double* at);
  const double* points;  // per point: `symbols` values, then the derivative's value
  int symbols;
  int point_count;
  double tolerance;  // relative
};

struct skipped_case {
  std::string_view id;
  std::string_view reason;
};

// Both are defined by the generated NAME_list.cpp.
std::vector<std::span<const test_case>> all_cases();
std::vector<skipped_case> all_skipped();

}  // namespace truth
